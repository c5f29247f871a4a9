"""The lineage questions over HTTP: forms of an answer, parameters, and what is wrong with them."""

import csv
import gzip
import html
import io
import json
import re
from typing import Any

import pyoxigraph as ox
import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient

from peelgraph.cli import cli
from peelgraph.questions import names, question
from peelserver.state import State

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
PHASE = "/questions/phase?force=west-midlands&on=2024-01-01"
STATUS = "/questions/status?force=west-midlands&on=2024-06-01"
SRJ = "application/sparql-results+json"
SRX = "application/sparql-results+xml"


@pytest.fixture
def client(served: tuple[Flask, State]) -> FlaskClient:
    return served[0].test_client()


def needed(name: str) -> str:
    """Return the address of a question with an example for each parameter that it needs."""
    asked = question(name)
    given = [f"{p.name}={p.example}" for p in asked.parameters if p.name in asked.required]
    return f"/questions/{name}?{'&'.join([*given, 'known=all'])}"


class TestList:
    def test_for_programs(self, client: FlaskClient) -> None:
        listed = client.get("/questions").get_json()
        assert [each["name"] for each in listed] == names()
        phase = next(each for each in listed if each["name"] == "phase")
        assert phase["address"] == "/questions/phase"
        assert [each["name"] for each in phase["parameters"] if each["required"]] == ["force"]

    def test_for_people(self, client: FlaskClient) -> None:
        page = client.get("/questions", headers=BROWSER).get_data(as_text=True)
        assert all(f'href="/questions/{name}"' in page for name in names())

    @pytest.mark.parametrize(
        ("address", "says"),
        [("/questions?format=csv", "json, html"), ("/questions?force=kent", "force")],
    )
    def test_what_is_wrong_is_named(self, client: FlaskClient, address: str, says: str) -> None:
        answer = client.get(address)
        assert answer.status_code == 400
        assert says in answer.get_json(force=True)["detail"]


class TestForms:
    def test_json_is_the_object_of_the_command_line(self, client: FlaskClient) -> None:
        answer = client.get(PHASE).get_json()
        options = ["--force", "west-midlands", "--on", "2024-01-01", "--json"]
        told = CliRunner().invoke(cli, ["ask", "phase", *options])
        said = json.loads(told.stdout)
        assert list(answer) == [*said, "sparql", "permalink"]
        assert {key: answer[key] for key in said} == said
        assert answer["rows"][0]["since"] == "2023-11-24"

    @pytest.mark.parametrize(
        ("name", "media"),
        [
            ("json", "application/json"),
            ("csv", "text/csv"),
            ("tsv", "text/tab-separated-values"),
            ("srj", SRJ),
            ("srx", SRX),
            ("html", "text/html"),
        ],
    )
    def test_by_format_and_by_accept(self, client: FlaskClient, name: str, media: str) -> None:
        by_name = client.get(f"{STATUS}&format={name}")
        by_media = client.get(STATUS, query_string=None, headers={"Accept": media})
        assert by_name.mimetype == by_media.mimetype == media
        assert by_name.data == by_media.data
        whole = client.get(STATUS + "&format=" + media.replace("+", "%2B"))
        assert whole.data == by_name.data

    @pytest.mark.parametrize(
        ("accept", "media"),
        [
            ("*/*", "application/json"),
            ("text/*", "text/csv"),
            ("text/csv;q=0.1, application/json;q=0.2", "application/json"),
            ("application/json;q=0, */*", "text/csv"),
            ("text/html;q=0.9, text/tab-separated-values", "text/tab-separated-values"),
        ],
    )
    def test_negotiation(self, client: FlaskClient, accept: str, media: str) -> None:
        assert client.get(PHASE, headers={"Accept": accept}).mimetype == media

    def test_what_cannot_be_had_is_not_acceptable(self, client: FlaskClient) -> None:
        answer = client.get(PHASE, headers={"Accept": "image/png"})
        assert answer.status_code == 406
        assert SRX in answer.get_json(force=True)["detail"]

    @pytest.mark.parametrize("name", names())
    def test_every_form_has_the_same_rows(self, client: FlaskClient, name: str) -> None:
        address = needed(name)
        rows = client.get(address).get_json()["rows"]
        for form, delimiter in (("csv", ","), ("tsv", "\t")):
            text = client.get(f"{address}&format={form}").get_data(as_text=True)
            table = list(csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter))
            assert [{k: v for k, v in row.items() if v} for row in table] == [
                {k: str(v).lower() if isinstance(v, bool) else str(v) for k, v in row.items()}
                for row in rows
            ]
        for form, shape in (
            ("srj", ox.QueryResultsFormat.JSON),
            ("srx", ox.QueryResultsFormat.XML),
        ):
            found = ox.parse_query_results(client.get(f"{address}&format={form}").data, shape)
            assert isinstance(found, ox.QuerySolutions)
            assert len(list(found)) == len(rows)

    def test_sparql_results_have_raw_terms(self, client: FlaskClient) -> None:
        found = client.get(f"{STATUS}&format=srj").get_json(force=True)
        row = found["results"]["bindings"][0]
        assert row["item"]["type"] == "uri"
        assert row["raisedLatest"]["datatype"].endswith("#date")

    def test_words_of_one_cell_are_in_order(self, client: FlaskClient) -> None:
        address = "/questions/findings?force=west-midlands&format="
        cells = [
            row["theme"]["value"].split()
            for row in client.get(address + "srj").get_json(force=True)["results"]["bindings"]
            if "theme" in row
        ]
        assert max(map(len, cells)) > 1
        assert all(cell == sorted(cell) for cell in cells)
        xml = client.get(address + "srx").get_data(as_text=True)
        assert all(f"<literal>{' '.join(cell)}</literal>" in xml for cell in cells)

    def test_files_are_attachments(self, client: FlaskClient) -> None:
        assert client.get(PHASE + "&format=csv").headers["Content-Disposition"] == (
            'attachment; filename="phase.csv"'
        )
        assert "Content-Disposition" not in client.get(PHASE).headers


class TestPages:
    def page(self, client: FlaskClient, address: str, status: int = 200) -> str:
        answer = client.get(address, headers=BROWSER)
        assert (answer.status_code, answer.mimetype) == (status, "text/html")
        return html.unescape(answer.get_data(as_text=True))

    @pytest.mark.parametrize("name", names())
    def test_every_question_has_a_form_before_and_after(
        self, client: FlaskClient, name: str
    ) -> None:
        asked = question(name)
        for address in (f"/questions/{name}", needed(name)):
            page = self.page(client, address)
            for each in asked.parameters:
                kind = {"day": "date", "thing": "text"}.get(each.type)
                listed = f'<select id="{each.name}"' in page
                if kind == "date" or not listed:
                    assert f'<input type="{kind}" id="{each.name}"' in page

    def test_choices_and_suggestions_come_from_the_graph(self, client: FlaskClient) -> None:
        page = self.page(client, STATUS + "&theme=vetting")
        assert '<option value="vetting" selected>vetting</option>' in page
        assert '<option value="west-midlands" selected>West Midlands Police</option>' in page
        assert '<input type="date" id="on" name="on" value="2024-06-01"' in page

    def test_things_show_their_labels_and_lead_to_their_pages(self, client: FlaskClient) -> None:
        page = self.page(client, STATUS)
        assert (
            '<a href="/id/cause-of-concern/wmp-2023-investigations">Effective investigations</a>'
            in page
        )
        assert '<td data-heading="Status" class="indeterminate">' in page
        evidence = self.page(client, "/questions/evidence?thing=wmp-2023-investigations")
        assert re.search(r'<a href="https://[^"]+#:~:text=[^>]+>the words on the public', evidence)

    def test_every_question_is_listed_once_under_a_heading(self, client: FlaskClient) -> None:
        page = self.page(client, "/questions")
        assert sorted(re.findall(r'<dt><a href="/questions/([^"]+)">', page)) == sorted(names())
        assert page.index("<h2>") < page.index("<dt>")

    def test_kinds_stand_in_words_and_paper_says_what_was_asked(self, client: FlaskClient) -> None:
        page = self.page(client, STATUS + "&kind=cause-of-concern")
        assert "on 1 June 2024" in re.findall('<p class="paper">Asked for: (.*)</p>', page)[0]
        lineage = self.page(client, "/questions/lineage?item=wmp-2023-investigations")
        assert '<td data-heading="From kind">cause of concern</td>' in lineage
        assert ">cause-of-concern<" not in lineage
        assert 'data-heading="Summary" class="prose"' in self.page(client, "/questions/statements")

    def test_no_rows_says_why(self, client: FlaskClient) -> None:
        page = self.page(client, STATUS + "&theme=vetting&kind=area-for-improvement")
        assert "No rows." in page
        assert "Without “kind” there are" in page
        early = self.page(client, STATUS + "&known=2001-01-01")
        assert "Without “known” there are 26 rows" in early

    def test_an_answer_can_be_taken_away(self, client: FlaskClient) -> None:
        page = self.page(client, PHASE)
        permalink = client.get(PHASE).get_json()["permalink"]
        assert f'rel="bookmark" href="{permalink}"' in page
        assert f'href="{permalink}&format=csv"' in page
        assert "peelgraph ask phase --force west-midlands --on 2024-01-01 --known all" in page
        assert "VALUES (?askForce ?askOn ?askKnown) { (<" in page

    def test_rows_are_paged(self, client: FlaskClient) -> None:
        page = self.page(client, STATUS + "&limit=10&offset=10")
        assert "Rows 11 to 20." in page
        assert re.search(r'href="[^"]*limit=10&offset=20">Next rows', page)
        assert re.search(r'href="[^"]*limit=10&offset=0">Rows before', page)

    def test_what_is_wrong_stands_above_the_form(self, client: FlaskClient) -> None:
        page = self.page(client, "/questions/status?theme=veting&on=2024-06-01", 400)
        assert "Did you mean 'vetting'" in page
        assert '<input type="date" id="on" name="on" value="2024-06-01"' in page

    def test_nothing_given_is_ever_markup(self, client: FlaskClient) -> None:
        hostile = "%22%3E%3Cscript%3Ealert(1)%3C/script%3E"
        for name in ("force", "on", "theme", "format", "snapshot", "limit", hostile):
            answer = client.get(f"/questions/status?{name}={hostile}", headers=BROWSER)
            assert answer.status_code == 400
            assert b"<script" not in answer.data
            assert answer.headers["Cache-Control"] == "no-store"


class TestParameters:
    @pytest.mark.parametrize(
        ("address", "status", "says"),
        [
            ("/questions/statuses", 404, "status"),
            ("/questions/status?forse=west-midlands", 400, "force"),
            ("/questions/status?force=west-midland", 400, "west-midlands"),
            ("/questions/status?force=http://[", 400, "http://["),
            ("/questions/status?force=%00", 400, "force"),
            ("/questions/status?on=tomorrow", 400, "2024-09-18"),
            ("/questions/status?on=2023-02-29", 400, "'on'"),
            ("/questions/status?known=2024", 400, "'known'"),
            ("/questions/status?kind=concern", 400, "cause-of-concern"),
            ("/questions/status?theme=veting", 400, "vetting"),
            ("/questions/phase", 400, "'force'"),
            ("/questions/phase?force=", 400, "'force'"),
            ("/questions/status?limit=-1", 400, "limit"),
            ("/questions/status?offset=1e3", 400, "offset"),
            ("/questions/status?on=2024-01-01&on=2024-01-02", 400, "on"),
            ("/questions/status?format=xlsx", 400, "csv"),
        ],
    )
    def test_what_is_wrong_is_named(
        self, client: FlaskClient, address: str, status: int, says: str
    ) -> None:
        answer = client.get(address)
        assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
        problem = answer.get_json(force=True)
        assert problem["status"] == status
        assert says in problem["detail"]

    def test_what_is_left_empty_is_not_given(self, client: FlaskClient) -> None:
        empty = client.get(STATUS + "&theme=&known=&format=&limit=&snapshot=").get_json()
        assert empty == client.get(STATUS).get_json()

    def test_the_default_day_is_resolved(self, client: FlaskClient) -> None:
        answer: dict[str, Any] = client.get("/questions/phase?force=west-midlands").get_json()
        assert re.fullmatch(r"\d{4}-\d\d-\d\d", answer["parameters"]["on"])
        assert f"on={answer['parameters']['on']}&" in answer["permalink"]

    def test_limit_and_offset_neither_repeat_nor_drop_a_row(self, client: FlaskClient) -> None:
        whole = client.get(STATUS).get_json()["rows"]
        pages = [
            client.get(f"{STATUS}&limit=10&offset={offset}").get_json()["rows"]
            for offset in (0, 10, 20, 30)
        ]
        assert [len(page) for page in pages] == [10, 10, 6, 0]
        assert [row for page in pages for row in page] == whole


class TestProtocol:
    def test_head_is_get_without_a_body(self, client: FlaskClient) -> None:
        got, head = client.get(STATUS), client.head(STATUS)
        assert (head.status_code, head.data) == (200, b"")
        for name in ("Content-Type", "ETag", "Link", "Cache-Control"):
            assert head.headers[name] == got.headers[name]

    @pytest.mark.parametrize("form", ["json", "csv", "srx", "html"])
    def test_conditional_requests(self, client: FlaskClient, form: str) -> None:
        address = f"{STATUS}&format={form}"
        tag = client.get(address).headers["ETag"]
        again = client.get(address, headers={"If-None-Match": tag})
        assert (again.status_code, again.data) == (304, b"")
        assert client.get(address + "&limit=3", headers={"If-None-Match": tag}).status_code == 200

    def test_two_ways_to_ask_the_same_share_a_tag(self, client: FlaskClient) -> None:
        force = "https://w3id.org/peelgraph/id/force/west-midlands"
        other = client.get(f"/questions/status?known=all&on=2024-06-01&force={force}")
        assert other.headers["ETag"] == client.get(STATUS).headers["ETag"]

    def test_gzip(self, client: FlaskClient) -> None:
        plain = client.get(STATUS)
        packed = client.get(STATUS, headers={"Accept-Encoding": "gzip"})
        assert packed.headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(packed.data) == plain.data
        assert packed.headers["ETag"] != plain.headers["ETag"]
        assert {"Accept", "Accept-Encoding"} <= set(packed.headers["Vary"].split(", "))

    @pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
    def test_other_methods(self, client: FlaskClient, method: str) -> None:
        assert client.open(PHASE, method=method).status_code == 405


class TestCiting:
    def test_as_a_sentence_and_for_bibtex(
        self, client: FlaskClient, served: tuple[Flask, State]
    ) -> None:
        address = "/questions/phase?force=west-midlands&on=2024-01-01"
        page = html.unescape(client.get(address, headers=BROWSER).get_data(as_text=True))
        digest = served[1].digest()
        entry = page[page.index("@misc{") :].partition("</pre>")[0]
        assert entry.startswith(f"@misc{{peelgraph-phase-{digest[:8]},\n")
        assert entry.count("{") == entry.count("}")
        for part in (r"force: west-midlands", digest, "year = {2026}", "data as of", "CC BY 4.0"):
            assert part in entry, part
        permalink = client.get(address).get_json()["permalink"]
        assert f"url = {{{permalink}}}" in entry
        assert f"snapshot {digest}, {permalink}" in page
        assert re.search(r"Data as of \d+ \w+ 2026\. Snapshot", page)


class TestMeant:
    @pytest.mark.parametrize(
        ("address", "there"),
        [
            (
                "/questions/lineage?item=effective-investigatoins",
                "/questions/lineage?item=cause-of-concern/wmp-2023-investigations",
            ),
            ("/questions/phase?force=wset+midlands", "/questions/phase?force=force/west-midlands"),
            (
                "/questions/statements?about=Vetting+backlog",
                "/questions/statements?about=cause-of-concern/wmp-2019-vetting",
            ),
        ],
    )
    def test_a_thing_is_found_by_the_words_of_its_name(
        self, client: FlaskClient, address: str, there: str
    ) -> None:
        answer = client.get(address, headers=BROWSER)
        assert answer.status_code == 400
        assert f'href="{there}"' in answer.get_data(as_text=True)
        assert client.get(there, headers=BROWSER).status_code == 200

    def test_nothing_near_says_only_what_is_wrong(self, client: FlaskClient) -> None:
        answer = client.get("/questions/lineage?item=xyzzyq", headers=BROWSER)
        assert "By its words" not in answer.get_data(as_text=True)

    def test_forces_are_chosen_from_a_list(self, client: FlaskClient) -> None:
        page = client.get("/questions/phase", headers=BROWSER).get_data(as_text=True)
        assert '<select id="force" name="force"' in page
        assert '<option value="kent">Kent Police</option>' in page
