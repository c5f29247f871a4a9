"""Validate the files of a project, and say for each finding where it stands."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
from rdflib import BNode, URIRef
from rdflib.namespace import SH
from rdflib.term import Node

from peelgraph.namespaces import PEELSH
from peelgraph.reading import Progress
from peelgraph.resources import Project
from peelgraph.sparqlwords import is_volatile
from peelgraph.validation import answers, state, strangers, vocabulary
from peelgraph.validation.asked import Asked, Digests
from peelgraph.validation.corpus import UnreadableFileError, read_all
from peelgraph.validation.finding import Examination, Finding
from peelgraph.validation.merged import Merged
from peelgraph.validation.placing import placed
from peelgraph.validation.running import UNPLAIN, UNRUNNABLE, Outcome, run, tasks
from peelgraph.validation.shapes import ShapeError, Shapes, compiled

_PARTS = (SH.property, SH.node, SH.qualifiedValueShape)


def validate(project: Project, files: Iterable[Path] | None = None) -> list[Finding]:
    """Return what is wrong with *project*, worst first.

    :param files: the files to report on, with the project as their context; all, if not given
    :raises UnreadableFileError: a file cannot be opened or is not Turtle
    """
    examination = examine(project, files)
    if examination.unreadable:
        raise UnreadableFileError(examination.unreadable)
    return list(examination.findings)


def examine(
    project: Project,
    files: Iterable[Path] | None = None,
    progress: Progress | None = None,
    *,
    remember: bool = True,
) -> Examination:
    """Validate all files that can be read; that another cannot be is a finding.

    :param files: the files to report on, with the project as their context; all, if not given
    :param progress: is told what is being done
    :param remember: use what was found before, and keep what is found now
    """
    asked = Asked.of(project, files)
    tell = progress or _silent
    digests = asked.digests(tell) if remember else None
    if digests is not None and (answer := answers.read(digests.answer)) is not None:
        return answer
    return _Validation(project, asked, digests, tell).examination()


class _Validation:
    """One validation, that nobody has done yet."""

    def __init__(
        self, project: Project, asked: Asked, digests: Digests | None, tell: Progress
    ) -> None:
        self._asked, self._digests, self._tell = asked, digests, tell
        tell("reading the shapes")
        self._written, wrong = read_all(asked.shapes)
        try:
            self._shapes = compiled(each for source in self._written for each in source.triples)
        except ShapeError as error:
            self._shapes = compiled(())
            wrong.append(_of_shapes(str(error)))
        if any(is_volatile(rule.select) for rule in self._shapes.rules):
            self._digests = None
        self._own = [*wrong, *strangers.wrong(self._shapes.graph), *strangers.wrong_rules(project)]
        vocabularies, _ = read_all([each for each in asked.files if each.defines])
        self._declared = {iri for source in vocabularies for iri in source.subjects()}

    def examination(self) -> Examination:
        """Return what is found."""
        checked = self._advanced() or self._begun()
        found = [*self._own, *(_named(each, self._shapes) for each in self._about(checked.found))]
        spoken = {each.name for each in found}
        found += (each for each in checked.unknown if not _is_told(each, found, spoken))
        self._tell("looking up the places")
        named = (vocabulary.with_nearest(each, self._declared) for each in found)
        findings = placed(named, [*checked.sources, *self._written])
        examination = Examination(
            findings=tuple(sorted(set(findings), key=lambda finding: finding.order)),
            paths=checked.paths,
            triples=checked.triples,
            owners={
                str(rule): str(shape)
                for shape, rule in self._shapes.graph.subject_objects(SH.sparql)
            },
        )
        passing = (UNRUNNABLE, f"{PEELSH}FileShape-readable")
        if self._digests and not any(each.shape in passing for each in examination.findings):
            answers.write(self._digests.answer, examination)
        return examination

    def _advanced(self) -> state.Checked | None:
        """Return what is found by looking again only at what has changed since another run."""
        if self._digests is None:
            return None
        near = state.nearest(self._digests.state, self._digests.files)
        if near is None:
            return None
        self._tell("checking what has changed")
        return state.advance(
            near,
            self._digests.state,
            self._asked.files,
            self._digests.files,
            self._shapes,
            self._declared,
            trusted=self._asked.trusted,
            keep=self._asked.everything,
        )

    def _begun(self) -> state.Checked:
        """Return what is found by looking at everything."""
        sources, wrong = read_all(self._asked.files, self._tell)
        if self._digests is not None and not self._digests.are_of(sources):
            self._digests = None
        self._tell("checking")
        merged = Merged(triple for source in sources for triple in source.triples)
        waiting = tasks(self._shapes)
        outcomes: list[Outcome] = []
        for each in run(merged, waiting, trusted=self._asked.trusted):
            outcomes.append(each)
            self._tell("checking", len(outcomes), len(waiting))
        terms = {
            source.name: tuple(vocabulary.unknown([source], self._declared))
            for source in sources
            if source.reported
        }
        lasting = not (wrong or merged.rewritten or any(each.failure for each in outcomes))
        if self._digests is not None and self._asked.everything and lasting:
            self._tell("keeping what was found")
            found = {each.task.name: each.findings for each in outcomes}
            state.begin(self._digests.state, sources, merged, found, terms)
        self._own += wrong
        reported = [source for source in sources if source.reported]
        return state.Checked(
            found=tuple(each for outcome in outcomes for each in outcome.told),
            unknown=tuple(each for found in terms.values() for each in found),
            sources=tuple(sources),
            paths=tuple(source.path for source in reported),
            triples=sum(len(source.triples) for source in reported),
        )

    def _about(self, found: Iterable[Finding]) -> Iterator[Finding]:
        """Yield what concerns the files to report on.

        A rule may find fault with a thing of the context because of what one of them says.
        """
        if self._asked.everything:
            yield from found
            return
        reported, _ = read_all([each for each in self._asked.files if each.reported])
        described = {iri for source in reported for iri in source.subjects()}
        touched = {iri for source in reported for iri in source.mentioned()}
        rules = {rule.iri for rule in self._shapes.rules}
        for each in found:
            if (
                each.focus in described
                or each.focus in self._shapes.speaking
                or each.shape in (UNRUNNABLE, UNPLAIN)
                or (each.shape in rules and (each.focus in touched or each.value in described))
            ):
                yield each


def _silent(message: str, done: int = 0, total: int = 0) -> None:
    """Take no note of progress."""


def find(triples: Iterable[ox.Triple], shapes: Shapes, *, trusted: bool = True) -> set[Finding]:
    """Return what *shapes* find wrong in the merge of *triples*.

    :param trusted: the shapes are the shipped ones
    """
    merged = Merged(triples)
    outcomes = run(merged, tasks(shapes), trusted=trusted)
    return {each for outcome in outcomes for each in outcome.told}


def _named(finding: Finding, shapes: Shapes) -> Finding:
    """Let the shape that has a name speak for one in it that has none."""
    shape: Node | None = URIRef(finding.shape) if ":" in finding.shape else BNode(finding.shape)
    while isinstance(shape, BNode):
        shape = next(
            (owner for link in _PARTS for owner in shapes.graph.subjects(link, shape)), None
        )
    return finding if shape is None else replace(finding, shape=str(shape))


def _of_shapes(message: str) -> Finding:
    return Finding("violation", PEELSH + "RuleShape-plain", PEELSH.rstrip("#"), message=message)


def _is_told(finding: Finding, found: list[Finding], spoken: set[str]) -> bool:
    """Whether a shape has said already that a term does not exist."""
    if not spoken & {"VocabularyShape-class", "VocabularyShape-property"}:
        return False
    return any(
        each.focus == finding.focus
        and finding.value
        == {"VocabularyShape-class": each.value, "VocabularyShape-property": each.path}.get(
            each.name
        )
        for each in found
    )
