"""The run folder: a small private one for sockets, which goes when its server does.

A server that was killed leaves its folder behind; the next one that starts clears it away.
"""

import contextlib
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

_PREFIX = "peelrun-"

#: beyond this, sockets in it could not be named
_LONGEST = 85


class NoRunFolder(RuntimeError):
    """There is nowhere to make one."""


@contextlib.contextmanager
def made() -> Iterator[Path]:
    """Make a run folder for as long as a block.

    :raises NoRunFolder: nothing can be written to; the message says what to do
    """
    try:
        run = Path(tempfile.mkdtemp(prefix=_PREFIX))
        lock = _locked(run)
    except OSError:
        raise NoRunFolder(
            "There is no folder to write to, and the server needs a small one for its sockets. "
            "Set TMPDIR to one that can be written to."
        ) from None
    try:
        if len(str(run)) > _LONGEST:
            raise NoRunFolder(f"The path of {run.parent} is too long. Set TMPDIR to a shorter one.")
        _clear(run.parent)
        yield run
    finally:
        shutil.rmtree(run, ignore_errors=True)
        if lock is not None:
            os.close(lock)


def _locked(run: Path) -> int | None:
    """Lock a run folder as one that is in use; None if it is."""
    lock = os.open(run / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(lock)
        return None
    return lock


def _clear(parent: Path) -> None:
    for run in parent.glob(f"{_PREFIX}*"):
        with contextlib.suppress(OSError):
            if run.stat().st_uid == os.getuid() and (run / "lock").exists():
                lock = _locked(run)
                if lock is not None:
                    shutil.rmtree(run, ignore_errors=True)
                    os.close(lock)
