"""The merged graph as validation holds it: in Oxigraph, which is quick, with what that changes.

Oxigraph writes some literals anew as it takes them in: ``"01"`` becomes ``"1"``, an ``xsd:int`` an
``xsd:integer``. To a shape they are what the file says, so the statements that Oxigraph would
change are kept beside it.

>>> ten = ox.Literal("010", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#integer"))
>>> merged = Merged([ox.Triple(ox.NamedNode("urn:a"), ox.NamedNode("urn:p"), ten)])
>>> [str(triple.object.value) for triple in merged.about(ox.NamedNode("urn:a"))]
['010']
"""

import re
from collections.abc import Iterable, Iterator
from functools import cached_property

import pyoxigraph as ox
from rdflib import Graph

from peelgraph.namespaces import RDFS, XSD
from peelgraph.validation.targets import Classes
from peelgraph.validation.terms import add

_SUBCLASS = ox.NamedNode(RDFS + "subClassOf")
_MERGE = ox.DefaultGraph()
_STRING = XSD + "string"
#: literals that stay as they are; most are
_PLAIN = {
    XSD + "integer": re.compile(r"(?:0|[1-9][0-9]{0,17})\Z"),
    XSD + "date": re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z"),
    XSD + "boolean": re.compile(r"(?:true|false)\Z"),
}

Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
Thing = ox.NamedNode | ox.BlankNode


class Merged:
    """All statements of a project, each once, in the default graph of :attr:`store`."""

    @classmethod
    def of(cls, store: ox.Store) -> "Merged":
        """Return what *store* holds, in which no literal has been written anew."""
        merged = cls(())
        merged.store = store
        return merged

    def __init__(self, triples: Iterable[ox.Triple]) -> None:
        triples = list(triples)
        self.store = ox.Store()
        self.store.bulk_extend(ox.Quad(*triple) for triple in triples)
        #: what the files say of the things of which Oxigraph has written a literal anew
        self.altered: dict[Term, set[ox.Triple]] = {}
        #: the properties of which these are values
        self.rewritten: frozenset[str] = frozenset()
        if odd := _rewritten(triples):
            changed = [each for each in triples if each.object in odd]
            self.rewritten = frozenset(each.predicate.value for each in changed)
            touched = {each.subject for each in changed}
            for triple in triples:
                if triple.subject in touched:
                    self.altered.setdefault(triple.subject, set()).add(triple)

    def classes(self) -> Classes:
        """Return the classes that the data know."""
        return classes_of(self.store)

    def select(self, query: str) -> Iterator[Thing]:
        """Yield the addresses and blank nodes that a query gives for ``?this``."""
        rows = self.store.query(query)
        assert isinstance(rows, ox.QuerySolutions)
        for row in rows:
            if isinstance(this := row["this"], ox.NamedNode | ox.BlankNode):
                yield this

    def about(self, subject: Term) -> Iterator[ox.Triple]:
        """Yield what is said of *subject*, as the files say it."""
        if not isinstance(subject, ox.NamedNode | ox.BlankNode):
            return
        if subject in self.altered:
            yield from self.altered[subject]
        else:
            for quad in self.store.quads_for_pattern(subject, None, None, _MERGE):
                yield quad.triple

    def around(self, nodes: Iterable[Term], backward: Iterable[str], steps: int) -> Graph:
        """Return what paths of so many *steps* reach from *nodes*, and the classes of it.

        :param backward: the properties that are followed against their direction
        """
        found: set[ox.Triple] = set()
        seen: set[Term] = set()
        waiting = set(nodes)
        inverse = [ox.NamedNode(each) for each in backward]
        for _ in range(steps + 1):  # the last step is from a value to its classes
            seen |= waiting
            new = {triple for node in waiting for triple in self.about(node)}
            for node in waiting:
                for predicate in inverse:
                    new.update(
                        quad.triple
                        for quad in self.store.quads_for_pattern(None, predicate, node, _MERGE)
                    )
            found |= new
            waiting = {end for each in new for end in (each.subject, each.object)} - seen
        found.update(
            quad.triple for quad in self.store.quads_for_pattern(None, _SUBCLASS, None, _MERGE)
        )
        graph = Graph()
        add(graph, found)
        return graph

    @cached_property
    def whole(self) -> Graph:
        """Everything, for a shape that cannot be told less."""
        graph = Graph()
        every = self.store.quads_for_pattern(None, None, None, _MERGE)
        subjects = {quad.subject for quad in every}
        add(graph, (triple for subject in subjects for triple in self.about(subject)))
        return graph


def classes_of(store: ox.Store) -> Classes:
    """Return the classes that the default graph of *store* knows."""
    return Classes(
        (quad.subject.value, quad.object.value)
        for quad in store.quads_for_pattern(None, _SUBCLASS, None, _MERGE)
        if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.NamedNode)
    )


def _rewritten(triples: Iterable[ox.Triple]) -> set[ox.Literal]:
    """Return the literals that Oxigraph writes anew."""
    odd = list(
        {
            value
            for triple in triples
            if isinstance(value := triple.object, ox.Literal) and _is_odd(value)
        }
    )
    store, says = ox.Store(), ox.NamedNode("urn:says")
    store.extend(
        ox.Quad(ox.NamedNode(f"urn:{number}"), says, each) for number, each in enumerate(odd)
    )
    kept = {quad.object for quad in store}
    return {literal for literal in odd if literal not in kept}


def _is_odd(literal: ox.Literal) -> bool:
    """Whether Oxigraph might write *literal* anew."""
    name = literal.datatype.value
    if not name.startswith(XSD) or name == _STRING:
        return False
    plain = _PLAIN.get(name)
    return plain is None or plain.match(literal.value) is None
