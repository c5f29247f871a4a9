"""What an analysis is, and what it found: rows that keep their evidence, and what was left out."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from peelgraph.asking import Value, frame

if TYPE_CHECKING:
    import pandas


@dataclass(frozen=True, slots=True)
class About:
    """What an analysis asks, what its numbers mean, and what they cannot mean.

    :param columns: what each column holds
    :param shown: the columns of the table for people; ``when`` and ``gap`` say two days as one
    """

    name: str
    asks: str
    means: str
    cannot: str
    columns: Mapping[str, str]
    shown: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One row, and the things whose passages prove it."""

    cells: Mapping[str, Value | None]
    rests: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of an analysis in their order, and sentences that say what was left out."""

    rows: tuple[Row, ...]
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, repr=False)
class Analysis:
    """What an analysis found. In a row, what is not known is absent.

    :param documents: how many documents all of it rests on
    """

    about: About
    parameters: Mapping[str, str]
    snapshot: str
    documents: int
    rows: tuple[dict[str, Value], ...]
    left_out: tuple[str, ...]

    def __repr__(self) -> str:
        """Say which analysis it is, and how many rows it found."""
        return f"<Analysis {self.about.name!r}, {len(self.rows)} rows>"

    def __len__(self) -> int:
        """Return how many rows there are."""
        return len(self.rows)

    def __iter__(self) -> Iterator[dict[str, Value]]:
        """Yield the rows, in order."""
        return iter(self.rows)

    def to_pandas(self) -> "pandas.DataFrame":
        """Return the rows as a table of pandas, what is not known as missing.

        :raises ImportError: pandas is not installed; ``pip install pandas`` brings it
        """
        return frame(self)

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns."""
        return tuple(self.about.columns)

    def as_object(self) -> dict[str, object]:
        """Return what the JSON form says."""
        return {
            "analysis": self.about.name,
            "asks": self.about.asks,
            "parameters": dict(self.parameters),
            "snapshot": self.snapshot,
            "documents": self.documents,
            "means": self.about.means,
            "cannotMean": self.about.cannot,
            "leftOut": list(self.left_out),
            "columns": list(self.columns),
            "rows": list(self.rows),
        }


def several(iris: Iterable[str]) -> str | None:
    """Return several IRIs as one cell, or nothing for none."""
    return " ".join(sorted(set(iris))) or None


def days(earlier: str | None, later: str | None) -> int | None:
    """Return the days from one day to another, not below 0; None where one is not known.

    >>> days("2023-09-01", "2024-09-17"), days(None, "2024-09-17"), days("2024-01-02", "2024-01-01")
    (382, None, 0)
    """
    if earlier is None or later is None:
        return None
    return max(0, (date.fromisoformat(later) - date.fromisoformat(earlier)).days)


def gap(least: int | None, most: int | None) -> dict[str, int | None]:
    """Return the cells of a gap. That it is 0 days at least and nobody knows at most says nothing.

    >>> gap(0, None), gap(0, 9)
    ({'gapLeast': None, 'gapMost': None}, {'gapLeast': 0, 'gapMost': 9})
    """
    return {"gapLeast": least if least or most is not None else None, "gapMost": most}


def counted(number: int, one: str, many: str | None = None) -> str:
    """Return a number with its noun.

    >>> counted(1, "pair"), counted(2, "pair"), counted(2, "inquiry", "inquiries")
    ('1 pair', '2 pairs', '2 inquiries')
    """
    return f"{number} {one if number == 1 else many or one + 's'}"
