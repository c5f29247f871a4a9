"""Turns are bounded, waiting is bounded, and one client does not make another wait for long."""

import itertools
import threading
import time

import pytest

from peelserver.answering.jobs import Busy
from peelserver.answering.lanes import Lane

#: seconds for which anything here may take, on a machine that has other work to do
GENEROUS = 60.0


class Guest(threading.Thread):
    """One who waits for a turn and, once there, stays until told to leave."""

    def __init__(self, lane: Lane, client: str, query: str = "") -> None:
        super().__init__(daemon=True)
        self.client = client
        self._query = query
        self.there = threading.Event()
        self._leaves = threading.Event()
        self._lane = lane
        before = lane.waiting
        self.start()
        until = time.monotonic() + GENEROUS
        while lane.waiting == before:
            assert time.monotonic() < until
            time.sleep(0.001)

    def run(self) -> None:
        turn = self._lane.begin(self.client, self._query)
        self.there.set()
        self._leaves.wait(GENEROUS)
        self._lane.end(turn)

    def leave(self) -> None:
        self._leaves.set()
        self.join(GENEROUS)


def newcomer(guests: list[Guest]) -> Guest:
    """Wait until one of *guests* has its turn, and take it out of them."""
    until = time.monotonic() + GENEROUS
    while not (there := [each for each in guests if each.there.is_set()]):
        assert time.monotonic() < until
        time.sleep(0.001)
    [found] = there
    guests.remove(found)
    return found


def test_there_are_no_more_turns_than_there_are() -> None:
    lane = Lane(turns=2, queue=100, patience=GENEROUS)
    both = threading.Barrier(2)
    running, most, lock = 0, 0, threading.Lock()

    def run() -> None:
        nonlocal running, most
        with lane.turn("a"):
            with lock:
                running += 1
                most = max(most, running)
            both.wait(GENEROUS)
            with lock:
                running -= 1

    threads = [threading.Thread(target=run) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(GENEROUS)
    assert most == 2
    assert not both.broken
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
    seconds = itertools.count(0, 5)
    lane = Lane(turns=turns, queue=32, patience=GENEROUS, clock=lambda: next(seconds))
    held = []
    for _ in range(turns):
        turn = lane.turn("many")
        turn.__enter__()
        held.append(turn)
    waiting = [Guest(lane, client) for client in ["many"] * 8 + ["one", "two"]]
    order: list[str] = []
    there: list[Guest] = []
    while waiting:
        if held:
            held.pop().__exit__(None, None, None)
        else:
            there.pop(0).leave()
        there.append(newcomer(waiting))
        order.append(there[-1].client)
    for each in there:
        each.leave()
    assert order == ["one", "two"] + ["many"] * 8
    assert lane.waiting == 0


def test_one_client_cannot_fill_the_queue() -> None:
    seconds = itertools.count(0, 5)
    lane = Lane(turns=1, queue=4, patience=GENEROUS, clock=lambda: next(seconds))
    with lane.turn("many"):
        waiting = [Guest(lane, "many") for _ in range(2)]
        with pytest.raises(Busy), lane.turn("many"):
            pass
        waiting.append(Guest(lane, "one"))
    first = newcomer(waiting)
    assert first.client == "one"
    first.leave()
    while waiting:
        newcomer(waiting).leave()


def test_short_jobs_and_little_used_time_are_next_turn_about() -> None:
    now = 0.0
    lane = Lane(turns=1, queue=32, patience=GENEROUS, clock=lambda: now)
    for client, jobs, seconds in (("long", 1, 2.0), ("short", 300, 0.01), ("middle", 1, 0.2)):
        for _ in range(jobs):
            with lane.turn(client):
                now += seconds
    with lane.turn("other"):
        waiting = [Guest(lane, client) for client in ("long", "middle", "new", "short")]
    order = []
    while waiting:
        there = newcomer(waiting)
        order.append(there.client)
        there.leave()
    assert order == ["short", "new", "middle", "long"]


def test_a_turn_is_left_for_another_client() -> None:
    lane = Lane(turns=2, queue=32, patience=GENEROUS, each=1)
    with lane.turn("many"):
        waiting = [Guest(lane, "many")]
        with lane.turn("one"):
            pass
        assert lane.waiting == 1
    newcomer(waiting).leave()


def test_who_used_little_takes_the_place_of_who_used_most() -> None:
    now = 0.0
    lane = Lane(turns=1, queue=2, patience=30, clock=lambda: now)
    for client, seconds in (("long", 5.0), ("short", 0.01)):
        with lane.turn(client):
            now += seconds
    refused: list[str] = []

    def wait(client: str) -> None:
        try:
            with lane.turn(client):
                pass
        except Busy:
            refused.append(client)

    with lane.turn("other"):
        threads = [threading.Thread(target=wait, args=(each,)) for each in ("long", "short")]
        for number, thread in enumerate(threads, 1):
            thread.start()
            while lane.waiting < number:
                time.sleep(0.001)
        threads.append(threading.Thread(target=wait, args=("new",)))
        threads[-1].start()
        threads[0].join()
        assert refused == ["long"]
        with pytest.raises(Busy), lane.turn("long"):
            pass
    for thread in threads:
        thread.join()
    assert refused == ["long"]


def test_one_that_nobody_knows_is_before_one_whose_jobs_are_cut_off() -> None:
    now = 0.0
    lane = Lane(turns=1, queue=32, patience=GENEROUS, clock=lambda: now)
    for _ in range(3):
        with lane.turn("cut off"):
            now += 0.25
    with lane.turn("other"):
        waiting = [Guest(lane, client) for client in ("cut off", "new")]
    first = newcomer(waiting)
    assert first.client == "new"
    first.leave()
    newcomer(waiting).leave()


def test_of_those_that_nobody_knows_the_one_that_asks_for_less_is_first() -> None:
    lane = Lane(turns=1, queue=32, patience=GENEROUS, clock=lambda: 0.0)
    with lane.turn("other"):
        waiting = [
            Guest(lane, "much", "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"),
            Guest(lane, "long", f"ASK {{ ?s ?p '{'x' * 1000}' }}"),
            Guest(lane, "little", "ASK { ?s a peel:PoliceForce }"),
            Guest(lane, "short", "ASK { ?s ?p 'x' }"),
        ]
    order = []
    while waiting:
        there = newcomer(waiting)
        order.append(there.client)
        there.leave()
    assert order == ["little", "short", "long", "much"]


def test_what_a_turn_began_with_is_not_charged_once_it_begins_anew() -> None:
    now = 0.0
    lane = Lane(turns=1, queue=32, patience=GENEROUS, clock=lambda: now)
    for client, fork in (("forked for", 5.0), ("longer", 0.0)):
        turn = lane.begin(client)
        now += fork
        turn.began = now
        now += 0.01 + (client == "longer")
        lane.end(turn)
    with lane.turn("other"):
        waiting = [Guest(lane, client) for client in ("longer", "forked for")]
    first = newcomer(waiting)
    assert first.client == "forked for"
    first.leave()
    newcomer(waiting).leave()


def test_a_client_is_charged_for_what_its_job_used_and_not_for_what_the_machine_had_to_do() -> None:
    now = 0.0
    lane = Lane(turns=1, queue=32, patience=GENEROUS, clock=lambda: now)
    turn = lane.begin("delayed")
    now += 5.0
    turn.used = 0.001
    lane.end(turn)
    with lane.turn("other"):
        waiting = [Guest(lane, client) for client in ("new", "delayed")]
    first = newcomer(waiting)
    assert first.client == "delayed"
    first.leave()
    newcomer(waiting).leave()
