"""What a revision of git holds: which files have changed since, and the project as it was.

What depends on a changed record is found by comparison: a finding elsewhere that was not there at
the revision is there because of the change, however far it lies from it.
"""

import io
import os
import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from peelgraph.reading import Progress
from peelgraph.resources import Project
from peelgraph.validation.examine import Examination, examine
from peelgraph.validation.finding import Finding

_PARTS = ("ontology", "shapes", "graph")


class NoRevision(ValueError):
    """A revision that git does not know, or no repository; says what to do."""


def examine_changes(
    project: Project, revision: str, progress: Progress | None = None
) -> Examination:
    """Validate *project*, and keep what concerns files that have changed since *revision*.

    Kept are the findings that have a place in a changed file, and those that were not there at
    the revision. Files that git does not track count as changed.

    :raises NoRevision: git does not know the revision, or the project is in no repository
    """
    commit = _commit(project.root, revision)
    changed = _changed(project.root, commit)
    found = examine(project, progress=progress)
    if not changed:
        return replace(found, findings=(), paths=())
    with _as_it_was(project, commit) as old:
        known = {_identity(each) for each in examine(old, progress=progress).findings}
    return replace(
        found,
        findings=tuple(
            each
            for each in found.findings
            if any(place.file.resolve() in changed for place in each.places)
            or (_identity(each) not in known and not each.name.startswith("FileShape-"))
        ),
        paths=tuple(path for path in found.paths if path.resolve() in changed),
    )


def _identity(finding: Finding) -> tuple[str | None, ...]:
    focus = finding.focus if ":" in finding.focus else None  # blank nodes have no lasting name
    return (finding.shape, focus, finding.path, finding.value, finding.message)


def _commit(root: Path, revision: str) -> str:
    asked = f"{revision}^{{commit}}"
    found = _git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", asked)
    if found is None:
        raise NoRevision(
            f"git knows no revision {revision!r} in {root}. If the checkout is shallow, fetch "
            "the history first (in GitHub Actions: fetch-depth: 0)."
        )
    return found.decode().strip()


def _changed(root: Path, commit: str) -> set[Path]:
    listed = (
        _git(root, "diff", "--name-only", "--relative", "-z", commit, "--", "."),
        _git(root, "ls-files", "--others", "--exclude-standard", "-z", "--", "."),
    )
    names = [name for each in listed for name in (each or b"").split(b"\0") if name]
    paths = [root / os.fsdecode(name) for name in names]
    folders = [root / part for part in _PARTS]
    return {path.resolve() for path in paths if any(path.is_relative_to(each) for each in folders)}


@contextmanager
def _as_it_was(project: Project, commit: str) -> Iterator[Project]:
    """Give the project at *commit*, in a folder of its own."""
    archive = _git(project.root, "archive", "--format=tar", commit)
    with TemporaryDirectory(prefix="peelgraph-") as folder:
        if archive is not None:
            with tarfile.open(fileobj=io.BytesIO(archive)) as files:
                for member in files:
                    if member.isfile() and member.name.partition("/")[0] in _PARTS:
                        files.extract(member, folder, filter="data")
        yield replace(project, root=Path(folder))


def _git(root: Path, *arguments: str) -> bytes | None:
    try:
        done = subprocess.run(["git", *arguments], cwd=root, capture_output=True, check=False)
    except OSError:
        raise NoRevision("To know what has changed, git must be installed.") from None
    return done.stdout if done.returncode == 0 else None
