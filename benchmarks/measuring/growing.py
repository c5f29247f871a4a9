"""What a build and a start cost, beside loading the same snapshot into a store and no more."""

import json
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from resource import RUSAGE_SELF, getrusage

from building import Cost, measured

from measuring.asking import Say


@dataclass(frozen=True, slots=True)
class Grown:
    """One corpus.

    :param build: reading, deriving, writing
    :param start: verifying and loading the snapshot, until it answers
    :param plain: loading the snapshot with nothing else, by library; why not, where it is a text
    """

    snapshot: Path
    build: Cost
    start: Cost
    plain: dict[str, Cost | str]


def measure(corpus: Path, out: Path, patience: float, say: Say) -> Grown:
    """Build, start, and load plainly.

    :param patience: seconds that a plain load may take
    """
    say("building, and starting from what was built")
    built = measured(corpus, out)
    plain: dict[str, Cost | str] = {}
    for library in ("pyoxigraph", "rdflib"):
        say(f"loading with {library}")
        command = [sys.executable, "-m", "measuring.growing", library]
        try:
            done = subprocess.run(
                [*command, str(built.snapshot.resolve())],
                cwd=Path(__file__).parents[1],
                check=True,
                stdout=subprocess.PIPE,
                text=True,
                timeout=patience,
            )
        except subprocess.TimeoutExpired:
            plain[library] = f"> {patience:.0f} s"
            continue
        plain[library] = Cost(**json.loads(done.stdout))
    return Grown(built.snapshot, built.build, built.start, plain)


def _load(library: str, path: Path) -> dict[str, float]:
    started = time.perf_counter()
    if library == "pyoxigraph":
        import pyoxigraph as ox

        store = ox.Store()
        store.bulk_load(path=str(path), format=ox.RdfFormat.N_QUADS)
        quads = len(store)
    else:
        from rdflib import Dataset

        data = Dataset()
        data.parse(path, format="nquads")
        quads = sum(len(each) for each in data.graphs())
    seconds = time.perf_counter() - started
    peak = getrusage(RUSAGE_SELF).ru_maxrss * 1024
    processor = time.process_time()
    return {"quads": quads, "seconds": seconds, "processor": processor, "peak": peak}


if __name__ == "__main__":
    print(json.dumps(_load(sys.argv[1], Path(sys.argv[2]))))
