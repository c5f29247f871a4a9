"""The concept schemes and their concepts, in the order of their hierarchy.

>>> from peelgraph.reference import said
>>> scheme = {each.name: each for each in schemes(said.ontology())}["basis"]
>>> scheme.title, scheme.concepts[0].name
('Bases', 'basis:assumed')
"""

from collections.abc import Iterator
from dataclasses import dataclass

import pyoxigraph as ox

from peelgraph.namespaces import SCHEME
from peelgraph.reference.naming import short
from peelgraph.reference.said import Said


@dataclass(frozen=True, slots=True)
class Concept:
    """A concept.

    :param depth: how many broader concepts stand above it
    """

    iri: str
    name: str
    label: str
    others: tuple[str, ...]
    definition: str
    notes: tuple[str, ...]
    examples: tuple[str, ...]
    depth: int


@dataclass(frozen=True, slots=True)
class Scheme:
    """A concept scheme; its name is that of its prefix."""

    iri: str
    name: str
    title: str
    description: str
    notes: tuple[str, ...]
    concepts: tuple[Concept, ...]


def schemes(ontology: Said) -> tuple[Scheme, ...]:
    """Return the concept schemes by name."""
    return tuple(
        Scheme(
            each.value,
            each.value.removeprefix(SCHEME),
            ontology.text(each, "skos:prefLabel", "dcterms:title"),
            ontology.text(each, "dcterms:description", "skos:definition"),
            tuple(ontology.texts(each, "skos:scopeNote")),
            tuple(_concepts(ontology, each)),
        )
        for each in ontology.with_value("rdf:type", "skos:ConceptScheme")
    )


def _concepts(ontology: Said, scheme: ox.NamedNode) -> Iterator[Concept]:
    members = ontology.with_value("skos:inScheme", scheme)
    inside = set(members)
    tops = [
        each for each in members if not inside.intersection(ontology.values(each, "skos:broader"))
    ]
    for top in tops:
        yield from _below(ontology, top, 0, inside)


def _below(
    ontology: Said, concept: ox.NamedNode, depth: int, left: set[ox.NamedNode]
) -> Iterator[Concept]:
    """Yield a concept and those below it; each once, whatever the hierarchy."""
    if concept not in left:
        return
    left.discard(concept)
    yield Concept(
        concept.value,
        short(concept.value),
        ontology.text(concept, "skos:prefLabel"),
        tuple(ontology.texts(concept, "skos:altLabel")),
        ontology.text(concept, "skos:definition"),
        tuple(ontology.texts(concept, "skos:scopeNote")),
        tuple(ontology.texts(concept, "skos:example")),
        depth,
    )
    for below in ontology.with_value("skos:broader", concept):
        yield from _below(ontology, below, depth + 1, left)
