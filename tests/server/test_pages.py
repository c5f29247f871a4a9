"""The pages: what each says, what it leads to, and that it says no more than the documents do."""

import html
import json
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol
from urllib.request import Request, urlopen

import pytest
from flask import Flask
from flask.testing import FlaskClient

import peelgraph
from peelgraph.build import ensure
from peelgraph.namespaces import BASE, ID
from peelserver.config import Config
from peelserver.state import State

BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
CONCERN = "/id/cause-of-concern/wmp-2023-investigations"
LETTER = "hmicfrs-wmp-letter-2024-09-18"

#: one page of every kind that there is
PAGES = (
    *("/", "/status", "/about", "/id/force/west-midlands", "/id/force/kent", CONCERN),
    *("/id/recommendation/wmp-2019-vetting-1", f"/id/document/{LETTER}", "/scheme/theme/vetting"),
    *("/id/person/simon-foster", "/id/office/west-midlands-pcc", "/id/inspection/wmp-2023-peel"),
    *("/id/response/west-midlands-pcc-2019-06-27", f"/passages/{LETTER}/1093-1167"),
    *("/status?on=soon", "/status?on=2024-03-01&known=2024-03-01", "/id/body/hmicfrs"),
)


class Live(Protocol):
    """A whole server."""

    address: str


Page = Callable[..., str]
Apply = Callable[[Config], AbstractContextManager[tuple[Flask, State]]]


@pytest.fixture(scope="module")
def client(served: tuple[Flask, State]) -> FlaskClient:
    return served[0].test_client()


@pytest.fixture(scope="module")
def page(client: FlaskClient) -> Page:
    def got(address: str, status: int = 200) -> str:
        answer = client.get(address, headers=BROWSER)
        assert (answer.status_code, answer.mimetype) == (status, "text/html"), address
        return html.unescape(" ".join(answer.get_data(as_text=True).split()))

    return got


def words(page: str) -> str:
    """Return what a page says, without its tags."""
    main = page.partition("<main")[2].partition("</main>")[0]
    return " ".join(re.sub(r"<[^>]*>", " ", main).split())


class TestStart:
    def test_it_says_how_a_force_stands(self, page: Page) -> None:
        said = words(page("/"))
        assert "Four causes of concern, 10 recommendations and six areas for improvement" in said
        assert "three of them last proved open on 18 September 2024" in said
        assert "In Scan since 18 September 2024, and presumed to be so still." in said

    def test_what_is_overdue_and_what_changed_last(self, page: Page) -> None:
        there = page("/")
        said = words(there)
        report = '<a href="/id/document/wmp-peel-2018-19-report">PEEL 2018/19 report on'
        assert "due by 26 June 2019 and came on 27 June 2019 or later, day 57." in said
        assert report in there
        assert "MARACs closed some day between 1 May and 18 September 2024" in said

    def test_on_a_day(self, page: Page) -> None:
        said = words(page("/?on=2024-06-01"))
        assert "may be open or closed" in said
        assert "In Engage since 24 November 2023." in said

    def test_as_known_on_a_day_links_keep_it(self, page: Page) -> None:
        there = page("/?on=2024-06-01&known=2024-06-01")
        assert 'href="/id/force/west-midlands?on=2024-06-01&known=2024-06-01"' in there
        assert "Engage" not in words(there)

    def test_before_there_is_anything(self, page: Page) -> None:
        assert "Nothing is known" in page("/?on=2024-06-01&known=1990-01-01")

    def test_a_bad_day_is_named_beside_its_field(self, page: Page) -> None:
        there = page("/?on=soon", 400)
        assert "There is a problem" in there
        assert (
            '<a href="#on">Enter the day like this: 2024-09-18. “soon” is not a day.</a>' in there
        )

    def test_conditional(self, client: FlaskClient) -> None:
        tag = client.get("/?on=2024-06-01").headers["ETag"]
        again = client.get("/?on=2024-06-01", headers={"If-None-Match": tag})
        assert again.status_code == 304

    def test_every_force_of_the_register_can_be_reached(self, page: Page) -> None:
        assert len(set(re.findall(r'href="(/id/force/[a-z-]+)"', page("/")))) == 43


class TestStatus:
    def test_counts_agree_with_the_table_however_it_is_narrowed(self, page: Page) -> None:
        there = page("/status")
        facets = re.findall(r'<a href="(/status\?[^"]*)">([^<]*)</a> (\d+)</li>', there)
        assert len(facets) > 10
        for address, text, count in facets:
            narrowed = page(address)
            rows = narrowed.count('<tr><th scope="row">')
            assert rows == int(count), text
            assert f"{count} item{'' if count == '1' else 's'}:" in narrowed

    def test_a_wrong_field_leaves_the_others_as_they_were(self, page: Page) -> None:
        there = page("/status?on=2024-02-31&force=west-midlands&kind=reccomendation", 400)
        assert "“2024-02-31” is not a day." in there
        assert "Choose a kind from the list. “reccomendation” is not one of them." in there
        assert '<option value="west-midlands" selected>West Midlands Police (' in there
        assert '<option value="recommendation">' in there
        assert '<tr><th scope="row">' not in there

    def test_its_rows_are_those_of_the_question(self, page: Page, graph: peelgraph.Graph) -> None:
        there = page("/status?on=2024-06-01")
        rows = graph.ask("status", on="2024-06-01").rows
        for row in rows:
            assert f'href="{str(row["item"]).removeprefix(BASE[:-1])}?on=2024-06-01"' in there
        assert there.count('<tr><th scope="row">') == len(rows)

    def test_what_was_not_yet_raised_is_listed_when_asked_for(self, page: Page) -> None:
        said = words(page("/status?on=2020-01-01&status=not-yet-raised"))
        assert "Effective investigations" in said

    def test_no_rows_says_why_and_where_to_go_on(self, page: Page) -> None:
        there = page("/status?theme=vetting&kind=area-for-improvement")
        assert "None of the 26 items meets these conditions." in there
        assert 'href="/status">Show all 26 items' in there

    @pytest.mark.parametrize("query", ["kind=x", "theme=x", "status=x", "force=x", "known=2024"])
    def test_a_wrong_condition_is_named_beside_its_field(self, page: Page, query: str) -> None:
        name = query.partition("=")[0]
        there = page(f"/status?{query}", 400)
        assert f'<a href="#{name}">' in there
        assert f'id="{name}-error"' in there

    def test_a_force_without_documents_is_no_mistake(self, page: Page) -> None:
        there = page("/status?force=kent")
        assert "None of the 26 items meets this condition." in there
        assert '<option value="kent" selected>Kent Police (0)' in there
        assert "Narrowed to Force: Kent Police" in there

    def test_a_wrong_offset(self, page: Page) -> None:
        assert "takes a whole number" in page("/status?offset=-1", 400)

    def test_nothing_in_an_address_becomes_markup(self, client: FlaskClient) -> None:
        answer = client.get("/status?on=<script>x</script>&kind=<b>", headers=BROWSER)
        assert b"<script>x" not in answer.data
        assert b"<b>" not in answer.data


class TestForce:
    def test_what_it_shows(self, page: Page) -> None:
        said = words(page("/id/force/west-midlands"))
        for text in (
            "Engage 24 November 2023 18 September 2024 HMICFRS",
            "Grades on different scales cannot be compared",
            "Chief Constable of West Midlands Police Craig Guildford on 18 September 2024",
            "the answer was due by 26 June 2019",
            "Where documents disagree",
            "What the documents leave open",
        ):
            assert text in said

    def test_grades_of_two_scales_stand_apart(self, page: Page) -> None:
        tables = page("/id/force/west-midlands").split("<table")
        assert not [t for t in tables if "Outstanding" in t and "five-step" in t]

    def test_one_without_documents_says_so(self, page: Page) -> None:
        said = words(page("/id/force/kent"))
        assert "This graph holds no document about this force yet." in said
        assert "Police and Crime Commissioner for Kent" in said

    def test_before_anything_was_public(self, page: Page) -> None:
        said = words(page("/id/force/west-midlands?known=1990-01-01"))
        assert "No document about this force was public by 1 January 1990." in said


class TestItems:
    def test_why_it_is_open(self, page: Page) -> None:
        said = words(page(CONCERN))
        assert "No document says what became of it after that." in said
        assert "The force needs to make sure it carries out effective investigations" in said
        assert "Skills and capabilities of investigators closed 17 September 2024" in said

    def test_every_date_says_which_it_is(self, page: Page) -> None:
        history = page(CONCERN).partition('id="history"')[2].partition("</section>")[0]
        said = words(f"<main>{history}</main>")
        assert "September 2023 West Midlands Police PEEL 2023 inspection Inspectors on site" in said
        assert "18 September 2024 Letter on the return to Scan, 2024 document Public since" in said

    def test_a_closure_without_a_date_has_its_bounds(self, page: Page) -> None:
        said = words(page("/id/cause-of-concern/wmp-2023-maracs"))
        assert "It was closed on some day between 1 May and 18 September 2024." in said
        assert "some day between 1 May and 18 September 2024 MARACs closed decision" in said

    def test_who_answered_and_what_was_promised(self, page: Page) -> None:
        said = words(page("/id/recommendation/wmp-2019-vetting-1"))
        answers = said.partition("Who answered, and what was promised")[2]
        assert "The force on its vetting backlog West Midlands Police" in answers
        assert "Review of the whole vetting unit" in answers

    def test_no_answer_says_what_that_means(self, page: Page) -> None:
        assert "That does not mean that nobody did." in page("/id/cause-of-concern/wmp-2023-maracs")

    def test_what_came_up_before_is_kept_apart_by_its_basis(self, page: Page) -> None:
        said = words(page(CONCERN)).partition("Has this come up before?")[2]
        assert "We infer it" in said
        assert "Everything on its theme: investigations" in said

    def test_as_known_before_anything_told_of_it(self, page: Page) -> None:
        said = words(page(f"{CONCERN}?known=2024-03-01"))
        assert "No document that was public by 1 March 2024 tells of this." in said
        assert "effective investigations which lead" not in said

    def test_a_name_that_does_not_exist(self, page: Page) -> None:
        assert "wmp-2023-investigations" in page("/id/cause-of-concern/wmp-2023-investigation", 404)
        assert "northumbria and 13 more." in page("/id/force/atlantis", 404)

    def test_a_date_that_is_not_known_is_named_all_the_same(self, page: Page) -> None:
        there = page("/id/cause-of-concern/wmp-2019-vetting")
        history = there.partition('id="history"')[2].partition("</section>")[0]
        said = words(f"<main>{history}</main>")
        assert (
            "on a day that is not known The force on its vetting backlog response Answered" in said
        )


class TestOtherThings:
    def test_a_person_is_shown_in_office_on_days(self, page: Page) -> None:
        said = words(page("/id/person/simon-foster"))
        assert "Shown in office on 18 September 2024." in said
        assert "Neither when it began nor when it ended is known." in said
        assert "Statements" in said

    def test_an_office_has_its_holders(self, page: Page) -> None:
        said = words(page("/id/office/west-midlands-pcc"))
        assert "Simon Foster" in said
        assert "David Jamieson" in said

    def test_an_inspection_has_what_it_found(self, page: Page) -> None:
        said = words(page("/id/inspection/wmp-2018-19-peel"))
        assert "Judgements" in said
        assert "Findings" in said

    def test_a_theme_has_everything_on_it(self, page: Page) -> None:
        said = words(page("/scheme/theme/vetting"))
        assert "Vetting backlog" in said
        assert "What has come up again" in said

    def test_what_is_inferred_says_why(self, page: Page) -> None:
        said = words(page("/id/decision/wmp-2024-09-scan"))
        assert "Inferred by us: The letter thanks the force for the hearing" in said


class TestDocument:
    def test_all_that_rests_on_it_in_its_order(self, page: Page, graph: peelgraph.Graph) -> None:
        there = page(f"/id/document/{LETTER}")
        if after := re.search(r'<a href="([^"]*)">Passages after these', there):
            there += page(after[1])
        places = re.findall(r'<li id="char=(\d+),(\d+)">', there)
        rows = graph.ask("passages", document=LETTER).rows
        assert places == [
            (str(start), str(end))
            for start, end in dict.fromkeys((row["start"], row["end"]) for row in rows)
        ]
        for row in rows:
            if "thing" in row and row["thing"] != f"{ID}document/{LETTER}":
                assert f'href="/id/{str(row["thing"]).removeprefix(ID)}"' in there

    def test_one_whose_text_is_not_held_says_so(self, page: Page) -> None:
        assert "We do not hold its text" in page("/id/document/wmp-peel-2018-19-report")


class TestPassages:
    def test_what_it_proves_and_where_to_see_it(self, page: Page) -> None:
        there = page(f"/passages/{LETTER}/1093-1167")
        assert "#:~:text=" in there
        assert "Effective investigations" in words(there)
        assert "--sources FOLDER" in there

    def test_words_are_quoted_only_where_they_are_wording(self, page: Page) -> None:
        assert "<blockquote>" in page(f"/passages/{LETTER}/1502-1618")
        assert "<blockquote>" not in page(f"/passages/{LETTER}/1093-1167")

    def test_one_that_does_not_exist(self, page: Page) -> None:
        assert "There is no passage" in page(f"/passages/{LETTER}/1-2", 404)
        assert "There is no" in page("/passages/no-such-letter/1-2", 404)

    def test_from_the_readers_own_copy(self, apply: Apply, sources: Path) -> None:
        with apply(Config(snapshot=ensure(), sources=sources)) as found:
            client = found[0].test_client()
            answer = client.get(f"/passages/{LETTER}/1093-1167", headers=BROWSER)
            text = html.unescape(answer.get_data(as_text=True))
        record = (sources / "002_a6ad7d98b10dceb6.txt").read_text("utf-8")
        assert f"<mark>{record[1093:1167]}</mark>" in text
        assert "SHA-256 agrees, and so does that of the whole document" in text
        assert answer.headers["Cache-Control"] == "no-store"

    def test_a_whole_server_shows_them(
        self, serve: Callable[..., AbstractContextManager[Live]], sources: Path
    ) -> None:
        with serve("--sources", str(sources), "--processes", "1") as live:
            address = f"{live.address.rstrip('/')}/passages/{LETTER}/1093-1167"
            with urlopen(Request(address, headers=BROWSER)) as answer:
                assert b"<mark>" in answer.read()

    def test_a_copy_with_other_words_is_refused(
        self, apply: Apply, sources: Path, tmp_path: Path
    ) -> None:
        name = "002_a6ad7d98b10dceb6.txt"
        text = (sources / name).read_text("utf-8")
        (tmp_path / name).write_text(text[:1100] + "X" + text[1101:], "utf-8")
        with apply(Config(snapshot=ensure(), sources=tmp_path)) as found:
            client = found[0].test_client()
            there = client.get(f"/passages/{LETTER}/1093-1167", headers=BROWSER)
            beside = client.get(f"/passages/{LETTER}/1502-1618", headers=BROWSER)
            absent = client.get("/passages/west-midlands-pcc-response-2019-06-27/12-176")
        assert "at this place it has other words" in there.get_data(as_text=True)
        assert "elsewhere the copy differs" in beside.get_data(as_text=True)
        assert "There is no copy of this document" in absent.get_data(as_text=True)


@pytest.mark.parametrize("address", PAGES)
class TestEveryPage:
    def test_is_small(self, client: FlaskClient, address: str) -> None:
        assert len(client.get(address, headers=BROWSER).data) < 100_000

    def test_has_no_inline_style_or_script(self, client: FlaskClient, address: str) -> None:
        text = client.get(address, headers=BROWSER).get_data(as_text=True)
        assert not re.search(r"\sstyle\s*=|<style|\son\w+\s*=|javascript:", text)
        assert set(re.findall(r"<script[^>]*>", text)) <= {'<script type="application/ld+json">'}

    def test_shows_no_iri_but_its_own(self, page: Page, address: str) -> None:
        assert len(re.findall(r"https://w3id\.org/peelgraph/", words(page_of(page, address)))) <= 1

    def test_says_what_it_is_for_machines(self, page: Page, address: str) -> None:
        text = page_of(page, address)
        found = re.search(r'<script type="application/ld\+json">(.*?)</script>', text)
        assert found is not None
        assert json.loads(found[1])["@context"] == "https://schema.org"

    def test_ids_are_unique(self, page: Page, address: str) -> None:
        ids = re.findall(r'\sid="([^"]*)"', page_of(page, address))
        assert len(ids) == len(set(ids))

    def test_leads_nowhere_that_is_not_there(
        self, page: Page, client: FlaskClient, address: str
    ) -> None:
        main = page_of(page, address).partition("<main")[2].partition("</main>")[0]
        links = {link.partition("#")[0] for link in re.findall(r'href="(/[^"]*)"', main)}
        for link in sorted(links)[:: max(1, len(links) // 6)]:
            assert client.get(link, headers=BROWSER).status_code == 200, link


def page_of(page: Page, address: str) -> str:
    return page(address, 400 if "soon" in address else 200)


def test_every_thing_has_its_data_forms(client: FlaskClient) -> None:
    text = client.get(CONCERN, headers=BROWSER).get_data(as_text=True)
    for ending in ("ttl", "jsonld", "nt", "rdf"):
        assert f'href="{CONCERN}.{ending}"' in text
        assert client.get(f"{CONCERN}.{ending}").status_code == 200


@pytest.mark.slow
def test_every_thing_and_passage_has_a_small_page(client: FlaskClient) -> None:
    rows = client.get(
        "/sparql?query=SELECT ?t { ?t peel:kindToken ?kind }",
        headers={"Accept": "application/sparql-results+json"},
    ).get_json(force=True)["results"]["bindings"]
    things = sorted(row["t"]["value"] for row in rows if row["t"]["value"].startswith(ID))
    assert len(things) > 800
    for iri in things:
        place = re.search(r"document/([a-z0-9-]+)#char=(\d+),(\d+)$", iri)
        address = (
            f"/passages/{place[1]}/{place[2]}-{place[3]}"
            if place
            else "/" + iri.removeprefix(BASE).partition("#")[0]
        )
        answer = client.get(address, headers=BROWSER)
        assert answer.status_code == 200, address
        assert len(answer.data) < 100_000, address
