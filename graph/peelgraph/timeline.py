"""What was raised against a force and how it stood, over the years up to a day.

Days are ``YYYY-MM-DD``. A bound that nothing gives is None: it is never guessed.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from peelgraph import asking, edtf, phrases, said, values
from peelgraph.asking import Value
from peelgraph.engine import Ahead, Engine
from peelgraph.namespaces import PEEL
from peelgraph.questions import parameter
from peelgraph.wording import a_span

#: the bounds of what has no bound, in the derived graph
_BEGINNING, _END = "0001-01-01", "9999-12-31"
_DATE, _PUBLIC = PEEL + "date", PEEL + "publicOn"


@dataclass(frozen=True, slots=True)
class Bounds:
    """One day that lies between two others; both included."""

    earliest: str | None
    latest: str | None


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of time in which the force was, or can have been, in a monitoring phase.

    Where two overlap, the day of the change is not known.

    :param phase: the IRI of the phase
    :param start: its first day; None where it had lasted since before anything that is known
    :param end: the day after its last; None where nothing ends it
    :param decision: the IRI of the decision that began it
    :param basis: stated, inferred, presumed …
    :param began: between which days the phase began, where that is known
    """

    phase: str
    label: str
    start: str | None
    end: str | None
    decision: str | None
    basis: str
    began: Bounds = Bounds(None, None)


@dataclass(frozen=True, slots=True)
class Inspection:
    """An inspection.

    :param days: when it was on site; where no document says so, the day of its report, if any
    :param by_report: the days are those of the publication of the report
    :param when: the same in words
    """

    iri: str
    label: str
    days: Bounds | None
    by_report: bool
    when: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A follow-up item from the day on which it was raised to that of its closing.

    :param kind: cause-of-concern, recommendation or area-for-improvement
    :param status: a token such as ``presumed-open``, on the day asked about
    :param status_phrase: the same in words
    :param closed: None where no document tells of a closure
    :param last_known_open: the last day on which it is proved open
    :param contradicted: the sources contradict one another about the closing
    :param concern: the IRI of the cause of concern that a recommendation addresses
    :param themes: the labels of its themes
    """

    iri: str
    kind: str
    label: str
    status: str
    status_phrase: str
    raised: Bounds
    closed: Bounds | None
    last_known_open: str | None
    contradicted: bool
    concern: str | None
    themes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Lane:
    """The items of one theme; an item with several themes stands in one lane only.

    :param theme: the IRI of the theme; None for items without one
    """

    theme: str | None
    label: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Timeline:
    """The follow-up of one force, from 2014 or the first thing known, to a day.

    :param force: the IRI of the force
    :param on: the last day of it
    :param known: only documents public by this day; ``all``, if not restricted
    :param snapshot: the digest of the snapshot that was asked
    """

    force: str
    label: str
    on: str
    known: str
    snapshot: str
    phases: tuple[Stretch, ...]
    inspections: tuple[Inspection, ...]
    lanes: tuple[Lane, ...]


def timeline(
    engine: Engine,
    force: str,
    *,
    on: str | None = None,
    known: str = "all",
    status: Sequence[Mapping[str, Value]] | None = None,
) -> Timeline:
    """Return the timeline of a *force*.

    :param force: an IRI or a slug
    :param on: the day up to which it runs, ``YYYY-MM-DD``; today, if None
    :param known: use only documents that were public by this day
    :param status: the answer to the question ``status`` about all this, if it is there already
    :raises UnknownName: there is no such force; says which are near
    :raises BadValue: a day that is none
    """
    iri = values.check(parameter("force"), force, engine)
    day = values.check(parameter("on"), on or "today", engine)
    until = values.check(parameter("known"), known, engine)
    inspections = _inspections_of(engine, iri, until)
    if status is None:
        status = asking.ask(engine, "status", {"force": iri, "on": day, "known": until}).rows
    items = [str(row["item"]) for row in status]
    held = Held(iri, day, until, inspections, items)
    begin(engine, held)
    return of_force(engine, held, status)


@dataclass(frozen=True, slots=True)
class Held:
    """What a timeline is drawn of: a force, the two days, and what is held about it.

    :param inspections: those of the force that were known by then
    :param items: all that was raised against it, or more
    """

    force: str
    on: str
    known: str
    inspections: Sequence[str]
    items: Sequence[str]


def begin(engine: Engine, held: Held) -> None:
    """Let an engine that can do so begin with what :func:`of_force` will ask."""
    if isinstance(engine, Ahead):
        engine.ahead(_of_phases(held.force, held.on, held.known))
        engine.ahead(_of_reports(held.inspections, held.known))
        engine.ahead(_of_themes(held.items))


def of_force(engine: Engine, held: Held, status: Iterable[Mapping[str, Value]]) -> Timeline:
    """Return the timeline of what is held about a force.

    :param status: the rows of the question ``status`` about it
    """
    return Timeline(
        force=held.force,
        label=asking.labels(engine, [held.force])[held.force],
        on=held.on,
        known=held.known,
        snapshot=engine.digest,
        phases=_phases(engine, held),
        inspections=_inspections(engine, held),
        lanes=_lanes(engine, held, status),
    )


def _of_phases(force: str, on: str, known: str) -> str:
    day, last = values.day_term(known), values.day_term(on)
    return (
        "SELECT ?phase ?from ?until ?decision ?basis ?earliest ?latest { "
        f"?period a peel:PhasePeriod ; peel:about {ox.NamedNode(force)} ; peel:phase ?phase ; "
        "peel:basis ?basis ; peel:from ?from ; peel:until ?until ; peel:knownFrom ?since ; "
        f"peel:knownUntil ?till FILTER (?since <= {day} && {day} < ?till && ?from <= {last}) "
        "OPTIONAL { ?period peel:startedBy ?decision } "
        "OPTIONAL { ?period peel:beganEarliest ?earliest } "
        "OPTIONAL { ?period peel:beganLatest ?latest } } ORDER BY ?from ?until ?phase ?decision"
    )


def _of_reports(inspections: Sequence[str], known: str) -> str:
    """Return the query for the dates of inspections, their reports, and the dates of these."""
    some = said.terms(inspections)
    things = (  # to Virtuoso, a branch that has VALUES only is nothing
        f"{{ SELECT ?thing {{ {{ VALUES ?one {{ {some} }} BIND (?one AS ?thing) }} UNION "
        f"{{ VALUES ?inspection {{ {some} }} ?thing <{said.REPORTS_ON}> ?inspection }} }} }}"
    )
    return said.written(things, (_DATE, _PUBLIC, said.REPORTS_ON), known)


def _of_themes(items: Iterable[str]) -> str:
    return (
        f"SELECT DISTINCT ?item ?theme {{ VALUES ?item {{ {said.terms(items)} }} "
        "?item peel:theme ?theme } ORDER BY ?item ?theme"
    )


def _inspections_of(engine: Engine, force: str, known: str) -> list[str]:
    rows = engine.query(
        "SELECT ?inspection { ?inspection peel:kindToken 'inspection' ; "
        f"peel:ofForce {ox.NamedNode(force)} ; peel:knownFrom ?since . "
        f"FILTER (?since <= {values.day_term(known)}) }} ORDER BY ?inspection"
    )
    assert isinstance(rows, ox.QuerySolutions)
    return [row["inspection"].value for row in rows]


def _phases(engine: Engine, held: Held) -> tuple[Stretch, ...]:
    rows = engine.query(_of_phases(held.force, held.on, held.known))
    assert isinstance(rows, ox.QuerySolutions)
    found = list(rows)
    labels = asking.labels(engine, (row["phase"].value for row in found))
    return tuple(
        Stretch(
            phase=row["phase"].value,
            label=labels[row["phase"].value],
            start=None if row["from"].value == _BEGINNING else row["from"].value,
            end=None if row["until"].value == _END else row["until"].value,
            decision=row["decision"].value if row["decision"] else None,
            basis=row["basis"].value.rpartition("/")[2],
            began=Bounds(*(row[end].value if row[end] else None for end in ("earliest", "latest"))),
        )
        for row in found
    )


def _inspections(engine: Engine, held: Held) -> tuple[Inspection, ...]:
    labels = asking.labels(engine, held.inspections)
    read: dict[str, dict[str, str]] = {}
    reports = list[tuple[str, str]]()
    for thing, name, value in said.rows(engine, _of_reports(held.inspections, held.known)):
        read.setdefault(thing, {}).setdefault(name, value)
        if name == said.REPORTS_ON:
            reports.append((thing, value))
    public: dict[str, str] = {}
    for report, inspection in reports:
        if _PUBLIC in read[report]:
            public.setdefault(inspection, read[report][_PUBLIC])
    found = []
    for iri in held.inspections:
        date = read.get(iri, {}).get(_DATE)
        bounds = _bounds(date or public.get(iri))
        if bounds is None or (bounds.earliest or bounds.latest or "") <= held.on:
            when = a_span(date) if date else "on days that no document states"
            if not date and iri in public:
                when += f"; report published {a_span(public[iri])}"
            found.append(Inspection(iri, labels[iri], bounds, not date and iri in public, when))
    return tuple(sorted(found, key=lambda each: (_key(each.days), each.iri)))


def _lanes(engine: Engine, held: Held, status: Iterable[Mapping[str, Value]]) -> tuple[Lane, ...]:
    rows = list(status)
    items = {str(row["item"]) for row in rows}
    themes = {item: some for item, some in _themes(engine, held).items() if item in items}
    labels = asking.labels(engine, {each for found in themes.values() for each in found})
    bars = {str(row["item"]): _bar(row, themes, labels) for row in rows}
    common = Counter(each for found in themes.values() for each in found)
    lanes: dict[str | None, list[Bar]] = {}
    for bar in bars.values():
        decisive = bar.concern if bar.concern in bars else bar.iri
        own = themes.get(str(decisive), ())
        theme = min(own, key=lambda each: (-common[each], labels[each]), default=None)
        lanes.setdefault(theme, []).append(bar)
    found = [
        Lane(theme, labels[theme] if theme else "no theme", _in_order(items, bars))
        for theme, items in lanes.items()
    ]
    return tuple(sorted(found, key=lambda lane: (_key(lane.bars[0].raised), lane.label)))


def _bar(
    row: Mapping[str, Value], themes: Mapping[str, tuple[str, ...]], labels: Mapping[str, str]
) -> Bar:
    def cell(name: str) -> str | None:
        return str(row[name]) if name in row else None

    closed = Bounds(cell("closedEarliest"), cell("closedLatest"))
    return Bar(
        iri=str(row["item"]),
        kind=str(row["kind"]),
        label=str(row["label"]),
        status=str(row["status"]).rpartition("/")[2],
        status_phrase=phrases.status(row),
        raised=Bounds(cell("raisedEarliest"), cell("raisedLatest")),
        closed=closed if closed != Bounds(None, None) else None,
        last_known_open=cell("lastKnownOpen"),
        contradicted=bool(closed.earliest and closed.latest and closed.earliest > closed.latest),
        concern=cell("concern"),
        themes=tuple(labels[each] for each in themes.get(str(row["item"]), ())),
    )


def _in_order(items: Iterable[Bar], bars: Mapping[str, Bar]) -> tuple[Bar, ...]:
    """Return the bars by the day of raising, each recommendation behind its cause of concern."""

    def key(bar: Bar) -> tuple[tuple[str, str], str, bool, tuple[str, str], str]:
        head = bars.get(str(bar.concern), bar)
        return _key(head.raised), head.iri, bar is not head, _key(bar.raised), bar.iri

    return tuple(sorted(items, key=key))


def _themes(engine: Engine, held: Held) -> dict[str, tuple[str, ...]]:
    found = engine.query(_of_themes(held.items))
    assert isinstance(found, ox.QuerySolutions)
    themes: dict[str, list[str]] = {}
    for row in found:
        themes.setdefault(row["item"].value, []).append(row["theme"].value)
    return {item: tuple(each) for item, each in themes.items()}


def _bounds(expression: str | None) -> Bounds | None:
    if expression is None:
        return None
    span = edtf.parse(expression)
    return Bounds(*(day.isoformat() if day else None for day in (span.earliest, span.latest)))


def _key(bounds: Bounds | None) -> tuple[str, str]:
    """Return what puts things in the order of time; what has no day comes last."""
    if bounds is None:
        return _END, _END
    return bounds.earliest or bounds.latest or _END, bounds.latest or _END
