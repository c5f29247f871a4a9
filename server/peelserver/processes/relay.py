"""A relay: a worker that has no store, and has its jobs answered by an engine elsewhere.

It is confined as other workers are, but may open the few descriptors that a connection takes. An
answer is handed on only if the engine held the snapshot that was asked about both before and after
it gave it, so that no answer is ever taken for one of another snapshot. What an engine says of its
failures, and where it is, no client learns.
"""

import contextlib
import os
import resource
import sys
import time
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from peelgraph.engine import EngineError, Results
from peelgraph.namespaces import GRAPH
from peelgraph.remote import connection, paging
from peelgraph.remote.connection import Connection
from peelgraph.remote.engine import NoSnapshot, Remote
from peelgraph.search import index
from peelserver.answering.jobs import Away, Job, QueryRefused, TooLarge, TooSlow
from peelserver.processes import dying, indexing, worker
from peelserver.processes.datasets import Datasets
from peelserver.processes.stores import Stores

#: descriptors that a relay may have: its own, a connection, and what looking a name up takes
DESCRIPTORS = 32

#: seconds before a request is made once more that found nobody
_PAUSES = (0.05,)

#: seconds before the deadline at which an answer is given up, so that the relay outlives it
_EARLIER = 0.1

#: seconds that a query may take for the search index
_INDEXING = 300.0

#: seconds before the search index is tried again; doubled each time, up to the second
_AGAIN, _SELDOM = 5.0, 300.0

_AWAY = "The engine that answers for this server cannot be reached now. Try again in a few seconds."
_REPLACED = "The snapshot of this server is being replaced by another. Try again in a few seconds."
_NO_ANSWER = (
    "The engine that answers for this server gave no answer that can be used. "
    "It may not know something in the query, or have refused it."
)


class Elsewhere:
    """Answers jobs from an engine elsewhere, as long as it holds one snapshot.

    :param address: of the queries of the engine
    :param digest: of the snapshot
    :param bound: how many triples the graphs of a dataset may have together
    """

    def __init__(self, address: str, digest: str, bound: int) -> None:
        self._remote = Remote(address, Connection(pauses=_PAUSES))
        self._digest = digest
        self._bound = bound
        #: it can reach the engine no more
        self.is_spent = False

    def within(self, seconds: float, largest: int) -> None:
        """Say how many seconds the next answer may take, and how many bytes it may have."""
        self._remote.connection.timeout = max(_EARLIER, seconds - _EARLIER)
        self._remote.connection.largest = largest

    def query(self, job: Job) -> Results:
        """Return what a job's query finds in its dataset.

        :raises SyntaxError: the query does not parse
        :raises QueryRefused: the engine gave no answer, or not from this snapshot
        """
        with _plainly(self._remote.connection):
            self._look()
            if job.default_graphs is None and job.named_graphs is None:
                found = self._remote.query(job.query)
                self._hold()
                return found
            apart = self._fetched({*(job.default_graphs or ()), *(job.named_graphs or ())})
            self._hold()
        # a dataset of its own is a query's to choose, and engines differ in what they make of it;
        # its query runs here, where it can open nothing any more
        resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))
        self.is_spent = True
        return Datasets(Stores(apart), self._bound).query(job)

    def rows(self, sparql: str) -> Results:
        """Return all that a query finds, page by page if the engine will have it so.

        :raises EngineError: there is no answer, or not from this snapshot
        """
        self._look()
        found = paging.whole(self._remote, sparql)
        self._hold()
        return found

    def _look(self) -> None:
        """Make sure that the engine held the snapshot once; it is asked until it did.

        :raises EngineError: it does not
        """
        if self._remote.digest != self._digest:
            self._remote = Remote(self._remote.address, self._remote.connection)
            raise NoSnapshot("The engine holds another snapshot.")

    def _hold(self) -> None:
        """Make sure that the engine still holds the snapshot.

        :raises EngineError: it does not
        """
        if self._remote.look().digest != self._digest:
            raise NoSnapshot("The engine holds another snapshot now.")

    def _fetched(self, names: set[str]) -> ox.Store:
        """Return a store with some named graphs of the snapshot."""
        store = ox.Store()
        merge = self._remote.held().merge
        for name in sorted(names - {merge or ""}):
            if not name.startswith(GRAPH):
                continue
            graph = ox.NamedNode(name)
            pattern = f"{{ GRAPH {graph} {{ ?s ?p ?o }} }}"
            counted = self._remote.query(f"SELECT (COUNT(*) AS ?n) {pattern}")
            assert isinstance(counted, ox.QuerySolutions)
            if len(store) + sum(int(row["n"].value) for row in counted) > self._bound:
                raise TooLarge(
                    f"These graphs have more than {self._bound:,} triples together, too many for a "
                    "dataset of one's own. Name fewer, or none for all of them."
                )
            rows = paging.whole(self._remote, f"SELECT ?s ?p ?o {pattern}")
            assert isinstance(rows, ox.QuerySolutions)
            store.extend(ox.Quad(row["s"], row["p"], row["o"], graph) for row in rows)
        return store


def live(
    address: str, digest: str, ends: tuple[int, int], keeper: int, memory: int, bound: int
) -> None:
    """Be a relay until there is nobody to answer; never return.

    :param address: of the queries of the engine
    :param digest: of the snapshot
    :param ends: its end of the socket, and of the pipe of which the other end is its lifeline
    :param keeper: the process that forked this one
    :param memory: bytes that a job may take, beside what is there now
    :param bound: how many triples the graphs of a dataset may have together
    """
    asked, _ = worker.confined(lambda: None, ends, keeper, memory, DESCRIPTORS)
    # what a job costs, it costs elsewhere
    worker.work(asked, partial(_answer, Elsewhere(address, digest, bound)), time.monotonic)


def _answer(
    elsewhere: Elsewhere, request: Mapping[str, Any], query: str
) -> tuple[dict[str, Any], bytes]:
    elsewhere.within(request["deadline"], request["largest_answer"])
    head, body = worker.answer(elsewhere, request, query)
    return head | {"last": elsewhere.is_spent}, body


def begin_index(address: str, digest: str, path: Path) -> int:
    """Begin with the search index, and return the process that makes it; nobody waits for it.

    It tries again until it is made, and says why it is not on standard error. It holds nothing
    that the keeper needs to know.
    """
    keeper = os.getpid()
    pid = os.fork()
    if pid == 0:
        with contextlib.suppress(BaseException):
            dying.with_parent(keeper)
            os.setpriority(os.PRIO_PROCESS, 0, indexing.NICE)
            _make_index(Elsewhere(address, digest, 0), path)
        os._exit(0)
    return pid


def _make_index(elsewhere: Elsewhere, path: Path) -> None:
    elsewhere.within(_INDEXING, 1 << 30)
    pause, said = _AGAIN, ""
    while True:
        try:
            index.make(elsewhere.rows, path)
        except Exception as error:
            if str(error) != said:
                said = str(error)
                print(f"There is no search index yet: {said}", file=sys.stderr, flush=True)
            time.sleep(pause)
            pause = min(2 * pause, _SELDOM)
        else:
            return


@contextlib.contextmanager
def _plainly(connected: Connection) -> Iterator[None]:
    """Turn what an engine fails with into what a client may be told."""
    try:
        yield
    except NoSnapshot:
        raise Away(_REPLACED) from None
    except connection.TooSlow:
        raise TooSlow(
            f"The query took longer than {connected.timeout + _EARLIER:g} seconds and was given "
            "up. Ask for less: name a force or an item, or add LIMIT."
        ) from None
    except connection.AnswerTooLarge:
        raise TooLarge(
            "The answer is too large. Ask for less: name a force or an item, "
            "or ask page by page with ORDER BY, LIMIT and OFFSET."
        ) from None
    except connection.Unreachable:
        raise Away(_AWAY) from None
    except EngineError:
        raise QueryRefused(_NO_ANSWER, 502) from None
