"""Findings for people: grouped by file, each with the line at fault and what to do."""

import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import click

from peelgraph.namespaces import shorten
from peelgraph.reports import Style
from peelgraph.validation.finding import Examination, Finding, Place

_COLOURS = {"violation": "red", "warning": "yellow", "info": "blue"}
#: characters of a line that are shown, and other places that are named
_WIDTH, _PLACES = 100, 8


def written(examination: Examination, style: Style) -> str:
    """Return the findings as text; files in the order of their worst finding."""
    groups: dict[Path | None, list[Finding]] = {}
    for finding in examination.findings:
        groups.setdefault(finding.file, []).append(finding)
    blocks = []
    for group in groups.values():
        blocks.append("\n".join(line for each in group for line in _lines(each, style)))
    return "".join(f"{block}\n" for block in "\n\n".join(blocks).split("\n")) if blocks else ""


def printable(text: str) -> str:
    """Keep what a file says from steering the terminal.

    >>> printable("café" + chr(27) + "[2J") == "café" + chr(92) + "x1b[2J"
    True
    """
    return "".join(each if each.isprintable() else repr(each)[1:-1] for each in text)


def where(place: Place, style: Style) -> str:
    """Return a place as compilers write it."""
    parts = [printable(style.shown(place.file)), place.line, place.column]
    return ":".join(str(each) for each in parts if each is not None)


def _lines(finding: Finding, style: Style) -> Iterator[str]:
    colour = _COLOURS[finding.severity] if style.colour else None
    severity = click.style(finding.severity, fg=colour, bold=True) if colour else finding.severity
    first = finding.places[0] if finding.places else None
    place = f"{where(first, style)}: " if first else ""
    label = f" “{printable(finding.label)}”" if finding.label else ""
    thing = printable(shorten(finding.focus)) if not finding.focus.startswith("file:") else ""
    name = f"{thing}{label}".strip()
    bold = click.style(place, bold=True) if colour else place
    yield f"{bold}{severity}: {name} [{finding.name}]"
    yield f"    {printable(finding.message)}"
    if first is not None:
        yield from _excerpt(first, colour)
    for other in finding.places[1 : _PLACES + 1]:
        yield f"    see also {where(other, style)}"
    if (more := len(finding.places) - 1 - _PLACES) > 0:
        yield f"    and {more} more"


def _excerpt(place: Place, colour: str | None) -> Iterator[str]:
    """Yield the line at fault, and carets under what is meant."""
    if place.line is None or place.column is None:
        return
    text = _text(place.file)
    if not 1 <= place.line <= len(text):
        return
    line = text[place.line - 1]
    start = place.column - 1
    same = place.end_line == place.line and place.end_column is not None
    end = max(start + 1, place.end_column - 1 if same and place.end_column else len(line.rstrip()))
    cut = max(0, start - _WIDTH // 2) if end > _WIDTH else 0
    shown = line[cut : cut + _WIDTH]
    gutter = f"{place.line:>6} | "
    before = _cells(printable(shown[: start - cut]))
    marked = max(1, _cells(printable(shown[start - cut : end - cut])))
    carets = "^" * marked
    yield f"{gutter}{printable(shown)}"
    yield f"{' ' * (len(gutter) - 2)}| {' ' * before}" + (
        click.style(carets, fg=colour) if colour else carets
    )


def _cells(text: str) -> int:
    """Return how many cells of a terminal a text takes."""
    return sum(
        0 if unicodedata.combining(each) else 2 if unicodedata.east_asian_width(each) in "WF" else 1
        for each in text
    )


@cache
def _text(file: Path) -> list[str]:
    try:
        return file.read_bytes().decode("utf-8", errors="replace").split("\n")
    except OSError:
        return []
