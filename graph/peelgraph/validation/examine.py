"""Validate the files of a project, and say for each finding where it stands."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import pyoxigraph as ox
from rdflib import BNode, URIRef
from rdflib.namespace import SH
from rdflib.term import Node

from peelgraph.namespaces import GRAPH, PEELSH
from peelgraph.reading import source_files
from peelgraph.resources import SHIPPED, Project
from peelgraph.validation import core, strangers, vocabulary
from peelgraph.validation.corpus import Source, UnreadableFileError, read_all, read_sources
from peelgraph.validation.finding import Finding
from peelgraph.validation.merged import Merged
from peelgraph.validation.placing import placed
from peelgraph.validation.running import Running
from peelgraph.validation.shapes import ShapeError, Shapes, compiled, shape_files

Progress = Callable[[str], None]

_PARTS = (SH.property, SH.node, SH.qualifiedValueShape)


@dataclass(frozen=True, slots=True)
class Examination:
    """What a validation found, worst first, and how much it looked at."""

    findings: tuple[Finding, ...]
    paths: tuple[Path, ...]
    triples: int
    #: the shape that each constraint in SPARQL belongs to
    owners: dict[str, str]

    @property
    def files(self) -> int:
        """How many files could be read."""
        return len(self.paths)

    @property
    def unreadable(self) -> tuple[Finding, ...]:
        """The findings about files of which nothing else could be checked."""
        return tuple(each for each in self.findings if each.name.startswith("FileShape-"))


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
    project: Project, files: Iterable[Path] | None = None, progress: Progress | None = None
) -> Examination:
    """Validate all files that can be read; that another cannot be is a finding.

    :param files: the files to report on, with the project as their context; all, if not given
    :param progress: is told what is being done
    """
    tell = progress or (lambda _: None)
    tell("reading the files")
    sources, found = read_sources(project, files)
    reported = [source for source in sources if source.reported]
    tell("reading the shapes")
    folders = [layer.shapes for layer in project.layers]
    written, wrong = read_all((path, True) for path in shape_files(*folders))
    found += wrong
    try:
        shapes = compiled(triple for source in written for triple in source.triples)
    except ShapeError as error:
        shapes = compiled(())
        found.append(_of_shapes(str(error)))
    found += [*strangers.wrong(shapes.graph), *strangers.wrong_rules(project)]
    tell("checking")
    described = {iri for source in reported for iri in source.subjects()}
    touched = {iri for source in reported for iri in source.mentioned()}
    everything = [triple for source in sources for triple in source.triples]
    about = None if files is None else (described, touched)
    trusted = project.layers == (SHIPPED,)
    found += (_named(each, shapes) for each in find(everything, shapes, about, trusted=trusted))
    declared = _declared(project, sources)
    spoken = {each.name for each in found}
    found += (
        each for each in vocabulary.unknown(reported, declared) if not _is_told(each, found, spoken)
    )
    tell("looking up the places")
    named = (vocabulary.with_nearest(each, declared) for each in found)
    findings = placed(named, [*sources, *written])
    return Examination(
        findings=tuple(sorted(set(findings), key=lambda finding: finding.order)),
        paths=tuple(source.path for source in reported),
        triples=sum(len(source.triples) for source in reported),
        owners={str(rule): str(shape) for shape, rule in shapes.graph.subject_objects(SH.sparql)},
    )


def find(
    triples: Iterable[ox.Triple],
    shapes: Shapes,
    about: tuple[set[str], set[str]] | None = None,
    *,
    trusted: bool = True,
) -> set[Finding]:
    """Return what *shapes* find wrong in the merge of *triples*.

    :param about: what the files to report on describe, and what they describe or point at: a rule
        may find fault with a thing of the context because of what a file says
    :param trusted: the shapes are the shipped ones
    """
    merged = Merged(triples)
    running = Running(merged.store, shapes, trusted=trusted)
    found = _core(merged, shapes, None if about is None else about[0])
    for finding in running.findings():
        if (
            about is None
            or finding.focus in about[1]
            or finding.value in about[0]
            or finding.focus in shapes.speaking
        ):
            found.add(finding)
    return found


def _core(merged: Merged, shapes: Shapes, only: set[str] | None) -> set[Finding]:
    """Return what the core shapes find; one that pySHACL cannot run is a finding of its own."""
    try:
        return set(core.find(merged, shapes, only))
    except Exception:  # pySHACL fails in many ways on a shape that is none
        found: set[Finding] = set()
    for shape in shapes.core:
        try:
            found |= set(core.find(merged, replace(shapes, core=(shape,)), only))
        except Exception as error:
            message = f"The shape is not as SHACL wants it: {' '.join(str(error).split())}"
            found.add(replace(_of_shapes(message), focus=str(shape.node)))
    return found


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


def _declared(project: Project, sources: Iterable[Source]) -> set[str]:
    """Return the addresses of what the vocabulary of *project* describes."""
    vocabulary_files = {
        each.path
        for each in source_files(project)
        if each.graph in (GRAPH + "ontology", GRAPH + "schemes")
    }
    return {
        iri for source in sources if source.path in vocabulary_files for iri in source.subjects()
    }


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
