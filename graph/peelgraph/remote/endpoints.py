"""Where an engine is written to, and how: the Graph Store Protocol, or SPARQL Update."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit, urlunsplit

from peelgraph.remote.connection import Connection, checked

Protocol = Literal["graph-store", "update"]

#: how the addresses of queries end, and those of updates and of the graph store instead
_KNOWN: dict[str, tuple[str, str | None]] = {
    "/sparql-auth": ("/sparql-auth", "/sparql-graph-crud-auth"),  # Virtuoso
    "/query": ("/update", "/store"),  # Oxigraph
    "/sparql": ("/sparql", None),  # Neptune, Blazegraph
}
_VIRTUOSO = _KNOWN["/sparql-auth"]


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Where to write.

    :param update: the address of updates
    :param store: the address of the Graph Store Protocol; None, if quads go by updates too
    """

    update: str
    store: str | None


def found(
    query: str,
    headers: Mapping[str, str],
    *,
    update: str | None = None,
    store: str | None = None,
    protocol: Protocol | None = None,
) -> Endpoints:
    """Return where to write to the engine that answers queries at an address.

    >>> found("http://localhost:7878/query", {})
    Endpoints(update='http://localhost:7878/update', store='http://localhost:7878/store')

    :param headers: of an answer of the engine, by which Virtuoso is known
    :param update: the address of updates, where it is given
    :param store: the address of the graph store, where it is given
    :param protocol: how the quads shall go; by the graph store where there is one, if None
    :raises ValueError: an address is none, or there is no graph store to be seen
    """
    parts = urlsplit(query)
    path = parts.path.rstrip("/")
    last = path[path.rfind("/") :] if "/" in path else ""
    if headers.get("server", "").startswith("Virtuoso"):
        other_update, other_store = _VIRTUOSO
    else:
        other_update, other_store = _KNOWN.get(last, (last, None))
    base = path[: len(path) - len(last)]

    def beside(name: str) -> str:
        return urlunsplit((parts.scheme, parts.netloc, base + name, "", ""))

    update = checked(update) if update else beside(other_update)
    if store:
        store = checked(store)
    elif other_store is not None:
        store = beside(other_store)
    if protocol == "graph-store" and store is None:
        raise ValueError("Where is the graph store? Give its address with --graph-store.")
    return Endpoints(update, None if protocol == "update" else store)


class Writer:
    """Writes to an engine."""

    def __init__(self, connection: Connection, endpoints: Endpoints) -> None:
        self._connection = connection
        self._endpoints = endpoints

    @property
    def protocol(self) -> Protocol:
        """How the quads go."""
        return "update" if self._endpoints.store is None else "graph-store"

    @property
    def chunk(self) -> int:
        """How many quads suit one request; Virtuoso compiles no update of over 10,000 lines."""
        return 1_000 if self._endpoints.store is None else 5_000

    def update(self, sparql: str, *, repeat: bool = True) -> None:
        """Send an update.

        :param repeat: to do it twice is the same as to do it once
        :raises EngineError: it was refused, or nothing came back
        """
        self._connection.send(
            "POST", self._endpoints.update, data={"update": sparql}, repeat=repeat
        )

    def add(self, graph: str, triples: Sequence[str]) -> None:
        """Add triples, given as lines of N-Triples, to a named graph.

        :raises EngineError: they were refused, or nothing came back
        """
        text = "".join(triples)
        if self._endpoints.store is None:
            self.update(f"INSERT DATA {{ GRAPH <{graph}> {{\n{text}}} }}")
            return
        self._connection.send(
            "POST",
            self._endpoints.store,
            params={"graph": graph},
            data=text.encode(),
            headers={"Content-Type": "application/n-triples"},
        )
