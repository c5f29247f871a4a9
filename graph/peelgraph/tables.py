"""Answers as text: a table for people, JSON, CSV and TSV for programs."""

import csv
import io
import json
import shutil
import textwrap
from collections.abc import Mapping, Sequence
from operator import gt

import pyoxigraph as ox

from peelgraph.asking import Answer, Answered, Value

FORMATS = ("table", "json", "csv", "tsv")

#: what an absent value looks like in a table
UNKNOWN = "–"

#: the longest word that a column makes room for, in characters
_LONG = 20


def as_json(answer: Answer) -> str:
    """Return the answer as one JSON object."""
    return json.dumps(answer.as_object(), ensure_ascii=False, indent=2) + "\n"


def as_csv(answer: Answered, *, delimiter: str = ",") -> str:
    """Return the rows as CSV (RFC 4180), or with tabs between the cells."""
    out = io.StringIO(newline="")
    writer = csv.writer(
        out, delimiter=delimiter, lineterminator="\r\n" if delimiter == "," else "\n"
    )
    writer.writerow(answer.columns)
    for row in answer.rows:
        writer.writerow(_cell(row[column]) if column in row else "" for column in answer.columns)
    return out.getvalue()


def terms_as_csv(found: ox.QuerySolutions) -> str:
    """Return rows of terms as CSV (SPARQL 1.1 Query Results CSV, RFC 4180).

    The engine's own writer does not quote an IRI with a comma in it.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([variable.value for variable in found.variables])
    for row in found:
        writer.writerow(["" if term is None else _term(term) for term in tuple(row)])
    return out.getvalue()


def as_table(answer: Answer, labels: Mapping[str, str], width: int | None = None) -> str:
    """Return the rows as a table; a thing shows its label.

    A column that repeats what was asked for, or the label that stands beside it, is left out.

    :param labels: a label for each IRI
    :param width: of the terminal, in characters; found out, if None
    """
    return grid(telling(answer), answer.rows, labels, width)


def telling(answer: Answer) -> list[str]:
    """Return the columns that tell people something that stands nowhere else."""
    return [
        column
        for column in answer.columns
        if not _doubled(column, answer) and not _asked(column, answer)
    ]


def grid(
    columns: Sequence[str],
    rows: Sequence[Mapping[str, Value]],
    labels: Mapping[str, str],
    width: int | None = None,
) -> str:
    """Return rows as a table, without the columns in which no row has a value."""
    if not rows:
        return "No rows.\n"
    shown = [column for column in columns if any(column in row for row in rows)]
    cells = [
        [_words(row[column], labels) if column in row else UNKNOWN for column in shown]
        for row in rows
    ]
    total = width or shutil.get_terminal_size((120, 24)).columns
    widths = _widths(shown, cells, total)
    lines = [*_wrapped(shown, widths), "  ".join("─" * each for each in widths)]
    for row in cells:
        lines += _wrapped(row, widths)
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _asked(column: str, answer: Answer) -> bool:
    """Say whether every cell of the column is the value that was asked for."""
    value = answer.parameters.get(column)
    return value is not None and all(row.get(column) == value for row in answer.rows)


def _doubled(column: str, answer: Answer) -> bool:
    """Say whether the column is the label of what the table shows by its label anyway."""
    return column == "label" and bool({"item", "thing"} & set(answer.columns))


def _cell(value: Value) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _term(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> str:
    return term.value if isinstance(term, ox.NamedNode | ox.Literal) else str(term)


def _words(value: Value, labels: Mapping[str, str]) -> str:
    text = _cell(value)
    if text.startswith("http"):
        return "; ".join(labels.get(each, each) for each in text.split())
    return " ".join(text.split())


def _widths(columns: list[str], cells: list[list[str]], total: int) -> list[int]:
    """Share *total* characters: every column gets what it needs, the widest give way first.

    A column keeps room for its name and for its longest word, unless that is an address.
    """
    table = [columns, *cells]
    widths = [max(len(row[index]) for row in table) for index in range(len(columns))]
    least = [
        max(
            len(columns[index]),
            *(min(_LONG, len(word)) for row in cells for word in row[index].split()),
        )
        for index in range(len(columns))
    ]
    room = total - 2 * (len(columns) - 1)
    while sum(widths) > room and any(map(gt, widths, least)):
        slack = [width if width > short else 0 for width, short in zip(widths, least, strict=True)]
        widths[slack.index(max(slack))] -= 1
    return widths


def _wrapped(row: list[str], widths: list[int]) -> list[str]:
    parts = [
        textwrap.wrap(cell, width, break_on_hyphens=False) or [""]
        for cell, width in zip(row, widths, strict=True)
    ]
    height = max(len(part) for part in parts)
    return [
        "  ".join(
            (part[line] if line < len(part) else "").ljust(width)
            for part, width in zip(parts, widths, strict=True)
        )
        for line in range(height)
    ]
