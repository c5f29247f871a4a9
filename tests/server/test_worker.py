"""A worker can open nothing, take no more than it may, and says nothing about the machine."""

import os
import socket
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from peelgraph.build import ensure
from peelserver.answering.jobs import Job, QueryRefused, QuerySyntax, TooLarge
from peelserver.answering.pool import Pool
from peelserver.config import Config
from peelserver.processes.keepers import Keepers

Keep = Callable[[Config], AbstractContextManager[tuple[Config, Keepers]]]


@pytest.fixture(scope="module")
def pool(keep: Keep) -> Iterator[Pool]:
    config = Config(snapshot=ensure(), deadline=4.0, fast_deadline=4.0, largest_answer=100_000)
    with keep(config) as (running, _):
        assert running.run is not None
        made = Pool(running, running.run)
        yield made
        made.close()


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as found:
        found.setblocking(False)
        yield found


@pytest.mark.parametrize(
    ("query", "media", "kind", "begins"),
    [
        ("SELECT ?s { ?s ?p ?o } LIMIT 1", "application/sparql-results+json", "solutions", b'{"'),
        ("SELECT ?s { ?s ?p ?o } LIMIT 1", "application/sparql-results+xml", "solutions", b"<?xml"),
        ("SELECT ?s { ?s ?p ?o } LIMIT 1", "text/csv", "solutions", b"s\r\n"),
        ("SELECT ?s { ?s ?p ?o } LIMIT 1", "text/tab-separated-values", "solutions", b"?s\n"),
        ("ASK { force:kent a peel:PoliceForce }", "text/csv", "boolean", b"true"),
    ],
)
def test_solutions(pool: Pool, query: str, media: str, kind: str, begins: bytes) -> None:
    answer = pool.answer(Job(query, select=media), lane="fast")
    assert (answer.media, answer.kind) == (media, kind)
    assert answer.body.startswith(begins)


@pytest.mark.parametrize(
    "media", ["text/turtle", "application/n-triples", "application/rdf+xml", "application/ld+json"]
)
def test_graphs(pool: Pool, media: str) -> None:
    answer = pool.answer(Job("DESCRIBE force:kent", construct=media), lane="fast")
    assert (answer.media, answer.kind) == (media, "graph")
    assert b"PoliceForce" in answer.body


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { SERVICE <http://127.0.0.1:PORT/> { ?s ?p ?o } }",
        "SELECT * { SERVICE SILENT <http://127.0.0.1:PORT/> { ?s ?p ?o } }",
        "SELECT * { BIND(<http://127.0.0.1:PORT/> AS ?g) SERVICE ?g { ?s ?p ?o } }",
        "SELECT * { service<http://localhost:PORT/>{?s ?p ?o}}",
        "SELECT * FROM <http://127.0.0.1:PORT/> { ?s ?p ?o }",
        "SELECT * FROM NAMED <http://127.0.0.1:PORT/> { GRAPH ?g { ?s ?p ?o } }",
        "DESCRIBE <http://127.0.0.1:PORT/>",
    ],
)
def test_nothing_reaches_the_network(pool: Pool, listener: socket.socket, query: str) -> None:
    port = listener.getsockname()[1]
    try:
        answer = pool.answer(Job(query.replace("PORT", str(port))), lane="fast")
    except QueryRefused as error:
        assert error.status in (400, 413)
        assert "127.0.0.1" not in error.detail
    else:
        assert answer.body.count(b'"uri"') == 0
    with pytest.raises(BlockingIOError):
        listener.accept()


@pytest.mark.parametrize("clause", ["FROM", "FROM NAMED"])
def test_nothing_reaches_a_file(pool: Pool, tmp_path: Path, clause: str) -> None:
    secret = tmp_path / "secret.nt"
    secret.write_text('<a:a> <a:secret> "1" .\n')
    query = f"SELECT * {clause} <{secret.as_uri()}> {{ {{ ?s <a:secret> ?o }} UNION "
    query += "{ GRAPH ?g { ?s <a:secret> ?o } } }"
    answer = pool.answer(Job(query), lane="fast")
    assert b'"bindings":[]' in answer.body


def test_it_has_no_descriptor_but_its_own(pool: Pool) -> None:
    pool.answer(Job("ASK {}"), lane="fast")
    worker = next(each for idle in pool._idle.values() for each in idle)
    folder = Path(f"/proc/{worker.pid}/fd")
    open_ones = {each.name: str(each.readlink()) for each in folder.iterdir()}
    assert sorted(open_ones) == ["0", "1", "2", "3", "4"]
    assert {open_ones[name] for name in "012"} == {os.devnull}
    limits = Path(f"/proc/{worker.pid}/limits").read_text("ascii")
    line = next(each for each in limits.splitlines() if each.startswith("Max open files"))
    assert line.split()[3:5] == ["0", "0"]


def test_an_answer_has_a_bound(pool: Pool) -> None:
    with pytest.raises(TooLarge) as refused:
        pool.answer(Job("SELECT * { ?s ?p ?o }"), lane="fast")
    assert refused.value.status == 413
    with pytest.raises(TooLarge):
        pool.answer(Job("CONSTRUCT WHERE { ?s ?p ?o }"), lane="fast")
    assert pool.answer(Job("SELECT * { ?s ?p ?o } LIMIT 100"), lane="fast").kind == "solutions"


@pytest.mark.parametrize(
    ("query", "says", "line", "column"),
    [
        ("SELEKT *", "SELECT", 1, 1),
        ("", "SELECT", 1, 1),
        ("SELECT * {\n ?s ?p }", "'}'", 2, 8),
        ("ASK { foo:bar ?p ?o }", "'foo:'", 1, 7),
        ("ASK { ?s ?p 'open }", "does not end", 1, 13),
        ("ASK { ?s ?p ?o } }", "should end", 1, 18),
        ("ASK { <here> ?p ?o }", "relative", 1, 7),
        ("SELECT COUNT(*) { ?s ?p ?o }", "(COUNT(…) AS ?name)", 1, 8),
        ("SELECT (?x AS ?x) { ?x ?y ?z }", "overrides", 1, 31),
        ("INSERT DATA { <a:b> <a:b> <a:b> }", "'INSERT'", 1, 1),
    ],
)
def test_what_does_not_parse_is_explained(
    pool: Pool, query: str, says: str, line: int, column: int
) -> None:
    with pytest.raises(QuerySyntax) as wrong:
        pool.answer(Job(query), lane="fast")
    assert says in wrong.value.message
    assert len(wrong.value.message) < 120
    assert (wrong.value.line, wrong.value.column) == (line, column)


def test_a_long_query_that_does_not_parse_is_told_its_place(pool: Pool) -> None:
    query = "SELECT * {" + " ?s ?p ?o .\n" * 5000 + "?s }"
    with pytest.raises(QuerySyntax) as wrong:
        pool.answer(Job(query), lane="fast")
    assert wrong.value.line == 5001


def test_text_that_is_no_unicode_is_refused(pool: Pool) -> None:
    with pytest.raises(QueryRefused):
        pool.answer(Job("ASK { ?s ?p '\ud800' }"), lane="fast")
