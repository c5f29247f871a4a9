"""The rows of an answer as rows of a table: what stands in many of them is drawn once."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from flask import get_template_attribute
from markupsafe import Markup

from peelgraph import tables
from peelgraph.asking import Value
from peelgraph.wording import a_span, capitalised
from peelserver.linkeddata.addresses import link

#: bytes that a cell takes beside its texts
_TAGS = 45

#: characters from which the text of a cell is prose, which wants a broad column
_PROSE = 60

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}(-[0-9]{2})?")
_WORD = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")

#: columns that hold tokens, which people write with spaces
_TOKENS = re.compile(r"([a-z]+K|k)ind|verdict")


@dataclass(frozen=True, slots=True)
class Part:
    """A value in a cell; with an address, if it can be looked at."""

    text: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class _Cell:
    html: Markup
    weight: int


def words(name: str) -> str:
    """Return the name of a column as people write it.

    >>> words("raisedEarliest")
    'raised earliest'
    """
    return _WORD.sub(" ", name).lower()


def drawn(
    rows: Iterable[Mapping[str, Value]],
    columns: Sequence[str],
    labels: Mapping[str, str],
    room: int,
) -> list[Markup]:
    """Return the cells of each row, of as many rows as fit, but one at least.

    :param room: about how many bytes they may have
    """
    made: dict[tuple[str, type, Value | None], _Cell] = {}
    found = list[Markup]()
    for row in rows:
        cells = []
        for column in columns:
            value = row.get(column)
            key = column, type(value), value  # True and 1 are the same key without their types
            if key not in made:
                made[key] = _cell(column, value, labels)
            cells.append(made[key])
        room -= sum(cell.weight for cell in cells)
        if room < 0 and found:
            break
        found.append(Markup("".join(cell.html for cell in cells)))
    return found


def _cell(column: str, value: Value | None, labels: Mapping[str, str]) -> _Cell:
    parts = _parts(column, value, labels)
    look = "prose" if any(len(part.text) > _PROSE for part in parts) else ""
    if column == "status":
        look = str(value).rpartition("/")[2]
    draw = get_template_attribute("parts.html", "answer_cell")
    weight = sum(len(part.text) + len(part.address) + _TAGS for part in parts)
    return _Cell(draw(capitalised(words(column)), parts, look), weight)


def _parts(column: str, value: Value | None, labels: Mapping[str, str]) -> tuple[Part, ...]:
    if value is None:
        return (Part(tables.UNKNOWN),)
    if isinstance(value, bool):
        return (Part("yes" if value else "no"),)
    text = str(value)
    if _TOKENS.fullmatch(column):
        return (Part(text.replace("-", " ")),)
    if not text.startswith(("http://", "https://")):
        return (Part(a_span(text) if _DAY.fullmatch(text) else text),)
    return tuple(
        Part(_said(each, labels), link(each) or "")
        if each.startswith(("http://", "https://"))
        else Part(each)
        for each in text.split()
    )


def _said(address: str, labels: Mapping[str, str]) -> str:
    """Return what a link says: that it leads to words on a public page, or a label."""
    if "#:~:text=" in address:
        return "the words on the public page"
    return labels.get(address, address)
