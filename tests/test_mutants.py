"""Mutants of the shipped graph: whatever is broken, the shape that is meant to see it speaks.

For each constraint of each shape the mutants that it forbids are made from what the shipped files
say: a value dropped, doubled, retargeted, retyped, retagged, a thing renamed. For the rules, whose
queries do not say what they forbid, statements that the query reads are dropped, exchanged, moved
to another day or given to another thing until the rule speaks. Each mutant is one change, made in
place and taken back.
"""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from itertools import islice
from random import Random
from typing import Any

import pyoxigraph as ox
import pytest
from pyshacl.pytypes import SHACLExecutor
from pyshacl.shapes_graph import ShapesGraph
from rdflib import Graph, URIRef
from rdflib.namespace import RDF, SH
from rdflib.plugins.sparql import prepareQuery
from rdflib.query import Result
from rdflib.term import Node

from peelgraph.namespaces import EDTF, ID, PEEL, PREFIXES, XSD, expand
from peelgraph.resources import SHIPPED
from peelgraph.validation import core, rules
from peelgraph.validation.corpus import parse, read_sources
from peelgraph.validation.merged import Merged
from peelgraph.validation.paths import Path
from peelgraph.validation.shapes import Rule, load_shapes
from peelgraph.validation.suspects import suspicion
from peelgraph.validation.targets import targets
from peelgraph.validation.terms import add, as_text, to_rdflib

SHAPES = load_shapes(SHIPPED.shapes)
TRIPLES = [triple for source in read_sources(SHIPPED, None)[0] for triple in source.triples]
NOWHERE = ox.NamedNode(f"{ID}nothing/undeclared")
#: examples of what no shipped file states
BORROWED = [
    triple
    for file in ("context.ttl", "PhasePeriodShape-phase/conforms.ttl")
    for triple in parse(SHIPPED.shapes / "examples" / file)
]
MERGE = ox.DefaultGraph()
TYPE = ox.NamedNode(str(RDF.type))
#: how many things each constraint is broken at
SITES = 2

Triples = frozenset[ox.Triple]


@dataclass(frozen=True)
class Mutant:
    """One change of the graph, and the shape that must see it."""

    shape: str
    how: str
    gone: Triples = frozenset()
    come: Triples = frozenset()


class World:
    """The shipped graph, as Oxigraph and as pySHACL see it, and one mutant of it at a time."""

    def __init__(self) -> None:
        self.merged = Merged([*TRIPLES, *BORROWED])
        self.store = self.merged.store
        self.known = self.merged.classes()
        self.graph = ParsedOnce()
        add(self.graph, (*TRIPLES, *BORROWED))

    @contextmanager
    def mutated(self, mutant: Mutant) -> Iterator[None]:
        gone = [each for each in mutant.gone if ox.Quad(*each) in self.store]
        come = [each for each in mutant.come if ox.Quad(*each) not in self.store]
        for each in gone:
            self._remove(each)
        for each in come:
            self._add(each)
        try:
            yield
        finally:
            for each in come:
                self._remove(each)
            for each in gone:
                self._add(each)

    def _add(self, triple: ox.Triple) -> None:
        self.store.add(ox.Quad(*triple))
        self.graph.add(as_nodes(triple))

    def _remove(self, triple: ox.Triple) -> None:
        self.store.remove(ox.Quad(*triple))
        self.graph.remove(as_nodes(triple))

    def triples(self, s: Any = None, p: Any = None, o: Any = None) -> list[ox.Triple]:
        found = (quad.triple for quad in self.store.quads_for_pattern(s, p, o, MERGE))
        return sorted(found, key=str)

    def focus(self, shape: Node) -> list[Any]:
        told = suspicion(SHAPES.graph, shape, self.known)
        assert told is not None
        return sorted(self.merged.select(told.targets), key=str)


def as_nodes(triple: ox.Triple) -> tuple[Node, Node, Node]:
    subject, predicate, value = map(to_rdflib, triple)
    return subject, predicate, value


@pytest.fixture(scope="module")
def world() -> World:
    return World()


def name(iri: object) -> str:
    return str(iri).rpartition("#")[2]


def constraints(world: World) -> Iterator[Mutant]:
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
    world: World, shape: Node, constraint: Node, argument: Node, focus: list[Any]
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
    world: World, part: Node, constraint: Node, argument: Node, focus: list[Any]
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
    world: World, graph: Graph, start: Node | None, focus: list[Any]
) -> Iterator[tuple[Any, Any, Any]]:
    """Yield focus, holder and property of values at the end of a path."""
    for node in focus:
        for triple in _statements(world, graph, start, node, last=True):
            yield node, triple.subject, triple.predicate
            break


def _statements(
    world: World, graph: Graph, start: Node | None, node: Any, last: bool = False
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
    world: World,
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


def _another(old: Any, predicate: Any, world: World) -> Any:
    for triple in world.triples(None, predicate):
        if triple.object != old:
            return triple.object
    return ox.Literal("another") if isinstance(old, ox.Literal) else NOWHERE


NAME = re.compile(r"(?<![\w?$<])([a-z0-9]+):([A-Za-z][\w-]*)")
DAYS = (
    "1990-01-01",
    "2035-01-01",
    "2024-02-30",
    "2024-09-01/2023-01-01",
    "[2014-01-01..2030-01-01]",
)


def of_rule(world: World, rule: Rule) -> Iterator[Mutant]:
    """Yield mutants of what the query of a rule reads, around the things that it looks at."""
    prefixes = dict(rule.prefixes)
    named = {ox.NamedNode(prefixes[p] + n) for p, n in NAME.findall(rule.select) if p in prefixes}
    used = {triple.predicate for triple in world.triples() if triple.predicate in named}
    used |= {TYPE} | {each for each in named if re.match(r"[a-z]", name(each.value))}
    target = targets(rule.classes, rule.subjects_of, world.known)
    query = f"SELECT DISTINCT ?this WHERE {{ {target} }}"
    for focus in sorted(world.merged.select(query), key=str)[:: max(1, rule_step(world, query))]:
        near = {focus}
        near |= {
            each.object
            for each in world.triples(focus)
            if each.predicate in used and not isinstance(each.object, ox.Literal)
        }
        near |= {each.subject for p in used for each in world.triples(None, p, focus)[:3]}
        for node in sorted(near, key=lambda each: (each != focus, str(each)))[:12]:
            yield from _around_node(world, rule, node, used, named)


def rule_step(world: World, query: str) -> int:
    return len(list(world.merged.select(query))) // 6


def _around_node(
    world: World, rule: Rule, node: Any, used: set[Any], named: set[Any]
) -> Iterator[Mutant]:
    for predicate in sorted(used, key=str):
        old = world.triples(node, predicate)
        others = _others(world, predicate, named)
        for triple in old[:3]:
            gone = frozenset({triple})
            yield Mutant(name(rule.iri), f"dropped {predicate} of {node}", gone)
            for value in others:
                come = frozenset({ox.Triple(node, predicate, value)})
                yield Mutant(name(rule.iri), f"{predicate} of {node} is {value}", gone, come)
        if old:
            yield Mutant(name(rule.iri), f"no {predicate} of {node}", frozenset(old))
        for value in others:
            come = frozenset({ox.Triple(node, predicate, value)})
            yield Mutant(name(rule.iri), f"{predicate} of {node} also {value}", come=come)


OTHERS: dict[Any, list[Any]] = {}


def _others(world: World, predicate: Any, named: set[Any]) -> list[Any]:
    """Return values to give a property: some of its own, days for dates, and wrong ones."""
    if predicate == TYPE:
        return sorted((each for each in named if re.match(r"[A-Z]", name(each.value))), key=str)
    if predicate not in OTHERS:
        values = sorted({each.object for each in world.triples(None, predicate)}, key=str)
        some = values[:: max(1, len(values) // 6)][:7]
        if any(getattr(each, "datatype", None) == ox.NamedNode(EDTF) for each in values):
            some = [ox.Literal(each, datatype=ox.NamedNode(EDTF)) for each in DAYS] + some
        elif any(isinstance(each, ox.Literal) for each in values):
            some += [ox.Literal("Other words.", language="en"), ox.Literal("long " * 80)]
        OTHERS[predicate] = [*some, NOWHERE, ox.Literal("nowhere")]
    return OTHERS[predicate]


def says(world: World, rule: Rule) -> bool:
    alone = replace(SHAPES, rules=(rule,))
    return any(True for _ in rules.check(world.store, alone))


def first_caught(world: World, rule: Rule, most: int = 4000) -> tuple[int, Mutant | None]:
    """Return how many mutants were tried, and the first that the rule sees."""
    for number, mutant in enumerate(islice(of_rule(world, rule), most), 1):
        with world.mutated(mutant):
            if says(world, rule):
                return number, mutant
    return most, None


#: for rules that no single statement breaks: what is dropped, and what is said in its place
BY_HAND: dict[str, tuple[list[str], str]] = {
    "DateShape-order": ([], 'hearing:wmp-2024-09-17-ppog peel:date "2024-09/2023-09"^^edtf:EDTF'),
    "DecisionShape-bounded": (
        [
            "decision:wmp-2024-09-17-investigations-1-closed peel:date",
            "decision:wmp-2024-09-17-investigations-1-closed peel:informedBy",
        ],
        "",
    ),
    "DisagreementShape-date": (
        [],
        'hearing:wmp-2024-09-17-ppog peel:date "2023-09-17"^^edtf:EDTF',
    ),
    "DisagreementShape-figure": ([], "statistic:wmp-2021-22-officer-reduction peel:value 2222"),
    "DisagreementShape-grade": (
        [],
        "judgement:wmp-2021-22-peel-investigating-crime peel:grade grade5:outstanding",
    ),
    "InspectionShape-cycleIsNoDate": (
        ["inspection:wmp-2023-peel peel:date"],
        'inspection:wmp-2023-peel peel:date "2023"^^edtf:EDTF',
    ),
    "JudgementShape-carriedGrade": (
        [],
        "judgement:wmp-2021-22-peel-investigating-crime peel:carriedForwardFrom "
        "judgement:wmp-2021-22-peel-recording-crime",
    ),
    "PhasePeriodShape-datesInOrder": (
        ["phaseperiod:midshire-scan peel:began", "phaseperiod:midshire-scan peel:ended"],
        'phaseperiod:midshire-scan peel:began "2030-07"^^edtf:EDTF ; '
        'peel:ended "2030-06"^^edtf:EDTF',
    ),
    "TenureShape-datesInOrder": (
        [],
        'tenure:lee-freeman-hmi peel:began "2024-10"^^edtf:EDTF',
    ),
    "VocabularyShape-oneKind": ([], "hearing:wmp-2024-09-17-ppog a peel:Inspection"),
    "VocabularyShape-property": ([], "hearing:wmp-2024-09-17-ppog peel:dayte 1"),
}


def by_hand(world: World, rule: str) -> Mutant:
    drops, said = BY_HAND[rule]
    gone: list[ox.Triple] = []
    for drop in drops:
        subject, predicate = (ox.NamedNode(expand(each)) for each in drop.split())
        gone += world.triples(subject, predicate)
    head = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in PREFIXES.items())
    text = f"{head}{said} ." if said else ""
    come = [quad.triple for quad in ox.parse(text, format=ox.RdfFormat.TURTLE)]
    return Mutant(rule, "by hand", frozenset(gone), frozenset(come))


def found(world: World, shape: str) -> set[tuple[str, str, str | None]]:
    """Return what the node shapes around *shape* say, as (focus, shape, value)."""
    said = core.find(world.merged, replace(SHAPES, core=AROUND[shape]))
    return {(each.focus, each.name, each.value) for each in said}


def plainly(world: World, shapes: tuple[Any, ...]) -> set[tuple[str, str, str | None]]:
    """Return what pySHACL alone says of the same graph."""
    said = core.check(world.graph, replace(SHAPES, core=shapes))
    return {(each.focus, each.name, each.value) for each in said}


def _around() -> dict[str, tuple[Any, ...]]:
    around: dict[str, tuple[Any, ...]] = {}
    for aimed in SHAPES.core:
        for part in {aimed.node, *SHAPES.graph.objects(aimed.node, SH.property)}:
            around[name(part)] = (*around.get(name(part), ()), aimed)
    return around


AROUND = _around()
CORE = {name(iri) for iri in SHAPES.speaking} - {name(rule.iri) for rule in SHAPES.rules}


def survivors(world: World, mutants: Iterable[Mutant]) -> Iterator[str]:
    for mutant in mutants:
        with world.mutated(mutant):
            if not any(shape == mutant.shape for _, shape, _ in found(world, mutant.shape)):
                yield f"{mutant.shape}: {mutant.how}"


def test_a_sample_of_the_mutants_is_caught(world: World) -> None:
    mutants = list(dict.fromkeys(constraints(world)))
    assert {mutant.shape for mutant in mutants} == CORE
    assert len(mutants) > 4 * len(CORE)
    assert list(survivors(world, mutants[::25])) == []


@pytest.mark.parametrize("rule", sorted(BY_HAND))
def test_a_mutant_made_by_hand_is_caught(world: World, rule: str) -> None:
    (meant,) = (each for each in SHAPES.rules if name(each.iri) == rule)
    assert not says(world, meant)
    with world.mutated(by_hand(world, rule)):
        assert says(world, meant)


@pytest.mark.slow
def test_every_mutant_of_a_constraint_is_caught(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    mutants = list(dict.fromkeys(constraints(world)))
    lived = list(survivors(world, mutants))
    with capsys.disabled():
        caught = len(mutants) - len(lived)
        print(f"\n{caught} of {len(mutants)} mutants of {len(CORE)} shapes caught")
    assert lived == []


@pytest.mark.slow
def test_every_rule_catches_a_mutant(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    lived, tried = [], 0
    for rule in SHAPES.rules:
        if name(rule.iri) not in BY_HAND:
            number, mutant = first_caught(world, rule)
            tried += number
            lived += [] if mutant else [name(rule.iri)]
    with capsys.disabled():
        caught = len(SHAPES.rules) - len(lived)
        print(f"\n{caught} of {len(SHAPES.rules)} rules caught a mutant; {tried} were tried")
    assert lived == []


@pytest.mark.slow
def test_pyshacl_says_the_same_of_every_mutant(world: World) -> None:
    for mutant in dict.fromkeys(constraints(world)):
        with world.mutated(mutant):
            assert found(world, mutant.shape) == plainly(world, AROUND[mutant.shape]), mutant


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_pyshacl_says_the_same_of_graphs_with_many_faults(world: World, seed: int) -> None:
    """What core shapes say of many mutants at once, and rules of each of their focus nodes."""
    mutants = Random(seed).sample(list(dict.fromkeys(constraints(world))), 12)
    gone = frozenset().union(*(mutant.gone for mutant in mutants))
    come = frozenset().union(*(mutant.come for mutant in mutants))
    with world.mutated(Mutant("", "many", gone, come)):
        whole = {(e.focus, e.name, e.value) for e in core.find(world.merged, SHAPES)}
        assert len(whole) >= 12
        assert whole == plainly(world, SHAPES.core)
        mentioned = {to_rdflib(end) for each in gone | come for end in (each.subject, each.object)}
        for rule in SHAPES.rules:
            ours = {
                (each.focus, each.value)
                for each in rules.check(world.store, replace(SHAPES, rules=(rule,)))
                if URIRef(each.focus) in mentioned
            }
            assert ours == _node_by_node(world, rule, mentioned), rule.iri


def _node_by_node(world: World, rule: Rule, nodes: set[Node]) -> set[tuple[str, str | None]]:
    said = set()
    for shape in PLAIN[rule.iri]:
        focus = sorted((n for n in shape.focus_nodes(world.graph) if n in nodes), key=str)
        for _, _, result in shape.validate(EXECUTOR, world.graph, focus=focus)[1] if focus else ():
            of = {p: o[1] if isinstance(o, tuple) else o for _, p, o in result}
            if str(of.get(SH.sourceConstraint)) == rule.iri:
                said.add((str(of[SH.focusNode]), as_text(of.get(SH.value))))
    return said


EXECUTOR = SHACLExecutor(validator=None)
PLAIN = {
    rule.iri: [
        shape
        for shape in ShapesGraph(SHAPES.graph).shapes
        if (shape.node, SH.sparql, URIRef(rule.iri)) in SHAPES.graph
    ]
    for rule in SHAPES.rules
}
prepared = cache(prepareQuery)


class ParsedOnce(Graph):
    """A graph that parses each query once: pySHACL asks the same one for every focus node."""

    def query(self, text: str, **keywords: Any) -> Result:  # type: ignore[override]
        return super().query(prepared(text), **keywords)
