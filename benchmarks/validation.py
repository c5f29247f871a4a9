"""How long a validation takes, beside plain pySHACL over the same shapes and the same graph.

``python benchmarks/validation.py`` measures the shipped graph and one of twenty thousand triples;
``--triples 20000,100000,1000000`` says which sizes. Each run is a process of its own, so that its
time and its memory are its own. pySHACL is stopped after ``--patience`` seconds, and then only a
lower bound is printed. The larger graphs are the shipped records again and again (see
``multiplied.py``); ``--broken N`` leaves out every N-th statement of the vocabulary's properties,
so that there is something to find, and the findings are compared.
"""

import argparse
import json
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyoxigraph as ox
from multiplied import multiplied

from peelgraph.namespaces import PEEL
from peelgraph.resources import SHIPPED, Project
from peelgraph.validation.corpus import read_sources
from peelgraph.validation.examine import find
from peelgraph.validation.shapes import load_shapes
from peelgraph.validation.terms import add, as_text

HERE = Path(__file__)


def main() -> None:
    """Measure, and print one line a size."""
    options = _options()
    print(f"{'triples':>9} {'ours':>9} {'memory':>8} {'pySHACL':>10} {'ratio':>7}  findings")
    with TemporaryDirectory(prefix="peelgraph-") as folder:
        for size in (0, *options.triples):
            root = SHIPPED.root
            if size:
                root = multiplied(SHIPPED, size, Path(folder) / str(size)).root
            ours = _measured("ours", root, options.broken, None)
            peer = None
            if not options.ours:
                peer = _measured("pyshacl", root, options.broken, options.patience)
            print(_line(ours, peer, options.patience), flush=True)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--triples", type=_sizes, default=(20_000,), help="sizes, with commas")
    parser.add_argument("--patience", type=float, default=900, help="seconds for pySHACL")
    parser.add_argument("--broken", type=int, default=0, help="leave out every N-th statement")
    parser.add_argument("--ours", action="store_true", help="do not run pySHACL")
    return parser.parse_args()


def _sizes(text: str) -> tuple[int, ...]:
    return tuple(int(each) for each in text.split(","))


def _measured(which: str, root: Path, broken: int, patience: float | None) -> dict[str, Any] | None:
    """Run one validation in a process of its own; ``None`` if it took too long."""
    command = [sys.executable, str(HERE), "--run", which, str(root), str(broken)]
    start = time.monotonic()
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, check=True, timeout=patience)
    except subprocess.TimeoutExpired:
        return None
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer | {"seconds": time.monotonic() - start}


def _line(ours: dict[str, Any] | None, peer: dict[str, Any] | None, patience: float) -> str:
    assert ours is not None
    said, ratio, same = f"> {patience:.0f} s", f"< {ours['seconds'] / patience:.3f}", "not compared"
    if peer is not None:
        said, ratio = f"{peer['seconds']:.1f} s", f"{ours['seconds'] / peer['seconds']:.3f}"
        same = "the same" if peer["findings"] == ours["findings"] else "DIFFERENT"
    start = f"{ours['triples']:>9} {ours['seconds']:>7.1f} s {ours['memory']:>5.0f} MB"
    return f"{start} {said:>10} {ratio:>7}  {len(ours['findings'])}, {same}"


def _run(which: str, root: Path, broken: int) -> None:
    """Validate once, and print what was found as JSON."""
    from resource import RUSAGE_SELF, getrusage

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
    memory = getrusage(RUSAGE_SELF).ru_maxrss / 1024
    answer = {"triples": len(triples), "memory": memory, "findings": sorted(found)}
    json.dump(answer, sys.stdout)


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
        _run(sys.argv[2], Path(sys.argv[3]), int(sys.argv[4]))
    else:
        main()
