"""What happened to a thing, in order: every date that the documents give, and which date it is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from peelgraph import edtf, phrases
from peelgraph.namespaces import PREFIXES
from peelserver.pages import standing, words
from peelserver.pages.blocks import kind_of, name_of
from peelserver.pages.knowledge import Knowledge, Passage, Shown

#: dates that are about the keeping of the data, not about what happened
_LEFT_OUT = {"peel:retrievedOn", "peel:appliesFrom", "peel:period", "peel:attestedOn"}
_CLOSED = PREFIXES["outcome"] + "closed"


@dataclass(frozen=True, slots=True)
class Event:
    """One date of one thing.

    :param which: which of its dates it is
    :param note: what it rests on, where that is not a document
    """

    when: str
    which: str
    thing: Shown
    kind: str
    note: str
    sources: tuple[Passage, ...]
    order: tuple[str, str]


def events(
    known: Knowledge, iris: Iterable[str], rows: Mapping[str, standing.Row]
) -> tuple[Event, ...]:
    """Return every date of several things, in order; what has none comes last.

    :param rows: how items stand, from which the bounds of an undated closure come
    """
    found = [event for iri in dict.fromkeys(iris) for event in _of(known, iri, rows)]
    return tuple(sorted(found, key=lambda event: (event.order, event.thing.text, event.which)))


def _of(known: Knowledge, iri: str, rows: Mapping[str, standing.Row]) -> Iterable[Event]:
    facts, kind = known.says_of(iri), kind_of(iri)
    dated = [name for name in facts if name in words.DATES and name not in _LEFT_OUT]
    for name in dated:
        for fact in facts[name]:
            text = str(fact.value)
            basis = words.BASES.get(fact.basis, "")
            yield _event(
                known, iri, words.a_date(text), name_of(name, kind, known), _bounds(text), basis
            )
    if dated or kind not in ("decision", "assessment", "response"):
        return
    decided = known.value(iri, "peel:decides")
    if known.value(iri, "peel:outcome") == _CLOSED and (row := rows.get(decided)):
        bounds = [str(row[name]) if name in row else None for name in _CLOSED_BOUNDS]
        order = (bounds[0] or bounds[1] or "9999", bounds[1] or "9999")
        yield _event(known, iri, phrases.between(*bounds), "Closed", order, "worked out")
        return
    when = known.value(_visit(known, iri), "peel:date")
    if when:
        said = ("" if kind == "assessment" else "after the visit of ") + words.a_date(when)
        yield _event(known, iri, said, "Seen" if kind == "assessment" else "Decided", _bounds(when))
    else:
        which = words.DATE_NAMES[f"peel:date {kind}"]
        yield _event(known, iri, "on a day that is not known", which, ("9999", "9999"))


def _visit(known: Knowledge, iri: str) -> str:
    """Return the inspection at which something was seen, or after which it was decided."""
    if seen := known.value(iri, "peel:seenAt"):
        return seen
    for each in known.values(iri, "peel:informedBy"):
        if visit := known.value(each, "peel:seenAt") or (each if known.date(each) else ""):
            return visit
    return ""


_CLOSED_BOUNDS = ("closedEarliest", "closedLatest")


def _event(
    known: Knowledge, iri: str, when: str, which: str, order: tuple[str, str], note: str = ""
) -> Event:
    return Event(
        when=when,
        which=which,
        thing=known.thing(iri),
        kind=words.kind(kind_of(iri)),
        note=note,
        sources=tuple(known.passages(iri)),
        order=order,
    )


def _bounds(expression: str) -> tuple[str, str]:
    try:
        span = edtf.parse(expression)
    except edtf.EdtfError:
        return "9999", "9999"
    first = span.earliest or span.latest
    assert first is not None
    return first.isoformat(), (span.latest or first).isoformat()
