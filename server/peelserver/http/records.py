"""What is counted and logged of requests that the short way answered: several at a time.

Nobody waits for a count or a line. And what runs once, between two changes from process to process,
is not in the caches of the processor and takes several times as long as in a loop: see decision 48.
"""

import threading
from collections import Counter, defaultdict, deque
from collections.abc import Mapping
from contextlib import suppress
from typing import NamedTuple

from peelserver.http import access_log
from peelserver.http.metrics import Metrics

#: how many requests are settled at a time, about; their lines fit into one write
MOST = 16

#: seconds after which they are settled, however few they are
SECONDS = 0.1


class Record(NamedTuple):
    """A request that was answered.

    :param ended: when, in seconds since 1970
    :param seconds: how long it took
    :param route: the rule of the application that matches
    :param size: bytes of the body
    :param hit: whether the answer was remembered, if one was looked for
    :param question: its name, if it was one
    :param facts: what else the log says of it
    """

    ended: float
    seconds: float
    route: str
    client: str
    path: str
    status: int
    size: int
    hit: bool | None
    question: str | None
    facts: Mapping[str, object]

    def line(self) -> str:
        """Return what the log says of it."""
        facts = {
            "client": self.client,
            "method": "GET",
            "path": self.path,
            "status": self.status,
            "bytes": self.size,
            "ms": round(self.seconds * 1000, 1),
            **self.facts,
        }
        if self.hit is not None:
            facts["cache"] = "hit" if self.hit else "miss"
        return access_log.line(self.ended, facts)


class Records:
    """Takes note of requests; thread-safe.

    :param logs: whether they are logged
    """

    def __init__(self, metrics: Metrics, logs: bool) -> None:
        self._metrics = metrics
        self._logs = logs
        self._left: deque[Record] = deque()
        self._is_due = False

    def add(self, record: Record) -> None:
        """Take note of a request; it is counted and logged in a moment."""
        self._left.append(record)
        if len(self._left) >= MOST:
            self.settle()
        elif not self._is_due:
            self._is_due = True
            timer = threading.Timer(SECONDS, self._settle_the_last)
            timer.daemon = False  # a process that ends waits for it
            try:
                timer.start()
            except RuntimeError:  # there can be no more threads
                self._settle_the_last()

    def settle(self) -> None:
        """Count and log all requests of which note was taken."""
        found: list[Record] = []
        with suppress(IndexError):
            while True:
                found.append(self._left.popleft())
        if self._logs:
            access_log.write(record.line() for record in found)
        with suppress(OSError):  # a full disk
            self._count(found)

    def _settle_the_last(self) -> None:
        self._is_due = False  # before they are taken: who comes too late asks for another time
        self.settle()

    def _count(self, records: list[Record]) -> None:
        kinds: defaultdict[tuple[str, int, str | None], list[float]] = defaultdict(list)
        hits: Counter[bool] = Counter()
        for each in records:
            kinds[each.route, each.status, each.question].append(each.seconds)
            if each.hit is not None:
                hits[each.hit] += 1
        for (route, status, question), seconds in kinds.items():
            self._metrics.observe(route, status, *seconds, question=question)
        for hit, times in hits.items():
            self._metrics.cache(hit, times)
