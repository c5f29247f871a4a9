"""What the analyses stand on: things, lineage and recurrences as graphs of networkx.

Only what is known by the day ``known`` counts, and only what had surely happened by the day ``on``:
what may have happened later is left out, and counted.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import networkx
import pyoxigraph as ox

from peelgraph import asking, values
from peelgraph.asking import Value
from peelgraph.engine import Engine
from peelgraph.namespaces import shorten
from peelgraph.questions import parameter

#: the kinds that a document tells of, as against bodies, people and what is derived
TOLD = (
    *("area-for-improvement", "assessment", "cause-of-concern", "decision", "document", "finding"),
    *("grade-count", "hearing", "inspection", "judgement", "recommendation", "response"),
    *("statement", "statistic", "undertaking"),
)
ITEMS = parameter("kind").choices
#: the dates of a thing that say when it happened, best first
_HAPPENED = ("date", "effectiveOn", "publicOn", "dated")

#: the relations that lead from an inspection to what it found
_SEEN = ("peel:identifiedIn", "peel:seenAt")
_TOLD = " ".join(f'"{kind}"' for kind in TOLD)

_THINGS = f"""
SELECT DISTINCT ?thing ?kind ?label ?firstKnown {{
  VALUES (?askForce ?askKnown) {{ (UNDEF UNDEF) }}
  VALUES ?kind {{ {_TOLD} }}
  {{ ?thing peel:ofForce ?askForce }} UNION {{ ?thing peel:leadsTo/peel:ofForce ?askForce }}
  ?thing peel:kindToken ?kind ; rdfs:label ?label ; peel:knownFrom ?firstKnown .
  FILTER (?firstKnown <= ?askKnown)
}}"""

_LINKS = """
SELECT DISTINCT ?from ?relation ?to ?basis {
  VALUES (?askForce ?askKnown) { (UNDEF UNDEF) }
  ?to peel:ofForce ?askForce .
  ?from peel:leadsTo ?to .
  { GRAPH ?record { ?to ?relation ?from } ?relation rdfs:subPropertyOf peel:ledToBy }
  UNION { GRAPH ?record { ?from ?relation ?to } ?relation rdfs:subPropertyOf peel:leadsTo }
  UNION { GRAPH ?record { ?to peel:decides ?from } BIND (peel:decides AS ?relation) }
  ?record peel:knownFrom ?recordKnown FILTER (?recordKnown <= ?askKnown)
  OPTIONAL {
    ?inference rdf:subject ?to ; rdf:predicate ?relation ; rdf:object ?from ; peel:basis ?marked
  }
  BIND (COALESCE(STRAFTER(STR(?marked), "/scheme/basis/"), "stated") AS ?basis)
}"""

_CONCEPTS = """
SELECT DISTINCT ?thing ?concept {
  VALUES (?askForce ?askKnown) { (UNDEF UNDEF) }
  ?thing peel:ofForce ?askForce .
  GRAPH ?record { ?thing peel:%s ?concept }
  ?record peel:knownFrom ?recordKnown FILTER (?recordKnown <= ?askKnown)
}"""

_TELLINGS = """
SELECT DISTINCT ?thing ?document {
  VALUES (?askForce ?askKnown) { (UNDEF UNDEF) }
  ?thing peel:ofForce ?askForce .
  GRAPH ?record { ?thing peel:evidence ?passage }
  ?record peel:knownFrom ?recordKnown ; foaf:primaryTopic ?document .
  FILTER (?recordKnown <= ?askKnown)
}"""

_LINK_TELLINGS = """
SELECT DISTINCT ?from ?to ?document {
  VALUES (?askForce ?askKnown) { (UNDEF UNDEF) }
  ?to peel:ofForce ?askForce .
  ?from peel:leadsTo ?to .
  { GRAPH ?record { ?to ?relation ?from } ?relation rdfs:subPropertyOf peel:ledToBy }
  UNION { GRAPH ?record { ?from ?relation ?to } ?relation rdfs:subPropertyOf peel:leadsTo }
  UNION { GRAPH ?record { ?to peel:decides ?from } }
  ?record peel:knownFrom ?recordKnown ; foaf:primaryTopic ?document .
  FILTER (?recordKnown <= ?askKnown)
}"""


@dataclass(frozen=True, slots=True)
class Thing:
    """A thing that documents tell of, and the days between which it happened.

    :param earliest: the first day it can have been, ``YYYY-MM-DD``; None, where nothing says so
    :param latest: the day by which it had surely happened
    """

    iri: str
    kind: str
    label: str
    earliest: str | None
    latest: str


class Material:
    """The part of a graph that an analysis looks at; each piece is read when it is first needed."""

    def __init__(self, engine: Engine, *, force: str | None, on: str, known: str) -> None:
        """Check the arguments.

        :raises UnknownName: there is no such force
        :raises BadValue: a day is none
        """
        self.engine = engine
        self.on = values.check_form(parameter("on"), on)
        self.known = values.check_form(parameter("known"), known)
        self.force = values.check(parameter("force"), force, engine) if force else None
        self._arguments = {"known": self.known} | ({"force": self.force} if self.force else {})

    @cached_property
    def things(self) -> dict[str, Thing]:
        """Everything that had surely happened by the day, by IRI."""
        return {iri: each for iri, each in self._all.items() if each.latest <= self.on}

    @property
    def later(self) -> int:
        """How many things are known that may have happened after the day."""
        return len(self._all) - len(self.things)

    @cached_property
    def lineage(self) -> "networkx.MultiDiGraph[str]":
        """What led to what: edges from cause to effect, with ``relation`` and ``basis``."""
        found: networkx.MultiDiGraph[str] = networkx.MultiDiGraph()
        found.add_nodes_from(sorted(self.things))
        for start, relation, end, basis in sorted(set(self._links)):
            if start in self.things and end in self.things:
                found.add_edge(start, end, relation=shorten(relation), basis=basis)
        return found

    @cached_property
    def recurrences(self) -> "networkx.DiGraph[str]":
        """What came up again: edges from earlier to later, with ``recurrence`` and ``basis``."""
        found: networkx.DiGraph[str] = networkx.DiGraph()
        for row in self.ask("recurrence", **self._arguments):
            ends = str(row["earlier"]), str(row["later"])
            if self.things.keys() >= set(ends) and not found.has_edge(*ends):
                found.add_edge(*ends, recurrence=row["recurrence"], basis=row["basis"])
        return found

    @cached_property
    def statuses(self) -> dict[str, dict[str, Value]]:
        """How each item stands on the day: rows of the question ``status``."""
        rows = self.ask("status", on=self.on, **self._arguments)
        return {str(row["item"]): row for row in rows}

    @cached_property
    def themes(self) -> dict[str, list[str]]:
        """The themes that records give to a thing itself, not those that a rule hands on."""
        return self._concepts("theme")

    @cached_property
    def polarities(self) -> dict[str, list[str]]:
        """Whether a finding is a strength, a weakness or neither."""
        return self._concepts("polarity")

    @cached_property
    def tellings(self) -> dict[str, list[str]]:
        """The documents that tell of each thing."""
        return _grouped(
            (thing, document) for thing, document in self.rows(_TELLINGS) if thing in self.things
        )

    @cached_property
    def link_tellings(self) -> dict[tuple[str, str], list[str]]:
        """The documents that tell of each step of the lineage."""
        found: dict[tuple[str, str], set[str]] = {}
        for start, end, document in self.rows(_LINK_TELLINGS):
            if self.lineage.has_edge(start, end):
                found.setdefault((start, end), set()).add(document)
        return {link: sorted(documents) for link, documents in found.items()}

    @cached_property
    def held(self) -> int:
        """How many documents tell of all this."""
        return len({document for found in self.tellings.values() for document in found})

    def ask(self, name: str, **arguments: str) -> tuple[dict[str, Value], ...]:
        """Return the rows of one of the lineage questions."""
        return asking.ask(self.engine, name, arguments).rows

    def causes(self, iri: str, *relations: str) -> list[str]:
        """Return what led to a thing by one of the *relations*, in order."""
        edges = self.lineage.in_edges(iri, data="relation")
        return sorted({start for start, _, relation in edges if relation in relations})

    def effects(self, iri: str, *relations: str) -> list[str]:
        """Return what came of a thing by one of the *relations*, in order."""
        edges = self.lineage.out_edges(iri, data="relation")
        return sorted({end for _, end, relation in edges if relation in relations})

    def inspection(self, iri: str) -> str | None:
        """Return the inspection in which a thing was identified or seen."""
        return next(iter(self.causes(iri, *_SEEN)), None)

    def evidence(self, iris: Iterable[str]) -> dict[str, list[str]]:
        """Return the passages that prove each of several things."""
        wanted = sorted(set(iris))
        rows = asking.rows_of_each(self.engine, "evidence", "thing", wanted, {"known": self.known})
        return _grouped((str(row["thing"]), str(row["passage"])) for row in rows)

    def rows(self, query: str) -> list[tuple[str, ...]]:
        """Return the rows of a query that is asked for the force and the documents that count."""
        terms = {"askKnown": values.day_term(self.known)}
        if self.force:
            terms["askForce"] = str(ox.NamedNode(self.force))
        found = self.engine.query(values.fill(query, terms))
        assert isinstance(found, ox.QuerySolutions)
        return [tuple(str(asking.plain(cell)) for cell in row if cell is not None) for row in found]

    @cached_property
    def _all(self) -> dict[str, Thing]:
        """Everything that is known, whenever it happened."""
        dates = self._dates()
        inspections: dict[str, str] = {}
        reports: dict[str, list[str]] = {}
        for start, relation, end, _ in self._links:
            name = shorten(relation)
            if name in _SEEN:
                inspections[end] = min(start, inspections.get(end, start))
            elif name == "peel:reportsOn":
                reports.setdefault(start, []).append(end)
        found = {}
        for iri, kind, label, known in self.rows(_THINGS):
            visit = inspections.get(iri, iri)
            earliest, latest = dates.get(iri) or dates.get(visit, (None, None))
            told = [dates[each][1] for each in reports.get(visit, ()) if each in dates]
            bounds = [day for day in (latest, *told, known) if day]
            found[iri] = Thing(iri, kind, label, earliest, min(bounds))
        return found

    @cached_property
    def _links(self) -> list[tuple[str, ...]]:
        return self.rows(_LINKS)

    def _dates(self) -> dict[str, tuple[str | None, str | None]]:
        """Return the days between which each dated thing happened."""
        found: dict[str, tuple[str | None, str | None]] = {}
        rank: dict[str, int] = {}
        for row in self.ask("timeline", **self._arguments):
            thing, kind = str(row["thing"]), str(row["dateKind"])
            place = _HAPPENED.index(kind) if kind in _HAPPENED else len(_HAPPENED)
            if place < rank.get(thing, len(_HAPPENED)):
                rank[thing] = place
                found[thing] = _text(row, "earliest"), _text(row, "latest")
        for item, row in self.statuses.items():
            found[item] = _text(row, "raisedEarliest"), _text(row, "raisedLatest")
        return found

    def _concepts(self, name: str) -> dict[str, list[str]]:
        return _grouped((thing, concept) for thing, concept in self.rows(_CONCEPTS % name))


def _text(row: dict[str, Value], column: str) -> str | None:
    return str(row[column]) if column in row else None


def _grouped(pairs: Iterable[Sequence[str]]) -> dict[str, list[str]]:
    found: dict[str, set[str]] = {}
    for key, value in pairs:
        found.setdefault(key, set()).add(value)
    return {key: sorted(members) for key, members in found.items()}
