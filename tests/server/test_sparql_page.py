"""The SPARQL page as a form: everything that it does without a script."""

import re
from html import unescape

import pytest
from flask.testing import FlaskClient

from peelserver.sparql.examples import EXAMPLES, Example
from peelserver.sparql.prefixes import declared

from .conftest import Served

BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


@pytest.fixture
def client(served: Served) -> FlaskClient:
    return served.app.test_client()


def page(client: FlaskClient, **given: str) -> str:
    return unescape(
        client.get("/sparql", query_string=given, headers=BROWSER).get_data(as_text=True)
    )


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda each: each.name)
def test_every_example_can_be_loaded_and_has_an_answer(
    client: FlaskClient, example: Example
) -> None:
    assert f"\n{example.query}</textarea>" in page(client, example=example.name)
    assert re.search(r'id="count">\d', page(client, query=example.query))


def test_the_answer_stands_on_the_page_of_the_query(client: FlaskClient) -> None:
    found = page(client, query="SELECT ?f { ?f a peel:PoliceForce }")
    assert 'id="count">43 rows.' in found
    assert '<textarea id="query"' in found
    assert 'rel="bookmark" href="/sparql?query=SELECT' in found
    assert re.search(r"Data as of \d+ \w+ 20\d\d\. Snapshot [0-9a-f]{64}", found)


def test_terms_and_concepts_lead_to_our_own_pages(client: FlaskClient) -> None:
    found = page(client, query="SELECT ?x { VALUES ?x { peel:Finding theme:vetting } }")
    assert 'href="/ontology#Finding"' in found
    assert 'href="/scheme/theme/vetting"' in found


def test_a_mistake_is_shown_at_its_line_and_column(client: FlaskClient) -> None:
    query = "SELECT *\n{ ?s pell:date ?o }"
    answer = client.get("/sparql", query_string={"query": query}, headers=BROWSER)
    assert answer.status_code == 400
    found = unescape(answer.get_data(as_text=True))
    assert "line 2, column 6" in found
    assert 'aria-label="Line 2">{ ?s <mark>p</mark>ell:date ?o }</pre>' in found
    assert f"\n{query}</textarea>" in found
    assert "Do you mean 'peel:'" in found


@pytest.mark.parametrize("query", ["SELECT * {", "", "\n\n", "SELECT * { ?s ?p 'a\n' }"])
def test_a_mistake_at_the_very_end(client: FlaskClient, query: str) -> None:
    answer = client.get("/sparql", query_string={"query": query}, headers=BROWSER)
    assert answer.status_code == 400
    assert "That did not work" in answer.get_data(as_text=True)


class TestDeclare:
    def test_what_is_used_and_lacks_a_declaration(self) -> None:
        query = "PREFIX peel: <urn:x>\nSELECT * { ?s peel:a foaf:b, xx:c, 'oa:d', <skos:e> }"
        lines = declared(query).splitlines()
        assert lines[0] == "PREFIX foaf: <http://xmlns.com/foaf/0.1/>"
        assert "\n".join(lines[1:]) == query

    def test_twice_is_once(self) -> None:
        for each in EXAMPLES:
            once = declared(each.query)
            assert declared(once) == once
            assert once.startswith("PREFIX ") or ":" not in each.query

    def test_as_a_page_and_as_text(self, client: FlaskClient) -> None:
        given = {"query": "ASK { ?s a peel:Finding }"}
        found = client.get("/sparql/declared", query_string=given, headers=BROWSER)
        assert "PREFIX peel: &lt;" in found.get_data(as_text=True)
        text = client.post("/sparql/declared", data=given, headers={"Accept": "text/plain"})
        assert text.mimetype == "text/plain"
        assert text.get_data(as_text=True) == declared(given["query"])

    @pytest.mark.parametrize("query", ["", "}}}", "PREFIX", "\\u0000", "'''", "<", "é: a:"])
    def test_what_is_no_query_comes_back(self, client: FlaskClient, query: str) -> None:
        found = client.post("/sparql/declared", data={"query": query}, headers=BROWSER)
        assert found.status_code == 200
