"""Where two graphs to compare come from: a git revision, a folder, or a snapshot."""

import io
import os
import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from peelgraph.build import ensure
from peelgraph.engine import Embedded
from peelgraph.graph import Graph
from peelgraph.reading import Progress
from peelgraph.resources import Project
from peelgraph.snapshot import DamagedSnapshot

#: what a build reads of a project
_READ = ("ontology", "graph")


class NoSuchGraph(ValueError):
    """A name that is neither a folder, nor a snapshot, nor a revision; the message says why."""


@contextmanager
def graph_of(name: str, here: Path, progress: Progress | None = None) -> Iterator[Graph]:
    """Give the graph that *name* stands for, built where it is not built yet.

    :param name: a folder with ``ontology/`` and ``graph/``, a snapshot (``.nq``), or a revision of
        the git repository that holds *here*; a path goes first
    :raises NoSuchGraph: it is none of these
    :raises BuildError: a file of it is broken
    """
    path = here / name
    if path.is_dir():
        yield _built(path, name, progress)
    elif path.is_file():
        try:
            yield Graph(Embedded(path))
        except DamagedSnapshot as error:
            raise NoSuchGraph(str(error)) from None
    else:
        with TemporaryDirectory(prefix="peelgraph-") as folder:
            _check_out(name, here, Path(folder))
            yield _built(Path(folder), name, progress)


def _built(root: Path, name: str, progress: Progress | None) -> Graph:
    if not all((root / part).is_dir() for part in _READ):
        raise NoSuchGraph(f"{name} holds no graph: a project has the folders ontology and graph.")
    return Graph(Embedded(ensure(Project(root), progress)))


def _check_out(revision: str, here: Path, out: Path) -> None:
    """Write what *revision* holds of the project to *out*; the working tree is not touched."""
    commit = _git(
        here, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}"
    )
    if commit is None:
        raise NoSuchGraph(
            f"{revision} is no folder, no snapshot, and no revision of a git repository here."
        )
    top = _git(here, "rev-parse", "--show-toplevel") or b"."
    archive = _git(Path(os.fsdecode(top.strip())), "archive", commit.decode().strip(), *_READ)
    if archive is None:
        raise NoSuchGraph(
            f"{revision} holds no graph: a project has the folders ontology and graph."
        )
    with tarfile.open(fileobj=io.BytesIO(archive)) as files:
        files.extractall(out, filter="data")


def _git(here: Path, *arguments: str) -> bytes | None:
    try:
        done = subprocess.run(["git", *arguments], cwd=here, capture_output=True, check=False)
    except FileNotFoundError:
        raise NoSuchGraph("To compare revisions, git must be installed.") from None
    return done.stdout if done.returncode == 0 else None
