"""The log has one line of JSON for each request, and no query at the default level."""

import json
import logging
from collections.abc import Iterator
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pytest
from flask.testing import FlaskClient

from peelserver.http.access_log import NAME

if TYPE_CHECKING:
    from tests.server.conftest import Served

QUERY = "ASK { ?secret a peel:PoliceForce }"


class Lines(logging.Handler):
    """Keeps the lines that are logged."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))

    @property
    def last(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.lines[-1])
        return found


@pytest.fixture
def client(served: "Served") -> FlaskClient:
    return served.app.test_client()


@pytest.fixture
def log(served: "Served") -> Iterator[Lines]:
    found = Lines()
    logging.getLogger(NAME).addHandler(found)
    yield found
    logging.getLogger(NAME).removeHandler(found)


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


def test_debug_has_the_whole_query() -> None:
    from pathlib import Path

    from flask import Flask

    from peelserver.config import Config
    from peelserver.http import access_log

    app = Flask("peelserver")
    before = logging.getLogger(NAME).level
    access_log.register(app, Config(snapshot=Path("none"), log_level="debug"))
    lines = Lines()
    logging.getLogger(NAME).addHandler(lines)
    try:
        app.test_client().get("/", query_string={"query": "ASK {\n}"})
        assert lines.last["text"] == "ASK {\n}"
    finally:
        logging.getLogger(NAME).removeHandler(lines)
        logging.getLogger(NAME).setLevel(before)
