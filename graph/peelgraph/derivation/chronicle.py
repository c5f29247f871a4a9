"""What the sources state, each statement with the day from which it is public.

A *view* shows what was public on one day, and notes the next day on which something it was asked
about became known: whoever computes from a view alone gets the answer as known on that day, and
knows when it has to be computed again.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

import pyoxigraph as ox

from peelgraph import edtf
from peelgraph.derivation import publicity
from peelgraph.derivation.publicity import Source, Sources
from peelgraph.derivation.status import END
from peelgraph.edtf import Span
from peelgraph.namespaces import PEEL, PREFIXES, RDF, RDFS, SCHEME

TYPE = RDF + "type"
PART_OF = PREFIXES["dcterms"] + "isPartOf"
DOCUMENT_TYPE = PREFIXES["dcterms"] + "type"
ITEM_CLASSES = ("FollowUpItem", "CauseOfConcern", "Recommendation", "AreaForImprovement")

#: everything that standings, phases and the clock are computed from
_PREDICATES = (
    *(PART_OF, DOCUMENT_TYPE),
    *(
        PEEL + name
        for name in (
            *("date", "attestedOpenOn", "identifiedIn", "addresses", "directedTo"),
            *("decides", "outcome", "informedBy", "seenAt", "effectiveOn", "fromPhase", "toPhase"),
            *("publicOn", "sentOn", "dated", "retrievedOn", "reportsOn", "inspects", "respondsTo"),
            *("allowsDays", "countsFirstDay", "appliesFrom"),
        )
    ),
)
_WITNESSING = tuple(PEEL + name for name in ("publicOn", "sentOn", "dated", "retrievedOn"))
#: from the firmest basis to the weakest
_FIRMNESS = {
    f"{SCHEME}basis/{token}": place
    for place, token in enumerate(("stated", "assumed", "inferred", "unconfirmed"))
}
STATED = SCHEME + "basis/stated"
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Fact:
    """One end of a statement, seen from the other; and where it stands."""

    value: str
    source: Source
    basis: str = STATED


@dataclass(frozen=True, slots=True)
class Day:
    """A bound, and what it rests on."""

    day: date
    basis: str = STATED


def weakest(bases: Iterable[str]) -> str:
    """Return the least firm of some bases: a chain is as strong as its weakest link."""
    return max(bases, key=lambda basis: _FIRMNESS.get(basis, len(_FIRMNESS)), default=STATED)


def last(days: Iterable[Day | None]) -> Day | None:
    """Return the last of some days, the firmest one among equals; ``None`` are not known."""
    known = [each for each in days if each is not None]
    return max(known, key=lambda each: (each.day, -_FIRMNESS.get(each.basis, 9)), default=None)


def first(days: Iterable[Day | None]) -> Day | None:
    """Return the first of some days, the firmest one among equals; ``None`` are not known."""
    known = [each for each in days if each is not None]
    return min(known, key=lambda each: (each.day, _FIRMNESS.get(each.basis, 9)), default=None)


class Chronicle:
    """Statements, by predicate and either end."""

    def __init__(self, sources: Sources) -> None:
        self.sources = sources
        self.forward: dict[str, dict[str, list[Fact]]] = {}
        self.backward: dict[str, dict[str, list[Fact]]] = {}
        #: every source in which something is the subject of a statement, by item
        self.telling: dict[str, list[Fact]] = {}

    def add(self, graph: str, subject: str, predicate: str, value: str) -> None:
        """Note one statement."""
        source = self.sources.of(graph, subject, predicate, value)
        basis = self.sources.basis(source, subject, predicate, value)
        forward = self.forward.setdefault(predicate, {})
        forward.setdefault(subject, []).append(Fact(value, source, basis))
        backward = self.backward.setdefault(predicate, {})
        backward.setdefault(value, []).append(Fact(subject, source, basis))

    def subjects(self, predicate: str) -> Iterable[str]:
        """Return every subject of a predicate, in order."""
        return sorted(self.forward.get(predicate, {}))

    def instances(self, classes: Iterable[str]) -> list[str]:
        """Return everything of the given classes, in order."""
        typed = self.backward.get(TYPE, {})
        return sorted({fact.value for each in classes for fact in typed.get(each, ())})


class View:
    """What a chronicle shows on one day, :attr:`next` being the day to look again."""

    __slots__ = ("_chronicle", "day", "next")

    def __init__(self, chronicle: Chronicle, day: date) -> None:
        self._chronicle = chronicle
        self.day = day
        self.next: date | None = None

    def _known(self, facts: Iterable[Fact]) -> Iterator[Fact]:
        for fact in facts:
            known = fact.source.known
            if known <= self.day:
                yield fact
            elif self.next is None or known < self.next:
                self.next = known

    def facts(self, predicate: str, subject: str) -> list[Fact]:
        """Return the objects of the statements about *subject*."""
        return list(self._known(self._chronicle.forward.get(predicate, {}).get(subject, ())))

    def values(self, predicate: str, subject: str) -> list[str]:
        """Return the distinct objects of the statements about *subject*, in order."""
        return sorted({fact.value for fact in self.facts(predicate, subject)})

    def facts_of(self, predicate: str, value: str) -> list[Fact]:
        """Return the subjects of the statements that have *value* as object."""
        return list(self._known(self._chronicle.backward.get(predicate, {}).get(value, ())))

    def subjects(self, predicate: str, value: str) -> list[str]:
        """Return the distinct subjects of the statements that have *value* as object, in order."""
        return sorted({fact.value for fact in self.facts_of(predicate, value)})

    def spans(self, predicate: str, subject: str) -> list[tuple[Span, str]]:
        """Return the dates of *subject* under a predicate, each with its basis."""
        return [(edtf.parse(fact.value), fact.basis) for fact in self.facts(predicate, subject)]

    def earliest(self, predicate: str, subject: str) -> list[Day]:
        """Return the earliest days of the dates of *subject*."""
        spans = self.spans(predicate, subject)
        return [Day(span.earliest, basis) for span, basis in spans if span.earliest]

    def latest(self, predicate: str, subject: str) -> list[Day]:
        """Return the latest days of the dates of *subject*."""
        spans = self.spans(predicate, subject)
        return [Day(span.latest, basis) for span, basis in spans if span.latest]

    def telling(self, item: str) -> list[Fact]:
        """Return a fact for each source that states something of *item*."""
        return list(self._known(self._chronicle.telling.get(item, ())))

    def witness(self, source: Source) -> Day | None:
        """Return the day by which what *source* states has happened; ``None`` if none shows."""
        days = [
            first(day for name in _WITNESSING for day in self.latest(name, document))
            for document in source.documents
        ]
        return None if None in days else last(days)


def through_time(
    chronicle: Chronicle, compute: Callable[[View], Result]
) -> list[tuple[date, date, Result]]:
    """Return what *compute* makes of the chronicle as known from a day, until another.

    The stretches follow one another from the beginning of time to its end; equal neighbours are
    merged.
    """
    found: list[tuple[date, Result]] = []
    day: date | None = publicity.ALWAYS
    while day is not None:
        view = View(chronicle, day)
        result = compute(view)
        if not found or found[-1][1] != result:
            found.append((day, result))
        day = view.next
    ends = [start for start, _ in found[1:]] + [END]
    return [(start, end, result) for (start, result), end in zip(found, ends, strict=True)]


def item_classes(store: ox.Store) -> tuple[str, ...]:
    """Return the classes of follow-up items: ours, and what the ontology puts under them."""
    found = [PEEL + name for name in ITEM_CLASSES]
    narrower: dict[str, list[str]] = {}
    for quad in store.quads_for_pattern(None, ox.NamedNode(RDFS + "subClassOf"), None):
        if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.NamedNode):
            narrower.setdefault(quad.object.value, []).append(quad.subject.value)
    for each in found:
        found.extend(sub for sub in narrower.get(each, ()) if sub not in found)
    return tuple(found)


def read(store: ox.Store) -> Chronicle:
    """Return the chronicle of what stands in the named graphs of *store*."""
    chronicle = Chronicle(publicity.read(store))

    def add(quad: ox.Quad) -> None:
        if isinstance(quad.graph_name, ox.NamedNode) and quad.graph_name.value != publicity.DERIVED:
            subject, value = quad.subject, quad.object
            if isinstance(subject, ox.NamedNode) and isinstance(value, ox.NamedNode | ox.Literal):
                graph = quad.graph_name.value
                chronicle.add(graph, subject.value, quad.predicate.value, value.value)

    for predicate in _PREDICATES:
        for quad in store.quads_for_pattern(None, ox.NamedNode(predicate), None):
            add(quad)
    classes = item_classes(store)
    for each in (*classes, PEEL + "ResponseDuty", PEEL + "ForceGroup", PEEL + "PoliceForce"):
        for quad in store.quads_for_pattern(None, ox.NamedNode(TYPE), ox.NamedNode(each)):
            add(quad)
    periods = ox.NamedNode(PEEL + "PhasePeriod")
    for period in store.quads_for_pattern(None, ox.NamedNode(TYPE), periods):
        for quad in store.quads_for_pattern(period.subject, None, None, period.graph_name):
            add(quad)
    _note_tellings(store, chronicle, classes)
    return chronicle


def _note_tellings(store: ox.Store, chronicle: Chronicle, classes: tuple[str, ...]) -> None:
    values = " ".join(f"<{each}>" for each in classes)
    rows = store.query(
        "SELECT DISTINCT ?item ?graph ?predicate ?value { "
        f"{{ SELECT DISTINCT ?item {{ VALUES ?class {{ {values} }} "
        "GRAPH ?in { ?item a ?class } } } "
        "GRAPH ?graph { ?item ?predicate ?value } }"
    )
    assert isinstance(rows, ox.QuerySolutions)
    seen: set[tuple[str, Source]] = set()
    for row in rows:
        graph, item, predicate, value = (
            term.value
            for term in (row["graph"], row["item"], row["predicate"], row["value"])
            if isinstance(term, ox.NamedNode | ox.Literal | ox.BlankNode)
        )
        source = chronicle.sources.of(graph, item, predicate, value)
        if source.documents and (item, source) not in seen:
            seen.add((item, source))
            chronicle.telling.setdefault(item, []).append(Fact(item, source))
