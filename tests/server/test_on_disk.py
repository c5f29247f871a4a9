"""A server over a store on disk: confined, bounded, swapped and started again as one in memory."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.request import urlopen

import pyoxigraph as ox
import pytest

from peelgraph import ondisk, snapshot
from peelgraph.namespaces import PEEL
from peelserver.answering import workers
from peelserver.answering.jobs import Crashed, Job, QueryRefused, TooSlow
from peelserver.answering.pool import Pool, PoolEngine
from peelserver.answering.snapshots import held, socket_of
from peelserver.config import Config
from peelserver.processes import probes
from peelserver.processes.keepers import KeeperFailed, Keepers, digest_of

if TYPE_CHECKING:
    from tests.server.conftest import Live

Keep = Callable[[Config], AbstractContextManager[tuple[Config, Keepers]]]
Serve = Callable[..., AbstractContextManager["Live"]]
Until = Callable[[Callable[[], bool]], None]
Write = Callable[[Path, ox.Store], Path]

CSV = "text/csv"


@pytest.fixture(scope="module")
def kept(keep: Keep, shipped_on_disk: Path) -> Iterator[Config]:
    config = Config(
        snapshot=shipped_on_disk,
        store="disk",
        deadline=4.0,
        fast_deadline=4.0,
        memory=256 << 20,
        merge_bound=100,
    )
    with keep(config) as (running, _):
        yield running


@pytest.fixture(scope="module")
def pool(kept: Config) -> Iterator[Pool]:
    assert kept.run is not None
    made = Pool(kept, kept.run)
    yield made
    made.close()


def test_a_query_that_reads_everything_is_answered(pool: Pool, shipped_on_disk: Path) -> None:
    store = snapshot.load(shipped_on_disk)
    for where in ("{ ?s ?p ?o }", "{ GRAPH ?g { ?s ?p ?o } }"):
        query = f"SELECT (COUNT(*) AS ?n) (SUM(STRLEN(STR(?o))) AS ?m) {where}"
        expected = store.query(query)
        assert isinstance(expected, ox.QuerySolutions)
        said = pool.answer(Job(query, select=CSV), lane="fast").body.decode().split()[1]
        assert said == ",".join(each.value for each in next(expected) if each is not None)


def test_its_worker_can_open_nothing(kept: Config) -> None:
    assert kept.run is not None
    worker = workers.fetch(socket_of(kept.run, digest_of(kept.snapshot)))
    limits = Path(f"/proc/{worker.pid}/limits").read_text("ascii")
    assert [line.split()[3:5] for line in limits.splitlines() if "open files" in line] == [
        ["0", "0"]
    ]
    fds = Path(f"/proc/{worker.pid}/fd")
    opened = {str(each.readlink()) for each in fds.iterdir()}
    store = ondisk.path_of(kept.snapshot)
    assert {str(each) for each in store.glob("*.sst")} <= opened
    strange = {each for each in opened if not each.startswith((str(store), "pipe:", "socket:"))}
    assert strange == {os.devnull}
    worker.close()


@pytest.mark.parametrize("form", ["SERVICE <http://127.0.0.1:{}/>", "SERVICE SILENT <file://{}>"])
def test_nothing_is_reached(pool: Pool, form: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setblocking(False)
        query = f"SELECT * {{ {form.format(listener.getsockname()[1])} {{ ?s ?p ?o }} }}"
        try:
            assert b"127" not in pool.answer(Job(query), lane="fast").body
        except QueryRefused as error:
            assert error.status == 400
        with pytest.raises(BlockingIOError):
            listener.accept()


def test_a_query_of_much_memory_is_refused_and_others_go_on(pool: Pool) -> None:
    hungry = "SELECT ?a ?c { ?a ?b ?x . ?c ?d ?y } ORDER BY ?x"
    with pytest.raises(Crashed):
        pool.answer(Job(hungry), lane="fast")
    assert pool.answer(Job("ASK {}"), lane="fast").kind == "boolean"


def test_a_killed_worker_is_made_up_for(pool: Pool, kept: Config) -> None:
    assert kept.run is not None
    address = socket_of(kept.run, digest_of(kept.snapshot))
    victim = workers.fetch(address)
    os.kill(victim.pid, signal.SIGKILL)
    assert victim.how_it_ended() == signal.SIGKILL
    assert pool.answer(Job("ASK { ?s a peel:CauseOfConcern }", select=CSV), lane="fast").body == (
        b"true"
    )


def test_it_is_said_to_be_on_disk(kept: Config) -> None:
    assert kept.run is not None
    assert held(kept.run, digest_of(kept.snapshot)) == "disk"
    assert held(kept.run, "none") is None


def test_a_keeper_on_disk_holds_no_store(kept: Config) -> None:
    assert kept.run is not None
    worker = workers.fetch(socket_of(kept.run, digest_of(kept.snapshot)))
    keeper = worker.number.partition(".")[0]
    opened = {str(each.readlink()) for each in Path(f"/proc/{keeper}/fd").iterdir()}
    assert [each for each in opened if each.endswith(".sst")] == []
    assert str(ondisk.path_of(kept.snapshot) / "SHA256SUMS") in opened
    worker.close()


def test_a_question_that_takes_too_long_is_said_and_no_trouble(pool: Pool, kept: Config) -> None:
    class Slow(PoolEngine):
        def query(self, sparql: str) -> Any:
            if "peel:PoliceForce" in sparql or PEEL + "digest" in sparql or "ASK" in sparql:
                return super().query(sparql)
            raise TooSlow("It took too long.")

    said: list[str] = []
    assert probes.trouble(Slow(pool, digest_of(kept.snapshot)), said.append) is None
    assert "The question 'themes' takes too long here" in "\n".join(said)


def test_where_the_store_cannot_be_made_it_says_what_to_do(
    shipped_snapshot: Path, tmp_path: Path
) -> None:
    for file in (shipped_snapshot, snapshot.checksum_path(shipped_snapshot)):
        (tmp_path / file.name).symlink_to(file)
    path = tmp_path / shipped_snapshot.name
    path.with_name(f".{path.stem}.store.partial").write_text("in the way")
    said: list[str] = []
    keepers = Keepers(Config(snapshot=path, store="disk"), tmp_path, said.append)
    with pytest.raises(KeeperFailed, match="or use --store memory"):
        keepers.start(path)
    assert keepers.digests == []
    assert said == [
        f"Snapshot {path.name[:12]} ({path.stat().st_size / 1e6:.0f} MB) is held on disk, as "
        "--store disk says; its store is made first, which takes a while."
    ]


def served(address: str) -> str:
    with urlopen(address + "health", timeout=60) as answer:
        return str(json.load(answer)["snapshot"])


@pytest.mark.slow
def test_killed_while_the_store_is_made_the_next_start_makes_it(
    serve: Serve, until: Until, below: Callable[[int], set[int]], tmp_path: Path, write: Write
) -> None:
    store = ox.Store()
    subject, predicate = ox.NamedNode("https://e.test/s"), ox.NamedNode("https://e.test/p")
    store.bulk_extend(
        ox.Quad(subject, predicate, ox.Literal(n), ox.NamedNode("https://e.test/g"))
        for n in range(400_000)
    )
    path = write(tmp_path, store)
    partial = path.with_name(f".{path.stem}.store.partial")
    command = [sys.executable, "-m", "peelgraph", "serve", "--port", "0", "--store", "disk"]
    killed = subprocess.Popen([*command, "--snapshot", str(path)], stderr=subprocess.PIPE)
    until(lambda: partial.is_dir() and any(partial.glob("*.sst")))
    all_of_them = below(killed.pid)
    killed.kill()
    killed.communicate()
    until(lambda: not any(Path(f"/proc/{pid}/exe").exists() for pid in all_of_them))
    assert partial.is_dir() and not ondisk.path_of(path).exists()
    with serve("--store", "disk", "--snapshot", str(path)) as live:
        assert served(live.address) == digest_of(path)
        assert "its store is made first" in live.said()
    assert not partial.exists() and ondisk.is_whole(ondisk.path_of(path))


@pytest.mark.slow
def test_a_stop_while_the_store_is_made_is_one(until: Until, tmp_path: Path, write: Write) -> None:
    store = ox.Store()
    subject, predicate = ox.NamedNode("https://e.test/s"), ox.NamedNode("https://e.test/p")
    store.bulk_extend(ox.Quad(subject, predicate, ox.Literal(n)) for n in range(400_000))
    path = write(tmp_path, store)
    partial = path.with_name(f".{path.stem}.store.partial")
    command = [sys.executable, "-m", "peelgraph", "serve", "--port", "0", "--store", "disk"]
    process = subprocess.Popen([*command, "--snapshot", str(path)], stderr=subprocess.PIPE)
    until(lambda: partial.is_dir() and any(partial.glob("*.sst")))
    process.terminate()
    _, said = process.communicate(timeout=60)
    assert process.returncode == 0
    assert b"Error" not in said


@pytest.mark.slow
def test_a_new_snapshot_is_swapped_in(
    serve: Serve, until: Until, tmp_path: Path, write: Write, shipped_on_disk: Path
) -> None:
    pointer = tmp_path / "current"
    pointer.write_text(str(shipped_on_disk))
    store = snapshot.load(shipped_on_disk)
    store.add(ox.Quad(ox.NamedNode("e:this"), ox.NamedNode("e:is"), ox.Literal("new")))
    new = write(tmp_path, store)
    with serve("--store", "disk", "--snapshot", str(pointer), "--processes", "1") as live:
        old = served(live.address)
        pointer.write_text(str(new))
        live.process.send_signal(signal.SIGHUP)
        until(lambda: served(live.address) == digest_of(new))
        assert ondisk.is_whole(ondisk.path_of(new))
        query = "sparql?query=ASK%7B%3Ce:this%3E%3Ce:is%3E%22new%22%7D"
        with urlopen(live.address + query, timeout=60) as answer:
            assert json.load(answer)["boolean"]
        with urlopen(f"{live.address}questions/status?snapshot={old}", timeout=60) as answer:
            assert answer.status == 200
