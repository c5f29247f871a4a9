"""The processes that answer HTTP: granian on the sockets that the supervisor listens on.

Run as ``python -m peelserver.processes.web`` with one argument, a JSON object (see
:class:`Duty`). They hold no store and never fork for a query.
"""

import gc
import json
import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

from granian._granian import SocketHolder
from granian.constants import HTTPModes, Interfaces, Loops, RuntimeModes
from granian.http import HTTP1Settings
from granian.server.mp import MPServer, WorkerProcess

from peelserver.answering import snapshots
from peelserver.config import LANES, Config
from peelserver.http import answers, bodies
from peelserver.processes import dying
from peelserver.processes.listening import BACKLOG

#: connections that one process may have
CONNECTIONS = 2048

#: milliseconds in which a client must have sent the head of a request
HEAD_TIMEOUT = 10_000

#: bytes that the head of a request may have
LARGEST_HEAD = 512 * 1024

#: seconds beyond the longest deadline in which a process must have answered what it began
DRAIN = 5

#: seconds between two looks whether the first snapshot is there
_LOOK = 0.01


@dataclass(frozen=True, slots=True)
class Duty:
    """What the web processes are told.

    :param config: the settings, with the run folder
    :param listeners: the descriptors of the listening sockets
    :param parent: the process that started them
    """

    config: Config
    listeners: tuple[int, ...]
    parent: int

    def command(self) -> list[str]:
        """Return the command that starts them."""
        told = json.dumps(asdict(self), default=str)
        return [sys.executable, "-m", "peelserver.processes.web", told]

    @classmethod
    def read(cls, told: str) -> "Duty":
        """Return what the command says."""
        found = json.loads(told)
        config = found["config"]
        config |= {
            "snapshot": Path(config["snapshot"]),
            "run": Path(config["run"]),
            "sources": Path(config["sources"]) if config["sources"] else None,
            "trusted_proxies": tuple(config["trusted_proxies"]),
        }
        return cls(Config(**config), tuple(found["listeners"]), found["parent"])


class Server(MPServer):
    """Granian on sockets that it did not open itself, one for each process."""

    _shd: Any

    def __init__(self, listeners: tuple[int, ...], **settings: Any) -> None:
        super().__init__(**settings)
        self._listeners = listeners

    def _init_shared_socket(self) -> None:
        self._ssp = self._sso = None

    def _spawn_worker(  # type: ignore[override]
        self, idx: int, target: Any, callback_loader: Any
    ) -> WorkerProcess:
        holder: Any = SocketHolder
        self._shd = holder(self._listeners[idx % len(self._listeners)], False, BACKLOG)
        return super()._spawn_worker(idx, target, partial(callback_loader, idx))


def threads(config: Config) -> int:
    """Return how many requests a process answers at a time: all that may wait, and some more."""
    turns = sum(config.workers[lane] for lane in LANES) + len(LANES) * config.queue
    return turns + bodies.AT_ONCE + answers.AT_ONCE + 24


def main(duty: Duty) -> None:
    """Answer until told to end, from when there is a snapshot; SIGTERM drains."""
    dying.with_parent(duty.parent)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    multiprocessing.set_start_method("fork")
    from peelserver.application import prepare

    prepare()  # once, before the processes part
    assert duty.config.run is not None
    while not snapshots.are_published(duty.config.run):
        time.sleep(_LOOK)

    server = Server(
        duty.listeners,
        target="peelserver",
        address=duty.config.host,
        interface=Interfaces.WSGI,
        workers=duty.config.web_processes,
        blocking_threads=threads(duty.config),
        runtime_mode=RuntimeModes.mt,
        loop=Loops.asyncio,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(
            header_read_timeout=HEAD_TIMEOUT, max_buffer_size=LARGEST_HEAD
        ),
        websockets=False,
        backlog=BACKLOG,
        backpressure=CONNECTIONS,
        log_enabled=False,
        respawn_failed_workers=True,
        workers_kill_timeout=int(duty.config.deadline) + DRAIN,
    )
    server.serve(target_loader=partial(_load, duty, os.getpid()), wrap_loader=False)


def _load(duty: Duty, parent: int, number: int) -> Callable[..., Any]:
    """Return the application, in a process of its own."""
    if hasattr(os, "sched_setaffinity"):
        with suppress(OSError):  # it may be forbidden, and all works without
            os.sched_setaffinity(0, {processor(parent + number, os.sched_getaffinity(0))})
    for number in (signal.SIGTERM, signal.SIGINT):  # granian's own come once this has returned
        signal.signal(number, signal.SIG_DFL)
    dying.with_parent(parent)
    from peelserver.application import create
    from peelserver.http import connections

    connections.watch(duty.config)
    application = create(duty.config)
    gc.collect()
    gc.freeze()  # what stays need not be looked through again, some 20 ms at a time
    return application


def processor(number: int, among: Collection[int]) -> int:
    """Return the processor for a web process, by its number.

    With Python's lock, a process has no use for a second one, and its threads hand that lock to
    each other all the time, which takes longer between processors: see decision 47.

    >>> processor(7, {0, 1, 2, 3})
    3
    """
    return sorted(among)[number % len(among)]


if __name__ == "__main__":
    main(Duty.read(sys.argv[1]))
