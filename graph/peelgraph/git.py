"""What git knows of a folder: its revisions, and the files as they were."""

import io
import subprocess
import tarfile
from collections.abc import Iterable
from pathlib import Path


class NoRevision(ValueError):
    """A revision that git does not know, or no git; says what to do."""


def run(here: Path, *arguments: str) -> bytes | None:
    """Return what a command of git prints in the folder *here*; ``None`` if it fails.

    :raises NoRevision: there is no git
    """
    try:
        done = subprocess.run(["git", *arguments], cwd=here, capture_output=True, check=False)
    except OSError:
        raise NoRevision("To know what has changed, git must be installed.") from None
    return done.stdout if done.returncode == 0 else None


def commit(here: Path, revision: str) -> str | None:
    """Return the commit that a revision names; ``None`` if git does not know it."""
    asked = f"{revision}^{{commit}}"
    found = run(here, "rev-parse", "--verify", "--quiet", "--end-of-options", asked)
    return None if found is None else found.decode().strip()


def unpack(here: Path, commit: str, out: Path, folders: Iterable[str]) -> None:
    """Write to *out* those of the *folders* of *here* that there are in a commit.

    The working tree is not touched; a folder that the commit does not have is left out.
    """
    archive = run(here, "archive", "--format=tar", commit)
    if archive is None:
        return
    with tarfile.open(fileobj=io.BytesIO(archive)) as files:
        for member in files:
            if member.isfile() and member.name.partition("/")[0] in folders:
                files.extract(member, out, filter="data")
