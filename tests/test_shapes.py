"""Every shape that can speak has been seen to speak, and to be silent.

``shapes/examples/SHAPE/conforms*.ttl`` must be clean. ``shapes/examples/SHAPE/violates-WHY.ttl``
must make SHAPE speak, and no other shape. All of them live in the world of ``context.ttl``.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest
from peeltests.examples import CASES, SHAPES, SPEAKING, Worlds, context, examples, vocabulary
from peeltests.node_by_node import ParsedOnce, node_by_node
from pyshacl import validate
from pyshacl.errors import ReportableRuntimeError
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import OWL, RDF, SH

from peelgraph.namespaces import PEEL
from peelgraph.resources import SHIPPED
from peelgraph.validation import core, rules
from peelgraph.validation.corpus import parse
from peelgraph.validation.merged import Merged
from peelgraph.validation.shapes import Rule
from peelgraph.validation.terms import add


def meant(case: Path) -> set[str]:
    """Return the shapes that are to speak of an example."""
    return set() if case.stem.startswith("conforms") else {case.parent.name}


def test_the_world_of_the_examples_is_clean() -> None:
    assert list(core.find(merged := Merged([*vocabulary(), *context()]), SHAPES)) == []
    assert list(rules.check(merged.store, SHAPES)) == []


def test_exactly_the_shape_of_the_folder_speaks() -> None:
    spoke = Worlds(CASES).spoke(SHAPES)
    wrong = {case: said for case, said in spoke.items() if said != meant(case)}
    assert wrong == {}


def test_every_shape_has_examples_of_both_kinds() -> None:
    for shape in SPEAKING:
        kinds = {case.stem.partition("-")[0] for case in examples(shape)}
        assert kinds == {"conforms", "violates"}, shape


def test_the_suite_is_not_empty() -> None:
    assert len(SPEAKING) > 150
    assert len(CASES) > 4 * len(SPEAKING)
    assert len(SHAPES.rules) > 50


class Alone:
    """The world of the examples as pySHACL sees it, and one example at a time."""

    def __init__(self) -> None:
        self.graph, self.store = ParsedOnce(), ox.Store()
        triples = [*vocabulary(), *context()]
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


@pytest.fixture(scope="module")
def alone() -> Alone:
    return Alone()


@pytest.mark.slow
@pytest.mark.parametrize("shape", SPEAKING)
def test_pyshacl_alone_says_the_same_of_each_example(alone: Alone, shape: str) -> None:
    for case in examples(shape):
        with alone.with_example(case) as mentioned:
            found = [
                *core.check(alone.graph, SHAPES, mentioned),
                *rules.check(alone.store, SHAPES),
            ]
        assert {finding.name for finding in found} == meant(case), case.name


@pytest.mark.slow
@pytest.mark.parametrize("rule", SHAPES.rules, ids=lambda rule: rule.iri.rpartition("#")[2])
def test_a_rule_says_the_same_over_the_whole_graph_and_node_by_node(
    alone: Alone, rule: Rule
) -> None:
    only = replace(SHAPES, rules=(rule,))
    for case in examples(rule.iri.rpartition("#")[2]):
        with alone.with_example(case) as mentioned:
            whole = {
                (each.focus, each.path, each.value)
                for each in rules.check(alone.store, only)
                if each.focus in mentioned
            }
            plain = node_by_node(alone.graph, rule, map(URIRef, mentioned))
            assert whole == plain, case.name


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


def test_a_rule_speaks_of_what_has_no_name() -> None:
    nameless, kind = ox.BlankNode("nameless"), ox.NamedNode(str(RDF.type))
    force, decision = (ox.NamedNode(PEEL + name) for name in ("PoliceForce", "Decision"))
    basis, a_class = ox.NamedNode(f"{PEEL}basis"), ox.NamedNode(str(OWL.Class))
    store = ox.Store()
    store.extend(ox.Quad(nameless, kind, each) for each in (force, decision))
    store.extend(ox.Quad(each, kind, a_class) for each in (force, decision))
    store.add(ox.Quad(nameless, basis, ox.Literal("stated")))
    only = [each for each in SHAPES.rules if each.iri.endswith("VocabularyShape-oneKind")]
    found = list(rules.check(store, replace(SHAPES, rules=tuple(only))))
    assert [(each.focus, each.value) for each in found] == [("nameless", decision.value)]
