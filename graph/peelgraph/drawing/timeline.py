"""The timeline of a force as a picture: lanes by theme, bars from raised to closed."""

from collections.abc import Callable, Sequence
from datetime import date

from peelgraph.drawing import bars, measure, standing
from peelgraph.drawing.band import band, in_words
from peelgraph.drawing.calendar import Axis, rows
from peelgraph.drawing.key import Entry, below
from peelgraph.drawing.palette import HEAD, META, Look
from peelgraph.drawing.pen import Pen, number
from peelgraph.drawing.room import fitted
from peelgraph.drawing.sentences import STATUSES, as_of, kind, listed, provenance, sentence
from peelgraph.phrases import between, day
from peelgraph.timeline import Bar, Bounds, Inspection, Lane, Timeline
from peelgraph.wording import capitalised

Address = Callable[[str], str]

#: where the names of lanes end, and where the axis begins and ends
_NAMES, _LEFT, _RIGHT, _WIDTH, _MARGIN = 184.0, 198.0, 1216.0, 1240.0, 8.0
_PITCH, _PAD, _LINE = 23.0, 6.0, 15.0
#: from when on, and how many bars at most
FROM, MOST = 2014, 90


def svg(
    timeline: Timeline, *, look: Look = "page", address: Address = str, most: int = MOST
) -> str:
    """Return the picture as one ``<svg>`` element.

    :param look: ``page``: classes only, coloured by ``picture.css``; ``file``: literal colours,
        with title, description and provenance, and an XML declaration
    :param address: where a bar or a mark leads to, by the IRI of the thing
    :param most: how many bars there is room for
    """
    pen = Pen(look, timeline.force)
    axis = _axis(timeline)
    fit = fitted(timeline, most)
    phases, top = band(pen, timeline.phases, axis, 24, address)
    marks, top, posts = _inspections(pen, timeline, axis, top, address)
    lanes, shades, bottom = "", "", top
    for index, lane in enumerate(fit.lanes):
        drawn, end = _lane(pen, lane, fit.labels, axis, bottom, address)
        lanes += drawn
        if index % 2 == 0:
            shades += pen.element(
                "rect", "pic-lane", x=0, y=bottom, width=_WIDTH, height=end - bottom
            )
        bottom = end
    shades += _grid(pen, axis, top, bottom)
    shades += "".join(
        pen.element("path", "pic-post", d=f"M{number(x)} {number(top - 6)}V{number(bottom)}")
        for x in posts
    )
    shown = [bar for lane in fit.lanes for bar in lane.bars]
    statuses = bars.statuses(shown)
    notes = [*_unplaced(timeline), *fit.notes]
    if look == "file":
        notes += provenance(timeline.on, timeline.known, timeline.snapshot)
    legend, end = below(
        pen,
        _key(pen, timeline, shown),
        notes,
        _MARGIN,
        bottom + 40,
        _WIDTH - 2 * _MARGIN,
    )
    defs = standing.patterns(pen, statuses, faint=True) + bars.patterns(pen, statuses)
    inner = defs + shades + phases + marks + lanes + legend
    title = f"Timeline of {timeline.label}"
    return pen.picture(_WIDTH, end + 2, title, text(timeline) if look == "file" else (), inner)


def text(timeline: Timeline) -> list[str]:
    """Return all that the picture says, in plain sentences: the first says what of and as of when.

    Then come the phases, the inspections, and the items of each lane.
    """
    told = [f"The timeline of {timeline.label}. {as_of(timeline.on, timeline.known)}"]
    told += in_words(timeline.phases)
    for each in timeline.inspections:
        dated = each.when in each.label
        told.append(sentence("inspection:", each.label if dated else f"{each.label}, {each.when}"))
    for lane in timeline.lanes:
        for bar in lane.bars:
            raised = between(bar.raised.earliest, bar.raised.latest)
            parts = [
                f"{kind(bar.kind)}: {bar.label}",
                f"themes: {listed(list(bar.themes))}" if bar.themes else None,
                f"raised {raised}",
                bar.status_phrase,
                "the documents contradict one another about the day" if bar.contradicted else None,
            ]
            told.append(" ".join(sentence(part) for part in parts if part))
    return told


def _axis(timeline: Timeline) -> Axis:
    last = date.fromisoformat(timeline.on)
    days = [bar.raised for lane in timeline.lanes for bar in lane.bars]
    days += [each.days for each in timeline.inspections if each.days]
    years = [int(day[:4]) for each in days for day in (each.earliest, each.latest) if day]
    return Axis(date(min([FROM, last.year, *years]), 1, 1), last, _LEFT, _RIGHT)


def _grid(pen: Pen, axis: Axis, top: float, bottom: float) -> str:
    """Return a line at the beginning of each year, the years below, and the day that ends it."""
    years = axis.years()
    step = -(-len(years) * 40 // int(axis.right - axis.left))
    drawn = ""
    for year in years:
        left, right = axis.at(date(year, 1, 1)), axis.after(date(year, 12, 31))
        drawn += pen.element(
            "path", "pic-grid", d=f"M{number(left)} {number(top)}V{number(bottom)}"
        )
        if (year - years[0]) % step == 0 and right - left > 34 / step:
            middle = (left + right) / 2
            drawn += pen.line(
                str(year), middle, bottom + 16, "pic-meta", META, text_anchor="middle"
            )
            if middle < axis.right - 120:
                drawn += pen.line(str(year), middle, 12, "pic-meta", META, text_anchor="middle")
    end = f"M{number(axis.right)} 16V{number(bottom)}"
    said = pen.line(day(axis.last.isoformat()), _WIDTH - 8, 12, "pic-meta", META, text_anchor="end")
    return drawn + pen.element("path", "pic-today", d=end) + said


def _inspections(
    pen: Pen, timeline: Timeline, axis: Axis, top: float, address: Address
) -> tuple[str, float, list[float]]:
    """Return the marks with their labels, where they end, and the marks' places."""
    drawn = pen.line("Inspections", _MARGIN, top + 16, "pic-head", HEAD)
    marks: list[tuple[float, float, float, Inspection, str]] = []
    for each in timeline.inspections:
        if each.days is None:
            continue
        left, right = _days(each.days, axis)
        words = each.label.removeprefix(timeline.label).lstrip(" ,:") or each.label
        (said,) = measure.wrapped(capitalised(words), 210, META, most=1)
        marks.append(((left + right) / 2, left, right, each, said))
    marks.sort(key=lambda mark: (mark[0], mark[3].iri))
    spans = []
    for middle, _, _, _, said in marks:
        half = measure.width(said, META) / 2
        centre = min(max(middle, axis.left + half), axis.right - half)
        spans.append((centre - half, centre + half))
    levels = rows(spans, 8)
    for (middle, left, right, each, said), span, level in zip(marks, spans, levels, strict=True):
        look = "pic-hollow" if each.by_report else "pic-mark"
        y = top + 12
        shape = pen.element("path", look, d=f"M{number(middle)} {number(y - 6)}l6 6l-6 6l-6 -6z")
        if right - left > 12:
            shape = (
                pen.element("path", "pic-span", d=f"M{number(left)} {number(y)}H{number(right)}")
                + shape
            )
        shape += pen.line(said, span[0], top + 34 + level * _LINE, "pic-name", META)
        title = sentence(each.label + ",", each.when)
        drawn += pen.link(address(each.iri), title, shape)
    end = top + 26 + (max(levels, default=-1) + 1) * _LINE + 10
    return drawn, end, [mark[0] for mark in marks]


def _days(bounds: Bounds, axis: Axis) -> tuple[float, float]:
    days = [each for each in (bounds.earliest, bounds.latest) if each]
    return axis.at(days[0]), axis.after(days[-1])


def _lane(
    pen: Pen,
    lane: Lane,
    labels: dict[str, str],
    axis: Axis,
    top: float,
    address: Address,
) -> tuple[str, float]:
    placed = [bars.placed(bar, axis, labels[bar.iri]) for bar in lane.bars]
    levels = rows([(each.left, each.right) for each in placed], 10)
    names = measure.wrapped(capitalised(lane.label), _NAMES - _MARGIN, HEAD, bold=True, most=4)
    deep = max((max(levels) + 1) * _PITCH, len(names) * _LINE) + 2 * _PAD
    drawn = ""
    for index, name in enumerate(names):
        drawn += pen.line(name, _MARGIN, top + _PAD + 15 + index * _LINE, "pic-head", HEAD)
    for each, level in zip(placed, levels, strict=True):
        bar = each.bar
        title = " ".join(
            sentence(part)
            for part in (
                f"{kind(bar.kind)}: {bar.label}",
                f"raised {between(bar.raised.earliest, bar.raised.latest)}",
                bar.status_phrase,
            )
        )
        middle = top + _PAD + (level + 0.5) * _PITCH
        drawn += pen.link(address(bar.iri), title, bars.draw(pen, each, middle))
    return drawn, top + deep


def _unplaced(timeline: Timeline) -> list[str]:
    """Return the sentence on inspections without any day."""
    without = [each.label for each in timeline.inspections if each.days is None]
    if not without:
        return []
    verb = "is" if len(without) == 1 else "are"
    return [f"Not shown, because no document gives a day, {verb} {listed(without)}."]


def _key(pen: Pen, timeline: Timeline, shown: Sequence[Bar]) -> list[Entry]:
    """Return the entries that this picture needs."""
    found = []

    def add(kind_: str, status: str, words: str, *, soft: bool = False) -> None:
        found.append(
            Entry(30, lambda x, y: bars.sample(pen, kind_, status, x, y, soft=soft), words)
        )

    for status in STATUSES:
        if any(bar.status == status for bar in shown):
            add("recommendation", status, STATUSES[status])
    if any(bar.status == "presumed-open" and bar.last_known_open for bar in shown):
        add("recommendation", "open", "proved open so far")
    for kind_ in ("cause-of-concern", "recommendation", "area-for-improvement"):
        if example := next((bar.status for bar in shown if bar.kind == kind_), None):
            add(kind_, example, kind(kind_))
    if shown:
        add("recommendation", shown[0].status, "soft end: on some day here", soft=True)
    for by_report, paint, words in (
        (False, "pic-mark", "inspection"),
        (True, "pic-hollow", "inspection of unknown days, at the day of its report"),
    ):
        if any(each.days and each.by_report is by_report for each in timeline.inspections):
            found.append(Entry(12, _diamond(pen, paint), words))
    return found


def _diamond(pen: Pen, paint: str) -> Callable[[float, float], str]:
    return lambda x, y: pen.element("path", paint, d=f"M{x + 6:.1f} {y - 6:.1f}l6 6l-6 6l-6 -6z")
