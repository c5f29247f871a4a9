"""One English label for everything: what somebody wrote, else a phrase made from its parts."""

import pyoxigraph as ox

from peelgraph.derivation.naming import PHRASES, from_iri
from peelgraph.derivation.publicity import ALWAYS, DERIVED, Sources
from peelgraph.namespaces import PEEL, PREFIXES, RDF
from peelgraph.wording import shortened

_ORG, _DCTERMS = PREFIXES["org"], PREFIXES["dcterms"]
#: texts that name a thing, the best first
_TEXTS = (
    PREFIXES["skos"] + "prefLabel",
    PREFIXES["foaf"] + "name",
    _DCTERMS + "title",
    PEEL + "wording",
)
_DESCRIPTION = _DCTERMS + "description"
#: kinds whose description says more than a phrase would
_DESCRIBED = frozenset(
    ("change", "finding", "response", "statement", "statistic", "undertaking", "unknown")
)
_PARTS = {
    name: PEEL + name
    for name in (
        *("about", "answeredBy", "area", "assesses", "between", "conductedBy", "count", "decides"),
        *("earlier", "expression", "from", "grade", "heardBy", "hears", "identifiedIn", "inspects"),
        *("knownFrom", "later", "leavesOpen", "measure", "office", "outcome", "phase", "programme"),
        *("respondent", "respondsTo", "saidBy", "standingOf", "status", "toPhase", "undertakenBy"),
        *("until", "verdict"),
    )
} | {
    "member": _ORG + "member",
    "organization": _ORG + "organization",
    "role": _ORG + "role",
    "postIn": _ORG + "postIn",
    "subject": RDF + "subject",
    "predicate": RDF + "predicate",
}
#: what says which inspection something is of; needed also where that has a name
_CYCLE = ("programme", "inspects")


class Labels:
    """The labels of all things in a store, whose default graph is the merge."""

    def __init__(self, store: ox.Store, sources: Sources, kinds: dict[str, str]) -> None:
        self._kinds = kinds
        self._found = _written(store, sources, _TEXTS)
        described = _written(store, sources, (_DESCRIPTION,))
        self._found |= {
            iri: text
            for iri, text in described.items()
            if iri not in self._found and kinds.get(iri) in _DESCRIBED
        }
        self._parts: dict[str, dict[str, list[str]]] = {}
        for name, predicate in _PARTS.items():
            values = self._parts.setdefault(name, {})
            for quad in store.quads_for_pattern(
                None, ox.NamedNode(predicate), None, ox.DefaultGraph()
            ):
                if not isinstance(quad.subject, ox.NamedNode):
                    continue
                unnamed = quad.subject.value not in self._found
                if (unnamed or name in _CYCLE) and isinstance(
                    quad.object, ox.NamedNode | ox.Literal
                ):
                    values.setdefault(quad.subject.value, []).append(quad.object.value)
        self._open: set[str] = set()

    def of(self, iri: str) -> str:
        """Return the label of a thing."""
        if (found := self._found.get(iri)) is not None:
            return found
        if iri in self._open:  # two things named after one another
            return from_iri(iri)
        self._open.add(iri)
        kind = self._kinds.get(iri, "")
        phrase = PHRASES.get(kind)
        label = shortened(phrase(self, iri) if phrase else from_iri(iri), 160)
        self._open.discard(iri)
        self._found[iri] = label
        return label

    def value(self, iri: str, name: str) -> str | None:
        """Return the first value of a property of *iri*."""
        return min(self._parts[name].get(iri, ()), default=None)

    def part(self, iri: str, name: str, otherwise: str = "") -> str:
        """Return the labels of the values of a property, joined, or another word."""
        found = sorted({self.of(each) for each in self._parts[name].get(iri, ())})
        return ", ".join(found) if found else otherwise


def _written(store: ox.Store, sources: Sources, predicates: tuple[str, ...]) -> dict[str, str]:
    """Return the best text of each thing: of its earliest source, the best kind of text there."""
    best: dict[str, tuple[tuple[str, str, int, bool, str], str]] = {}
    for place, predicate in enumerate(predicates):
        for quad in store.quads_for_pattern(None, ox.NamedNode(predicate), None):
            subject, graph, text = quad.subject, quad.graph_name, quad.object
            if (
                not isinstance(subject, ox.NamedNode)
                or not isinstance(graph, ox.NamedNode)
                or not isinstance(text, ox.Literal)
                or graph.value == DERIVED
                or text.language not in (None, "en", "en-gb")
            ):
                continue
            iri = subject.value
            known = sources.of(graph.value, iri, predicate, text.value).known
            rank = (
                "" if known == ALWAYS else known.isoformat(),
                graph.value,
                place,
                text.language is None,
                text.value,
            )
            if iri not in best or rank < best[iri][0]:
                best[iri] = (rank, text.value)
    return {iri: shortened(text) for iri, (_, text) in best.items()}
