"""The pages of the vocabulary and of the shapes."""

import re
from html import unescape

import pytest
from flask.testing import FlaskClient

from .conftest import Served

BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
PAGES = (
    "/vocabulary",
    "/ontology",
    "/ontology/followup",
    "/ontology/alignments/prov",
    "/shapes",
    "/shapes/items",
    "/shapes/prefixes",
    "/scheme/theme",
)
LARGEST = 100_000


@pytest.fixture
def client(served: Served) -> FlaskClient:
    return served.app.test_client()


def page(client: FlaskClient, address: str) -> str:
    answer = client.get(address, headers=BROWSER)
    assert answer.status_code == 200, address
    assert answer.mimetype == "text/html"
    return unescape(answer.get_data(as_text=True))


@pytest.mark.parametrize("address", PAGES)
def test_no_page_is_too_large_and_no_link_is_dead(client: FlaskClient, address: str) -> None:
    text = page(client, address)
    assert len(text.encode()) < LARGEST
    anchors: dict[str, str] = {}
    for href in sorted(
        set(re.findall(r'href="(/(?:ontology|shapes|scheme|vocabulary)[^"]*)"', text))
    ):
        path, _, anchor = href.partition("#")
        if path not in anchors:
            answer = client.get(path, headers=BROWSER)
            assert answer.status_code == 200, href
            anchors[path] = answer.get_data(as_text=True)
        if anchor:
            assert f'id="{anchor}"' in anchors[path], href


def test_a_term_has_all_that_is_said_of_it(client: FlaskClient) -> None:
    text = page(client, "/ontology/followup")
    entry = text[text.index('id="CauseOfConcern"') :].partition("</section>")[0]
    assert "Follow-up item for a serious, critical or systemic shortcoming." in entry
    assert 'href="/ontology#FollowUpItem"' in entry
    assert "Negative example: cause for concern" in entry
    assert 'href="/shapes/items#ConcernShape-raisedAgainst"' in entry


def test_the_iri_of_a_term_opens_at_the_term(client: FlaskClient) -> None:
    text = page(client, "/ontology")
    assert 'id="CauseOfConcern"' in text
    assert 'href="/ontology/followup#CauseOfConcern"' in text


def test_shapes_in_words_with_their_queries(client: FlaskClient) -> None:
    assert "Every cause of concern: has at least one value of “raised against”" in page(
        client, "/shapes"
    )
    text = page(client, "/shapes/decisions")
    assert "An item must not be decided before it was raised, and [the value] is earlier." in text
    assert "SELECT $this ?value" in text


def test_the_same_addresses_still_answer_with_data(client: FlaskClient) -> None:
    for address in ("/shapes", "/shapes/items", "/ontology", "/scheme/theme"):
        answer = client.get(address, headers={"Accept": "text/turtle"})
        assert answer.mimetype == "text/turtle"


def test_a_concept_has_its_meaning_and_what_bears_it(client: FlaskClient) -> None:
    text = page(client, "/scheme/outcome/closed")
    assert "outcome:closed" in text
    assert 'href="/scheme/outcome"' in text
    assert 'href="/id/decision/' in text


def test_a_concept_that_nothing_bears_says_so(client: FlaskClient) -> None:
    assert "Nothing in the documents" in page(client, "/scheme/grade5/outstanding")
