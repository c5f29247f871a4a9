"""VoID: the whole as a dataset, with counts by class, by property and by named graph."""

from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from peelgraph.namespaces import BASE, ID, shorten
from peelserver.linkeddata.census import Census, Part
from peelserver.linkeddata.rdf import Term, about, iri, number, words

#: the IRI of the whole
DATASET = BASE + "dataset"

LICENCE = "https://creativecommons.org/licenses/by/4.0/"
TITLE = "peelgraph: police inspections in England and Wales"
DESCRIPTION = (
    "Which concern led to which recommendation, what was answered, when it was closed, and where "
    "it says so: inspections of police forces by HMICFRS and its predecessors as linked data, "
    "every statement with the passage that proves it."
)
RIGHTS = (
    "Contains public sector information licensed under the Open Government Licence v3.0. "
    "The documents themselves are not part of the dataset."
)
_FEATURES = ("Turtle", "JSON-LD", "N-Triples", "RDF_XML")
_PROPERTY_OF = {
    "triples": "void:triples",
    "entities": "void:entities",
    "subjects": "void:distinctSubjects",
    "objects": "void:distinctObjects",
    "classes": "void:classes",
    "properties": "void:properties",
}


def void(census: Census, base: str, *, whole: bool, endpoint: bool) -> Iterator[ox.Triple]:
    """Yield the description of the dataset.

    :param base: the address of the server
    :param whole: there is a file of the whole
    :param endpoint: queries may be sent
    """
    yield from about(
        f"{BASE}.well-known/void",
        ("rdf:type", iri("void:DatasetDescription")),
        ("foaf:primaryTopic", iri(DATASET)),
        ("dcterms:title", words(f"Description of {TITLE}")),
    )
    yield from introduced(census)
    yield from about(
        DATASET,
        ("rdf:type", iri("void:Dataset")),
        ("foaf:homepage", iri(f"{base}/")),
        *((("void:sparqlEndpoint", iri(f"{base}/sparql")),) if endpoint else ()),
        *((("void:dataDump", iri(f"{base}/snapshot.nq")),) if whole else ()),
        ("void:uriSpace", ox.Literal(ID)),
        *counted(census.counts),
        *(("void:feature", iri(f"formats:{name}")) for name in _FEATURES),
        *(("void:vocabulary", iri(each)) for each in census.vocabularies),
        *(("void:exampleResource", iri(each)) for each in census.examples),
    )
    yield from _partitions("class", census.classes)
    yield from _partitions("property", census.properties)
    for part in census.graphs:
        yield from about(DATASET, ("void:subset", iri(part.iri)))
        yield from about(
            part.iri,
            ("rdf:type", iri("void:Dataset")),
            ("dcterms:title", words(part.title)),
            ("dcterms:license", iri(LICENCE)),
            ("void:dataDump", iri(f"{base}/{part.iri.removeprefix(BASE)}.nt")),
            *counted(part.counts),
        )


def introduced(census: Census) -> Iterator[ox.Triple]:
    """Yield what VoID and DCAT both say of the dataset: title, licence, makers, state."""
    makers = f"{DATASET}#contributors"
    yield from about(
        DATASET,
        ("dcterms:title", words(TITLE)),
        ("dcterms:description", words(DESCRIPTION)),
        ("dcterms:license", iri(LICENCE)),
        ("dcterms:rights", words(RIGHTS)),
        ("dcterms:creator", iri(makers)),
        ("dcterms:publisher", iri(makers)),
        ("dcterms:identifier", ox.Literal(census.digest)),
    )
    if census.changed:
        day = ox.Literal(census.changed, datatype=iri("xsd:date"))
        yield from about(DATASET, ("dcterms:modified", day))
    yield from about(
        makers,
        ("rdf:type", iri("foaf:Agent")),
        ("foaf:name", words("The peelgraph contributors")),
    )


def counted(counts: dict[str, int]) -> Iterator[tuple[str, Term]]:
    """Yield each count with its property."""
    for name, value in counts.items():
        yield _PROPERTY_OF[name], number(value)


def _partitions(what: str, parts: Iterable[Part]) -> Iterator[ox.Triple]:
    for part in parts:
        node = f"{DATASET}#{what}/{shorten(part.iri).replace(':', '/', 1)}"
        yield from about(DATASET, (f"void:{what}Partition", iri(node)))
        yield from about(
            node,
            ("rdf:type", iri("void:Dataset")),
            (f"void:{what}", iri(part.iri)),
            *counted(part.counts),
        )
