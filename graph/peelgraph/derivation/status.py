"""What a follow-up item's status was on a day, from the bounds of its raising and closing.

The rules are those of the vocabulary, row by row. A bound that is ``None`` is not known. A lower
bound that is not known excludes no day; an upper bound that is not known is never reached.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

#: where time begins and ends: every list of periods runs from the one to the other
BEGINNING = date.min
END = date.max


class Status(StrEnum):
    """The tokens of the status scheme."""

    OPEN = "open"
    PRESUMED_OPEN = "presumed-open"
    CLOSED = "closed"
    INDETERMINATE = "indeterminate"
    NOT_YET_RAISED = "not-yet-raised"


@dataclass(frozen=True, slots=True)
class Bounds:
    """What the documents say of one item: the letters are those of the vocabulary."""

    raised_earliest: date | None = None  #: rE
    raised_latest: date | None = None  #: rL
    last_known_open: date | None = None  #: P
    closure_recorded: bool = False
    closed_earliest: date | None = None  #: cE
    closed_latest: date | None = None  #: cL
    first_closure: date | None = None  #: c0, read only where the closing is contradictory
    last_closure: date | None = None  #: cZ, read only where the closing is contradictory

    @property
    def raising_contradictory(self) -> bool:
        """Whether the item was raised later than by the day on which it was already there."""
        return _after(self.raised_earliest, self.raised_latest)

    @property
    def closing_contradictory(self) -> bool:
        """Whether the item was closed later than by the day on which it was already closed."""
        return self.closure_recorded and _after(self.closed_earliest, self.closed_latest)


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of one status, from a day until another, which is not part of it."""

    status: Status
    from_day: date
    until: date


def _after(lower: date | None, upper: date | None) -> bool:
    return lower is not None and upper is not None and lower > upper


def status_on(bounds: Bounds, day: date) -> Status:
    """Return the status on *day*: the first row of the vocabulary's table that holds.

    >>> raised = Bounds(date(2023, 9, 1), date(2023, 9, 30))
    >>> status_on(raised, date(2023, 9, 15)).value
    'indeterminate'
    >>> status_on(raised, date(2023, 9, 30)).value
    'presumed-open'
    """
    b = bounds
    raised = b.raised_latest is not None and day >= b.raised_latest
    if b.raising_contradictory and raised and _after(b.raised_earliest, day):
        return Status.INDETERMINATE
    if _after(b.raised_earliest, day):
        return Status.NOT_YET_RAISED
    if not raised:
        return Status.INDETERMINATE
    if b.closing_contradictory:
        if b.last_closure is not None and day >= b.last_closure:
            return Status.CLOSED
        if not _after(b.first_closure, day):
            return Status.INDETERMINATE
    elif b.closure_recorded and b.closed_latest is not None and day >= b.closed_latest:
        return Status.CLOSED
    shown_open = b.last_known_open is not None and day <= b.last_known_open
    if shown_open or (b.closure_recorded and _after(b.closed_earliest, day)):
        return Status.OPEN
    return Status.INDETERMINATE if b.closure_recorded else Status.PRESUMED_OPEN


def _turning_days(bounds: Bounds) -> Iterable[date]:
    for day in (
        bounds.raised_earliest,
        bounds.raised_latest,
        bounds.last_known_open,
        bounds.closed_earliest,
        bounds.closed_latest,
        bounds.first_closure,
        bounds.last_closure,
    ):
        if day is not None:
            yield day
            if day < END:
                yield day + timedelta(days=1)


def periods(bounds: Bounds) -> tuple[Period, ...]:
    """Return the stretches of one status each, which follow one another through all of time.

    >>> for period in periods(Bounds(date(2023, 9, 1), date(2023, 9, 30), date(2024, 9, 18))):
    ...     print(period.from_day, period.status)
    0001-01-01 not-yet-raised
    2023-09-01 indeterminate
    2023-09-30 open
    2024-09-19 presumed-open
    """
    found: list[tuple[date, Status]] = []
    for day in sorted({BEGINNING, *_turning_days(bounds)} - {END}):
        status = status_on(bounds, day)
        if not found or found[-1][1] is not status:
            found.append((day, status))
    ends = [start for start, _ in found[1:]] + [END]
    return tuple(
        Period(status, start, end) for (start, status), end in zip(found, ends, strict=True)
    )
