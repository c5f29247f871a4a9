"""The log has one line of JSON for each request, and no query at the default level."""

import json
import threading
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from flask.testing import FlaskClient

from peelserver import create_app
from peelserver.http import access_log
from peelserver.http.records import Records

if TYPE_CHECKING:
    from tests.server.conftest import Served

QUERY = "ASK { ?secret a peel:PoliceForce }"


class Lines:
    """The lines that are written to standard error from now on."""

    def __init__(self, records: Records, errors: pytest.CaptureFixture[str]) -> None:
        self._records = records
        self._errors = errors
        self._lines: list[str] = []
        for each in threading.enumerate():
            if isinstance(each, threading.Timer):  # with lines of requests that were before
                each.join()
        errors.readouterr()

    @property
    def lines(self) -> list[str]:
        self._records.settle()
        self._lines += self._errors.readouterr().err.splitlines()
        return self._lines

    @property
    def last(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.lines[-1])
        return found


@pytest.fixture
def client(served: "Served") -> FlaskClient:
    return served.app.test_client()


@pytest.fixture
def log(served: "Served", capfd: pytest.CaptureFixture[str]) -> Lines:
    return Lines(served.app.extensions["peelgraph"].records, capfd)


def test_a_query_is_known_by_its_digest(client: FlaskClient, log: Lines) -> None:
    for answer in (
        client.get("/sparql", query_string={"query": QUERY}),
        client.post("/sparql", data={"query": QUERY}),
        client.post("/sparql", data=QUERY, content_type="application/sparql-query"),
    ):
        assert answer.status_code == 200
        line = log.last
        assert line["query"] == sha256(QUERY.encode()).hexdigest()[:12]
        assert line["bytes"] == len(answer.data)
        assert (line["path"], line["status"]) == ("/sparql", 200)
        assert line["client"] == "127.0.0.1"
        assert line["time"].endswith("Z") and line["ms"] >= 0
    assert log.last["method"] == "POST"
    assert not [line for line in log.lines if "secret" in line]


def test_lines_come_in_the_order_of_their_answers(client: FlaskClient, log: Lines) -> None:
    for _ in range(3):  # the last by the short way, and logged later
        client.get("/sparql", query_string={"query": QUERY})
    client.post("/sparql", data={"query": QUERY})
    assert [json.loads(each)["method"] for each in log.lines] == ["GET", "GET", "GET", "POST"]


def test_a_stored_question_by_its_name_and_the_cache(client: FlaskClient, log: Lines) -> None:
    for _ in range(2):
        client.get("/questions/phase?force=west-midlands&on=2024-02-03")
    assert log.last["question"] == "phase"
    assert log.last["cache"] == "hit"


def test_refusals_are_lines_too(client: FlaskClient, log: Lines) -> None:
    client.get("/nothing")
    assert log.last["status"] == 404
    client.get("/sparql", query_string={"query": "SELEKT"})
    assert log.last["status"] == 400


def test_a_killed_query_says_which_lane(client: FlaskClient, log: Lines) -> None:
    slow = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    assert client.get("/sparql", query_string={"query": slow}).status_code == 504
    assert (log.last["kill"], log.last["refused"]) == ("slow", "TooSlow")


@pytest.mark.parametrize("path", ["/a%0d%0ab", "/%e2%80%a8x", "/%1b[31m", "/%00", "/%ff"])
def test_nothing_makes_a_second_line(client: FlaskClient, log: Lines, path: str) -> None:
    client.get(path, headers={"User-Agent": "x"})
    assert len(log.lines) == 1
    assert log.lines[0].isascii() and log.lines[0].isprintable()
    client.get("/sparql", query_string={"query": "ASK {}\n\u2028"})
    assert len(log.lines) == 2


def test_long_paths_are_cut(client: FlaskClient, log: Lines) -> None:
    client.get("/" + "a" * 5000)
    assert len(log.lines[0]) < 1000


def test_debug_has_the_whole_query(served: "Served", log: Lines) -> None:
    app = create_app(replace(served.state.config, log_level="debug"))
    for query in ("ASK {\n}", "ASK {\n}", "ASK { }"):
        assert app.test_client().get("/sparql", query_string={"query": query}).status_code == 200
        assert log.last["text"] == query
    app.extensions["peelgraph"].pool.close()


def test_above_info_there_is_none(served: "Served", log: Lines) -> None:
    app = create_app(replace(served.state.config, log_level="warning"))
    for query in ("ASK {}", "ASK {}", "ASK { }"):
        assert app.test_client().get("/sparql", query_string={"query": query}).status_code == 200
    assert log.lines == []
    app.extensions["peelgraph"].pool.close()


def test_an_answer_does_not_wait_for_a_log_that_cannot_be_written(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Path("/dev/full").open("wb") as full:
        monkeypatch.setattr(access_log, "_ERRORS", full.fileno())
        assert client.get("/sparql", query_string={"query": QUERY}).status_code == 200
