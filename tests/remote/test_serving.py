"""A whole server that answers from a real engine elsewhere, beside one that has the snapshot."""

import json
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode

import engines
import pytest

import peelgraph
from peelgraph import questions
from peelgraph.build import ensure
from peelgraph.namespaces import BASE, GRAPH

from ..server.conftest import Live, holds, server
from .conftest import bring
from .test_same_answers import cases

pytestmark = pytest.mark.remote

#: what both servers say that they are called
NAME = "https://graph.example"

HTML = "text/html"
ROWS, TRIPLES = "application/sparql-results+json", "application/n-triples"

PAGES = (
    *("/", "/about", "/status?force=west-midlands&on=2024-06-01", "/id/force/west-midlands"),
    *("/id/cause-of-concern/wmp-2023-investigations", "/search?q=vetting", "/questions"),
    *("/questions/status?force=west-midlands&on=2024-06-01", "/exports", "/feeds", "/sparql"),
    *("/vocabulary", "/shapes", "/snapshot", "/id/document/hmicfrs-wmp-letter-2024-09-18"),
)
DATA = (
    *("/id/cause-of-concern/wmp-2023-investigations.ttl", "/id/force/west-midlands.jsonld"),
    *("/graph/derived.nt", "/graph/editorial.ttl", "/scheme/theme.ttl", "/openapi.json"),
    *("/exports/graphml?force=west-midlands&on=2024-06-01", "/exports/csv?all=true&on=2024-06-01"),
    *("/exports/html?item=wmp-2023-investigations&on=2024-06-01", "/search?q=vetting&format=json"),
    *("/feeds/force/west-midlands.atom", "/questions/timeline?force=west-midlands&format=csv"),
)
QUERIES = (
    "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
    "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g ORDER BY ?g",
    f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{GRAPH}derived> {{ ?s ?p ?o }} }}",
    f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{GRAPH}merge> {{ ?s ?p ?o }} }}",
    f"SELECT (COUNT(*) AS ?n) FROM <{GRAPH}derived> FROM <{GRAPH}editorial> {{ ?s ?p ?o }}",
    f"SELECT (COUNT(*) AS ?n) FROM NAMED <{GRAPH}editorial> {{ GRAPH ?g {{ ?s ?p ?o }} }}",
    "ASK { ?c a peel:CauseOfConcern }",
    "SELECT ?role { ?role peel:singleHolder ?v FILTER (?v) } ORDER BY ?role",
    f"DESCRIBE <{BASE}id/force/west-midlands>",
    "DESCRIBE ?c { ?c a peel:CauseOfConcern } ORDER BY ?c LIMIT 2",
    "CONSTRUCT { ?c a ?t } WHERE { ?c a ?t ; peel:kindToken 'cause-of-concern' }",
    *("SELECT * { ?s ?p", "DELETE WHERE { ?s ?p ?o }", "SELECT * { SERVICE <http://a/> { } }"),
)


class Answer(NamedTuple):
    """What a server answered: the status, the ETag, and the body without the server's address."""

    status: int
    tag: str | None
    body: bytes

    @property
    def lines(self) -> list[bytes]:
        return sorted(self.body.splitlines())


def asked(live: Live, path: str, accept: str = "*/*") -> Answer:
    address = live.address.rstrip("/")
    request = urllib.request.Request(address + path, headers={"Accept": accept})
    try:
        with urllib.request.urlopen(request, timeout=60) as found:
            status, headers, body = found.status, found.headers, found.read()
    except urllib.error.HTTPError as error:
        with error:
            status, headers, body = error.code, error.headers, error.read()
    return Answer(status, headers["ETag"], body.replace(address.encode(), b"@"))


@pytest.fixture(scope="session")
def whole() -> Iterator[Live]:
    """Return a server that has the snapshot."""
    with server("--rate", "0", "--base-url", NAME) as found:
        yield found


@pytest.fixture(scope="session")
def relayed(graph: peelgraph.Graph, running: engines.Running) -> Iterator[Live]:
    """Return a server that answers from an engine; its search index is made."""
    told = {**running.environment, "PEELGRAPH_ENGINE": ""}
    options = ("--engine", running.query, "--sparql", "--rate", "0", "--base-url", NAME)
    with server(*options, environment=told) as found:
        holds(lambda: asked(found, "/search?q=vetting").status == 200)
        yield found


@pytest.mark.parametrize("name", questions.names())
def test_every_question_is_answered_alike(name: str, relayed: Live, whole: Live) -> None:
    for each, arguments in cases():
        if each == name:
            path = f"/questions/{name}?{urlencode({**arguments, 'format': 'json'})}"
            found = asked(relayed, path)
            assert found.status == 200, (path, found.body)
            assert found == asked(whole, path), path


@pytest.mark.parametrize("path", PAGES)
def test_pages_are_alike(path: str, relayed: Live, whole: Live) -> None:
    found = asked(relayed, path, HTML)
    assert found.status == 200 and found == asked(whole, path, HTML)


@pytest.mark.parametrize("path", DATA)
def test_data_are_alike(path: str, relayed: Live, whole: Live) -> None:
    found, expected = asked(relayed, path), asked(whole, path)
    assert found.status == 200
    assert (found.tag, found.lines) == (expected.tag, expected.lines)


@pytest.mark.parametrize("query", QUERIES)
def test_queries_are_answered_alike(query: str, relayed: Live, whole: Live) -> None:
    path = f"/sparql?{urlencode({'query': query})}"
    accept = f"{ROWS}, {TRIPLES}"
    found, expected = asked(relayed, path, accept), asked(whole, path, accept)
    assert (found.status, found.tag) == (expected.status, expected.tag)
    try:
        assert json.loads(found.body) == json.loads(expected.body)
    except json.JSONDecodeError:
        assert found.lines == expected.lines


def test_the_descriptions_count_alike(relayed: Live, whole: Live) -> None:
    """All but the file of the whole, which is not there."""
    for path in ("/.well-known/void.nt", "/dataset.nt"):
        lost = set(asked(whole, path).lines) - set(asked(relayed, path).lines)
        assert 0 < len(lost) < 20
        assert all(b"nquads" in line or b"snapshot" in line for line in lost)
    assert asked(relayed, "/snapshot.nq").status == 404


def test_an_engine_that_stops_comes_back_with_another_snapshot(
    another: Path, tmp_path: Path
) -> None:
    if engines.OXIGRAPH is None:
        pytest.skip("Oxigraph's server is not installed here")
    port = engines.free_port()
    question = "/questions/phase?force=west-midlands&on=2024-01-01&format=json"
    with ExitStack() as stack:
        running = stack.enter_context(engines.oxigraph(tmp_path, port))
        bring(ensure(), running)
        with server("--engine", running.query) as live:
            old = json.loads(asked(live, "/health").body)["snapshot"]
            permalink = f"{question}&snapshot={old}"
            assert old == ensure().name.partition(".")[0]
            assert asked(live, permalink).status == 200
            bring(another, running)
            holds(lambda: f"Snapshot {'a' * 64} is served." in live.said())
            assert json.loads(asked(live, "/health").body)["snapshot"] == "a" * 64
            assert asked(live, question).status == 200
            assert asked(live, permalink).status == 410
            stack.close()
            holds(lambda: asked(live, "/health").status == 503)
            assert asked(live, "/questions/timeline?force=kent").status == 503
            (tmp_path / "again").mkdir()
            with engines.oxigraph(tmp_path / "again", port) as back:
                bring(ensure(), back)
                holds(lambda: f"Snapshot {old} is served." in live.said())
                assert asked(live, permalink).status == 200
                holds(lambda: asked(live, "/search?q=vetting").status == 200)
            said = live.said()
            assert "cannot be reached" in said and "Traceback" not in said


def test_what_is_no_store_of_ours_is_not_served(tmp_path: Path) -> None:
    if engines.OXIGRAPH is None:
        pytest.skip("Oxigraph's server is not installed here")
    with engines.oxigraph(tmp_path) as running:
        command = [sys.executable, "-m", "peelgraph", "serve", "--engine", running.query]
        said = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        assert said.returncode == 1
        assert "'peelgraph push' brings one there" in said.stderr
        assert "Traceback" not in said.stderr
