"""RDF: Turtle as the merge of what is known; TriG and N-Quads with who says what.

Statements are sorted as lines, in files where they are many, and written from these: what memory
that takes does not grow with their number.
"""

from collections.abc import Callable, Iterable, Iterator
from tempfile import TemporaryFile
from typing import IO

import pyoxigraph as ox

from peelgraph.engine import Engine
from peelgraph.exports.model import Export, Written
from peelgraph.exports.sorting import in_order
from peelgraph.exports.statements import stated
from peelgraph.namespaces import PREFIXES

NOTE = (
    "RDF carries what the graph says; colour, weight and the first and last days of nodes and "
    "links are made for drawing and stay out."
)

#: bytes that are read, parsed and handed on at a time
_PIECE = 1 << 16


def turtle(export: Export, engine: Engine) -> Written:
    """Return what the graph says of the things of an export, each statement once."""

    def lines() -> Iterator[str]:
        return in_order(str(quad.triple) for quad in stated(export, engine))

    return _written(export, lines, ox.RdfFormat.TURTLE)


def trig(export: Export, engine: Engine) -> Written:
    """Return what each named graph says of the things of an export."""

    def lines() -> Iterator[str]:
        # no name of a graph has a space in it, or is the beginning of another
        found = in_order(f"{quad.graph_name} {quad}" for quad in stated(export, engine))
        return (line.partition(" ")[2] for line in found)

    return _written(export, lines, ox.RdfFormat.TRIG)


def nquads(export: Export, engine: Engine) -> Written:
    """Return the same as TriG has, a statement a line."""

    def lines() -> Iterator[str]:
        return in_order(str(quad) for quad in stated(export, engine))

    return _written(export, lines, ox.RdfFormat.N_QUADS)


def _written(export: Export, lines: Callable[[], Iterable[str]], form: ox.RdfFormat) -> Written:
    """Return the file of statements that come in order, as lines without an end."""
    head = f"# {' '.join(export.title.split())}\n# {export.provenance}\n".encode()
    return Written(lambda: _pieces(head, lines(), form), (NOTE,))


def _pieces(head: bytes, lines: Iterable[str], form: ox.RdfFormat) -> Iterator[bytes]:
    yield head
    with TemporaryFile() as found, TemporaryFile() as made:
        names = _noted(lines, found)
        found.seek(0)
        if form == ox.RdfFormat.N_QUADS:
            yield from _read(found)
            return
        read = ox.parse(found, format=ox.RdfFormat.N_QUADS, lenient=True)
        statements = (quad.triple for quad in read) if form == ox.RdfFormat.TURTLE else read
        ox.serialize(statements, made, format=form, prefixes=names)
        made.seek(0)
        yield from _read(made)


def _noted(lines: Iterable[str], file: IO[bytes]) -> dict[str, str]:
    """Write *lines* as N-Quads and return the prefixes of what stands in them."""
    names: dict[str, str] = {}
    lacking = dict(PREFIXES)
    for line in lines:
        used = [name for name, iri in lacking.items() if f"<{iri}" in line]
        names |= {name: lacking.pop(name) for name in used}
        file.write(f"{line} .\n".encode())
    return {name: iri for name, iri in PREFIXES.items() if name in names}


def _read(file: IO[bytes]) -> Iterator[bytes]:
    while piece := file.read(_PIECE):
        yield piece
