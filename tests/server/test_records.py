"""What the short way answered is counted and logged a moment later: each once, and none is lost."""

import json
import os
import select
import signal
import threading
import urllib.request
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from peelserver.http import access_log
from peelserver.http.metrics import Metrics
from peelserver.http.records import MOST, Record, Records

if TYPE_CHECKING:
    from tests.server.conftest import Live

CLIENT = "192.0.2.7"

Serve = Callable[..., AbstractContextManager["Live"]]
Until = Callable[..., None]


def record(path: str = "/sparql", hit: bool | None = True, question: str | None = None) -> Record:
    facts = {"question": question} if question else {"query": "0123456789ab"}
    return Record(1.5, 0.25, path, CLIENT, path, 200, 12, hit, question, facts)


@pytest.fixture
def metrics(tmp_path: Path) -> Metrics:
    return Metrics(tmp_path)


def counted(metrics: Metrics, name: str, **labels: str) -> float:
    return sum(
        sample.value
        for family in text_string_to_metric_families(metrics.text().decode())
        for sample in family.samples
        if sample.name == name and labels.items() <= sample.labels.items()
    )


def lines(capfd: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    """Return what was logged here; other tests may have requests that are not yet."""
    found = [json.loads(each) for each in capfd.readouterr().err.splitlines()]
    return [each for each in found if each["client"] == CLIENT]


def test_one_is_settled_soon(
    metrics: Metrics, capfd: pytest.CaptureFixture[str], until: Until
) -> None:
    Records(metrics, logs=True).add(record())
    found: list[dict[str, Any]] = []

    def said() -> bool:
        found.extend(lines(capfd))
        return bool(found)

    until(said)
    assert found == [
        {
            "time": "1970-01-01T00:00:01.500Z",
            "client": CLIENT,
            "method": "GET",
            "path": "/sparql",
            "status": 200,
            "bytes": 12,
            "ms": 250.0,
            "query": "0123456789ab",
            "cache": "hit",
        }
    ]


def test_many_are_settled_at_once(
    metrics: Metrics, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    timers: list[threading.Timer] = []
    monkeypatch.setattr(threading.Timer, "start", lambda timer: timers.append(timer))
    made = Records(metrics, logs=True)
    for _ in range(MOST - 1):
        made.add(record())
    assert lines(capfd) == []
    made.add(record())
    assert len(lines(capfd)) == MOST
    for _ in range(MOST - 1):
        made.add(record())
    assert len(timers) == 1  # one waits already
    timers[0].function()
    assert len(lines(capfd)) == MOST - 1
    made.add(record())
    assert len(timers) == 2
    made.settle()


def test_they_are_counted_by_what_they_are(
    metrics: Metrics, capfd: pytest.CaptureFixture[str]
) -> None:
    made = Records(metrics, logs=False)
    for hit in (True, False, False, None):
        made.add(record(hit=hit))
    made.add(record("/questions/<name>", question="phase"))
    made.settle()
    assert counted(metrics, "peelgraph_requests_total", route="/sparql", status="200") == 4
    assert counted(metrics, "peelgraph_request_seconds_sum", route="/sparql", question="") == 1
    name = "peelgraph_request_seconds_count"
    assert counted(metrics, name, route="/questions/<name>", question="phase") == 1
    assert counted(metrics, "peelgraph_cache_total", result="hit") == 2
    assert counted(metrics, "peelgraph_cache_total", result="miss") == 2
    assert lines(capfd) == []


def test_none_is_lost_or_twice_where_many_add(
    metrics: Metrics, capfd: pytest.CaptureFixture[str]
) -> None:
    made = Records(metrics, logs=True)

    def add() -> None:
        for _ in range(100):
            made.add(record())

    threads = [threading.Thread(target=add) for _ in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    made.settle()
    assert len(lines(capfd)) == 800
    assert counted(metrics, "peelgraph_requests_total", route="/sparql", status="200") == 800


def test_neither_a_full_disk_nor_a_want_of_threads_is_anybodys_trouble(
    metrics: Metrics, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def none(_: threading.Timer) -> None:
        raise RuntimeError("can't start new thread")

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(threading.Timer, "start", none)
    monkeypatch.setattr(metrics, "observe", full)
    made = Records(metrics, logs=True)
    made.add(record())
    made.add(record())
    assert len(lines(capfd)) == 2


def test_no_other_process_writes_amid_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[bytes] = []
    monkeypatch.setattr(os, "write", lambda _, text: written.append(text))
    long = "x" * (2 * select.PIPE_BUF)
    given = [*("y" * 300 for _ in range(40)), long, "z"]
    access_log.write(given)
    assert b"".join(written) == "".join(f"{each}\n" for each in given).encode()
    assert all(each.endswith(b"\n") for each in written)
    assert [len(each) > select.PIPE_BUF for each in written].count(True) == 1
    assert len(written) < 8


def test_a_server_that_ends_has_said_all(serve: Serve) -> None:
    with serve("--processes", "1") as live:
        for _ in range(20):
            with urllib.request.urlopen(f"{live.address}sparql?query=ASK%7B%7D") as answer:
                assert answer.status == 200
        live.process.send_signal(signal.SIGTERM)
        assert live.process.wait(120) == 0
        assert live.said().count('"path": "/sparql"') == 20
