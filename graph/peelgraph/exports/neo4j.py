"""CSV pairs, nodes and edges, with the headings that Neo4j's import expects; in one archive.

Lines end and cells are quoted as in RFC 4180; several values are joined by semicolons, which is
what Neo4j parts them by. Days that are whole are dates there; all else is text.
"""

import csv
import io
import zipfile
from collections.abc import Sequence

from peelgraph.exports.model import DAYS, EDGE, LISTS, NODE, Attribute, Edge, Export, Node, Written

#: what an archive of the same content has to say about when it was made
_MADE = (1980, 1, 1, 0, 0, 0)

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
    nodes, lost = _table(export.nodes, nodes=True)
    edges, more = _table(export.edges, nodes=False)
    files = {
        "README.txt": _README.format(title=export.title, provenance=export.provenance),
        "nodes.csv": nodes,
        "edges.csv": edges,
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, _MADE)
            entry.external_attr = 0o644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    count = lost + more
    note = f"CSV cannot carry a semicolon within one of several values: {count} became commas."
    return Written(out.getvalue(), (note,) if count else ())


def _table(things: Sequence[Node | Edge], *, nodes: bool) -> tuple[str, int]:
    """Return a table, and how many characters in it were changed."""
    names = list(NODE) if nodes else list(EDGE)
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([*(_heading(name, nodes) for name in names), *([":LABEL"] if nodes else [])])
    lost = 0
    for thing in things:
        row = dict(thing.attributes())
        lost += sum(each.count(";") for value in row.values() for each in _parts(value))
        cells = [_cell(row[name]) if name in row else "" for name in names]
        writer.writerow([*cells, _label(thing.kind)] if isinstance(thing, Node) else cells)
    return out.getvalue(), lost


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
