"""How long a validation takes, beside plain pySHACL over the same shapes and the same graph.

``python benchmarks/validation.py`` measures the shipped graph and a made-up corpus of twenty
thousand triples; ``--triples 20000,100000,1000000`` says which sizes. For each: pySHACL in its own
process and ours in its own, both from nothing; then the command ``peelgraph validate`` with an
empty memory, again with nothing changed, and after each of two changes to one record. Memory is
the largest resident set of a process. pySHACL is stopped after ``--patience`` seconds, and then
only a bound is printed. ``--broken N`` leaves out every N-th statement of the vocabulary's
properties for the first comparison, so that there is something to find; findings are compared.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyoxigraph as ox
from peelbench.national import generate

from peelgraph.namespaces import PEEL
from peelgraph.resources import SHIPPED, Project
from peelgraph.validation.corpus import read_sources
from peelgraph.validation.examine import find
from peelgraph.validation.shapes import load_shapes
from peelgraph.validation.terms import add, as_text

HERE = Path(__file__)

#: quads of a snapshot for each triple of its corpus, about
QUADS = 3.44

COLUMNS = (
    *("triples", "pySHACL", "ours", "ratio", "findings"),
    *("command", "again", "a change", "the next", "memory"),
)


@dataclass(frozen=True, slots=True)
class Run:
    """One process: seconds by the clock, megabytes at its peak, and what it printed."""

    seconds: float
    memory: float
    printed: str


def main() -> None:
    """Measure, and print one line a size."""
    options = _options()
    print(f"| {' | '.join(COLUMNS)} |")
    print("|---" * len(COLUMNS) + "|")
    with TemporaryDirectory(prefix="peelgraph-") as folder:
        for size in (0, *options.triples):
            root = Path(folder) / str(size)
            if size:
                generate(root, int(size * QUADS), 1)
            else:
                _copied(root)
            cells = [*_beside(root, options), *_remembering(root, Path(folder) / f"cache{size}")]
            print(f"| {' | '.join(cells)} |", flush=True)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--triples", type=_sizes, default=(20_000,), help="sizes, with commas")
    parser.add_argument("--patience", type=float, default=900, help="seconds for pySHACL")
    parser.add_argument("--broken", type=int, default=0, help="leave out every N-th statement")
    parser.add_argument("--ours", action="store_true", help="do not run pySHACL")
    return parser.parse_args()


def _sizes(text: str) -> tuple[int, ...]:
    return tuple(int(each) for each in text.split(","))


def _copied(root: Path) -> None:
    for name in ("ontology", "shapes", "graph"):
        unneeded = shutil.ignore_patterns("peelgraph", "examples")
        shutil.copytree(SHIPPED.root / name, root / name, ignore=unneeded)


def _beside(root: Path, options: argparse.Namespace) -> list[str]:
    """Return what the two ways take from nothing, and whether they find the same."""

    def one(which: str, patience: float | None) -> Run | None:
        arguments = [str(HERE), "--run", which, str(root), str(options.broken)]
        return _run([sys.executable, *arguments], patience)

    ours = one("ours", None)
    assert ours is not None
    found = json.loads(ours.printed)
    cells = [f"{found['triples']:,}", "not run", f"{ours.seconds:.1f} s", "", "not compared"]
    if options.ours:
        return cells
    peer = one("pyshacl", options.patience)
    if peer is None:
        cells[1] = f"over {options.patience:.0f} s"
        cells[3] = f"under {ours.seconds / options.patience:.3f}"
        return cells
    same = json.loads(peer.printed)["findings"] == found["findings"]
    cells[1], cells[3] = f"{peer.seconds:.1f} s", f"{ours.seconds / peer.seconds:.3f}"
    cells[4] = f"{len(found['findings'])}, {'the same' if same else 'DIFFERENT'}"
    return cells


def _remembering(root: Path, cache: Path) -> list[str]:
    """Return what the command takes, run after run."""
    command = [sys.executable, "-m", "peelgraph", "--project", str(root), "--alone"]

    def once() -> Run:
        done = _run([*command, "validate"], None, cache)
        assert done is not None
        return done

    runs = [once(), once()]
    files = sorted(each for each in (root / "graph" / "records").glob("*.ttl"))
    record = files[len(files) // 2]
    text = record.read_text("utf-8")
    for _ in range(2):
        text = re.sub(r"\n    skos:prefLabel [^;\n]*;", "", text, count=1)
        record.write_text(text, "utf-8")
        runs.append(once())
    return [
        *(f"{each.seconds:.1f} s" for each in runs),
        f"{max(each.memory for each in runs):.0f} MB",
    ]


def _run(command: list[str], patience: float | None, cache: Path | None = None) -> Run | None:
    """Run a process of its own; ``None`` if it took too long."""
    environment = os.environ | ({"PEELGRAPH_CACHE": str(cache)} if cache else {})
    with TemporaryDirectory(prefix="peelgraph-") as folder:
        out = Path(folder) / "out"
        start = time.monotonic()
        with out.open("wb") as printed:
            process = subprocess.Popen(
                command, stdout=printed, stderr=subprocess.DEVNULL, env=environment
            )
        while True:
            ended, _, usage = os.wait4(process.pid, os.WNOHANG)
            seconds = time.monotonic() - start
            if ended:
                return Run(seconds, usage.ru_maxrss / 1024, out.read_text("utf-8"))
            if patience is not None and seconds > patience:
                process.kill()
                process.wait()
                return None
            time.sleep(0.01)


def _validate(which: str, root: Path, broken: int) -> None:
    """Validate once, and print what was found as JSON."""
    shapes = load_shapes(SHIPPED.shapes)
    sources, _ = read_sources(Project(root), None)
    triples = [triple for source in sources for triple in source.triples]
    if broken:
        triples = [
            triple
            for number, triple in enumerate(triples)
            if number % broken or not triple.predicate.value.startswith(PEEL)
        ]
    found = _ours(triples, shapes) if which == "ours" else _plainly(triples, shapes)
    json.dump({"triples": len(triples), "findings": sorted(found)}, sys.stdout)


def _ours(triples: list[ox.Triple], shapes: Any) -> set[tuple[str, str, str]]:
    return {(each.focus, each.shape, each.value or "") for each in find(triples, shapes)}


def _plainly(triples: list[ox.Triple], shapes: Any) -> set[tuple[str, str, str]]:
    from pyshacl import validate
    from rdflib import Graph
    from rdflib.namespace import SH

    graph = Graph()
    add(graph, triples)
    _, report, _ = validate(graph, shacl_graph=shapes.graph, inference="none")
    found = set()
    for result in report.subjects(SH.focusNode):
        source = report.value(result, SH.sourceConstraint) or report.value(result, SH.sourceShape)
        value = as_text(report.value(result, SH.value))
        found.add((str(report.value(result, SH.focusNode)), str(source), value or ""))
    return found


if __name__ == "__main__":
    if sys.argv[1:2] == ["--run"]:
        _validate(sys.argv[2], Path(sys.argv[3]), int(sys.argv[4]))
    else:
        main()
