"""The pages: how forces stand, and the lineage of one thing."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

import peelgraph
from peelgraph import trace
from peelgraph.engine import Results
from peelserver.state import State

BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


@pytest.fixture
def client(served: tuple[Flask, State]) -> FlaskClient:
    return served[0].test_client()


class TestStart:
    def test_it_shows_how_a_force_stands(self, client: FlaskClient) -> None:
        page = client.get("/?on=2024-06-01").get_data(as_text=True)
        assert "West Midlands Police" in page
        assert "Engage since 24 November 2023" in page
        assert "cannot be told: closed some day between 1 May and 18 September 2024" in page

    def test_as_known_on_a_day(self, client: FlaskClient) -> None:
        page = client.get("/?on=2024-06-01&known=2024-06-01").get_data(as_text=True)
        assert "/id/cause-of-concern/wmp-2023" not in page
        assert "/id/cause-of-concern/wmp-2015" in page

    def test_before_there_is_anything(self, client: FlaskClient) -> None:
        page = client.get("/?on=2024-06-01&known=1990-01-01").get_data(as_text=True)
        assert "Nothing is known" in page

    def test_a_bad_day_is_named(self, client: FlaskClient) -> None:
        answer = client.get("/?on=soon", headers=BROWSER)
        assert answer.status_code == 400
        assert "takes a day such as" in answer.get_data(as_text=True)

    def test_conditional(self, client: FlaskClient) -> None:
        tag = client.get("/?on=2024-06-01").headers["ETag"]
        again = client.get("/?on=2024-06-01", headers={"If-None-Match": tag})
        assert again.status_code == 304


class TestThings:
    def test_lineage_and_evidence(self, client: FlaskClient) -> None:
        answer = client.get("/id/cause-of-concern/wmp-2023-investigations", headers=BROWSER)
        page = answer.get_data(as_text=True)
        assert "/id/recommendation/wmp-2023-investigations-5" in page
        assert "#:~:text=" in page
        assert "/questions/evidence?thing=cause-of-concern/wmp-2023-investigations" in page

    def test_a_name_that_does_not_exist(self, client: FlaskClient) -> None:
        answer = client.get("/id/cause-of-concern/wmp-2023-investigation", headers=BROWSER)
        assert answer.status_code == 404
        assert "wmp-2023-investigations" in answer.get_data(as_text=True)

    def test_every_thing_of_a_force_has_a_page(self, client: FlaskClient) -> None:
        rows = client.get("/questions/timeline?force=west-midlands").get_json()["rows"]
        for path in {row["thing"].removeprefix("https://w3id.org/peelgraph") for row in rows}:
            assert client.get(path, headers=BROWSER).status_code == 200, path

    def test_few_queries_however_long_the_lineage(self, graph: peelgraph.Graph) -> None:
        asked: list[str] = []

        class Counting:
            digest = graph.digest

            def query(self, sparql: str) -> Results:
                asked.append(sparql)
                return graph.engine.query(sparql)

        found = trace.trace(Counting(), "cause-of-concern/wmp-2023-investigations")
        assert len(found.later) + len(found.earlier) > 5
        assert sum(len(node.passages) for node in found.later) > 5
        assert len(asked) < 10
