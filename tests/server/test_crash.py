"""kill -9 of anything: what can be started again is, what cannot leaves no orphan."""

import json
import os
import signal
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from typing import Any

import pytest

#: it takes seconds to start and end real processes, and what it sees depends on the load
pytestmark = pytest.mark.slow

Serve = Callable[..., AbstractContextManager[Any]]


def tree(of: int) -> set[int]:
    """Return every process below one."""
    found: set[int] = set()
    with suppress(OSError):
        for task in Path(f"/proc/{of}/task").iterdir():
            for pid in map(int, (task / "children").read_text("ascii").split()):
                found |= {pid, *tree(pid)}
    return found


def named(pids: set[int], module: str) -> list[int]:
    """Return those that run a module, the parents before their children."""
    found = []
    for pid in pids:
        with suppress(OSError):
            if f"\0{module}\0".encode() in Path(f"/proc/{pid}/cmdline").read_bytes():
                found.append(pid)
    return sorted(found, key=lambda pid: len(tree(pid)), reverse=True)


def lives(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in "ZX"


def eventually(true: Callable[[], bool], seconds: float = 15.0) -> bool:
    until = time.monotonic() + seconds
    while not true():
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True


def answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address + "health", timeout=10) as answer:
            return bool(json.load(answer)["ready"])
    except (OSError, urllib.error.HTTPError):
        return False


@pytest.fixture(scope="module")
def live(serve: Serve) -> Iterator[Any]:
    with serve("--rate", "0") as found:
        yield found


@pytest.mark.parametrize(
    ("module", "number"),
    [
        ("peelserver.processes.keeper", -1),
        ("peelserver.processes.web", -1),
        ("peelserver.processes.keeper", 0),
        ("peelserver.processes.web", 0),
    ],
    ids=["worker", "web process", "keeper", "web"],
)
def test_it_answers_again(live: Any, module: str, number: int) -> None:
    assert eventually(lambda: answers(live.address))
    victim = named(tree(live.process.pid), module)[number]
    below = tree(victim)
    os.kill(victim, signal.SIGKILL)
    assert eventually(lambda: not any(map(lives, {victim, *below})))
    assert eventually(lambda: answers(live.address))
    assert eventually(lambda: all(answers(live.address) for _ in range(10)))


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_it_leaves_no_orphan(serve: Serve, number: int) -> None:
    with serve() as found:
        assert answers(found.address)
        below = tree(found.process.pid)
        assert len(below) > 5
        os.kill(found.process.pid, number)
        assert found.process.wait(30) == (-number if number == signal.SIGKILL else 0)
        assert eventually(lambda: not any(map(lives, below)))
