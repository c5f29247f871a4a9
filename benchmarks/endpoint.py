"""How fast is the endpoint beside its peers? Run ``python benchmarks/endpoint.py``.

Starts Oxigraph's own server, rdflib-endpoint and ours on the same snapshot, puts the same load of
eight keep-alive clients on each, turn by turn, and prints a table in Markdown with the ratios to
Oxigraph, and the microseconds of processor that each answer took. Each client asks again as soon as
it is answered, but for the last row: there as many requests a second are due, whatever becomes of
those before, and the time of each is counted from when it was due. The packages ``oxigraph`` and
``rdflib-endpoint`` are in the dependency group ``bench``.
"""

import argparse
import itertools
import re
import select
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple, TypeVar
from urllib.parse import quote, urlsplit

from load import Measured, get, load
from processor import spent

from peelgraph.build import ensure

CLIENTS = 8

#: requests a second, beside a runaway query: fewer than Oxigraph and ours can answer on two cores
OFFERED = 800

#: those that can answer as many
QUICK = ("Oxigraph", "peelgraph")

#: seconds of load before a server that was just started is measured
WARM = 0.5

OTHER = ("127.0.0.2", 0)
PREFIXES = """PREFIX peel: <https://w3id.org/peelgraph/ontology#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
"""
FAST = PREFIXES + "SELECT ?c ?n { ?c a peel:CauseOfConcern ; rdfs:label ?n } ORDER BY ?c"
HEAVY = (
    PREFIXES
    + """SELECT ?a (COUNT(?b) AS ?n) { ?a peel:leadsTo+ ?b }
GROUP BY ?a ORDER BY DESC(?n) ?a"""
)
RUNAWAY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
JSON = {"Accept": "application/sparql-results+json"}

Workload = Callable[[str], Iterator[bytes]]
Found = TypeVar("Found")


class Place(NamedTuple):
    """A server: where it is asked, and the process above all of its own."""

    address: str
    process: int


class Round(NamedTuple):
    """What one load found, and the seconds of processor that the server took for it."""

    load: Measured
    processor: float


def fresh(query: str) -> Workload:
    """Return requests that differ in a comment, so that no cache has their answer.

    Nor do those of one round recur in the next.
    """
    stamp, numbers = time.time_ns(), itertools.count()

    def requests(address: str) -> Iterator[bytes]:
        before, after = get(address, f"{query} # {stamp}-@", JSON).split(b"%40")
        return (b"%b%d%b" % (before, number, after) for number in numbers)

    return requests


def repeated(address: str) -> Iterator[bytes]:
    """Return the same request again and again."""
    return itertools.repeat(get(address, FAST, JSON))


def conditional(address: str) -> Iterator[bytes]:
    """Return the same request with the tag of the first answer, where the server gives one."""
    request = urllib.request.Request(f"{address}?query={quote(FAST)}", headers=JSON)
    with urllib.request.urlopen(request, timeout=60) as answer:
        tag = answer.headers["ETag"]
    return itertools.repeat(get(address, FAST, {**JSON, "If-None-Match": tag} if tag else JSON))


@contextmanager
def oxigraph(snapshot: Path, folder: Path) -> Iterator[Place]:
    """Run Oxigraph's own server, without a deadline.

    With ``--timeout-s`` it keeps a thread for each query until then, and is soon out of threads.
    """
    program = str(Path(sys.executable).with_name("oxigraph"))
    store = str(folder / "oxigraph")
    if not Path(store).exists():
        loading = [program, "load", "--location", store, "--file", str(snapshot)]
        subprocess.run(loading, check=True, capture_output=True)
    port = _free_port()
    with _running(
        [program, "serve-read-only", "-l", store, "-b", f"127.0.0.1:{port}"],
        folder / "oxigraph.log",
    ) as process:
        yield Place(_ready(f"http://127.0.0.1:{port}/query"), process)


@contextmanager
def ours(snapshot: Path, folder: Path) -> Iterator[Place]:
    """Run ours as it comes, but for the limit of requests by client."""
    log = folder / "ours.log"
    command = [sys.executable, "-m", "peelgraph", "serve", "--port", "0", *OPTIONS]
    with _running(command, log) as process:
        found = _awaited(lambda: re.search(r"http://\S+/", log.read_text("utf-8")))
        yield Place(_ready(f"{found[0]}sparql"), process)


@contextmanager
def rdflib_endpoint(snapshot: Path, folder: Path) -> Iterator[Place]:
    """Run rdflib-endpoint."""
    program = str(Path(sys.executable).with_name("rdflib-endpoint"))
    port = _free_port()
    with _running(
        [program, "serve", "--host", "127.0.0.1", "--port", str(port), str(snapshot)],
        folder / "rdflib.log",
    ) as process:
        yield Place(_ready(f"http://127.0.0.1:{port}/"), process)


SERVERS = {"Oxigraph": oxigraph, "peelgraph": ours, "rdflib-endpoint": rdflib_endpoint}
OPTIONS = ("--rate", "0")


@contextmanager
def _running(command: list[str], log: Path) -> Iterator[int]:
    with log.open("wb") as file, subprocess.Popen(command, stdout=file, stderr=file) as process:
        try:
            yield process.pid
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        port: int = found.getsockname()[1]
    return port


def _ready(address: str) -> str:
    def answer() -> str | None:
        try:
            with urllib.request.urlopen(f"{address}?query=ASK%7B%7D", timeout=60):
                return address
        except OSError:
            return None

    return _awaited(answer)


def _awaited(look: Callable[[], Found | None], seconds: float = 120) -> Found:
    until = time.monotonic() + seconds
    while (found := look()) is None:
        if time.monotonic() > until:
            raise TimeoutError("a server did not start")
        time.sleep(0.1)
    return found


def with_runaway(
    address: str, requests: Iterator[bytes], seconds: float, rate: float = 0.0
) -> Measured:
    """Load the server while another client sends a query without end, one after another."""
    parts = urlsplit(address)
    done = threading.Event()

    def run() -> None:
        while not done.is_set():
            with socket.create_connection(
                (parts.hostname, parts.port), source_address=OTHER
            ) as end:
                end.sendall(get(address, f"{RUNAWAY} # {time.time_ns()}", JSON))
                while not done.is_set() and select.select([end], [], [], 0.2)[0] == []:
                    pass

    runaway = threading.Thread(target=run)
    runaway.start()
    time.sleep(0.5)
    try:
        return load(address, requests, CLIENTS, seconds, rate)
    finally:
        done.set()
        runaway.join()


def measure(seconds: float, rounds: int) -> list[str]:
    """Return the rows of the table."""
    rows: list[str] = []
    snapshot = ensure()
    workloads: dict[str, Workload] = {
        "fast": fresh(FAST),
        "heavy": fresh(HEAVY),
        "repeated": repeated,
        "conditional": conditional,
    }
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with ExitStack() as stack:
            places = {
                server: stack.enter_context(start(snapshot, folder))
                for server, start in SERVERS.items()
            }
            for label, workload in workloads.items():
                found: dict[str, list[Round]] = {server: [] for server in places}
                for _ in range(rounds):
                    for server, place in places.items():
                        before = spent(place.process)
                        took = load(place.address, workload(place.address), CLIENTS, seconds)
                        found[server].append(Round(took, spent(place.process) - before))
                rows += table(label, found)
        for label, servers, rate in (
            ("fast, beside a runaway query", tuple(SERVERS), 0),
            (f"fast, {OFFERED} a second, beside a runaway query", QUICK, OFFERED),
        ):
            beside: dict[str, list[Round]] = {server: [] for server in servers}
            for _ in range(rounds):
                for server in servers:
                    # started anew each time: a runaway query outlives the one who asked it
                    with SERVERS[server](snapshot, folder) as place:
                        requests = fresh(FAST)(place.address)
                        load(place.address, requests, CLIENTS, WARM)
                        before = spent(place.process)
                        took = with_runaway(place.address, requests, seconds, rate)
                        beside[server].append(Round(took, spent(place.process) - before))
            rows += table(label, beside)
    return rows


def table(label: str, found: dict[str, list[Round]]) -> list[str]:
    """Return a row for each server: the medians of its rounds, and of the ratios to Oxigraph's."""
    rows = []
    for server, taken in found.items():
        rounds = [each.load for each in taken]
        ratios = [
            one.throughput / peer.load.throughput if peer.load.throughput else float("inf")
            for one, peer in zip(rounds, found["Oxigraph"], strict=True)
        ]
        microseconds = [1e6 * each.processor / max(1, len(each.load.times)) for each in taken]
        statuses = sorted({status for one in rounds for status in one.statuses})
        cells = [
            *(label, server),
            f"{statistics.median(one.throughput for one in rounds):,.0f}",
            *(
                f"{1000 * statistics.median(one.percentile(share) for one in rounds):,.1f}"
                for share in (0.5, 0.99)
            ),
            f"{statistics.median(microseconds):,.0f}",
            f"{statistics.median(ratios):.2f}",
            ", ".join(map(str, statuses)) or "none",
        ]
        rows.append("| " + " | ".join(cells) + " |")
        print(rows[-1], file=sys.stderr, flush=True)
    return rows


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=5.0, help="of each load (default: 5)")
    parser.add_argument("--rounds", type=int, default=3, help="of each load (default: 3)")
    options = parser.parse_args()
    rows = measure(options.seconds, options.rounds)
    heads = ("query", "server", "answers/s", "p50 ms", "p99 ms", "processor, µs an answer")
    print(f"| {' | '.join(heads)} | throughput / Oxigraph | statuses |")
    print("|---|---|---:|---:|---:|---:|---:|---|")
    print("\n".join(rows))


if __name__ == "__main__":
    main()
