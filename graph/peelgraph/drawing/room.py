"""What of a timeline there is room for: all of it, or what matters most and a sentence on the rest.

>>> from peelgraph.timeline import Timeline
>>> fitted(Timeline("f", "Force", "2026-01-01", "all", "", (), (), ()), 10)
Fitted(lanes=(), labels={}, notes=())
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace

from peelgraph.drawing.sentences import STATUSES, listed, many
from peelgraph.timeline import Bar, Lane, Timeline

_RANK = {"open": 0, "presumed-open": 1, "indeterminate": 2}


@dataclass(frozen=True, slots=True)
class Fitted:
    """The lanes that are drawn, the labels of their bars, and sentences on what is left out."""

    lanes: tuple[Lane, ...]
    labels: dict[str, str]
    notes: tuple[str, ...]


def fitted(timeline: Timeline, most: int) -> Fitted:
    """Return at most so many bars: recommendations give way first, causes of concern last."""
    everything = [bar for lane in timeline.lanes for bar in lane.bars]
    labels = {bar.iri: bar.label for bar in everything}
    lanes, notes = timeline.lanes, []
    concerns = {bar.iri for bar in everything if bar.kind == "cause-of-concern"}
    under = [bar for bar in everything if bar.concern in concerns]
    if under and _bars(lanes) > most:
        for concern, number in Counter(str(bar.concern) for bar in under).items():
            labels[concern] += f" ({many(number, 'recommendation')})"
        lanes = _without(lanes, lambda bar: bar.concern in concerns)
        notes.append(_note(under, "with their causes of concern, not by themselves"))
    lesser = [bar for lane in lanes for bar in lane.bars if bar.iri not in concerns]
    if lesser and _bars(lanes) > most:
        lanes = _without(lanes, lambda bar: bar.iri not in concerns)
        notes.append(_note(lesser, "in words only"))
    if _bars(lanes) > most:
        left = sorted(
            (bar for lane in lanes for bar in lane.bars),
            key=lambda bar: (_RANK.get(bar.status, 3), _later_first(bar), bar.iri),
        )[most:]
        gone = {bar.iri for bar in left}
        lanes = _without(lanes, lambda bar: bar.iri in gone)
        notes.append(_note(left, "in words only"))
    return Fitted(lanes, labels, tuple(notes))


def _later_first(bar: Bar) -> tuple[int, ...]:
    day = bar.raised.latest or bar.raised.earliest or "0001-01-01"
    return tuple(-int(part) for part in day.split("-"))


def _bars(lanes: tuple[Lane, ...]) -> int:
    return sum(len(lane.bars) for lane in lanes)


def _without(lanes: tuple[Lane, ...], gone: Callable[[Bar], bool]) -> tuple[Lane, ...]:
    kept = (replace(lane, bars=tuple(bar for bar in lane.bars if not gone(bar))) for lane in lanes)
    return tuple(lane for lane in kept if lane.bars)


def _note(left: list[Bar], how: str) -> str:
    kinds = Counter(bar.kind for bar in left)
    standings = Counter(bar.status for bar in left)
    said = [f"{standings[each]} {words}" for each, words in STATUSES.items() if standings[each]]
    what = listed([many(number, kind) for kind, number in sorted(kinds.items())])
    return f"For want of room, {what} ({', '.join(said)}) are shown {how}."
