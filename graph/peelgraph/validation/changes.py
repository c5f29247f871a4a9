"""What a revision of git holds: which files have changed since, and the project as it was.

What depends on a changed record is found by comparison: a finding elsewhere that was not there at
the revision is there because of the change, however far it lies from it.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from peelgraph import git
from peelgraph.git import NoRevision
from peelgraph.reading import Progress
from peelgraph.resources import Project
from peelgraph.validation.examine import examine
from peelgraph.validation.finding import Examination, Finding

#: what a validation reads of a project
_PARTS = ("ontology", "shapes", "graph")


def examine_changes(
    project: Project,
    revision: str,
    progress: Progress | None = None,
    *,
    remember: bool = True,
) -> Examination:
    """Validate *project*, and keep what concerns files that have changed since *revision*.

    Kept are the findings that have a place in a changed file, and those that were not there at
    the revision. Files that git does not track count as changed.

    :param remember: use what was found before, and keep what is found now
    :raises NoRevision: git does not know the revision, or the project is in no repository
    """
    commit = _commit(project.root, revision)
    changed = _changed(project.root, commit)
    found = examine(project, progress=progress, remember=remember)
    if not changed:
        return replace(found, findings=(), paths=())
    with _as_it_was(project, commit) as old:
        before = examine(old, progress=progress, remember=remember)
        known = {_identity(each) for each in before.findings}
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
    found = git.commit(root, revision)
    if found is None:
        raise NoRevision(
            f"git knows no revision {revision!r} in {root}. If the checkout is shallow, fetch "
            "the history first (in GitHub Actions: fetch-depth: 0)."
        )
    return found


def _changed(root: Path, commit: str) -> set[Path]:
    listed = (
        git.run(root, "diff", "--name-only", "--relative", "-z", commit, "--", "."),
        git.run(root, "ls-files", "--others", "--exclude-standard", "-z", "--", "."),
    )
    names = [name for each in listed for name in (each or b"").split(b"\0") if name]
    paths = [root / os.fsdecode(name) for name in names]
    folders = [root / part for part in _PARTS]
    return {path.resolve() for path in paths if any(path.is_relative_to(each) for each in folders)}


@contextmanager
def _as_it_was(project: Project, commit: str) -> Iterator[Project]:
    """Give the project at *commit*, in a folder of its own."""
    with TemporaryDirectory(prefix="peelgraph-") as folder:
        git.unpack(project.root, commit, Path(folder), _PARTS)
        yield replace(project, root=Path(folder))
