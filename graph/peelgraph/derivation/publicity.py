"""From which day each source of statements is public, and on which documents it rests.

A record is known from the day its document became public. What the editors infer is known from the
latest document it rests on. The register, the reference facts, the ontology and the schemes count
as always known.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

import pyoxigraph as ox

from peelgraph import edtf
from peelgraph.namespaces import DOCUMENT, GRAPH, PEEL, PREFIXES, RDF, RECORD_GRAPH, SCHEME

EDITORIAL = GRAPH + "editorial"
REFERENCE = GRAPH + "reference"
DERIVED = GRAPH + "derived"
#: the day from which sources that are always known count as public
ALWAYS = date.min

_STATED, _INFERRED, _ASSUMED = (
    f"{SCHEME}basis/{token}" for token in ("stated", "inferred", "assumed")
)
_DERIVED_FROM = PREFIXES["prov"] + "wasDerivedFrom"
_TYPE = RDF + "type"
#: a document's own dates, in the order in which they say when its record became public
_PUBLIC_BY = ("publicOn", "dated", "retrievedOn")

Triple = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Source:
    """Where a statement stands: public from a day on, resting on documents.

    ``basis`` is that of its statements, where nothing says otherwise of one of them.
    """

    known: date
    documents: tuple[str, ...]
    basis: str


@dataclass(frozen=True, slots=True)
class Mark:
    """What a ``peel:Inference`` says of the triple that it marks."""

    basis: str
    known: date


@dataclass(frozen=True, slots=True)
class Sources:
    """Every source of a set of quads."""

    records: dict[str, Source]
    day_bases: dict[str, str]  #: by record graph, what the day it is known from rests on
    undated: tuple[str, ...]  #: record graphs whose document bears no date at all
    groundless: tuple[str, ...]  #: editorial subjects that rest on no document
    _editorial: dict[str, Source] = field(default_factory=dict)
    _marked: dict[Triple, Source] = field(default_factory=dict)
    _marks: dict[Triple, list[Mark]] = field(default_factory=dict)

    def of(self, graph: str, subject: str, predicate: str, value: str) -> Source:
        """Return the source of one statement."""
        record = self.records.get(graph)
        if record is not None:
            return record
        if graph == EDITORIAL:
            marked = self._marked.get((subject, predicate, value))
            return marked or self._editorial.get(subject) or _FOREVER
        return _FOREVER

    def basis(self, source: Source, subject: str, predicate: str, value: str) -> str:
        """Return the basis of one statement: that of an inference that marks it, if one does.

        An inference counts for a statement that became known with it or later.
        """
        for mark in self._marks.get((subject, predicate, value), ()):
            if mark.known <= source.known:
                return mark.basis
        return source.basis

    def editorial(self, subject: str) -> Source | None:
        """Return the source of an editorial thing."""
        return self._editorial.get(subject)

    def admit(self, quad: ox.Quad, day: date) -> bool:
        """Whether the statement was public by *day*."""
        graph = quad.graph_name.value if isinstance(quad.graph_name, ox.NamedNode) else ""
        if graph not in self.records and graph != EDITORIAL:
            return True
        subject = _text(quad.subject)
        return self.of(graph, subject, quad.predicate.value, _text(quad.object)).known <= day


_FOREVER = Source(ALWAYS, (), _STATED)


def _text(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> str:
    return str(term) if isinstance(term, ox.Triple) else term.value


def _graph(quad: ox.Quad) -> str:
    return quad.graph_name.value if isinstance(quad.graph_name, ox.NamedNode) else ""


def _quads(store: ox.Store, predicate: str) -> Iterable[ox.Quad]:
    return store.quads_for_pattern(None, ox.NamedNode(predicate), None)


def _reified(store: ox.Store) -> dict[str, tuple[Triple, str, str]]:
    """Return by inference: the triple it marks, its basis, and the graph it stands in."""
    parts: dict[str, list[str]] = {}
    for place, name in enumerate(("subject", "predicate", "object")):
        for quad in _quads(store, RDF + name):
            entry = parts.setdefault(_text(quad.subject), ["", "", "", _INFERRED, _graph(quad)])
            entry[place] = _text(quad.object)
    for quad in _quads(store, PEEL + "basis"):
        if (found := parts.get(_text(quad.subject))) is not None:
            found[3] = _text(quad.object)
    return {name: ((s, p, o), basis, graph) for name, (s, p, o, basis, graph) in parts.items()}


def _record_days(
    store: ox.Store, graphs: Iterable[str], assumed: dict[Triple, str]
) -> dict[str, tuple[date, str]]:
    """Return by record graph the day from which it is public, and the basis of that day."""
    days: dict[tuple[str, str], list[tuple[date, str]]] = {}
    for name in _PUBLIC_BY:
        for quad in _quads(store, PEEL + name):
            document, graph, value = _text(quad.subject), _graph(quad), _text(quad.object)
            if graph not in (RECORD_GRAPH + document.removeprefix(DOCUMENT), REFERENCE):
                continue
            latest = edtf.parse(value).latest
            if latest is not None:
                basis = assumed.get((document, PEEL + name, value), _STATED)
                days.setdefault((document, name), []).append((latest, basis))
    found = {}
    for graph in graphs:
        document = DOCUMENT + graph.removeprefix(RECORD_GRAPH)
        for name in _PUBLIC_BY:
            if (document, name) in days:
                day, basis = min(days[document, name])
                found[graph] = (day, _ASSUMED if name == "dated" else basis)
                break
    return found


def _document_days(store: ox.Store, records: dict[str, Source]) -> dict[str, date]:
    """Return by document the first day on which a record describes it."""
    found: dict[str, date] = {}
    for quad in _quads(store, _TYPE):
        record = records.get(_graph(quad))
        subject = _text(quad.subject)
        if record is not None and subject.startswith(DOCUMENT):
            found[subject] = min(record.known, found.get(subject, date.max))
    return found | {source.documents[0]: source.known for source in records.values()}


def _editorial_sources(store: ox.Store, days: dict[str, date]) -> dict[str, Source]:
    graph = ox.NamedNode(EDITORIAL)
    grounds: dict[str, set[str]] = {}
    for quad in store.quads_for_pattern(None, ox.NamedNode(_DERIVED_FROM), None, graph):
        grounds.setdefault(_text(quad.subject), set()).add(_text(quad.object))
    bases = {
        _text(quad.subject): _text(quad.object)
        for quad in store.quads_for_pattern(None, ox.NamedNode(PEEL + "basis"), None, graph)
    }
    return {
        subject: Source(
            max(days.get(each, ALWAYS) for each in documents),
            tuple(sorted(documents)),
            bases.get(subject, _INFERRED),
        )
        for subject, documents in grounds.items()
    }


def read(store: ox.Store) -> Sources:
    """Return the sources of what is in *store*: named graphs as the vocabulary has them."""
    reified = _reified(store)
    names = [name.value for name in store.named_graphs()]
    graphs = sorted(name for name in names if name.startswith(RECORD_GRAPH))
    days = _record_days(store, graphs, {triple: basis for triple, basis, _ in reified.values()})
    records = {
        graph: Source(day, (DOCUMENT + graph.removeprefix(RECORD_GRAPH),), _STATED)
        for graph, (day, _) in days.items()
    }
    editorial = _editorial_sources(store, _document_days(store, records))
    marks: dict[Triple, list[Mark]] = {}
    marked: dict[Triple, Source] = {}
    for name, (triple, basis, graph) in sorted(reified.items()):
        source = (
            editorial.get(name, _FOREVER) if graph == EDITORIAL else records.get(graph, _FOREVER)
        )
        marks.setdefault(triple, []).append(Mark(basis, source.known))
        if graph == EDITORIAL and name in editorial:
            marked[triple] = source
    groundless = {
        subject
        for quad in store.quads_for_pattern(None, None, None, ox.NamedNode(EDITORIAL))
        if (subject := _text(quad.subject)) not in editorial
        and (subject, quad.predicate.value, _text(quad.object)) not in marked
        and not subject.startswith(GRAPH)
    }
    return Sources(
        records=records,
        day_bases={graph: basis for graph, (_, basis) in days.items()},
        undated=tuple(graph for graph in graphs if graph not in days),
        groundless=tuple(sorted(groundless)),
        _editorial=editorial,
        _marked=marked,
        _marks=marks,
    )
