"""What the processes cost: fork, overhead of a job, time from a kill to the next answer.

Run as ``python benchmarks/processes.py [QUADS]``: over the shipped graph, and over a synthetic one
of that many quads (a million, if it is not said).
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pyoxigraph as ox

from peelgraph import snapshot
from peelgraph.build import ensure
from peelgraph.namespaces import PREFIXES
from peelserver.answering import workers
from peelserver.answering.jobs import Job, TooSlow
from peelserver.answering.pool import Pool
from peelserver.answering.snapshots import socket_of
from peelserver.config import Config
from peelserver.processes.keepers import Keepers, digest_of

FAST = "SELECT ?p ?o { force:kent ?p ?o } LIMIT 10"
RUNAWAY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


def main(quads: int) -> None:
    """Measure and print, in milliseconds: the median and the 99th of a hundred."""
    with tempfile.TemporaryDirectory() as folder:
        for name, path in (
            ("shipped", ensure()),
            (f"{quads:,} quads", synthetic(Path(folder), quads)),
        ):
            print(f"\n{name}")
            with tempfile.TemporaryDirectory() as run:
                measure(path, Path(run))


def measure(path: Path, run: Path) -> None:
    """Measure over one snapshot."""
    config = Config(snapshot=path, run=run, deadline=0.1, fast_deadline=0.1, keep=1)
    store = snapshot.load(path)
    keepers = Keepers(config, run)
    started = time.perf_counter()
    keepers.start(path)
    keepers.publish(digest_of(path))
    print(f"  keeper ready after          {time.perf_counter() - started:8.2f} s")
    pool = Pool(config, run)
    address = socket_of(run, digest_of(path))
    answer = ox.QueryResultsFormat.JSON

    def alone() -> object:
        found = store.query(FAST, prefixes=PREFIXES)
        assert isinstance(found, ox.QuerySolutions)
        return found.serialize(format=answer)

    def through_the_pool() -> object:
        return pool.answer(Job(FAST), lane="fast")

    def forks() -> object:
        """Take the two spare ones, and eight that must be forked."""
        found = [workers.fetch(address) for _ in range(10)]
        for each in found:
            each.close()
        time.sleep(0.2)
        return found

    def killed() -> object:
        with suppress(TooSlow):
            pool.answer(Job(RUNAWAY), lane="slow")
        return None

    say("the query in process", alone, 1000)
    say("the same through a worker", through_the_pool, 1000)
    took = []
    for _ in range(10):
        before = time.perf_counter()
        forks()
        took.append((time.perf_counter() - before - 0.2) / 8)
    told("a fork", took)
    overrun: list[float] = []
    after: list[float] = []
    for _ in range(20):
        started = time.perf_counter()
        killed()
        overrun.append(time.perf_counter() - started - 0.1)
        started = time.perf_counter()
        pool.answer(Job(FAST), lane="slow")
        after.append(time.perf_counter() - started)
    told("beyond the deadline", overrun)
    told("kill to the next answer", after)
    pool.close()
    keepers.close()


def say(what: str, do: Callable[[], object], times: int) -> None:
    """Measure how long something takes."""
    do()
    took = []
    for _ in range(times):
        started = time.perf_counter()
        do()
        took.append(time.perf_counter() - started)
    told(what, took)


def told(what: str, took: list[float]) -> None:
    """Print the median and the 99th of a hundred."""
    took = sorted(took)
    high = took[min(len(took) - 1, len(took) * 99 // 100)]
    print(f"  {what:26}  {statistics.median(took) * 1000:8.2f} ms  p99 {high * 1000:8.2f} ms")


def synthetic(folder: Path, quads: int) -> Path:
    """Write a snapshot of so many quads."""
    store = snapshot.load(ensure())
    store.bulk_extend(
        ox.Quad(
            ox.NamedNode(f"https://example.org/thing/{n // 8}"),
            ox.NamedNode(f"https://example.org/property/{n % 8}"),
            ox.Literal(f"value {n}"),
            ox.NamedNode(f"https://example.org/graph/{n // 10000}"),
        )
        for n in range(quads)
    )
    path = folder / f"{'5' * 64}.nq"
    snapshot.write(store, path)
    return path


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
