"""Every shape that can speak has been seen to speak, and to be silent.

``shapes/examples/SHAPE/conforms*.ttl`` must be clean. ``shapes/examples/SHAPE/violates-WHY.ttl``
must make SHAPE speak, and no other shape. All of them live in the world of ``context.ttl``.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from pyshacl import validate
from pyshacl.errors import ReportableRuntimeError
from pyshacl.pytypes import SHACLExecutor
from pyshacl.shapes_graph import ShapesGraph
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import OWL, RDF, SH
from rdflib.plugins.sparql import prepareQuery
from rdflib.query import Result

from peelgraph.namespaces import PEEL
from peelgraph.resources import SHIPPED
from peelgraph.validation import Finding, core, rules
from peelgraph.validation.corpus import parse
from peelgraph.validation.shapes import Rule, load_shapes
from peelgraph.validation.terms import add, as_text

EXAMPLES = SHIPPED.shapes / "examples"
SHAPES = load_shapes(SHIPPED.shapes)
SPEAKING = sorted(iri.rpartition("#")[2] for iri in SHAPES.speaking)
CASES = [case for name in SPEAKING for case in sorted((EXAMPLES / name).glob("*.ttl"))]

#: of each kind, how many examples of a shape are looked at every day; the rest with all tests
DAILY = 2


class ParsedOnce(Graph):
    """A graph that parses each query once: pySHACL asks the same one for every focus node."""

    def query(self, text: str, **keywords: Any) -> Result:  # type: ignore[override]
        return super().query(prepared(text), **keywords)


prepared = cache(prepareQuery)


class World:
    """The vocabulary and the context of the examples, to which one example at a time is added."""

    def __init__(self) -> None:
        self.graph, self.store = ParsedOnce(), ox.Store()
        for file in [*sorted(SHIPPED.ontology.rglob("*.ttl")), EXAMPLES / "context.ttl"]:
            triples = parse(file)
            add(self.graph, triples)
            self.store.extend(ox.Quad(*triple) for triple in triples)

    @contextmanager
    def with_example(self, case: Path) -> Iterator[set[str]]:
        """Add the example for a while, and give the addresses that it mentions."""
        triples = parse(case)
        own = Graph()
        add(own, triples)
        added = [triple for triple in own if triple not in self.graph]
        quads = [quad for triple in triples if (quad := ox.Quad(*triple)) not in self.store]
        for triple in added:
            self.graph.add(triple)
        self.store.extend(quads)
        try:
            yield {str(node) for s, _, o in own for node in (s, o) if isinstance(node, URIRef)}
        finally:
            for triple in added:
                self.graph.remove(triple)
            for quad in quads:
                self.store.remove(quad)

    def findings(self, about: set[str] | None = None) -> set[Finding]:
        return {*core.check(self.graph, SHAPES, about), *rules.check(self.store, SHAPES)}


@pytest.fixture(scope="module")
def world() -> World:
    return World()


def test_the_world_of_the_examples_is_clean(world: World) -> None:
    assert world.findings() == set()


def _cases() -> Iterator[Any]:
    seen: Counter[str] = Counter()
    for case in CASES:
        name = f"{case.parent.name}/{case.stem}"
        kind = f"{case.parent.name}/{case.stem.partition('-')[0]}"
        seen[kind] += 1
        marks = [pytest.mark.slow] if seen[kind] > DAILY else []
        yield pytest.param(case, id=name, marks=marks)


@pytest.mark.parametrize("case", list(_cases()))
def test_exactly_the_shape_of_the_folder_speaks(world: World, case: Path) -> None:
    with world.with_example(case) as mentioned:
        spoke = {finding.name for finding in world.findings(mentioned)}
    assert spoke == (set() if case.stem.startswith("conforms") else {case.parent.name})


@pytest.mark.parametrize("name", SPEAKING)
def test_every_shape_has_examples_of_both_kinds(name: str) -> None:
    kinds = {case.stem.partition("-")[0] for case in (EXAMPLES / name).glob("*.ttl")}
    assert kinds == {"conforms", "violates"}


def test_the_suite_is_not_empty() -> None:
    assert len(SPEAKING) > 150
    assert len(CASES) > 2 * len(SPEAKING)
    assert len(SHAPES.rules) > 50


def _plainly(world: World, rule: Rule, about: set[str]) -> set[tuple[str, str | None, str | None]]:
    """Run one rule as pySHACL does: its query anew for each focus node."""
    found = set()
    for shape in PLAIN[rule.iri]:
        focus = sorted(node for node in shape.focus_nodes(world.graph) if str(node) in about)
        _, reports = shape.validate(EXECUTOR, world.graph, focus=focus) if focus else (True, [])
        for _, _, triples in reports:
            said = {p: o[1] if isinstance(o, tuple) else o for _, p, o in triples}
            if str(said[SH.sourceConstraint]) == rule.iri:
                path = as_text(said.get(SH.resultPath))
                found.add((str(said[SH.focusNode]), path, as_text(said.get(SH.value))))
    return found


EXECUTOR = SHACLExecutor(validator=None)
PLAIN = {
    rule.iri: [
        shape
        for shape in ShapesGraph(SHAPES.graph).shapes
        if (shape.node, SH.sparql, URIRef(rule.iri)) in SHAPES.graph
    ]
    for rule in SHAPES.rules
}


@pytest.mark.slow
@pytest.mark.parametrize("rule", SHAPES.rules, ids=lambda rule: rule.iri.rpartition("#")[2])
def test_a_rule_says_the_same_over_the_whole_graph_and_node_by_node(
    world: World, rule: Rule
) -> None:
    alone = replace(SHAPES, rules=(rule,))
    for case in sorted((EXAMPLES / rule.iri.rpartition("#")[2]).glob("*.ttl")):
        with world.with_example(case) as mentioned:
            whole = {
                (each.focus, each.path, each.value)
                for each in rules.check(world.store, alone)
                if each.focus in mentioned
            }
            assert whole == _plainly(world, rule, mentioned), case.name


def test_a_rule_has_the_severity_of_its_shape() -> None:
    graph = SHAPES.graph
    for shape, constraint in graph.subject_objects(SH.sparql):
        assert graph.value(constraint, SH.severity) == graph.value(shape, SH.severity), constraint


def test_a_rule_is_portable() -> None:
    for rule in SHAPES.rules:
        for word in ("MINUS", "VALUES", "SERVICE", "FROM"):
            assert f"{word} " not in rule.select, f"{rule.iri} uses {word}"
        assert rule.select.count("SELECT") == 1, f"{rule.iri} has a sub-select"


def test_every_class_of_the_vocabulary_has_a_shape() -> None:
    targets = {str(each) for each in SHAPES.graph.objects(None, SH.targetClass)}
    classes = {
        str(each)
        for file in sorted(SHIPPED.ontology.glob("*.ttl"))
        for each in _of(file).subjects(RDF.type, OWL.Class)
    }
    derived = {"DutyStanding", "LaterStatement", "Span", "Standing", "StatusPeriod"}
    # an inspectorate and an oversight group have nothing of their own beside what agents have
    agents = {"Inspectorate", "OversightGroup"}
    missing = {each for each in classes if each.startswith(PEEL)} - targets
    assert {each.removeprefix(PEEL) for each in missing} <= derived | agents


def _of(file: Path) -> Graph:
    graph = Graph()
    add(graph, parse(file))
    return graph


@pytest.mark.slow
def test_the_shapes_are_shacl_by_its_own_shapes() -> None:
    """The shapes for shapes in appendix C of the SHACL recommendation, as pySHACL carries them."""
    everything = Graph()
    for file in sorted(SHIPPED.shapes.glob("*.ttl")):
        add(everything, parse(file))
    conforms, _, text = validate(Graph(), shacl_graph=everything, meta_shacl=True)
    assert conforms, text
    broken = Graph()
    for triple in SHAPES.graph:
        broken.add(triple)
    broken.add((URIRef(f"{PEEL}x"), SH.minCount, Literal("few")))
    with pytest.raises(ReportableRuntimeError):
        validate(Graph(), shacl_graph=broken, meta_shacl=True)
