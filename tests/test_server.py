"""The server answers the questions, the pages and SPARQL, and fails in one shape."""

import os
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from peelgraph.build import ensure
from peelserver import create_app
from peelserver.config import Config
from peelserver.engine import TooSlow, WorkerEngine

BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
SLOW = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


@pytest.fixture(scope="module")
def app() -> Iterator[Flask]:
    made = create_app(Config(snapshot=ensure(), deadline=2.0))
    yield made
    for engine in made.extensions["peelgraph"].values():
        engine.close()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


class TestPages:
    def test_the_start_page_shows_how_a_force_stands(self, client: FlaskClient) -> None:
        page = client.get("/?on=2024-06-01").get_data(as_text=True)
        assert "West Midlands Police" in page
        assert "Engage since 24 November 2023" in page
        assert "cannot be told: closed some day between 1 May and 18 September 2024" in page

    def test_as_known_on_a_day(self, client: FlaskClient) -> None:
        page = client.get("/?on=2024-06-01&known=2024-06-01").get_data(as_text=True)
        assert "/id/cause-of-concern/wmp-2023" not in page
        assert "/id/cause-of-concern/wmp-2015" in page

    def test_a_thing_shows_its_lineage_and_its_evidence(self, client: FlaskClient) -> None:
        page = client.get("/id/cause-of-concern/wmp-2023-investigations").get_data(as_text=True)
        assert "/id/recommendation/wmp-2023-investigations-5" in page
        assert "#:~:text=" in page

    def test_a_name_that_does_not_exist(self, client: FlaskClient) -> None:
        answer = client.get("/id/cause-of-concern/wmp-2023-investigation", headers=BROWSER)
        assert answer.status_code == 404
        assert "wmp-2023-investigations" in answer.get_data(as_text=True)

    def test_every_thing_of_a_force_has_a_page(self, client: FlaskClient) -> None:
        rows = client.get("/questions/timeline?force=west-midlands").get_json()["rows"]
        for path in {row["thing"].removeprefix("https://w3id.org/peelgraph") for row in rows}:
            assert client.get(path).status_code == 200, path


class TestQuestions:
    def test_they_are_listed(self, client: FlaskClient) -> None:
        names = [each["name"] for each in client.get("/questions").get_json()]
        assert "status" in names and "statutory-clock" in names

    def test_json_is_the_same_object_as_on_the_command_line(self, client: FlaskClient) -> None:
        answer = client.get("/questions/phase?force=west-midlands&on=2024-01-01").get_json()
        assert list(answer) == ["question", "parameters", "snapshot", "columns", "rows"]
        assert answer["rows"][0]["since"] == "2023-11-24"

    def test_csv_by_format_or_by_accept(self, client: FlaskClient) -> None:
        by_format = client.get("/questions/closures?force=west-midlands&format=csv")
        by_accept = client.get(
            "/questions/closures?force=west-midlands", headers={"Accept": "text/csv"}
        )
        assert by_format.mimetype == by_accept.mimetype == "text/csv"
        assert by_format.data == by_accept.data
        assert by_format.data.startswith(b"item,decision,earliest")

    @pytest.mark.parametrize(
        ("address", "status", "says"),
        [
            ("/questions/statuses", 404, "status"),
            ("/questions/status?forse=west-midlands", 400, "force"),
            ("/questions/status?force=west-midland", 400, "west-midlands"),
            ("/questions/status?on=tomorrow", 400, "2024-09-18"),
            ("/questions/phase", 400, "force"),
            ("/questions/status?limit=-1", 400, "limit"),
            ("/questions/status?on=2024-01-01&on=2024-01-02", 400, "on"),
            ("/questions/status?format=xlsx", 400, "csv"),
        ],
    )
    def test_what_is_wrong_is_named(
        self, client: FlaskClient, address: str, status: int, says: str
    ) -> None:
        answer = client.get(address)
        assert answer.status_code == status
        assert answer.mimetype == "application/problem+json"
        problem = answer.get_json(force=True)
        assert set(problem) == {"type", "title", "status", "detail"}
        assert says in problem["detail"]


class TestSparql:
    ASK = "ASK { force:west-midlands a peel:PoliceForce }"

    def test_by_get_form_and_body(self, client: FlaskClient) -> None:
        answers = [
            client.get("/sparql", query_string={"query": self.ASK}),
            client.post("/sparql", data={"query": self.ASK}),
            client.post("/sparql", data=self.ASK, content_type="application/sparql-query"),
        ]
        assert [answer.get_json(force=True)["boolean"] for answer in answers] == [True] * 3

    @pytest.mark.parametrize(
        ("query", "accept", "media"),
        [
            ("SELECT * {} LIMIT 1", "*/*", "application/sparql-results+json"),
            ("SELECT * {} LIMIT 1", "text/csv", "text/csv"),
            ("CONSTRUCT WHERE { ?s a peel:PoliceForce }", "*/*", "text/turtle"),
            ("DESCRIBE force:kent", "application/n-triples", "application/n-triples"),
        ],
    )
    def test_formats(self, client: FlaskClient, query: str, accept: str, media: str) -> None:
        answer = client.get("/sparql", query_string={"query": query}, headers={"Accept": accept})
        assert (answer.status_code, answer.mimetype) == (200, media)
        assert answer.headers["Access-Control-Allow-Origin"] == "*"

    @pytest.mark.parametrize(
        ("query", "status"),
        [
            ("SELEKT *", 400),
            ("INSERT DATA { <a:b> <a:b> <a:b> }", 400),
            ("SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }", 413),
            ("SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }", 200),
            (SLOW, 504),
        ],
        ids=["syntax", "update", "service", "file", "slow"],
    )
    def test_what_is_refused(self, client: FlaskClient, query: str, status: int) -> None:
        answer = client.get("/sparql", query_string={"query": query})
        assert answer.status_code == status
        if status == 200:
            assert answer.get_json(force=True)["results"]["bindings"] == []

    def test_updates_are_forbidden(self, client: FlaskClient) -> None:
        assert client.post("/sparql", data={"update": "CLEAR ALL"}).status_code == 403

    def test_a_killed_worker_is_replaced(self, app: Flask, client: FlaskClient) -> None:
        client.get("/sparql", query_string={"query": self.ASK})
        os.kill(app.extensions["peelgraph"]["queries"].pid, signal.SIGKILL)
        statuses = [
            client.get("/sparql", query_string={"query": self.ASK}).status_code for _ in range(2)
        ]
        assert statuses[-1] == 200

    def test_questions_are_answered_while_a_query_runs(self, client: FlaskClient) -> None:
        assert client.get("/sparql", query_string={"query": SLOW}).status_code == 504
        assert client.get("/health").get_json()["status"] == "ok"

    def test_a_page_to_write_one(self, client: FlaskClient) -> None:
        assert "<textarea" in client.get("/sparql", headers=BROWSER).get_data(as_text=True)


def test_every_answer_has_the_closed_policy(client: FlaskClient) -> None:
    for address in ("/", "/health", "/nothing", "/sparql", "/static/page.css"):
        with client.get(address) as answer:
            policy = answer.headers["Content-Security-Policy"]
            assert policy.startswith("default-src 'self'; base-uri 'none'")
            assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_worker_ends_itself_when_its_time_is_up() -> None:
    with WorkerEngine(ensure(), deadline=0.5, memory=4 << 30) as engine:
        started = time.monotonic()
        with pytest.raises(TooSlow):
            engine.query(SLOW)
        assert time.monotonic() - started < 10
        assert bool(engine.query("ASK { ?s ?p ?o }"))


def test_serve_answers_over_a_socket_and_stops_at_an_interrupt() -> None:
    command = [*(sys.executable, "-m", "peelgraph"), "serve", "--port", "0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as server:
        assert server.stderr is not None
        line = server.stderr.readline()
        assert line.startswith("peelgraph is at http://127.0.0.1:"), line
        address = line.split()[3]
        with urllib.request.urlopen(address + "health", timeout=30) as answer:
            assert answer.status == 200
        server.send_signal(signal.SIGINT)
        assert server.wait(timeout=30) == 0


def test_a_taken_port_is_said_plainly(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "peelgraph", "serve", "--port", "0"],
        stderr=subprocess.PIPE,
        text=True,
    ) as first:
        assert first.stderr is not None
        port = first.stderr.readline().split()[3].rstrip("/").rpartition(":")[2]
        second = subprocess.run(
            [sys.executable, "-m", "peelgraph", "serve", "--port", port],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        first.send_signal(signal.SIGINT)
    assert second.returncode == 1
    assert f"port {port}" in second.stderr


@pytest.mark.slow
def test_questions_go_on_while_runaway_queries_come_for_half_a_minute(app: Flask) -> None:
    stop = time.monotonic() + 30
    statuses: list[int] = []
    waits: list[float] = []

    def attack() -> None:
        while time.monotonic() < stop:
            answer = app.test_client().get("/sparql", query_string={"query": SLOW})
            statuses.append(answer.status_code)

    attackers = [threading.Thread(target=attack) for _ in range(8)]
    for attacker in attackers:
        attacker.start()
    while time.monotonic() < stop:
        started = time.monotonic()
        answer = app.test_client().get("/questions/phase?force=west-midlands&on=2024-01-01")
        waits.append(time.monotonic() - started)
        assert answer.get_json()["rows"][0]["since"] == "2023-11-24"
        time.sleep(0.1)
    for attacker in attackers:
        attacker.join()
    assert set(statuses) <= {503, 504}
    assert len(waits) > 50
    assert max(waits) < 5
