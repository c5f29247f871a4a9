"""A keeper: holds one snapshot, forks workers from it, and hands them to the web processes.

Of a snapshot on disk it holds nothing but a lock: each worker opens the store for itself, once it
has been forked. Where an engine elsewhere has the snapshot, it holds nothing, and workers relay.

Run as ``python -m peelserver.processes.keeper`` with one argument, a JSON object (see
:class:`Duty`). It has the search index made by a child, if it is not there. It has one thread,
listens on a socket in the run folder and never looks at a query. Each connection is one request:
``worker`` is answered with a worker's number and its socket, ``ended`` with the signal that ended
a worker, once it has (it is killed if that takes long). It waits for nobody: one worker or two are
always forked before they are asked for, and while one takes its time to end, others are handed out.
Those for long queries give way to the rest, also when they are to end; they are counted apart, so
that they never take the place of others.
"""

import contextlib
import gc
import json
import os
import selectors
import signal
import socket
import sys
import time
from collections import OrderedDict
from dataclasses import asdict, dataclass
from pathlib import Path

from peelgraph.snapshot import DamagedSnapshot
from peelserver.answering import snapshots, wire
from peelserver.processes import dying, giving_way, making, sources
from peelserver.processes.sources import Source

#: how many workers wait, forked, to be asked for
SPARE = 2

#: of how many ended workers the keeper remembers how they ended
REMEMBERED = 1000

#: seconds that a web process may take to send its request, once it has begun, and for its answer
PATIENCE = 1.0

#: the exit status of a keeper whose snapshot is not there, or is not what was written
DAMAGED = 3

#: seconds that a worker may take to end, once that is asked about
ENDING = 0.5


@dataclass(frozen=True, slots=True)
class Duty:
    """What a keeper is told.

    :param snapshot: the snapshot that it holds
    :param store: its store on disk, which is made where it is missing; in memory, if None
    :param address: the socket that it listens on
    :param index: where the search index of the snapshot is, or is to be made
    :param parent: the process that started it
    :param memory: bytes that one job of a worker may take
    :param merge_bound: how many triples a merged dataset may have
    :param most: how many workers there may be, beside those for long queries
    :param most_long: how many there may be for long queries
    :param engine: the address of the engine that holds the snapshot instead, if one does
    """

    snapshot: str
    store: str | None
    address: str
    index: str
    parent: int
    memory: int
    merge_bound: int
    most: int
    most_long: int
    engine: str | None = None

    @property
    def digest(self) -> str:
        """The digest by which the snapshot is named."""
        return Path(self.snapshot).name.partition(".")[0]

    def command(self) -> list[str]:
        """Return the command that starts this keeper."""
        return [sys.executable, "-m", "peelserver.processes.keeper", json.dumps(asdict(self))]


@dataclass(frozen=True, slots=True)
class _Ends:
    """The web process's ends of a worker's socket and lifeline."""

    socket: int
    lifeline: int

    def close(self) -> None:
        os.close(self.socket)
        os.close(self.lifeline)


@dataclass(slots=True)
class _Asking:
    """Somebody who asked how a worker ended that has not ended yet."""

    connection: socket.socket
    number: str
    until: float


class Keeper:
    """Forks workers and knows how they ended."""

    def __init__(self, duty: Duty, source: Source) -> None:
        self._duty = duty
        self._source = source
        self._alive: dict[int, str] = {}
        self._spare: dict[int, _Ends] = {}
        self._long: dict[int, int | None] = {}
        self._ended: OrderedDict[str, int] = OrderedDict()
        self._asking: list[_Asking] = []
        self._forked = 0
        self._indexing = 0

    @property
    def has_workers(self) -> bool:
        """Whether any worker lives."""
        return bool(self._alive)

    def fork(self) -> None:
        """Fork one more spare worker."""
        ours, theirs = socket.socketpair()
        lifeline, held = os.pipe()
        keeper = os.getpid()
        pid = os.fork()
        if pid == 0:
            try:
                ends = theirs.fileno(), lifeline
                self._source.live(ends, keeper)
            finally:
                os._exit(1)
        theirs.close()
        os.close(lifeline)
        self._forked += 1
        self._alive[pid] = f"{keeper}.{self._forked}"
        self._spare[pid] = _Ends(ours.detach(), held)

    def index(self) -> None:
        """Have the search index made, if it is not there."""
        index = Path(self._duty.index)
        if not index.exists():
            snapshots.indexing(index).touch()
            self._indexing = self._source.index(index)

    @property
    def lacks_spare(self) -> bool:
        """Whether one more worker should be forked when there is time."""
        return len(self._spare) < SPARE and self._may_fork

    def reap(self) -> None:
        """Note how every worker ended that has."""
        while self._alive:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if pid == 0:
                return
            self._note(pid, status)

    def serve(self, connection: socket.socket) -> None:
        """Answer one request, now or when it can be answered."""
        request, _ = wire.receive(connection)
        self.reap()
        if request["ask"] == "worker":
            self._hand_over(connection, request["long"])
        elif request["ask"] == "ended" and request["worker"] in self._alive.values():
            until = time.monotonic() + ENDING
            self._asking.append(_Asking(connection, request["worker"], until))
            return
        elif request["ask"] == "ended":
            wire.send(connection, {"signal": self._ended.get(request["worker"])})
        connection.close()

    def until(self) -> float | None:
        """Return the seconds after which a worker has taken too long to end, if one is to end."""
        if not self._asking:
            return None
        return max(0.0, min(each.until for each in self._asking) - time.monotonic())

    def hurry(self) -> None:
        """Kill the workers that have taken too long to end."""
        now = time.monotonic()
        pids = {number: pid for pid, number in self._alive.items()}
        for each in self._asking:
            if each.until <= now:
                os.kill(pids[each.number], signal.SIGKILL)
                each.until = now + ENDING

    def dismiss(self) -> None:
        """Let the spare workers go."""
        while self._spare:
            self._spare.popitem()[1].close()

    @property
    def _may_fork(self) -> bool:
        return len(self._alive) - len(self._long) < self._duty.most

    def _hand_over(self, connection: socket.socket, long: bool) -> None:
        if not self._spare and self._may_fork:
            self.fork()
        for ending in self._long.values() if long else ():
            giving_way.release(ending)
        if not self._spare or (long and len(self._long) >= self._duty.most_long):
            wire.send(connection, {"worker": None})
            return
        pid, ends = self._spare.popitem()
        if long:
            self._long[pid] = giving_way.begin(pid)
        try:
            wire.send(connection, {"worker": self._alive[pid], "pid": pid})
            socket.send_fds(connection, [b"w"], [ends.socket, ends.lifeline])
        finally:
            ends.close()

    def _note(self, pid: int, status: int) -> None:
        if pid == self._indexing:
            snapshots.indexing(Path(self._duty.index)).unlink(missing_ok=True)
        number = self._alive.pop(pid, None)
        if (held := self._long.pop(pid, None)) is not None:
            os.close(held)
        if (spare := self._spare.pop(pid, None)) is not None:
            spare.close()
        if number is not None:
            self._ended[number] = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
        while len(self._ended) > REMEMBERED:
            self._ended.popitem(last=False)
        for each in [each for each in self._asking if each.number == number]:
            self._asking.remove(each)
            with each.connection, contextlib.suppress(OSError):
                wire.send(each.connection, {"signal": self._ended[each.number]})


def main(duty: Duty) -> None:
    """Keep until told to end, or until the parent is gone.

    SIGTERM ends the keeper with its workers. SIGUSR1 retires it: it hands out no more, and ends
    when those that it handed out have.
    """
    dying.with_parent(duty.parent)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    retired = False

    def retire(number: int, frame: object) -> None:
        nonlocal retired
        retired = True

    woken, wakes = socket.socketpair()
    woken.setblocking(False)
    wakes.setblocking(False)
    signal.set_wakeup_fd(wakes.fileno(), warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda number, frame: None)
    signal.signal(signal.SIGTERM, lambda number, frame: os._exit(0))
    signal.signal(signal.SIGUSR1, retire)
    try:
        source = sources.source(duty)
    except DamagedSnapshot:
        sys.exit(DAMAGED)
    except making.NoStore as error:
        sys.exit(str(error))
    gc.collect()
    gc.freeze()
    keeper = Keeper(duty, source)
    keeper.index()
    while keeper.lacks_spare:
        keeper.fork()
    with _listening(Path(duty.address)) as listener, selectors.DefaultSelector() as selector:
        selector.register(listener, selectors.EVENT_READ)
        selector.register(woken, selectors.EVENT_READ)
        while not retired:
            ready = selector.select(0 if keeper.lacks_spare else keeper.until())
            if not ready and keeper.lacks_spare:
                keeper.fork()
            for key, _ in ready:
                if key.fileobj is woken:
                    with contextlib.suppress(BlockingIOError):
                        woken.recv(4096)
                    keeper.reap()
                elif key.fileobj is listener:
                    with contextlib.suppress(OSError):
                        connection, _ = listener.accept()
                        connection.settimeout(PATIENCE)
                        selector.register(connection, selectors.EVENT_READ)
                else:
                    selector.unregister(key.fileobj)
                    _serve(keeper, key.fileobj)  # type: ignore[arg-type]
            keeper.hurry()
    Path(duty.address).unlink(missing_ok=True)
    snapshots.forget_index(Path(duty.index))
    keeper.dismiss()
    while keeper.has_workers:
        time.sleep(0.1)
        keeper.reap()


def _serve(keeper: Keeper, connection: socket.socket) -> None:
    try:
        keeper.serve(connection)
    except (OSError, EOFError, ValueError, KeyError):
        connection.close()


def _listening(address: Path) -> socket.socket:
    """Listen beside *address* and rename, so that whoever finds it is answered."""
    beside = address.with_suffix(".new")
    beside.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(str(beside))
    beside.chmod(0o600)
    listener.listen(128)
    listener.setblocking(False)
    beside.rename(address)
    return listener


if __name__ == "__main__":
    main(Duty(**json.loads(sys.argv[1])))
