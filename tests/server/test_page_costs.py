"""What a page costs: how many queries it asks, and how many bytes it weighs."""

import re
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

import peelgraph
from peelgraph import asking
from peelgraph.asking import Value
from peelgraph.engine import Ahead, Remembering
from peelserver.answering import ahead
from peelserver.answering.jobs import Answered, Busy, Job
from peelserver.answering.pool import CLIENT, Pool
from peelserver.lineage import cells, choices, views
from peelserver.pages import document, mentions
from peelserver.pages.blocks import share
from peelserver.state import State

BROWSER = {"Accept": "text/html"}
LARGEST = 100_000
LETTER = "hmicfrs-wmp-letter-2024-09-18"

#: the most queries that a page asks in a process that remembers nothing yet
QUERIES = {
    "/": 18,
    "/status": 5,
    "/about": 3,
    "/vocabulary": 2,
    "/shapes": 0,
    "/questions": 0,
    "/search?q=vetting": 0,
    "/id/force/west-midlands": 15,
    "/id/cause-of-concern/wmp-2023-investigations": 15,
    "/id/recommendation/wmp-2019-vetting-1": 14,
    "/id/response/west-midlands-pcc-2019-06-27": 7,
    "/id/body/hmicfrs": 7,
    "/id/inspection/wmp-2018-19-peel": 8,
    f"/id/document/{LETTER}": 8,
    f"/passages/{LETTER}/1093-1167": 8,
    "/scheme/theme/vetting": 8,
}

#: pages of the kinds that weigh most, each with as much on it as the graph has
HEAVY = (
    *QUERIES,
    *("/ontology", "/ontology/followup", "/graph/reference", "/scheme/area", "/exports", "/sparql"),
    *(f"/questions/{name}?limit=1000" for name in ("findings", "statements", "themes")),
    f"/questions/passages?document={LETTER}",
    *("/questions/facts", "/questions/statements?force=west-midlands", "/shapes/items"),
)


@pytest.fixture(scope="module")
def client(served: tuple[Flask, State]) -> FlaskClient:
    return served[0].test_client()


@pytest.fixture
def asked(served: tuple[Flask, State], monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the queries that are asked from now on, in a process that remembers nothing."""
    found: list[str] = []
    answer = Pool.answer

    def counted(self: Pool, job: Job, **given: Any) -> Answered:
        found.append(job.query)
        return answer(self, job, **given)

    served[1].cache.clear()
    served[1].pool.labels(served[1].digest()).clear()
    monkeypatch.setattr(Pool, "answer", counted)
    return found


@pytest.mark.parametrize("address", QUERIES)
def test_a_page_asks_few_queries_and_none_twice(
    client: FlaskClient, asked: list[str], address: str
) -> None:
    assert client.get(address, headers=BROWSER).status_code == 200
    assert len(asked) <= QUERIES[address], [query[-200:] for query in asked]
    assert len(asked) == len(set(asked))


def test_labels_are_asked_once_a_snapshot(client: FlaskClient, asked: list[str]) -> None:
    def labelled() -> int:
        return sum("prefLabel> ?label" in query for query in asked)

    client.get("/scheme/theme/vetting", headers=BROWSER)
    first = labelled()
    client.get("/scheme/theme/vetting?on=2024-01-01", headers=BROWSER)
    assert first > 0
    assert labelled() == first


@pytest.mark.parametrize("address", HEAVY)
def test_a_page_is_small(client: FlaskClient, address: str) -> None:
    answer = client.get(address, headers=BROWSER)
    assert answer.status_code == 200
    assert len(answer.data) < LARGEST


class TestWhatIsTooMuchForAPage:
    def test_rows_of_an_answer_go_on_on_the_next_page(self, client: FlaskClient) -> None:
        address, seen, pages = f"/questions/passages?document={LETTER}", [], 0
        while address:
            text = client.get(address, headers=BROWSER).get_data(as_text=True)
            table = text.partition('<table class="answer">')[2].partition("</table>")[0]
            seen += re.findall(r"<tr><td.*?</tr>", table)
            after = re.search(r'<a href="([^"]*)">Next rows</a>', text)
            address = after[1].replace("&amp;", "&") if after else ""
            pages += 1
        rows = client.get(f"/questions/passages?document={LETTER}&format=json").get_json()["rows"]
        assert pages > 1
        assert len(seen) == len(rows)

    def test_rows_before_lead_back_to_the_first(self, client: FlaskClient) -> None:
        address, offsets = f"/questions/passages?document={LETTER}&offset=300", [300]
        while offsets[-1]:
            text = client.get(address, headers=BROWSER).get_data(as_text=True)
            before = re.search(r'<a href="([^"]*offset=(\d+)[^"]*)">Rows before</a>', text)
            assert before is not None
            address = before[1].replace("&amp;", "&")
            offsets.append(int(before[2]))
        assert offsets == sorted(offsets, reverse=True)

    def test_passages_of_a_document_go_on_on_the_next_page(
        self, client: FlaskClient, served: tuple[Flask, State], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        whole = client.get(f"/id/document/{LETTER}", headers=BROWSER).get_data(as_text=True)
        monkeypatch.setattr(document, "ROOM", 9000)
        served[1].cache.clear()
        address, seen, starts = f"/id/document/{LETTER}", list[str](), list[str]()
        while address:
            text = client.get(address, headers=BROWSER).get_data(as_text=True)
            seen += re.findall(r'<li id="(char=\d+,\d+)">', text)
            before = re.search(r'<a href="([^"]*)">Passages before these', text)
            assert [before[1]] == starts[-1:] if before else not starts
            starts.append(address)
            after = re.search(r'<a href="([^"]*)">Passages after these', text)
            address = after[1] if after else ""
        beyond = client.get(f"/id/document/{LETTER}?offset=999999999", headers=BROWSER)
        served[1].cache.clear()
        assert len(starts) > 3
        assert seen == list(dict.fromkeys(seen))
        assert set(re.findall(r'<li id="(char=\d+,\d+)">', whole)) <= set(seen)
        assert beyond.status_code == 200

    def test_one_row_is_shown_however_large(self, served: tuple[Flask, State]) -> None:
        rows: list[dict[str, Value]] = [{"what": "x" * 1000}] * 3
        with served[0].app_context():
            assert len(cells.drawn(rows, ["what"], {}, 10)) == 1
            assert len(cells.drawn(rows, ["what"], {}, 3000)) == 2
            assert cells.drawn([], ["what"], {}, 10) == []

    def test_values_that_are_equal_and_not_the_same_stand_apart(
        self, served: tuple[Flask, State]
    ) -> None:
        with served[0].app_context():
            rows = cells.drawn([{"value": True}, {"value": 1}, {}], ["value"], {}, 999)
        assert [re.sub("<.*?>", "", row) for row in rows] == ["yes", "1", "–"]

    def test_suggestions_beyond_some_lead_to_the_search(
        self, client: FlaskClient, served: tuple[Flask, State], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        whole = client.get("/questions/phase", headers=BROWSER).get_data(as_text=True)
        assert 'the <a href="/search">search</a> finds any other' not in whole
        monkeypatch.setattr(choices, "SUGGESTED", 5)
        monkeypatch.setattr(views, "SUGGESTED", 5)
        choices._things.cache_clear()
        served[1].cache.clear()
        try:
            text = client.get("/questions/phase", headers=BROWSER).get_data(as_text=True)
        finally:
            choices._things.cache_clear()
            served[1].cache.clear()
        listed = text.partition("<datalist")[2].partition("</datalist>")[0]
        assert listed.count("<option") == 5
        assert 'the first 5; the <a href="/search">search</a> finds any other.' in text

    def test_sections_share_the_room_of_a_page(self) -> None:
        for counts in ([1], [500], [500] * 3, [10] * 9, [2] * 60, [41, 41, 41, 1]):
            most = share(counts, mentions.SHOWN, mentions.LEAST, mentions.ALL)
            shown = sum(min(most, each) for each in counts)
            assert shown <= mentions.ALL or most == mentions.LEAST
            assert mentions.LEAST <= most <= mentions.SHOWN


class TestNarrowedQuestions:
    def test_rows_of_some_items_are_those_among_all(self, graph: peelgraph.Graph) -> None:
        given = {"on": "2024-06-01", "known": "all"}
        rows = asking.ask(graph.engine, "status", given).rows
        some = [str(row["item"]) for row in rows[::3]]
        found = asking.rows_within(graph.engine, "status", "item", some, given)
        assert list(found) == [row for row in rows if row["item"] in some]
        assert asking.rows_within(graph.engine, "status", "item", [], given) == ()

    def test_a_column_is_held_to_some_values(self, graph: peelgraph.Graph) -> None:
        force = "https://w3id.org/peelgraph/id/force/west-midlands"
        prop = "https://w3id.org/peelgraph/ontology#inspects"
        given = {"known": "all"}
        every = asking.rows_of_each(graph.engine, "mentions", "thing", [force], given)
        found = asking.rows_of_each(
            graph.engine, "mentions", "thing", [force], given, within={"property": [prop]}
        )
        assert list(found) == [row for row in every if row["property"] == prop]
        assert 0 < len(found) < len(every)


class TestAhead:
    @pytest.fixture
    def helpers(self) -> Iterator[ahead.Helpers]:
        found = ahead.Helpers(1)
        yield found
        found.close()

    def test_it_is_asked_for_the_same_client(self, helpers: ahead.Helpers) -> None:
        token = CLIENT.set("somebody")
        try:
            begun = helpers.begin(CLIENT.get)
        finally:
            CLIENT.reset(token)
        assert begun.result() == "somebody"

    def test_nobody_waits_for_a_helper_that_has_not_begun(self, helpers: ahead.Helpers) -> None:
        on = threading.Event()
        helpers.begin(on.wait)
        begun = helpers.begin(threading.get_ident)
        assert begun.result() == threading.get_ident()
        on.set()

    def test_a_refusal_reaches_who_asks(self, helpers: ahead.Helpers) -> None:
        def refused() -> None:
            raise Busy("Not now.")

        with pytest.raises(Busy, match="Not now"):
            helpers.begin(refused).result()

    def test_the_engine_of_a_request_asks_once(
        self, served: tuple[Flask, State], asked: list[str]
    ) -> None:
        engine = served[1].engine()
        assert isinstance(engine, Ahead)
        assert isinstance(engine, Remembering)
        for _ in range(2):
            engine.ahead("ASK { ?ahead ?of ?time }")
            assert bool(engine.query("ASK { ?ahead ?of ?time }"))
        assert asked == ["ASK { ?ahead ?of ?time }"]

    def test_labels_are_bounded(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(ahead, "LABELS", 3)
        found = ahead.Labels()
        for number in range(50):
            found.update({str(number): "x", f"{number}b": "y"})
            assert len(found) <= 3
        assert found["49"] == "x"
