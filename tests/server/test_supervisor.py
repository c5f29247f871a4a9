"""The supervisor: starts, says where it is, swaps snapshots, drains, and ends with nothing left."""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from click.testing import CliRunner

from peelgraph import snapshot
from peelgraph.alone import BeingBuilt, building
from peelgraph.build import ensure
from peelgraph.cli import cli
from peelserver.processes import dying, runfolder
from peelserver.processes.pointer import Pointer

long = pytest.mark.slow

Serve = Callable[..., AbstractContextManager[Any]]
Until = Callable[[Callable[[], bool]], None]
Write = Callable[[Path, ox.Store], Path]

SERVE = [sys.executable, "-m", "peelgraph", "serve"]


def health(address: str) -> dict[str, Any]:
    with urllib.request.urlopen(address + "health", timeout=60) as answer:
        found: dict[str, Any] = json.load(answer)
        return found


def served(address: str) -> str:
    return str(health(address)["snapshot"])


def variant(write: Write, folder: Path, mark: str) -> Path:
    """Write a snapshot that differs from the shipped one by a triple."""
    store = snapshot.load(ensure())
    store.add(ox.Quad(ox.NamedNode("e:this"), ox.NamedNode("e:is"), ox.Literal(mark)))
    return write(folder, store)


@long
def test_it_says_where_it_is_and_stops_at_an_interrupt(serve: Serve) -> None:
    with serve("--processes", "1") as live:
        assert health(live.address)["status"] == "ready"
        live.process.send_signal(signal.SIGINT)
        assert live.process.wait(120) == 0
        assert f"peelgraph is at {live.address} (Ctrl+C stops it)" in live.said()


def test_processes_have_groups_of_their_own_in_one_session() -> None:
    """Ctrl+C is for one group; sessions share the processors first, whoever gives way in them."""
    started = dying.start(["sleep", "60"])
    try:
        assert os.getpgid(started.pid) == started.pid != os.getpgid(0)
        assert os.getsid(started.pid) == os.getsid(0)
    finally:
        started.kill()
        started.wait()


def test_a_process_is_given_variables_that_are_not_set_already(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SET_ALREADY", "ours")
    started = dying.start(["sleep", "60"], SET_ALREADY="theirs", NOT_SET="theirs")
    try:
        given = Path(f"/proc/{started.pid}/environ").read_bytes().split(b"\0")
        assert {b"SET_ALREADY=ours", b"NOT_SET=theirs"} <= set(given)
    finally:
        started.kill()
        started.wait()


def test_a_taken_port_is_said_plainly() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        second = subprocess.run(
            [*SERVE, "--port", port], capture_output=True, text=True, timeout=120, check=False
        )
    assert second.returncode == 1
    assert f"port {port}" in second.stderr
    assert "Traceback" not in second.stderr


@pytest.mark.parametrize(
    "options",
    [
        ("--base-url", "javascript:alert(1)"),
        ("--base-url", "https://graph.example/below"),
        ("--base-url", "https://graph.example\r\nX: y"),
        ("--trusted-proxy", "everybody"),
    ],
)
def test_an_option_that_cannot_be_is_said_plainly(options: tuple[str, str], tmp_path: Path) -> None:
    snapshot = tmp_path / f"{'a' * 64}.nq"
    snapshot.touch()
    found = CliRunner().invoke(cli, ["serve", "--snapshot", str(snapshot), *options])
    assert found.exit_code == 2
    assert options[1][:10] in found.output


class TestRunFolder:
    def test_nowhere_to_write_to_is_said_plainly(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def refuse(prefix: str) -> str:
            raise FileNotFoundError("No usable temporary directory found")

        monkeypatch.setattr(tempfile, "mkdtemp", refuse)
        with pytest.raises(runfolder.NoRunFolder, match="TMPDIR"), runfolder.made():
            pass

    def test_a_stale_one_goes(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
        left = tmp_path / "peelrun-left"
        left.mkdir()
        (left / "lock").touch()
        with runfolder.made() as one, runfolder.made() as two:
            assert {one, two} == set(tmp_path.iterdir())
        assert not list(tmp_path.iterdir())


@long
def test_what_is_no_snapshot_is_said_plainly(tmp_path: Path) -> None:
    wrong = tmp_path / "notes.txt"
    wrong.write_text("nothing\n")
    for path, says in ((wrong, "leads to no snapshot"), (tmp_path / "none", "Cannot read")):
        found = subprocess.run(
            [*SERVE, "--port", "0", "--snapshot", str(path)],
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert found.returncode == 1
        assert says in found.stderr


@long
def test_two_servers_on_one_snapshot(serve: Serve) -> None:
    with serve("--processes", "1") as one, serve("--processes", "1") as two:
        assert served(one.address) == served(two.address)


def test_it_writes_to_its_run_folder_only_and_leaves_nothing(
    serve: Serve, write: Write, tmp_path: Path
) -> None:
    with tempfile.TemporaryDirectory(prefix="peel-") as short:  # a socket's path may not be long
        _only_its_run_folder(serve, write, tmp_path, Path(short))


def _only_its_run_folder(serve: Serve, write: Write, tmp_path: Path, run: Path) -> None:
    folders = [tmp_path / name for name in ("home", "cache", "data")]
    for each in folders:
        each.mkdir()
    home, cache, data = folders
    snapshot_ = variant(write, data, "alone")
    before = {each: each.stat().st_mtime_ns for each in tmp_path.rglob("*")}
    environment = {"TMPDIR": str(run), "HOME": str(home), "PEELGRAPH_CACHE": str(cache)}
    options = ("--processes", "1", "--snapshot", str(snapshot_))
    with serve(*options, environment=environment) as live:
        assert served(live.address) == snapshot_.stem
        with urllib.request.urlopen(live.address + "questions", timeout=60) as answer:
            assert answer.status == 200
        assert len(list(run.iterdir())) == 1
        assert {e: e.stat().st_mtime_ns for e in before} == before
    assert {each: each.stat().st_mtime_ns for each in tmp_path.rglob("*")} == before
    assert list(run.iterdir()) == []


def test_the_environment_is_no_part_of_a_request(serve: Serve) -> None:
    with (
        serve("--processes", "1", environment={"HTTP_IF_NONE_MATCH": "*"}) as live,
        urllib.request.urlopen(live.address + "sparql?query=ASK%7B%7D", timeout=60) as answer,
    ):
        assert answer.status == 200


class TestSwap:
    def test_no_request_is_dropped(
        self, serve: Serve, write: Write, until: Until, tmp_path: Path
    ) -> None:
        first, second = (variant(write, tmp_path, mark) for mark in "ab")
        pointer = tmp_path / "current"
        pointer.symlink_to(first.name)
        with serve("--snapshot", str(pointer), "--rate", "0") as live:
            answers: list[list[str]] = [[] for _ in range(4)]
            failures: list[Exception] = []
            stop = threading.Event()

            def ask(mine: list[str]) -> None:
                try:
                    while not stop.is_set():
                        mine.append(served(live.address))
                except Exception as error:
                    failures.append(error)

            asking = [threading.Thread(target=ask, args=(mine,)) for mine in answers]
            for each in asking:
                each.start()
            until(lambda: all(answers))
            beside = tmp_path / "next"
            beside.symlink_to(second.name)
            beside.rename(pointer)
            try:
                until(lambda: bool(failures) or all(set(m[-9:]) == {second.stem} for m in answers))
            finally:
                stop.set()
                for each in asking:
                    each.join()
            assert not failures
            assert {each for mine in answers for each in mine} == {first.stem, second.stem}
            assert f"Snapshot {second.stem} is served." in live.said()

    def test_a_bad_one_never_replaces_a_good_one(
        self, serve: Serve, write: Write, until: Until, tmp_path: Path
    ) -> None:
        good = variant(write, tmp_path, "good")
        damaged = variant(write, tmp_path, "damaged")
        damaged.write_bytes(damaged.read_bytes()[:-100])
        empty = write(tmp_path, ox.Store())
        mislabelled = tmp_path / f"{'0' * 64}.nq"
        mislabelled.write_bytes(good.read_bytes())
        checksum = snapshot.checksum_path(good).read_bytes()
        snapshot.checksum_path(mislabelled).write_bytes(checksum)
        pointer = tmp_path / "current"
        pointer.write_text(good.name)
        with serve("--snapshot", str(pointer), "--processes", "1") as live:
            for number, bad in enumerate((damaged, mislabelled, tmp_path / "gone.nq", empty)):
                pointer.write_text(f"{bad}\n")
                until(lambda n=number: live.said().count("is not served") > n)  # type: ignore[misc]
                assert served(live.address) == good.stem

    @long
    def test_a_hangup_looks_for_a_new_one(self, serve: Serve, until: Until) -> None:
        with serve("--processes", "1") as live:
            before = served(live.address)
            live.process.send_signal(signal.SIGHUP)
            until(lambda: "The snapshot has not changed." in live.said())
            assert served(live.address) == before


def test_a_request_under_way_is_answered_when_told_to_end(serve: Serve, until: Until) -> None:
    with serve("--processes", "1", "--deadline", "1.5") as live:
        cross = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i"
        query = f"SELECT (COUNT(*) AS ?n) {{ {cross} }}"
        statuses: list[int] = []

        def ask() -> None:
            request = urllib.request.Request(
                live.address + "sparql",
                query.encode(),
                {"Content-Type": "application/sparql-query"},
            )
            try:
                with urllib.request.urlopen(request, timeout=120) as answer:
                    statuses.append(answer.status)
            except urllib.error.HTTPError as error:
                statuses.append(error.code)
                error.close()

        asking = threading.Thread(target=ask)
        asking.start()
        until(lambda: works(live))
        live.process.send_signal(signal.SIGTERM)
        assert live.process.wait(120) == 0
        asking.join(120)
        assert statuses == [504]


def works(live: Any) -> bool:
    """Say whether a worker has a long query: it gives way from when it is handed out for one."""
    for pid in live.running("peelserver.processes.keeper")[1:]:
        with suppress(OSError):
            if os.sched_getscheduler(pid) == os.SCHED_IDLE:
                return True
    return False


class TestPointer:
    def test_a_link_a_path_and_a_snapshot(self, tmp_path: Path) -> None:
        target = tmp_path / f"{'a' * 64}.nq"
        target.touch()
        link, text = tmp_path / "link", tmp_path / "text"
        link.symlink_to(target)
        text.write_text(target.name + "\n")
        assert {Pointer(each).snapshot() for each in (target, link, text)} == {target}

    def test_a_change_is_seen_once(self, tmp_path: Path) -> None:
        names = [tmp_path / f"{letter * 64}.nq" for letter in "ab"]
        for each in names:
            each.touch()
        link = tmp_path / "link"
        link.symlink_to(names[0])
        pointer = Pointer(link)
        assert not pointer.changed()
        link.unlink()
        assert not pointer.changed()
        link.symlink_to(names[1])
        assert pointer.changed()
        assert pointer.snapshot() == names[1]
        assert not pointer.changed()


class TestBuilders:
    def test_two_of_one_snapshot_are_told(self, tmp_path: Path) -> None:
        path = tmp_path / "x.nq"
        with building(path), pytest.raises(BeingBuilt, match="Another process"), building(path):
            pass
        with building(path):
            pass
        assert list(tmp_path.iterdir()) == []

    def test_a_stale_lock_holds_nobody_up(self, tmp_path: Path) -> None:
        path = tmp_path / "x.nq"
        hold = "import sys, time; from pathlib import Path; from peelgraph.alone import building\n"
        hold += f"with building(Path({str(path)!r})): print('held', flush=True); time.sleep(60)"
        with subprocess.Popen([sys.executable, "-c", hold], stdout=subprocess.PIPE) as holder:
            assert holder.stdout is not None
            holder.stdout.readline()
            with pytest.raises(BeingBuilt), building(path):
                pass
            os.kill(holder.pid, signal.SIGKILL)
            holder.wait()
        assert [each.name for each in tmp_path.iterdir()] == [".x.nq.lock"]
        with building(path):
            pass

    def test_one_may_wait_for_the_other(self, tmp_path: Path) -> None:
        path = tmp_path / "x.nq"
        order: list[str] = []

        def second() -> None:
            with building(path, wait=True):
                order.append("second")

        waiting = threading.Thread(target=second)
        with building(path):
            waiting.start()
            waiting.join(0.1)
            order.append("first")
        waiting.join(120)
        assert order == ["first", "second"]
