"""A keeper forks workers, hands them out, knows how they ended, and outlives nobody."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from peelgraph.build import ensure
from peelserver.answering import workers
from peelserver.answering.jobs import Busy
from peelserver.answering.snapshots import socket_of
from peelserver.config import Config
from peelserver.processes.keeper import SPARE
from peelserver.processes.keepers import ALLOCATING, Keepers, digest_of

Keep = Callable[[Config], AbstractContextManager[tuple[Config, Keepers]]]


def job(query: str, deadline: float = 5.0) -> tuple[dict[str, object], str]:
    request: dict[str, object] = {
        "select": "application/sparql-results+json",
        "construct": "application/n-triples",
        "default_graphs": None,
        "named_graphs": None,
        "deadline": deadline,
        "processor": 0.0,
        "largest_answer": 1 << 20,
    }
    return request, query


def children(of: int) -> set[int]:
    found = Path(f"/proc/{of}/task/{of}/children").read_text("ascii")
    return {int(pid) for pid in found.split()}


def eventually(true: Callable[[], bool], seconds: float = 30.0) -> bool:
    until = time.monotonic() + seconds
    while not true():
        if time.monotonic() > until:
            return False
        time.sleep(0.01)
    return True


@pytest.fixture
def keeper(keep: Keep) -> Iterator[Path]:
    """Return the address of a keeper."""
    with keep(Config(snapshot=ensure(), web_processes=1)) as (config, _):
        assert config.run is not None
        yield socket_of(config.run, digest_of(config.snapshot))


def test_a_worker_answers_one_job_after_another(keeper: Path) -> None:
    worker = workers.fetch(keeper)
    for _ in range(3):
        head, body = worker.ask(*job("ASK { ?s ?p ?o }"))
        assert (head["status"], body) == ("ok", b'{"head":{},"boolean":true}')
        assert head["used"] > 0
    worker.close()


def test_workers_keep_more_memory_at_hand_than_by_default(keeper: Path) -> None:
    worker = workers.fetch(keeper)
    of = worker.number.partition(".")[0]
    found = Path(f"/proc/{of}/environ").read_bytes()
    worker.close()
    (name, value) = next(iter(ALLOCATING.items()))
    # the C library reads the settings where they stand, and ends each one as it does
    assert f"{name}={value}".encode() in found.replace(b"\0", b":")


def test_spare_workers_wait_and_are_made_up_for(keeper: Path) -> None:
    first = workers.fetch(keeper)
    of = int(first.number.partition(".")[0])
    assert eventually(lambda: len(children(of)) == SPARE + 1)
    first.close()
    assert eventually(lambda: len(children(of)) == SPARE)


def test_it_knows_how_a_worker_ended(keeper: Path) -> None:
    worker = workers.fetch(keeper)
    os.kill(worker.pid, signal.SIGKILL)
    assert worker.how_it_ended() == signal.SIGKILL
    worker = workers.fetch(keeper)
    with pytest.raises(EOFError):
        worker.ask(*job("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }", 0.1))
    assert worker.how_it_ended() == signal.SIGALRM


def test_a_worker_that_hangs_is_killed_when_it_is_given_up(keeper: Path) -> None:
    worker = workers.fetch(keeper)
    os.kill(worker.pid, signal.SIGSTOP)
    assert worker.how_it_ended() == signal.SIGKILL


def test_it_waits_for_no_worker_that_takes_its_time_to_end(keeper: Path) -> None:
    hanging = workers.fetch(keeper)
    os.kill(hanging.pid, signal.SIGSTOP)
    ended: list[int | None] = []
    asking = threading.Thread(target=lambda: ended.append(hanging.how_it_ended()))
    asking.start()
    worker = workers.fetch(keeper)
    assert worker.ask(*job("ASK {}"))[0]["status"] == "ok"
    assert ended == []
    worker.close()
    asking.join()
    assert ended == [signal.SIGKILL]


def test_it_waits_for_nobody_who_says_nothing(keeper: Path) -> None:
    with socket.socket(socket.AF_UNIX) as silent:
        silent.connect(str(keeper))
        worker = workers.fetch(keeper)
        assert worker.ask(*job("ASK {}"))[0]["status"] == "ok"
        worker.close()


def test_a_worker_ends_amid_its_job_when_whoever_asked_is_gone(keeper: Path) -> None:
    worker = workers.fetch(keeper)
    asking = subprocess.Popen(
        [sys.executable, "-c", "import sys; sys.stdin.read()"],
        stdin=subprocess.PIPE,
        pass_fds=[worker.lifeline],
    )
    from peelserver.answering import wire

    request, query = job("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }", 60)
    wire.send(worker.socket, request, query.encode())
    os.close(worker.lifeline)
    time.sleep(0.2)
    assert Path(f"/proc/{worker.pid}").exists()
    asking.kill()
    asking.communicate()
    assert eventually(lambda: not Path(f"/proc/{worker.pid}").exists())
    worker.socket.close()


def test_it_forks_no_more_than_it_may(keep: Keep) -> None:
    config = Config(
        snapshot=ensure(), web_processes=1, workers={"fast": 1, "slow": 0, "question": 0}
    )
    with keep(config) as (running, _):
        assert running.run is not None
        address = socket_of(running.run, digest_of(running.snapshot))
        held = [workers.fetch(address) for _ in range(2 + SPARE)]
        with pytest.raises(Busy):
            workers.fetch(address)
        for each in held:
            each.close()
        assert eventually(lambda: _can_fetch(address))


def test_workers_for_long_queries_never_take_the_place_of_others(keep: Keep) -> None:
    config = Config(
        snapshot=ensure(), web_processes=1, workers={"fast": 1, "slow": 1, "question": 0}
    )
    with keep(config) as (running, _):
        assert running.run is not None
        address = socket_of(running.run, digest_of(running.snapshot))
        long = [workers.fetch(address, gives_way=True) for _ in range(2)]
        for each in long:  # they are to end, and do not
            os.kill(each.pid, signal.SIGSTOP)
            each.close()
        with pytest.raises(Busy):
            workers.fetch(address, gives_way=True)
        for each in [workers.fetch(address) for _ in range(2 + SPARE)]:
            each.close()
        os.kill(long[0].pid, signal.SIGKILL)
        assert eventually(lambda: _can_fetch(address, gives_way=True))


def _can_fetch(address: Path, *, gives_way: bool = False) -> bool:
    try:
        workers.fetch(address, gives_way=gives_way).close()
    except Busy:
        return False
    return True


def test_there_is_no_worker_of_a_snapshot_that_is_not_kept(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        workers.fetch(tmp_path / "none.sock")


def test_a_retired_keeper_lets_its_workers_finish(keeper: Path) -> None:
    worker = workers.fetch(keeper)
    of = int(worker.number.partition(".")[0])
    os.kill(of, signal.SIGUSR1)
    assert eventually(lambda: not keeper.exists())
    assert worker.ask(*job("ASK {}"))[0]["status"] == "ok"
    worker.close()
    assert eventually(lambda: not children_if_any(of))


def children_if_any(of: int) -> set[int]:
    try:
        return children(of)
    except FileNotFoundError:
        return set()


def test_workers_die_with_their_keeper(keeper: Path) -> None:
    worker = workers.fetch(keeper)
    of = int(worker.number.partition(".")[0])
    all_of_them = children(of)
    os.kill(of, signal.SIGKILL)
    assert eventually(lambda: not any(Path(f"/proc/{pid}").exists() for pid in all_of_them))
    worker.close()


def test_a_damaged_snapshot_is_not_kept(tmp_path: Path) -> None:
    from peelserver.processes.keepers import KeeperFailed

    bad = tmp_path / f"{'0' * 64}.nq"
    bad.write_text("<a:a> <a:a> <a:a> .\n")
    keepers = Keepers(Config(snapshot=bad), tmp_path)
    with pytest.raises(KeeperFailed):
        keepers.start(bad)
    assert keepers.digests == []
