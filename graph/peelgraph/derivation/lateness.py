"""Statements that became known later than the thing they are about.

Most of what is said of a thing is as old as the thing itself. What a later document adds is marked,
so that a question can leave it out without looking into the record of each statement.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from hashlib import sha256

import pyoxigraph as ox

from peelgraph.derivation import statements
from peelgraph.derivation.publicity import DERIVED, EDITORIAL, Sources
from peelgraph.namespaces import PEEL, RDF

#: what no question asks of a thing without its record
_IN_RECORDS = {RDF + "type", PEEL + "evidence"}


def marks(
    store: ox.Store, sources: Sources, known: Mapping[str, date | None]
) -> Iterator[ox.Triple]:
    """Return a ``peel:LaterStatement`` for each statement that is younger than its subject.

    :param known: the day from which each thing is known
    """
    seen: set[ox.Triple] = set()
    for graph in (*sorted(sources.records), EDITORIAL):
        for quad in store.quads_for_pattern(None, None, None, ox.NamedNode(graph)):
            subject = quad.subject
            if not isinstance(subject, ox.NamedNode) or quad.predicate.value in _IN_RECORDS:
                continue
            since = known.get(subject.value)
            if since is None or _day(sources, quad) <= since or quad.triple in seen:
                continue
            seen.add(quad.triple)
            day = min(_day(sources, each) for each in _everywhere(store, quad))
            if day > since:
                yield from _mark(quad.triple, day)


def _everywhere(store: ox.Store, quad: ox.Quad) -> Iterator[ox.Quad]:
    for each in store.quads_for_pattern(quad.subject, quad.predicate, quad.object):
        if isinstance(each.graph_name, ox.NamedNode) and each.graph_name.value != DERIVED:
            yield each


def _day(sources: Sources, quad: ox.Quad) -> date:
    assert isinstance(quad.graph_name, ox.NamedNode)
    subject, value = quad.subject, quad.object
    assert isinstance(subject, ox.NamedNode)
    text = value.value if isinstance(value, ox.NamedNode | ox.Literal) else str(value)
    return sources.of(quad.graph_name.value, subject.value, quad.predicate.value, text).known


def _mark(triple: ox.Triple, day: date) -> Iterator[ox.Triple]:
    name = f"{DERIVED}#later-{sha256(str(triple).encode()).hexdigest()[:16]}"
    yield statements.a(name, "LaterStatement")
    yield from statements.about(name, knownFrom=day)
    node = ox.NamedNode(name)
    for part, term in (
        ("subject", triple.subject),
        ("predicate", triple.predicate),
        ("object", triple.object),
    ):
        yield ox.Triple(node, ox.NamedNode(RDF + part), term)
