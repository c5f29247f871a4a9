"""What is derived, as triples: standings, phases, clocks, spans and contradictions."""

from collections.abc import Iterator
from datetime import date

import pyoxigraph as ox

from peelgraph import edtf
from peelgraph.derivation.clock import DutyStanding
from peelgraph.derivation.phases import PhaseStanding
from peelgraph.derivation.standing import Standing
from peelgraph.derivation.status import Period, Status
from peelgraph.namespaces import EDTF, ID, PEEL, RDF, SCHEME, XSD
from peelgraph.wording import a_day

_TYPE = ox.NamedNode(RDF + "type")
_DATE, _EDTF = ox.NamedNode(XSD + "date"), ox.NamedNode(EDTF)
_BASIS = SCHEME + "basis/"

Triples = Iterator[ox.Triple]
Value = ox.NamedNode | ox.Literal | str | date | int | None


def about(subject: str, **values: Value) -> Triples:
    """Return a triple for each of the ``peel:`` *values*; text is an IRI, ``None`` says nothing."""
    for name, value in values.items():
        term: ox.NamedNode | ox.Literal
        if value is None:
            continue
        if isinstance(value, ox.NamedNode | ox.Literal):
            term = value
        elif isinstance(value, date):
            term = day(value)
        elif isinstance(value, str):
            term = ox.NamedNode(value)
        else:
            term = ox.Literal(value)
        yield ox.Triple(ox.NamedNode(subject), ox.NamedNode(PEEL + name), term)


def day(value: date) -> ox.Literal:
    """Return a day as a literal."""
    return ox.Literal(value.isoformat(), datatype=_DATE)


def a(subject: str, name: str) -> ox.Triple:
    """Return the triple that says of which class *subject* is."""
    return ox.Triple(ox.NamedNode(subject), _TYPE, ox.NamedNode(PEEL + name))


def _slug(iri: str) -> str:
    """Return the kind and the slug of a thing, as part of another's slug.

    >>> _slug("https://w3id.org/peelgraph/id/cause-of-concern/wmp-2023-maracs")
    'cause-of-concern-wmp-2023-maracs'
    """
    return iri.removeprefix(ID).replace("/", "-").replace("#", "-")


def _last(iri: str) -> str:
    return iri.rpartition("/")[2]


def of_standing(standing: Standing) -> Triples:
    """Return what a standing says, with its periods and its contradictions."""
    b = standing.bounds
    subject = f"{ID}standing/{_slug(standing.item)}-{standing.known_from}"
    least = most = None
    if b.closure_recorded and not (b.closing_contradictory or b.raising_contradictory):
        if b.closed_earliest and b.raised_latest:
            least = max(0, (b.closed_earliest - b.raised_latest).days)
        if b.closed_latest and b.raised_earliest:
            most = max(0, (b.closed_latest - b.raised_earliest).days)
    yield a(subject, "Standing")
    yield from about(
        subject,
        standingOf=standing.item,
        knownFrom=standing.known_from,
        knownUntil=standing.known_until,
        raisedEarliest=b.raised_earliest,
        raisedLatest=b.raised_latest,
        closedEarliest=b.closed_earliest,
        closedLatest=b.closed_latest,
        lastKnownOpen=b.last_known_open,
        daysLeast=least,
        daysMost=most,
        basis=standing.basis,
    )
    for period in standing.periods:
        yield from _of_period(subject, period, standing.basis)
    if standing.disputed:
        yield from _of_dispute(standing)


def _of_period(standing: str, period: Period, basis: str) -> Triples:
    """Return what a period says. Standings with the same period share it, as dates share a span."""
    token = period.status.value
    if period.status is Status.PRESUMED_OPEN:
        basis = _BASIS + "presumed"
    subject = f"{ID}status-period/{token}-{_last(basis)}-{period.from_day}-{period.until}"
    yield a(subject, "StatusPeriod")
    yield from about(standing, hasPeriod=subject)
    yield from about(
        subject,
        status=f"{SCHEME}status/{token}",
        **{"from": period.from_day},
        until=period.until,
        basis=basis,
    )


def _of_dispute(standing: Standing) -> Triples:
    b = standing.bounds
    subject = f"{ID}discrepancy/{_slug(standing.item)}-dates-{standing.known_from}"
    said = []
    if b.raising_contradictory and b.raised_earliest and b.raised_latest:
        said.append(
            f"It was there by {a_day(b.raised_latest)}, "
            f"but was raised on {a_day(b.raised_earliest)} at the earliest."
        )
    if b.closing_contradictory and b.closed_earliest and b.closed_latest:
        said.append(
            f"It was closed by {a_day(b.closed_latest)}, but not before {a_day(b.closed_earliest)}."
        )
    yield a(subject, "Discrepancy")
    for each in standing.disputed:
        yield from about(subject, between=each)
    yield from about(
        subject,
        about=standing.item,
        basis=_BASIS + "inferred",
        reason=ox.Literal("The dates that the documents give exclude one another.", language="en"),
        knownFrom=standing.known_from,
        knownUntil=standing.known_until,
    )
    description = ox.NamedNode("http://purl.org/dc/terms/description")
    yield ox.Triple(ox.NamedNode(subject), description, ox.Literal(" ".join(said), language="en"))


def of_phase(standing: PhaseStanding) -> Triples:
    """Return what a phase of a force says."""
    phase = standing.phase
    parts = (
        *(_last(standing.force), _last(phase.phase), _last(phase.basis)),
        *(str(phase.from_day), str(phase.until), str(standing.known_from)),
        *((_last(phase.started_by),) if phase.started_by else ()),
    )
    subject = f"{ID}phase-period/{'-'.join(parts)}"
    yield a(subject, "PhasePeriod")
    yield from about(
        subject,
        about=standing.force,
        phase=phase.phase,
        **{"from": phase.from_day},
        until=phase.until,
        beganEarliest=phase.began_earliest,
        beganLatest=phase.began_latest,
        endedLatest=phase.ended_latest,
        startedBy=phase.started_by,
        basis=phase.basis,
        knownFrom=standing.known_from,
        knownUntil=standing.known_until,
    )


def of_clock(standing: DutyStanding) -> Triples:
    """Return what the clock says of a report."""
    found = standing.answered
    answer = _last(found.response) if found.response else "unanswered"
    subject = f"{ID}duty-standing/{_last(standing.report)}-{answer}-{standing.known_from}"
    one_day = found.due_earliest if found.due_earliest == found.due_latest else None
    due = None
    if found.due_earliest and found.due_latest:
        text = str(one_day) if one_day else f"[{found.due_earliest}..{found.due_latest}]"
        due = ox.Literal(text, datatype=_EDTF)
    yield a(subject, "DutyStanding")
    yield from about(
        subject,
        standingOf=standing.report,
        underDuty=found.duty,
        publishedOn=found.published_on,
        dueBy=due,
        dueDay=one_day,
        answeredBy=found.response,
        respondedEarliest=found.responded_earliest,
        respondedLatest=found.responded_latest,
        dayLeast=found.day_least,
        dayMost=found.day_most,
        verdict=ox.Literal(found.verdict.value),
        basis=found.basis,
        knownFrom=standing.known_from,
        knownUntil=standing.known_until,
    )


def of_span(expression: str) -> Triples:
    """Return the first and the last day of a date, as its source gives it.

    >>> for triple in of_span("[..2024-09-18]"): print(triple.predicate.value, triple.object.value)
    http://www.w3.org/1999/02/22-rdf-syntax-ns#type https://w3id.org/peelgraph/ontology#Span
    https://w3id.org/peelgraph/ontology#expression [..2024-09-18]
    https://w3id.org/peelgraph/ontology#latest 2024-09-18
    """
    span = edtf.parse(expression)
    subject = f"{ID}span/{_span_slug(expression)}"
    yield a(subject, "Span")
    yield from about(
        subject,
        expression=ox.Literal(expression, datatype=_EDTF),
        earliest=span.earliest,
        latest=span.latest,
    )


def _span_slug(expression: str) -> str:
    if expression.startswith("["):
        start, _, end = expression[1:-1].partition("..")
        if not start:
            return f"until-{end}"
        return f"between-{start}-and-{end}" if end else f"from-{start}"
    return expression.replace("/", "-to-")
