"""What is kept between runs, in the cache of this user beside the snapshots.

Everything is written beside its place and renamed when it is whole, so that runs at the same time
cannot spoil it for one another; and it holds its own SHA-256, so that a damaged one is as good as
none. What is used least is thrown away. That nothing can be kept is no error: it is found again.
"""

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from hashlib import file_digest, sha256
from importlib.metadata import version
from pathlib import Path
from tempfile import mkdtemp

from peelgraph import snapshot

#: how many answers and states are kept, and how many bytes of each kind
ANSWERS, STATES, BYTES = 64, 6, 2 << 30
#: what a folder says of its files
_SUMS = "sums.json"
#: what RocksDB writes for itself
_PASSING = ("LOCK", "LOG")


def folder(kind: str) -> Path:
    """Return where things of a kind are kept."""
    return snapshot.folder() / "validations" / kind


@cache
def tool() -> str:
    """Return a digest of the code and the libraries that validate."""
    here = Path(__file__).parents[1]
    found = sha256()
    for name in ("pyoxigraph", "pyshacl", "rdflib"):
        found.update(f"{name} {version(name)}\n".encode())
    for path in sorted(here.rglob("*.py")):
        found.update(path.relative_to(here).as_posix().encode() + path.read_bytes())
    return found.hexdigest()


def read(path: Path) -> bytes | None:
    """Return what is kept in a file; ``None`` if it is not there or damaged."""
    try:
        digest, _, content = path.read_bytes().partition(b"\n")
    except OSError:
        return None
    if sha256(content).hexdigest().encode() != digest:
        return None
    _used(path)
    return content


def write(path: Path, content: bytes) -> None:
    """Keep *content* in a file."""
    with suppress(OSError), beside(path) as partial:
        file = partial / path.name
        with file.open("wb") as out:
            out.write(sha256(content).hexdigest().encode() + b"\n" + content)
            out.flush()
            os.fsync(out.fileno())
        file.replace(path)
        _trim(path.parent, ANSWERS)


@contextmanager
def written(path: Path) -> Iterator[Path]:
    """Give a folder to be filled, and keep it as *path* when it is whole.

    :raises OSError: there is no place for it
    """
    with beside(path) as partial:
        yield partial
        sums = {name: _digest(file) for name, file in _files(partial)}
        (partial / _SUMS).write_text(json.dumps(sums), "ascii")
        with suppress(OSError):  # another run has kept the same
            partial.rename(path)
        _trim(path.parent, STATES)


def is_whole(path: Path) -> bool:
    """Whether the folder *path* holds what was written to it, and nothing else."""
    try:
        sums = json.loads((path / _SUMS).read_text("ascii"))
        whole = {name: _digest(file) for name, file in _files(path)} == sums
    except (OSError, ValueError):
        return False
    if whole:
        _used(path)
    return bool(whole)


def copy(store: Path, out: Path) -> None:
    """Copy the folder of a store; files that never change are linked where that can be."""
    out.mkdir()
    for name, file in _files(store):
        if file.suffix == ".sst":
            with suppress(OSError):
                os.link(file, out / name)
                continue
        shutil.copy(file, out / name)


def _files(path: Path) -> list[tuple[str, Path]]:
    return sorted(
        (file.relative_to(path).as_posix(), file)
        for file in path.rglob("*")
        if file.is_file() and file.name != _SUMS and not file.name.startswith(_PASSING)
    )


def _digest(file: Path) -> str:
    with file.open("rb") as content:
        return file_digest(content, "sha256").hexdigest()


def _used(path: Path) -> None:
    with suppress(OSError):
        os.utime(path)


@contextmanager
def beside(path: Path) -> Iterator[Path]:
    """Give a folder beside *path* that does not last."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = Path(mkdtemp(prefix=".partial-", dir=path.parent))
    try:
        yield partial
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _trim(where: Path, most: int) -> None:
    """Throw away what was used longest ago, and what a run that was ended has left."""
    entries = sorted(where.iterdir(), key=lambda each: each.stat().st_mtime, reverse=True)
    begun = [each for each in entries if each.name.startswith(".partial-")]
    for each in begun:
        if entries[0].stat().st_mtime - each.stat().st_mtime > 86_400:
            shutil.rmtree(each, ignore_errors=True)
    taken = 0
    for number, each in enumerate(each for each in entries if each not in begun):
        taken += _size(each)
        if number and (number >= most or taken > BYTES):
            if each.is_dir():
                shutil.rmtree(each, ignore_errors=True)
            else:
                each.unlink(missing_ok=True)


def _size(path: Path) -> int:
    files = path.rglob("*") if path.is_dir() else (path,)
    return sum(each.stat().st_size for each in files if each.is_file())
