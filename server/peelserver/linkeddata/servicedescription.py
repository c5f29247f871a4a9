"""The SPARQL 1.1 Service Description: language, formats, dataset, functions and limits.

No ``sd:feature`` is claimed: the service dereferences no IRI, follows no ``SERVICE``, asks for no
dataset, keeps no empty graph; and its default graph is no union made up for each query but a graph
of its own, the merge of the named graphs, which holds each of their triples once.
"""

from collections.abc import Iterator

import pyoxigraph as ox

from peelgraph.namespaces import BASE
from peelserver.answering.functions import GEOSPARQL
from peelserver.config import Config
from peelserver.linkeddata.census import Census
from peelserver.linkeddata.rdf import about, iri, words
from peelserver.linkeddata.void import DATASET, LICENCE, TITLE, counted

_FORMATS = (
    *("SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV"),
    *("Turtle", "N-Triples", "RDF_XML", "JSON-LD"),
)


def service(census: Census, config: Config, base: str) -> Iterator[ox.Triple]:
    """Yield the description of the endpoint.

    :param base: the address of the server
    """
    endpoint = f"{base}/sparql"
    functions = GEOSPARQL if config.engine is None else ()  # those of another engine are its own
    node, dataset, default = (f"{endpoint}#{name}" for name in ("service", "dataset", "default"))
    yield from about(
        node,
        ("rdf:type", iri("sd:Service")),
        ("sd:endpoint", iri(endpoint)),
        ("sd:supportedLanguage", iri("sd:SPARQL11Query")),
        ("sd:defaultEntailmentRegime", iri("http://www.w3.org/ns/entailment/Simple")),
        *(("sd:resultFormat", iri(f"formats:{name}")) for name in _FORMATS),
        *(("sd:extensionFunction", iri(f"geof:{name}")) for name in functions),
        ("sd:defaultDataset", iri(dataset)),
        ("sd:availableGraphs", iri(dataset)),
        ("dcterms:title", words(f"SPARQL endpoint of {TITLE}")),
        ("dcterms:license", iri(LICENCE)),
        ("rdfs:seeAlso", iri(f"{base}/.well-known/void")),
        *(("rdfs:comment", words(text)) for text in limits(config)),
    )
    for name in functions:
        yield from about(f"geof:{name}", ("rdf:type", iri("sd:Function")))
    yield from about(
        dataset,
        ("rdf:type", iri("sd:Dataset")),
        ("rdf:type", iri("sd:GraphCollection")),
        ("sd:defaultGraph", iri(default)),
        ("dcterms:isVersionOf", iri(DATASET)),
        ("dcterms:identifier", ox.Literal(census.digest)),
    )
    yield from about(
        default,
        ("rdf:type", iri("sd:Graph")),
        (
            "dcterms:description",
            words("The merge of all named graphs, each triple once: counts need no DISTINCT."),
        ),
        *counted(census.counts),
    )
    for part in census.graphs:
        named = f"{endpoint}#{part.iri.removeprefix(BASE)}"
        yield from about(dataset, ("sd:namedGraph", iri(named)))
        yield from about(
            named,
            ("rdf:type", iri("sd:NamedGraph")),
            ("sd:name", iri(part.iri)),
            ("sd:graph", iri(part.iri)),
        )
        yield from about(
            part.iri,
            ("rdf:type", iri("sd:Graph")),
            ("dcterms:title", words(part.title)),
            *counted(part.counts),
        )


def limits(config: Config) -> Iterator[str]:
    """Yield what the service allows, in plain words."""
    yield f"A query may take {config.deadline:g} seconds; one that takes longer is stopped (504)."
    yield (
        f"A request may have {_bytes(config.largest_request)}, an answer "
        f"{_bytes(config.largest_answer)} (413); an answer is never cut short."
    )
    yield (
        "A dataset named with default-graph-uri or FROM is merged, each triple once, up to "
        f"{config.merge_bound:,} triples (413)."
    )
    yield (
        f"One client may send {config.rate:g} requests a second for long and {config.burst} at "
        "once (429); when all workers are busy, try again when Retry-After says (503)."
    )
    yield "The graph is read-only, and SERVICE is not followed (403)."
    yield "The prefixes of the graph need not be declared."


def _bytes(count: int) -> str:
    return f"{count >> 20} MiB" if count >= 1 << 20 else f"{count >> 10} KiB"
