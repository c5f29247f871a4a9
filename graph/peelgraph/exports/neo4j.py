"""CSV pairs, nodes and edges, with the headings that Neo4j's import expects; in one archive.

Lines end and cells are quoted as in RFC 4180; several values are joined by semicolons, which is
what Neo4j parts them by. Days that are whole are dates there; all else is text.
"""

import csv
import io
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from tempfile import TemporaryFile
from typing import TextIO

from peelgraph.exports.model import DAYS, EDGE, LISTS, NODE, Attribute, Edge, Export, Node, Written

#: what an archive of the same content has to say about when it was made
_MADE = (1980, 1, 1, 0, 0, 0)

#: bytes that are handed on at a time
_PIECE = 1 << 16

_README = """{title}
{provenance}

nodes.csv   one line a thing; the heading says each column's name and type
edges.csv   one line a link, from the earlier thing to the later

Import into a new Neo4j database, from the folder of the two files:

  neo4j-admin database import full --nodes=nodes.csv --relationships=edges.csv \\
    --array-delimiter=';' --multiline-fields=true neo4j

An empty cell is a value that is not known. In a spreadsheet, take the format xlsx instead: a
spreadsheet may run a cell of a CSV file that begins with an equals sign.
"""


def write(export: Export) -> Written:
    """Return the export as an archive of two CSV files and a note on them."""
    things: tuple[Node | Edge, ...] = (*export.nodes, *export.edges)
    count = sum(
        each.count(";")
        for thing in things
        for _, value in thing.attributes()
        for each in _parts(value)
    )
    note = f"CSV cannot carry a semicolon within one of several values: {count} became commas."
    return Written(lambda: _pieces(export), (note,) if count else ())


def _pieces(export: Export) -> Iterator[bytes]:
    """Make the archive in a file, since its parts say beforehand how large they are."""
    with TemporaryFile() as made:
        with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
            with _part(archive, "README.txt") as out:
                out.write(_README.format(title=export.title, provenance=export.provenance))
            with _part(archive, "nodes.csv") as out:
                _table(out, export.nodes, nodes=True)
            with _part(archive, "edges.csv") as out:
                _table(out, export.edges, nodes=False)
        made.seek(0)
        while piece := made.read(_PIECE):
            yield piece


@contextmanager
def _part(archive: zipfile.ZipFile, name: str) -> Iterator[TextIO]:
    entry = zipfile.ZipInfo(name, _MADE)
    entry.external_attr = 0o644 << 16
    entry.compress_type = zipfile.ZIP_DEFLATED
    with (
        archive.open(entry, "w") as part,
        io.TextIOWrapper(part, encoding="utf-8", newline="") as out,
    ):
        yield out


def _table(out: TextIO, things: Sequence[Node | Edge], *, nodes: bool) -> None:
    names = list(NODE) if nodes else list(EDGE)
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([*(_heading(name, nodes) for name in names), *([":LABEL"] if nodes else [])])
    for thing in things:
        row = dict(thing.attributes())
        cells = [_cell(row[name]) if name in row else "" for name in names]
        writer.writerow([*cells, _label(thing.kind)] if isinstance(thing, Node) else cells)


def _heading(name: str, nodes: bool) -> str:
    """Return a heading as Neo4j's import reads it.

    >>> _heading("id", True), _heading("theme", True), _heading("openedEarliest", True)
    ('id:ID', 'theme:string[]', 'openedEarliest:date')
    >>> _heading("relation", False)
    ':TYPE'
    """
    ends = {"id": "id:ID"} if nodes else {"source": ":START_ID", "target": ":END_ID"}
    ends |= {} if nodes else {"relation": ":TYPE"}
    if name in ends:
        return ends[name]
    if nodes and name in LISTS:
        return f"{name}:string[]"
    if name in DAYS:
        return f"{name}:date"
    return f"{name}:int" if name == "weight" else name


def _parts(value: Attribute) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else ()


def _cell(value: Attribute) -> str:
    if isinstance(value, tuple):
        return ";".join(each.replace(";", ",") for each in value)
    return str(value)


def _label(kind: str) -> str:
    """Return a kind as a label of Neo4j: ``cause-of-concern`` is ``CauseOfConcern``."""
    return "".join(part.capitalize() for part in kind.split("-"))
