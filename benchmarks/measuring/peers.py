"""The servers that are measured beside one another, each loaded with the same quads.

A query that overran its time goes on in most of them, and would slow down whatever is asked next;
so each one says how it is made idle again.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import engines

from peelgraph.remote import dialect

#: the graph that Virtuoso, which has no default graph of its own, keeps the default graph in
MERGE = "https://w3id.org/peelgraph/graph/merge"
#: seconds within which a server must have loaded a snapshot
LOADING = 300.0
DISK, MEMORY, VIRTUOSO, RDFLIB = (
    *("Oxigraph on disk", "Oxigraph in memory", "Virtuoso", "rdflib-endpoint"),
)


@dataclass(frozen=True, slots=True)
class Server:
    """A server that answers.

    :param address: where it takes queries
    :param idle: ends what it is still busy with
    :param loaded: seconds until it answered, from the file to the first answer
    :param spoken: puts a query into its dialect
    """

    name: str
    url: str
    loaded: float
    idle: Callable[[], None] = field(default=lambda: None, repr=False)
    spoken: Callable[[str], str] = field(default=lambda query: query, repr=False)


class NotLoaded(RuntimeError):
    """A server that did not get ready; the message says why."""


class _Process:
    """A process that can be started again."""

    def __init__(self, command: list[str], folder: Path, log: str) -> None:
        self._command, self._folder, self.log = command, folder, folder / log
        self._running: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.log.open("wb") as file:
            self._running = subprocess.Popen(
                self._command,
                cwd=self._folder,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=file,
                start_new_session=True,
            )

    def stop(self, *, at_once: bool = False) -> None:
        if self._running is None:
            return
        self._running.send_signal(signal.SIGKILL if at_once else signal.SIGTERM)
        try:
            self._running.wait(20)
        except subprocess.TimeoutExpired:
            self._running.kill()
            self._running.wait()
        with suppress(ProcessLookupError):  # what it started, and left behind
            os.killpg(self._running.pid, signal.SIGKILL)
        self._running = None

    @property
    def pid(self) -> int:
        assert self._running is not None
        return self._running.pid

    def await_(self, look: Callable[[], bool], seconds: float = LOADING) -> None:
        """Wait until it answers.

        :raises NotLoaded: it ended, or took too long
        """
        assert self._running is not None
        until = time.monotonic() + seconds
        while not look():
            if self._running.poll() is not None:
                said = self.log.read_text("utf-8", "replace").strip().splitlines()
                raise NotLoaded(said[-1] if said else f"ended with {self._running.returncode}")
            if time.monotonic() > until:
                raise NotLoaded(f"not loaded within {seconds:.0f} s")
            time.sleep(0.05)


@contextmanager
def _ended(process: _Process) -> Iterator[_Process]:
    try:
        yield process
    finally:
        process.stop()


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}?query=ASK%7B%7D", timeout=60):
            return True
    except OSError:
        return False


@dataclass(frozen=True, slots=True)
class Ours:
    """Our server: its root, the process that supervises it, and seconds until it answered."""

    root: str
    pid: int
    seconds: float


@contextmanager
def ours(snapshot: Path, folder: Path, *options: str) -> Iterator[Ours]:
    """Run ours as it comes, but for the limit of requests by client and the access log."""
    command = [sys.executable, "-m", "peelgraph", "serve", "--port", "0"]
    command += ["--snapshot", str(snapshot), "--rate", "0", "--log-level", "warning", *options]
    with _ended(_Process(command, folder, "peelgraph.log")) as process:
        started = time.perf_counter()
        process.start()

        def root() -> str:
            found = re.search(r"http://[^\s/]+", process.log.read_text("utf-8"))
            return found[0] if found else ""

        process.await_(lambda: bool(root()) and _answers(f"{root()}/sparql"))
        yield Ours(root(), process.pid, time.perf_counter() - started)


@contextmanager
def oxigraph_disk(data: Path, folder: Path, seconds: float) -> Iterator[Server]:
    """Run Oxigraph's own server on a store on disk."""
    program, store, port = _oxigraph(), str(folder / "oxigraph"), engines.free_port()
    started = time.perf_counter()
    loading = [program, "load", "--location", store, "--file", str(data)]
    subprocess.run(loading, check=True, capture_output=True, timeout=LOADING)
    command = [program, "serve-read-only", "-l", store, "-b", f"127.0.0.1:{port}"]
    url = f"http://127.0.0.1:{port}/query"
    with _ended(_Process(command, folder, "oxigraph-disk.log")) as process:
        process.start()
        process.await_(lambda: _answers(url))
        took = time.perf_counter() - started

        def idle() -> None:
            process.stop(at_once=True)
            process.start()
            process.await_(lambda: _answers(url))

        yield Server(DISK, url, took, idle)


@contextmanager
def oxigraph_memory(data: Path, folder: Path, seconds: float) -> Iterator[Server]:
    """Run Oxigraph's own server on a store in memory, which it fills over HTTP."""
    port = engines.free_port()
    command = [_oxigraph(), "serve", "-b", f"127.0.0.1:{port}"]
    url = f"http://127.0.0.1:{port}"

    with _ended(_Process(command, folder, "oxigraph-memory.log")) as process:

        def fill() -> None:
            process.start()
            process.await_(lambda: _answers(f"{url}/query"))
            headers = {"Content-Type": "application/n-quads"}
            headers["Content-Length"] = str(data.stat().st_size)
            with data.open("rb") as body:
                request = urllib.request.Request(f"{url}/store?no_transaction", body, headers)
                with urllib.request.urlopen(request, timeout=LOADING):
                    pass

        def idle() -> None:
            process.stop(at_once=True)
            fill()

        started = time.perf_counter()
        fill()
        took = time.perf_counter() - started
        yield Server(MEMORY, f"{url}/query", took, idle)


@contextmanager
def virtuoso(data: Path, folder: Path, seconds: float) -> Iterator[Server]:
    """Run Virtuoso, with buffers for twice the data; it ends by itself what takes too long."""
    place = folder / "virtuoso"
    place.mkdir()
    file = place / "data.nq"
    shutil.copyfile(data, file)
    load = (
        f"DB.DBA.TTLP_MT (file_open ('{file.name}'), '', '{MERGE}', 512, 2);\n"
        "checkpoint;\nDB.DBA.RDF_OBJ_FT_RULE_DEL (null, null, 'ALL');\n"
    )
    megabytes = 512 + 2 * data.stat().st_size // (1 << 20)
    started = time.perf_counter()
    with engines.virtuoso(
        place, memory=megabytes, seconds=max(1, round(seconds)), first=load
    ) as running:
        took = time.perf_counter() - started
        yield Server(VIRTUOSO, running.query, took, spoken=_in_virtuoso)


def _in_virtuoso(query: str) -> str:
    return dialect.protected(dialect.within(query, MERGE))


@contextmanager
def rdflib_endpoint(data: Path, folder: Path, seconds: float) -> Iterator[Server]:
    """Run rdflib-endpoint in a process forked from one that has loaded the data."""
    port = engines.free_port()
    program = Path(__file__).with_name("rdflib_peer.py")
    command = [sys.executable, str(program), str(data), str(port)]
    url = f"http://127.0.0.1:{port}/"
    with _ended(_Process(command, folder, "rdflib.log")) as process:
        started = time.perf_counter()
        process.start()
        process.await_(lambda: _answers(url))

        def idle() -> None:
            os.kill(process.pid, signal.SIGHUP)
            time.sleep(0.2)
            process.await_(lambda: _answers(url))

        yield Server(RDFLIB, url, time.perf_counter() - started, idle)


def _oxigraph() -> str:
    if engines.OXIGRAPH is None:
        raise NotLoaded("oxigraph is not here: pip install --group bench")
    return engines.OXIGRAPH


Starting = Callable[[Path, Path, float], AbstractContextManager[Server]]

#: the peers: by name, what starts each, loaded with data, in a folder, with seconds for a query
PEERS: dict[str, Starting] = {
    DISK: oxigraph_disk,
    MEMORY: oxigraph_memory,
    VIRTUOSO: virtuoso,
    RDFLIB: rdflib_endpoint,
}
