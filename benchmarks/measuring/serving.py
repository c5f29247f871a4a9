"""What serving costs: the memory of all its processes, and of a worker that is killed.

Memory is the proportional set size (of pages that several processes share, each counts its part),
once every question has been asked; beside it what the processes would seem to take if each counted
all of its pages, so that what is shared can be seen.
"""

import statistics
import time
from dataclasses import dataclass
from pathlib import Path

from measuring import peers
from measuring.asking import Say
from measuring.client import Client, Refused
from peelgraph.engine import Embedded
from questions import asked

_RUNAWAY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
_FAST = "SELECT ?p ?o { force:kent ?p ?o } LIMIT 10"
#: seconds that the runaway query may take, and how often one is killed
_DEADLINE, _KILLS = 0.5, 10


@dataclass(frozen=True, slots=True)
class Served:
    """What a server takes.

    :param proportional: bytes of all its processes together
    :param apart: bytes, if each counted all of its pages
    :param overrun: seconds from the deadline of a query without end to its refusal
    :param after: seconds from that to the answer of the next query
    """

    processes: int
    proportional: int
    apart: int
    overrun: float
    after: float


def measure(snapshot: Path, folder: Path, say: Say) -> Served:
    """Start a server, ask it everything once, look at it, and kill some of its workers."""
    from urllib.parse import urlencode

    say("serving")
    engine = Embedded(snapshot)
    cases = [each for each in asked(engine) if each.aimed_at]
    with peers.ours(snapshot, folder, "--deadline", str(_DEADLINE)) as ours:
        client = Client(f"{ours.root}/sparql", 60)
        for case in cases:
            limit = {} if case.limit is None else {"limit": str(case.limit)}
            client.get(f"/questions/{case.question}?{urlencode(case.parameters | limit)}")
        pids = [ours.pid, *descendants(ours.pid)]
        sizes = [_sizes(pid) for pid in pids]
        overrun, after = [], []
        for number in range(_KILLS):
            started = time.perf_counter()
            try:
                client.query(f"{_RUNAWAY} # {number}")
                raise AssertionError("a query without end has ended")
            except Refused:
                overrun.append(time.perf_counter() - started - _DEADLINE)
            after.append(client.query(f"{_FAST} # {number}").seconds)
        client.close()
    return Served(
        len(pids),
        sum(each[0] for each in sizes),
        sum(each[1] for each in sizes),
        statistics.median(overrun),
        statistics.median(after),
    )


def descendants(pid: int) -> list[int]:
    """Return every process below one."""
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in map(int, (task / "children").read_text("ascii").split()):
            found += [child, *descendants(child)]
    return found


def _sizes(pid: int) -> tuple[int, int]:
    """Return the proportional and the whole set size of a process, in bytes."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii").splitlines()[1:]
    found = {name: int(size.split()[0]) for name, size in (line.split(":") for line in lines)}
    return found["Pss"] * 1024, found["Rss"] * 1024
