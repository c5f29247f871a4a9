"""Each class and property of the ontology: what it means, where it stands, which shapes govern it.

>>> from peelgraph.reference import said
>>> term = {each.name: each for each in terms(said.ontology(), ())}["CauseOfConcern"]
>>> term.label, [each.name for each in term.under]
('cause of concern', ['peel:FollowUpItem'])
"""

from collections.abc import Iterable
from dataclasses import dataclass

import pyoxigraph as ox

from peelgraph.namespaces import PEEL
from peelgraph.reference.naming import Naming, short
from peelgraph.reference.rules import Rule
from peelgraph.reference.said import Said

#: what makes a thing a class or a property, and how its kind is called
_KINDS = {
    "owl:Class": "class",
    "owl:ObjectProperty": "property",
    "owl:DatatypeProperty": "property",
}


@dataclass(frozen=True, slots=True)
class Named:
    """Another term: its IRI, its prefixed name, what people call it."""

    iri: str
    name: str
    label: str


@dataclass(frozen=True, slots=True)
class Term:
    """A class or property.

    :param name: what stands behind ``peel:``
    :param kind: ``class`` or ``property``
    :param under: the terms that it is a kind of
    :param above: those of ours that are a kind of it
    :param of: for a property, the class of what has it
    :param to: for a property, the class or datatype of its values
    :param apart: the classes that share no member with it
    :param sources: addresses of what its definition rests on
    :param rules: the shapes that govern it
    """

    iri: str
    name: str
    kind: str
    label: str
    definition: str
    notes: tuple[str, ...]
    examples: tuple[str, ...]
    under: tuple[Named, ...]
    above: tuple[Named, ...]
    of: tuple[Named, ...]
    to: tuple[Named, ...]
    inverse: tuple[Named, ...]
    apart: tuple[Named, ...]
    sources: tuple[str, ...]
    rules: tuple[Rule, ...]


def terms(ontology: Said, rules: Iterable[Rule]) -> tuple[Term, ...]:
    """Return the terms of an ontology: classes, then properties, each by name."""
    governed: dict[str, list[Rule]] = {}
    for rule in rules:
        for iri in rule.governs:
            governed.setdefault(iri, []).append(rule)
    found = {
        each: kind
        for name, kind in _KINDS.items()
        for each in ontology.with_value("rdf:type", name)
        if each.value.startswith(PEEL)
    }
    made = [_term(ontology, each, kind, governed) for each, kind in found.items()]
    return tuple(sorted(made, key=lambda term: (term.kind, term.name)))


def named(ontology: Said, iri: str) -> Named:
    """Return what a term is called."""
    return Named(iri, short(iri), Naming(ontology).label(iri))


def _term(ontology: Said, term: ox.NamedNode, kind: str, governed: dict[str, list[Rule]]) -> Term:
    def linked(*names: str) -> tuple[Named, ...]:
        return tuple(named(ontology, iri) for iri in ontology.iris(term, *names))

    below = [
        each.value
        for name in ("rdfs:subClassOf", "rdfs:subPropertyOf")
        for each in ontology.with_value(name, term)
        if each.value.startswith(PEEL)
    ]
    other_way = [each.value for each in ontology.with_value("owl:inverseOf", term)]
    return Term(
        iri=term.value,
        name=term.value.removeprefix(PEEL),
        kind=kind,
        label=ontology.text(term, "skos:prefLabel"),
        definition=ontology.text(term, "skos:definition"),
        notes=tuple(ontology.texts(term, "skos:scopeNote")),
        examples=tuple(ontology.texts(term, "skos:example")),
        under=linked("rdfs:subClassOf", "rdfs:subPropertyOf"),
        above=tuple(named(ontology, iri) for iri in below),
        of=linked("rdfs:domain"),
        to=linked("rdfs:range"),
        inverse=(*linked("owl:inverseOf"), *(named(ontology, iri) for iri in other_way)),
        apart=linked("owl:disjointWith"),
        sources=tuple(ontology.iris(term, "dcterms:source")),
        rules=tuple(governed.get(term.value, ())),
    )
