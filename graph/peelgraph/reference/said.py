"""What some triples say, looked up by subject and by object; small enough to be held whole."""

from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import pyoxigraph as ox

from peelgraph.namespaces import RDF, expand, shorten
from peelgraph.resources import SHIPPED

Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple

_FIRST, _REST = RDF + "first", RDF + "rest"


class Said:
    """Some triples."""

    def __init__(self, triples: Iterable[ox.Triple]) -> None:
        self._by_subject: dict[Term, dict[str, list[Term]]] = {}
        self._by_object: dict[tuple[str, Term], list[Term]] = {}
        for each in triples:
            predicate = each.predicate.value
            self._by_subject.setdefault(each.subject, {}).setdefault(predicate, []).append(
                each.object
            )
            self._by_object.setdefault((predicate, each.object), []).append(each.subject)

    def values(self, subject: Term, *names: str) -> list[Term]:
        """Return the values of properties, given as prefixed names, in order."""
        found = self._by_subject.get(subject, {})
        return sorted((each for name in names for each in found.get(expand(name), ())), key=_order)

    def names(self, subject: Term) -> list[str]:
        """Return the properties of a subject as prefixed names, in order."""
        return sorted(shorten(each) for each in self._by_subject.get(subject, ()))

    def value(self, subject: Term, name: str) -> Term | None:
        """Return the first value of a property, if it has one."""
        return next(iter(self.values(subject, name)), None)

    def texts(self, subject: Term, *names: str) -> list[str]:
        """Return the texts of properties, in order."""
        return [each.value for each in self.values(subject, *names) if isinstance(each, ox.Literal)]

    def text(self, subject: Term, *names: str) -> str:
        """Return the first text of the first of the properties that has one; empty, if none has."""
        return next((each for name in names for each in self.texts(subject, name)), "")

    def iris(self, subject: Term, *names: str) -> list[str]:
        """Return the IRIs that are values of properties, each once, in order."""
        found = (each for each in self.values(subject, *names) if isinstance(each, ox.NamedNode))
        return list(dict.fromkeys(each.value for each in found))

    def with_value(self, name: str, value: Term | str) -> list[ox.NamedNode]:
        """Return what has a value of a property, as far as it has an IRI, in order."""
        term = ox.NamedNode(expand(value)) if isinstance(value, str) else value
        found = self._by_object.get((expand(name), term), ())
        return sorted({each for each in found if isinstance(each, ox.NamedNode)}, key=_order)

    def items(self, head: Term | None) -> Iterator[Term]:
        """Yield the members of a list."""
        while head is not None and (cell := self._by_subject.get(head, {})).get(_FIRST):
            yield cell[_FIRST][0]
            head = next(iter(cell.get(_REST, ())), None)


def _order(term: Term) -> str:
    return term.value if isinstance(term, ox.NamedNode | ox.Literal) else str(term)


def read(files: Iterable[Path]) -> Iterator[ox.Triple]:
    """Yield the triples of Turtle files."""
    for file in files:
        for quad in ox.parse(file.read_bytes(), format=ox.RdfFormat.TURTLE):
            yield quad.triple


@cache
def ontology() -> Said:
    """Return what the shipped ontology and its schemes say."""
    return Said(read(sorted(SHIPPED.ontology.rglob("*.ttl"))))


@cache
def shapes() -> Said:
    """Return what the shipped shapes say."""
    return Said(read(sorted(SHIPPED.shapes.glob("*.ttl"))))
