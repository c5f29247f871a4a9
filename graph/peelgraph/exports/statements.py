"""What the graph says of the things of an export, as quads.

Of each thing its own statements, its passages with their selectors, what we infer of it, its
standing as known, and the recurrences it is in; of everything else that these mention, its label.
"""

from collections.abc import Iterable, Iterator, Sequence

import pyoxigraph as ox

from peelgraph.engine import Engine
from peelgraph.exports.model import LICENCE, Export
from peelgraph.namespaces import BASE, GRAPH, expand
from peelgraph.snapshot import SNAPSHOT
from peelgraph.values import day_term

_CHUNK = 500


def quads(export: Export, engine: Engine) -> list[ox.Quad]:
    """Return the quads of an export, each once, in an order that never changes."""
    return sorted(set(stated(export, engine)), key=str)


def stated(export: Export, engine: Engine) -> Iterator[ox.Quad]:
    """Yield the quads of an export as they are found, some of them more than once."""
    yield from _Statements(export, engine).quads()
    snapshot = ox.NamedNode(SNAPSHOT)
    graph = ox.NamedNode(GRAPH + "derived")
    for name, value in (
        ("peel:digest", ox.Literal(export.snapshot)),
        ("dcterms:license", ox.NamedNode(LICENCE)),
    ):
        yield ox.Quad(snapshot, ox.NamedNode(expand(name)), value, graph)


class _Statements:
    """Asks for the quads of one export."""

    def __init__(self, export: Export, engine: Engine) -> None:
        self._engine = engine
        self._known = day_term(export.known)
        self._nodes = [node.iri for node in export.nodes]
        self._recurrences = [
            expand(edge.id) for edge in export.edges if edge.relation == "recurrence"
        ]

    def quads(self) -> Iterator[ox.Quad]:
        later = self._later()
        inside = set(self._nodes)
        mentioned: set[str] = set()
        told: set[str] = set()
        for pattern, iris in (
            (_OWN, [*self._nodes, *self._recurrences]),
            (_PASSAGES, [*self._nodes, *self._recurrences]),
            (_INFERENCES, self._nodes),
            (_STANDINGS, self._nodes),
            (_PERIODS, self._nodes),
            (_DERIVED, [*self._nodes, *self._recurrences]),
        ):
            for quad in self._asked(pattern, iris):
                subject, predicate, value = quad.subject, quad.predicate, quad.object
                assert isinstance(subject, ox.NamedNode)
                if (str(subject), str(predicate), str(value)) in later and _is_merged(quad):
                    continue
                if predicate == _LEADS_TO and getattr(value, "value", "") not in inside:
                    continue
                told.add(subject.value)
                if isinstance(value, ox.NamedNode) and value.value.startswith(BASE):
                    mentioned.add(value.value)
                yield quad
        for quad in self._asked(_MENTIONED, sorted(mentioned - told)):
            yield quad

    def _later(self) -> set[tuple[str, str, str]]:
        """Return the statements that only documents tell that were not yet public."""
        rows = self._engine.query(
            "SELECT ?s ?p ?o { ?later a peel:LaterStatement ; rdf:subject ?s ; rdf:predicate ?p ; "
            f"rdf:object ?o ; peel:knownFrom ?day FILTER (?day > {self._known}) }}"
        )
        assert isinstance(rows, ox.QuerySolutions)
        return {(str(row["s"]), str(row["p"]), str(row["o"])) for row in rows}

    def _asked(self, pattern: str, iris: Sequence[str]) -> Iterator[ox.Quad]:
        for start in range(0, len(iris), _CHUNK):
            things = " ".join(str(ox.NamedNode(iri)) for iri in iris[start : start + _CHUNK])
            rows = self._engine.query(
                "SELECT DISTINCT ?g ?s ?p ?o { VALUES ?thing { "
                + things
                + " } "
                + pattern.replace("?askKnown", self._known)
                + " }"
            )
            assert isinstance(rows, ox.QuerySolutions)
            for row in rows:
                yield ox.Quad(row["s"], row["p"], row["o"], row["g"])


def _is_merged(quad: ox.Quad) -> bool:
    """Say whether a statement stands in a graph that several documents made."""
    return not str(quad.graph_name).startswith(f"<{GRAPH}record/")


def triples(quads: Iterable[ox.Quad]) -> list[ox.Triple]:
    """Return the merge of quads, each triple once, in order."""
    return sorted({quad.triple for quad in quads}, key=str)


_LEADS_TO = ox.NamedNode(expand("peel:leadsTo"))

_PUBLIC = "?g peel:knownFrom ?day FILTER (?day <= ?askKnown)"

_OWN = """
GRAPH ?g { ?thing ?p ?o }
OPTIONAL { ?g peel:knownFrom ?day }
FILTER (IF(BOUND(?day), ?day <= ?askKnown, ?g = graph:editorial))
BIND (?thing AS ?s)
"""

_PASSAGES = f"""
{{ GRAPH ?g {{ ?thing peel:evidence ?s . ?s ?p ?o }} }}
UNION {{ GRAPH ?g {{ ?thing peel:evidence/oa:hasSelector ?s . ?s ?p ?o }} }}
{_PUBLIC}
"""

_INFERENCES = """
GRAPH ?g { ?s a peel:Inference ; rdf:subject ?thing ; ?p ?o }
?s peel:knownFrom ?day FILTER (?day <= ?askKnown)
"""

_STANDING = """
?standing peel:standingOf ?thing ; peel:knownFrom ?since ; peel:knownUntil ?before .
FILTER (?since <= ?askKnown && ?askKnown < ?before)
"""

_STANDINGS = f"{_STANDING} GRAPH ?g {{ ?standing ?p ?o }} BIND (?standing AS ?s)"

_PERIODS = f"{_STANDING} ?standing peel:hasPeriod ?s . GRAPH ?g {{ ?s ?p ?o }}"

# filters, not further VALUES: of a country, each chunk would be joined with all that is derived
_DERIVED = """
GRAPH graph:derived { ?thing ?p ?o } BIND (graph:derived AS ?g) BIND (?thing AS ?s)
FILTER (?p IN (rdfs:label, peel:kindToken, peel:knownFrom, peel:leadsTo, peel:ofForce, peel:theme))
"""

_MENTIONED = """
GRAPH ?g { ?thing ?p ?o } BIND (?thing AS ?s) FILTER (?p = rdfs:label)
"""
