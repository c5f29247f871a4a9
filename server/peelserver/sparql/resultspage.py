"""The page that shows a browser the answer to a query."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from urllib.parse import urlencode

import pyoxigraph as ox
from flask import render_template

from peelgraph.namespaces import XSD, shorten
from peelserver.answering.jobs import Answered
from peelserver.linkeddata.addresses import link
from peelserver.sparql.protocol import Asked

#: how many rows a page shows
ROWS = 1000

#: characters of an address that a link may have; a longer query is posted
_LONGEST = 4000

_DOWNLOADS = {
    "solutions": {"json": "JSON", "csv": "CSV", "tsv": "TSV", "xml": "XML"},
    "boolean": {"json": "JSON", "xml": "XML"},
    "graph": {
        **{"turtle": "Turtle", "ntriples": "N-Triples"},
        **{"rdfxml": "RDF/XML", "jsonld": "JSON-LD"},
    },
}
_PLAIN = frozenset({XSD + "string", XSD + "integer", XSD + "decimal", XSD + "date"})

Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple


@dataclass(frozen=True, slots=True)
class Cell:
    """A term as the page shows it.

    :param text: its short form
    :param whole: all of it, where that is more
    :param address: where it leads, if it is an IRI of the web
    :param language: of a text
    """

    text: str
    whole: str = ""
    address: str = ""
    language: str = ""


def page(asked: Asked, answered: Answered, digest: str) -> bytes:
    """Return the page.

    :param answered: rows and truth values in JSON, triples as N-Triples
    """
    columns, rows, number, truth = _content(answered)
    dataset = [("default-graph-uri", each) for each in asked.default_graphs or ()]
    dataset += [("named-graph-uri", each) for each in asked.named_graphs or ()]
    query = asked.query or ""
    address = "/sparql?" + urlencode([("query", query), *dataset])
    return render_template(
        "results.html",
        query=query,
        dataset=dataset,
        columns=columns,
        rows=rows,
        number=number,
        truth=truth,
        digest=digest,
        downloads=_DOWNLOADS[answered.kind],
        address=address if len(address) <= _LONGEST else None,
        long=len(address) > _LONGEST,
        asked=True,
    ).encode()


def _content(
    answered: Answered,
) -> tuple[list[str], list[list[Cell | None]], int, bool | None]:
    if answered.kind == "graph":
        quads = ox.parse(answered.body, format=ox.RdfFormat.N_TRIPLES)
        triples = ((each.subject, each.predicate, each.object) for each in quads)
        return ["subject", "predicate", "object"], *_rows(triples), None
    found = ox.parse_query_results(answered.body, format=ox.QueryResultsFormat.JSON)
    if isinstance(found, ox.QueryBoolean):
        return [], [], 0, bool(found)
    assert isinstance(found, ox.QuerySolutions)
    columns = [variable.value for variable in found.variables]
    return columns, *_rows(tuple(row) for row in found), None


def _rows(found: Iterable[tuple[Term | None, ...]]) -> tuple[list[list[Cell | None]], int]:
    """Return the rows that are shown, and how many there are."""
    all_of_them = iter(found)
    shown = [
        [None if term is None else cell(term) for term in row] for row in islice(all_of_them, ROWS)
    ]
    return shown, len(shown) + sum(1 for _ in all_of_them)


def cell(term: Term) -> Cell:
    """Return a term as the page shows it. Only IRIs of the web become links.

    >>> cell(ox.NamedNode("javascript:alert(1)"))
    Cell(text='javascript:alert(1)', whole='', address='', language='')
    """
    if isinstance(term, ox.NamedNode):
        iri = term.value
        short = shorten(iri)
        return Cell(short, iri if short != iri else "", link(iri) or "")
    if isinstance(term, ox.Literal):
        if term.language:
            return Cell(term.value, language=term.language)
        kind = term.datatype.value
        return Cell(term.value, "" if kind in _PLAIN else shorten(kind))
    return Cell(f"_:{term.value}" if isinstance(term, ox.BlankNode) else str(term))
