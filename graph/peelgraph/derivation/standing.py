"""What is known of a follow-up item, as from each day on which something about it became known.

The rules are those of the vocabulary. Everything is asked of a view of the chronicle, so that the
bounds as known on a day are those that the sources public by that day give, and no others.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from peelgraph.derivation.chronicle import (
    PART_OF,
    TYPE,
    Chronicle,
    Day,
    Fact,
    View,
    first,
    last,
    through_time,
    weakest,
)
from peelgraph.derivation.status import Bounds, Period, periods
from peelgraph.namespaces import ID, PEEL, SCHEME

_DATE = PEEL + "date"
_IDENTIFIED_IN = PEEL + "identifiedIn"
_CLOSED = SCHEME + "outcome/closed"
_REMAINS_OPEN = SCHEME + "outcome/remains-open"


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of an item from a day on, until another day."""

    item: str
    known_from: date
    known_until: date
    bounds: Bounds
    periods: tuple[Period, ...]
    basis: str  #: the least firm basis of the bounds
    disputed: tuple[str, ...]  #: the things whose dates contradict one another


@dataclass(frozen=True, slots=True)
class _Knowledge:
    bounds: Bounds
    basis: str
    disputed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Closure:
    earliest: Day | None
    latest: Day | None
    visited: Day | None


def standings(chronicle: Chronicle, item: str, classes: Iterable[str]) -> list[Standing]:
    """Return the standings of *item*, an instance of one of the *classes*, in order of time."""
    kinds = tuple(classes)
    return [
        Standing(item, start, end, known.bounds, periods(known.bounds), known.basis, known.disputed)
        for start, end, known in through_time(chronicle, lambda view: _know(view, item, kinds))
        if known is not None
    ]


def is_national(view: View, item: str) -> bool:
    """Whether *item* is directed to a group of forces, and so has no status of its own."""
    return any(
        target.startswith(f"{ID}group/") or PEEL + "ForceGroup" in view.values(TYPE, target)
        for target in view.values(PEEL + "directedTo", item)
    )


def _know(view: View, item: str, classes: tuple[str, ...]) -> _Knowledge | None:
    if not set(view.values(TYPE, item)).intersection(classes) or is_national(view, item):
        return None
    decisions = view.facts_of(PEEL + "decides", item)
    raised_earliest, raised_latest = _raised(view, item, decisions)
    refusals = _with_outcome(view, decisions, _REMAINS_OPEN)
    shown = last(
        [
            raised_earliest if _same(raised_earliest, raised_latest) else None,
            *(day for each in refusals for day in view.earliest(_DATE, each)),
            *view.earliest(PEEL + "attestedOpenOn", item),
        ]
    )
    closing = _with_outcome(view, decisions, _CLOSED)
    closures = [_closure(view, each) for each in closing]
    closed_earliest = closed_latest = first_closure = last_closure = None
    if closures:
        closed_earliest = last(
            [raised_earliest, shown]
            + [each for closure in closures for each in (closure.earliest, closure.visited)]
        )
        told = [view.witness(fact.source) for each in closing for fact in _telling(view, each)]
        closed_latest = first([*told, *(closure.latest for closure in closures)])
        first_closure = first(
            closure.earliest or closure.visited or raised_earliest or raised_latest
            for closure in closures
        )
        last_closure = last(closure.latest for closure in closures)
        if last_closure and (
            _not_after(last_closure, shown) or _before(last_closure, raised_earliest)
        ):
            last_closure = None
    bounds = Bounds(
        raised_earliest=_day(raised_earliest),
        raised_latest=_day(raised_latest),
        last_known_open=_day(shown),
        closure_recorded=bool(closures),
        closed_earliest=_day(closed_earliest),
        closed_latest=_day(closed_latest),
    )
    days = [raised_earliest, raised_latest, shown, closed_earliest, closed_latest]
    disputed: list[str] = []
    if bounds.closing_contradictory:
        bounds = replace(bounds, first_closure=_day(first_closure), last_closure=_day(last_closure))
        days += [first_closure, last_closure]
        disputed += [item, *closing]
    if bounds.raising_contradictory:
        documents = {each for fact in view.telling(item) for each in fact.source.documents}
        disputed += [item, *view.values(_IDENTIFIED_IN, item), *sorted(documents)]
    basis = weakest(each.basis for each in days if each is not None)
    return _Knowledge(bounds, basis, tuple(dict.fromkeys(disputed)))


def _raised(view: View, item: str, decisions: list[Fact]) -> tuple[Day | None, Day | None]:
    """Return rE and rL."""
    earliest, latest = _given(view, item, frozenset())
    reports = {
        report
        for inspection in view.values(_IDENTIFIED_IN, item)
        for report in view.subjects(PEEL + "reportsOn", inspection)
    }
    return last(earliest), first(
        [
            *latest,
            *(view.witness(fact.source) for fact in view.telling(item)),
            *(day for report in reports for day in view.latest(PEEL + "publicOn", report)),
            *view.latest(PEEL + "attestedOpenOn", item),
            *(day for fact in decisions for day in view.latest(_DATE, fact.value)),
            *(view.witness(fact.source) for fact in decisions),
        ]
    )


def _given(view: View, item: str, seen: frozenset[str]) -> tuple[list[Day], list[Day]]:
    """Return the first and the last days that dates give to the raising of *item*.

    Its own date gives them, else its inspection's, else its cause of concern's, else that of the
    national recommendation that it is part of. The next is asked where no first day is given.
    """
    latest: list[Day] = []
    for level in ([item], view.values(_IDENTIFIED_IN, item)):
        earliest = [day for each in level for day in view.earliest(_DATE, each)]
        latest += [day for each in level for day in view.latest(_DATE, each)]
        if earliest:
            return earliest, latest
    seen |= {item}
    for predicate in (PEEL + "addresses", PART_OF):
        above = [each for each in view.values(predicate, item) if each not in seen]
        found = [_given(view, each, seen) for each in above]
        latest += [day for _, days in found for day in days]
        if earliest := [day for days, _ in found for day in days]:
            return earliest, latest
    return [], latest


def _closure(view: View, decision: str) -> _Closure:
    informing = view.values(PEEL + "informedBy", decision)
    visits = {
        *(each for each in informing if each.startswith(f"{ID}inspection/")),
        *(visit for each in informing for visit in view.values(PEEL + "seenAt", each)),
    }
    return _Closure(
        last(view.earliest(_DATE, decision)),
        first(view.latest(_DATE, decision)),
        last(day for visit in visits for day in view.earliest(_DATE, visit)),
    )


def _telling(view: View, decision: str) -> list[Fact]:
    """Return a fact for each source that tells of a closing as done."""
    return [fact for fact in view.facts(PEEL + "outcome", decision) if fact.value == _CLOSED]


def _with_outcome(view: View, decisions: list[Fact], outcome: str) -> list[str]:
    found = sorted({fact.value for fact in decisions})
    return [each for each in found if outcome in view.values(PEEL + "outcome", each)]


def _day(day: Day | None) -> date | None:
    return day.day if day else None


def _same(one: Day | None, other: Day | None) -> bool:
    return one is not None and other is not None and one.day == other.day


def _before(one: Day, other: Day | None) -> bool:
    return other is not None and one.day < other.day


def _not_after(one: Day, other: Day | None) -> bool:
    return other is not None and one.day <= other.day
