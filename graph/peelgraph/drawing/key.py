"""The key below a picture, and what has to be said in words."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from peelgraph.drawing import measure
from peelgraph.drawing.palette import META
from peelgraph.drawing.pen import Pen

#: the height of a line, and the distances between a sign and its words, and between entries
_LINE, _AFTER_SIGN, _BETWEEN = 18.0, 6.0, 20.0


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a key.

    :param wide: the width of the sign
    :param sign: draws it with its left end at x and its middle at the height y
    """

    wide: float
    sign: Callable[[float, float], str]
    words: str


def below(
    pen: Pen,
    entries: Sequence[Entry],
    notes: Sequence[str],
    left: float,
    top: float,
    room: float,
) -> tuple[str, float]:
    """Return a key and notes in lines no wider than *room*, and where they end."""
    drawn, x, y = "", left, top
    for entry in entries:
        wide = entry.wide + _AFTER_SIGN + measure.width(entry.words, META)
        if x > left and x + wide > left + room:
            x, y = left, y + _LINE
        drawn += entry.sign(x, y) + pen.line(
            entry.words, x + entry.wide + _AFTER_SIGN, y + 4, "pic-meta", META
        )
        x += wide + _BETWEEN
    if entries:
        y += _LINE
    for note in notes:
        for line in measure.wrapped(note, room, META):
            drawn += pen.line(line, left, y + 4, "pic-meta", META)
            y += _LINE
    return drawn, y
