"""The stores of a keeper: the whole snapshot, and beside it the default graph alone.

Each statement of the default graph stands in a named graph, too. A store in memory goes through
all that is said of a thing, in every graph, so a query without ``GRAPH`` is answered a fifth faster
where only the default graph is. See decision 41.
"""

import io
import re
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyoxigraph as ox

from peelgraph.snapshot import load

#: bytes of a snapshot that are looked at at a time
_PART = 1 << 20

#: a line of canonical N-Quads that names a graph
_NAMED = re.compile(rb'[^ ]+ [^ ]+ .+ <[^<>" ]*> \.\n').fullmatch

#: the word in the text of a query, in small letters
_FROM = re.compile(r"from(?<![?$:\w]from)").search


class Stores:
    """A snapshot to be queried.

    :param whole: all of it
    :param plain: its default graph, as a default graph; the same store, if there is none beside
    """

    def __init__(self, whole: ox.Store, plain: ox.Store | None = None) -> None:
        self.whole = whole
        self._plain = whole if plain is None else plain

    def of(self, query: str) -> ox.Store:
        """Return the store for a query.

        >>> stores = Stores(ox.Store(), ox.Store())
        >>> stores.of("ASK { GRAPH ?g { ?s ?p ?o } }") is stores.whole
        True
        >>> stores.of("ASK { ?s a <https://w3id.org/peelgraph/ontology#Finding> }") is stores.whole
        False
        """
        return self.whole if _may_name_a_graph(query.lower()) else self._plain


def _may_name_a_graph(text: str) -> bool:
    """Say whether a query, in small letters, has in its text what names a graph."""
    if "\\u" in text or text.count("graph") > text.count("peelgraph"):
        return True
    return "from" in text and _FROM(text) is not None  # looking for a word takes longer


def loaded(snapshot: Path) -> Stores:
    """Return the stores of a snapshot, in memory; both are loaded at the same time.

    :raises DamagedSnapshot: it is not there, or it is not what was written
    """
    with ThreadPoolExecutor(1) as beside:
        plain = beside.submit(_default_graph, snapshot)
        return Stores(load(snapshot), plain.result())


def _default_graph(snapshot: Path) -> ox.Store:
    found = ox.Store()
    with snapshot.open("rb") as file:
        lines = io.BufferedReader(_DefaultGraph(file), _PART)
        found.bulk_load(lines, format=ox.RdfFormat.N_TRIPLES, lenient=True)
    return found


class _DefaultGraph(io.RawIOBase):
    """The lines of a snapshot that name no graph."""

    def __init__(self, file: io.BufferedReader) -> None:
        super().__init__()
        self._file = file
        self._left = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        while not self._left and (lines := self._file.readlines(_PART)):
            self._left = memoryview(b"".join(_default(lines)))
        part = self._left[: len(buffer)]
        buffer[: len(part)] = part
        self._left = self._left[len(part) :]
        return len(part)


def _default(lines: Iterable[bytes]) -> Iterable[bytes]:
    return (line for line in lines if not _NAMED(line))
