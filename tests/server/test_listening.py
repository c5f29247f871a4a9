"""One address, a socket of it and a processor for each web process."""

import os
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from typing import TYPE_CHECKING

import pytest

from peelserver.processes.listening import listen
from peelserver.processes.web import processor

if TYPE_CHECKING:
    from tests.server.conftest import Live

Serve = Callable[..., AbstractContextManager["Live"]]
Until = Callable[[Callable[[], bool]], None]

WEB = "peelserver.processes.web"

linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux shares connections out")


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as found:
        yield found


def accepted(listeners: list[socket.socket], stack: ExitStack) -> list[int]:
    """Return how many connections wait on each socket."""
    found = []
    for each in listeners:
        number = 0
        try:
            while True:
                stack.enter_context(each.accept()[0])
                number += 1
        except BlockingIOError:
            found.append(number)
    return found


@linux
@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0", "::1"])
def test_each_process_gets_connections(host: str, stack: ExitStack) -> None:
    listeners = [stack.enter_context(each) for each in listen(host, 0, 2)]
    place = listeners[0].getsockname()[:2]
    assert listeners[1].getsockname()[:2] == place
    for _ in range(64):
        stack.enter_context(socket.create_connection(place, timeout=10))
    # with 64 of them, one gets none once in 2 ** 63 times
    assert all(found := accepted(listeners, stack))
    assert sum(found) == 64


@pytest.mark.parametrize("processes", [1, 2])
@pytest.mark.parametrize("first", [1, 2])
def test_a_taken_address_is_noticed(first: int, processes: int, stack: ExitStack) -> None:
    taken = [stack.enter_context(each) for each in listen("127.0.0.1", 0, first)]
    with pytest.raises(OSError, match="in use"):
        listen("127.0.0.1", taken[0].getsockname()[1], processes)


def test_processes_are_spread_over_the_processors() -> None:
    assert [processor(each, {3, 5, 8}) for each in range(5)] == [3, 5, 8, 3, 5]


@linux
def test_a_web_process_stays_on_one_processor(serve: Serve, until: Until) -> None:
    with serve("--processes", "2") as live:
        until(lambda: len(live.running(WEB)) == 3)
        parent, *processes = live.running(WEB)
        until(lambda: all(len(os.sched_getaffinity(each)) == 1 for each in processes))
        everywhere = os.sched_getaffinity(parent)
        found = set().union(*(os.sched_getaffinity(each) for each in processes))
    assert everywhere == os.sched_getaffinity(0)
    assert len(found) == min(2, len(everywhere))
