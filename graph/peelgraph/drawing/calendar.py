"""Days along an axis: where each stands, and where labels beside marks find room."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Axis:
    """The days from the first day of a year to a last one, along a line.

    :param first: the first day
    :param last: the last day; its end is the end of the line
    :param left: where the line begins, in pixels
    :param right: where it ends
    """

    first: date
    last: date
    left: float
    right: float

    def at(self, day: str | date) -> float:
        """Return where a day begins; a day beyond the line stands at its end.

        >>> axis = Axis(date(2014, 1, 1), date(2014, 1, 10), 0, 100)
        >>> axis.at("2014-01-06"), axis.at("2013-01-01"), axis.at("2020-01-01")
        (50.0, 0.0, 100.0)
        """
        gone = (date.fromisoformat(day) if isinstance(day, str) else day) - self.first
        days = (self.last - self.first).days + 1
        return self.left + (self.right - self.left) * min(max(gone.days / days, 0.0), 1.0)

    def after(self, day: str | date) -> float:
        """Return where a day ends."""
        found = date.fromisoformat(day) if isinstance(day, str) else day
        return (
            self.right if found >= self.last else self.at(date.fromordinal(found.toordinal() + 1))
        )

    def years(self) -> list[int]:
        """Return the years along the line."""
        return list(range(self.first.year, self.last.year + 1))


def rows(spans: Sequence[tuple[float, float]], apart: float) -> list[int]:
    """Return a row for each span, in turn: the first in which it is clear of all before it.

    >>> rows([(0, 10), (5, 20), (12, 30)], 1)
    [0, 1, 0]
    """
    taken: list[list[tuple[float, float]]] = []
    found = []
    for left, right in spans:
        clear = (
            index
            for index, row in enumerate(taken)
            if all(right + apart <= start or left >= end + apart for start, end in row)
        )
        index = next(clear, len(taken))
        if index == len(taken):
            taken.append([])
        taken[index].append((left, right))
        found.append(index)
    return found
