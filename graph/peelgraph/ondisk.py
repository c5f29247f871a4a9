"""A snapshot as a store on disk: made once beside it, then opened in milliseconds and read-only.

A store is a folder of RocksDB's files, named by the digest. It is made under another name, flushed,
sealed with the checksum of every file, and renamed: who finds one by its name finds a whole one.
Whoever answers from it holds it (:func:`hold`), so that nobody clears it away meanwhile.

RocksDB opens the first few files of a store and leaves the others until they are read, which is too
late for a process that may open nothing any more. So each store knows which of its quads to look up
for every file to be open, and :func:`opened` looks them up and makes sure.
"""

import json
import os
import shutil
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from hashlib import file_digest
from pathlib import Path

import pyoxigraph as ox

from peelgraph.alone import BeingBuilt, building
from peelgraph.reading import Progress
from peelgraph.snapshot import DamagedSnapshot, is_sound, sync_folder

#: bytes of a snapshot that are loaded at a time; RocksDB takes some ten times as much meanwhile
_CHUNK = 16 << 20

#: how many stores stay, of those that nobody holds, when a new one is made
KEPT = 2

#: how many quads are looked up before the open files are counted
_FEW = 64

#: how many quads are looked up before ranges are read from end to end
_MANY = 1 << 12

#: after how many quads, in all, it is given up
_MOST = 1 << 17

_SUMS, _OPENING = "SHA256SUMS", "opening.json"


class NotMade(RuntimeError):
    """A store that cannot be made; says why, and what to do."""


def path_of(snapshot: Path) -> Path:
    """Return where the store of a *snapshot* is, or would be."""
    return snapshot.with_suffix(".store")


def is_there(path: Path) -> bool:
    """Whether there is a whole store at *path*; its files are not read."""
    return (path / _SUMS).is_file()


def is_whole(path: Path) -> bool:
    """Whether every file of the store at *path* is what was written."""
    try:
        sums = (path / _SUMS).read_text("ascii").splitlines()
        return bool(sums) and all(line == _sum(path / line[66:]) for line in sums)
    except (OSError, UnicodeDecodeError):
        return False


def make(snapshot: Path, progress: Progress | None = None) -> Path:
    """Return the store of a *snapshot*, made if there is no whole one; waits for who makes it.

    :raises DamagedSnapshot: the snapshot is not what was written
    :raises NotMade: the folder cannot be written to, or is full
    """
    path = path_of(snapshot)
    if is_whole(path):
        return path
    try:
        with _alone(path, progress):
            if not is_whole(path):
                _make(snapshot, path, progress)
    except OSError as error:
        reason = error.strerror or str(error).rpartition(": ")[2].rstrip(".")
        raise NotMade(
            f"{path.parent} cannot take the store on disk of this snapshot: {reason}. Give it a "
            f"folder to write to, with {_megabytes(snapshot)} MB of room, or use --store memory."
        ) from None
    return path


def opened(path: Path) -> ox.Store:
    """Return the store at *path*, read-only, every file open that a query can need.

    To be called after a fork, not before: RocksDB has threads.

    :raises DamagedSnapshot: it is none, or not whole
    """
    if not is_there(path):
        raise DamagedSnapshot(f"{path} is not a whole store.")
    try:
        store = ox.Store.read_only(str(path))
        next(store.named_graphs(), None)
        if _closed(path):
            told = json.loads((path / _OPENING).read_text("utf-8"))
            _look_up(store, _quads(told["first"]))
            _read_through(store, _quads(told["through"]))
    except (OSError, ValueError) as error:
        raise DamagedSnapshot(f"{path} cannot be opened: {error}") from None
    if closed := _closed(path):
        raise DamagedSnapshot(f"{path} cannot be opened: {len(closed)} files stay closed.")
    return store


def hold(path: Path) -> None:
    """Keep others from clearing the store at *path* away, for as long as this process lives."""
    _locked(path, exclusive=False)


def clear(folder: Path, *, but: Path) -> None:
    """Remove what is left of stores half made, and stores that are old or lost their snapshot.

    The youngest few stay, with those that somebody holds.

    :param but: the store that was made just now
    """
    stores = [each for each in folder.glob("*.store") if each != but]
    stores.sort(key=lambda each: each.stat().st_mtime, reverse=True)
    whole = [each for each in stores if each.with_suffix(".nq").exists()]
    for each in stores:
        if each in whole[:KEPT]:
            continue
        with suppress(OSError):
            descriptor = _locked(each, exclusive=True)
            if descriptor is not None or sys.platform == "win32":
                _remove(each)
            if descriptor is not None:
                os.close(descriptor)


@contextmanager
def _alone(path: Path, progress: Progress | None) -> Iterator[None]:
    try:
        with building(path):
            yield
    except BeingBuilt:
        if progress is not None:
            progress("waiting for another process that makes the store")
        with building(path, wait=True):
            yield


def _make(snapshot: Path, path: Path, progress: Progress | None) -> None:
    if not is_sound(snapshot):
        raise DamagedSnapshot(f"{snapshot} is not a whole snapshot; build it again.")
    partial = path.with_name(f".{path.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    try:
        _load(snapshot, partial, progress)
        _seal(snapshot, partial)
        _remove(path)
        partial.rename(path)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    sync_folder(path.parent)
    clear(path.parent, but=path)


def _load(snapshot: Path, folder: Path, progress: Progress | None) -> None:
    """Load a snapshot piece by piece, so that memory does not grow with it."""
    total, done = snapshot.stat().st_size, 0
    folder.mkdir()
    store = ox.Store(str(folder))
    with snapshot.open("rb") as file:
        while lines := file.readlines(_CHUNK):
            if progress is not None:
                progress("making the store on disk", done, total)
            piece = b"".join(lines)
            store.bulk_load(piece, format=ox.RdfFormat.N_QUADS, lenient=True)
            done += len(piece)
    store.optimize()


def _seal(snapshot: Path, folder: Path) -> None:
    """Note what opens every file, and the checksum of each; flush all of them."""
    told = _opening(snapshot, folder)
    (folder / _OPENING).write_text(json.dumps(told), "utf-8")
    files = sorted(each for each in folder.iterdir() if each.is_file())
    (folder / _SUMS).write_text("".join(f"{_sum(each)}\n" for each in files), "ascii")
    for each in (*files, folder / _SUMS):
        with each.open("rb") as file:
            os.fsync(file.fileno())
    sync_folder(folder)


def _opening(snapshot: Path, folder: Path) -> dict[str, list[str]]:
    """Return the quads to look up, and those whose ranges to read through, for all to be open."""
    told: dict[str, list[str]] = {"first": [], "through": []}
    store = ox.Store.read_only(str(folder))
    next(store.named_graphs(), None)
    tried: list[bytes] = []
    for lines in _spread(snapshot):
        if not (closed := _closed(folder)):
            return told
        _look_up(store, _quads(lines))
        if _closed(folder) != closed:
            told["first"] += [line.decode() for line in lines]
        tried += lines
        if len(tried) == _MANY:
            told["through"] = [line.decode() for line in _through(store, folder, tried)]
    if _closed(folder):
        raise NotMade("This snapshot cannot be served from disk; use --store memory.")
    return told


def _through(store: ox.Store, folder: Path, lines: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the lines whose ranges, read through, opened a file that had been closed."""
    seen = set()
    for line in lines:
        (quad,) = _quads([line])
        if (key := (quad.predicate, quad.object, quad.graph_name)) in seen:
            continue
        seen.add(key)
        if not (closed := _closed(folder)):
            return
        _read_through(store, [quad])
        if _closed(folder) != closed:
            yield line


def _spread(snapshot: Path) -> Iterator[list[bytes]]:
    """Yield a few lines at a time, from everywhere in a snapshot, then more between these."""
    size, parts = snapshot.stat().st_size, _FEW
    with snapshot.open("rb") as file:
        while parts <= _MOST:
            for first in range(0, parts, _FEW):
                lines = []
                for part in range(first, first + _FEW):
                    file.seek(size * part // parts)
                    file.readline()
                    lines.append(file.readline())
                yield lines
            parts *= 2


def _look_up(store: ox.Store, quads: Iterable[ox.Quad]) -> None:
    """Begin to read each index where each of the quads stands in it."""
    for quad in quads:
        s, p, o = quad.triple
        for graph in (quad.graph_name, None):
            for subject, predicate in ((s, p), (None, p), (s, None)):
                next(store.quads_for_pattern(subject, predicate, o, graph), None)


def _read_through(store: ox.Store, quads: Iterable[ox.Quad]) -> None:
    """Read all that has the property and object of each of the quads."""
    for quad in quads:
        pattern = f"?s {quad.predicate} {quad.object}"
        named = isinstance(quad.graph_name, ox.NamedNode)
        within = (f"GRAPH {quad.graph_name} {{ {pattern} }}",) if named else ()
        for group in (pattern, f"GRAPH ?g {{ {pattern} }}", *within):
            found = store.query(f"SELECT (COUNT(*) AS ?n) {{ {group} }}")
            assert isinstance(found, ox.QuerySolutions)
            next(found)


def _quads(lines: Iterable[bytes | str]) -> Iterator[ox.Quad]:
    for line in lines:
        yield from ox.parse(line, format=ox.RdfFormat.N_QUADS, lenient=True)


def _closed(folder: Path) -> set[tuple[int, int]]:
    """Return the table files of a store that this process does not have open."""
    found = {(stat.st_dev, stat.st_ino) for each in folder.glob("*.sst") if (stat := each.stat())}
    for each in list(Path("/dev/fd").iterdir()):
        with suppress(OSError):  # the folder itself was open while it was listed
            stat = os.fstat(int(each.name))
            found.discard((stat.st_dev, stat.st_ino))
    return found


def _sum(file: Path) -> str:
    """Return the line that other tools understand, too."""
    with file.open("rb") as content:
        return f"{file_digest(content, 'sha256').hexdigest()}  {file.name}"


def _remove(store: Path) -> None:
    """Remove a store; from the first moment on, it is none."""
    (store / _SUMS).unlink(missing_ok=True)
    if store.exists():
        shutil.rmtree(store)


def _locked(path: Path, *, exclusive: bool) -> int | None:
    """Lock a store, without waiting; None if others do."""
    if sys.platform == "win32":
        return None
    import fcntl

    try:
        descriptor = os.open(path / _SUMS, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        fcntl.flock(descriptor, (fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH) | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        return None
    return descriptor


def _megabytes(snapshot: Path) -> int:
    """Return how many megabytes are enough to make a store, which takes 1.2 times the bytes."""
    return max(1, 2 * snapshot.stat().st_size >> 20)
