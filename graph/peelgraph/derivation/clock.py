"""Whether the statutory response to an inspection report was published in time.

The rule is data: how many days are allowed, whether the day of publication counts, and from when
the rule applies all stand in the reference graph. A response that bears a date, but no day of
publication, was published on that date at the earliest.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from peelgraph.derivation.chronicle import (
    DOCUMENT_TYPE,
    TYPE,
    Chronicle,
    Day,
    View,
    first,
    last,
    through_time,
    weakest,
)
from peelgraph.derivation.status import END
from peelgraph.namespaces import ID, PEEL, SCHEME

_REPORT = SCHEME + "doctype/inspection-report"
_RESPONSE = SCHEME + "doctype/statutory-response"
_ASSUMED = SCHEME + "basis/assumed"


class Verdict(StrEnum):
    """What the clock says; never late because no response was found."""

    IN_TIME = "in-time"
    LATE = "late"
    CANNOT_TELL = "cannot-tell"
    NONE_KNOWN = "none-known"
    NOT_APPLICABLE = "not-applicable"


@dataclass(frozen=True, slots=True)
class Duty:
    """A rule: how many days for the answer, counted how, and since when."""

    iri: str
    days: int
    counts_first_day: bool
    applies_from: date

    def due(self, published: date) -> date:
        """Return the last day allowed for a report *published* on a day.

        >>> Duty("", 56, True, date(2017, 5, 2)).due(date(2019, 5, 2))
        datetime.date(2019, 6, 26)
        """
        return published + timedelta(days=self.days - self.counts_first_day)

    def number(self, published: date, day: date) -> int:
        """Return which day of the clock *day* is.

        >>> Duty("", 56, True, date(2017, 5, 2)).number(date(2019, 5, 2), date(2019, 6, 27))
        57
        """
        return (day - published).days + self.counts_first_day


@dataclass(frozen=True, slots=True)
class Answered:
    """How a report was answered by one response, or by none that is known."""

    verdict: Verdict
    basis: str
    duty: str | None = None
    published_on: date | None = None
    due_earliest: date | None = None
    due_latest: date | None = None
    response: str | None = None
    responded_earliest: date | None = None
    responded_latest: date | None = None
    day_least: int | None = None
    day_most: int | None = None


@dataclass(frozen=True, slots=True)
class DutyStanding:
    """What is known of the answer to a report from a day until another, exclusive."""

    report: str
    known_from: date
    known_until: date
    answered: Answered


def reports(chronicle: Chronicle) -> list[str]:
    """Return every inspection report, in order."""
    typed = chronicle.backward.get(DOCUMENT_TYPE, {}).get(_REPORT, ())
    return sorted({fact.value for fact in typed})


def clock(chronicle: Chronicle, report: str) -> list[DutyStanding]:
    """Return how *report* was answered, as known from each day until another, in order."""
    found: list[DutyStanding] = []
    lasting: dict[Answered, date] = {}
    stretches = through_time(chronicle, lambda view: frozenset(_answered(view, report)))
    for start, _, rows in (*stretches, (END, END, frozenset[Answered]())):
        for gone in [row for row in lasting if row not in rows]:
            found.append(DutyStanding(report, lasting.pop(gone), start, gone))
        for row in rows:
            lasting.setdefault(row, start)
    return sorted(found, key=lambda each: (each.known_from, each.answered.response or ""))


def _duties(view: View) -> list[Duty]:
    found = []
    for iri in view.subjects(TYPE, PEEL + "ResponseDuty"):
        days = view.values(PEEL + "allowsDays", iri)
        since = first(view.earliest(PEEL + "appliesFrom", iri))
        if days and since:
            counts = view.values(PEEL + "countsFirstDay", iri) in (["true"], ["1"])
            found.append(Duty(iri, int(days[0]), counts, since.day))
    return sorted(found, key=lambda duty: (duty.applies_from, duty.iri))


def _on_a_force(view: View, report: str) -> bool:
    return any(
        force.startswith(f"{ID}force/")
        for inspection in view.values(PEEL + "reportsOn", report)
        for force in view.values(PEEL + "inspects", inspection)
    )


@dataclass(frozen=True, slots=True)
class _Range:
    earliest: Day | None = None
    latest: Day | None = None

    @property
    def basis(self) -> str:
        return weakest(day.basis for day in (self.earliest, self.latest) if day)

    @property
    def first_day(self) -> date | None:
        return self.earliest.day if self.earliest else None

    @property
    def last_day(self) -> date | None:
        return self.latest.day if self.latest else None


def _answered(view: View, report: str) -> Iterator[Answered]:
    duties = _duties(view)
    if not duties or _REPORT not in view.values(DOCUMENT_TYPE, report):
        return
    if not _on_a_force(view, report):
        return
    published = _Range(
        last(view.earliest(PEEL + "publicOn", report)),
        first(view.latest(PEEL + "publicOn", report)),
    )
    responses: list[str | None] = [*view.subjects(PEEL + "respondsTo", report)]
    for response in responses or [None]:
        yield _judge(duties, published, response, _responded(view, response))


def _responded(view: View, response: str | None) -> _Range:
    """Return when a response can have been published.

    The day of publication of its document says so. The date that the document bears is assumed not
    to be later. The response's own date counts where no such document is held.
    """
    if response is None:
        return _Range()
    stating = {
        document
        for fact in view.facts(PEEL + "respondsTo", response)
        for document in fact.source.documents
        if _RESPONSE in view.values(DOCUMENT_TYPE, document)
    }
    earliest = last(day for each in stating for day in view.earliest(PEEL + "publicOn", each))
    latest = first(day for each in stating for day in view.latest(PEEL + "publicOn", each))
    dated = first(day for each in stating for day in view.earliest(PEEL + "dated", each))
    if earliest is None and dated is not None:
        earliest = Day(dated.day, weakest((dated.basis, _ASSUMED)))
    if earliest is None and latest is None:
        own = PEEL + "date"
        return _Range(last(view.earliest(own, response)), first(view.latest(own, response)))
    return _Range(earliest, latest)


def _judge(
    duties: list[Duty], published: _Range, response: str | None, responded: _Range
) -> Answered:
    answered = Answered(
        verdict=Verdict.NONE_KNOWN if response is None else Verdict.CANNOT_TELL,
        basis=weakest((published.basis, responded.basis)),
        published_on=published.first_day if published.first_day == published.last_day else None,
        response=response,
        responded_earliest=responded.first_day,
        responded_latest=responded.last_day,
    )
    lower, upper = published.first_day, published.last_day
    if upper is not None and upper < duties[0].applies_from:
        return replace(answered, verdict=Verdict.NOT_APPLICABLE)
    duty = _in_force(duties, lower)
    if lower is None or upper is None or duty is None or duty != _in_force(duties, upper):
        return answered
    earliest, latest = responded.first_day, responded.last_day
    due_earliest, due_latest = duty.due(lower), duty.due(upper)
    verdict = answered.verdict
    if latest is not None and latest <= due_earliest:
        verdict = Verdict.IN_TIME
    elif earliest is not None and earliest > due_latest:
        verdict = Verdict.LATE
    return replace(
        answered,
        verdict=verdict,
        duty=duty.iri,
        due_earliest=due_earliest,
        due_latest=due_latest,
        day_least=None if earliest is None else duty.number(upper, earliest),
        day_most=None if latest is None else duty.number(lower, latest),
    )


def _in_force(duties: list[Duty], day: date | None) -> Duty | None:
    found = [duty for duty in duties if day is not None and duty.applies_from <= day]
    return found[-1] if found else None
