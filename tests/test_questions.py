"""The lineage questions, asked of the shipped graph, and what its documents answer."""

from collections import Counter
from datetime import date, timedelta

import pyoxigraph as ox
import pytest

import peelgraph
from peelgraph import asking, questions, values
from peelgraph.asking import Value
from peelgraph.namespaces import ID, PREFIXES, SCHEME

WMP = "west-midlands"
LETTER = f"{ID}document/hmicfrs-wmp-letter-2024-09-18"
RESPONSE = f"{ID}document/west-midlands-pcc-response-2019-06-27"


def slug(value: Value | None) -> str | None:
    return None if value is None else str(value).rpartition("/")[2]


def by(rows: tuple[dict[str, Value], ...], column: str) -> dict[str | None, dict[str, Value]]:
    found = {slug(row.get(column)): row for row in rows}
    assert len(found) == len(rows), f"{column} does not tell the rows apart"
    return found


class TestStatus:
    def test_recommendations_on_investigations_after_the_letter(
        self, graph: peelgraph.Graph
    ) -> None:
        rows = graph.ask("status", force=WMP, kind="recommendation", on="2024-09-20").rows
        ours = [row for row in rows if slug(row.get("concern")) == "wmp-2023-investigations"]
        assert len(ours) == 5
        closed = [row for row in ours if slug(row["status"]) == "closed"]
        assert {(row["closedEarliest"], row["closedLatest"]) for row in closed} == {
            ("2024-09-17", "2024-09-17")
        }
        assert len(closed) == 3
        rest = [row for row in ours if slug(row["status"]) == "presumed-open"]
        assert [(row["lastKnownOpen"], row["basis"]) for row in rest] == [
            ("2024-09-18", "presumed")
        ] * 2

    def test_causes_of_concern_between_revisit_and_letter(self, graph: peelgraph.Graph) -> None:
        rows = graph.ask("status", force=WMP, kind="cause-of-concern", on="2024-06-01").rows
        statuses = {slug(row["item"]): slug(row["status"]) for row in rows}
        assert {item: status for item, status in statuses.items() if "2023" in str(item)} == {
            "wmp-2023-investigations": "open",
            "wmp-2023-maracs": "indeterminate",
            "wmp-2023-registered-sex-offenders": "indeterminate",
            "wmp-2023-online-child-abuse": "indeterminate",
        }

    def test_what_no_public_document_told_yet_is_not_listed(self, graph: peelgraph.Graph) -> None:
        rows = graph.ask("status", force=WMP, on="2024-08-01", known="2024-08-01").rows
        assert rows
        assert not [row for row in rows if "2023" in str(row["item"])]

    def test_what_nobody_tells_the_end_of_is_presumed_open(self, graph: peelgraph.Graph) -> None:
        row = by(graph.ask("status", force=WMP, on="2026-11-22").rows, "item")["wmp-2019-vetting"]
        assert slug(row["status"]) == "presumed-open"
        assert "lastKnownOpen" not in row
        assert row["raisedLatest"] == "2019-05-02"
        assert "raisedEarliest" not in row

    def test_not_yet_raised_only_when_asked_for(self, graph: peelgraph.Graph) -> None:
        unasked = graph.ask("status", force=WMP, on="2010-01-01").rows
        assert "not-yet-raised" not in {slug(row["status"]) for row in unasked}
        asked = graph.ask("status", force=WMP, on="2010-01-01", status="not-yet-raised").rows
        assert "wmp-2023-maracs" in {slug(row["item"]) for row in asked}

    def test_filter_by_theme_keeps_one_row_an_item(self, graph: peelgraph.Graph) -> None:
        rows = graph.ask("status", force=WMP, theme="vetting").rows
        items = [slug(row["item"]) for row in rows]
        assert "wmp-2019-vetting" in items and "wmp-2019-vetting-1" in items
        assert len(items) == len(set(items))

    def test_a_national_recommendation_has_no_status_of_its_own(
        self, graph: peelgraph.Graph
    ) -> None:
        items = {slug(row["item"]) for row in graph.ask("status").rows}
        assert "wmp-2019-national-vetting" in items
        assert "national-2019-vetting" not in items


def test_what_led_to_the_concern_about_investigations_and_what_came_of_it(
    graph: peelgraph.Graph,
) -> None:
    rows = graph.ask("lineage", item="wmp-2023-investigations").rows
    links = {(slug(row["from"]), slug(row["to"])) for row in rows}
    assert ("wmp-2023-peel", "wmp-2023-investigations") in links
    assert {
        ("wmp-2023-investigations", f"wmp-2023-investigations-{n}") for n in range(1, 6)
    } <= links
    assert (
        "wmp-2024-09-investigations-1",
        "wmp-2024-09-17-investigations-1-closed",
    ) in links
    assert {row["basis"] for row in rows} <= {"stated", "inferred"}
    known = {str(row["relation"]) for row in rows}
    assert known <= {PREFIXES["peel"] + name for name in LINEAGE}


LINEAGE = (
    *("identifiedIn", "basedOn", "addresses", "respondsTo", "assesses"),
    *("seenAt", "informedBy", "reportsOn", "undertakes", "decides"),
)


def test_lineage_of_a_concern_does_not_reach_its_siblings(graph: peelgraph.Graph) -> None:
    rows = graph.ask("lineage", item="wmp-2023-investigations").rows
    ends = {slug(row[end]) for row in rows for end in ("from", "to")}
    assert "wmp-2023-maracs" not in ends


def test_lineage_tells_the_links_that_we_inferred_across_documents(
    graph: peelgraph.Graph,
) -> None:
    def inferred(known: str) -> set[str | None]:
        rows = graph.ask("lineage", item="wmp-2019-vetting", known=known).rows
        return {slug(row["from"]) for row in rows if row["basis"] == "inferred"}

    assert "wmp-2018-19-vetting-backlog" in inferred("2019-06-27")
    assert "wmp-2018-19-vetting-backlog" not in inferred("2019-06-26")


def test_lineage_has_the_day_of_a_report_that_only_our_reference_facts_tell(
    graph: peelgraph.Graph,
) -> None:
    rows = graph.ask("lineage", item="inspection/wmp-2015-peel-effectiveness").rows
    days = {slug(row["to"]): row.get("date") for row in rows if row["toKind"] == "document"}
    assert days == {"hmic-wmp-peel-2015-effectiveness": "2016-02-18"}


def test_which_recommendations_came_from_which_concern(graph: peelgraph.Graph) -> None:
    rows = graph.ask("recommendations", force=WMP).rows
    counted = Counter(slug(row.get("concern")) for row in rows)
    assert counted == {
        "wmp-2015-domestic-abuse": 2,
        "wmp-2015-missing-children": 3,
        "wmp-2019-vetting": 1,
        "wmp-2023-investigations": 5,
        None: 2,
    }
    limits = {slug(row.get("concern")): row.get("timeLimit") for row in rows}
    assert limits["wmp-2023-investigations"] == "Within six months"
    assert limits["wmp-2015-domestic-abuse"] == "immediately"
    assert limits["wmp-2019-vetting"] == "as quickly as possible"
    assert not [row for row in rows if "dueBy" in row]


class TestClosures:
    def test_concerns_closed_after_the_revisit(self, graph: peelgraph.Graph) -> None:
        rows = by(graph.ask("closures", force=WMP).rows, "item")
        for item in ("maracs", "registered-sex-offenders", "online-child-abuse"):
            row = rows[f"wmp-2023-{item}"]
            assert (row["earliest"], row["latest"]) == ("2024-05-01", "2024-09-18")
            assert slug(row["informedBy"]) == "wmp-2024-05-revisit"
            assert slug(row["decidedBy"]) == "hmicfrs"

    def test_recommendations_closed_on_a_day(self, graph: peelgraph.Graph) -> None:
        rows = graph.ask("closures", force=WMP, from_="2024-09-17", to="2024-09-17").rows
        exact = [row for row in rows if row["earliest"] == row["latest"]]
        assert [slug(row["item"]) for row in exact] == [
            f"wmp-2023-investigations-{n}" for n in (1, 2, 3)
        ]

    def test_nothing_else_is_closed(self, graph: peelgraph.Graph) -> None:
        assert len(graph.ask("closures", force=WMP).rows) == 6


def test_what_inspectors_saw_at_each_visit(graph: peelgraph.Graph) -> None:
    rows = graph.ask("progress", item="recommendation/wmp-2023-investigations-4").rows
    assert [slug(row["inspection"]) for row in rows] == ["wmp-2024-09-reinspection"]
    assert (rows[0]["earliest"], rows[0]["latest"]) == ("2024-09-01", "2024-09-30")


def test_who_answered_and_what_was_promised(graph: peelgraph.Graph) -> None:
    rows = graph.ask("responses", item="recommendation/wmp-2019-vetting-1").rows
    assert {slug(row["respondent"]) for row in rows} == {"west-midlands", "west-midlands-pcc"}
    assert [row for row in rows if "undertaking" in row]


class TestStatutoryClock:
    def test_the_report_of_2_may_2019(self, graph: peelgraph.Graph) -> None:
        rows = by(graph.ask("statutory-clock", force=WMP).rows, "document")
        row = rows["wmp-peel-2018-19-report"]
        assert row["publishedOn"] == "2019-05-02"
        assert row["dueBy"] == "2019-06-26"
        assert row["respondedEarliest"] == "2019-06-27"
        assert "respondedLatest" not in row
        assert row["dayLeast"] == 57
        assert "dayMost" not in row
        assert (row["verdict"], row["basis"]) == ("late", "assumed")
        assert slug(row["rule"]) == "police-act-1996-s55"

    def test_a_report_before_the_act_has_no_clock(self, graph: peelgraph.Graph) -> None:
        rows = by(graph.ask("statutory-clock", force=WMP).rows, "document")
        assert rows["hmic-wmp-peel-2015-effectiveness"]["verdict"] == "not-applicable"

    def test_a_report_of_unknown_day_cannot_be_told(self, graph: peelgraph.Graph) -> None:
        rows = by(graph.ask("statutory-clock", force=WMP).rows, "document")
        row = rows["wmp-peel-2021-22-report"]
        assert "dueBy" not in row and "publishedOn" not in row
        assert row["verdict"] in ("none-known", "cannot-tell")

    def test_before_the_response_was_public_none_was_known(self, graph: peelgraph.Graph) -> None:
        rows = by(graph.ask("statutory-clock", force=WMP, known="2019-06-26").rows, "document")
        assert "response" not in rows.get("wmp-peel-2018-19-report", {})


class TestPhase:
    def test_engage_at_the_new_year_of_2024(self, graph: peelgraph.Graph) -> None:
        (row,) = graph.ask("phase", force=WMP, on="2024-01-01").rows
        assert slug(row["phase"]) == "engage"
        assert row["since"] == row["sinceLatest"] == "2023-11-24"
        assert row["basis"] == "stated"

    def test_scan_from_the_day_of_the_letter(self, graph: peelgraph.Graph) -> None:
        (row,) = graph.ask("phase", force=WMP, on="2024-09-18").rows
        assert (slug(row["phase"]), row["since"]) == ("scan", "2024-09-18")
        assert slug(row["decidedBy"]) == "andy-cooke"

    def test_after_the_last_document_it_is_presumed(self, graph: peelgraph.Graph) -> None:
        (row,) = graph.ask("phase", force=WMP, on="2026-11-22").rows
        assert (slug(row["phase"]), row["basis"]) == ("scan", "presumed")

    def test_before_the_first_change_it_is_inferred(self, graph: peelgraph.Graph) -> None:
        (row,) = graph.ask("phase", force=WMP, on="2023-11-23").rows
        assert (slug(row["phase"]), row["basis"]) == ("scan", "inferred")
        assert "since" not in row

    def test_before_the_letter_was_public_nothing_was_known(self, graph: peelgraph.Graph) -> None:
        assert not graph.ask("phase", force=WMP, on="2024-01-01", known="2024-09-17").rows


def test_how_the_phase_changed(graph: peelgraph.Graph) -> None:
    rows = graph.ask("phase-history", force=WMP).rows
    assert [(slug(row["phase"]), row.get("from"), row.get("to")) for row in rows] == [
        ("scan", None, "2023-11-24"),
        ("engage", "2023-11-24", "2024-09-18"),
        ("scan", "2024-09-18", None),
    ]


class TestJudgements:
    def test_grades_of_2018_19(self, graph: peelgraph.Graph) -> None:
        rows = graph.ask("judgements", force=WMP, programme="peel-2018-19").rows
        given = {slug(row["area"]): slug(row["grade"]) for row in rows if not row["standsOver"]}
        assert given == {
            "effectiveness": "good",
            "efficiency": "good",
            "legitimacy": "good",
            "protecting-vulnerable-people": "requires-improvement",
            "firearms-capability": "no-rating",
            "planning-for-the-future": "outstanding",
            "treating-the-public-fairly": "good",
            "ethical-and-lawful-workforce-behaviour": "requires-improvement",
            "treating-the-workforce-fairly": "good",
        }

    def test_told_twice_is_one_judgement(self, graph: peelgraph.Graph) -> None:
        (row,) = graph.ask(
            "judgements", force=WMP, programme="peel-2018-19", area="protecting-vulnerable-people"
        ).rows
        assert {slug(each) for each in str(row["toldBy"]).split()} >= {
            "redditch-standard",
            "west-midlands-pcc",
        }

    def test_grades_that_stand_over_are_marked_once_that_is_known(
        self, graph: peelgraph.Graph
    ) -> None:
        area = "investigating-crime"
        (row,) = graph.ask("judgements", force=WMP, programme="peel-2018-19", area=area).rows
        assert (row["standsOver"], row["basis"]) == (True, "inferred")
        # the article that tells of it names no cycle
        (row,) = graph.ask("judgements", force=WMP, known="2019-05-31", area=area).rows
        assert (row["standsOver"], row["basis"]) == (False, "stated")

    def test_the_two_scales_are_kept_apart(self, graph: peelgraph.Graph) -> None:
        for row in graph.ask("judgements", force=WMP).rows:
            scale = slug(str(row["scale"]).rstrip("/"))
            new = slug(row["inspection"]) in ("wmp-2021-22-peel", "wmp-2023-peel")
            assert scale == "grade" or (scale == "grade5") == new


def test_how_many_areas_got_each_grade_and_how_many_are_named(graph: peelgraph.Graph) -> None:
    rows = graph.ask("grade-counts", force=WMP).rows
    assert {slug(row["grade"]): (row["count"], row["named"]) for row in rows} == {
        "good": (5, 4),
        "adequate": (3, 0),
        "requires-improvement": (3, 3),
    }


def test_what_was_found_good_and_bad(graph: peelgraph.Graph) -> None:
    rows = graph.ask("findings", force=WMP, inspection="wmp-2018-19-peel").rows
    polarities = Counter(slug(row["polarity"]) for row in rows)
    assert polarities["strength"] >= 23 and polarities["weakness"] >= 9
    by(rows, "finding")
    assert all("summary" in row for row in rows)


class TestRecurrence:
    def test_domestic_abuse_has_come_up_before(self, graph: peelgraph.Graph) -> None:
        rows = graph.ask("recurrence", theme="domestic-abuse", force=WMP).rows
        assert {row["basis"] for row in rows} == {"stated", "inferred"}
        stated = [row for row in rows if row["basis"] == "stated"]
        assert "wmp-2014-domestic-abuse" in {slug(row["earlier"]) for row in stated}

    def test_every_recurrence_has_a_reason(self, graph: peelgraph.Graph) -> None:
        rows = graph.ask("recurrence", force=WMP).rows
        assert len(rows) >= 5
        assert all(row["why"] for row in rows if row["basis"] == "inferred")


class TestOfficeHolders:
    def test_commissioner_on_the_day_of_the_response(self, graph: peelgraph.Graph) -> None:
        (row,) = graph.ask("office-holders", force=WMP, role="pcc", on="2019-06-01").rows
        assert row["name"] == "David Jamieson"
        assert (row["firstAttested"], row["lastAttested"]) == ("2019-05-10", "2019-06-27")
        assert row["basis"] == "stated"
        assert "began" not in row and "ended" not in row

    def test_a_later_holder_ends_the_presumption(self, graph: peelgraph.Graph) -> None:
        (row,) = graph.ask("office-holders", force=WMP, role="pcc", on="2025-01-01").rows
        assert (row["name"], row["basis"]) == ("Simon Foster", "presumed")

    def test_an_undated_document_attests_no_day(self, graph: peelgraph.Graph) -> None:
        rows = by(graph.ask("office-holders", role="deputy-chief-constable").rows, "person")
        assert "firstAttested" not in rows["vanessa-jardine"]


class TestStatements:
    def test_one_quotation_in_two_documents_is_one_statement(self, graph: peelgraph.Graph) -> None:
        rows = graph.ask("statements", person="david-jamieson").rows
        assert rows
        for row in rows:
            assert len(str(row["document"]).split()) == 2

    def test_claims_of_progress(self, graph: peelgraph.Graph) -> None:
        rows = graph.ask("statements", force=WMP, stance="claims-progress").rows
        assert "vanessa-jardine" in {slug(row["saidBy"]) for row in rows}


def test_which_figures_were_given(graph: peelgraph.Graph) -> None:
    rows = graph.ask("statistics", force=WMP).rows
    figures = {(row["value"], row.get("periodEarliest"), row.get("periodLatest")) for row in rows}
    assert (5.5, "2023-04-01", "2024-03-31") in figures
    assert (4.5, "2022-04-01", "2023-03-31") in figures
    assert {750, 650, 2221} <= {row["value"] for row in rows}


class TestEvidence:
    def test_a_concern_leads_to_its_passages(self, graph: peelgraph.Graph) -> None:
        rows = graph.ask("evidence", thing="concern:wmp-2023-investigations").rows
        assert {row["document"] for row in rows} == {LETTER}
        assert [row["quotation"] for row in rows if "quotation" in row]
        assert all("#:~:text=" in str(row["page"]) for row in rows)

    def test_a_document_that_may_not_be_quoted_is_pointed_into(
        self, graph: peelgraph.Graph
    ) -> None:
        rows = graph.ask(
            "evidence", thing="judgement/wmp-2018-19-peel-protecting-vulnerable-people"
        ).rows
        assert {slug(row["document"]) for row in rows} == {
            "redditch-standard-wmp-peel-2018-19",
            slug(RESPONSE),
        }
        assert not [
            row for row in rows if "quotation" in row or "#:~:text=" in str(row.get("page"))
        ]


def test_where_documents_disagree(graph: peelgraph.Graph) -> None:
    rows = graph.ask("discrepancies", force=WMP).rows
    assert len(rows) >= 2
    assert all(len(str(row["between"]).split()) >= 2 for row in rows)


def test_what_the_documents_leave_open(graph: peelgraph.Graph) -> None:
    rows = graph.ask("not-known", force=WMP).rows
    about = {slug(row["thing"]) for row in rows}
    assert {"wmp-2023-maracs", "wmp-2018-19-peel", "wmp-2024-09-scan"} <= about


def test_what_happened_in_order(graph: peelgraph.Graph) -> None:
    rows = graph.ask("timeline", force=WMP).rows
    bounds = [row.get("earliest") or row["latest"] for row in rows]
    assert bounds == sorted(bounds, key=str)
    month = graph.ask("timeline", force=WMP, from_="2024-09-17", to="2024-09-17").rows
    assert {"wmp-2024-09-17-ppog", "wmp-2024-09-reinspection"} <= {
        slug(row["thing"]) for row in month
    }
    assert "wmp-2023-peel" not in {slug(row["thing"]) for row in month}


def test_how_long_closing_took(graph: peelgraph.Graph) -> None:
    rows = by(graph.ask("time-to-close", force=WMP).rows, "item")
    least = date(2024, 9, 17) - date(2023, 9, 30)
    most = date(2024, 9, 17) - date(2023, 9, 1)
    row = rows["wmp-2023-investigations-1"]
    assert (row["daysLeast"], row["daysMost"]) == (least.days, most.days)
    assert "daysLeast" not in rows["wmp-2019-vetting"]


def test_what_the_sources_are(graph: peelgraph.Graph) -> None:
    rows = by(graph.ask("documents", force=WMP).rows, "document")
    held = {name for name, row in rows.items() if row["held"]}
    assert len(held) == 5
    assert all(("digest" in row) == row["held"] for row in rows.values())
    assert rows["hmic-wmp-peel-2015-effectiveness"]["basis"] == "assumed"
    assert not rows["wmp-peel-2018-19-report"]["held"]


#: the columns that are promised; a question may have more
CONTRACT = {
    "status": "item kind label force concern status raisedEarliest raisedLatest closedEarliest "
    "closedLatest lastKnownOpen",
    "lineage": "from fromKind relation to toKind date basis",
    "recommendations": "concern recommendation wording timeLimit dueBy status closedEarliest "
    "closedLatest",
    "closures": "item decision earliest latest decidedBy informedBy",
    "progress": "item assessment inspection earliest latest summary",
    "responses": "response respondsTo respondent earliest latest summary undertaking "
    "undertakingOutcome",
    "statutory-clock": "document publishedOn dueBy response respondedEarliest respondedLatest "
    "dayLeast dayMost verdict rule",
    "phase": "phase since sinceLatest decision decidedBy basis",
    "phase-history": "phase from to decision decidedBy effectiveOn",
    "judgements": "inspection area grade scale standsOver toldBy",
    "findings": "finding inspection polarity area theme summary",
    "recurrence": "earlier earlierDate later laterDate basis why",
    "office-holders": "person name office role firstAttested lastAttested began ended",
    "statements": "statement saidBy inOffice stance earliest latest summary document",
    "statistics": "statistic measure value unit periodEarliest periodLatest claimedBy document",
    "evidence": "thing document title start end page quotation",
    "discrepancies": "discrepancy between summary",
    "not-known": "thing what since why",
    "timeline": "date earliest latest dateKind kind thing label",
    "time-to-close": "item force theme status daysLeast daysMost",
    "documents": "document title type publisher publicOn dated held digest",
}


def test_every_promised_question_is_there() -> None:
    assert set(CONTRACT) <= set(questions.names())


@pytest.mark.parametrize("name", questions.names())
class TestEveryQuestion:
    def test_parses_before_any_data_is_there(self, name: str) -> None:
        found = ox.Store().query(questions.question(name).sparql, prefixes={})
        assert isinstance(found, ox.QuerySolutions)
        assert list(found) == []

    def test_has_the_contracted_columns(self, name: str, graph: peelgraph.Graph) -> None:
        asked = questions.question(name)
        answer = ask_example(graph, name)
        assert set(answer.columns) == set(asked.columns)
        assert set(CONTRACT.get(name, "").split()) | {"basis"} <= set(answer.columns)
        assert {each.name for each in asked.parameters} >= {"known"}
        assert answer.rows, "the shipped graph should answer it"

    def test_pages_neither_repeat_nor_drop_a_row(self, name: str, graph: peelgraph.Graph) -> None:
        whole = ask_example(graph, name).rows
        size = max(1, len(whole) // 3)
        pages = [
            row
            for offset in range(0, len(whole) + size, size)
            for row in ask_example(graph, name, limit=size, offset=offset).rows
        ]
        assert pages == list(whole)


@pytest.mark.parametrize(
    "name", [n for n in questions.names() if "#|" in questions.question(n).sparql]
)
@pytest.mark.parametrize("known", ["2019-06-30", "2024-08-01"])
def test_a_page_of_what_was_known_is_a_part_of_it(
    name: str, known: str, graph: peelgraph.Graph
) -> None:
    whole = ask_example(graph, name, known=known).rows
    for limit, offset in ((1, 0), (10, 5), (len(whole), 1)):
        page = ask_example(graph, name, limit=limit, offset=offset, known=known).rows
        assert page == whole[offset : offset + limit]


def ask_example(
    graph: peelgraph.Graph, name: str, *, limit: int | None = None, offset: int = 0, **more: str
) -> asking.Answer:
    asked = questions.question(name)
    given = {each: questions.parameter(each).example for each in asked.required}
    return asking.ask(graph.engine, name, given | more, limit=limit, offset=offset)


class TestParameters:
    @pytest.mark.parametrize(
        ("arguments", "says"),
        [
            ({"force": "west-midland"}, "Did you mean 'west-midlands'"),
            ({"kind": "concern"}, "cause-of-concern"),
            ({"theme": "vettting"}, "Did you mean 'vetting'"),
            ({"thme": "vetting"}, "Did you mean 'theme'"),
        ],
        ids=["thing", "token", "concept", "parameter"],
    )
    def test_an_unknown_one_suggests_the_nearest(
        self, graph: peelgraph.Graph, arguments: dict[str, str], says: str
    ) -> None:
        with pytest.raises(questions.UnknownName, match=says):
            asking.ask(graph.engine, "status", arguments)

    def test_a_long_one_is_not_repeated_whole(self, graph: peelgraph.Graph) -> None:
        with pytest.raises(questions.UnknownName) as wrong:
            graph.ask("status", force="x" * 10_000)
        assert len(str(wrong.value)) < 1000

    def test_no_more_names_are_looked_at_than_a_bound(
        self, graph: peelgraph.Graph, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(values, "_NEAR", 2)
        found = values.near(graph.engine, [f"{ID}force/"], "west-yorkshir")
        assert found == ["west-mercia", "west-midlands"]
        found = values.near(graph.engine, [f"{ID}force/"], "zzz")
        assert found == ["avon-and-somerset", "bedfordshire"]
        found = values.near(graph.engine, [f"{ID}force/", f"{ID}change/"], "zzz")
        assert len(found) == 2

    def test_a_passage_is_no_name_of_a_document(self, graph: peelgraph.Graph) -> None:
        found = values.near(graph.engine, [f"{ID}document/"], "hmicfrs")
        assert found
        assert not any("#" in name for name in found)

    def test_a_concept_is_near_a_wrong_name_of_one(self, graph: peelgraph.Graph) -> None:
        assert values.near(graph.engine, [f"{SCHEME}theme/"], "vetting-x") == ["vetting"]

    @pytest.mark.parametrize("day", ["2024-02-30", "yesterday", "2024-9-1", "all"])
    def test_a_day_must_be_a_day(self, graph: peelgraph.Graph, day: str) -> None:
        with pytest.raises(values.BadValue, match="takes a day such as"):
            graph.ask("status", on=day)

    def test_a_required_one_is_missed_by_name(self, graph: peelgraph.Graph) -> None:
        with pytest.raises(values.BadValue, match="needs --force"):
            graph.ask("phase")

    def test_a_thing_can_be_written_in_four_ways(self, graph: peelgraph.Graph) -> None:
        iri = f"{ID}cause-of-concern/wmp-2023-maracs"
        for name in (
            iri,
            "cause-of-concern/wmp-2023-maracs",
            "concern:wmp-2023-maracs",
            "wmp-2023-maracs",
        ):
            assert graph.find(name) == iri

    def test_a_slug_of_several_things_is_asked_back(self, graph: peelgraph.Graph) -> None:
        with pytest.raises(values.BadValue, match="Say which"):
            graph.find("west-midlands-pcc")

    def test_no_value_leaves_its_row(self, graph: peelgraph.Graph) -> None:
        evil = SCHEME + 'theme/x> } DROP ALL # "'
        with pytest.raises(questions.UnknownName):
            graph.ask("status", theme=evil)

    def test_the_default_day_is_written_into_the_answer(self, graph: peelgraph.Graph) -> None:
        written = graph.ask("status").parameters
        assert written["on"] == values.today()
        assert written["known"] == "all"


def test_london_keeps_the_day() -> None:
    now = date.fromisoformat(values.today())
    assert abs(now - date.today()) <= timedelta(days=1)
