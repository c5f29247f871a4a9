"""The engine of the web process: it passes queries to a worker, and replaces a worker that died."""

import json
import signal
import subprocess
import sys
import threading
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pyoxigraph as ox

from peelgraph.engine import Results

JSON = "application/sparql-results+json"
TRIPLES = "application/n-triples"


class QueryRefused(Exception):
    """A query that got no answer; the message says why and what to do."""


class TooSlow(QueryRefused):
    """The query overran its deadline."""


class TooLarge(QueryRefused):
    """The query ended its worker."""


class Busy(QueryRefused):
    """Other queries are being answered."""


class WorkerEngine:
    """Answers queries through one worker process, one at a time.

    :param deadline: seconds that a query may take, and seconds that one may wait for its turn
    :param memory: bytes of address space that the worker may take
    """

    def __init__(self, snapshot: Path, deadline: float, memory: int) -> None:
        self.digest = snapshot.name.partition(".")[0]
        self.deadline = deadline
        self._command = [
            *(sys.executable, "-m", "peelserver.worker"),
            *(str(snapshot), str(deadline), str(memory)),
        ]
        self._turn = threading.Lock()
        self._worker: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        """Start the worker."""
        with self._turn:
            self._started()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the worker."""
        self.close()

    @property
    def pid(self) -> int | None:
        """The worker's process, if one runs."""
        return self._worker.pid if self._worker else None

    def close(self) -> None:
        """End the worker; the next query starts another."""
        worker, self._worker = self._worker, None
        if worker is not None:
            worker.kill()
            worker.communicate()

    def query(self, sparql: str) -> Results:
        """Answer one query.

        :raises SyntaxError: it does not parse
        :raises QueryRefused: it was too slow or too large, or there was no turn for it
        """
        media, body = self.serialized(sparql, JSON, TRIPLES)
        if media == TRIPLES:
            raise QueryRefused("This engine answers SELECT and ASK only.")
        found = ox.parse_query_results(body, format=ox.QueryResultsFormat.JSON)
        assert isinstance(found, ox.QuerySolutions | ox.QueryBoolean)
        return found

    def serialized(self, sparql: str, select: str, construct: str) -> tuple[str, bytes]:
        """Answer one query as its media type and bytes.

        :param select: the media type for SELECT and ASK
        :param construct: the media type for CONSTRUCT and DESCRIBE
        :raises SyntaxError: it does not parse
        :raises QueryRefused: it was too slow or too large, or there was no turn for it
        """
        request = json.dumps({"query": sparql, "select": select, "construct": construct})
        if not self._turn.acquire(timeout=self.deadline):
            raise Busy("Other queries are being answered. Try again in a few seconds.")
        try:
            worker = self._started()
            head, body = self._exchange(worker, request.encode() + b"\n")
        finally:
            self._turn.release()
        if head["status"] == "syntax":
            raise SyntaxError(head["message"])
        if head["status"] != "ok":
            raise QueryRefused(f"The query cannot be answered: {head['message']}.")
        return head["media"], body

    def _started(self) -> subprocess.Popen[bytes]:
        if self._worker is None:
            self._worker = subprocess.Popen(
                self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE
            )
            self._received(self._worker)
        return self._worker

    def _exchange(
        self, worker: subprocess.Popen[bytes], request: bytes
    ) -> tuple[dict[str, Any], bytes]:
        try:
            assert worker.stdin is not None
            worker.stdin.write(request)
            worker.stdin.flush()
            return self._received(worker)
        except (BrokenPipeError, EOFError):
            self._worker = None
            worker.communicate()
            if worker.returncode == -signal.SIGALRM:
                raise TooSlow(
                    f"The query took longer than {self.deadline:g} seconds and was stopped. "
                    "Ask for less: name a force or an item, or add LIMIT."
                ) from None
            raise TooLarge(
                "The query was too large for its worker. Shorten it, or ask for less at a time."
            ) from None

    def _received(self, worker: subprocess.Popen[bytes]) -> tuple[dict[str, Any], bytes]:
        assert worker.stdout is not None
        line = worker.stdout.readline()
        if not line.endswith(b"\n"):
            raise EOFError
        head: dict[str, Any] = json.loads(line)
        body = worker.stdout.read(head["length"])
        if len(body) < head["length"]:
            raise EOFError
        return head, body
