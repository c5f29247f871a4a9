"""How dates and long texts are said in a label.

>>> a_day(date(2024, 9, 18))
'18 September 2024'
>>> a_span("2023-09"), a_span("2024-05/2024-06")
('September 2023', 'May 2024 to June 2024')
>>> a_span("[2024-05-01..2024-09-18]"), a_span("[2019-06-27..]")
('between 1 May 2024 and 18 September 2024', 'on or after 27 June 2019')
>>> shortened("The force needs to make sure it carries out effective investigations.", 40)
'The force needs to make sure it carries…'
"""

from datetime import date

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
#: how long a label made from a text may be
LENGTH = 90


def a_day(day: date) -> str:
    """Return a day as a person writes it."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def a_span(expression: str) -> str:
    """Return an EDTF *expression* as a person writes it."""
    if expression.startswith("["):
        first, _, last = expression[1:-1].partition("..")
        if not first:
            return f"on or before {_point(last)}"
        if not last:
            return f"on or after {_point(first)}"
        return f"between {_point(first)} and {_point(last)}"
    first, slash, last = expression.partition("/")
    return f"{_point(first)} to {_point(last)}" if slash else _point(first)


def _point(text: str) -> str:
    year, *rest = text.split("-")
    if not rest:
        return year
    month = f"{_MONTHS[int(rest[0]) - 1]} {year}"
    return month if len(rest) == 1 else f"{int(rest[1])} {month}"


def shortened(text: str, length: int = LENGTH) -> str:
    """Return *text* in one line, cut at the end of a word where it is longer than *length*."""
    line = " ".join(text.split())
    if len(line) <= length:
        return line
    cut = line[:length].rpartition(" ")[0] if line[length] != " " else line[:length]
    return (cut or line[: length - 1]).rstrip(" ,;:.–-") + "…"


def capitalised(text: str) -> str:
    """Return *text* with a capital at its beginning.

    >>> capitalised("requires improvement")
    'Requires improvement'
    """
    return text[:1].upper() + text[1:]
