"""Turns: how many jobs of a kind are answered at a time, how many wait, and who is next.

The next turn goes to the client that has the fewest jobs under way. Among those, every other turn
goes to the one whose jobs were the shortest of late, so that who asks for little does not wait for
all who ask for much; and every other to the one that used the least time of late, so that nobody
waits for good. Among those of whom nothing is known yet, it goes to the one whose query looks the
smallest. Nor do many clients fill the queue for good: one with shorter jobs takes the place
of the one with the longest.
"""

import math
import re
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import NamedTuple

from peelserver.answering.jobs import Busy

#: seconds after which half of the time that a client used is forgotten
HALF = 10.0

#: how much the latest job of a client counts for how long its jobs are
LATEST = 0.3

#: seconds that the jobs of a client are taken to need before it had any: fewer than those of one
#: whose jobs are ended for being long
UNKNOWN = 0.1

#: how many characters of a query are looked at to tell how large it looks
READ = 4096

_VARIABLE = re.compile(r"[?$]\w+")

#: how many clients are remembered; beyond, the one not seen for longest is forgotten
CLIENTS = 10_000


@dataclass(slots=True, eq=False)
class _Waiting:
    client: str
    query: str
    called: bool = False
    displaced: bool = False
    _gate: threading.Lock = field(default_factory=threading.Lock)
    _size: tuple[int, int] | None = None

    def __post_init__(self) -> None:
        self._gate.acquire()

    @property
    def size(self) -> tuple[int, int]:
        """How large the query looks; looked at once, and only where it counts."""
        if self._size is None:
            self._size = size(self.query)
        return self._size

    def call(self) -> None:
        """Have it go on."""
        self.called = True
        self._gate.release()

    def wait(self, seconds: float) -> bool:
        """Wait to be called; a bare lock costs half of what an event does."""
        return self._gate.acquire(timeout=seconds)


@dataclass(slots=True, eq=False)
class Turn:
    """A turn of a client.

    :param began: when what it is charged for began
    :param used: the seconds that it is charged for, if not all since then
    """

    client: str
    began: float
    used: float | None = None


class _Past(NamedTuple):
    """What is known of a client: the seconds that it used, until when, and those of one job."""

    used: float
    until: float
    usual: float

    def of_late(self, now: float) -> float:
        """Return the seconds that it used, the longer ago the fewer."""
        return self.used * math.exp2((self.until - now) / HALF)


class Lane:
    """A number of turns, and a bounded queue before them.

    :param turns: how many jobs are answered at a time
    :param queue: how many may wait; one client may have half of that
    :param patience: seconds that one may wait
    :param each: how many turns one client may have at a time; all, if None
    :param clock: seconds that only go forward
    """

    def __init__(
        self,
        turns: int,
        queue: int,
        patience: float,
        each: int | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._turns = turns
        self._queue = queue
        self._patience = patience
        self._each = turns if each is None else each
        self._clock = clock
        self._lock = threading.Lock()
        self._taken = 0
        self._running: dict[str, int] = {}
        self._waiting: list[_Waiting] = []
        self._past: OrderedDict[str, _Past] = OrderedDict()
        self._shortest = False

    @property
    def waiting(self) -> int:
        """How many jobs wait."""
        return len(self._waiting)

    @contextmanager
    def turn(self, client: str) -> Iterator[None]:
        """Wait for a turn, and have it.

        :raises Busy: the queue is full, or the turn did not come in time
        """
        turn = self.begin(client)
        try:
            yield
        finally:
            self.end(turn)

    def begin(self, client: str, query: str = "") -> Turn:
        """Wait for a turn, and return it; ``end`` is to be called with it.

        :param query: what the turn is for
        :raises Busy: the queue is full, or the turn did not come in time
        """
        with self._lock:
            if self._may_begin(client):
                self._take(client)
                return Turn(client, self._clock())
            own = sum(1 for each in self._waiting if each.client == client)
            if own >= max(1, self._queue // 2):
                raise self._busy()
            if len(self._waiting) >= self._queue:
                self._displace(client)
            place = _Waiting(client, query)
            self._waiting.append(place)
        if not place.wait(self._patience):
            with self._lock:
                if not place.called:
                    self._waiting.remove(place)
                    raise self._busy()
        if place.displaced:
            raise self._busy()
        return Turn(client, self._clock())

    def _displace(self, client: str) -> None:
        """Have the one with the longest jobs give up its place, if those of *client* are shorter.

        :raises Busy: nobody's are longer
        """
        worst = max(self._waiting, key=lambda each: self._usual(each.client), default=None)
        if worst is None or self._usual(worst.client) <= self._usual(client):
            raise self._busy()
        self._waiting.remove(worst)
        worst.displaced = True
        worst.call()

    def end(self, turn: Turn) -> None:
        """Give up a turn."""
        client, now = turn.client, self._clock()
        with self._lock:
            self._taken -= 1
            self._running[client] -= 1
            if not self._running[client]:
                del self._running[client]
            took = now - turn.began if turn.used is None else turn.used
            past = self._past.pop(client, None) or _Past(0.0, now, took)
            usual = past.usual + LATEST * (took - past.usual)
            self._past[client] = _Past(past.of_late(now) + took, now, usual)
            if len(self._past) > CLIENTS:
                self._past.popitem(last=False)
            if self._waiting:
                self._call_next(now)

    def _call_next(self, now: float) -> None:
        """Give a turn to one who waits and may have it."""
        waiting = [place for place in self._waiting if self._may_begin(place.client)]
        if not waiting:
            return
        self._shortest = not self._shortest
        place = waiting[0]
        if len(waiting) > 1:
            place = min(waiting, key=lambda each: self._claim(each, now))
        self._waiting.remove(place)
        self._take(place.client)
        place.call()

    def _may_begin(self, client: str) -> bool:
        """Whether there is a turn for a client; if so, nobody who waits may have it."""
        return self._taken < self._turns and self._running.get(client, 0) < self._each

    def _take(self, client: str) -> None:
        self._taken += 1
        self._running[client] = self._running.get(client, 0) + 1

    def _claim(self, place: _Waiting, now: float) -> tuple[int, float, tuple[int, int]]:
        client = place.client
        running = self._running.get(client, 0)
        if self._shortest:
            return running, self._usual(client), place.size
        past = self._past.get(client)
        return running, past.of_late(now) if past else 0.0, place.size

    def _usual(self, client: str) -> float:
        past = self._past.get(client)
        return past.usual if past else UNKNOWN

    def _busy(self) -> Busy:
        return Busy(
            "Other queries are being answered. Try again in a few seconds.",
            retry_after=max(1, round(self._patience)),
        )


def size(query: str) -> tuple[int, int]:
    """Return how large a query looks: by how many variables it has, and by how long it is.

    What it finds, and goes through, grows with the power of its variables. That is a guess from
    its text, and counts only where nothing better is known.

    >>> size("ASK { ?s ?p ?o }") < size("SELECT * { ?a ?b ?c . ?d ?e ?f }")
    True
    """
    return len(set(_VARIABLE.findall(query, 0, READ))), len(query)
