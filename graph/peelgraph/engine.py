"""Where queries run: an interface, and the embedded Oxigraph store behind it.

Any other SPARQL 1.1 engine fits the same interface; results always arrive as pyoxigraph's.
"""

from collections.abc import MutableMapping
from pathlib import Path
from typing import Protocol, runtime_checkable

import pyoxigraph as ox

from peelgraph import ondisk
from peelgraph.namespaces import PREFIXES
from peelgraph.snapshot import load

Results = ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples


class EngineError(Exception):
    """An engine that gave no answer, or none that can be used; says what to do."""


class Engine(Protocol):
    """Something that answers SPARQL over one snapshot."""

    @property
    def digest(self) -> str:
        """The digest of the snapshot, 64 hexadecimal digits."""

    def query(self, sparql: str) -> Results:
        """Answer one query.

        :raises SyntaxError: the query does not parse
        :raises EngineError: an engine elsewhere gave no answer
        """


@runtime_checkable
class Remembering(Protocol):
    """An engine that remembers the labels of its snapshot, which never change."""

    labels: MutableMapping[str, str]


@runtime_checkable
class Ahead(Protocol):
    """An engine that can begin with a query before its answer is asked for."""

    def ahead(self, sparql: str) -> None:
        """Begin with a query that will be asked soon."""


class Embedded:
    """A snapshot in this process.

    :param on_disk: whether it is opened as its store on disk, which must be there, and not loaded
    """

    def __init__(self, snapshot: Path, *, on_disk: bool = False) -> None:
        self._store = ondisk.opened(ondisk.path_of(snapshot)) if on_disk else load(snapshot)
        self.digest = snapshot.name.partition(".")[0]

    def query(self, sparql: str) -> Results:
        """Answer one query. The prefixes of the graph need not be declared."""
        return self._store.query(sparql, prefixes=PREFIXES)
