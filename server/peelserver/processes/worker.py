"""A worker: a fork of the keeper that answers one job after another over its socket.

It is confined before the first job. The kernel ends it when a job overruns its deadline, when it
takes more memory than it may, when its keeper ends, and when whoever asked is gone. It can have
no new descriptor, hence open no file and no socket, whatever a query contains (``SERVICE``,
``FROM <file:…>``).
"""

import fcntl
import io
import math
import os
import resource
import signal
import socket
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, Protocol, TypeVar

import pyoxigraph as ox

from peelgraph.engine import Results
from peelgraph.namespaces import PREFIXES
from peelserver.answering import functions, wire
from peelserver.answering.jobs import Job, QueryRefused, TooLarge
from peelserver.processes import dying, syntax
from peelserver.processes.datasets import Datasets
from peelserver.processes.stores import Stores

#: seconds that a worker may take to hand over an answer, beyond the deadline
GRACE = 5.0

#: bytes that a worker may have taken for a job and still be kept for the next
KEPT = 64 << 20

#: seconds in which a job cannot have taken so much
_SHORT = 0.001

#: bytes that can be handed over at once, whether anybody reads them or not
_AT_ONCE = 65536

#: asked before anybody waits: the first query of a fork copies many pages of memory
_FIRST = Job("SELECT ?s { ?s a peel:CauseOfConcern } ORDER BY ?s LIMIT 1")

#: a request answered: a head and a body
Answer = Callable[[Mapping[str, Any], str], tuple[dict[str, Any], bytes]]

Needed = TypeVar("Needed")

#: the descriptors of its socket and its lifeline
_SOCKET, _LIFELINE = 3, 4


class Asked(Protocol):
    """What answers jobs."""

    def query(self, job: Job) -> Results:
        """Return what a job's query finds in its dataset.

        :raises SyntaxError: the query does not parse
        :raises QueryRefused: it gets no answer
        """


def live(
    open_stores: Callable[[], Stores],
    ends: tuple[int, int],
    keeper: int,
    memory: int,
    merge_bound: int,
) -> None:
    """Be a worker until there is nobody to answer; never return.

    :param open_stores: gives it the stores, with all files open that it needs
    :param ends: its end of the socket, and of the pipe of which the other end is its lifeline
    :param keeper: the process that forked this one
    :param memory: bytes that a job may take, beside what is there now
    :param merge_bound: how many triples a merged dataset may have
    """
    asked, stores = confined(open_stores, ends, keeper, memory)
    datasets = Datasets(stores, merge_bound)
    serialized(datasets, _FIRST, 1 << 20)
    work(asked, partial(answer, datasets))


def work(
    asked: socket.socket, answered: Answer, clock: Callable[[], float] = time.process_time
) -> None:
    """Answer one request after another until there is nobody to answer; never return.

    :param clock: the seconds between two looks at it are what a job is said to have used, a
        millisecond at the least
    """
    largest = _peak() + KEPT
    while True:
        try:
            request, query = wire.receive(asked)
        except (EOFError, OSError):
            os._exit(0)
        signal.setitimer(signal.ITIMER_REAL, request["deadline"])
        signal.setitimer(signal.ITIMER_PROF, request["processor"])
        began = clock()
        head, body = answered(request, query.decode("utf-8", "surrogatepass"))
        used = math.ceil(1000 * (clock() - began)) / 1000  # so that heads recur
        if len(body) > _AT_ONCE:
            signal.setitimer(signal.ITIMER_REAL, GRACE)
        head["used"] = used
        head["last"] = head.get("last", False) or (used > _SHORT and _peak() > largest)
        try:
            wire.send(asked, head, body)
        except OSError:
            os._exit(0)
        signal.setitimer(signal.ITIMER_REAL, 0)
        if head["last"]:
            os._exit(0)
        body = b""


def confined(
    open_needed: Callable[[], Needed],
    ends: tuple[int, int],
    keeper: int,
    memory: int,
    descriptors: int = 0,
) -> tuple[socket.socket, Needed]:
    """Give up all that a worker does not need, and return its socket and what it has opened.

    Standard input, output and error lead nowhere; of the keeper's descriptors none is left. When
    the other end of the lifeline is closed, the kernel ends the worker, also amid a job.

    :param open_needed: opens what it needs, once all else is closed
    :param descriptors: below which a new one may be; none, if 0
    """
    for number in (signal.SIGINT, signal.SIGHUP, signal.SIGCHLD, signal.SIGTERM, signal.SIGUSR1):
        signal.signal(number, signal.SIG_DFL)
    signal.set_wakeup_fd(-1)
    dying.with_parent(keeper)
    nowhere = os.open(os.devnull, os.O_RDWR)
    above = [fcntl.fcntl(end, fcntl.F_DUPFD, _LIFELINE + 1) for end in ends]
    for descriptor, origin in enumerate([nowhere] * _SOCKET + above):
        os.dup2(origin, descriptor)
    os.closerange(_LIFELINE + 1, resource.getrlimit(resource.RLIMIT_NOFILE)[0])
    fcntl.fcntl(_LIFELINE, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(_LIFELINE, fcntl.F_SETFL, fcntl.fcntl(_LIFELINE, fcntl.F_GETFL) | os.O_ASYNC)
    _first_for_the_oom_killer()
    needed = open_needed()
    taken = _address_space() + memory
    resource.setrlimit(resource.RLIMIT_AS, (taken, taken))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with_web = socket.socket(fileno=_SOCKET)
    with_web.setblocking(True)
    resource.setrlimit(resource.RLIMIT_NOFILE, (descriptors, descriptors))
    return with_web, needed


def answer(datasets: Asked, request: Mapping[str, Any], query: str) -> tuple[dict[str, Any], bytes]:
    """Return the head and the body of the answer to one request."""
    job = Job(
        query,
        request["select"],
        request["construct"],
        _names(request["default_graphs"]),
        _names(request["named_graphs"]),
    )
    try:
        media, body, kind = serialized(datasets, job, request["largest_answer"])
    except SyntaxError:
        error = syntax.explained(job.query)
        place = {"line": error.line, "column": error.column}
        return {"status": "syntax", "message": error.message, **place}, b""
    except QueryRefused as error:
        return {"status": "refused", "detail": error.detail, "code": error.status}, b""
    except MemoryError:
        os.abort()
    except Exception as error:  # its text may name what is on this machine
        detail = functions.unknown(str(error)) or (
            "The query cannot be answered: something in it failed when it was evaluated. "
            "SERVICE does not work here."
        )
        return {"status": "refused", "detail": detail, "code": 400}, b""
    except BaseException:  # a panic of the engine
        os.abort()
    return {"status": "ok", "media": media, "kind": kind}, body


def _names(graphs: list[str] | None) -> tuple[str, ...] | None:
    return None if graphs is None else tuple(graphs)


def serialized(datasets: Asked, job: Job, largest: int) -> tuple[str, bytes, str]:
    """Return the media type, the bytes and the kind of an answer.

    :raises SyntaxError: the query does not parse
    :raises TooLarge: the answer would have more than *largest* bytes
    """
    results = datasets.query(job)
    output = _Bounded(largest)
    if isinstance(results, ox.QueryTriples):
        form = ox.RdfFormat.from_media_type(job.construct)
        assert form is not None
        names = PREFIXES if form == ox.RdfFormat.TURTLE else None
        ox.serialize(results, output, format=form, prefixes=names)
        return job.construct, output.getvalue(), "graph"
    shape = ox.QueryResultsFormat.from_media_type(job.select)
    assert shape is not None
    if isinstance(results, ox.QueryBoolean):
        body = results.serialize(format=shape)
        assert body is not None
        return job.select, body, "boolean"
    results.serialize(output, format=shape)
    return job.select, output.getvalue(), "solutions"


class _Bounded(io.BytesIO):
    """Takes bytes up to a bound."""

    def __init__(self, largest: int) -> None:
        super().__init__()
        self._left = largest

    def write(self, data: Any) -> int:
        self._left -= len(data)
        if self._left < 0:
            raise TooLarge(
                "The answer is too large. Ask for less: name a force or an item, "
                "or ask page by page with ORDER BY, LIMIT and OFFSET."
            )
        return super().write(data)


def _peak() -> int:
    """Return the most bytes of memory that this process has had (kilobytes on Linux)."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def _address_space() -> int:
    """Return the bytes of address space that this process has; 1 GiB where that is not known."""
    try:
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
    except OSError:
        return 1 << 30
    return pages * resource.getpagesize()


def _first_for_the_oom_killer() -> None:
    try:
        Path("/proc/self/oom_score_adj").write_text("1000", "ascii")
    except OSError:
        return
