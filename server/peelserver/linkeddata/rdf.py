"""RDF as the server writes it: five forms, each triple once, in an order that never changes.

>>> [link] = about("force:kent", ("rdf:type", iri("peel:PoliceForce")))
>>> print(written([link], "text/turtle").decode().splitlines()[-1])
force:kent a peel:PoliceForce .
"""

from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from peelgraph.namespaces import PREFIXES, XSD
from peelserver.linkeddata import jsonld

#: how the address of a form ends -> its media type; the first is given to who takes any
FORMS: dict[str, str] = {
    "ttl": "text/turtle",
    "jsonld": "application/ld+json",
    "nt": "application/n-triples",
    "rdf": "application/rdf+xml",
}

#: the prefixes of the graph, and of what describes a server
NAMES: dict[str, str] = {
    **PREFIXES,
    "formats": "http://www.w3.org/ns/formats/",
    "geof": "http://www.opengis.net/def/function/geosparql/",
    "sd": "http://www.w3.org/ns/sparql-service-description#",
    "spdx": "http://spdx.org/rdf/terms#",
}

_BY_MEDIA = {
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
}

Term = ox.NamedNode | ox.Literal


def iri(name: str) -> ox.NamedNode:
    """Return a node, given as an IRI or as a prefixed name."""
    prefix, colon, local = name.partition(":")
    known = colon and not local.startswith("//") and prefix in NAMES
    return ox.NamedNode(NAMES[prefix] + local if known else name)


def number(value: int) -> ox.Literal:
    """Return a whole number."""
    return ox.Literal(str(value), datatype=ox.NamedNode(XSD + "integer"))


def words(text: str) -> ox.Literal:
    """Return English text."""
    return ox.Literal(text, language="en")


def about(subject: str, *said: tuple[str, Term]) -> Iterator[ox.Triple]:
    """Yield one statement for each pair of a prefixed property and a value."""
    node = iri(subject)
    for name, value in said:
        yield ox.Triple(node, iri(name), value)


def read(triples: bytes) -> list[ox.Triple]:
    """Return the triples of N-Triples that a worker wrote."""
    parsed = ox.parse(triples, format=ox.RdfFormat.N_TRIPLES, lenient=True)
    return [quad.triple for quad in parsed]


def written(triples: Iterable[ox.Triple], media: str, first: str = "") -> bytes:
    """Return *triples* in the form of a media type.

    :param first: the IRI whose statements come before all others
    """
    each_once = {_key(each, first): each for each in triples}
    order = [each_once[key] for key in sorted(each_once)]
    text = "\n".join(map(str, order))
    names = {key: name for key, name in NAMES.items() if f"<{name}" in text}
    if media == FORMS["jsonld"]:
        return jsonld.written(order, names)
    body = ox.serialize(order, format=_BY_MEDIA[media], prefixes=names)
    assert body is not None
    return body


def _key(triple: ox.Triple, first: str) -> tuple[bool, str, str, str]:
    subject = triple.subject
    assert isinstance(subject, ox.NamedNode | ox.BlankNode)
    return subject.value != first, subject.value, triple.predicate.value, str(triple.object)
