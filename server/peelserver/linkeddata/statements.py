"""What the graph says of one thing, and of one scheme or named graph, as CONSTRUCT queries.

Of a thing: its own statements, its passages with their selectors, the statements that link to it,
and the label of each thing at the other end. A document has its passages, which are fragments of
it. Links are bounded, since a force has one from nearly everything; the queries say how many
there are, so that an answer that leaves some out says so too.
"""

import pyoxigraph as ox

from peelgraph.engine import Engine
from peelgraph.namespaces import PREFIXES
from peelserver.answering.jobs import Job
from peelserver.linkeddata import rdf
from peelserver.state import state

#: how many statements that link to a thing stand in an answer
BOUND = 1000

_LINKS = """{ SELECT ?s ?p {
    VALUES ?thing { <THING> } ?s ?p ?thing FILTER (?p != oa:hasSource && ?s != ?thing)
  } ORDER BY (?p = peel:ofForce) ?p ?s LIMIT BOUND }"""

_THING = """CONSTRUCT { ?s ?p ?o } WHERE {
  { VALUES ?s { <THING> } ?s ?p ?o }
  UNION { LINKS BIND (<THING> AS ?o) }
  UNION { { SELECT DISTINCT ?s { { <THING> ?any ?s } UNION { LINKS } } }
          ?s rdfs:label ?o BIND (rdfs:label AS ?p) }
  UNION { { SELECT DISTINCT ?s {
            { <THING> peel:evidence ?s } UNION { ?s oa:hasSource <THING> }
            UNION { <THING> peel:evidence ?passage . ?passage oa:hasSelector ?s }
            UNION { ?passage oa:hasSource <THING> ; oa:hasSelector ?s } } }
          ?s ?p ?o }
}"""

_COUNT = """SELECT (COUNT(*) AS ?links) {
  VALUES ?thing { <THING> } ?s ?p ?thing FILTER (?p != oa:hasSource && ?s != ?thing) }"""


def of_thing(iri: str) -> str:
    """Return the query for what is said of a thing."""
    text = _THING.replace("LINKS", _LINKS)
    return text.replace("BOUND", str(BOUND)).replace("<THING>", str(ox.NamedNode(iri)))


def of_scheme(iri: str) -> str:
    """Return the query for a concept scheme and all that stands in it."""
    return (
        f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {{ VALUES ?s {{ <{iri}> }} ?s ?p ?o }} "
        f"UNION {{ ?s <{PREFIXES['skos']}inScheme> <{iri}> ; ?p ?o }} }}"
    )


def of_graph(iri: str) -> str:
    """Return the query for a named graph."""
    return f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{iri}> {{ ?s ?p ?o }} }}"


def constructed(query: str, digest: str) -> list[ox.Triple]:
    """Return the triples that a CONSTRUCT makes of a snapshot."""
    return rdf.read(state().pool.answer(Job(query), lane="question", digest=digest).body)


def described(iri: str, engine: Engine) -> list[ox.Triple]:
    """Return what the graph says of a thing; with a note, if not all links to it are there."""
    found = constructed(of_thing(iri), engine.digest)
    count = links(engine, iri)
    if count > BOUND:
        text = (
            f"Not complete: {count:,} statements link to this thing, and {BOUND:,} of them stand "
            "here. Ask the SPARQL endpoint for the others."
        )
        found += rdf.about(
            f"{iri}.ttl",
            ("rdf:type", rdf.iri("foaf:Document")),
            ("foaf:primaryTopic", rdf.iri(iri)),
            ("rdfs:comment", rdf.words(text)),
        )
    return found


def links(engine: Engine, iri: str) -> int:
    """Return how many statements link to a thing."""
    found = engine.query(_COUNT.replace("<THING>", str(ox.NamedNode(iri))))
    assert isinstance(found, ox.QuerySolutions)
    return int(next(found)["links"].value)


def exists(engine: Engine, iri: str) -> bool:
    """Whether anything is said of *iri*."""
    return bool(engine.query(f"ASK {{ {ox.NamedNode(iri)} ?p ?o }}"))


def exists_graph(engine: Engine, iri: str) -> bool:
    """Whether *iri* is the name of a graph."""
    return bool(engine.query(f"ASK {{ GRAPH {ox.NamedNode(iri)} {{ ?s ?p ?o }} }}"))
