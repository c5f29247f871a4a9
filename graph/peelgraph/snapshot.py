"""Snapshots: sorted canonical N-Quads, named by the digest of all that went into them.

A snapshot is written beside its place, flushed and renamed, so that nobody ever reads half of one;
a file beside it holds its SHA-256, so that a damaged one is noticed before it answers anything.
"""

import os
import sys
from collections.abc import Iterable
from hashlib import file_digest, sha256
from pathlib import Path
from tempfile import NamedTemporaryFile

import pyoxigraph as ox

from peelgraph.namespaces import BASE
from peelgraph.reading import source_files
from peelgraph.resources import Project

#: what the digest is a property of, in the data
SNAPSHOT = BASE + "snapshot"

#: the modules whose code decides what is in a snapshot, with all of ``derivation``
_CODE = (
    *("alone", "blanknodes", "build", "edtf", "manifest", "namespaces", "reading", "resources"),
    *("sandbox", "snapshot", "sparqlwords", "wording"),
)


class DamagedSnapshot(ValueError):
    """A snapshot that is not what was written, or none at all."""


def digest(project: Project) -> str:
    """Return the SHA-256 over the inputs of a snapshot, the code that derives, and its versions."""
    here = Path(__file__).parent
    files = [
        *(file.path for file in source_files(project)),
        *(path for each in project.layers for path in sorted(each.records.glob("*.toml"))),
        *(path for each in project.layers for path in sorted(each.rules.glob("*.rq"))),
    ]
    parts = [(project.named(path), path) for path in files]
    code = [here / f"{name}.py" for name in _CODE]
    code += sorted((here / "derivation").glob("*.py"))
    parts += [(f"peelgraph/{path.relative_to(here).as_posix()}", path) for path in code]
    found = sha256(f"pyoxigraph {ox.__version__}\n".encode())
    for name, path in parts:
        found.update(f"{name} {sha256(path.read_bytes()).hexdigest()}\n".encode())
    return found.hexdigest()


def folder() -> Path:
    """Return where snapshots are kept: ``$PEELGRAPH_CACHE``, else this user's cache."""
    if chosen := os.environ.get("PEELGRAPH_CACHE"):
        return Path(chosen)
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    else:
        cache = Path(os.environ.get("XDG_CACHE_HOME", ""))
        base = cache if cache.is_absolute() else Path.home() / ".cache"
    return base / "peelgraph" / "snapshots"


def path_of(digest: str, where: Path | None = None) -> Path:
    """Return where the snapshot with a *digest* is, or would be."""
    return (where or folder()) / f"{digest}.nq"


def write(store: ox.Store, path: Path) -> int:
    """Write a snapshot of *store* to *path*, with its checksum beside it, and return its lines.

    The same quads give the same bytes. A snapshot that is already there is replaced only when the
    new one is complete.

    :raises OSError: the folder cannot be written to
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = _lines(store, path.parent)
    checksum = sha256()

    def checked() -> Iterable[bytes]:
        for line in lines:
            checksum.update(line)
            yield line

    partial = _beside(path, checked())
    try:
        _replace(checksum_path(path), [f"{checksum.hexdigest()}  {path.name}\n".encode()])
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
    sync_folder(path.parent)
    return len(lines)


def checksum_path(path: Path) -> Path:
    """Return the file that holds the SHA-256 of the snapshot at *path*."""
    return path.with_name(path.name + ".sha256")


def is_sound(path: Path) -> bool:
    """Whether the snapshot at *path* is there and is what was written."""
    try:
        stored = checksum_path(path).read_text("ascii").partition(" ")[0]
        with path.open("rb") as file:
            return file_digest(file, "sha256").hexdigest() == stored
    except (OSError, UnicodeDecodeError):
        return False


def find(project: Project) -> Path | None:
    """Return the snapshot of *project* as it is now, if it is there and sound."""
    path = path_of(digest(project))
    return path if is_sound(path) else None


def load(path: Path) -> ox.Store:
    """Return a store with the snapshot at *path*.

    :raises DamagedSnapshot: it is not there, or it is not what was written
    """
    if not is_sound(path):
        raise DamagedSnapshot(f"{path} is not a whole snapshot; build it again.")
    store = ox.Store()
    # it is what was written, so that nothing in it needs to be checked again: a third less time
    store.bulk_load(path=path, format=ox.RdfFormat.N_QUADS, lenient=True)
    return store


def _lines(store: ox.Store, beside: Path) -> list[bytes]:
    with NamedTemporaryFile(dir=beside, prefix=".dump-") as dump:
        store.dump(dump, format=ox.RdfFormat.N_QUADS)
        dump.seek(0)
        lines = dump.readlines()
    lines.sort()
    return lines


def _beside(path: Path, lines: Iterable[bytes]) -> Path:
    with NamedTemporaryFile(
        dir=path.parent, prefix=f".{path.name[:12]}-", suffix=".partial", delete=False
    ) as file:
        partial = Path(file.name)
        try:
            file.writelines(lines)
            file.flush()
            os.fsync(file.fileno())
            partial.chmod(0o644)
        except BaseException:
            partial.unlink(missing_ok=True)
            raise
    return partial


def _replace(path: Path, lines: Iterable[bytes]) -> None:
    _beside(path, lines).replace(path)


def sync_folder(folder: Path) -> None:
    """Have the system write down which files are in a folder."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
