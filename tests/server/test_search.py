"""The search page, its JSON form, and the index that the keeper has made."""

import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from html import unescape
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from peelgraph.build import ensure
from peelserver import create_app
from peelserver.answering.snapshots import index_of, indexing
from peelserver.config import Config
from peelserver.pages import search
from peelserver.processes.keepers import Keepers, digest_of

from .conftest import Served

BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


@pytest.fixture
def client(served: Served) -> FlaskClient:
    return served.app.test_client()


def page(client: FlaskClient, address: str) -> str:
    answer = client.get(address, headers=BROWSER)
    assert answer.status_code == 200
    return unescape(answer.get_data(as_text=True))


class TestPage:
    def test_hits_with_the_words_marked(self, client: FlaskClient) -> None:
        found = page(client, "/search?q=vetting+backlog")
        assert 'href="/id/cause-of-concern/' in found
        assert "<mark>backlog</mark>" in found

    def test_an_empty_one_says_what_to_do(self, client: FlaskClient) -> None:
        assert 'href="/search?kind=document"' in page(client, "/search")

    def test_nothing_found_says_why(self, client: FlaskClient) -> None:
        found = page(client, "/search?q=xyzzyq&kind=force")
        assert "Nothing found" in found
        assert "nor a word near it" in found
        assert 'href="/search?q=xyzzyq"' in found

    def test_a_slip_is_named(self, client: FlaskClient) -> None:
        found = page(client, "/search?q=vettign")
        assert "Nothing has “vettign”. Searched for <strong>vetting</strong> instead." in found

    def test_facets_are_links(self, client: FlaskClient) -> None:
        found = page(client, "/search?q=vetting")
        assert 'href="/search?q=vetting&kind=finding"' in found
        chosen = page(client, "/search?q=vetting&kind=finding")
        assert 'href="/search?q=vetting" aria-current="true"' in chosen
        assert 'name="kind" value="finding"' in chosen

    def test_pages(self, client: FlaskClient) -> None:
        first = page(client, "/search?q=police")
        assert 'href="/search?q=police&page=2" rel="next"' in first
        assert 'href="/search?q=police" rel="prev"' in page(client, "/search?q=police&page=2")
        assert "There are no more" in page(client, "/search?q=vetting&page=50")

    def test_what_is_typed_is_text(self, client: FlaskClient) -> None:
        answer = client.get("/search?q=<script>alert(1)</script>", headers=BROWSER)
        assert "<script>alert" not in answer.get_data(as_text=True)

    @pytest.mark.parametrize(
        ("address", "says"),
        [
            ("/search?q=" + "a" * 301, "300 characters"),
            ("/search?q=a&page=0", "from 1 to"),
            ("/search?q=a&page=x", "from 1 to"),
            ("/search?q=a&kind='--", "'kind' takes"),
            ("/search?q=a&colour=red", "no parameter 'colour'"),
            ("/search?q=a&q=b", "'q' once"),
        ],
    )
    def test_what_it_does_not_take(self, client: FlaskClient, address: str, says: str) -> None:
        answer = client.get(address, headers={"Accept": "application/json"})
        assert answer.status_code == 400
        assert says in answer.get_json()["detail"]

    def test_conditional(self, client: FlaskClient) -> None:
        tag = client.get("/search?q=vetting").headers["ETag"]
        again = client.get("/search?q=vetting", headers={"If-None-Match": tag})
        assert again.status_code == 304


class TestJson:
    def test_the_same_as_data(self, client: FlaskClient, served: Served) -> None:
        found = client.get("/search?q=vetting&kind=finding&format=json").get_json()
        assert found["snapshot"] == served.state.digest()
        assert found["narrowed"] == {"kind": "finding"}
        assert found["total"] == len(found["hits"]) > 0
        for hit in found["hits"]:
            assert hit["iri"].endswith(hit["address"])
            assert client.get(hit["address"], headers=BROWSER).status_code == 200

    def test_a_page_of_every_kind_of_hit_is_there(self, client: FlaskClient) -> None:
        kinds = client.get("/search?q=police&format=json").get_json()["facets"]["kind"]
        assert len(kinds) > 10
        for kind in kinds:
            hits = client.get(f"/search?q=police&kind={kind['value']}&format=json").get_json()
            address = hits["hits"][0]["address"]
            assert client.get(address, headers=BROWSER).status_code == 200, address


def await_index(path: Path) -> None:
    """Wait until nobody makes an index any more."""
    until = time.monotonic() + 30
    while indexing(path).exists() and time.monotonic() < until:
        time.sleep(0.02)
    assert path.exists()


class TestIndex:
    def test_a_search_waits_for_one_that_is_being_made(
        self,
        keep: Callable[[Config], AbstractContextManager[tuple[Config, Keepers]]],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        snapshot = ensure()
        with keep(Config(snapshot=snapshot)) as (config, _):
            assert config.run is not None
            path = index_of(config.run, digest_of(snapshot))
            await_index(path)
            client = create_app(config).test_client()
            made = path.rename(path.with_suffix(".made"))
            indexing(path).touch()
            later = threading.Timer(0.3, made.rename, [path])
            later.start()
            assert client.get("/search?q=vetting&format=json").get_json()["total"]
            later.join()
            path.unlink()
            monkeypatch.setattr(search, "PATIENCE", 0.1)
            answer = client.get("/search?q=custody")
            assert answer.status_code == 503
            assert "being made" in answer.get_json()["detail"]
            assert answer.headers["Retry-After"] == "5"

    def test_it_is_made_with_the_keeper_and_goes_with_it(
        self, keep: Callable[[Config], AbstractContextManager[tuple[Config, Keepers]]]
    ) -> None:
        snapshot = ensure()
        with keep(Config(snapshot=snapshot)) as (config, keepers):
            assert config.run is not None
            path = index_of(config.run, digest_of(snapshot))
            await_index(path)
            assert path.stat().st_size > 100_000
            assert not path.with_name(path.name + ".new").exists()
            keepers.drop(digest_of(snapshot))
            assert not path.exists()

    def test_without_one_only_search_is_missing(
        self, keep: Callable[[Config], AbstractContextManager[tuple[Config, Keepers]]]
    ) -> None:
        snapshot = ensure()
        with keep(Config(snapshot=snapshot)) as (config, _):
            assert config.run is not None
            path = index_of(config.run, digest_of(snapshot))
            await_index(path)
            path.unlink()
            client = create_app(config).test_client()
            answer = client.get("/search?q=vetting")
            assert answer.status_code == 503
            assert "no search index" in answer.get_json()["detail"]
            assert client.get("/questions?format=json").status_code == 200
