"""kill -9 of anything: what can be started again is, what cannot leaves no orphan."""

import json
import os
import signal
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.server.conftest import Live

Serve = Callable[..., AbstractContextManager["Live"]]
Until = Callable[[Callable[[], bool]], None]
Below = Callable[[int], set[int]]

KEEPER, WEB = "peelserver.processes.keeper", "peelserver.processes.web"

long = pytest.mark.slow


def lives(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in "ZX"


def answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address + "health", timeout=60) as answer:
            return bool(json.load(answer)["ready"])
    except (OSError, urllib.error.HTTPError):
        return False


@pytest.fixture(scope="module")
def server(serve: Serve) -> Iterator["Live"]:
    with serve("--rate", "0") as found:
        yield found


@pytest.mark.parametrize(
    ("module", "number"),
    [
        pytest.param(KEEPER, -1, id="worker"),
        pytest.param(KEEPER, 0, id="keeper"),
        pytest.param(WEB, -1, id="web process", marks=long),
        pytest.param(WEB, 0, id="web", marks=long),
    ],
)
def test_it_answers_again(
    server: "Live", until: Until, below: Below, module: str, number: int
) -> None:
    until(lambda: answers(server.address))
    until(lambda: len(server.running(module)) > 1)
    victim = server.running(module)[number]
    killed = {victim, *below(victim)}
    os.kill(victim, signal.SIGKILL)
    until(lambda: not any(map(lives, killed)))
    until(lambda: all(answers(server.address) for _ in range(10)))


@pytest.mark.parametrize("number", [signal.SIGKILL, pytest.param(signal.SIGTERM, marks=long)])
def test_it_leaves_no_orphan(serve: Serve, until: Until, below: Below, number: int) -> None:
    with serve() as found:
        until(lambda: answers(found.address))
        until(lambda: len(found.running(KEEPER)) > 1 and len(found.running(WEB)) > 1)
        all_of_them = below(found.process.pid)
        os.kill(found.process.pid, number)
        assert found.process.wait(120) == (-number if number == signal.SIGKILL else 0)
        until(lambda: not any(map(lives, all_of_them)))


@long
def test_the_next_start_gives_the_same_answers(serve: Serve, until: Until) -> None:
    query = "sparql?format=csv&query=SELECT+*+%7B+?a+peel:leadsTo+?b+%7D+ORDER+BY+?a+?b"
    said = []
    for _ in range(2):
        with serve("--processes", "1") as found:
            with urllib.request.urlopen(found.address + query, timeout=60) as answer:
                said.append((answer.headers["ETag"], answer.read()))
            found.process.kill()
            found.process.wait(60)
    assert said[0] == said[1]
