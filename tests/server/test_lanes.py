"""Turns are bounded, waiting is bounded, and one client does not make another wait for long."""

import threading
import time
from contextlib import ExitStack

import pytest

from peelserver.answering.jobs import Busy
from peelserver.answering.lanes import Lane

#: threads take turns here, and which comes first depends on the load
pytestmark = pytest.mark.slow


def hold(lane: Lane, client: str, order: list[str]) -> threading.Thread:
    """Have a client wait for a turn."""

    def run() -> None:
        with lane.turn(client):
            order.append(client)

    before = lane.waiting
    thread = threading.Thread(target=run)
    thread.start()
    while lane.waiting == before:
        time.sleep(0.001)
    return thread


def test_there_are_no_more_turns_than_there_are() -> None:
    lane = Lane(turns=2, queue=100, patience=10)
    running, most, lock = 0, 0, threading.Lock()

    def run() -> None:
        nonlocal running, most
        with lane.turn("a"):
            with lock:
                running += 1
                most = max(most, running)
            time.sleep(0.005)
            with lock:
                running -= 1

    threads = [threading.Thread(target=run) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 2
    assert lane.waiting == 0


def test_a_full_queue_refuses_at_once() -> None:
    lane = Lane(turns=1, queue=0, patience=10)
    with lane.turn("a"), pytest.raises(Busy) as refused, lane.turn("b"):
        pass
    assert (refused.value.status, refused.value.retry_after) == (503, 10)


def test_patience_ends() -> None:
    lane = Lane(turns=1, queue=8, patience=0.05)
    with lane.turn("a"), pytest.raises(Busy), lane.turn("b"):
        pass
    with lane.turn("b"):
        pass


@pytest.mark.parametrize("turns", [1, 2])
def test_another_client_is_next(turns: int) -> None:
    lane = Lane(turns=turns, queue=32, patience=30)
    order: list[str] = []
    with ExitStack() as held:
        for _ in range(turns):
            held.enter_context(lane.turn("many"))
        threads = [hold(lane, client, order) for client in ["many"] * 8 + ["one", "two"]]
    for thread in threads:
        thread.join()
    assert set(order[:2]) == {"one", "two"} or order[:3] == ["one", "many", "two"]
    assert len(order) == 10


def test_one_client_cannot_fill_the_queue() -> None:
    lane = Lane(turns=1, queue=4, patience=30)
    order: list[str] = []
    with lane.turn("many"):
        threads = [hold(lane, "many", order) for _ in range(2)]
        with pytest.raises(Busy), lane.turn("many"):
            pass
        threads.append(hold(lane, "one", order))
    for thread in threads:
        thread.join()
    assert order[0] == "one"
