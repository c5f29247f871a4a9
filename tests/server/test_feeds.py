"""Feeds: valid Atom, stable, dated by what became public."""

import re
from collections.abc import Iterator
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient

from .conftest import Served

A = "{http://www.w3.org/2005/Atom}"
WEST_MIDLANDS = "/feeds/force/west-midlands.atom"
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


@pytest.fixture
def client(served: Served) -> FlaskClient:
    return served.app.test_client()


def read(client: FlaskClient, address: str) -> ElementTree.Element:
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer.mimetype == "application/atom+xml"
    return ElementTree.fromstring(answer.data)


def text(element: ElementTree.Element, name: str) -> str:
    [found] = element.findall(A + name)
    return found.text or ""


def every(client: FlaskClient) -> Iterator[str]:
    page = client.get("/feeds").get_data(as_text=True)
    yield from re.findall(r'href="(/feeds/[^"]+)"', page)


def test_every_feed_is_as_rfc_4287_has_it(client: FlaskClient) -> None:
    addresses = list(every(client))
    assert len(addresses) > 60
    for address in addresses:
        feed = read(client, address)
        assert feed.tag == A + "feed"
        assert text(feed, "id").startswith("https://w3id.org/peelgraph/feeds/")
        assert text(feed, "title")
        assert _MOMENT.fullmatch(text(feed, "updated"))
        assert feed.find(f"{A}author/{A}name") is not None
        links = {each.get("rel"): each.get("href") for each in feed.findall(A + "link")}
        assert (links["self"] or "").endswith(address)
        ids = [text(each, "id") for each in feed.findall(A + "entry")]
        assert len(ids) == len(set(ids))
        for entry in feed.findall(A + "entry"):
            assert text(entry, "title") and text(entry, "summary")
            assert _MOMENT.fullmatch(text(entry, "updated"))
            [link] = entry.findall(A + "link")
            assert link.get("rel") == "alternate"


def test_entries_are_dated_by_what_became_public(client: FlaskClient) -> None:
    feed = read(client, WEST_MIDLANDS)
    days = {text(each, "id"): text(each, "updated") for each in feed.findall(A + "entry")}
    letter = "https://w3id.org/peelgraph/id/document/hmicfrs-wmp-letter-2024-09-18"
    assert days[letter] == "2024-09-18T00:00:00Z"
    assert list(days.values()) == sorted(days.values(), reverse=True)
    assert text(feed, "updated") == max(days.values())


def test_an_item_says_how_it_stood_on_that_day(client: FlaskClient) -> None:
    feed = read(client, "/feeds/theme/investigations.atom")
    said = {text(each, "id"): text(each, "summary") for each in feed.findall(A + "entry")}
    concern = said["https://w3id.org/peelgraph/id/cause-of-concern/wmp-2023-investigations"]
    assert "Cause of concern, from a document public since 18 September 2024." in concern
    assert "As known on that day: open" in concern
    assert any("/id/decision/" in each for each in said)


def test_links_lead_somewhere(client: FlaskClient) -> None:
    for entry in read(client, WEST_MIDLANDS).findall(A + "entry")[:20]:
        [link] = entry.findall(A + "link")
        path = (link.get("href") or "").removeprefix("http://localhost")
        assert client.get(path, headers={"Accept": "text/html"}).status_code == 200, path


def test_what_there_is_no_feed_of(client: FlaskClient) -> None:
    for address in ("/feeds/force/west-midland.atom", "/feeds/force/X%3E.atom", "/feeds/x/y.atom"):
        assert client.get(address).status_code == 404
    detail = client.get("/feeds/force/west-midland.atom").get_json(force=True)["detail"]
    assert "west-midlands" in detail


def test_conditional(client: FlaskClient) -> None:
    tag = client.get(WEST_MIDLANDS).headers["ETag"]
    assert client.get(WEST_MIDLANDS, headers={"If-None-Match": tag}).status_code == 304
