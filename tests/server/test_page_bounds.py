"""Pages of a whole country: each has a bound, says what it leaves out, and leads to the rest.

The bounds are lowered here, so that the shipped graph has more than fits; the last test takes a
made-up country as it is.
"""

import html
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from urllib.parse import quote

import pyoxigraph as ox
import pytest
from flask import Flask
from flask.testing import FlaskClient
from peelbench.national import generate

from peelgraph.build import ensure
from peelgraph.namespaces import BASE, PREFIXES
from peelgraph.resources import Project
from peelgraph.snapshot import load
from peelserver.config import Config
from peelserver.linkeddata import listing
from peelserver.pages import about, blocks, forcetables, item, pictures, start, status, thing
from peelserver.state import State

BROWSER = {"Accept": "text/html"}
LARGEST = 100_000
FORCE = "/id/force/west-midlands"
CONCERN = "/id/cause-of-concern/wmp-2023-investigations"
VETTING = "/id/cause-of-concern/wmp-2019-vetting"

Page = Callable[[str], str]
Apply = Callable[[Config], AbstractContextManager[tuple[Flask, State]]]


@pytest.fixture
def page(served: tuple[Flask, State]) -> Iterator[Page]:
    """Return what gets a page of which nothing is remembered, before or after."""
    client = served[0].test_client()

    def got(address: str) -> str:
        served[1].cache.clear()
        answer = client.get(html.unescape(address), headers=BROWSER)
        assert answer.status_code == 200, address
        return answer.get_data(as_text=True)

    yield got
    served[1].cache.clear()


def section(text: str, anchor: str) -> str:
    """Return the part of a page under a heading."""
    return text.partition(f'<h2 id="{anchor}">')[2].partition("</section>")[0]


def every(page: Page, address: str, more: str, row: str) -> tuple[list[str], int]:
    """Follow the links to the rest; return the rows that were seen, and on how many pages."""
    seen: list[str] = []
    pages = 0
    while address:
        text = page(address)
        seen += re.findall(row, text)
        after = re.search(f'<a href="([^"]*)">{more}</a>', text)
        address = after[1] if after else ""
        pages += 1
    return seen, pages


class TestStart:
    def test_many_forces_stand_in_a_table(
        self, page: Page, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(start, "WHOLE", 0)
        text = page("/")
        table = section(text, "forces")
        assert "<svg" not in text
        assert "One police force and 26 causes of concern" in table
        assert '<a href="/id/force/west-midlands">West Midlands Police</a>' in table
        assert "Scan" in table

    @pytest.mark.parametrize("when", ["", "&on=2024-06-01", "&on=2020-01-01&known=2020-06-01"])
    def test_its_counts_are_those_of_the_tables_that_they_lead_to(
        self, page: Page, monkeypatch: pytest.MonkeyPatch, when: str
    ) -> None:
        monkeypatch.setattr(start, "WHOLE", 0)
        table = section(page(f"/?{when[1:]}"), "forces")
        counts = re.findall(r'<a href="(/status[^"]*status=[^"]*)">([0-9,]+)</a>', table)
        assert counts
        for address, number in counts:
            assert f'<p class="counts">{number} item' in page(address)

    def test_nothing_known_is_said(self, page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(start, "WHOLE", 0)
        assert "Nothing is known of it here" in page("/?on=1990-01-01&known=1990-01-01")


class TestStatus:
    def test_the_table_goes_on_on_the_next_page(
        self, page: Page, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        row = r'<th scope="row"><a href="([^"]*)">'
        whole = re.findall(row, page("/status"))
        monkeypatch.setattr(status, "SIZE", 7)
        seen, pages = every(page, "/status", "Items after these", row)
        assert seen == whole and pages == -(-len(whole) // 7)
        assert "Items 8 to 14 of 26" in " ".join(page("/status?offset=7").split())

    def test_rows_are_as_many_as_have_room(
        self, page: Page, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        row = r'<th scope="row"><a href="([^"]*)">'
        whole = re.findall(row, page("/status?kind=recommendation"))
        monkeypatch.setattr(status, "ROOM", 2500)
        seen, pages = every(page, "/status?kind=recommendation", "Items after these", row)
        assert seen == whole and pages > 2

    def test_what_was_not_yet_raised_is_there_when_asked_for(self, page: Page) -> None:
        text = page("/status?on=2019-01-01&status=not-yet-raised")
        assert re.search(r'<p class="counts">\d+ items: \d+ <strong class="tag tag-not-yet', text)
        assert "It had" not in section(text, "table")


class TestForce:
    def test_its_tables_share_the_room(self, page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
        row, whole = r"<tr><th scope=\"row\">.*?</tr>", page(FORCE)
        monkeypatch.setattr(forcetables, "ALL", 10)
        monkeypatch.setattr(forcetables, "LEAST", 2)
        monkeypatch.setattr(forcetables, "GRADED", 2)
        text = page(FORCE)
        for anchor, latest in (
            *(("concerns", False), ("offices", False)),
            *(("clock", True), ("inspections", True), ("documents", True)),
        ):
            every = re.findall(row, section(whole, anchor))
            table = section(text, anchor)
            assert re.findall(row, table) == (every[-2:] if latest else every[:2])
            more = re.search(r'<a href="([^"]*)">Show all (\d+); these are ', table)
            assert more and int(more[2]) == len(every), anchor
            answer = page(more[1]).partition("<tbody>")[2]
            assert anchor == "inspections" or answer.count("<tr>") == len(every)
        assert "these are the latest 2 tables" in section(text, "grades-1")
        assert 'id="grades-2"' in text and 'id="grades-3"' not in text

    def test_its_picture_has_so_many_bars_and_the_words_say_so(
        self, page: Page, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(pictures, "BARS", 3)
        monkeypatch.setattr(pictures, "SAID", 4)
        text = section(page(FORCE), "timeline")
        assert "For want of room" in text
        assert '<a href="/status?force=west-midlands">' in text
        assert text.count("<li>") == 5


class TestThings:
    def test_lists_on_the_page_of_a_concern(
        self, page: Page, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        whole = page(CONCERN)
        monkeypatch.setattr(item, "LONGEST", 1)
        monkeypatch.setattr(item, "EVENTS", 2)
        monkeypatch.setattr(thing, "PASSAGES", 1)
        text = page(CONCERN)
        assert len(text) < len(whole)
        assert section(text, "recommendations").count('<p class="entry">') == 1
        assert section(text, "history").count("<tr>") == 3
        for address in re.findall(r'<a href="([^"]*)">(?:Show all|all) \d', text):
            page(address)
        for anchor in ("recommendations", "lineage", "history"):
            assert "Show all" in section(text, anchor), anchor
        assert "These are the first 1;" in section(text, "evidence")

    def test_places_and_values_beyond_some_are_counted(
        self, page: Page, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("peelserver.pages.mentions.PLACES", 1)
        monkeypatch.setattr("peelserver.pages.mentions._DAYS", 1)
        monkeypatch.setattr(blocks, "VALUES", 1)
        text = page("/id/office/west-midlands-pcc")
        assert re.search(r'; <a href="/questions/evidence[^"]*">all \d+ passages</a>', text)
        assert re.search(r"Shown in office on \d+ days, .* the first, .* the last\.", text)
        assert re.search(r'<a href="/questions/facts[^"]*">All \d+ of them</a>', page(VETTING))

    def test_a_graph_goes_on_on_the_next_page(
        self, page: Page, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        address, row = "/graph/reference", r'<li[^>]*><a href="(/[^"]*)">'
        whole = re.findall(row, page(address).partition("<main")[2])
        monkeypatch.setattr(listing, "ROOM", 800)
        seen, pages = every(page, address, "Those after these", row)
        assert pages > 1
        assert set(whole) <= set(seen)

    def test_many_documents_are_counted_by_force(
        self, page: Page, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        named = page("/about")
        monkeypatch.setattr(about, "NAMED", 1)
        text = page("/about")
        count = re.search(r"(\d+) documents are known so far", named)
        assert count and count[0] in text
        assert '<a href="/id/force/west-midlands">West Midlands Police</a>' in text
        assert named.count("only referred to") > 0 == text.count("only referred to")


@pytest.fixture(scope="module")
def country(
    apply: Apply, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[FlaskClient, ox.Store]]:
    made = generate(tmp_path_factory.mktemp("country") / "made", 500_000, seed=4).folder
    snapshot = ensure(Project(made))
    with apply(Config(snapshot=snapshot, rate=100_000.0, burst=1_000_000)) as found:
        yield found[0].test_client(), load(snapshot)


@pytest.mark.slow
def test_every_kind_of_page_of_a_whole_country_is_small(
    country: tuple[FlaskClient, ox.Store],
) -> None:
    client, store = country
    heavy = _heaviest(store)
    assert sum(address.startswith("/id/force/") for address in heavy) > 30
    large = {}
    for address in heavy:
        answer = client.get(address, headers=BROWSER)
        for _ in range(20):  # the index of the search is made while the server answers
            if answer.status_code != 503 or not address.startswith("/search"):
                break
            answer = client.get(address, headers=BROWSER)
        assert answer.status_code == 200, address
        if len(answer.data) >= LARGEST:
            large[address] = len(answer.data)
    assert not large


def _heaviest(store: ox.Store) -> list[str]:
    """Return every force and theme, of each kind of thing those that most links to, and others."""
    by_kind: dict[str, list[str]] = {}
    for kind, iri in _rows(
        store,
        "SELECT ?kind ?it (COUNT(?link) AS ?links) { ?it peel:kindToken ?kind . "
        f'?link ?property ?it FILTER (STRSTARTS(STR(?it), "{BASE}id/")) }} '
        "GROUP BY ?kind ?it ORDER BY ?kind DESC(?links) ?it",
    ):
        by_kind.setdefault(kind, []).append(iri)
    forces = by_kind.pop("force")
    by_kind.pop("passage")
    things = [iri for some in by_kind.values() for iri in some[:3]]
    themes = [iri for [iri] in _rows(store, "SELECT DISTINCT ?theme { ?it peel:theme ?theme }")]
    paths = ["/" + quote(iri.removeprefix(BASE)) for iri in [*forces, *things, *sorted(themes)]]
    days = "on=2021-01-01&known=2021-06-01"
    return [
        *("/", f"/?{days}", "/status", f"/status?{days}", "/status?status=closed&offset=100"),
        *("/status?kind=recommendation", "/status?theme=vetting", "/status?on=2015-01-01"),
        *("/about", "/feeds", "/exports", "/vocabulary", "/questions", "/search?q=vetting"),
        *("/graph/derived", "/questions/not-known", "/questions/status"),
        *paths,
        *(f"{path}?{days}" for path in paths[::5]),
    ]


def _rows(store: ox.Store, query: str) -> Iterator[list[str]]:
    found = store.query(query, prefixes=PREFIXES)
    assert isinstance(found, ox.QuerySolutions)
    for row in found:
        yield [term.value for term in tuple(row)[:2] if not isinstance(term, ox.Triple | None)]
