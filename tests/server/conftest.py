"""Servers for tests: ``served`` is an application with a real keeper, ``live`` a whole server."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

import pyoxigraph as ox
import pytest
from flask import Flask
from playwright.sync_api import Browser, sync_playwright

from peelgraph import snapshot
from peelgraph.build import ensure
from peelgraph.namespaces import PEEL
from peelgraph.snapshot import SNAPSHOT
from peelserver import create_app
from peelserver.config import Config
from peelserver.processes.keepers import Keepers, digest_of
from peelserver.state import State


class Served(NamedTuple):
    """An application, and what hangs on it."""

    app: Flask
    state: State


@contextmanager
def kept(config: Config) -> Iterator[tuple[Config, Keepers]]:
    """Keep a snapshot in a run folder of its own; what is yielded has its settings."""
    with tempfile.TemporaryDirectory(prefix="peel-", ignore_cleanup_errors=True) as folder:
        run = Path(folder)
        keepers = Keepers(config, run)
        try:
            keepers.start(config.snapshot)
            keepers.publish(digest_of(config.snapshot))
            yield replace(config, run=run), keepers
        finally:
            keepers.close()


@contextmanager
def application(config: Config) -> Iterator[Served]:
    """Make an application with a keeper of its own."""
    with kept(config) as (running, _):
        app = create_app(running)
        state: State = app.extensions["peelgraph"]
        try:
            yield Served(app, state)
        finally:
            state.pool.close()


def holds(true: Callable[[], bool], within: float = 120.0) -> None:
    """Wait until something is true; so long only that a test that fails ends at all."""
    end = time.monotonic() + within
    while not true():
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.02)


def descendants(pid: int) -> set[int]:
    """Return every process below one."""
    found: set[int] = set()
    with suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in map(int, (task / "children").read_text("ascii").split()):
                found |= {child, *descendants(child)}
    return found


class Live(NamedTuple):
    """A whole server: its supervisor, its address, and the file that it writes its log to."""

    process: "subprocess.Popen[bytes]"
    address: str
    log: Path

    def running(self, module: str) -> list[int]:
        """Return the processes below that run a module, parents before their children."""
        found = []
        for pid in descendants(self.process.pid):
            with suppress(OSError):
                if f"\0{module}\0".encode() in Path(f"/proc/{pid}/cmdline").read_bytes():
                    found.append(pid)
        return sorted(found, key=lambda pid: len(descendants(pid)), reverse=True)

    def said(self) -> str:
        """Return all that it has written to standard error."""
        return self.log.read_text("utf-8")


@contextmanager
def server(
    *options: str, environment: dict[str, str] | None = None, within: tuple[str, ...] = ()
) -> Iterator[Live]:
    """Start ``peelgraph serve --port 0``; it has ended when the block has.

    :param within: a command that becomes the one that it is given
    """
    with tempfile.TemporaryDirectory(prefix="peel-") as folder:
        log = Path(folder) / "log"
        with log.open("wb") as errors:
            process = subprocess.Popen(
                [*within, sys.executable, "-m", "peelgraph", "serve", "--port", "0", *options],
                stderr=errors,
                env=os.environ | (environment or {}),
            )
        try:
            yield Live(process, _address(process, log), log)
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
                try:
                    process.wait(60)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()


def _address(process: "subprocess.Popen[bytes]", log: Path) -> str:
    until = time.monotonic() + 180
    while time.monotonic() < until and process.poll() is None:
        for line in log.read_text("utf-8").splitlines():
            if line.startswith("peelgraph is at "):
                return line.split()[3]
        time.sleep(0.02)
    raise AssertionError(f"the server did not start: {log.read_text('utf-8')}")


@pytest.fixture(scope="session")
def served() -> Iterator[Served]:
    """Return an application and its state; its deadlines are short, its limits wide."""
    config = Config(
        snapshot=ensure(), deadline=2.0, fast_deadline=0.5, rate=100_000.0, burst=1_000_000
    )
    with application(config) as found:
        yield found


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    """Return one browser for all tests; each opens contexts of its own."""
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(
            executable_path=chromium,
            args=[
                *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
                *("--disable-background-networking", "--disable-component-update"),
                *("--disable-sync", "--disable-dev-shm-usage"),
            ],
        )
        yield found
        found.close()


@pytest.fixture(scope="session")
def live() -> Iterator[str]:
    """Return the address of a whole server, without a slash at its end."""
    with server("--deadline", "2", "--rate", "0") as found:
        yield found.address.rstrip("/")


@pytest.fixture(scope="session")
def until() -> Callable[..., None]:
    """Return what waits until something is true."""
    return holds


@pytest.fixture(scope="session")
def below() -> Callable[[int], set[int]]:
    """Return what finds every process below one."""
    return descendants


@pytest.fixture(scope="session")
def keep() -> Callable[[Config], AbstractContextManager[tuple[Config, Keepers]]]:
    """Return what keeps a snapshot for as long as a block."""
    return kept


@pytest.fixture(scope="session")
def apply() -> Callable[[Config], AbstractContextManager[Served]]:
    """Return what makes an application for as long as a block."""
    return application


@pytest.fixture(scope="session")
def serve() -> Callable[..., AbstractContextManager[Live]]:
    """Return what runs a server for as long as a block."""
    return server


@pytest.fixture(scope="session")
def write() -> Callable[[Path, ox.Store], Path]:
    """Return what writes a snapshot of a store into a folder, named by a digest of its own."""

    def written(folder: Path, store: ox.Store) -> Path:
        node, predicate = ox.NamedNode(SNAPSHOT), ox.NamedNode(PEEL + "digest")
        for quad in list(store.quads_for_pattern(node, predicate, None)):
            store.remove(quad)
        digest = sha256("".join(sorted(map(str, store))).encode()).hexdigest()
        store.add(ox.Quad(node, predicate, ox.Literal(digest)))
        path = folder / f"{digest}.nq"
        snapshot.write(store, path)
        return path

    return written
