"""A plain page for what has no better one: a concept, a scheme, a named graph, the ontology."""

from dataclasses import dataclass

import pyoxigraph as ox
from flask import render_template

from peelgraph.engine import Engine
from peelgraph.namespaces import shorten
from peelserver.linkeddata.addresses import link, path
from peelserver.pages import frame

#: which things are listed under a named graph
GRAPH = """GRAPH <IRI> { ?thing a ?class }
  FILTER (?class NOT IN (peel:Passage, oa:TextPositionSelector, oa:TextQuoteSelector))"""

#: how many things a page lists at most, and how many bytes they may have, about
BOUND, ROOM = 500, 60_000

#: bytes that a thing takes beside its texts
_TAGS = 50

_SAID = """SELECT ?p ?o ?label { <IRI> ?p ?o
  OPTIONAL { ?o rdfs:label ?label } } ORDER BY ?p ?label ?o"""
_LISTED = """SELECT ?thing (MIN(STR(?name)) AS ?label) (MIN(STR(?meaning)) AS ?definition) {
  { SELECT DISTINCT ?thing { WHICH } ORDER BY ?thing OFFSET FIRST LIMIT BOUND }
  OPTIONAL { ?thing rdfs:label|skos:prefLabel|dcterms:title ?name }
  OPTIONAL { ?thing skos:definition|dcterms:description ?meaning }
} GROUP BY ?thing ORDER BY ?thing"""
_HOW_MANY = "SELECT (COUNT(DISTINCT ?thing) AS ?n) { WHICH }"
_HEADINGS = ("rdfs:label", "skos:prefLabel", "dcterms:title")


@dataclass(frozen=True, slots=True)
class Value:
    """A value as a page shows it.

    :param href: a path of ours or a web address, if any
    :param anchor: what stands behind the ``#`` of its IRI
    """

    text: str
    href: str | None = None
    definition: str = ""
    anchor: str = ""


def page(engine: Engine, iri: str, which: str = "", first: int | None = None) -> str:
    """Return the page of *iri*.

    :param which: a pattern that finds the things to list below it
    :param first: how many of them to leave out at the beginning; None, if there is but one page
    """
    said: dict[str, list[Value]] = {}
    for row in _rows(engine, _SAID.replace("<IRI>", str(ox.NamedNode(iri)))):
        said.setdefault(shorten(row["p"].value), []).append(_value(row["o"], row["label"]))
    listed, count = _listed(engine, which.replace("<IRI>", str(ox.NamedNode(iri))), first or 0)
    start, end = first or 0, (first or 0) + len(listed)
    if len(listed) == count:
        listed.sort(key=lambda each: (each.text.lower(), each.href or ""))
    heading = next((said[name][0].text for name in _HEADINGS if name in said), shorten(iri))
    return render_template(
        "listing.html",
        heading=heading,
        iri=iri,
        said=said,
        listed=listed,
        first=start,
        count=count,
        before=_address(iri, start - BOUND) if start else "",
        after=_address(iri, end) if first is not None and listed and count > end else "",
        as_data=frame.forms(iri),
    )


def _address(iri: str, first: int) -> str:
    return (path(iri) or "") + (f"?offset={first}" if first > 0 else "")


def _listed(engine: Engine, which: str, first: int) -> tuple[list[Value], int]:
    if not which:
        return [], 0
    query = (
        _LISTED.replace("WHICH", which).replace("BOUND", str(BOUND)).replace("FIRST", str(first))
    )
    listed = [
        Value(
            _text(row["label"]) or shorten(row["thing"].value),
            link(row["thing"].value),
            _text(row["definition"]),
            row["thing"].value.partition("#")[2],
        )
        for row in _rows(engine, query)
        if isinstance(row["thing"], ox.NamedNode)
    ]
    [row] = _rows(engine, _HOW_MANY.replace("WHICH", which))
    return _fitting(listed), int(row["n"].value)


def _fitting(listed: list[Value]) -> list[Value]:
    """Return so many things as have room on a page, but one at least."""
    room = ROOM
    for number, each in enumerate(listed):
        room -= _TAGS + sum(map(len, (each.text, each.href or "", each.definition, each.anchor)))
        if room < 0:
            return listed[: max(1, number)]
    return listed


def _rows(engine: Engine, query: str) -> list[ox.QuerySolution]:
    found = engine.query(query)
    assert isinstance(found, ox.QuerySolutions)
    return list(found)


def _text(term: object) -> str:
    return term.value if isinstance(term, ox.Literal) else ""


def _value(term: object, label: object) -> Value:
    if isinstance(term, ox.NamedNode):
        return Value(_text(label) or shorten(term.value), link(term.value))
    return Value(term.value if isinstance(term, ox.Literal | ox.BlankNode) else str(term))
