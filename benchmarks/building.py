"""What a build and a start cost: seconds, the most memory, and how both grow with the corpus.

Run as ``python benchmarks/building.py [QUADS …]`` (a hundred thousand and a million, if none are
given). Each step runs in a process of its own, so that its memory is its own. The exponent is that
of the power of the quads by which a cost grew from the smallest corpus to the largest: 1 is in
step with them.
"""

import json
import math
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from peelbench.national import generate

from peelgraph import build
from peelgraph.engine import Embedded
from peelgraph.resources import Project


@dataclass(frozen=True, slots=True)
class Cost:
    """What one step took.

    :param seconds: of the wall clock
    :param peak: bytes of memory at most, of the whole process
    :param stages: seconds of the parts of a build
    """

    quads: int
    seconds: float
    peak: int
    stages: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Measured:
    """One corpus: where its snapshot is, what it cost to build it, and to start from it."""

    snapshot: Path
    build: Cost
    start: Cost


def measured(corpus: Path, out: Path) -> Measured:
    """Build the project in the folder *corpus* into the folder *out*, and start from that."""
    built = _apart("build", str(corpus), str(out))
    path = Path(built.pop("path"))
    return Measured(path, Cost(**built), Cost(**_apart("start", str(path))))


def exponent(costs: Iterable[Cost]) -> float:
    """Return the power of the quads by which the seconds grew from the smallest to the largest."""
    ordered = sorted(costs, key=lambda each: each.quads)
    least, most = ordered[0], ordered[-1]
    return math.log(most.seconds / least.seconds) / math.log(most.quads / least.quads)


def _apart(*arguments: str) -> dict:  # type: ignore[type-arg]
    command = [sys.executable, __file__, "--step", *arguments]
    made = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    found: dict = json.loads(made.stdout)  # type: ignore[type-arg]
    return found


def _build(corpus: Path, out: Path) -> dict[str, object]:
    stages: dict[str, float] = {}
    begun = [("", time.perf_counter())]

    def progress(message: str) -> None:
        now = time.perf_counter()
        name, since = begun.pop()
        if name:
            stages[name] = stages.get(name, 0.0) + now - since
        begun.append(("reading" if message.startswith("reading ") else message, now))

    started = time.perf_counter()
    report = build.build(Project(corpus), out, progress)
    seconds = time.perf_counter() - started
    progress("")
    cost = {"quads": report.quads, "seconds": seconds, "peak": _peak(), "stages": stages}
    return cost | {"path": str(report.path)}


def _start(path: Path) -> dict[str, object]:
    """Verify and load a snapshot, and ask it something."""
    started = time.perf_counter()
    engine = Embedded(path)
    assert engine.query("ASK { ?item a peel:CauseOfConcern }")
    seconds = time.perf_counter() - started
    with path.open("rb") as file:
        quads = sum(1 for _ in file)
    return {"quads": quads, "seconds": seconds, "peak": _peak()}


def _peak() -> int:
    """Return the most memory that this process had, in bytes (Linux counts it in kilobytes)."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def main(sizes: Iterable[int]) -> None:
    """Measure and print."""
    found = []
    with tempfile.TemporaryDirectory() as folder:
        for quads in sizes:
            corpus = Path(folder, f"corpus-{quads}")
            generate(corpus, quads, 1)
            each = measured(corpus, Path(folder))
            found.append(each)
            for what, cost in (("build", each.build), ("start", each.start)):
                print(
                    f"{cost.quads:>10,} quads  {what}  {cost.seconds:7.2f} s  "
                    f"{cost.peak >> 20:6,} MB"
                )
            for stage, seconds in each.build.stages.items():
                print(f"{'':26}{seconds:7.2f} s  {stage}")
    if len(found) > 1:
        print(f"exponent of build {exponent(each.build for each in found):.2f}")
        print(f"exponent of start {exponent(each.start for each in found):.2f}")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--step"]:
        step, *where = sys.argv[2:]
        paths = [Path(each) for each in where]
        print(json.dumps(_build(*paths) if step == "build" else _start(*paths)))
    else:
        main([int(each) for each in sys.argv[1:]] or [100_000, 1_000_000])
