"""Where two graphs to compare come from: a git revision, a folder, or a snapshot."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from peelgraph import git
from peelgraph.build import ensure
from peelgraph.engine import Embedded
from peelgraph.graph import Graph
from peelgraph.reading import Progress
from peelgraph.resources import SHIPPED, Project, current
from peelgraph.snapshot import DamagedSnapshot

#: what a build reads of a project
_READ = ("ontology", "graph")


class NoSuchGraph(ValueError):
    """A name that is neither a folder, nor a snapshot, nor a revision; the message says why."""


@contextmanager
def graph_of(name: str, here: Path, progress: Progress | None = None) -> Iterator[Graph]:
    """Give the graph that *name* stands for, built where it is not built yet.

    With ``--project`` each side is added to the shipped project, unless it stands alone.

    :param name: a folder with ``ontology/`` and ``graph/``, a snapshot (``.nq``), or a revision of
        the git repository that holds *here*, or the project; a path goes first
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
    base = current().base
    parts = ("graph",) if base else _READ
    if not all((root / part).is_dir() for part in parts):
        raise NoSuchGraph(f"{name} holds no graph: a project has the {_folders(parts)}.")
    return Graph(Embedded(ensure(Project(root, base), progress)))


def _check_out(revision: str, here: Path, out: Path) -> None:
    """Write what *revision* holds of the project to *out*; the working tree is not touched."""
    project = current()
    where = here if project == SHIPPED else project.root
    try:
        commit = git.commit(where, revision)
        top = git.run(where, "rev-parse", "--show-toplevel")
    except git.NoRevision as error:
        raise NoSuchGraph(str(error)) from None
    if commit is None or top is None:
        raise NoSuchGraph(
            f"{revision} is no folder, no snapshot, and no revision of a git repository here."
        )
    root = Path(os.fsdecode(top.strip())) if project == SHIPPED else where
    git.unpack(root, commit, out, _READ)


def _folders(parts: tuple[str, ...]) -> str:
    return f"folder{'s' * (len(parts) > 1)} {' and '.join(parts)}"
