"""Mutants of the shipped graph, each forbidden by one constraint of the core.

A value dropped, doubled, retargeted, retyped, retagged, a thing renamed: what a constraint forbids
is read off the constraint.
"""

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

import pyoxigraph as ox
from rdflib import Graph, URIRef
from rdflib.namespace import RDF, SH
from rdflib.term import Node

from peelgraph.namespaces import PEEL, XSD
from peelgraph.validation.paths import Path
from peeltests.examples import SHAPES
from peeltests.shipped import NOWHERE, TYPE, Mutant, Shipped, name

#: how many things each constraint is broken at
SITES = 2


def constraints(world: Shipped) -> Iterator[Mutant]:
    """Yield the mutants of the constraints of the core."""
    graph = SHAPES.graph
    for aimed in SHAPES.core:
        shape = aimed.node
        focus = world.focus(shape)
        for constraint, argument in sorted(graph.predicate_objects(shape), key=str):
            yield from islice(_of_nodes(world, shape, constraint, argument, focus), 2 * SITES)
        for part in sorted(graph.objects(shape, SH.property), key=str):
            for constraint, argument in sorted(graph.predicate_objects(part), key=str):
                yield from _of_values(world, part, constraint, argument, focus)


def _of_nodes(
    world: Shipped, shape: Node, constraint: Node, argument: Node, focus: list[Any]
) -> Iterator[Mutant]:
    for node in [each for each in focus if isinstance(each, ox.NamedNode)]:
        said = frozenset(world.triples(node))
        if constraint == SH.pattern:
            bad: Any = ox.NamedNode(re.sub(r"[^/]*$", "Upper--Case", node.value))
        elif constraint == SH.nodeKind:
            bad = ox.BlankNode("nameless")
        elif constraint == SH["or"]:
            types = frozenset(world.triples(node, TYPE))
            aim = ox.NamedNode(str(SHAPES.graph.value(shape, SH.targetClass)))
            only = frozenset({ox.Triple(node, TYPE, aim)})
            yield Mutant(name(shape), f"retyped {node.value}", types, only)
            continue
        else:
            return
        moved = frozenset(ox.Triple(bad, each.predicate, each.object) for each in said)
        yield Mutant(name(shape), f"{name(constraint)} of {node.value}", said, moved)


def _of_values(
    world: Shipped, part: Node, constraint: Node, argument: Node, focus: list[Any]
) -> Iterator[Mutant]:
    graph = SHAPES.graph
    start = graph.value(part, SH.path)
    if constraint in (RDF.type, SH.path, SH.severity, SH.message) or str(constraint).startswith(
        "http://www.w3.org/2000/01/rdf-schema#"
    ):
        return
    path = Path.read(graph, start)
    sites = list(islice(_sites(world, graph, start, focus), SITES))
    if constraint == SH.minCount:
        for node, _, _ in sites or [(each, None, None) for each in focus[:SITES]]:
            gone = frozenset(_statements(world, graph, start, node))
            if gone:
                yield Mutant(name(part), f"no {path.text} of {node}", gone)
        return
    if not sites and path.length == 1 and path.forward:
        sites = [(node, node, ox.NamedNode(min(path.forward))) for node in focus[:SITES]]
    for _, holder, predicate in sites:
        old = world.triples(holder, predicate)
        values = [each.object for each in old]
        for how, value, beside in _bad(graph, part, constraint, argument, values, predicate, world):
            gone = frozenset() if beside else frozenset(old[:1])
            come = frozenset({ox.Triple(holder, predicate, value)})
            yield Mutant(name(part), f"{how} {predicate.value} of {holder}", gone, come)


def _sites(
    world: Shipped, graph: Graph, start: Node | None, focus: list[Any]
) -> Iterator[tuple[Any, Any, Any]]:
    """Yield focus, holder and property of values at the end of a path."""
    for node in focus:
        for triple in _statements(world, graph, start, node, last=True):
            yield node, triple.subject, triple.predicate
            break


def _statements(
    world: Shipped, graph: Graph, start: Node | None, node: Any, last: bool = False
) -> list[ox.Triple]:
    """Return the statements that a path follows from *node*; of a sequence, those of the end."""
    if isinstance(start, URIRef):
        return world.triples(node, ox.NamedNode(str(start)))
    if start is not None and (start, RDF.first, None) in graph:
        first, second = graph.items(start)
        return [
            triple
            for step in _statements(world, graph, first, node)
            for triple in _statements(world, graph, second, step.object)
        ]
    if (inverse := graph.value(start, SH.inversePath)) is not None:
        return [] if last else world.triples(None, ox.NamedNode(str(inverse)), node)
    options = graph.value(start, SH.alternativePath)
    assert options is not None
    return [each for part in graph.items(options) for each in _statements(world, graph, part, node)]


def _bad(
    graph: Graph,
    part: Node,
    constraint: Node,
    argument: Node,
    values: list[Any],
    predicate: Any,
    world: Shipped,
) -> Iterator[tuple[str, Any, bool]]:
    """Yield what was done, a value that the constraint forbids, and whether it joins the others."""
    literal = ox.Literal("not this")
    old = values[0] if values else literal
    if constraint == SH["class"]:
        yield from (("retargeted", NOWHERE, False), ("a string as", literal, False))
        yield "retargeted to a property", ox.NamedNode(f"{PEEL}date"), False
    elif constraint == SH.nodeKind:
        yield "a string as", literal, False
        yield "a nameless", ox.BlankNode("nameless"), False
    elif constraint == SH.datatype:
        yield "retargeted", NOWHERE, False
        yield "retyped", ox.Literal("7", datatype=ox.NamedNode(f"{XSD}anyURI")), False
        if str(argument).startswith(XSD) and str(argument) != f"{XSD}string":
            yield "garbled", ox.Literal("?", datatype=ox.NamedNode(str(argument))), False
    elif constraint == SH["or"]:
        yield "retyped", ox.Literal("7", datatype=ox.NamedNode(f"{XSD}anyURI")), False
        yield "retargeted", NOWHERE, False
    elif constraint == SH.pattern:
        if not re.search(str(argument), elsewhere := "urn:elsewhere"):
            yield "retargeted", ox.NamedNode(elsewhere), False
        yield "garbled", ox.Literal("§"), False
    elif constraint == SH.languageIn:
        yield "retagged", ox.Literal("autrement", language="fr"), False
        yield "untagged", literal, False
    elif constraint == SH.uniqueLang:
        for number in range(2):
            again = ox.Literal(f"another {number}", language="en")
            if any(getattr(each, "language", None) == "en" for each in values):
                yield "a second", again, True
    elif constraint == SH.minLength:
        yield "emptied", ox.Literal("", language=getattr(old, "language", None)), False
    elif constraint == SH.minInclusive:
        less = ox.Literal(str(int(str(argument)) - 1), datatype=ox.NamedNode(f"{XSD}integer"))
        yield "lessened", less, False
    elif constraint == SH.maxCount:
        if values or int(str(argument)) == 0:
            yield "doubled", _another(old, predicate, world), True
    else:
        raise AssertionError(f"no mutants are known for {constraint} of {part}")


def _another(old: Any, predicate: Any, world: Shipped) -> Any:
    for triple in world.triples(None, predicate):
        if triple.object != old:
            return triple.object
    return ox.Literal("another") if isinstance(old, ox.Literal) else NOWHERE
