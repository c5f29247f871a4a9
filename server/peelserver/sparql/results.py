"""The forms of an answer to a query: what is offered for which kind, by which name, and the choice.

The standard has no CSV or TSV for ASK, so that none is offered. ``application/json``,
``application/xml`` and ``text/plain`` are offered for clients that know no better names.
"""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import pyoxigraph as ox

from peelgraph.tables import terms_as_csv
from peelserver.http.negotiation import pick

JSON = "application/sparql-results+json"
XML = "application/sparql-results+xml"
CSV = "text/csv"
TSV = "text/tab-separated-values"
TURTLE = "text/turtle"
NTRIPLES = "application/n-triples"
RDFXML = "application/rdf+xml"
JSONLD = "application/ld+json"
HTML = "text/html"

#: the kinds of answers, as workers name them, by the word that a query begins with
KINDS = {"SELECT": "solutions", "ASK": "boolean", "CONSTRUCT": "graph", "DESCRIBE": "graph"}

#: kind -> media type -> the media type that the engine is asked for
OFFERS: dict[str, dict[str, str]] = {
    "solutions": {
        **{each: each for each in (JSON, XML, CSV, TSV)},
        **{HTML: JSON, "application/json": JSON, "application/xml": XML, "text/xml": XML},
    },
    "boolean": {
        **{JSON: JSON, XML: XML},
        **{HTML: JSON, "application/json": JSON, "application/xml": XML, "text/xml": XML},
    },
    "graph": {
        **{each: each for each in (TURTLE, NTRIPLES, RDFXML, JSONLD)},
        **{HTML: NTRIPLES, "text/plain": NTRIPLES},
        **{"application/json": JSONLD, "application/xml": RDFXML, "text/xml": RDFXML},
    },
}

#: what ``format=`` takes -> media types, of which each kind of answer has one at most
NAMES: dict[str, tuple[str, ...]] = {
    "json": (JSON, JSONLD),
    "xml": (XML, RDFXML),
    "csv": (CSV,),
    "tsv": (TSV,),
    "turtle": (TURTLE,),
    "ntriples": (NTRIPLES,),
    "rdfxml": (RDFXML,),
    "jsonld": (JSONLD,),
    "html": (HTML,),
}
_ALIASES = {
    **{"srj": "json", "srx": "xml", "ttl": "turtle", "n3": "turtle", "nt": "ntriples"},
    **{"rdf": "rdfxml", "rdf+xml": "rdfxml", "json-ld": "jsonld"},
}


@dataclass(frozen=True, slots=True)
class Choice:
    """The media type for each kind of answer; a kind that is left out cannot be had.

    :param by_kind: kind -> media type
    """

    by_kind: dict[str, str]

    def asked(self, kind: str) -> str:
        """Return the media type that the engine is asked for."""
        offers = OFFERS[kind]
        return offers[self.by_kind.get(kind) or next(iter(offers))]

    def select(self) -> str:
        """Return what the engine is asked for if the answer is rows or a truth value."""
        kinds = ("solutions", "boolean")
        return next((self.asked(kind) for kind in kinds if kind in self.by_kind), JSON)

    @property
    def text(self) -> str:
        """What stands for the choice."""
        return ",".join(self.by_kind.values())


@lru_cache(maxsize=1024)
def choose(accept: str | None, name: str | None, kinds: tuple[str, ...]) -> Choice:
    """Return what is to be sent.

    :param accept: all ``Accept`` headers, joined by commas
    :param name: what ``format=`` says; it overrules the headers
    :raises KeyError: there is no such format
    """
    if name is not None:
        wanted = named(name)
        found = {kind: next((m for m in wanted if m in OFFERS[kind]), None) for kind in kinds}
    else:
        found = {kind: pick(accept, list(OFFERS[kind])) for kind in kinds}
    return Choice({kind: media for kind, media in found.items() if media is not None})


def named(name: str) -> tuple[str, ...]:
    """Return the media types that a name stands for.

    >>> named("csv"), named("text/csv")
    (('text/csv',), ('text/csv',))
    """
    short = name.lower()
    if any(short in offers for offers in OFFERS.values()):
        return (short,)
    return NAMES[_ALIASES.get(short, short)]


def listed(kinds: Iterable[str]) -> str:
    """Return what can be had, for people."""
    usual = dict.fromkeys(media for kind in kinds for media in OFFERS[kind])
    return ", ".join(each for each in usual if each.split("/")[1] not in ("json", "xml", "plain"))


def is_table(body: bytes) -> bool:
    """Whether every row of a CSV has as many fields as its head.

    The engine does not quote an IRI with a comma in it.
    """
    rows = csv.reader(io.TextIOWrapper(io.BytesIO(body), "utf-8", newline=""))
    try:
        width = len(next(rows, []))
        return all(len(row) == width or not (row or width > 1) for row in rows)
    except csv.Error:  # a field is too long for the reader
        return False


def table(body: bytes) -> bytes:
    """Return rows in JSON as CSV, by the standard."""
    found = ox.parse_query_results(body, format=ox.QueryResultsFormat.JSON)
    assert isinstance(found, ox.QuerySolutions)
    return terms_as_csv(found).encode()


def boolean(body: bytes, media: str) -> bytes:
    """Return a truth value in JSON or XML, whatever the engine wrote it in."""
    said = b'{"head":{},"boolean":%s}' % (b"true" if b"true" in body else b"false")
    parsed = ox.parse_query_results(said, format=ox.QueryResultsFormat.JSON)
    shape = ox.QueryResultsFormat.from_media_type(media)
    assert isinstance(parsed, ox.QueryBoolean) and shape is not None
    return parsed.serialize(format=shape) or b""
