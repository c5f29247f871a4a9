"""From Oxigraph's terms to rdflib's: Oxigraph reads Turtle some twenty times as fast.

Literals keep the form in which they are written.

>>> str(to_rdflib(ox.Literal("1.50", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#decimal"))))
'1.50'
"""

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import pyoxigraph as ox
from rdflib import BNode, Graph, Literal, URIRef
from rdflib.term import Node

_PLAIN = "http://www.w3.org/2001/XMLSchema#string"
_LOGGER = logging.getLogger("rdflib.term")


def to_rdflib(term: object) -> Node:
    """Return rdflib's form of a term."""
    if isinstance(term, ox.NamedNode):
        return URIRef(term.value)
    if isinstance(term, ox.BlankNode):
        return BNode(term.value)
    assert isinstance(term, ox.Literal)
    if term.language is not None:
        return Literal(term.value, lang=term.language)
    if term.datatype.value == _PLAIN:
        return Literal(term.value)
    return Literal(term.value, datatype=URIRef(term.datatype.value), normalize=False)


def as_text(term: object) -> str | None:
    """Return a term as findings write it: an address, or what a literal says; no blank nodes."""
    if isinstance(term, ox.NamedNode | ox.Literal):
        return term.value
    return str(term) if isinstance(term, URIRef | Literal) else None


def add(graph: Graph, triples: Iterable[ox.Triple]) -> None:
    """Add *triples* to an rdflib graph."""
    known: dict[object, Node] = {}
    with _quiet():
        for triple in triples:
            nodes = []
            for term in (triple.subject, triple.predicate, triple.object):
                node = known.get(term)
                if node is None:
                    node = known[term] = to_rdflib(term)
                nodes.append(node)
            graph.add((nodes[0], nodes[1], nodes[2]))


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep rdflib from printing a traceback for a literal that is not of its type: a shape does."""
    level = _LOGGER.level
    _LOGGER.setLevel(logging.ERROR)
    try:
        yield
    finally:
        _LOGGER.setLevel(level)
