"""An engine for tests: a store of Oxigraph behind a small server of this process.

It does to requests as a test tells it: refuses, loses, breaks off, takes its time.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pyoxigraph as ox

from peelgraph.remote.connection import Connection
from peelgraph.remote.engine import Remote

#: given the path and the text of a request, returns the status to refuse it with, or 0
Spoil = Callable[[str, str], int]


def unspoilt(path: str, text: str) -> int:
    """Do what is asked."""
    return 0


class Engine:
    """A store, whether its default graph is the union of all, and what it does to a request."""

    def __init__(self, address: str = "") -> None:
        self.store = ox.Store()
        self.union = False
        self.address = address
        self.spoil: Spoil = unspoilt
        self.requests: list[str] = []

    def remote(self) -> Remote:
        """Return what asks it."""
        return Remote(self.address, Connection(5, pauses=(0.0,)))

    def refuse(
        self, holding: str, status: int, meanwhile: Callable[[str], None] | None = None
    ) -> None:
        """Refuse whatever has a text in its path or its body.

        :param meanwhile: what is done nevertheless, with the body
        """

        def spoil(path: str, text: str) -> int:
            if holding not in path and holding not in text:
                return 0
            if meanwhile is not None:
                meanwhile(text)
            return status

        self.spoil = spoil

    def answer(self, path: str, text: str, graph: str | None) -> tuple[int, bytes]:
        """Return the status and the body of an answer."""
        self.requests.append(path)
        status = self.spoil(path, text)
        if status:
            return status, b""
        if path == "/query":
            return 200, self._found(text)
        if graph is not None:
            to = ox.NamedNode(graph)
            self.store.load(text, format=ox.RdfFormat.N_TRIPLES, to_graph=to)
        else:
            self.store.update(text)
        return 200, b""

    def _found(self, text: str) -> bytes:
        found = self.store.query(text, use_default_graph_as_union=self.union)
        if isinstance(found, ox.QueryTriples):
            return found.serialize(format=ox.RdfFormat.N_TRIPLES) or b""
        return found.serialize(format=ox.QueryResultsFormat.JSON) or b""


class Serving:
    """The server: whatever engine is put behind it answers at ``address``; nobody, if none is."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.engine: Engine | None = None

    def new(self) -> Engine:
        """Put an empty engine behind it."""
        self.engine = Engine(self.address)
        return self.engine


@contextmanager
def serving() -> Iterator[Serving]:
    """Serve for as long as a block."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_POST(self) -> None:
            parts = urlsplit(self.path)
            text = self.rfile.read(int(self.headers["Content-Length"])).decode()
            if found.engine is None:
                self.close_connection = True
                return
            graph = parse_qs(parts.query).get("graph", [None])[0]
            form = parse_qs(text) if graph is None else {}
            asked = form.get("query", form.get("update", [text]))[0]
            status, body = found.engine.answer(parts.path, asked, graph)
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        server.handle_error = lambda *args: None  # type: ignore[method-assign]
        found = Serving(f"http://127.0.0.1:{server.server_port}/query")
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield found
        server.shutdown()
