"""What a snapshot holds, counted by queries: whole, by class, by property and by named graph."""

from dataclasses import dataclass

import pyoxigraph as ox

from peelgraph.engine import Engine
from peelgraph.namespaces import GRAPH, ID
from peelserver.answering.lanes import Lane
from peelserver.answering.pool import CLIENT

_TOTALS = """SELECT (COUNT(*) AS ?triples) (COUNT(DISTINCT ?s) AS ?subjects)
  (COUNT(DISTINCT ?o) AS ?objects) { ?s ?p ?o }"""
_ENTITIES = f"""SELECT (COUNT(DISTINCT ?s) AS ?entities)
  {{ ?s ?p ?o FILTER (STRSTARTS(STR(?s), "{ID}")) }}"""
_CLASSES = """SELECT (STR(?class) AS ?iri) (COUNT(DISTINCT ?s) AS ?entities)
  { ?s a ?class FILTER (isIRI(?class)) } GROUP BY ?class ORDER BY ?class"""
_PROPERTIES = """SELECT (STR(?p) AS ?iri) (COUNT(*) AS ?triples)
  (COUNT(DISTINCT ?s) AS ?subjects) (COUNT(DISTINCT ?o) AS ?objects)
  { ?s ?p ?o } GROUP BY ?p ORDER BY ?p"""
_GRAPHS = """SELECT (STR(?g) AS ?iri) (COUNT(*) AS ?triples) (COUNT(DISTINCT ?s) AS ?subjects)
  (COUNT(DISTINCT ?o) AS ?objects) (COUNT(DISTINCT ?p) AS ?properties)
  { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g ORDER BY ?g"""
_GRAPH_CLASSES = """SELECT (STR(?g) AS ?iri) (COUNT(DISTINCT ?class) AS ?classes)
  { GRAPH ?g { ?s a ?class } } GROUP BY ?g"""
_TITLES = """SELECT (STR(?g) AS ?iri) ?title ?description ?document {
  { SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } } }
  OPTIONAL { ?g dcterms:title ?own ; dcterms:description ?description }
  OPTIONAL { ?g foaf:primaryTopic ?document OPTIONAL { ?document dcterms:title ?theirs } }
  BIND (COALESCE(?own, ?theirs) AS ?title)
} ORDER BY ?g DESC(?title) DESC(?description)"""
_CHANGED = """SELECT (STR(MAX(?day)) AS ?changed)
  { VALUES ?whole { dcat:Dataset owl:Ontology }
  ?part a ?whole ; dcterms:created|dcterms:modified ?day }"""
_EXAMPLES = """SELECT (STR(MAX(?thing)) AS ?iri) { ?thing peel:kindToken ?kind
  VALUES ?kind { "force" "inspection" "cause-of-concern" "recommendation" "decision" "document" }
  { ?thing peel:evidence ?passage } UNION { ?item peel:raisedAgainst ?thing }
} GROUP BY ?kind ORDER BY ?iri"""

#: the named graphs that no file introduces
_OWN = {
    "derived": ("Derived", "What rules compute from all other graphs, rebuilt with each snapshot."),
    "ontology": ("Ontology", "The vocabulary of the graph and its alignments with others."),
    "schemes": ("Concept schemes", "The controlled lists: areas, themes, grades, outcomes …"),
}


@dataclass(frozen=True, slots=True)
class Part:
    """One class, property or named graph, and what is counted of it."""

    iri: str
    counts: dict[str, int]
    title: str = ""
    description: str = ""
    document: str = ""


@dataclass(frozen=True, slots=True)
class Census:
    """All counts of one snapshot. ``changed`` is the latest day on which a part was changed."""

    digest: str
    counts: dict[str, int]
    classes: tuple[Part, ...]
    properties: tuple[Part, ...]
    graphs: tuple[Part, ...]
    examples: tuple[str, ...]
    changed: str

    @property
    def vocabularies(self) -> list[str]:
        """The namespaces of the classes and properties in use."""
        return sorted({_namespace(each.iri) for each in (*self.classes, *self.properties)})


_taken: dict[str, Census] = {}

#: one takes a census, which may need seconds; a few wait for it, and hold their threads meanwhile
_turns = Lane(turns=1, queue=8, patience=10.0)


def take(engine: Engine) -> Census:
    """Return the census of the snapshot behind *engine*; each of the last few is taken once.

    :raises Busy: it is being taken for others
    """
    if (found := _taken.get(engine.digest)) is not None:
        return found
    with _turns.turn(CLIENT.get()):
        if engine.digest not in _taken:
            _taken[engine.digest] = _take(engine)
            while len(_taken) > 4:
                del _taken[next(iter(_taken))]
        return _taken[engine.digest]


_days: dict[str, str] = {}


def changed(engine: Engine) -> str:
    """Return the latest day on which a part of a snapshot was changed; empty if none says so."""
    if engine.digest not in _days:
        _days[engine.digest] = _rows(engine, _CHANGED)[0].get("changed", "")
        while len(_days) > 4:
            del _days[next(iter(_days))]
    return _days[engine.digest]


def _take(engine: Engine) -> Census:
    classes = tuple(_part(row) for row in _rows(engine, _CLASSES))
    properties = tuple(_part(row) for row in _rows(engine, _PROPERTIES))
    counts = _counts(_rows(engine, _TOTALS)[0]) | _counts(_rows(engine, _ENTITIES)[0])
    counts |= {"classes": len(classes), "properties": len(properties)}
    of_graphs = {row["iri"]: _counts(row) for row in _rows(engine, _GRAPH_CLASSES)}
    titles = {row["iri"]: row for row in _rows(engine, _TITLES)}
    graphs = tuple(
        _graph(row, of_graphs.get(row["iri"], {"classes": 0}), titles[row["iri"]])
        for row in _rows(engine, _GRAPHS)
    )
    examples = tuple(row["iri"] for row in _rows(engine, _EXAMPLES))
    day = changed(engine)
    return Census(engine.digest, counts, classes, properties, graphs, examples, day)


def _rows(engine: Engine, query: str) -> list[dict[str, str]]:
    found = engine.query(query)
    assert isinstance(found, ox.QuerySolutions)
    names = [variable.value for variable in found.variables]
    return [
        {name: term.value for name in names if isinstance(term := row[name], _PLAIN)}
        for row in found
    ]


_PLAIN = ox.NamedNode | ox.Literal


def _counts(row: dict[str, str]) -> dict[str, int]:
    return {name: int(value) for name, value in row.items() if name != "iri"}


def _part(row: dict[str, str]) -> Part:
    return Part(row["iri"], _counts(row))


def _graph(row: dict[str, str], classes: dict[str, int], said: dict[str, str]) -> Part:
    name = row["iri"].removeprefix(GRAPH)
    title, description = _OWN.get(name, ("", ""))
    if document := said.get("document", ""):
        description = "What one document is evidence for, each statement with its passages."
    return Part(
        row["iri"],
        _counts(row) | classes,
        said.get("title", title) or name,
        said.get("description", description),
        document,
    )


def _namespace(iri: str) -> str:
    return iri[: max(iri.rfind("#"), iri.rfind("/")) + 1]
