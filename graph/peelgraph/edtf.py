"""Dates with the precision their source gives: the part of EDTF that the graph uses.

A day, a month, a year, an interval that something lasted, or one day among several. All that the
graph computes with is the first and the last day that an expression allows.

>>> parse("2024-09-18").day
datetime.date(2024, 9, 18)
>>> str(parse("2023-09"))
'2023-09-01 to 2023-09-30'
>>> str(parse("2024-05/2024-06"))
'2024-05-01 to 2024-06-30'
>>> str(parse("[2024-05-01..2024-09-18]"))
'2024-05-01 to 2024-09-18'
>>> parse("[2019-06-27..]")
Span(earliest=datetime.date(2019, 6, 27), latest=None)
>>> parse("[..2024-09-18]")
Span(earliest=None, latest=datetime.date(2024, 9, 18))
>>> parse("2023-02-29")
Traceback (most recent call last):
peelgraph.edtf.EdtfError: 2023-02-29: there is no such day
>>> parse("2018/19")
Traceback (most recent call last):
peelgraph.edtf.EdtfError: 2018/19: '19' is not a year, a month or a day (YYYY, YYYY-MM, YYYY-MM-DD)
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

_POINT = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")


class EdtfError(ValueError):
    """An expression that is no date, or none that the graph can compute with."""


@dataclass(frozen=True, slots=True)
class Span:
    """The first and the last day that an expression allows; ``None`` where it sets no bound."""

    earliest: date | None
    latest: date | None

    @property
    def day(self) -> date | None:
        """The one day that the expression allows, if it allows only one."""
        return self.earliest if self.earliest == self.latest else None

    def __str__(self) -> str:
        """Write the bounds for a person."""
        return f"{self.earliest or 'unknown'} to {self.latest or 'unknown'}"


def _point(text: str, expression: str) -> tuple[date, date]:
    match = _POINT.fullmatch(text)
    if match is None:
        raise EdtfError(
            f"{expression}: {text!r} is not a year, a month or a day (YYYY, YYYY-MM, YYYY-MM-DD)"
        )
    year, month, day = (int(part) if part else None for part in match.groups())
    assert year is not None
    try:
        if month is None:
            return date(year, 1, 1), date(year, 12, 31)
        if day is None:
            first = date(year, month, 1)
            return first, first.replace(day=monthrange(year, month)[1])
        return date(year, month, day), date(year, month, day)
    except ValueError:
        what = "year" if month is None else "month" if day is None else "day"
        raise EdtfError(f"{expression}: there is no such {what}") from None


def _range(start: str, end: str, expression: str) -> Span:
    earliest = _point(start, expression)[0] if start else None
    latest = _point(end, expression)[1] if end else None
    if earliest is not None and latest is not None and earliest > latest:
        raise EdtfError(f"{expression}: the end lies before the beginning")
    return Span(earliest, latest)


@lru_cache(maxsize=65536)
def parse(expression: str) -> Span:
    """Return the days that *expression* allows.

    :raises EdtfError: the expression is malformed, reversed, or names a day that does not exist
    """
    if expression.startswith("[") and expression.endswith("]"):
        start, dots, end = expression[1:-1].partition("..")
        if not dots or not (start or end):
            raise EdtfError(f"{expression}: one day among several is written [FIRST..LAST]")
        return _range(start, end, expression)
    start, slash, end = expression.partition("/")
    if not slash:
        return Span(*_point(start, expression))
    if not (start and end):
        raise EdtfError(f"{expression}: an interval is written FIRST/LAST")
    return _range(start, end, expression)
