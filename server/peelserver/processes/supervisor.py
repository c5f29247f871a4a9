"""The supervisor: starts keepers and web processes, watches them, swaps snapshots, ends them all.

One plain thread and signals, and beside it that of a lookout, where an engine elsewhere answers.
SIGTERM and SIGINT drain and end; SIGHUP looks for a new snapshot.
"""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from peelserver.answering.pool import Pool, PoolEngine
from peelserver.answering.snapshots import Fixed
from peelserver.config import Config
from peelserver.processes import dying, listening, probes, runfolder, web
from peelserver.processes.keepers import KeeperFailed, Keepers, digest_of
from peelserver.processes.pointer import Pointing

#: seconds between two looks at the processes and the pointer
LOOK = 0.25

#: seconds in which the web processes must answer for the first time
PATIENCE = 60.0

#: how often the web processes may end within a minute and be started again
RESTARTS = 5

Say = Callable[[str], None]


class CannotServe(RuntimeError):
    """There is no serving; the message says why, and what to do."""


def serve(config: Config, say: Say, pointer: Pointing | None = None) -> None:
    """Serve until told to end, in the thread that has the signals.

    :param pointer: names the snapshot to serve, if it is not that of the shipped project
    :param say: is told what happens, a line each
    :raises OSError: the address cannot be listened on
    :raises CannotServe: there is no run folder, the snapshot cannot be loaded, or the web
        processes do not stay
    """
    with ExitStack() as stack:
        found = listening.listen(config.host, config.port, config.web_processes)
        listeners = [stack.enter_context(each) for each in found]
        try:
            run = config.run or stack.enter_context(runfolder.made())
        except runfolder.NoRunFolder as error:
            raise CannotServe(str(error)) from None
        Supervisor(config, run, listeners, say, pointer).run()


class Supervisor:
    """One server.

    :param config: its settings
    :param run: the folder for its sockets
    :param listeners: the sockets that it listens on
    :param pointer: names the snapshot to serve, if it is not that of the shipped project
    :param say: is told what happens, a line each
    """

    def __init__(
        self,
        config: Config,
        run: Path,
        listeners: list[socket.socket],
        say: Say,
        pointer: Pointing | None = None,
    ) -> None:
        self._listeners = listeners
        self._run = run
        self._config = replace(config, port=listeners[0].getsockname()[1], run=run)
        self._say = say
        self._pointer = pointer
        self._keepers = Keepers(self._config, self._run, say, lambda: self._asked_to_end > 0)
        self._web: subprocess.Popen[bytes] | None = None
        self._restarts: list[float] = []
        self._candidate: subprocess.Popen[str] | None = None
        self._asked_to_end = 0
        self._asked_to_swap = False

    @property
    def address(self) -> str:
        """Where the server is."""
        host = f"[{self._config.host}]" if ":" in self._config.host else self._config.host
        return f"http://{host}:{self._config.port}/"

    def run(self) -> None:
        """Serve until told to end.

        :raises CannotServe: the snapshot cannot be loaded, or the web processes do not stay
        """
        woken, wakes = socket.socketpair()
        woken.settimeout(LOOK)
        wakes.setblocking(False)
        signal.set_wakeup_fd(wakes.fileno(), warn_on_full_buffer=False)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._end)
        signal.signal(signal.SIGHUP, self._swap)
        try:
            self._start_web()
            self._offer(self._config.snapshot)
            self._await()
            if not self._asked_to_end:
                self._say(f"peelgraph is at {self.address} (Ctrl+C stops it)")
            while not self._asked_to_end:
                _wait(woken)
                self._look()
            self._drain(woken)
        except CannotServe:
            if not self._asked_to_end:
                raise
        finally:
            signal.set_wakeup_fd(-1)
            self._close()

    def _end(self, number: int, frame: object) -> None:
        self._asked_to_end += 1

    def _swap(self, number: int, frame: object) -> None:
        self._asked_to_swap = True

    def _look(self) -> None:
        self._keepers.watch()
        if self._web is not None and self._web.poll() is not None and not self._asked_to_end:
            self._start_web()
        if self._candidate is not None:
            self._take_candidate()
        elif self._pointer is not None:
            if self._asked_to_swap or self._pointer.changed():
                self._asked_to_swap = False
                self._follow(self._pointer)
        elif self._asked_to_swap:
            self._asked_to_swap = False
            self._start_candidate()

    def _start_candidate(self, *snapshot: str) -> None:
        """Have the next snapshot built, or the store of one made, by a process of its own."""
        told = str(self._run), str(os.getpid()), self._config.store, str(self._keepers.to_come)
        self._candidate = subprocess.Popen(
            [sys.executable, "-m", "peelserver.processes.candidate", *told, *snapshot],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            process_group=0,
        )

    def _take_candidate(self) -> None:
        assert self._candidate is not None
        if self._candidate.poll() is None:
            return
        out, why = self._candidate.communicate()
        status, self._candidate = self._candidate.returncode, None
        if status == 0:
            self._replace(Path(out.strip()))
        else:
            self._say(f"The new snapshot is not served: {why.strip()}")

    def _follow(self, pointer: Pointing) -> None:
        try:
            snapshot = pointer.snapshot()
            if self._keepers.lacks_store(snapshot):
                self._start_candidate(str(snapshot))
            elif not self._replace(snapshot):
                pointer.refused()
        except (OSError, ValueError) as error:
            self._say(f"The new snapshot is not served: {error}")

    def _replace(self, snapshot: Path) -> bool:
        """Serve another snapshot, and say so; whether it is the current one now."""
        digest = digest_of(snapshot)
        if self._keepers.digests[:1] == [digest]:
            self._say("The snapshot has not changed.")
            return True
        try:
            self._offer(snapshot)
        except CannotServe as error:
            self._say(f"The new snapshot is not served: {error}")
            return False
        self._say(f"Snapshot {digest} is served.")
        return True

    def _offer(self, snapshot: Path) -> None:
        """Make a snapshot the current one, if it is whole and answers what it must."""
        digest = digest_of(snapshot)
        kept = digest in self._keepers.digests
        try:
            self._keepers.start(snapshot)
        except KeeperFailed as error:
            raise CannotServe(str(error)) from None
        pool = Pool(self._config, self._run, snapshots=Fixed([digest]))
        try:
            why = None if kept else probes.trouble(PoolEngine(pool, digest), self._say)
        finally:
            pool.close()
        if why is not None:
            self._keepers.drop(digest)
            raise CannotServe(why)
        self._keepers.publish(digest)

    def _start_web(self) -> None:
        now = time.monotonic()
        self._restarts = [each for each in self._restarts if now - each < 60] + [now]
        if len(self._restarts) > RESTARTS:
            raise CannotServe("The web processes end again and again.")
        descriptors = [each.fileno() for each in self._listeners]
        duty = web.Duty(self._config, tuple(descriptors), os.getpid())
        self._web = dying.start(duty.command(), *descriptors)

    def _await(self) -> None:
        """Wait until the server answers."""
        until = time.monotonic() + PATIENCE
        while not self._asked_to_end:
            try:
                with urllib.request.urlopen(self._local + "health/live", timeout=5):
                    return
            except urllib.error.HTTPError as error:
                error.close()
                if error.code < 500:
                    return
            except OSError:
                pass
            assert self._web is not None
            if self._web.poll() is not None or time.monotonic() > until:
                raise CannotServe("The web processes do not start.")
            time.sleep(0.05)

    @property
    def _local(self) -> str:
        """Where the server is for this machine."""
        host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(self._config.host)
        return f"http://{host}:{self._config.port}/" if host else self.address

    def _drain(self, woken: socket.socket) -> None:
        """Let the web processes answer what they began; asked twice, do not."""
        asked = self._asked_to_end
        self._close_listeners()
        if self._web is None:
            return
        self._web.terminate()
        until = time.monotonic() + self._config.deadline + web.DRAIN + 5
        while self._web.poll() is None:
            if self._asked_to_end > asked or time.monotonic() > until:
                self._web.kill()
            _wait(woken)

    def _close_listeners(self) -> None:
        for each in self._listeners:
            each.close()

    def _close(self) -> None:
        self._close_listeners()
        for process in (self._web, self._candidate):
            if process is not None and process.poll() is None:
                process.kill()
                process.communicate()
        self._keepers.close()


def _wait(woken: socket.socket) -> None:
    """Wait for a while, or until a signal comes."""
    with contextlib.suppress(TimeoutError):
        woken.recv(4096)
