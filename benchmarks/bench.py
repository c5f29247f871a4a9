"""Measure peelgraph beside its peers, at the size of a country: ``make bench``.

At each size, a corpus is made up and built; the questions are put to our server and to its peers;
what derivation gains, what serving takes, and what validation, exports and search of the whole
cost is measured. A whole run writes ``docs/benchmarks.md``; a part of one prints.
"""

import argparse
import os
import signal
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from building import measured
from measuring import asking, growing, peers, raw, report, serving, whole
from measuring.report import Found, Run
from peelbench.national import SMALLEST, generate

PARTS = ("build", "questions", "raw", "serving", "whole")
SIZES = (100_000, 1_000_000)
PAGE = Path(__file__).parents[1] / "docs" / "benchmarks.md"
#: minutes of each part, on two cores: at the beginning, and for each million quads besides
_MINUTES = {
    "build": (0.2, 3.5),
    "questions": (4.0, 8.0),
    "raw": (2.0, 5.0),
    "serving": (0.5, 1.0),
    "whole": (0.5, 10.0),
}


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, and write or print."""
    options = _options(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # servers are stopped on the way out
    started = time.monotonic()
    minutes = sum(
        first + more * size / 1_000_000
        for size in options.sizes
        for first, more in (_MINUTES[part] for part in options.only)
    )

    def say(message: str) -> None:
        passed = int(time.monotonic() - started)
        print(f"{passed // 60:3}:{passed % 60:02}  {message}", file=sys.stderr, flush=True)

    say(f"this takes {minutes:.0f} minutes or so")
    with tempfile.TemporaryDirectory(prefix="peelgraph-bench-") as name:
        os.environ["PEELGRAPH_CACHE"] = str(Path(name, "cache"))
        found = tuple(_measure(size, options, Path(name, str(size)), say) for size in options.sizes)
    sizes = ",".join(map(str, options.sizes))
    command = "make bench" if options.sizes == SIZES else f"make bench SIZES={sizes}"
    run = Run(command, date.today().isoformat(), (time.monotonic() - started) / 60, found)
    text = report.page(run)
    output = options.output or (PAGE if options.only == PARTS else None)
    if output is None:
        print(text, end="")
        return
    beside = output.with_name(f".{output.name}.partial")
    beside.write_text(text, encoding="utf-8")
    beside.replace(output)
    say(f"{output} is written")


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--sizes", type=_sizes, default=SIZES, help="quads, with commas between")
    parser.add_argument(
        "--only", type=_parts, default=PARTS, help=f"parts, with commas: {', '.join(PARTS)}"
    )
    parser.add_argument(
        "--peers", type=_peers, default=tuple(peers.PEERS), help=", ".join(peers.PEERS)
    )
    parser.add_argument(
        "--patience", type=float, default=10.0, help="seconds for a query of a peer (default: 10)"
    )
    parser.add_argument(
        "--step", type=float, default=240.0, help="seconds for any other step (default: 240)"
    )
    parser.add_argument("--output", type=Path, help="the page to write (default: the one in docs/)")
    return parser.parse_args(arguments)


def _sizes(text: str) -> tuple[int, ...]:
    found = tuple(int(each) for each in text.split(","))
    if min(found) < SMALLEST:
        raise argparse.ArgumentTypeError(f"a corpus has {SMALLEST} quads at least")
    return found


def _parts(text: str) -> tuple[str, ...]:
    return _among(text, PARTS)


def _peers(text: str) -> tuple[str, ...]:
    return _among(text, tuple(peers.PEERS))


def _among(text: str, known: tuple[str, ...]) -> tuple[str, ...]:
    given = [each.strip() for each in text.split(",")]
    for each in given:
        if each not in known:
            raise argparse.ArgumentTypeError(f"there is no '{each}'; there are {', '.join(known)}")
    return tuple(each for each in known if each in given)


def _measure(size: int, options: argparse.Namespace, folder: Path, say: asking.Say) -> Found:
    def told(message: str) -> None:
        say(f"{size:,} quads: {message}")

    def place(name: str) -> Path:
        made = folder / name
        made.mkdir(parents=True)
        return made

    found, only = Found(size), options.only
    told("making them up")
    corpus = generate(folder / "corpus", size, 1).folder
    if "build" in only:
        found.grown = growing.measure(corpus, place("built"), options.step, told)
        snapshot = found.grown.snapshot
    else:
        told("building")
        snapshot = measured(corpus, place("built")).snapshot
    if "questions" in only or "raw" in only:
        names = options.peers if "questions" in only else ()
        asked = asking.compare(snapshot, place("asking"), names, options.patience, told)
        found.asking = asked if "questions" in only else None
        if "raw" in only:
            data = raw.write(corpus, folder / "raw.nq")
            at = place("raw")
            compared, patience = asked.compared, options.patience
            found.raw = raw.compare(snapshot, data, at, options.peers, patience, compared, told)
    if "serving" in only:
        found.served = serving.measure(snapshot, place("serving"), told)
    if "whole" in only:
        found.whole = whole.measure(corpus, snapshot, place("whole"), options.step, told)
    return found


if __name__ == "__main__":
    main()
