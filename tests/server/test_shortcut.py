"""The short way says what the application says: the same status, headers and bytes."""

from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.test import EnvironBuilder, run_wsgi_app

from peelserver.answering.jobs import Job, TooSlow
from peelserver.http.answers import LARGE
from peelserver.http.shortcut import Shortcut
from peelserver.http.ways import Way
from peelserver.lineage.shortcut import Questions
from peelserver.sparql.shortcut import Queries, unquoted

if TYPE_CHECKING:
    from tests.server.conftest import Served

Said = tuple[str, dict[str, str], bytes]

FORCES = "SELECT ?f ?l { ?f a peel:PoliceForce ; rdfs:label ?l } ORDER BY ?f LIMIT "
REQUESTS: list[tuple[str, dict[str, str]]] = [
    ("sparql?query=" + quote(query), headers)
    for query in (
        FORCES + "1",
        FORCES + "2",
        FORCES + "40",
        "ASK { force:kent a peel:PoliceForce }",
        "ASK { force:kent a peel:Inspection }",
        "CONSTRUCT { ?s rdfs:label ?l } { ?s a peel:CauseOfConcern ; rdfs:label ?l }",
        "DESCRIBE force:kent",
        "DESCRIBE force:essex",
        "SELEKT",
        "INSERT DATA { <a:b> <a:b> <a:b> }",
        "SELECT * { SERVICE <http://127.0.0.1:1/> {} }",
        "SELECT * FROM <https://w3id.org/peelgraph/graph/register> { ?s a peel:PoliceForce }",
        "SELECT (1 AS ?one) { FILTER (RAND() < 2) }",
        "",
    )
    for headers in (
        {},
        {"Accept": "text/csv"},
        {"Accept": "application/sparql-results+xml;q=0.5, text/turtle"},
        {"Accept": "text/html"},
        {"Accept": "image/png"},
        {"Accept-Encoding": "gzip, deflate"},
        {"Accept-Encoding": "identity"},
    )
]
REQUESTS += [
    ("sparql?query=ASK%7B%7D&format=xml", {}),
    ("sparql?query=ASK%7B%7D&query=ASK%7B%7D", {}),
    ("sparql?query=ASK%7B%7D%23%FF", {}),
    ("sparql?query=ASK+%7B%7D", {}),
    ("sparql?query=" + quote("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"), {}),
    (
        "sparql?query=ASK%7B%7D&default-graph-uri=https%3A%2F%2Fw3id.org%2Fpeelgraph%2Fgraph%2Fregister",
        {},
    ),
    ("sparql?query=ASK%7B%7D&update=x", {}),
    ("sparql", {}),
]


QUESTIONS: list[tuple[str, dict[str, str]]] = [
    (f"questions/{asked}", headers)
    for asked in (
        "status?force=west-midlands&on=2024-01-01",
        "status?force=west-midlands&on=2024-01-02",
        "status?on=2024-01-02&force=west-midlands",
        "status?force=west-midlands&limit=2&offset=1",
        "status?force=west-midlands&limit=02&offset=0",
        "status?force=west-midlands&limit=x",
        "status?force=west-midlands&limit=&theme=",
        "status?force=west-midlands&theme=nothing-like-it",
        "status?force=west-midland",
        "status?force=west-midlands&force=kent",
        "status?force=west-midlands&known=2020-01-01&on=2020-01-01",
        "status",
        "facts?item=force%2Fwest-midlands",
        "facts?item=%FF",
        "facts?item=force/west-midlands&colour=blue",
        "lineage",
        "nothing?force=kent",
        "closures?format=csv&force=west-midlands",
        "closures?format=tsv&force=west-midlands",
        "closures?format=srj&force=west-midlands",
        "closures?format=srx&force=west-midlands",
        "closures?format=html&force=west-midlands",
        "closures?format=png&force=west-midlands",
        "closures?format=csv&version=0.1.0",
        f"closures?format=csv&snapshot={'0' * 64}",
    )
    for headers in (
        {},
        {"Accept": "text/csv"},
        {"Accept": "image/png"},
        {"Accept-Encoding": "gzip"},
        {"Accept-Encoding": "identity, gzip;q=0.5", "Accept": "text/html, text/csv"},
    )
]
QUESTIONS.append(("questions/closures?force=west-midlands", {"Accept": "text/html"}))


@pytest.fixture(scope="module")
def both(served: "Served") -> tuple[Any, Any]:
    """Return the application without the short way, and with a new one."""
    assert isinstance(served.app.wsgi_app, Shortcut)
    plain = served.app.wsgi_app.inner
    return plain, shortcut(served)


def shortcut(served: "Served", inner: Any = None) -> Shortcut:
    app, state = served.app, served.state
    assert isinstance(app.wsgi_app, Shortcut)
    ways: dict[str, Way] = {"/sparql": Queries(state), "/questions/": Questions(app)}
    return Shortcut(inner or app.wsgi_app.inner, state, ways, 8 << 20)


def said(app: Any, asked: str, headers: dict[str, str]) -> Said:
    environ = EnvironBuilder("/" + asked, headers=list(headers.items())).get_environ()
    body, status, found = run_wsgi_app(app, environ, buffered=True)
    return status, dict(found), b"".join(body)


@pytest.mark.parametrize(("asked", "headers"), REQUESTS + QUESTIONS)
def test_the_same_is_said(both: tuple[Any, Any], asked: str, headers: dict[str, str]) -> None:
    plain, short = both
    expected = said(plain, asked, headers)
    for _ in range(1 if expected[0].startswith("504") else 3):
        assert said(short, asked, headers) == expected
    if tag := expected[1].get("ETag"):
        for given in (tag, f'"x", {tag}', tag.removeprefix("W/"), '"other"', "*"):
            wanted = headers | {"If-None-Match": given}
            expected = said(plain, asked, wanted)
            for _ in range(2):
                assert said(short, asked, wanted) == expected


@pytest.mark.parametrize(
    "asked",
    [
        "sparql?query=" + quote("ASK { force:@ a peel:PoliceForce }"),
        "questions/status?on=2024-01-01&force=@",
        "questions/phase?format=csv&on=2024-01-01&force=@",
    ],
)
def test_what_is_new_is_answered_without_the_application(served: "Served", asked: str) -> None:
    plain = served.app.wsgi_app.inner  # type: ignore[attr-defined]
    reached = []

    def inner(environ: dict[str, Any], start: Any) -> Any:
        reached.append(environ["QUERY_STRING"])
        return plain(environ, start)

    short = shortcut(served, inner)
    for force in ("kent", "essex", "surrey"):
        path = asked.replace("%40", force).replace("@", force)
        assert said(short, path, {}) == said(plain, path, {})
    assert len(reached) == 1


def test_what_failed_is_not_asked_again(served: "Served", monkeypatch: pytest.MonkeyPatch) -> None:
    short = shortcut(served)
    asked = "questions/phase?format=srj&on=2024-01-01&force="
    assert said(short, asked + "kent", {})[0] == "200 OK"
    jobs = []

    def fail(job: Job, **how: str) -> None:
        jobs.append(job)
        raise TooSlow("It took too long.")

    monkeypatch.setattr(served.state.pool, "answer", fail)
    status, headers, body = said(short, asked + "sussex", {})
    assert status.startswith("504")
    assert b"It took too long." in body
    assert headers["Content-Type"] == "application/problem+json"
    assert len(jobs) == 1


def test_a_large_answer_is_left_to_what_sends_it_in_pieces(both: tuple[Any, Any]) -> None:
    plain, short = both
    query = "SELECT * { ?s ?p ?o } LIMIT "
    for number in (3, 3000, 3001):
        asked = "sparql?query=" + quote(f"{query}{number}")
        for _ in range(2):
            whole = said(short, asked, {})
            environ = EnvironBuilder("/" + asked).get_environ()
            parts = list(run_wsgi_app(short, environ)[0])
            assert max(map(len, parts)) <= LARGE
            assert b"".join(parts) == whole[2]
        assert whole == said(plain, asked, {})


def test_what_is_too_long_to_be_read_is_not_remembered(both: tuple[Any, Any]) -> None:
    _, short = both
    before = len(short._answers)
    for number in range(3):
        headers = {"Accept": f"text/csv;q={number}," * 2000}
        assert said(short, "sparql?query=ASK%7B%7D", headers)[0].startswith("431")
    assert len(short._answers) == before


@given(st.text(st.sampled_from("%=+_ \t\r\n.abcDEF0129%é\x00"), max_size=30) | st.text(max_size=30))
def test_a_parameter_is_read_as_the_library_reads_it_or_not_at_all(text: str) -> None:
    assert unquoted(quote(text, safe="")) == text
    found = unquoted(text)
    assert found is None or found == unquote_plus(text, errors="strict")
