"""The shipped graph, and one change of it at a time, made in place and taken back."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pyoxigraph as ox
from rdflib.namespace import RDF
from rdflib.term import Node

from peelgraph.namespaces import ID
from peelgraph.resources import SHIPPED
from peelgraph.validation.corpus import parse, read_sources
from peelgraph.validation.merged import Merged
from peelgraph.validation.suspects import suspicion
from peelgraph.validation.terms import add, to_rdflib
from peeltests.examples import EXAMPLES, SHAPES
from peeltests.node_by_node import ParsedOnce

TRIPLES = [triple for source in read_sources(SHIPPED, None)[0] for triple in source.triples]
NOWHERE = ox.NamedNode(f"{ID}nothing/undeclared")
#: examples of what no shipped file states
BORROWED = [
    triple
    for file in ("context.ttl", "PhasePeriodShape-phase/conforms.ttl")
    for triple in parse(EXAMPLES / file)
]
MERGE = ox.DefaultGraph()
TYPE = ox.NamedNode(str(RDF.type))

Triples = frozenset[ox.Triple]


@dataclass(frozen=True)
class Mutant:
    """One change of the graph, and the shape that must see it."""

    shape: str
    how: str
    gone: Triples = frozenset()
    come: Triples = frozenset()


class Shipped:
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


def name(iri: object) -> str:
    """Return the local name of a shape."""
    return str(iri).rpartition("#")[2]
