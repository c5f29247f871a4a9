"""DCAT: a catalogue of the whole, of each named graph, and of the services that answer for them."""

from collections.abc import Iterator
from dataclasses import dataclass

import pyoxigraph as ox

from peelgraph.namespaces import BASE
from peelserver.linkeddata.census import Census, Part
from peelserver.linkeddata.rdf import FORMS, about, iri, number, words
from peelserver.linkeddata.void import DATASET, LICENCE, TITLE, introduced

CATALOGUE = DATASET + "#catalogue"

_MEDIA = "https://www.iana.org/assignments/media-types/"
_ENGLISH = "http://publications.europa.eu/resource/authority/language/ENG"
_KEYWORDS = ("police", "inspection", "HMICFRS", "PEEL", "linked data", "provenance")


@dataclass(frozen=True, slots=True)
class File:
    """The snapshot as a file.

    :param size: in bytes
    :param checksum: its SHA-256
    """

    size: int
    checksum: str


def dcat(census: Census, base: str, file: File | None, *, endpoint: bool) -> Iterator[ox.Triple]:
    """Yield the catalogue.

    :param base: the address of the server
    :param file: of the whole, if there is one
    :param endpoint: queries may be sent
    """
    questions = f"{base}/questions#service"
    yield from about(
        CATALOGUE,
        ("rdf:type", iri("dcat:Catalog")),
        ("dcterms:title", words(f"Catalogue of {TITLE}")),
        ("dcterms:description", words("The dataset, its named graphs, and what answers for them.")),
        ("dcterms:publisher", iri(f"{DATASET}#contributors")),
        ("dcterms:license", iri(LICENCE)),
        ("foaf:homepage", iri(f"{base}/")),
        ("dcat:dataset", iri(DATASET)),
        *(("dcat:dataset", iri(part.iri)) for part in census.graphs),
        ("dcat:service", iri(questions)),
    )
    yield from introduced(census)
    yield from about(
        DATASET,
        ("rdf:type", iri("dcat:Dataset")),
        ("dcat:landingPage", iri(f"{base}/")),
        ("dcterms:language", iri(_ENGLISH)),
        ("dcterms:spatial", iri(f"{DATASET}#england-and-wales")),
        *(("dcat:keyword", words(each)) for each in _KEYWORDS),
        *(("dcterms:hasPart", iri(part.iri)) for part in census.graphs),
    )
    yield from about(
        f"{DATASET}#england-and-wales",
        ("rdf:type", iri("dcterms:Location")),
        ("skos:prefLabel", words("England and Wales")),
    )
    if endpoint:
        yield from _endpoint(base)
    if file is not None:
        yield from _dump(base, file)
    yield from _service(
        questions, "Lineage questions", f"{base}/questions", f"{base}/openapi.json", ""
    )
    for part in census.graphs:
        yield from _graph(part, base)


def _endpoint(base: str) -> Iterator[ox.Triple]:
    node, service, address = f"{DATASET}#sparql", f"{base}/sparql#service", f"{base}/sparql"
    yield from about(CATALOGUE, ("dcat:service", iri(service)))
    yield from about(DATASET, ("dcat:distribution", iri(node)))
    yield from about(
        node,
        ("rdf:type", iri("dcat:Distribution")),
        ("dcterms:title", words("SPARQL endpoint")),
        ("dcterms:license", iri(LICENCE)),
        ("dcat:accessURL", iri(address)),
        ("dcat:accessService", iri(service)),
    )
    yield from _service(service, "SPARQL 1.1 endpoint", address, address, "sparql11-protocol")


def _dump(base: str, file: File) -> Iterator[ox.Triple]:
    node = f"{DATASET}#nquads"
    yield from about(DATASET, ("dcat:distribution", iri(node)))
    yield from about(
        node,
        ("rdf:type", iri("dcat:Distribution")),
        ("dcterms:title", words("The snapshot: default graph and named graphs, as N-Quads")),
        ("dcterms:license", iri(LICENCE)),
        ("dcat:accessURL", iri(f"{base}/snapshot")),
        ("dcat:downloadURL", iri(f"{base}/snapshot.nq")),
        ("dcat:mediaType", iri(f"{_MEDIA}application/n-quads")),
        ("dcat:byteSize", number(file.size)),
        ("spdx:checksum", iri(f"{node}-sha256")),
    )
    yield from about(
        f"{node}-sha256",
        ("rdf:type", iri("spdx:Checksum")),
        ("spdx:algorithm", iri("spdx:checksumAlgorithm_sha256")),
        ("spdx:checksumValue", ox.Literal(file.checksum, datatype=iri("xsd:hexBinary"))),
    )


def _service(
    node: str, title: str, endpoint: str, described: str, standard: str
) -> Iterator[ox.Triple]:
    yield from about(
        node,
        ("rdf:type", iri("dcat:DataService")),
        ("dcterms:title", words(title)),
        ("dcterms:license", iri(LICENCE)),
        ("dcat:endpointURL", iri(endpoint)),
        ("dcat:endpointDescription", iri(described)),
        ("dcat:servesDataset", iri(DATASET)),
    )
    if standard:
        yield from about(node, ("dcterms:conformsTo", iri(f"https://www.w3.org/TR/{standard}/")))


def _graph(part: Part, base: str) -> Iterator[ox.Triple]:
    address = f"{base}/{part.iri.removeprefix(BASE)}"
    yield from about(
        part.iri,
        ("rdf:type", iri("dcat:Dataset")),
        ("dcterms:title", words(part.title)),
        ("dcterms:description", words(part.description)),
        ("dcterms:license", iri(LICENCE)),
        ("dcterms:publisher", iri(f"{DATASET}#contributors")),
        ("dcterms:isPartOf", iri(DATASET)),
    )
    if part.document:
        yield from about(part.iri, ("dcterms:source", iri(part.document)))
    for suffix, media in FORMS.items():
        node = f"{part.iri}#{suffix}"
        yield from about(part.iri, ("dcat:distribution", iri(node)))
        yield from about(
            node,
            ("rdf:type", iri("dcat:Distribution")),
            ("dcterms:license", iri(LICENCE)),
            ("dcat:accessURL", iri(address)),
            ("dcat:downloadURL", iri(f"{address}.{suffix}")),
            ("dcat:mediaType", iri(_MEDIA + media)),
        )
