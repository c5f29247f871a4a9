"""What is done to a whole corpus: validated, exported in each form that holds all, searched.

Each step runs in a process of its own, so that its time and its memory are its own.
"""

import json
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage
from urllib.parse import quote

from measuring import peers
from measuring.asking import Say
from measuring.client import Client, Got, Refused

#: what is searched for: themes that everything is full of, a name, and words that are mistyped
SEARCHED = ("use of force", "domestic abuse", "bedfordshire 2016", "investigatons vulnerabel")

#: seconds within which there must be an index to search
_INDEXING = 300.0


@dataclass(frozen=True, slots=True)
class Done:
    """One step.

    :param size: bytes that were written; findings of a validation; things that a search found
    """

    what: str
    seconds: float
    peak: int
    size: int


@dataclass(frozen=True, slots=True)
class Whole:
    """All steps; ``late`` are those that took longer than they may or were refused, by name."""

    validation: Done | None
    exports: tuple[Done, ...]
    searches: tuple[Done, ...]
    late: dict[str, str]


def measure(corpus: Path, snapshot: Path, folder: Path, patience: float, say: Say) -> Whole:
    """Validate, export and search.

    :param patience: seconds that one step may take
    """
    from peelgraph.exports.formats import ALL

    late: dict[str, str] = {}

    def step(what: str, *arguments: str) -> Done | None:
        say(what)
        command = [sys.executable, "-m", "measuring.whole", *arguments]
        try:
            made = subprocess.run(
                command,
                cwd=Path(__file__).parents[1],
                check=True,
                stdout=subprocess.PIPE,
                text=True,
                timeout=patience,
            )
        except subprocess.TimeoutExpired:
            late[what] = f"> {patience:.0f} s"
            return None
        said = json.loads(made.stdout)
        if "refused" in said:
            late[what] = "refused: more than the form bears"
            return None
        return Done(what, **said)

    validated = step("validation", "validate", str(corpus))
    names = [each.name for each in ALL if "all" in each.parts]
    exported = [step(f"export {name}", "export", name, str(snapshot)) for name in names]
    with peers.ours(snapshot, folder) as ours:
        client = Client(ours.root, 60)
        searches = []
        for words in SEARCHED:
            say(f"search {words}")
            got = [_search(client, _again(words, number)) for number in range(6)]
            total = json.loads(got[0].body)["total"]
            searches.append(
                Done(words, statistics.median(each.seconds for each in got[1:]), 0, total)
            )
        client.close()
    return Whole(validated, tuple(each for each in exported if each), tuple(searches), late)


def _again(words: str, number: int) -> str:
    """Return the same words, written so that no cache has them: one letter is a capital."""
    return words[:number] + words[number].upper() + words[number + 1 :]


def _search(client: Client, words: str) -> Got:
    """Search, once there is an index: it is made beside, when a server starts."""
    until = time.monotonic() + _INDEXING
    while True:
        try:
            return client.get(f"/search?q={quote(words)}&format=json", "application/json")
        except Refused:
            if time.monotonic() > until:
                raise
            time.sleep(0.5)


def _validate(corpus: Path) -> int:
    from peelgraph.resources import Project
    from peelgraph.validation import examine

    return len(examine(Project(corpus)).findings)


def _export(name: str, snapshot: Path) -> int:
    from peelgraph.engine import Embedded
    from peelgraph.exports import formats
    from peelgraph.exports.gathering import gather
    from peelgraph.exports.scope import resolve

    engine = Embedded(snapshot)
    form = formats.named(name)
    written = form.write(gather(engine, resolve(engine, {"all": "true"})), engine)
    return sum(map(len, written.pieces))


def _main(what: str, *arguments: str) -> None:
    from peelgraph.values import BadValue

    started = time.perf_counter()
    try:
        size = (
            _validate(Path(arguments[0]))
            if what == "validate"
            else _export(arguments[0], Path(arguments[1]))
        )
    except BadValue as error:
        print(json.dumps({"refused": str(error)}))
        return
    seconds = time.perf_counter() - started
    # of the largest process, where there are several
    peak = max(getrusage(who).ru_maxrss for who in (RUSAGE_SELF, RUSAGE_CHILDREN)) * 1024
    print(json.dumps({"seconds": seconds, "peak": peak, "size": size}))


if __name__ == "__main__":
    _main(*sys.argv[1:])
