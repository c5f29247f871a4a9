"""Mutants of the shapes: a constraint dropped or weakened.

A constraint or a target is dropped, a number moved by one, an alternative taken away; from the
query of a rule, a filter, an arm, an alternative or half of a condition.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

from pyshacl.shapes_graph import ShapesGraph
from rdflib import BNode, Graph, Literal, URIRef
from rdflib.namespace import RDF, RDFS, SH, SKOS
from rdflib.term import Node

from peelgraph.validation.shapes import Rule, Shapes
from peeltests.examples import SHAPES
from peeltests.shipped import name

#: what a shape says that constrains nothing
SILENT = {
    RDF.type,
    RDFS.isDefinedBy,
    SKOS.editorialNote,
    SH.message,
    SH.severity,
    SH.path,
    SH.flags,
}
TARGETS = {SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf, SH.targetNode}


def _named(argument: Node) -> str:
    return "its list" if isinstance(argument, BNode) else name(argument)


@dataclass(frozen=True)
class Mutant:
    """One shape or rule before and after it was made to say less."""

    aim: str
    how: str
    before: Shapes
    after: Shapes

    @property
    def file(self) -> str:
        """The name of the file that the shape stands in, without its ending."""
        return name_of_file(URIRef(self.aim))


def name_of_file(shape: URIRef) -> str:
    """Return the name of the file that a shape or a rule stands in, without its ending."""
    return str(SHAPES.graph.value(shape, RDFS.isDefinedBy)).rpartition("/")[2]


def all_mutants() -> Iterator[Mutant]:
    """Yield every mutant of every shape and of every rule."""
    yield from of_constraints()
    yield from of_rules()


def of_constraints() -> Iterator[Mutant]:
    """Yield the shapes with one constraint or target dropped or moved."""
    for aimed in SHAPES.core:
        parts = sorted(SHAPES.graph.objects(aimed.node, SH.property), key=str)
        speaks = parts or (aimed.node, SH.message, None) in SHAPES.graph
        for node in (aimed.node, *parts):
            for triple in sorted(SHAPES.graph.triples((node, None, None)), key=str):
                if triple[1] in SILENT or triple[1] == SH.sparql:
                    continue
                if speaks or triple[1] not in TARGETS:
                    yield from _weaker(aimed.node, triple)


def _weaker(aimed: Node, triple: tuple[Node, Node, Node]) -> Iterator[Mutant]:
    _, constraint, argument = triple
    yield _without(aimed, triple, (), f"without {name(constraint)} {_named(argument)}")
    if constraint in (SH.minCount, SH.minInclusive, SH.minLength, SH.maxCount):
        step = 1 if constraint == SH.maxCount else -1
        moved = (*triple[:2], Literal(int(str(argument)) + step))
        yield _without(aimed, triple, (moved,), f"{name(constraint)} moved by {step}")


def _without(
    aimed: Node,
    gone: tuple[Node, Node, Node],
    come: tuple[tuple[Node, Node, Node], ...],
    how: str,
) -> Mutant:
    graph = Graph()
    for triple in (*_closure(aimed), *come):
        if triple != gone:
            graph.add(triple)
    whole = tuple(each for each in ShapesGraph(graph).shapes if each.node == aimed)
    if not any((aimed, target, None) in graph for target in TARGETS):
        whole = ()
    before = tuple(each for each in SHAPES.core if each.node == aimed)
    return Mutant(
        str(aimed),
        f"{name(gone[0])} {how}",
        replace(SHAPES, core=before, rules=()),
        replace(SHAPES, core=whole, rules=(), graph=graph),
    )


@cache
def _closure(aimed: Node) -> tuple[tuple[Node, Node, Node], ...]:
    """Return what is said of a shape, of its parts, and of the nameless nodes that they use."""
    found: list[tuple[Node, Node, Node]] = []
    waiting = [aimed, *SHAPES.graph.objects(aimed, SH.property)]
    while waiting:
        for triple in SHAPES.graph.triples((waiting.pop(), None, None)):
            if triple[1] != SH.sparql:
                found.append(triple)
                waiting += [triple[2]] if isinstance(triple[2], BNode) else []
    return tuple(found)


def of_rules() -> Iterator[Mutant]:
    """Yield the rules with the query, or a part of it, taken away."""
    for rule in SHAPES.rules:
        before = replace(SHAPES, core=(), rules=(rule,))
        for how, other in _other_rules(rule):
            after = replace(SHAPES, core=(), rules=(other,) if other else ())
            yield Mutant(rule.iri, f"{name(rule.iri)} {how}", before, after)


def _other_rules(rule: Rule) -> Iterator[tuple[str, Rule | None]]:
    yield "without its query", None
    for how, text in _cut(rule.select):
        yield how, replace(rule, select=text)


def _cut(select: str) -> Iterator[tuple[str, str]]:
    """Yield the query with a filter, an arm, an alternative or an operand less."""
    for match in re.finditer(r"FILTER (?:NOT EXISTS|EXISTS )?\s*[({]", select):
        end = _closing(select, match.end() - 1)
        yield (
            f"without {_short(select[match.start() : end])}",
            (select[: match.start()] + select[end:]),
        )
    for match in re.finditer(r"(?<=[\s(])(?:[a-z]+:\w+)(?:\|[a-z]+:\w+)+", select):
        options = match.group().split("|")
        for option in options:
            kept = "|".join(each for each in options if each != option)
            yield f"without |{option}", select[: match.start()] + kept + select[match.end() :]
    for match in re.finditer(r"\n\s*UNION\s*\{", select):
        end = _closing(select, match.end() - 1)
        yield (
            f"without {_short(select[match.start() : end])}",
            (select[: match.start()] + select[end:]),
        )
    for match in re.finditer(r"(?<= )<(?= )", select):
        yield (
            f"turned at {_short(select[match.start() :])[:40]}",
            (f"{select[: match.start()]}>{select[match.end() :]}"),
        )


def _closing(text: str, start: int) -> int:
    """Return the place behind the bracket that closes the one at *start*."""
    level, position, quote = 0, start, ""
    while True:
        each = text[position]
        if quote:
            quote = "" if each == quote else quote
        elif each in "'\"":
            quote = each
        else:
            level += (each in "({") - (each in ")}")
        position += 1
        if not level:
            return position


def _short(text: str) -> str:
    return " ".join(text.split())[:150]
