"""The band of monitoring phases on top of a timeline, and the same in words."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from peelgraph.drawing import measure
from peelgraph.drawing.calendar import Axis, rows
from peelgraph.drawing.palette import HEAD, META
from peelgraph.drawing.pen import Pen
from peelgraph.drawing.sentences import sentence
from peelgraph.phrases import day
from peelgraph.timeline import Stretch

_LEFT, _HIGH, _LINE, _BELOW = 8.0, 22.0, 15.0, 8.0
_BEGINNING = "0001-01-01"
#: a piece narrower than this cannot be seen
_SEEN = 2.0


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of the band, from *left* to *right*, with what can have been the phase in it."""

    left: float
    right: float
    stretches: tuple[Stretch, ...]

    @property
    def words(self) -> str:
        """What is said of it."""
        phases = " or ".join(dict.fromkeys(each.label for each in self.stretches))
        weak = sorted({each.basis for each in self.stretches} - {"stated"})
        return f"{phases} ({', '.join(weak)})" if weak else phases

    @property
    def paint(self) -> str:
        """How it is painted: another phase than the default stands out."""
        raised = any(not each.phase.endswith("/scan") for each in self.stretches)
        weak = any(each.basis != "stated" for each in self.stretches)
        return "pic-phase" + (" pic-raised" if raised else "") + (" pic-presumed" if weak else "")


def band(
    pen: Pen,
    stretches: Sequence[Stretch],
    axis: Axis,
    top: float,
    address: Callable[[str], str],
) -> tuple[str, float]:
    """Return the band, and where it ends; what does not fit in a piece stands below it."""
    drawn = pen.line("Monitoring phase", _LEFT, top + 15, "pic-head", HEAD)
    if not stretches:
        words = "No document says in which phase the force was."
        return drawn + pen.line(words, axis.left, top + 15, "pic-meta", META), top + _HIGH + _BELOW
    beside: list[tuple[float, float, str]] = []
    for piece in pieces(stretches, axis):
        wide = piece.right - piece.left
        shape = pen.element("rect", piece.paint, x=piece.left, y=top, width=wide, height=_HIGH)
        need = measure.width(piece.words, META)
        middle = (piece.left + piece.right) / 2
        if need + 8 <= wide:
            shape += pen.line(piece.words, middle, top + 15, "pic-name", META, text_anchor="middle")
        else:
            left = min(max(middle - need / 2, axis.left), axis.right - need)
            beside.append((left, left + need, piece.words))
        decision = piece.stretches[-1].decision
        title = sentence("monitoring phase:", piece.words)
        drawn += pen.link(address(decision) if decision else None, title, shape)
    levels = rows([(left, right) for left, right, _ in beside], 8)
    for (left, _, words), level in zip(beside, levels, strict=True):
        drawn += pen.line(words, left, top + _HIGH + 14 + level * _LINE, "pic-name", META)
    return drawn, top + _HIGH + _BELOW + (max(levels, default=-1) + 1) * _LINE


def pieces(stretches: Sequence[Stretch], axis: Axis) -> Iterator[Piece]:
    """Yield the pieces between changes; one too narrow goes with the next, if of the same phase."""
    end = date.fromordinal(axis.last.toordinal() + 1).isoformat()
    spans = [(each.start or _BEGINNING, min(each.end or end, end), each) for each in stretches]
    cuts = sorted({cut for first, last, _ in spans for cut in (first, last)})
    kept: float | None = None
    for first, last in pairwise(cuts):
        here = tuple(each for start, stop, each in spans if start <= first and last <= stop)
        after = {each.phase for start, stop, each in spans if start <= last < stop}
        left = axis.at(first) if kept is None else kept
        right = axis.right if last >= end else axis.at(last)
        kept = None
        if here and right - left < _SEEN and {each.phase for each in here} == after:
            kept = left
        elif here and right > left:
            yield Piece(left, right, here)


def in_words(stretches: Sequence[Stretch]) -> Iterator[str]:
    """Yield a sentence for each stretch; one that only goes on, on another basis, joins the last.

    >>> scan = Stretch("…/scan", "Scan", "2024-09-18", "2024-09-19", None, "stated")
    >>> still = Stretch("…/scan", "Scan", "2024-09-19", None, None, "presumed")
    >>> list(in_words([scan, still]))
    ['Monitoring phase: Scan from 18 September 2024, presumed from 19 September 2024 on.']
    """
    told: list[Stretch] = []
    for stretch, following in zip(stretches, [*stretches, None][1:], strict=True):
        told.append(stretch)
        if following and (following.phase, following.start) == (stretch.phase, stretch.end):
            continue
        first = told[0]
        words = f"monitoring phase: {first.label}"
        words += f" from {day(first.start)}" if first.start else ""
        for each in told[1:]:
            words += f", {each.basis} from {day(each.start)} on" if each.start else ""
        words += f" until {day(stretch.end)}" if stretch.end else ""
        yield sentence(words, None if first.basis == "stated" else f"({first.basis})")
        told = []
