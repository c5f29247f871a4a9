"""Every failure has one shape, says what is wrong, and never runs what it was sent."""

import html
import json

import pyoxigraph as ox
import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st

from peelgraph.namespaces import PREFIXES, XSD
from peelserver.answering import functions
from peelserver.answering.jobs import QuerySyntax
from peelserver.http.problems import problem
from peelserver.sparql.mistakes import mistake
from peelserver.sparql.tokens import decoded
from peelserver.state import State

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


@pytest.fixture
def client(served: tuple[Flask, State]) -> FlaskClient:
    return served[0].test_client()


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nothing", 404),
        ("GET", "/sparql?query=SELEKT", 400),
        ("PUT", "/sparql", 405),
        ("GET", "/sparql?query=ASK{}&format=xlsx", 400),
        ("GET", "/sparql?query=ASK{}&format=turtle", 406),
        ("POST", "/sparql?update=DROP+ALL", 403),
    ],
)
def test_one_shape(client: FlaskClient, method: str, path: str, status: int) -> None:
    data = {"a": "b"} if method == "POST" else None
    found = client.open(path, method=method, data=data)
    assert found.status_code == status
    assert found.content_type == "application/problem+json"
    assert found.headers["Cache-Control"] == "no-store"
    body = json.loads(found.data)
    assert body["status"] == status
    assert {"type", "title", "status", "detail"} <= set(body)
    assert body["detail"].endswith(".")


@pytest.mark.parametrize("accept", ["text/turtle", "*/*", "application/json", "image/png", ""])
def test_problem_details_for_whoever_is_no_browser(client: FlaskClient, accept: str) -> None:
    found = client.get("/nothing", headers={"Accept": accept})
    assert found.mimetype == "application/problem+json"


@pytest.mark.parametrize(
    ("path", "status", "onward"),
    [
        ("/id/force/west-midland", 404, "/search?q=west%20midland"),
        ("/questions?x=1", 400, "/questions"),
        (
            f"/questions/phase?force=west-midlands&snapshot={'0' * 64}&version=0.1.0",
            410,
            "/questions/phase?force=west-midlands",
        ),
    ],
)
def test_a_page_of_an_error_leads_on(
    client: FlaskClient, path: str, status: int, onward: str
) -> None:
    found = client.get(path, headers=BROWSER)
    assert found.status_code == status
    assert f'<a href="{onward}">' in found.get_data(as_text=True)


def test_who_meets_a_busy_server_can_try_again(served: tuple[Flask, State]) -> None:
    with served[0].test_request_context("/status?on=2024-01-01", headers=BROWSER):
        page = problem(503, "Other queries are being answered.").get_data(as_text=True)
    assert '<a href="/status?on=2024-01-01">Try again</a>' in page
    with served[0].test_request_context(
        "/", headers=BROWSER, environ_overrides={"PATH_INFO": "//x.test/"}
    ):
        page = problem(503, "Other queries are being answered.").get_data(as_text=True)
    assert '<a href="/x.test/">Try again</a>' in page


def test_a_page_in_a_browser_with_the_query_to_put_right(client: FlaskClient) -> None:
    query = "SELECT ?x {\n  ?x foo:bar 1\n}"
    found = client.get("/sparql", query_string={"query": query}, headers=BROWSER)
    page = found.get_data(as_text=True)
    assert (found.status_code, found.mimetype) == (400, "text/html")
    assert "line 2, column 6" in page
    assert ">  ?x <mark>f</mark>oo:bar 1</pre>" in page
    assert f"\n{query}</textarea>" in page


@pytest.mark.parametrize(
    "script",
    ["<script>alert(1)</script>", "\"'><img src=x onerror=alert(1)>", "</textarea><script>"],
)
@pytest.mark.parametrize(
    "where",
    ["query={}", "query=ASK{{}}&format={}", "default-graph-uri={}", "query=ASK+{{+?s+{}:x+?o+}}"],
)
def test_no_script_comes_back(client: FlaskClient, where: str, script: str) -> None:
    from urllib.parse import quote

    address = "/sparql?" + where.format(quote(script))
    page = client.get(address, headers=BROWSER).get_data(as_text=True)
    assert "<script>alert" not in page and "<img src=x" not in page
    assert page.count("<script>") == 0
    plain = client.get(address)
    assert plain.mimetype != "text/html"
    assert plain.headers["X-Content-Type-Options"] == "nosniff"


def test_a_failure_of_our_own_says_nothing_about_the_machine(served: tuple[Flask, State]) -> None:
    app = served[0]
    testing, app.testing = app.testing, False
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(type(served[1].pool), "answer", _broken)
            found = app.test_client().get("/sparql", query_string={"query": "ASK { <a:b> ?p 7 }"})
    finally:
        app.testing = testing
    assert found.status_code == 500
    assert "secret" not in found.get_data(as_text=True)
    assert set(json.loads(found.data)) == {"type", "title", "status", "detail"}


def _broken(*_: object, **__: object) -> None:
    raise RuntimeError("/secret/place")


@pytest.mark.parametrize(
    ("query", "line", "column", "says", "hint"),
    [
        ("SELEKT * {}", 1, 1, "begins with 'SELEKT'", "SELECT"),
        ("SELECT * {\n  ?s foo:bar ?o\n}", 2, 6, "'foo:' is not declared", "PREFIX foo:"),
        ("SELECT * { ?s dct:title ?o }", 1, 15, "'dct:'", "'dcterms:'"),
        ("SELECT * { ?s wdt:P31 ?o }", 1, 15, "'wdt:'", "http://www.wikidata.org/prop/direct/"),
        ("SELECT * { ?s pel:title ?o }", 1, 15, "'pel:'", "'peel:'"),
        ("SELECT * { ?s Peel:title ?o }", 1, 15, "'Peel:'", "'peel:'"),
        ("SELECT * { ?s :title ?o }", 1, 15, "empty prefix", "peel:"),
        ("SELECT * {\n ?s ?p ?o\n FILTR(?o > 3)\n}", 3, 2, "'FILTR'", "FILTER"),
        ("SELECT * { ?s ?p 'a\n }", 1, 18, "string is not closed", "three quotes"),
        ("SELECT * { ?s ?p ?o", 1, 10, "never closed", ""),
        ("SELECT * { ?s ?p ?o )", 1, 21, "')'", ""),
        ("SELECT * { ?s ?p ?o } }", 1, 23, "'}' closes what was not opened", ""),
        ("SELECT ?s, ?p { ?s ?p ?o }", 1, 10, "comma", "space"),
        ("SELECT COUNT(?s) { ?s ?p ?o }", 1, 8, "COUNT", "AS ?name"),
        ("SELECT * { ?s ?p . ?a ?b ?c }", 1, 12, "no object", "three terms"),
        ("SELECT * { ?s ?p ?o FILTER ?o > 3 }", 1, 28, "brackets", "FILTER ("),
        ("PREFIX x <urn:x> SELECT * {}", 1, 1, "PREFIX is not complete", "PREFIX name:"),
        ("SELECT * { ?s <http://a b> ?o }", 1, 15, "IRI", ""),
        ("SELECT * { ?s ?p “x” }", 1, 18, "'“'", ""),
        ("", 1, 1, "empty", "SELECT"),
        ("SELECT ?s (COUNT(*) AS ?n) { ?s ?p ?o }", 1, 40, "unbound", "GROUP BY"),
        ("SELECT (COUNT(?s)) { ?s ?p ?o }", 1, 18, "AS should stand", ""),
        ("ASK { ?s ?p 'é' } LIMIT x", 1, 25, "'x'", ""),
    ],
)
def test_a_syntax_error_says_where_and_what_to_do(
    client: FlaskClient, query: str, line: int, column: int, says: str, hint: str
) -> None:
    found = client.get("/sparql", query_string={"query": query})
    assert found.status_code == 400
    body = json.loads(found.data)
    assert (body["line"], body["column"]) == (line, column), body
    assert says in body["detail"]
    assert hint in body.get("hint", "")
    assert body["excerpt"] == (query.split("\n")[line - 1])


def test_a_long_line_is_shown_around_the_mistake(client: FlaskClient) -> None:
    query = "SELECT * { " + "?s ?p 1 . " * 200 + "?s foo:bar 1 . " + "?s ?p 1 . " * 200 + "}"
    body = json.loads(client.post("/sparql", data={"query": query}).data)
    assert "foo:bar" in body["excerpt"]
    assert len(body["excerpt"]) < 200
    assert body["column"] == query.index("foo:") + 1


@settings(deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["SELECT", "*", "{", "}", "(", ")", "?s ", "a ", "foo:x ", "peel:x ", "'", "<urn:x>"]
        )
        | st.sampled_from(["\n", ".", "FILTER", "LIMIT", "1", "#", r"\u0041", "é", "PREFIX", "\\"]),
        max_size=12,
    )
)
def test_whatever_does_not_parse_has_a_place(pieces: list[str]) -> None:
    query = "".join(pieces)
    try:
        ox.Store().query(decoded(query), prefixes=PREFIXES)
    except SyntaxError:
        found = mistake(query, QuerySyntax("The query does not parse."))
        lines = decoded(query).split("\n")
        assert 1 <= found.line <= len(lines)
        assert 1 <= found.column <= len(lines[found.line - 1]) + 1
        assert found.excerpt == lines[found.line - 1]
        assert html.escape(found.detail)


@pytest.mark.parametrize(
    ("function", "says"),
    [
        ("xsd:integr", "'xsd:integr' here. Did you mean 'xsd:integer'?"),
        (
            "<http://www.opengis.net/def/function/geosparql/distanc>",
            "Did you mean 'geof:distance'?",
        ),
        ("<http://example.org/f>", "'http://example.org/f' here. Beside those of SPARQL there are"),
    ],
)
def test_an_unknown_function_is_named(client: FlaskClient, function: str, says: str) -> None:
    answer = client.get("/sparql", query_string={"query": f"SELECT ({function}('1') AS ?x) {{}}"})
    assert answer.status_code == 400
    assert says in answer.get_json(force=True)["detail"]
    assert "SERVICE" not in answer.get_json(force=True)["detail"]


def test_every_function_that_is_suggested_is_known() -> None:
    for name in functions._KNOWN:
        iri = name.replace("geof:", functions.GEOF).replace("xsd:", XSD)
        given = "'1'" if name.startswith("xsd:") else "'1', '1'"
        asked = f"SELECT (<{iri}>({given}) AS ?x) {{}}"
        found = ox.Store().query(asked)
        assert isinstance(found, ox.QuerySolutions)
        assert len(list(found)) == 1
