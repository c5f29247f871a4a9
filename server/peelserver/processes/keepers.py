"""The keepers of a server: started, watched, started again, retired."""

import os
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from peelgraph import holding, ondisk
from peelgraph.snapshot import is_sound
from peelserver.answering import snapshots
from peelserver.config import LANES, Config
from peelserver.processes import dying, making
from peelserver.processes.keeper import DAMAGED, SPARE, Duty

#: seconds that a keeper may take to load its snapshot
PATIENCE = 300.0

#: seconds for which a keeper that is not wanted any more is still there
LAST_CALL = 5.0

#: how keepers and their workers have memory allocated, with the GNU C library: what a query frees
#: is mostly of sizes that the next one wants, so more of it is kept at hand than by default
ALLOCATING = {"GLIBC_TUNABLES": "glibc.malloc.tcache_count=2000:glibc.malloc.hugetlb=1"}

_NOT_WHOLE = "It is not a whole snapshot. Build it again."


class KeeperFailed(RuntimeError):
    """A keeper that did not load its snapshot; says why, and what to do where that is known."""


@dataclass(slots=True)
class _Kept:
    snapshot: Path
    store: Path | None
    process: "subprocess.Popen[bytes]"


class Keepers:
    """The keepers of one run folder, one a snapshot, the current one first.

    Not thread-safe: the thread that starts a keeper must live as long as the keeper.

    :param say: is told where a snapshot is held
    :param ending: whether nobody waits for a keeper any more
    """

    def __init__(
        self,
        config: Config,
        run: Path,
        say: Callable[[str], None] = lambda line: None,
        ending: Callable[[], bool] = lambda: False,
    ) -> None:
        self._config = config
        self._run = run
        self._say = say
        self._ending = ending
        self._kept: dict[str, _Kept] = {}
        self._retiring: list[tuple[float, subprocess.Popen[bytes]]] = []

    @property
    def digests(self) -> list[str]:
        """The digests of the snapshots that are kept, the current one first."""
        return list(self._kept)

    def start(self, snapshot: Path) -> None:
        """Start the keeper of a snapshot and wait until it answers; nobody is told of it yet.

        A keeper that loads a snapshot makes sure that it is whole; for all others, that is done
        here.

        :raises KeeperFailed: the snapshot is not whole, or its keeper did not load it
        """
        digest = digest_of(snapshot)
        if digest in self._kept:
            self._verify(snapshot)
        else:
            store = self._store_of(snapshot)
            self._kept[digest] = _Kept(snapshot, store, self._started(snapshot, store))
        self._await(digest)

    def lacks_store(self, snapshot: Path) -> bool:
        """Whether it takes a while to start the keeper of a snapshot: to make a store on disk."""
        if self._config.engine is not None:
            return False
        if digest_of(snapshot) in self._kept or ondisk.is_there(ondisk.path_of(snapshot)):
            return False
        return self._choice(snapshot).on_disk

    def publish(self, digest: str) -> None:
        """Make a snapshot the current one, and retire those that are one too many."""
        self._kept = {digest: self._kept[digest]} | self._kept
        for old in self.digests[max(1, self._config.keep) :]:
            self._retiring.append((time.monotonic() + LAST_CALL, self._kept.pop(old).process))
            snapshots.unlink(self._run, old)
        if self._config.engine is None:
            snapshots.link(self._run, self._kept[digest].snapshot)
        snapshots.write(self._run, {each: self._held(kept) for each, kept in self._kept.items()})

    def drop(self, digest: str) -> None:
        """End the keeper of a snapshot that was not published."""
        if (kept := self._kept.pop(digest, None)) is not None:
            _end(kept.process)
            snapshots.forget_index(snapshots.index_of(self._run, digest))

    def watch(self) -> None:
        """Start every keeper again that ended, and retire those whose time has come."""
        for kept in self._kept.values():
            if kept.process.poll() is not None:
                kept.process = self._started(kept.snapshot, kept.store)
        for each in list(self._retiring):
            moment, process = each
            if process.poll() is not None:
                self._retiring.remove(each)
            elif time.monotonic() > moment:
                process.send_signal(signal.SIGUSR1)

    def close(self) -> None:
        """End them all."""
        for process in [
            *(kept.process for kept in self._kept.values()),
            *(process for _, process in self._retiring),
        ]:
            _end(process)

    @property
    def to_come(self) -> int:
        """How many snapshots may come to be kept beside those that are, and the next one."""
        return max(0, self._config.keep - 1 - len(self._kept))

    def _held(self, kept: _Kept) -> str:
        if self._config.engine is not None:
            return "engine"
        return "memory" if kept.store is None else "disk"

    def _choice(self, snapshot: Path) -> holding.Choice:
        return holding.choose(self._config.store, snapshot, self.to_come)

    def _store_of(self, snapshot: Path) -> Path | None:
        """Return the store on disk of a snapshot, made where it is missing; None without one."""
        if self._config.engine is not None:
            return None
        choice = self._choice(snapshot)
        size = f"{digest_of(snapshot)[:12]} ({snapshot.stat().st_size / 1e6:.0f} MB)"
        if not choice.on_disk:
            self._say(f"Snapshot {size} is held in memory, {choice.why}.")
            return None
        lacking = not ondisk.is_there(ondisk.path_of(snapshot))
        first = "; its store is made first, which takes a while" if lacking else ""
        self._say(f"Snapshot {size} is held on disk, {choice.why}{first}.")
        self._verify(snapshot)
        try:
            return making.made(snapshot, os.getpid(), self._ending)
        except making.NoStore as error:
            raise KeeperFailed(str(error)) from None

    def _verify(self, snapshot: Path) -> None:
        if self._config.engine is None and not is_sound(snapshot):
            raise KeeperFailed(_NOT_WHOLE)

    def _started(self, snapshot: Path, store: Path | None) -> "subprocess.Popen[bytes]":
        address = snapshots.socket_of(self._run, digest_of(snapshot))
        address.unlink(missing_ok=True)
        short = sum(self._config.workers[lane] for lane in LANES if lane != "slow")
        processes = self._config.web_processes
        duty = Duty(
            snapshot=str(snapshot),
            store=None if store is None else str(store),
            address=str(address),
            index=str(snapshots.index_of(self._run, digest_of(snapshot))),
            parent=os.getpid(),
            memory=self._config.memory,
            merge_bound=self._config.merge_bound,
            most=2 * short * processes + SPARE,
            most_long=2 * self._config.workers["slow"] * processes,
            engine=self._config.engine,
        )
        return dying.start(duty.command(), **ALLOCATING)

    def _await(self, digest: str) -> None:
        address = snapshots.socket_of(self._run, digest)
        until = time.monotonic() + PATIENCE
        while not address.exists():
            status = self._kept[digest].process.poll()
            if status is not None or self._ending() or time.monotonic() > until:
                self.drop(digest)
                raise KeeperFailed(
                    _NOT_WHOLE if status == DAMAGED else "The snapshot cannot be loaded."
                )
            time.sleep(0.01)


def digest_of(snapshot: Path) -> str:
    """Return the digest by which a snapshot is named."""
    return snapshot.name.partition(".")[0]


def _end(process: "subprocess.Popen[bytes]") -> None:
    if process.poll() is None:
        process.terminate()
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
