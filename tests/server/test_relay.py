"""A server that answers from an engine elsewhere: the same answers, and plain words without it.

The engine of these tests is a store of this process behind a small server. Real engines are in
``tests/remote``.
"""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

import pyoxigraph as ox
import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from peeltests.engine import Engine, Serving, serving, unspoilt
from werkzeug.test import TestResponse

from peelgraph import snapshot
from peelgraph.build import ensure
from peelgraph.cli import cli
from peelgraph.namespaces import BASE, GRAPH, PEEL
from peelgraph.remote.connection import Unreachable
from peelgraph.remote.engine import NoSnapshot
from peelgraph.snapshot import SNAPSHOT
from peelserver.answering import jobs
from peelserver.answering.jobs import Job
from peelserver.config import Config
from peelserver.processes import lookout
from peelserver.processes.lookout import AnotherFormat, Lookout
from peelserver.processes.relay import Elsewhere
from peelserver.state import State

DERIVED, EDITORIAL = f"{GRAPH}derived", f"{GRAPH}editorial"
PRIVATE = "http://private.example/graph"
ASKS = "ASK { ?c a peel:CauseOfConcern }"

Apply = Callable[[Config], AbstractContextManager[tuple[Flask, State]]]
Until = Callable[[Callable[[], bool]], None]


def digest() -> str:
    return ensure().name.partition(".")[0]


def filled(there: Serving) -> Engine:
    """Put an engine behind a server that holds the shipped snapshot, and something of others."""
    engine = there.new()
    engine.store = snapshot.load(ensure())
    node = ox.NamedNode(PRIVATE)
    engine.store.add(ox.Quad(node, node, node, node))
    return engine


class Relayed(NamedTuple):
    """A web application, and the engine that answers for it."""

    client: FlaskClient
    there: Serving
    state: State


@pytest.fixture(scope="module")
def relayed(apply: Apply) -> Iterator[Relayed]:
    with serving() as there:
        filled(there)
        config = Config(
            snapshot=Path(f"{digest()}.engine"),
            engine=there.address,
            keep=1,
            rate=100_000.0,
            burst=1_000_000,
        )
        with apply(config) as (app, state):
            yield Relayed(app.test_client(), there, state)


@pytest.fixture
def away(relayed: Relayed) -> Iterator[Relayed]:
    """Return the same, to be spoilt; the engine is back afterwards."""
    engine = relayed.there.engine
    assert engine is not None
    yield relayed
    relayed.there.engine, engine.spoil = engine, unspoilt


def lines(answer: TestResponse) -> list[bytes]:
    return sorted(answer.get_data().splitlines())


@pytest.mark.parametrize(
    "path",
    [
        *("/status?force=west-midlands&on=2024-06-01", "/id/recommendation/wmp-2023-mosovo-1"),
        *("/questions/status?force=west-midlands&on=2024-06-01&format=json", "/about"),
        *("/id/cause-of-concern/wmp-2023-investigations.ttl", "/graph/editorial.nt"),
        "/exports/graphml?item=wmp-2023-investigations&on=2024-06-01",
        f"/sparql?format=ntriples&query=DESCRIBE <{BASE}id/force/kent>",
        "/sparql?query=SELECT * { ?s",
        f"/sparql?query=SELECT (COUNT(*) AS ?n) FROM <{DERIVED}> FROM <{EDITORIAL}> {{ ?s ?p ?o }}",
        f"/sparql?query=ASK {{ GRAPH ?g {{ ?s ?p ?o }} }}&named-graph-uri={EDITORIAL}",
        "/sparql?query=SELECT ?g { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g ORDER BY ?g",
        "/sparql?query=DELETE WHERE { ?s ?p ?o }",
        "/sparql?query=SELECT * { SERVICE <http://127.0.0.1/> { } }",
    ],
)
def test_it_answers_as_a_server_with_the_snapshot(
    path: str, relayed: Relayed, served: tuple[Flask, State]
) -> None:
    expected = served[0].test_client().get(path)
    found = relayed.client.get(path)
    assert (found.status_code, found.headers.get("ETag")) == (
        expected.status_code,
        expected.headers.get("ETag"),
    )
    assert lines(found) == lines(expected)


def test_the_search_index_is_made_of_what_the_engine_says(
    relayed: Relayed, served: tuple[Flask, State], until: Until
) -> None:
    path = "/search?q=vetting&format=json"
    until(lambda: relayed.client.get(path).status_code == 200)
    assert relayed.client.get(path).json == served[0].test_client().get(path).json


def test_it_says_what_it_has_not(relayed: Relayed) -> None:
    assert relayed.client.get("/snapshot.json").status_code == 404
    said = relayed.client.get("/snapshot", headers={"Accept": "application/json"})
    assert said.json == {"snapshot": digest()}
    whole = relayed.client.get("/snapshot.nq")
    assert whole.status_code == 404 and b"/.well-known/void" in whole.get_data()
    for path in ("/.well-known/void.ttl", "/dataset.ttl", "/sparql?format=turtle"):
        text = relayed.client.get(path).get_data(as_text=True)
        assert "EditorialGraph" in text or "graph/editorial" in text or "graph:editorial" in text
        assert "snapshot.nq" not in text and "geosparql" not in text


@pytest.mark.parametrize(
    "query",
    [
        f"ASK {{ GRAPH <{PRIVATE}> {{ ?s ?p ?o }} }}",
        f"ASK {{ GRAPH ?g {{ ?s ?p ?o }} FILTER (?g = <{PRIVATE}>) }}",
        f"ASK FROM <{PRIVATE}> {{ ?s ?p ?o }}",
        f"ASK FROM NAMED <{PRIVATE}> {{ GRAPH ?g {{ ?s ?p ?o }} }}",
        "PREFIX p: <http://private.example/> ASK { GRAPH p:gr%61ph { ?s ?p ?o } }",
    ],
)
def test_what_others_keep_in_the_engine_cannot_be_asked_for(query: str, relayed: Relayed) -> None:
    answer = relayed.client.get("/sparql", query_string={"query": query})
    assert answer.status_code == 200
    assert json.loads(answer.get_data())["boolean"] is False


def test_an_engine_that_is_away_is_said_plainly_and_comes_back(away: Relayed) -> None:
    engine, away.there.engine = away.there.engine, None
    for path in (f"/sparql?query={ASKS}#1", "/status?force=kent&on=2019-01-01", "/health"):
        answer = away.client.get(path)
        assert answer.status_code == 503
        assert "127.0.0.1" not in answer.get_data(as_text=True)
        assert path == "/health" or answer.headers["Retry-After"] == "5"
    assert away.client.get("/health").json == {
        **{"status": "not ready", "live": True, "ready": False},
        **{"snapshot": None, "held": None},
        "version": away.client.get("/health").json["version"],  # type: ignore[index]
    }
    away.there.engine = engine
    assert away.client.get("/health").json["snapshot"] == digest()  # type: ignore[index]
    assert away.client.get("/health").json["held"] == "engine"  # type: ignore[index]
    assert away.client.get("/status?force=kent&on=2019-01-01").status_code == 200


def test_an_engine_that_refuses_is_said_plainly(away: Relayed) -> None:
    assert away.there.engine is not None
    away.there.engine.refuse("peel:Recommendation", 500)
    answer = away.client.get("/sparql?query=ASK { ?r a peel:Recommendation }")
    assert (answer.status_code, answer.json["title"]) == (502, "Bad Gateway")  # type: ignore[index]
    assert "127.0.0.1" not in answer.get_data(as_text=True)
    away.there.engine.spoil = unspoilt
    answer = away.client.get("/sparql?query=ASK { ?r a peel:Recommendation }")
    assert answer.status_code == 200


def test_a_permalink_to_another_snapshot_is_gone(relayed: Relayed) -> None:
    path = "/questions/phase?force=west-midlands&on=2024-06-01"
    assert relayed.client.get(f"{path}&snapshot={digest()}").status_code == 200
    answer = relayed.client.get(f"{path}&snapshot={'0' * 64}")
    assert answer.status_code == 410


class TestOneRelay:
    """What a relay makes of an engine, in this process."""

    @pytest.fixture
    def there(self) -> Iterator[Serving]:
        with serving() as found:
            filled(found)
            yield found

    @pytest.fixture
    def relay(self, there: Serving) -> Elsewhere:
        found = Elsewhere(there.address, digest(), 100)
        found.within(10.0, 1 << 20)
        return found

    def test_it_answers(self, relay: Elsewhere) -> None:
        assert relay.query(Job(ASKS))

    def test_an_answer_of_another_snapshot_is_none(self, relay: Elsewhere, there: Serving) -> None:
        """It was replaced while the query was answered."""
        assert there.engine is not None
        engine = there.engine

        def replace(path: str, text: str) -> int:
            if "CauseOfConcern" in text:
                hold(engine, "e" * 64)
            return 0

        engine.spoil = replace
        with pytest.raises(jobs.Away, match="being replaced"):
            relay.query(Job(ASKS))
        hold(engine, None)
        with pytest.raises(jobs.Away, match="being replaced"):
            relay.query(Job(ASKS))

    def test_a_snapshot_that_comes_back_is_answered_from(
        self, relay: Elsewhere, there: Serving
    ) -> None:
        assert there.engine is not None
        for held in ("e" * 64, "f" * 64):
            hold(there.engine, held)
            with pytest.raises(jobs.Away, match="being replaced"):
                relay.query(Job(ASKS))
        hold(there.engine, digest())
        assert relay.query(Job(ASKS))

    def test_an_answer_that_takes_too_long_is_given_up(
        self, relay: Elsewhere, there: Serving
    ) -> None:
        assert relay.query(Job(ASKS)) and there.engine is not None
        there.engine.refuse("CauseOfConcern", 500, lambda text: time.sleep(1))
        relay.within(0.2, 1 << 20)
        with pytest.raises(jobs.TooSlow, match=r"longer than 0\.2 seconds"):
            relay.query(Job(ASKS))

    def test_an_answer_that_is_too_large_is_refused(self, relay: Elsewhere) -> None:
        relay.within(10.0, 2000)
        with pytest.raises(jobs.TooLarge, match="page by page"):
            relay.query(Job("SELECT * { ?s ?p ?o }"))

    def test_a_dataset_that_is_too_large_is_refused(self, relay: Elsewhere) -> None:
        with pytest.raises(jobs.TooLarge, match="more than 100 triples"):
            relay.query(Job("ASK { ?s ?p ?o }", default_graphs=(DERIVED,), named_graphs=()))


def hold(engine: Engine, digest: str | None) -> None:
    """Have an engine hold a snapshot of another digest, or none."""
    node, predicate = ox.NamedNode(SNAPSHOT), ox.NamedNode(PEEL + "digest")
    for quad in list(engine.store.quads_for_pattern(node, predicate, None)):
        engine.store.remove(quad)
        if digest is not None:
            literal = ox.Literal(digest)
            engine.store.add(ox.Quad(node, predicate, literal, quad.graph_name))


class TestLookout:
    """Which snapshot an engine holds, as the supervisor follows it."""

    @pytest.fixture
    def engine(self) -> Iterator[Engine]:
        with serving() as there:
            yield filled(there)

    def test_it_follows_what_is_pushed(
        self, engine: Engine, until: Until, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(lookout, "EVERY", 0.01)
        said: list[str] = []
        found = Lookout(engine.address, said.append)
        assert found.first().name == f"{digest()}.engine"
        assert not found.changed()
        engine.refuse("digest", 503)
        until(lambda: len(said) == 1)
        engine.spoil = unspoilt
        until(lambda: len(said) == 2)
        assert "cannot answer now" in said[0] and said[1] == "The engine answers again."
        hold(engine, "e" * 64)
        until(found.changed)
        assert found.snapshot().name == f"{'e' * 64}.engine"
        assert not found.changed()
        found.refused()
        assert not found.changed()
        monkeypatch.setattr(lookout, "AGAIN", -1.0)
        found.refused()
        assert found.changed()

    def test_an_engine_without_a_snapshot(self, engine: Engine) -> None:
        hold(engine, None)
        with pytest.raises(NoSnapshot, match="peelgraph push"):
            Lookout(engine.address, print).first()

    def test_a_snapshot_of_another_release(self, engine: Engine) -> None:
        engine.store.update(
            "PREFIX owl: <http://www.w3.org/2002/07/owl#> DELETE { ?o owl:versionInfo ?v } "
            "INSERT { ?o owl:versionInfo '9' } WHERE { ?o owl:versionInfo ?v }"
        )
        with pytest.raises(AnotherFormat, match=r"of 9 version .*'peelgraph push'"):
            Lookout(engine.address, print).first()

    def test_nobody(self) -> None:
        with pytest.raises(Unreachable):
            Lookout("http://127.0.0.1:9/query", print).first()


@pytest.mark.parametrize(
    ("options", "status", "said"),
    [
        (("--engine", "http://127.0.0.1:9/query"), 1, "cannot be reached"),
        (("--engine", "nowhere"), 2, "no address of an engine"),
        (("--engine", "http://a:hunter2@b/"), 2, "No user and no password"),
        (("--engine", "http://127.0.0.1:9/query", "--snapshot", "x"), 2, "leave out --snapshot"),
        (("--engine", "http://127.0.0.1:9/query", "--keep", "2"), 2, "leave out --snapshot"),
    ],
)
def test_what_cannot_be_served_is_said_plainly(
    options: tuple[str, ...], status: int, said: str
) -> None:
    result = CliRunner().invoke(cli, ["serve", "--port", "0", *options])
    assert (result.exit_code, "hunter2" in result.output) == (status, False)
    assert said in result.output


def test_the_environment_names_the_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PEELGRAPH_ENGINE", "http://127.0.0.1:9/query")
    result = CliRunner().invoke(cli, ["serve", "--port", "0"])
    assert result.exit_code == 1 and "127.0.0.1:9" in result.output


@pytest.fixture(scope="module")
def closed(apply: Apply) -> Iterator[FlaskClient]:
    with (
        serving() as there,
        apply(
            Config(
                snapshot=Path(f"{digest()}.engine"),
                engine=filled(there).address,
                keep=1,
                queries=False,
            )
        ) as (app, _),
    ):
        yield app.test_client()


class TestWithoutQueries:
    """``serve --engine`` takes no queries of one's own, unless it is told to."""

    @pytest.mark.parametrize("path", ["/sparql", f"/sparql?query={quote(ASKS)}", "/sparql?query="])
    def test_they_are_refused(self, closed: FlaskClient, path: str) -> None:
        answer = closed.get(path)
        assert answer.status_code == 403
        assert "--sparql" in answer.get_json()["detail"]

    def test_a_posted_one_too(self, closed: FlaskClient) -> None:
        assert closed.post("/sparql", data={"query": ASKS}).status_code == 403

    @pytest.mark.parametrize("path", ["/", "/about", "/vocabulary", "/questions/not-known"])
    def test_no_page_leads_there(self, closed: FlaskClient, path: str) -> None:
        answer = closed.get(path, headers={"Accept": "text/html"})
        assert answer.status_code == 200
        assert 'href="/sparql' not in answer.get_data(as_text=True)

    @pytest.mark.parametrize("path", ["/.well-known/void.ttl", "/dataset.ttl"])
    def test_no_description_promises_it(self, closed: FlaskClient, path: str) -> None:
        answer = closed.get(path)
        assert answer.status_code == 200
        assert "/sparql" not in answer.get_data(as_text=True).replace("sparql11", "")
