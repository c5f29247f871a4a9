"""One builder at a time: a lock beside the snapshot, which ends with the process that holds it."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class BeingBuilt(RuntimeError):
    """Another process builds the snapshot."""


@contextmanager
def building(path: Path, *, wait: bool = False) -> Iterator[None]:
    """Be the only process that builds the snapshot at *path* (on Windows: try not to care).

    A lock file that a killed process left behind does not hold anybody up.

    :param wait: wait for another process that builds it
    :raises BeingBuilt: another process does, and *wait* is false
    :raises OSError: the folder cannot be written to
    """
    if sys.platform == "win32":
        yield
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = path.with_name(f".{path.name}.lock")
    descriptor = _locked(lock, wait)
    try:
        yield
    finally:
        lock.unlink(missing_ok=True)
        os.close(descriptor)


if sys.platform != "win32":
    import fcntl

    def _locked(lock: Path, wait: bool) -> int:
        while True:
            descriptor = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
                if _is(lock, descriptor):
                    return descriptor
            except BlockingIOError:
                os.close(descriptor)
                raise BeingBuilt(
                    "Another process is building this snapshot. Wait until it has, or stop it."
                ) from None
            except BaseException:
                os.close(descriptor)
                raise
            os.close(descriptor)  # who held it has removed it: the next one is another file

    def _is(lock: Path, descriptor: int) -> bool:
        try:
            return os.path.samestat(lock.stat(), os.fstat(descriptor))
        except FileNotFoundError:
            return False
