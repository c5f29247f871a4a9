"""What it costs to hold a snapshot in memory or on disk, and to write exports of all of it.

Run as ``python benchmarks/storing.py SNAPSHOT [FORM …]``. Each step runs in a process of its own;
the peak is the most memory that it had (``VmHWM``), and beside it what it had before the step.
"""

import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from peelgraph import asking, ondisk, snapshot
from peelgraph.engine import Embedded
from peelgraph.exports import formats
from peelgraph.exports.gathering import gather
from peelgraph.exports.scope import resolve
from peelgraph.questions import names, question
from peelserver.processes import stores

#: the forms that are written piece by piece, and two that are made as a whole
FORMS = (
    *("nquads", "trig", "turtle", "graphml", "gexf", "dot", "node-link", "cytoscape", "csv"),
    *("markdown", "jsonld", "xlsx"),
)


def main(path: Path, forms: list[str]) -> None:
    """Measure each step over one snapshot."""
    print(f"snapshot: {path.stat().st_size / 1e6:.0f} MB")
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".storing-") as folder:
        copy = Path(folder) / path.name
        for file in (path, snapshot.checksum_path(path)):
            shutil.copyfile(file, Path(folder) / file.name)
        steps = [("memory",), ("make",), ("open",), ("questions",)]
        for step in [*steps, *(("export", form) for form in forms)]:
            subprocess.run([sys.executable, __file__, "--", *step, str(copy)], check=True)


def step(what: str, *arguments: str) -> None:
    """Take one step and print what it took."""
    path = Path(arguments[-1])
    if what == "memory":
        _measured("loaded into memory", lambda: stores.loaded(path))
    elif what == "make":
        _measured("made on disk", lambda: ondisk.make(path))
        size = sum(each.stat().st_size for each in ondisk.path_of(path).iterdir())
        print(f"{'':24} {size / 1e6:6.0f} MB on disk")
    elif what == "open":
        _measured("opened on disk", lambda: ondisk.opened(ondisk.path_of(path)))
    elif what == "questions":
        _questions(Embedded(path), Embedded(path, on_disk=True))
    else:
        engine = Embedded(path)
        found = gather(engine, resolve(engine, {"all": "true", "on": "2024-01-01"}))
        form, sizes = formats.named(arguments[0]), [0]

        def write() -> None:
            sizes.extend(len(piece) for piece in form.write(found, engine).pieces)

        _measured(f"export {form.name}", write)
        print(f"{'':24} {sum(sizes) / 1e6:6.1f} MB written")


def _questions(memory: Embedded, disk: Embedded) -> None:
    """Ask what needs no parameter of both, by turns, and print what it takes on disk."""
    times = []
    for name in names():
        if not question(name).required:
            taken = []
            for engine in (memory, disk):
                began = time.process_time()
                asking.ask(engine, name, {}, limit=100)
                taken.append(time.process_time() - began)
            times.append((taken[1], taken[1] / taken[0], name))
    ratios = sorted(ratio for _, ratio, _ in times)
    slowest, _, name = max(times)
    print(
        f"{'questions, whole country':24} on disk {ratios[len(ratios) // 2]:.1f} times as long "
        f"(median), {ratios[-1]:.1f} at most; slowest {name}, {slowest:.1f} s"
    )


def _measured(what: str, work: Callable[[], object]) -> None:
    before = _memory("VmRSS")
    Path("/proc/self/clear_refs").write_text("5", "ascii")
    began, used = time.perf_counter(), time.process_time()
    held = work()
    seconds, used = time.perf_counter() - began, time.process_time() - used
    print(
        f"{what:24} {seconds:6.2f} s, {used:6.2f} s of processor; before {before:5.0f} MB, "
        f"peak {_memory('VmHWM'):5.0f} MB, after {_memory('VmRSS'):5.0f} MB",
        flush=True,
    )
    del held


def _memory(name: str) -> float:
    lines = Path("/proc/self/status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name)) * 1024 / 1e6


if __name__ == "__main__":
    if sys.argv[1] == "--":
        step(*sys.argv[2:])
    else:
        main(Path(sys.argv[1]), sys.argv[2:] or list(FORMS))
