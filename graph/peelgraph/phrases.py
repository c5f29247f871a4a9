"""Dates and statuses as people write them."""

from collections.abc import Mapping
from datetime import date

from peelgraph.asking import Value
from peelgraph.wording import a_day, a_span

_STATUS = {
    "open": "open",
    "presumed-open": "presumed open",
    "closed": "closed",
    "indeterminate": "cannot be told",
    "not-yet-raised": "not yet raised",
}


def day(text: str) -> str:
    """Return a day in words.

    >>> day("2024-09-18")
    '18 September 2024'
    """
    return a_day(date.fromisoformat(text))


def between(earliest: str | None, latest: str | None) -> str:
    """Return one day that lies between two bounds, in words.

    >>> between("2024-05-01", "2024-09-18")
    'some day between 1 May and 18 September 2024'
    >>> between("2024-09-17", "2024-09-17"), between(None, "2019-05-02"), between(None, None)
    ('17 September 2024', 'by 2 May 2019', 'on a day that is not known')
    """
    if earliest and latest:
        if earliest == latest:
            return day(earliest)
        if whole := _whole(date.fromisoformat(earliest), date.fromisoformat(latest)):
            return f"some day in {whole}"
        first = day(earliest)
        if earliest[:4] == latest[:4]:
            first = first.rsplit(" ", 1)[0]
        return f"some day between {first} and {day(latest)}"
    if latest:
        return f"by {day(latest)}"
    return f"on {day(earliest)} or later" if earliest else "on a day that is not known"


def status(row: Mapping[str, Value]) -> str:
    """Return a row of the question ``status`` as a phrase.

    >>> status({"status": "…/presumed-open", "lastKnownOpen": "2024-09-18"})
    'presumed open, last proved open on 18 September 2024'
    """
    token = str(row["status"]).rpartition("/")[2]
    phrase = _STATUS[token]
    if token == "presumed-open":
        known = row.get("lastKnownOpen")
        return f"{phrase}, last proved open on {day(str(known))}" if known else phrase
    if token == "closed" or (token == "indeterminate" and "closedLatest" in row):
        when = between(
            *(str(row[key]) if key in row else None for key in ("closedEarliest", "closedLatest"))
        )
        return f"closed {when}" if token == "closed" else f"{phrase}: closed {when}"
    return phrase


def _whole(first: date, last: date) -> str | None:
    """Return the month or year that runs exactly from *first* to *last*, if one does."""
    after = date.fromordinal(last.toordinal() + 1)
    if first.day != 1 or after.day != 1:
        return None
    months = (after.year - first.year) * 12 + after.month - first.month
    if months == 1:
        return a_span(f"{first:%Y-%m}")
    return str(first.year) if months == 12 and first.month == 1 else None
