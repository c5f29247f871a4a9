"""The pool: deadlines that hold for every operator, lanes, and workers that die."""

import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

import pyoxigraph as ox
import pytest

from peelserver.answering import pool as pool_module
from peelserver.answering.jobs import Busy, Crashed, Gone, Job, QueryRefused, TooSlow
from peelserver.answering.lanes import Lane
from peelserver.answering.pool import CLIENT, Pool, PoolEngine
from peelserver.answering.workers import NotThere, Worker
from peelserver.config import Config
from peelserver.processes.keepers import Keepers, digest_of

Keep = Callable[[Config], AbstractContextManager[tuple[Config, Keepers]]]
Write = Callable[[Path, ox.Store], Path]

ASK = Job("ASK { ?s ?p ?o }")
CROSS = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i"
ALL = "CONCAT(STR(?a), STR(?d), STR(?g))"
VALUES = " ".join(f"VALUES ?v{n} {{ {' '.join(map(str, range(40)))} }}" for n in range(6))
DOUBLING = "BIND('abcdefgh' AS ?v0) " + " ".join(
    f"BIND(CONCAT(?v{n}, ?v{n}) AS ?v{n + 1})" for n in range(40)
)

#: some hundred milliseconds
LONG = Job(
    "SELECT (COUNT(*) AS ?n) { { SELECT ?a { ?a ?b ?c } LIMIT 300 } ?d ?e ?f "
    "FILTER (STRLEN(CONCAT(STR(?a), STR(?d))) > 1) }"
)
LONG_ANSWER = b'"1500300"'

#: each would run for hours
RUNAWAY = {
    "count": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "distinct": "SELECT DISTINCT ?a ?d ?g { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } OFFSET 99999999",
    "order": "SELECT ?a { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?c ?f ?i LIMIT 1",
    "group": "SELECT ?a (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } GROUP BY ?a ?d",
    "cross": f"SELECT * {{ {CROSS} FILTER ({ALL} = 'none') }}",
    "values": f"SELECT (COUNT(*) AS ?n) {{ {VALUES} }}",
    "path": "SELECT (COUNT(*) AS ?n) { ?a (<e:p>/<e:p>/<e:p>/<e:p>/<e:p>/<e:p>/<e:p>/<e:p>) ?b }",
    "cycle": "SELECT (COUNT(*) AS ?n) { ?a <e:p>+ ?b . ?b <e:p>+ ?c . ?c <e:p>* ?d }",
    "exists": "SELECT * { ?a ?b ?c FILTER NOT EXISTS { ?d ?e ?f . ?g ?h ?i FILTER (?f = ?a) } }",
    "optional": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c OPTIONAL { ?d ?e ?f OPTIONAL { ?g ?h ?i } } }",
    "regex": f"SELECT * {{ {CROSS} FILTER REGEX({ALL}, '(x+x+)+y') }}",
    "construct": "CONSTRUCT { ?a ?b ?i } { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "ask": f"ASK {{ {CROSS} FILTER ({ALL} = 'none') }}",
    "huge": "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
}

#: those that may reach the bound of memory, or of the answer, before the deadline
GREEDY = ("distinct", "huge", "construct", "order", "group", "optional")

#: each ends a process that parses or evaluates it
FATAL = {
    "braces": "SELECT * {" + "{" * 20_000 + "}" * 20_000 + "}",
    "blank nodes": "SELECT * { ?s ?p " + "[ <e:p> " * 9_000 + "1" + " ]" * 9_000 + " }",
    "optionals": "SELECT * { ?s ?p ?o " + "OPTIONAL { ?s ?p ?o } " * 9_000 + "}",
    "brackets": "SELECT * { FILTER (" + "(" * 20_000 + "1" + ")" * 20_000 + ") }",
    "signs": "SELECT * { FILTER (" + "!" * 60_000 + "true) }",
    "doubling": f"SELECT (STRLEN(?v40) AS ?n) {{ {DOUBLING} }}",
    "aggregate": "SELECT (GROUP_CONCAT(CONCAT(STR(?a), STR(?c), STR(?d), STR(?f))) AS ?all) "
    "{ ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
}


@dataclass(frozen=True, slots=True)
class Noted:
    """Notes what a pool tells it."""

    ended: list[str]

    def kill(self, lane: str) -> None:
        self.ended.append(lane)

    def refused(self, why: str) -> None:
        self.ended.append(why)


@pytest.fixture(scope="module")
def snapshot(write: Write, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write a snapshot with a thousand nodes in a circle, each with five edges."""
    store = ox.Store()
    size = 1000
    store.load(
        "".join(
            f"<e:{n}> <e:p> <e:{(n + step) % size}> .\n"
            for n in range(size)
            for step in (1, *range(7, 11))
        ),
        format=ox.RdfFormat.N_TRIPLES,
    )
    return write(tmp_path_factory.mktemp("circle"), store)


@pytest.fixture(scope="module")
def config(snapshot: Path) -> Config:
    return Config(
        snapshot=snapshot,
        web_processes=1,
        fast_deadline=0.2,
        deadline=0.5,
        memory=256 << 20,
        largest_answer=4 << 20,
        patience=3.0,
    )


@pytest.fixture(scope="module")
def pool(keep: Keep, config: Config) -> Iterator[Pool]:
    with keep(config) as (running, _):
        assert running.run is not None
        made = Pool(running, running.run)
        yield made
        made.close()


class TestDeadlines:
    @pytest.mark.parametrize("name", RUNAWAY)
    def test_they_hold_for_every_operator(self, pool: Pool, name: str) -> None:
        started = time.monotonic()
        with pytest.raises(QueryRefused) as refused:
            pool.answer(Job(RUNAWAY[name]), lane="fast")
        assert time.monotonic() - started < 3
        assert refused.value.status in (413, 504)
        if name not in GREEDY:
            assert isinstance(refused.value, TooSlow)
            assert "0.5 seconds" in refused.value.detail

    @pytest.mark.parametrize("name", FATAL)
    def test_what_ends_a_worker_is_too_large_or_too_slow(self, pool: Pool, name: str) -> None:
        with pytest.raises(QueryRefused) as refused:
            pool.answer(Job(FATAL[name]), lane="fast")
        assert refused.value.status in (413, 504)
        assert pool.answer(ASK, lane="fast").body == b'{"head":{},"boolean":true}'

    def test_nested_braces_crash_the_worker_and_say_so(self, pool: Pool) -> None:
        with pytest.raises(Crashed) as refused:
            pool.answer(Job(FATAL["braces"]), lane="fast")
        assert "too large" in refused.value.detail

    def test_the_next_answer_comes_soon(self, pool: Pool) -> None:
        with suppress(TooSlow):
            pool.answer(Job(RUNAWAY["count"]), lane="slow")
        started = time.monotonic()
        pool.answer(ASK, lane="slow")
        assert time.monotonic() - started < 1

    def test_stored_questions_are_not_asked_twice(self, pool: Pool) -> None:
        config = replace(pool.config, question_deadline=0.2)
        assert pool.config.run is not None
        other = Pool(config, pool.config.run)
        with pytest.raises(TooSlow) as refused:
            other.answer(Job(RUNAWAY["count"]), lane="question")
        assert "0.2 seconds" in refused.value.detail
        other.close()


class TestLanes:
    def test_what_overruns_the_fast_lane_is_asked_again_in_the_slow_one(self, pool: Pool) -> None:
        assert pool.config.run is not None
        killed: list[str] = []
        config = replace(pool.config, fast_deadline=0.01, deadline=20)
        other = Pool(config, pool.config.run, Noted(killed))
        answer = other.answer(LONG, lane="fast")
        assert LONG_ANSWER in answer.body
        assert killed == ["fast"]
        other.close()

    def test_short_queries_are_answered_while_long_ones_run(self, pool: Pool) -> None:
        stop = time.monotonic() + 2
        refusals: Counter[int] = Counter()

        def attack() -> None:
            CLIENT.set("attacker")
            while time.monotonic() < stop:
                try:
                    pool.answer(Job(RUNAWAY["count"]), lane="fast")
                except QueryRefused as error:
                    refusals[error.status] += 1

        attackers = [threading.Thread(target=attack) for _ in range(12)]
        for each in attackers:
            each.start()
        waits = []
        while time.monotonic() < stop:
            started = time.monotonic()
            pool.answer(ASK, lane="fast")
            waits.append(time.monotonic() - started)
            time.sleep(0.02)
        for each in attackers:
            each.join()
        assert max(waits) < 2
        assert set(refusals) <= {503, 504}

    @pytest.mark.parametrize("lane", ["question", "fast", "slow"])
    def test_a_worker_shares_the_processor_and_a_slow_one_leaves_it_to_others(
        self, pool: Pool, lane: str
    ) -> None:
        other = Pool(pool.config, pool.config.run or Path())
        other.answer(ASK, lane=lane)
        ((_, gives_way), (worker,)) = next(iter(other._idle.items()))
        assert gives_way == (lane == "slow")
        ours = os.getpriority(os.PRIO_PROCESS, 0)
        assert os.getpriority(os.PRIO_PROCESS, worker.pid) == ours
        expected = os.SCHED_IDLE if lane == "slow" else os.SCHED_OTHER
        assert os.sched_getscheduler(worker.pid) == expected
        other.close()

    def test_the_more_wait_the_less_of_the_processor_a_job_may_take(
        self, pool: Pool, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        config = replace(pool.config, fast_deadline=20, deadline=30)
        other = Pool(config, pool.config.run or Path())
        killed: list[str] = []
        monkeypatch.setattr(Lane, "waiting", 1_000_000)
        monkeypatch.setattr(other, "_watch", Noted(killed))
        monkeypatch.setattr(pool_module, "_HASTE", 20)
        assert LONG_ANSWER in other.answer(LONG, lane="fast").body
        assert killed == ["fast"]
        other.close()

    def test_each_job_has_the_processor_for_itself(self, pool: Pool) -> None:
        config = replace(pool.config, fast_deadline=1.0, deadline=30)
        ended: list[str] = []
        other = Pool(config, pool.config.run or Path(), Noted(ended))
        short = Job(LONG.query.replace("LIMIT 300", "LIMIT 40"))
        workers = set()
        used = 0.0
        while used <= config.fast_deadline:
            other.answer(short, lane="fast")
            [worker] = other._idle[other.current(), False]
            workers.add(worker.pid)
            times = Path(f"/proc/{worker.pid}/stat").read_text("ascii").split()[13:15]
            used = sum(map(int, times)) / os.sysconf("SC_CLK_TCK")
        other.answer(short, lane="question")
        assert (len(workers), ended) == (1, [])
        other.close()

    def test_a_worker_that_has_taken_much_is_let_go(self, pool: Pool) -> None:
        other = Pool(pool.config, pool.config.run or Path())
        idle = other._idle.setdefault((other.current(), False), [])
        other.answer(ASK, lane="fast")
        assert len(idle) == 1
        much = DOUBLING.partition(" AS ?v23)")[0] + " AS ?v23)"
        other.answer(Job(f"SELECT (STRLEN(?v23) AS ?n) {{ {much} }}"), lane="question")
        assert idle == []
        other.close()

    def test_of_those_that_give_way_no_more_are_kept_than_have_turns(self, pool: Pool) -> None:
        other = Pool(pool.config, pool.config.run or Path())
        digest = other.current()
        most = other.config.workers["slow"]
        for worker in [other._worker("slow", digest) for _ in range(most + 1)]:
            other._put_back(worker, digest)
        assert len(other._idle[digest, True]) == most
        other.close()

    def test_no_turn_in_time_is_a_refusal_with_a_time_to_come_back(self, pool: Pool) -> None:
        assert pool.config.run is not None
        config = replace(pool.config, workers={"fast": 0, "slow": 0, "question": 0}, patience=0.05)
        other = Pool(config, pool.config.run)
        with pytest.raises(Busy) as refused:
            other.answer(ASK, lane="fast")
        assert refused.value.retry_after == 1


class TestWorkersThatDie:
    def test_one_killed_while_idle_is_replaced(self, pool: Pool) -> None:
        pool.answer(ASK, lane="fast")
        for idle in pool._idle.values():
            for worker in idle:
                os.kill(worker.pid, signal.SIGKILL)
        assert pool.answer(ASK, lane="fast").kind == "boolean"

    def test_a_keeper_whose_workers_all_end_at_once_is_a_refusal(
        self, pool: Pool, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def gone(worker: Worker, *job: object) -> None:
            raise NotThere

        monkeypatch.setattr(Worker, "ask", gone)
        other = Pool(replace(pool.config, patience=0.05), pool.config.run or Path())
        with pytest.raises(Busy):
            other.answer(ASK, lane="fast")
        other.close()

    def test_one_killed_amid_a_job_is_replaced_and_asked_again(self, pool: Pool) -> None:
        assert pool.config.run is not None
        other = Pool(replace(pool.config, deadline=20), pool.config.run)
        other.answer(ASK, lane="slow")
        pid = next(each.pid for idle in other._idle.values() for each in idle)
        threading.Timer(0.1, os.kill, (pid, signal.SIGKILL)).start()
        answer = other.answer(LONG, lane="slow")
        assert LONG_ANSWER in answer.body
        other.close()

    def test_others_do_not_notice(self, pool: Pool) -> None:
        with pool._lanes["slow"].turn("other"):
            worker = pool._worker("slow", pool.current())
        with suppress(QueryRefused):
            pool.answer(Job(FATAL["braces"]), lane="fast")
        pool._put_back(worker, pool.current())
        assert pool.answer(ASK, lane="slow").kind == "boolean"
        assert worker in [each for idle in pool._idle.values() for each in idle]

    def test_a_worker_that_took_much_memory_is_let_go(self, pool: Pool) -> None:
        other = Pool(replace(pool.config, deadline=20), pool.config.run or Path())
        other.answer(
            Job(f"SELECT (STRLEN(?v22) AS ?n) {{ {DOUBLING.split('BIND(CONCAT(?v22')[0]} }}"),
            lane="slow",
        )
        assert not any(other._idle.values())
        other.close()

    def test_a_keeper_that_is_killed_is_started_again(self, keep: Keep, config: Config) -> None:
        with keep(replace(config, patience=30.0)) as (running, keepers):
            assert running.run is not None
            pool = Pool(running, running.run)
            pool.answer(ASK, lane="fast")
            os.kill(keepers._kept[pool.current()].process.pid, signal.SIGKILL)
            keepers._kept[pool.current()].process.wait()
            answers: list[str] = []
            asking = threading.Thread(
                target=lambda: answers.append(pool.answer(ASK, lane="fast").kind)
            )
            asking.start()
            time.sleep(0.2)
            keepers.watch()  # here: a keeper ends with the thread that started it
            asking.join()
            assert answers == ["boolean"]
            pool.close()


class TestSnapshots:
    def test_a_new_one_is_noticed_and_stale_workers_are_let_go(
        self, keep: Keep, config: Config, write: Write, tmp_path: Path
    ) -> None:
        store = ox.Store()
        store.add(ox.Quad(*map(ox.NamedNode, ("e:a", "e:b", "e:c"))))
        other = write(tmp_path, store)
        with keep(replace(config, keep=1)) as (running, keepers):
            assert running.run is not None
            pool = Pool(running, running.run)
            old = pool.current()
            pool.answer(ASK, lane="fast")
            keepers.start(other)
            keepers.publish(digest_of(other))
            time.sleep(0.6)
            assert pool.current() == digest_of(other) != old
            found = PoolEngine(pool, pool.current()).query("SELECT * { <e:a> ?b ?c }")
            assert isinstance(found, ox.QuerySolutions)
            assert len(list(found)) == 1
            assert [key[0] for key in pool._idle] == [digest_of(other)]
            with pytest.raises(Gone) as refused:
                pool.answer(ASK, lane="fast", digest=old)
            assert refused.value.status == 410
            pool.close()

    def test_one_that_is_kept_is_answered_from(
        self, keep: Keep, config: Config, write: Write, tmp_path: Path
    ) -> None:
        other = write(tmp_path, ox.Store())
        with keep(config) as (running, keepers):
            assert running.run is not None
            old = digest_of(config.snapshot)
            keepers.start(other)
            keepers.publish(digest_of(other))
            pool = Pool(running, running.run)
            assert pool.digests() == [digest_of(other), old]
            count = Job("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")
            assert b'"5001"' in pool.answer(count, lane="fast", digest=old).body
            assert b'"1"' in pool.answer(count, lane="fast").body
            pool.close()


def test_memory_is_bounded(pool: Pool) -> None:
    most = 0
    done = threading.Event()

    def measure() -> None:
        nonlocal most
        while not done.wait(0.01):
            most = max(most, max(map(_rss, _descendants(os.getpid())), default=0))

    thread = threading.Thread(target=measure)
    thread.start()
    for name in ("doubling", "aggregate"):
        with suppress(QueryRefused):
            pool.answer(Job(FATAL[name]), lane="slow")
    done.set()
    thread.join()
    assert 0 < most < pool.config.memory + (150 << 20)


def _descendants(of: int) -> list[int]:
    found = []
    for task in Path(f"/proc/{of}/task").iterdir():
        with suppress(OSError):
            for pid in map(int, (task / "children").read_text("ascii").split()):
                found += [pid, *_descendants(pid)]
    return found


def _rss(pid: int) -> int:
    with suppress(OSError):
        return int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1]) * 4096
    return 0
