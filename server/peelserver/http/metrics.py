"""What the server counts, in the format of Prometheus, summed over the web processes.

Each web process counts in files of its own in the run folder; whichever is asked for ``/metrics``
adds them up.
"""

import os
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from flask import Flask, Request, Response, g, request
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest, values
from prometheus_client.multiprocess import MultiProcessCollector

from peelgraph.questions import names
from peelserver.http.access_log import note, noted

FOLDER = "metrics"
MEDIA = "text/plain; version=0.0.4; charset=utf-8"

#: upper ends of the classes of durations, in seconds
SECONDS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)

_MAKING = threading.Lock()

#: why a request was refused, by its status, where nobody said it
_WHY = {408: "SlowBody", 413: "TooLarge", 415: "MediaType", 429: "TooMany"}


class Metrics:
    """Counts; thread-safe.

    :param run: the run folder, which all web processes share
    """

    def __init__(self, run: Path) -> None:
        self._folder = run / FOLDER
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._values = values.MultiProcessValue()  # type: ignore[no-untyped-call]
        self._made: dict[tuple[object, ...], Any] = {}
        self._count_here()
        own = CollectorRegistry()
        self._requests = Counter(
            "peelgraph_requests", "Requests answered.", ("route", "status"), registry=own
        )
        self._seconds = Histogram(
            *("peelgraph_request_seconds", "Seconds to the answer.", ("route", "question")),
            buckets=SECONDS,
            registry=own,
        )
        self._kills = Counter(
            "peelgraph_kills", "Workers that their query ended.", ("lane",), registry=own
        )
        self._refusals = Counter(
            "peelgraph_refusals", "Requests refused.", ("reason",), registry=own
        )
        self._cache = Counter(
            "peelgraph_cache", "Answers looked for in the cache.", ("result",), registry=own
        )
        self._lock = threading.Lock()
        self._queue = 0
        self._queued: Callable[[], int] | None = None
        self._waiting = Gauge(
            *("peelgraph_queue", "Queries that wait for their turn."),
            multiprocess_mode="livesum",
            registry=own,
        )

    def observe(self, route: str, status: int, *seconds: float, question: str | None) -> None:
        """Count requests and their durations.

        :param route: the rule that matched; never the path, of which there is no end
        :param seconds: of each request
        """
        self._of(self._requests, route, str(status)).inc(len(seconds))
        durations = self._of(self._seconds, route, question or "")
        for each in seconds:
            durations.observe(each)
        if self._queued is not None:
            self.queue(self._queued())

    def watch(self, queued: Callable[[], int]) -> None:
        """Have it noted with each request how many queries wait."""
        self._queued = queued

    def kill(self, lane: str) -> None:
        """Count a worker that its query ended."""
        note(kill=lane)
        self._of(self._kills, lane).inc()

    def refused(self, why: str) -> None:
        """Count a request that was refused."""
        note(refused=why)
        self._of(self._refusals, why).inc()

    def cache(self, hit: bool, times: int = 1) -> None:
        """Count answers that were in the cache, or were not."""
        self._of(self._cache, "hit" if hit else "miss").inc(times)

    def queue(self, n: int) -> None:
        """Say how many queries wait in this web process."""
        with self._lock:
            if n != self._queue:  # saying it costs more than looking
                self._queue = n
                self._waiting.set(n)

    def text(self) -> bytes:
        """Return what all web processes have counted."""
        self._forget_the_dead()
        everything = CollectorRegistry()
        MultiProcessCollector(everything, path=str(self._folder))  # type: ignore[no-untyped-call]
        return generate_latest(everything)

    def _of(self, metric: Counter | Histogram, *labels: str) -> Any:
        """Return the part of a metric that has these labels."""
        key = (metric, *labels)
        found = self._made.get(key)
        if found is None:
            with _MAKING:
                self._count_here()
                found = self._made[key] = metric.labels(*labels)
        return found

    def _count_here(self) -> None:
        """Have what is made next count in our folder.

        The library looks for the folder when it is imported, which is too early for us.
        """
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(self._folder)
        values.ValueClass = self._values

    def _forget_the_dead(self) -> None:
        """Drop what processes that are gone said of the moment; what they counted stays."""
        for file in self._folder.glob("gauge_live*.db"):
            pid = int(file.stem.rpartition("_")[2])
            try:
                os.kill(pid, 0)
            except ProcessLookupError:
                file.unlink(missing_ok=True)
            except PermissionError:
                continue


def register(app: Flask, metrics: Metrics) -> None:
    """Count every request of *app*. To be called right after ``access_log.register``."""
    known = frozenset(names())

    def count(answer: Response) -> Response:
        asked: Request = request._get_current_object()  # type: ignore[attr-defined]
        route = asked.url_rule.rule if asked.url_rule is not None else "none"
        question = (asked.view_args or {}).get("name") if asked.blueprint == "questions" else None
        why = _WHY.get(answer.status_code)
        if why is not None and "refused" not in noted():
            metrics.refused(why)
        with suppress(OSError):  # a full disk is no reason to withhold an answer
            metrics.observe(
                *(route, answer.status_code, time.perf_counter() - g.get("began", 0.0)),
                question=question if question in known else None,
            )
        return answer

    app.after_request_funcs.setdefault(None, []).insert(1, count)
