"""What pages read by short queries is what the questions answer, on any day."""

import pyoxigraph as ox
import pytest

import peelgraph
from peelgraph import asking, timeline
from peelgraph.engine import Engine
from peelgraph.namespaces import shorten
from peelserver.pages import (
    facts,
    holdings,
    mentions,
    offices,
    outlines,
    outlook,
    passages,
    recurrences,
    standing,
)
from peelserver.pages.blocks import kind_of
from peelserver.pages.knowledge import LISTED, Knowledge
from peelserver.pages.moment import Moment, moment

KNOWN = ("all", "2024-03-01", "2019-09-01")
FORCE = "https://w3id.org/peelgraph/id/force/west-midlands"
CONCERN = "https://w3id.org/peelgraph/id/cause-of-concern/wmp-2019-vetting"


@pytest.fixture(scope="module")
def engine(graph: peelgraph.Graph) -> Engine:
    return graph.engine


@pytest.fixture(scope="module")
def things(engine: Engine) -> list[str]:
    """Return some things of every kind that has pages."""
    rows = engine.query("SELECT ?thing { ?thing peel:kindToken ?kind ; rdfs:label ?name }")
    assert isinstance(rows, ox.QuerySolutions)
    by_kind: dict[str, list[str]] = {}
    for iri in sorted(row["thing"].value for row in rows):
        by_kind.setdefault(kind_of(iri), []).append(iri)
    by_kind.pop("")
    return [iri for some in by_kind.values() for iri in some[:: max(1, len(some) // 6)]]


def at(known: str) -> Moment:
    return moment({"known": known, "on": "2024-03-01"})


@pytest.mark.parametrize("known", KNOWN)
def test_facts_are_the_rows_of_the_question(engine: Engine, things: list[str], known: str) -> None:
    rows = asking.rows_of_each(engine, "facts", "thing", things, {"known": known})
    asked: dict[tuple[str, str], list[facts.Fact]] = {}
    for row in rows:
        asked.setdefault((str(row["thing"]), shorten(str(row["property"]))), []).append(
            facts.Fact(row.get("value", ""), str(row["basis"]), str(row.get("why", "")))
        )
    found = facts.facts(engine, facts.Wanted(things), known)
    assert {
        (iri, name): some for iri, by_name in found.items() for name, some in by_name.items()
    } == asked
    listed = facts.facts(engine, facts.Wanted(things[:3], things[3:], LISTED), known)
    assert {
        (iri, name): some for iri, by_name in listed.items() for name, some in by_name.items()
    } == {key: some for key, some in asked.items() if key[1] in LISTED or key[0] in things[:3]}


@pytest.mark.parametrize("known", KNOWN)
def test_passages_are_the_rows_of_the_question(
    engine: Engine, things: list[str], known: str
) -> None:
    rows = asking.rows_of_each(engine, "evidence", "thing", things, {"known": known})
    asked = {(str(row["thing"]), row["document"], row["start"], row["end"]) for row in rows}
    found = passages.passages(engine, (), things, known)
    assert {
        (iri, each.document, each.start, each.end) for iri, some in found.items() for each in some
    } == asked
    assert passages.passages(engine, things[:20], (), known).keys() <= found.keys()


@pytest.mark.parametrize("known", KNOWN)
def test_mentions_are_the_rows_of_the_question(
    engine: Engine, things: list[str], known: str
) -> None:
    for iri in things[::6]:
        rows = asking.rows_of_each(engine, "mentions", "thing", [iri], {"known": known})
        asked = [(shorten(str(row["property"])), str(row["mention"])) for row in rows]
        assert mentions.of(engine, iri, at(known)) == list(dict.fromkeys(asked))


@pytest.mark.parametrize("known", KNOWN)
def test_recurrences_are_the_rows_of_the_question(
    engine: Engine, things: list[str], known: str
) -> None:
    items = [iri for iri in things if kind_of(iri) in ("cause-of-concern", "recommendation")]
    rows = asking.rows_of_each(engine, "recurrence", "item", items, {"known": known})
    found = recurrences.of(engine, items)
    knowledge = Knowledge(
        engine, at(known), [], [each for one in found for each in (one.iri, *one.things)]
    )
    asked = [
        recurrences.Again(
            str(row["earlier"]),
            str(row["later"]),
            str(row.get("earlierDate", "")),
            str(row.get("laterDate", "")),
            row["basis"] == "stated",
            str(row.get("why", "")),
        )
        for row in rows
    ]
    assert recurrences.told(knowledge, found) == sorted(
        asked, key=lambda each: (each.earlier_date, each.earlier, each.later)
    )
    assert asked or known != "all"


@pytest.mark.parametrize("known", KNOWN)
def test_what_is_held_about_a_force_are_the_rows_of_four_questions(
    engine: Engine, known: str
) -> None:
    def rows(name: str, *columns: str) -> list[dict[str, object]]:
        found = asking.rows_of_each(engine, name, "force", [FORCE], {"known": known})
        return [{key: row[key] for key in columns if key in row} for row in found]

    held = holdings.holdings(engine, FORCE, known)
    knowledge = Knowledge(engine, at(known), [], [*held.documents, *held.judgements])
    assert holdings.documents(knowledge, held) == rows(
        "documents", "document", "type", "publicOn", "dated", "held"
    )
    assert holdings.judgements(knowledge, held) == rows(
        "judgements", "judgement", "inspection", "area", "grade", "scale", "toldBy", "standsOver"
    )
    some = [row["discrepancy"] for row in rows("discrepancies", "discrepancy")]
    assert held.discrepancies == list(dict.fromkeys(some))
    some = [row["unknown"] for row in reversed(rows("not-known", "unknown"))]
    assert held.unknowns == list(dict.fromkeys(some))


@pytest.mark.parametrize("known", KNOWN)
@pytest.mark.parametrize("on", ["2018-01-01", "2019-06-27", "2024-03-01", "2026-11-22"])
def test_office_holders_are_the_rows_of_the_question(engine: Engine, on: str, known: str) -> None:
    then = moment({"on": on, "known": known})
    given = {"on": on, "known": known}
    rows = asking.rows_of_each(engine, "office-holders", "force", [FORCE], given)
    shown = [
        {key: value for key, value in row.items() if key not in ("name", "role")} for row in rows
    ]
    assert offices.holders(engine, FORCE, then) == shown
    assert shown or known != "all" or on < "2019"


@pytest.mark.parametrize("known", KNOWN)
@pytest.mark.parametrize("on", ["2018-01-01", "2023-11-24", "2024-03-01", "2026-11-22"])
def test_the_phase_is_that_of_the_question(engine: Engine, on: str, known: str) -> None:
    given = {"on": on, "known": known}
    rows = asking.rows_of_each(engine, "phase", "force", [FORCE], given)
    stretches = timeline.timeline(engine, FORCE, on=on, known=known).phases
    then = [each for each in stretches if each.end is None or on < each.end]
    assert [(each.phase, each.began.earliest, each.began.latest, each.basis) for each in then] == [
        (row["phase"], row.get("since"), row.get("sinceLatest"), row["basis"]) for row in rows
    ]
    said = outlook.phase(stretches, moment(given))
    assert said.startswith("In ") if rows else said.startswith("No document says")


@pytest.mark.parametrize("known", KNOWN)
def test_items_in_outline_are_the_rows_of_the_question(engine: Engine, known: str) -> None:
    then = at(known)
    given = {"on": then.on, "known": known}
    rows = asking.ask(engine, "status", given).rows
    later = asking.ask(engine, "status", given | {"status": "not-yet-raised"}).rows
    found = outlines.outlines(engine, then)
    assert [(each.item, each.force, each.status) for each in found] == [
        (row["item"], row["force"], str(row["status"]).rpartition("/")[2])
        for row in (*rows, *later)
    ]
    themes = {
        (str(row["thing"]), str(row["theme"]).rpartition("/")[2])
        for row in asking.ask(engine, "themes", {"known": known}).rows
    }
    items = {each.item for each in found}
    assert {(each.item, theme) for each in found for theme in each.keys["theme"]} == {
        (item, theme) for item, theme in themes if item in items
    }
    ours = [row for row in rows if row["force"] == FORCE]
    assert standing.of_force(engine, FORCE, [str(row["item"]) for row in ours], then) == ours


def test_what_is_not_read_of_a_listed_thing_is_not_taken_for_absent(engine: Engine) -> None:
    knowledge = Knowledge(engine, at("all"), [], [CONCERN])
    assert knowledge.value(CONCERN, "peel:identifiedIn")
    with pytest.raises(AssertionError, match="is not read"):
        knowledge.value(CONCERN, "skos:definition")
