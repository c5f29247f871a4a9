"""Processes that give way run when nobody else wants to, and end all the same."""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from peelserver.processes import giving_way

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="no SCHED_IDLE")

MEGABYTES = 32


@contextmanager
def burning(megabytes: int = 0) -> Iterator[int]:
    """Fork a child that takes some memory and then all of one processor."""
    told, tells = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
        held = b"x" * (megabytes << 20)
        os.write(tells, b"x")
        while held is not None:
            pass
    os.close(tells)
    os.read(told, 1)
    os.close(told)
    try:
        yield pid
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


def resident(pid: int) -> int:
    """Return the megabytes that a process has in memory."""
    return int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1]) * 4096 >> 20


def test_the_memory_of_one_that_is_to_end_is_given_back_though_it_hardly_runs() -> None:
    with burning(MEGABYTES) as pid:
        held = giving_way.begin(pid)
        assert os.sched_getscheduler(pid) == os.SCHED_IDLE
        assert held is not None
        with burning():
            giving_way.release(held)
            assert resident(pid) >= MEGABYTES  # it is not to end yet
            os.kill(pid, signal.SIGTERM)
            giving_way.release(held)
            assert resident(pid) < MEGABYTES
        os.close(held)


def test_where_it_cannot_be_had_there_is_niceness(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*arguments: object) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "sched_setscheduler", refuse)
    monkeypatch.setattr(os, "pidfd_open", refuse)
    with burning() as pid:
        before = os.getpriority(os.PRIO_PROCESS, pid)
        assert giving_way.begin(pid) is None
        assert os.getpriority(os.PRIO_PROCESS, pid) == min(19, before + giving_way.NICE)
        giving_way.release(None)
