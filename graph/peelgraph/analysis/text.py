"""An analysis as text for people: a table, and below it what its numbers mean and cannot mean."""

import shutil
import textwrap
from collections.abc import Iterator, Mapping

from peelgraph import phrases, tables
from peelgraph.analysis.result import Analysis, counted
from peelgraph.asking import Value


def lines(found: Analysis, labels: Mapping[str, str], width: int | None = None) -> Iterator[str]:
    """Yield the analysis as lines.

    :param labels: a label for each IRI
    :param width: of the terminal, in characters; found out, if None
    """
    total = width or shutil.get_terminal_size((120, 24)).columns
    rows = [_said(row, labels) for row in found.rows]
    yield from tables.grid(found.about.shown, rows, labels, total).splitlines()
    yield ""
    yield from notes(found, min(total, 100))


def notes(found: Analysis, width: int = 100) -> Iterator[str]:
    """Yield what the numbers mean, what they cannot mean, and what was left out."""
    heard = f"All of it from {counted(found.documents, 'document')}."
    for heading, text in (
        ("What it means", found.about.means),
        ("What it cannot mean", f"{found.about.cannot} {heard}"),
        *([("Left out", " ".join(found.left_out))] if found.left_out else []),
    ):
        yield from textwrap.wrap(f"{heading}: {text}", width, subsequent_indent="  ")


def _said(row: Mapping[str, Value], labels: Mapping[str, str]) -> dict[str, Value]:
    """Return a row with two days in one cell, and a chain in its order."""
    said = dict(row)
    if "latest" in row:
        said["when"] = phrases.between(_text(row, "earliest"), _text(row, "latest"))
    if gap := _gap(row.get("gapLeast"), row.get("gapMost")):
        said["gap"] = gap
    if "kinds" in row:
        said["things"] = " → ".join(labels.get(each, each) for each in str(row["things"]).split())
    return said


def _gap(least: Value | None, most: Value | None) -> str | None:
    """Return a gap in words.

    >>> _gap(3, 9), _gap(3, 3), _gap(3, None), _gap(None, 9), _gap(None, None)
    ('3 to 9 days', '3 days', '3 days at least', '9 days at most', None)
    """
    if least is None:
        return None if most is None else f"{most} days at most"
    if most is None:
        return f"{least} days at least"
    return f"{least} days" if least == most else f"{least} to {most} days"


def _text(row: Mapping[str, Value], column: str) -> str | None:
    return str(row[column]) if column in row else None
