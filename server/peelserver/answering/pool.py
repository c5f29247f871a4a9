"""A web process's way to the workers: lanes, deadlines, and what becomes of a worker that died."""

import signal
import threading
import time
from collections.abc import Mapping
from contextvars import ContextVar
from functools import partial
from pathlib import Path
from typing import Any, Protocol

import pyoxigraph as ox

from peelgraph.engine import Results
from peelserver.answering import workers
from peelserver.answering.ahead import Begun, Helpers, Labels
from peelserver.answering.jobs import (
    Answered,
    Away,
    Busy,
    Crashed,
    Gone,
    Job,
    QueryRefused,
    QuerySyntax,
    TooLarge,
    TooSlow,
)
from peelserver.answering.lanes import Lane, Turn
from peelserver.answering.snapshots import Fixed, Snapshots, socket_of
from peelserver.config import LANES, Config

#: who asks; turns are shared out by client
CLIENT: ContextVar[str] = ContextVar("client", default="")

#: seconds that a job may take in the fast lane, however many wait; and seconds of the processor
_HASTE, _HASTE_OF_PROCESSOR = 0.25, 0.05

#: what a worker refused a job with, by its status
_REFUSALS = {each.status: each for each in (TooLarge, TooSlow, Away)}


class Gate(Protocol):
    """What is told of each query of a client, and may refuse it."""

    def begin(self, client: str) -> None:
        """Note that a query is under way.

        :raises QueryRefused: too many are
        """

    def end(self, client: str) -> None:
        """Note that it is under way no more."""


class _Open:
    """A gate that refuses nobody."""

    def begin(self, client: str) -> None:
        """Let a query pass."""

    def end(self, client: str) -> None:
        """Take no note of its end."""


class Watch(Protocol):
    """What wants to know of kills and refusals."""

    def kill(self, lane: str) -> None:
        """Count a worker that its job ended."""

    def refused(self, why: str) -> None:
        """Count a job that got no answer."""


class Pool:
    """Answers jobs through workers, for the threads of one web process.

    :param run: the run folder
    :param watch: is told of what becomes of the jobs
    :param gate: is told of each query of a user
    :param snapshots: those that are kept, if not those that the run folder names
    """

    def __init__(
        self,
        config: Config,
        run: Path,
        watch: Watch | None = None,
        gate: Gate | None = None,
        snapshots: Fixed | None = None,
    ) -> None:
        self.config = config
        self._run = run
        self._watch = watch
        self._gate = gate or _Open()
        self._snapshots = snapshots or Snapshots(run)
        self._lanes = {
            name: Lane(
                config.workers[name], config.queue, config.patience, _each(name, config.workers)
            )
            for name in LANES
        }
        self._deadlines = {name: config.deadline_of(name) for name in LANES}
        self._lock = threading.Lock()
        self._idle: dict[tuple[str, bool], list[workers.Worker]] = {}
        self._closed = False
        self._labels: dict[str, Labels] = {}
        self.helpers = Helpers(max(1, config.workers["question"]))

    def current(self) -> str:
        """Return the digest of the current snapshot."""
        return self._snapshots.digests()[0]

    def digests(self) -> list[str]:
        """Return the digests of the snapshots that are kept, the current one first."""
        return list(self._snapshots.digests())

    def waiting(self) -> int:
        """Return how many jobs wait for their turn."""
        return sum(lane.waiting for lane in self._lanes.values())

    def kept(self, digest: str | None = None) -> str:
        """Return *digest*, or the current one if None.

        :raises Gone: it is not kept
        """
        digests = self._snapshots.digests()
        if digest is None:
            return digests[0]
        if digest not in digests:
            raise Gone("This snapshot is not kept any more, or never was.")
        return digest

    def labels(self, digest: str) -> Labels:
        """Return what is remembered of the labels of a snapshot that is kept."""
        with self._lock:
            if digest not in self._labels:
                kept = self._snapshots.digests()
                self._labels = {each: found for each, found in self._labels.items() if each in kept}
            return self._labels.setdefault(digest, Labels())

    def answer(self, job: Job, *, lane: str, digest: str | None = None) -> Answered:
        """Answer a job over a snapshot, the current one if *digest* is None.

        A job that overruns the deadline of the fast lane is asked once more in the slow one.

        :raises QuerySyntax: it does not parse
        :raises QueryRefused: it gets no answer; the error says why
        """
        digest = self.kept(digest)
        try:
            if lane == "question":
                return self._in_lane(job, lane, digest)
            client = CLIENT.get()
            self._gate.begin(client)
            try:
                return self._fast_or_slow(job, lane, digest)
            finally:
                self._gate.end(client)
        except QueryRefused as error:
            if self._watch is not None:
                self._watch.refused(type(error).__name__)
            raise

    def close(self) -> None:
        """Let every worker go."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, {}
        self.helpers.close()
        for each in idle.values():
            for worker in each:
                worker.close()

    def _fast_or_slow(self, job: Job, lane: str, digest: str) -> Answered:
        try:
            return self._in_lane(job, lane, digest)
        except TooSlow:
            if lane == "slow" or self.config.deadline <= self.config.fast_deadline:
                raise
        return self._in_lane(job, "slow", digest)

    def _in_lane(self, job: Job, lane: str, digest: str) -> Answered:
        turns = self._lanes[lane]
        turn = turns.begin(CLIENT.get(), job.query)
        try:
            return self._answered(job, lane, digest, turn)
        finally:
            turns.end(turn)

    def _deadline(self, lane: str) -> tuple[float, float]:
        """Return the seconds that a job may take, and those of the processor (0 for any number).

        In the fast lane they are the fewer, the more wait. On a busy machine a short job takes long
        by the clock, so that the bound by the processor is the stricter one.
        """
        deadline = self._deadlines[lane]
        if lane != "fast":
            return deadline, 0.0
        crowd = self._lanes[lane].waiting / self.config.workers[lane]
        share = deadline / (1 + crowd)
        again = self.config.deadline > deadline  # in the slow lane
        processor = max(_HASTE_OF_PROCESSOR, share) if again else 0.0
        return max(min(deadline, _HASTE), share), processor

    def _answered(self, job: Job, lane: str, digest: str, turn: Turn) -> Answered:
        deadline, processor = self._deadline(lane)
        request = {
            "select": job.select,
            "construct": job.construct,
            "default_graphs": job.default_graphs,
            "named_graphs": job.named_graphs,
            "deadline": deadline,
            "processor": processor,
            "largest_answer": self.config.largest_answer,
        }
        attempts = 0
        until = time.monotonic() + self.config.patience
        while True:
            worker = self._worker(lane, digest)
            # a client is not charged for a worker that has to be forked, as others' were ended
            turn.began = began = time.monotonic()
            try:
                head, body = worker.ask(request, job.query)
            except workers.NotThere:
                worker.close()
                if began > until:
                    raise _starting() from None
                continue
            except EOFError:
                attempts += 1
                if time.monotonic() - began < deadline:
                    how = worker.how_it_ended()
                else:
                    how = signal.SIGALRM
                    worker.close()
                if attempts < 3 and how in (None, 0, signal.SIGKILL, signal.SIGTERM):
                    continue  # not the job's doing, as far as one can tell
                if self._watch is not None:
                    self._watch.kill(lane)
                raise _ended(how, deadline) from None
            except BaseException:
                worker.close()
                raise
            turn.used = head["used"]
            if head["last"]:
                worker.close()
            else:
                self._put_back(worker, digest)
            return _read(head, body)

    def _worker(self, lane: str, digest: str) -> workers.Worker:
        """Return a worker that has nothing to do, or a new one."""
        with self._lock:
            idle = self._idle.get((digest, lane == "slow"))
            if idle:
                return idle.pop()
        address = socket_of(self._run, digest)
        until = time.monotonic() + self.config.patience
        while True:
            try:
                return workers.fetch(address, gives_way=lane == "slow")
            except Busy:  # others are about to end
                if time.monotonic() > until:
                    raise
            except OSError:  # its keeper died, and is being started again
                self.kept(digest)
                if time.monotonic() > until:
                    raise _starting() from None
            time.sleep(0.05)

    def _put_back(self, worker: workers.Worker, digest: str) -> None:
        """Keep a worker for the next job; of those that give way, as many as there are turns."""
        kept = self._snapshots.digests()
        with self._lock:
            idle = self._idle.setdefault((digest, worker.gives_way), [])
            too_many = worker.gives_way and len(idle) >= self.config.workers["slow"]
            closed = self._closed or digest not in kept or too_many
            if not closed:
                idle.append(worker)
            stale = [
                each
                for key in list(self._idle)
                if key[0] not in kept
                for each in self._idle.pop(key)
            ]
        if closed:
            stale.append(worker)
        for each in stale:
            each.close()


class PoolEngine:
    """The pool as an engine for pages and stored questions, over one snapshot.

    It lives as long as a request, and asks the workers for the same answer only once.
    """

    def __init__(self, pool: Pool, digest: str, lane: str = "question") -> None:
        self.digest = digest
        self._pool = pool
        self._lane = lane
        self._answered: dict[str, Answered] = {}
        self._begun: dict[str, Begun[Answered]] = {}
        self.labels = pool.labels(digest)

    def ahead(self, sparql: str) -> None:
        """Begin with a query that will be asked soon."""
        if sparql not in self._answered and sparql not in self._begun:
            self._begun[sparql] = self._pool.helpers.begin(partial(self._ask, sparql))

    def query(self, sparql: str) -> Results:
        """Answer one query.

        :raises QuerySyntax: it does not parse
        :raises QueryRefused: it gets no answer
        """
        found = self._answered.get(sparql)
        if found is None:
            begun = self._begun.pop(sparql, None)
            found = begun.result() if begun is not None else self._ask(sparql)
            self._answered[sparql] = found
        if found.kind == "graph":
            store = ox.Store()
            store.load(found.body, format=ox.RdfFormat.N_TRIPLES)
            return store.query("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }")
        read = ox.parse_query_results(found.body, format=ox.QueryResultsFormat.JSON)
        assert isinstance(read, ox.QuerySolutions | ox.QueryBoolean)
        return read

    def _ask(self, sparql: str) -> Answered:
        return self._pool.answer(Job(sparql), lane=self._lane, digest=self.digest)


def _each(lane: str, turns: Mapping[str, int]) -> int:
    """Return how many turns one client may have: of the slow ones, one is left for another."""
    return max(1, turns[lane] - 1) if lane == "slow" else turns[lane]


def _starting() -> Busy:
    return Busy("The server is starting again. Try again in a few seconds.", retry_after=5)


def _read(head: Mapping[str, Any], body: bytes) -> Answered:
    if head["status"] == "ok":
        return Answered(head["media"], body, head["kind"])
    if head["status"] == "syntax":
        raise QuerySyntax(head["message"], head["line"], head["column"])
    raise _REFUSALS.get(head["code"], QueryRefused)(head["detail"], head["code"])


def _ended(how: int | None, deadline: float) -> QueryRefused:
    if how in (signal.SIGALRM, signal.SIGPROF):
        return TooSlow(
            f"The query took longer than {deadline:g} seconds and was stopped. "
            "Ask for less: name a force or an item, or add LIMIT."
        )
    return Crashed("The query was too large for the server. Shorten it, or ask for less at a time.")
