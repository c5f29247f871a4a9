"""Which things there are, of what kind, and from which day they are known."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import pyoxigraph as ox

from peelgraph.derivation.publicity import DERIVED, EDITORIAL, Sources
from peelgraph.namespaces import ID, PEEL, PREFIXES, RDF, SCHEME

_TYPE = ox.NamedNode(RDF + "type")
_SKOS, _OWL = PREFIXES["skos"], PREFIXES["owl"]
_TERMS = {
    _SKOS + "Concept": "concept",
    _SKOS + "ConceptScheme": "concept-scheme",
    _OWL + "Class": "class",
    _OWL + "ObjectProperty": "property",
    _OWL + "DatatypeProperty": "property",
    _OWL + "AnnotationProperty": "property",
}


@dataclass(frozen=True, slots=True)
class Thing:
    """Something with an IRI of ours; ``known`` is ``None`` where it counts as always known."""

    iri: str
    kind: str
    known: date | None


def kind_of(iri: str) -> str | None:
    """Return the kind of a thing, as its IRI says it; a fragment of a document is a passage.

    >>> kind_of("https://w3id.org/peelgraph/id/cause-of-concern/wmp-2023-maracs")
    'cause-of-concern'
    >>> kind_of("https://w3id.org/peelgraph/id/document/x#char=1,2")
    'passage'
    >>> kind_of("https://w3id.org/peelgraph/id/document/x#selector=1,2")
    """
    if not iri.startswith(ID):
        return None
    if "#" in iri:
        return "passage" if "#char=" in iri else None
    return iri[len(ID) :].partition("/")[0]


def things(store: ox.Store, sources: Sources) -> Iterator[Thing]:
    """Return everything of ours that has a class, in order of its IRI."""
    kinds: dict[str, str] = {}
    known: dict[str, date | None] = {}
    for quad in store.quads_for_pattern(None, _TYPE, None):
        subject, graph = quad.subject, quad.graph_name
        if not isinstance(subject, ox.NamedNode) or not isinstance(graph, ox.NamedNode):
            continue
        iri = subject.value
        kind = kind_of(iri)
        if kind is None and isinstance(quad.object, ox.NamedNode):
            if not iri.startswith((PEEL, SCHEME)):
                continue
            kind = _TERMS.get(quad.object.value)
        if kind is None:
            continue
        day = _known(sources, graph.value, iri)
        kinds.setdefault(iri, kind)
        earlier = known.setdefault(iri, day)
        if earlier is not None and (day is None or day < earlier):
            known[iri] = day
    for iri in sorted(kinds):
        yield Thing(iri, kinds[iri], known[iri])


def _known(sources: Sources, graph: str, iri: str) -> date | None:
    record = sources.records.get(graph)
    if record is not None:
        return record.known
    if graph == EDITORIAL:
        source = sources.editorial(iri)
        return source.known if source else None
    return None


def of_knowledge(store: ox.Store) -> set[str]:
    """Return what has a ``peel:knownFrom`` already: what holds for a stretch of knowledge."""
    found = store.quads_for_pattern(
        None, ox.NamedNode(PEEL + "knownFrom"), None, ox.NamedNode(DERIVED)
    )
    return {quad.subject.value for quad in found if isinstance(quad.subject, ox.NamedNode)}
