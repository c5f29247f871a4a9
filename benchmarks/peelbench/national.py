"""The whole corpus: force by force, so that memory holds one force's matters at a time."""

import json
import random
import shutil
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path

from peelbench import country as countries
from peelbench.country import Country, Force
from peelbench.defects import Planted, Planter
from peelbench.page import Pair
from peelbench.people import CHIEF_INSPECTOR, INSPECTOR, offices, register
from peelbench.story import Story
from peelgraph.namespaces import PREFIXES
from peelgraph.resources import SHIPPED, Project

#: quads of a snapshot without any record (measured, as all that follows; see 0024)
BASE = 8_580
#: quads of a snapshot for each triple of a record, and what is derived for each of these besides
EACH = 3.21
DERIVED = {
    **{"CauseOfConcern": 28, "Recommendation": 28, "AreaForImprovement": 28},
    "Decision": 59,
}
#: quads of all that is told of one inspection, on average, and of one finding in it
ROUND, _FINDING = 5_000, 48
SMALLEST = 20_000

_PREFIXES = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in sorted(PREFIXES.items()))


@dataclass(frozen=True, slots=True)
class Report:
    """What was generated.

    :param triples: in the records and editorial files
    :param quads: of the snapshot that will be built of it, about
    """

    folder: Path
    seed: int
    forces: int
    records: int
    triples: int
    quads: int
    planted: tuple[Planted, ...]
    unplanted: tuple[str, ...]  #: defects for which the corpus is too small


def generate(
    folder: Path,
    quads: int,
    seed: int,
    *,
    defects: bool = False,
    progress: Callable[[str], None] = lambda message: None,
) -> Report:
    """Write a project of about so many *quads* into an empty or absent *folder*.

    The same numbers give the same bytes. The texts of the documents lie in ``sources/``, and what
    was planted in ``defects.json``.

    :param quads: of the snapshot that is built of it, 20 000 at least
    :raises ValueError: there are fewer, or the folder holds something
    """
    if quads < SMALLEST:
        raise ValueError(f"A corpus has {SMALLEST} quads at least.")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ValueError(f"{folder} is not an empty folder.")
    project = _laid_out(folder)
    planter = Planter(random.Random(f"{seed} defects")) if defects else None
    writer = _Writer(project, seed, planter)
    wanted = quads - BASE
    country = countries.read()
    forces = country.forces[: max(1, min(len(country.forces), wanted // (2 * ROUND)))]
    for place, force in enumerate(forces):
        share = (wanted - writer.quads) / (len(forces) - place)
        writer.force(country, force, place, share)
        progress(f"{place + 1} of {len(forces)} forces, {writer.triples} triples")
    writer.finish(forces)
    planted = tuple(planter.planted) if planter else ()
    if defects:
        text = json.dumps([asdict(each) for each in planted], indent=2) + "\n"
        (folder / "defects.json").write_text(text, encoding="utf-8")
    about = BASE + round(writer.quads)
    unplanted = planter.unplanted if planter else ()
    return Report(
        folder, seed, len(forces), writer.records, writer.triples, about, planted, unplanted
    )


class _Writer:
    """Writes the files of a project, and counts."""

    def __init__(self, project: Project, seed: int, planter: Planter | None) -> None:
        self.records = 0
        self.triples = 0
        self.quads = 0.0
        self._project = project
        self._seed = seed
        self._change = planter or _as_it_is
        self._sources = project.root / "sources"
        self._inspectorate: dict[str, str] = {}

    def force(self, country: Country, force: Force, place: int, share: float) -> None:
        """Tell of one force in about so many quads."""
        chance = random.Random(f"{self._seed} {force.slug}")
        story = Story(country, force, place, chance, self._change)
        rounds = max(1, round(share / ROUND))
        gap = (countries.LAST - countries.FIRST) / rounds
        end, number = self.quads + share, 0
        while (left := end - self.quads - EACH * story.editorial_triples) > _FINDING * 5:
            number += 1
            # what is left over after the last round that fits is told in a report of findings
            findings = round(left / _FINDING) - 5 if left < ROUND else None
            when = min((number - 1 + chance.random()) * gap, countries.LAST - countries.FIRST)
            day = countries.FIRST + timedelta(days=when.days)
            for page in story.round(number, day, findings and max(1, min(findings, 80))):
                page.save(self._project.records, self._sources)
                self._count(page.triples, page.counts)
                self.records += 1
        self._count(story.editorial_triples, {})
        _turtle(self._project.editorial, force.slug, f"{force.label} across documents",
                "editorial", story.editorial)  # fmt: skip
        shown = story.people
        self._inspectorate |= {
            name: label
            for name, label in shown.items()
            if name.startswith((f"person:{CHIEF_INSPECTOR.slug}", f"person:{INSPECTOR.slug}"))
        }
        own = sorted(shown.items() - self._inspectorate.items())
        blocks = [
            *(each.turtle for each in offices(force, 7 * place)),
            *(register(*each) for each in own),
        ]
        _turtle(self._project.register, f"offices-{force.slug}", f"Offices of {force.label}",
                "register", blocks)  # fmt: skip

    def _count(self, triples: int, things: Mapping[str, int]) -> None:
        self.triples += triples
        self.quads += EACH * triples
        self.quads += sum(DERIVED.get(kind, 0) * count for kind, count in things.items())

    def finish(self, forces: tuple[Force, ...]) -> None:
        """Write what several forces share."""
        shared = [CHIEF_INSPECTOR.turtle, INSPECTOR.turtle]
        shared += [register(*each) for each in sorted(self._inspectorate.items())]
        _turtle(self._project.register, "offices-inspectorate", "Offices of the inspectorate",
                "register", shared)  # fmt: skip


def _as_it_is(subject: str, kind: str, pairs: list[Pair]) -> list[Pair]:
    return pairs


def _laid_out(folder: Path) -> Project:
    """Make the folders of a project, with all that is not about what documents say."""
    project = Project(folder)
    shutil.copytree(SHIPPED.ontology, project.ontology)
    shutil.copytree(SHIPPED.shapes, project.shapes)
    shutil.copytree(SHIPPED.rules, project.rules)
    for made in (project.register, project.reference, project.editorial, project.records):
        made.mkdir(parents=True)
    (folder / "sources").mkdir()
    for name in ("bodies", "forces", "local-policing-bodies", "register"):
        shutil.copy(SHIPPED.register / f"{name}.ttl", project.register)
    for name in ("duties", "inspectorate", "reference"):
        shutil.copy(SHIPPED.reference / f"{name}.ttl", project.reference)
    return project


def _turtle(folder: Path, name: str, title: str, part: str, blocks: list[str]) -> None:
    header = (
        f"\n<https://w3id.org/peelgraph/graph/{part}/{name}> a dcat:Dataset ;\n"
        f'    dcterms:title "{title}"@en ;\n'
        '    dcterms:description "Made up for measurements; it tells of nobody."@en ;\n'
        "    dcterms:license <https://creativecommons.org/licenses/by/4.0/> ;\n"
        '    dcterms:created "2026-11-22"^^xsd:date ;\n'
        f"    dcterms:isPartOf graph:{part} .\n"
    )
    (folder / f"{name}.ttl").write_text("".join((_PREFIXES, header, *blocks)), encoding="utf-8")
