"""The shapes, read once: the core of SHACL for pySHACL, the rules in SPARQL for Oxigraph."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyoxigraph as ox
from pyshacl.errors import ReportableRuntimeError
from pyshacl.shapes_graph import ShapesGraph
from rdflib import Graph, URIRef
from rdflib.namespace import RDF, SH
from rdflib.term import Node

from peelgraph.validation.corpus import parse
from peelgraph.validation.strangers import CODE, may_run
from peelgraph.validation.terms import add

#: the shapes that check our own files, not the data
HOUSE_STYLE = "house-style.ttl"


class ShapeError(ValueError):
    """Shapes that cannot be used; says why."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A constraint in SPARQL, and the targets of its shape."""

    iri: str
    severity: str
    message: str
    select: str
    prefixes: tuple[tuple[str, str], ...]
    classes: tuple[str, ...]
    subjects_of: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shapes:
    """All shapes of a project, ready to be used again and again."""

    #: pySHACL's shapes that have targets of their own
    core: tuple[Any, ...]
    rules: tuple[Rule, ...]
    #: the address of each shape or rule that can speak
    speaking: frozenset[str]
    #: the shapes as they are written, for whoever wants to run pySHACL alone
    graph: Graph


def shape_files(*folders: Path) -> list[Path]:
    """Return the files of shapes in *folders*, save the house style."""
    return [
        path
        for folder in folders
        for path in sorted(folder.glob("*.ttl"))
        if path.name != HOUSE_STYLE
    ]


def load_shapes(*folders: Path) -> Shapes:
    """Read the shapes of *folders*, save the house style.

    :raises UnreadableFileError: a file cannot be opened or is not Turtle
    :raises ShapeError: a shape is not as SHACL wants it
    """
    return compiled(triple for path in shape_files(*folders) for triple in parse(path))


def compiled(triples: Iterable[ox.Triple]) -> Shapes:
    """Return the shapes that *triples* state, ready to be used.

    What would have pySHACL run code or queries is left out, as are rules that reach out of the
    graph (:mod:`peelgraph.validation.strangers` names them).

    :raises ShapeError: a shape is not as SHACL wants it
    """
    graph = Graph()
    add(graph, triples)
    core = Graph()
    for triple in graph:
        if triple[1] not in CODE:
            core.add(triple)
    targets = (SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf, SH.targetNode)
    aimed = {subject for target in targets for subject in core.subjects(target)}
    try:
        ready = [each for each in ShapesGraph(core).shapes if each.node in aimed]
    except (ReportableRuntimeError, ValueError, TypeError, AssertionError) as error:
        said = " ".join(str(error).split())
        raise ShapeError(f"A shape is not as SHACL wants it: {said}") from None
    return Shapes(
        core=tuple(sorted(ready, key=lambda each: str(each.node))),
        rules=tuple(sorted(_rules(graph), key=lambda rule: rule.iri)),
        speaking=frozenset(_speaking(graph)),
        graph=graph,
    )


def _rules(graph: Graph) -> Iterable[Rule]:
    for shape, constraint in graph.subject_objects(SH.sparql):
        select = str(graph.value(constraint, SH.select))
        if not isinstance(constraint, URIRef) or not may_run(select):
            continue
        yield Rule(
            iri=str(constraint),
            severity=severity_name(graph.value(shape, SH.severity) or SH.Violation),
            message=str(graph.value(constraint, SH.message)),
            select=select,
            prefixes=tuple(sorted(_prefixes(graph, constraint))),
            classes=tuple(sorted(map(str, graph.objects(shape, SH.targetClass)))),
            subjects_of=tuple(sorted(map(str, graph.objects(shape, SH.targetSubjectsOf)))),
        )


def _prefixes(graph: Graph, constraint: Node) -> Iterable[tuple[str, str]]:
    for header in graph.objects(constraint, SH.prefixes):
        for declared in graph.objects(header, SH.declare):
            prefix = graph.value(declared, SH.prefix)
            yield str(prefix), str(graph.value(declared, SH.namespace))


def _speaking(graph: Graph) -> Iterable[str]:
    yield from map(str, graph.subjects(RDF.type, SH.PropertyShape))
    yield from map(str, graph.objects(None, SH.sparql))
    for shape in graph.subjects(RDF.type, SH.NodeShape):
        if (shape, SH.message, None) in graph:
            yield str(shape)


def severity_name(severity: Node) -> str:
    """Return ``violation``, ``warning`` or ``info``."""
    return str(severity).rpartition("#")[2].lower()
