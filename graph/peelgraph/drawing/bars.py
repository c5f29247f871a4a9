"""One bar of a timeline: from raised to closed, with soft ends where the day is not known."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from peelgraph.drawing import measure, standing
from peelgraph.drawing.calendar import Axis
from peelgraph.drawing.palette import META
from peelgraph.drawing.pen import Pen, number
from peelgraph.timeline import Bar, Bounds

#: how long an end fades whose other bound is not known at all, the tip of an arrow, and how short a
#: bar may be, in pixels
_FADE, TIP, _LEAST = 26.0, 9.0, 4.0
#: kind -> height of the bar, radius of its corners
_SHAPES = {
    "cause-of-concern": (19.0, 0.0),
    "area-for-improvement": (15.0, 7.0),
    "recommendation": (15.0, 0.0),
}


@dataclass(frozen=True, slots=True)
class Extent:
    """Where a bar is, in pixels: it fades in to *start*, and fades out from *end*.

    :param proved: up to where it is proved open, of a bar that is presumed open; else ``end``
    :param arrow: it goes on beyond the picture
    """

    soft_start: float
    start: float
    proved: float
    end: float
    soft_end: float
    arrow: bool


def extent(bar: Bar, axis: Axis) -> Extent:
    """Return where a bar is along the *axis*."""
    days = sorted(day for day in (bar.raised.earliest, bar.raised.latest) if day)
    start = min(axis.at(days[-1]) if days else axis.right, axis.right - _LEAST)
    soft = axis.at(days[0]) if len(days) == 2 else max(axis.left, start - _FADE)
    soft = min(soft, start)
    if bar.status in ("open", "presumed-open"):
        proved = axis.right
        if bar.status == "presumed-open":
            proved = max(start, axis.after(bar.last_known_open)) if bar.last_known_open else start
        return Extent(soft, start, proved, axis.right, axis.right, True)
    end, soft_end = start, axis.right
    if bar.closed:
        first, last = sorted((bar.closed.earliest or "", bar.closed.latest or ""))
        if bar.closed.latest:
            soft_end = axis.after(last)
        if first == last:
            end = soft_end
        elif bar.closed.earliest:
            end = axis.at(first or last)
    end = max(start, end)
    return Extent(soft, start, end, end, max(soft_end, end, start + _LEAST), False)


@dataclass(frozen=True, slots=True)
class Placed:
    """A bar and its label, with the room that both take from left to right.

    :param before: the label ends where it is said to be, left of the bar
    """

    bar: Bar
    extent: Extent
    label: str
    label_at: float
    before: bool
    left: float
    right: float


def placed(bar: Bar, axis: Axis, label: str) -> Placed:
    """Return a bar with its label: inside where it fits, else beside it."""
    found = extent(bar, axis)
    bold = bar.kind == "cause-of-concern"
    room = axis.right - axis.left - 60
    (said,) = measure.wrapped(label, room, META, bold=bold, most=1)
    wide = measure.width(said, META, bold=bold)
    left, right = found.soft_start, found.soft_end + (TIP if found.arrow else 0)
    before = False
    if found.end - found.start >= wide + 14:
        at = found.start + 7
    elif right + 6 + wide <= axis.right:
        at = right + 6
    elif left - 6 - wide >= axis.left:
        at, before = left - 6, True
    else:
        at = max(axis.left, axis.right - wide)
    begin = at - wide if before else at
    return Placed(bar, found, said, at, before, min(left, begin), max(right, begin + wide))


def patterns(pen: Pen, statuses: set[str]) -> str:
    """Return the gradients of the soft ends that the *statuses* need."""
    drawn = ""
    for tone in sorted({standing.LOOKS[status][0] for status in statuses}):
        for name, first, last in (("in", "0", ".35"), ("out", ".35", "0")):
            stops = "".join(
                pen.element("stop", f"{tone}-stop", offset=offset, stop_opacity=opacity)
                for offset, opacity in (("0", first), ("1", last))
            )
            drawn += pen.element("linearGradient", "", stops, id=pen.name(f"{tone}-{name}"))
    return pen.element("defs", "", drawn) if drawn else ""


def draw(pen: Pen, it: Placed, middle: float) -> str:
    """Return a bar with its label; *middle* is the height of its middle."""
    bar, where = it.bar, it.extent
    height, radius = _SHAPES.get(bar.kind, _SHAPES["recommendation"])
    top = middle - height / 2
    tone = standing.LOOKS[bar.status][0]
    drawn = ""
    for name, left, right in (
        ("in", where.soft_start, where.start),
        ("out", where.end, where.soft_end),
    ):
        if right - left > 0.5:
            fill = f"url(#{pen.name(f'{tone}-{name}')})"
            drawn += pen.element(
                "rect", "", x=left, y=top, width=right - left, height=height, fill=fill
            )
    if where.end - where.start > 0.5:
        drawn += _body(pen, it, tone, top, height, radius)
    bold = bar.kind == "cause-of-concern"
    look = "pic-name pic-strong" if bold else "pic-name"
    if it.label:
        anchor = {"text_anchor": "end"} if it.before else {}
        drawn += pen.line(it.label, it.label_at, middle + 4, look, META, **anchor)
    return drawn


def _body(pen: Pen, it: Placed, tone: str, top: float, height: float, radius: float) -> str:
    bar, where = it.bar, it.extent
    outline = _outline(where, top, height, radius)
    drawn = pen.element("path", f"{tone}-tint", d=outline)
    for status, left, right in (
        ("open", where.start, where.proved),
        ("presumed-open", where.proved, where.end),
    ):
        hatched = bar.status in ("presumed-open", "open") and right - left > 0.5
        if hatched:
            drawn += pen.element(
                "rect",
                "",
                x=left,
                y=top,
                width=right - left,
                height=height,
                fill=str(standing.filling(pen, status)),
            )
    edge = f"{tone}-line" + (" pic-presumed" if bar.status == "presumed-open" else "")
    edge += " pic-heavy" if bar.kind == "cause-of-concern" else ""
    drawn += pen.element("path", edge, d=outline)
    if bar.status == "presumed-open" and where.proved - where.start > 0.5:
        sure = replace(where, end=min(where.proved, where.end), arrow=False)
        solid = edge.replace(" pic-presumed", "")
        drawn += pen.element("path", solid, d=_outline(sure, top, height, 0))
    return drawn


def _outline(where: Extent, top: float, height: float, radius: float) -> str:
    """Return the outline of the sure part of a bar."""
    round_ = min(radius, (where.end - where.start) / 2)
    half, left = number(height / 2), number(where.start + round_)
    arc = f"a{number(round_)} {half} 0 0 1 0 "
    start = f"{arc}-{number(height)}" if round_ else f"v-{number(height)}"
    if where.arrow:
        tip = f"l{number(TIP)} {half}l-{number(TIP)} {half}"
        return f"M{left} {number(top)}H{number(where.end)}{tip}H{left}{start}z"
    end = f"{arc}{number(height)}" if round_ else f"v{number(height)}"
    return f"M{left} {number(top)}H{number(where.end - round_)}{end}H{left}{start}z"


def statuses(bars: Sequence[Bar]) -> set[str]:
    """Return the statuses whose hatchings the *bars* need."""
    found = {bar.status for bar in bars}
    return found | ({"open"} if any(bar.last_known_open for bar in bars) else set())


def sample(pen: Pen, kind: str, status: str, x: float, middle: float, *, soft: bool = False) -> str:
    """Return a small bar for the key, 30 pixels wide at most."""
    nothing = Bounds(None, None)
    bar = Bar("", kind, "", status, "", nothing, None, None, False, None, ())
    arrow = status in ("open", "presumed-open")
    end = x if status == "indeterminate" else x + (21 if arrow else 30)
    start = x + 14 if soft else x
    where = Extent(x, start, end if status == "open" else start, end, max(end, x + 30), arrow)
    if arrow:
        where = replace(where, soft_end=end)
    return draw(pen, Placed(bar, where, "", x, False, x, x), middle)
