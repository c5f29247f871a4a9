"""What changed between two graphs, in terms of the domain: what was closed, raised, said anew.

First what the derived graph says differently (the status of an item, the phase of a force, the
statutory clock), since that is what a reviewer wants to know; then what the documents say
differently, thing by thing, with each property in words.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pyoxigraph as ox

from peelgraph import phrases
from peelgraph.asking import Value
from peelgraph.graph import Graph
from peelgraph.namespaces import ID, KINDS, PEEL, PREFIXES, shorten
from peelgraph.wording import a_span, capitalised, shortened

#: the parts of a comparison, in the order in which they are told
PARTS = ("status", "phase", "clock", "added", "removed", "changed")
_STATED = f"""
SELECT ?thing ?property ?value {{
  GRAPH ?graph {{ ?thing ?property ?value }}
  FILTER (!STRENDS(STR(?graph), '/derived') && STRSTARTS(STR(?thing), '{ID}')
    && !CONTAINS(STR(?thing), '#'))
}}"""
_NAMED = f"""
SELECT ?thing ?kind ?label ?position {{
  ?thing <{PEEL}kindToken> ?kind ; rdfs:label ?label .
  OPTIONAL {{ ?thing <{PEEL}position> ?position }}
}}"""
_WORDS = "SELECT ?thing ?label { ?thing skos:prefLabel ?label }"
#: said by links and digests, which a person does not read
_SILENT = {PREFIXES["rdf"] + "type", PEEL + "digest", PEEL + "linkStart", PEEL + "linkEnd"}


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is different: in which part it is told, of what, and in one sentence.

    ``details`` are sentences about single properties; ``before`` and ``after`` the two states of a
    status, a phase or a clock, in words.
    """

    part: str
    thing: str
    kind: str
    name: str
    sentence: str
    before: str | None = None
    after: str | None = None
    details: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Comparison:
    """All changes between two graphs, in the order of :data:`PARTS`, and the day asked about."""

    changes: tuple[Change, ...]
    on: str

    def of(self, part: str) -> tuple[Change, ...]:
        """Return the changes of one part."""
        return tuple(each for each in self.changes if each.part == part)


def compare(old: Graph, new: Graph, on: str = "today") -> Comparison:
    """Return what changed from *old* to *new*.

    :param on: the day for which the status of items and the phase of forces are compared
    """
    before, after = _Side(old, on), _Side(new, on)
    changes = [
        *_told("status", before.statuses, after.statuses, before, after),
        *_told("phase", before.phases, after.phases, before, after),
        *_told("clock", before.clocks, after.clocks, before, after),
        *_things(before, after),
    ]
    order = {part: number for number, part in enumerate(PARTS)}
    changes.sort(key=lambda each: (order[each.part], each.kind, each.thing))
    return Comparison(tuple(changes), after.on)


@dataclass(frozen=True, slots=True)
class _Name:
    kind: str
    label: str
    position: str | None

    def __str__(self) -> str:
        """Return how a sentence begins that speaks of the thing."""
        kind = capitalised(self.kind.replace("-", " "))
        label = shortened(self.label)
        return f"{kind} {self.position} ({label})" if self.position else f"{kind} “{label}”"


class _Side:
    """One of the two graphs, and what is asked of it."""

    def __init__(self, graph: Graph, on: str) -> None:
        status = graph.ask("status", on=on)
        self.on = status.parameters["on"]
        self.names = {
            row["thing"].value: _Name(
                row["kind"].value,
                row["label"].value,
                row["position"].value if row["position"] else None,
            )
            for row in _rows(graph, _NAMED)
        }
        self.words = {row["thing"].value: row["label"].value for row in _rows(graph, _WORDS)}
        self.statuses = {str(row["item"]): _status(row) for row in status.rows}
        self.phases = dict(self._phases(graph, on))
        self.clocks = {
            f"{row['document']} {row.get('response', '')}": self._clock(row)
            for row in graph.ask("statutory-clock").rows
        }
        self.stated: dict[str, set[tuple[str, object]]] = defaultdict(set)
        for row in _rows(graph, _STATED):
            self.stated[row["thing"].value].add((row["property"].value, row["value"]))

    def _phases(self, graph: Graph, on: str) -> Iterator[tuple[str, str]]:
        for force, name in self.names.items():
            if name.kind == "force":
                said = [
                    self.word(str(row["phase"]))
                    + (f" since {phrases.day(str(row['since']))}" if "since" in row else "")
                    for row in graph.ask("phase", force=force, on=on).rows
                ]
                if said:
                    yield force, " or ".join(said)

    def _clock(self, row: dict[str, Value]) -> str:
        verdict = str(row["verdict"]).replace("-", " ")
        least, most = row.get("dayLeast"), row.get("dayMost")
        day = "" if least is None else f", day {least}"
        if least is not None and most != least:
            day += f" to {most}" if most is not None else " or later"
        due = f", due by {phrases.day(str(row['dueBy']))}" if "dueBy" in row else ""
        return f"{verdict}{day}{due}"

    def name(self, thing: str) -> _Name:
        """Return what a sentence calls *thing*."""
        kind = thing.removeprefix(ID).partition("/")[0]
        return self.names.get(thing) or _Name(
            kind if kind in KINDS else "thing", self.words.get(thing, shorten(thing)), None
        )

    def word(self, iri: str) -> str:
        """Return a term, a concept or a thing in words."""
        return self.words.get(iri) or (self.names[iri].label if iri in self.names else shorten(iri))

    def value(self, value: object) -> str:
        """Return a value in words."""
        if isinstance(value, ox.NamedNode):
            return shortened(self.word(value.value))
        if isinstance(value, ox.Literal):
            if value.datatype.value.endswith("/EDTF"):
                return a_span(value.value)
            return f"“{shortened(value.value)}”" if value.language else value.value
        return str(value)


def _rows(graph: Graph, query: str) -> Iterable[ox.QuerySolution]:
    found = graph.query(query)
    assert isinstance(found, ox.QuerySolutions)
    return found


def _status(row: dict[str, Value]) -> str:
    return re.sub(r"^closed (?=\d)", "closed on ", phrases.status(row))


def _told(
    part: str, old: dict[str, str], new: dict[str, str], before: _Side, after: _Side
) -> Iterator[Change]:
    """Yield what the derived graph says differently of things that stand on both sides, or new."""
    for key in sorted(old.keys() | new.keys()):
        was, now = old.get(key), new.get(key)
        if was == now:
            continue
        thing = key.partition(" ")[0]
        name = (after if now is not None else before).name(thing)
        sentence = f"{name}{_SAYS[part]}{_now(part, now)}"
        if was is not None:
            sentence += f"; before: {was}"
        yield Change(part, thing, name.kind, name.label, f"{sentence}.", was, now)


#: between the name of a thing and what is said of it
_SAYS = {"status": " ", "phase": ": phase ", "clock": ": statutory response "}


def _now(part: str, now: str | None) -> str:
    if now is None:
        return "has no status any more" if part == "status" else "no longer known"
    if part != "status" or now.startswith("closed "):
        return now
    return f"is {now}" if not now.startswith("cannot") else f"has a status that {now}"


def _things(before: _Side, after: _Side) -> Iterator[Change]:
    """Yield the things that came, went or are described differently."""
    for thing in sorted(before.stated.keys() | after.stated.keys()):
        was, now = before.stated.get(thing, set()), after.stated.get(thing, set())
        if was == now:
            continue
        side = after if now else before
        name = side.name(thing)
        if not was or not now:
            part = "added" if not was else "removed"
            yield Change(part, thing, name.kind, name.label, f"{name} {part}.")
        else:
            details = tuple(_details(was, now, before, after))
            sentence = f"{name} changed: {'; '.join(details)}." if details else f"{name} changed."
            yield Change("changed", thing, name.kind, name.label, sentence, details=details)


def _plain(property_: str) -> str:
    """Return the local name of a property that is not ours, in words.

    >>> _plain("http://www.w3.org/2004/02/skos/core#altLabel")
    'alt label'
    """
    name = re.split(r"[/#]", property_)[-1]
    return re.sub(r"(?<=[a-z])([A-Z])", r" \1", name).lower().replace("pref label", "label")


def _details(
    was: set[tuple[str, object]], now: set[tuple[str, object]], before: _Side, after: _Side
) -> Iterator[str]:
    for property_ in sorted({name for name, _ in was ^ now} - _SILENT):
        gone = sorted(before.value(value) for name, value in was - now if name == property_)
        come = sorted(after.value(value) for name, value in now - was if name == property_)
        word = after.words.get(property_) or _plain(property_)
        if property_ == PEEL + "evidence":
            counts = [f"{len(come)} added"] * bool(come) + [f"{len(gone)} removed"] * bool(gone)
            yield f"passages of evidence: {', '.join(counts)}"
        elif gone and come:
            yield f"{word}: {', '.join(gone)} → {', '.join(come)}"
        else:
            verb = "added" if come else "removed"
            yield f"{word}: {', '.join(come or gone)} {verb}"
