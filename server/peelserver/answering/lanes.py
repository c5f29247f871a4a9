"""Turns: how many jobs of a kind are answered at a time, how many wait, and who is next.

The next turn goes to the client that has the fewest jobs under way, and among those to the one that
had its turn the longest ago: one client with many queries does not make another wait for them.
"""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from peelserver.answering.jobs import Busy


@dataclass(slots=True, eq=False)
class _Waiting:
    client: str
    called: threading.Event = field(default_factory=threading.Event)


class Lane:
    """A number of turns, and a bounded queue before them.

    :param turns: how many jobs are answered at a time
    :param queue: how many may wait; one client may have half of that
    :param patience: seconds that one may wait
    """

    def __init__(self, turns: int, queue: int, patience: float) -> None:
        self._turns = turns
        self._queue = queue
        self._patience = patience
        self._lock = threading.Lock()
        self._running: Counter[str] = Counter()
        self._waiting: list[_Waiting] = []
        self._turn = 0
        self._latest: dict[str, int] = {}

    @property
    def waiting(self) -> int:
        """How many jobs wait."""
        return len(self._waiting)

    @contextmanager
    def turn(self, client: str) -> Iterator[None]:
        """Wait for a turn, and have it.

        :raises Busy: the queue is full, or the turn did not come in time
        """
        self._enter(client)
        try:
            yield
        finally:
            self._leave(client)

    def _enter(self, client: str) -> None:
        with self._lock:
            if self._running.total() < self._turns and not self._waiting:
                self._begin(client)
                return
            own = sum(1 for each in self._waiting if each.client == client)
            if len(self._waiting) >= self._queue or own >= max(1, self._queue // 2):
                raise self._busy()
            place = _Waiting(client)
            self._waiting.append(place)
        if place.called.wait(self._patience):
            return
        with self._lock:
            if place.called.is_set():
                return
            self._waiting.remove(place)
            self._forget(client)
        raise self._busy()

    def _leave(self, client: str) -> None:
        with self._lock:
            self._running[client] -= 1
            if not self._running[client]:
                del self._running[client]
            self._forget(client)
            if self._waiting:
                place = min(self._waiting, key=self._claim)
                self._waiting.remove(place)
                self._begin(place.client)
                place.called.set()

    def _begin(self, client: str) -> None:
        self._turn += 1
        self._running[client] += 1
        self._latest[client] = self._turn

    def _forget(self, client: str) -> None:
        """Forget when a client had its turn, if nothing of it is left."""
        if not self._running[client] and all(each.client != client for each in self._waiting):
            self._latest.pop(client, None)

    def _claim(self, place: _Waiting) -> tuple[int, int]:
        return self._running[place.client], self._latest.get(place.client, 0)

    def _busy(self) -> Busy:
        return Busy(
            "Other queries are being answered. Try again in a few seconds.",
            retry_after=max(1, round(self._patience)),
        )
