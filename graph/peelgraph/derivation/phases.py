"""In which monitoring phase a force was: a row for each possibility.

The day on which a change takes effect, not the day of the decision, changes the phase. Where that
day is uncertain the phase before and the phase after are both possible, and each has a row. Before
the first known change there is only what that decision says it moved the force from; after the last
document that tells of a change, the phase is presumed to go on. A period that somebody inferred and
wrote down stands as it is written.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from peelgraph.derivation.chronicle import Chronicle, Day, View, first, last, through_time, weakest
from peelgraph.derivation.status import BEGINNING, END
from peelgraph.namespaces import PEEL, SCHEME

_MOVED = SCHEME + "outcome/moved-to-phase"
_BASIS = SCHEME + "basis/"
_ABOUT = PEEL + "about"
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, order=True)
class Phase:
    """A phase in which a force can have been from a day until another, exclusive."""

    from_day: date
    until: date
    phase: str
    basis: str
    began_earliest: date | None = None
    began_latest: date | None = None
    ended_latest: date | None = None
    started_by: str | None = None


@dataclass(frozen=True, slots=True)
class PhaseStanding:
    """A phase of a force, as known from a day until another, exclusive."""

    force: str
    known_from: date
    known_until: date
    phase: Phase


@dataclass(frozen=True, slots=True)
class _Change:
    decision: str
    earliest: date
    latest: date
    to_phase: str
    from_phases: tuple[str, ...]
    basis: str
    told: date | None

    def certainly_before(self, other: "_Change") -> bool:
        if self.latest > other.earliest:
            return False
        mine, theirs = (self.earliest, self.latest), (other.earliest, other.latest)
        return (*mine, self.decision) < (*theirs, other.decision)


def forces(chronicle: Chronicle) -> list[str]:
    """Return everything that a decision moved to a phase, or a period puts in one, in order."""
    moves = chronicle.backward.get(PEEL + "outcome", {}).get(_MOVED, ())
    decided = chronicle.forward.get(PEEL + "decides", {})
    moved = {fact.value for move in moves for fact in decided.get(move.value, ())}
    return sorted(moved.union(chronicle.backward.get(_ABOUT, {})))


def phases(chronicle: Chronicle, force: str) -> list[PhaseStanding]:
    """Return the phases of *force*, each as known from a day until another, in order."""
    found: list[PhaseStanding] = []
    lasting: dict[Phase, date] = {}
    stretches = through_time(chronicle, lambda view: frozenset(_phases(view, force)))
    for start, _, rows in (*stretches, (END, END, frozenset[Phase]())):
        for gone in [row for row in lasting if row not in rows]:
            found.append(PhaseStanding(force, lasting.pop(gone), start, gone))
        for row in rows:
            lasting.setdefault(row, start)
    return sorted(found, key=lambda each: (each.known_from, _order(each.phase)))


def _order(phase: Phase) -> tuple[str, ...]:
    return (str(phase.from_day), str(phase.until), phase.phase, phase.basis, str(phase.started_by))


def _phases(view: View, force: str) -> Iterator[Phase]:
    changes = sorted(
        _changes(view, force), key=lambda each: (each.earliest, each.latest, each.decision)
    )
    told = max((each.told for each in changes if each.told), default=None)
    written = list(_written(view, force))
    yield from written
    for change in changes:
        later = [each for each in changes if change.certainly_before(each)]
        until = min((each.latest for each in later), default=END)
        if until > change.earliest:
            yield from _stated(change, until, told)
        earlier = [each for each in changes if each.certainly_before(change)]
        start = BEGINNING
        if earlier:
            before = max(earlier, key=lambda each: (each.earliest, each.latest, each.decision))
            if before.to_phase in change.from_phases:
                continue
            start = before.latest + _DAY
        for phase in change.from_phases:
            said = any(each.phase == phase and each.until > start for each in written)
            if start < change.latest and not said:
                ended = None if change.latest == END else change.latest
                yield Phase(start, change.latest, phase, _BASIS + "inferred", ended_latest=ended)


def _written(view: View, force: str) -> Iterator[Phase]:
    """Return the periods that a record or the editors inferred, and wrote."""
    for period in view.subjects(_ABOUT, force):
        began = first(view.earliest(PEEL + "began", period))
        settled = first(view.latest(PEEL + "began", period))
        ended = last(view.latest(PEEL + "ended", period))
        for phase in view.values(PEEL + "phase", period):
            yield Phase(
                began.day if began else BEGINNING,
                ended.day if ended else END,
                phase,
                next(iter(view.values(PEEL + "basis", period)), _BASIS + "inferred"),
                began.day if began else None,
                settled.day if settled else None,
                ended.day if ended else None,
            )


def _stated(change: _Change, until: date, told: date | None) -> Iterator[Phase]:
    presumed_from = max(change.earliest, min(until, (told or change.latest) + _DAY))
    for start, end, basis in (
        (change.earliest, presumed_from, change.basis),
        (presumed_from, until, _BASIS + "presumed"),
    ):
        if start < end:
            yield Phase(
                start,
                end,
                change.to_phase,
                basis,
                None if change.earliest == BEGINNING else change.earliest,
                None if change.latest == END else change.latest,
                None if until == END else until,
                change.decision,
            )


def _changes(view: View, force: str) -> Iterator[_Change]:
    for decision in view.subjects(PEEL + "decides", force):
        if _MOVED not in view.values(PEEL + "outcome", decision):
            continue
        earliest, latest = _effect(view, decision)
        told = first(view.witness(fact.source) for fact in view.facts(PEEL + "outcome", decision))
        lower = earliest.day if earliest else BEGINNING
        upper = latest.day if latest else END
        for phase in view.values(PEEL + "toPhase", decision):
            yield _Change(
                decision,
                min(lower, upper),
                max(lower, upper),
                phase,
                tuple(view.values(PEEL + "fromPhase", decision)),
                weakest(day.basis for day in (earliest, latest) if day),
                told.day if told else None,
            )


def _effect(view: View, decision: str) -> tuple[Day | None, Day | None]:
    """Return the first and the last day on which a change can have taken effect."""
    on = PEEL + "effectiveOn"
    effects = view.spans(on, decision)
    if effects:
        return last(view.earliest(on, decision)), first(view.latest(on, decision))
    decided = view.earliest(PEEL + "date", decision)
    assumed = [Day(day.day, _BASIS + "assumed") for day in decided]
    told = [view.witness(fact.source) for fact in view.facts(PEEL + "outcome", decision)]
    return last(assumed), first(told)
