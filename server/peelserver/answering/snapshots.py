"""``RUN/current``: which snapshots are kept, and how, one a line, the current one first.

The supervisor writes it; every web process looks at it. A link beside it leads to the file of each
one, wherever that is.
"""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

from peelgraph.snapshot import checksum_path, path_of

#: seconds for which a web process takes the file to be as it was
FRESH = 0.5


def socket_of(run: Path, digest: str) -> Path:
    """Return where the keeper of a snapshot listens; short, as the system wants it."""
    return run / f"{digest[:16]}.sock"


def index_of(run: Path, digest: str) -> Path:
    """Return where the search index of a snapshot is."""
    return run / f"{digest[:16]}.search"


def indexing(index: Path) -> Path:
    """Return the mark that is there while an index is made."""
    return index.with_suffix(".indexing")


def forget_index(index: Path) -> None:
    """Take away an index, and what there is of one that was being made."""
    for file in (index, indexing(index), index.with_name(index.name + ".new")):
        file.unlink(missing_ok=True)


def write(run: Path, kept: dict[str, str]) -> None:
    """Say which snapshots are kept, and how each is held, the current one first."""
    beside = run / "current.new"
    beside.write_text("".join(f"{digest} {held}\n" for digest, held in kept.items()), "ascii")
    beside.replace(run / "current")


def are_published(run: Path) -> bool:
    """Whether it is said which snapshots are kept."""
    return (run / "current").exists()


def held(run: Path, digest: str) -> str | None:
    """Return how a snapshot is held: in ``memory``, on ``disk``, or by an ``engine``."""
    return dict(_lines(run / "current")).get(digest)


def _lines(path: Path) -> Iterator[tuple[str, str]]:
    for line in path.read_text("ascii").splitlines():
        digest, _, how = line.partition(" ")
        yield digest, how


def link(run: Path, snapshot: Path) -> None:
    """Lead from the run folder to a snapshot and its checksum, if they are not there already."""
    for file in (snapshot, checksum_path(snapshot)):
        here = run / file.name
        if here.is_symlink():
            here.unlink()
        if not here.exists():
            here.symlink_to(file.resolve())


def unlink(run: Path, digest: str) -> None:
    """Take away what leads to a snapshot."""
    file = path_of(digest, run)
    for here in (file, checksum_path(file)):
        if here.is_symlink():
            here.unlink()


class Fixed:
    """Snapshots that do not change."""

    def __init__(self, digests: list[str]) -> None:
        self._digests = digests

    def digests(self) -> list[str]:
        """Return their digests, the current one first."""
        return self._digests


class Snapshots:
    """What a web process knows of the snapshots that are kept."""

    def __init__(self, run: Path) -> None:
        self._path = run / "current"
        self._lock = threading.Lock()
        self._looked = -FRESH
        self._stat: tuple[int, int] | None = None
        self._digests: list[str] = []

    def digests(self) -> list[str]:
        """Return the digests of the kept snapshots, the current one first."""
        now = time.monotonic()
        if now - self._looked < FRESH:
            return self._digests
        with self._lock:
            self._look()
            self._looked = now
        return self._digests

    def _look(self) -> None:
        found = self._path.stat()
        key = found.st_mtime_ns, found.st_ino
        if key != self._stat:
            self._digests = [digest for digest, _ in _lines(self._path)]
            self._stat = key
