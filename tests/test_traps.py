"""Where a naive record goes wrong: each trap of the domain, held against the records as written.

The tests read the Turtle files and nothing else, so they say what the records state, not what the
rules derive from them.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pytest
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, OWL, RDF, SKOS
from rdflib.term import Node

from peelgraph.namespaces import EDTF, PREFIXES, expand
from peelgraph.resources import SHIPPED

ARTICLE_2022 = "police-professional-wmp-peel-2021-22"
ARTICLE_2019 = "redditch-standard-wmp-peel-2018-19"
LETTER = "hmicfrs-wmp-letter-2024-09-18"
REPORT = "hmic-wmp-peel-2015-effectiveness"
RESPONSE = "west-midlands-pcc-response-2019-06-27"
RECORDS = (ARTICLE_2022, ARTICLE_2019, LETTER, REPORT, RESPONSE)
#: records in which somebody tells of an inspection that is not his own
TOLD = (ARTICLE_2022, ARTICLE_2019, RESPONSE)

ITEM_CLASSES = ("peel:CauseOfConcern", "peel:Recommendation", "peel:AreaForImprovement")


def iri(name: str) -> URIRef:
    """Return the IRI of a prefixed *name*."""
    return URIRef(expand(name))


def iris(*names: str) -> set[Node]:
    """Return the IRIs of prefixed *names*."""
    return {iri(name) for name in names}


@dataclass(frozen=True, slots=True)
class Sources:
    """What is written by hand: each record by its stem, the editorial part, and all of it as one.

    ``merged`` holds the register and the reference too.
    """

    records: dict[str, Graph]
    editorial: Graph
    merged: Graph

    def of(self, thing: str, *path: str) -> set[Node]:
        """Return the values that a path of properties leads to from a thing, in all graphs."""
        found: set[Node] = {iri(thing)}
        for name in path:
            found = {value for node in found for value in self.merged.objects(node, iri(name))}
        return found

    def instances(self, *classes: str, record: str | None = None) -> set[Node]:
        """Return what bears one of the classes itself, in one record or anywhere."""
        graph = self.merged if record is None else self.records[record]
        return {thing for name in classes for thing in graph.subjects(RDF.type, iri(name))}

    def text(self, thing: str, *path: str) -> set[str]:
        """Return the values as strings."""
        return {str(value) for value in self.of(thing, *path)}

    def decisions(self, item: str, outcome: str) -> set[Node]:
        """Return the decisions about an item that came out as *outcome*."""
        return {
            decision
            for decision in self.merged.subjects(iri("peel:decides"), iri(item))
            if (decision, iri("peel:outcome"), iri(outcome)) in self.merged
        }


def read(files: Iterable[Path]) -> Graph:
    """Return one graph of all the files."""
    graph = Graph()
    for file in files:
        graph.parse(file, format="turtle")
    return graph


@pytest.fixture(scope="module")
def sources() -> Sources:
    records = {file.stem: read([file]) for file in sorted(SHIPPED.records.glob("*.ttl"))}
    editorial = read(sorted(SHIPPED.editorial.glob("*.ttl")))
    merged = read(
        file
        for part in (SHIPPED.register, SHIPPED.reference)
        for file in sorted(part.glob("*.ttl"))
    )
    for graph in (*records.values(), editorial):
        merged += graph
    return Sources(records, editorial, merged)


def local(node: Node) -> str:
    """Return the last part of an IRI."""
    return re.split(r"[/#]", str(node))[-1]


def test_the_five_documents_have_their_records(sources: Sources) -> None:
    """Without them the tests below would hold of nothing."""
    assert set(RECORDS) <= set(sources.records)


# Trap 1 ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("matter", ["maracs", "registered-sex-offenders", "online-child-abuse"])
def test_the_month_of_a_revisit_is_not_the_day_of_a_closure(sources: Sources, matter: str) -> None:
    """Trap 1: "In May and June we revisited … we closed these three" dates the revisit alone.

    The day of closing lies between the start of the revisit and the letter that tells of it.
    """
    closure = f"decision:wmp-2024-{matter}-closed"
    visit = "inspection:wmp-2024-05-revisit"
    assert sources.decisions(f"concern:wmp-2023-{matter}", "outcome:closed") == {iri(closure)}
    assert not sources.of(closure, "peel:date") | sources.of(closure, "peel:effectiveOn")
    informed = sources.of(closure, "peel:informedBy")
    assert iri(visit) in informed | sources.of(closure, "peel:informedBy", "peel:seenAt")
    assert sources.text(visit, "peel:date") == {"2024-05/2024-06"}
    assert sources.text(f"document:{LETTER}", "peel:publicOn") == {"2024-09-18"}


def test_the_revisit_went_to_the_three_causes_of_concern_that_were_closed_after_it(
    sources: Sources,
) -> None:
    """Trap 1: the fourth cause of concern was not revisited in May and June."""
    assert sources.of("inspection:wmp-2024-05-revisit", "peel:revisits") == iris(
        "concern:wmp-2023-maracs",
        "concern:wmp-2023-registered-sex-offenders",
        "concern:wmp-2023-online-child-abuse",
    )


# Trap 2 ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("position", [1, 2, 3])
def test_the_dated_sentence_governs_and_the_announcement_is_kept(
    sources: Sources, position: int
) -> None:
    """Trap 2: "we will close this recommendation" stands beside "On 17 September … we closed".

    There is one closure, on that day; both sentences stay, as passages of it or as a statement.
    """
    recommendation = f"recommendation:wmp-2023-investigations-{position}"
    closure = f"decision:wmp-2024-09-17-investigations-{position}-closed"
    assert sources.decisions(recommendation, "outcome:closed") == {iri(closure)}
    assert sources.text(closure, "peel:date") == {"2024-09-17"}
    announcements = {
        statement
        for statement in sources.merged.subjects(iri("peel:about"), iri(recommendation))
        if (statement, iri("peel:stance"), iri("stance:announces")) in sources.merged
    }
    assert len(sources.of(closure, "peel:evidence")) >= 2 or announcements


@pytest.mark.parametrize("position", [4, 5])
def test_a_refusal_to_close_is_not_dated_by_the_closures_of_the_others(
    sources: Sources, position: int
) -> None:
    """Trap 2: the 17th of September belongs to the three that were closed."""
    item = f"recommendation:wmp-2023-investigations-{position}"
    assert sources.decisions(item, "outcome:closed") == set()
    refusals = sources.decisions(item, "outcome:remains-open")
    assert refusals
    dates = {str(day) for one in refusals for day in sources.merged.objects(one, iri("peel:date"))}
    assert "2024-09-17" not in dates


# Trap 3 ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "inspection",
    ["wmp-2014-crime", "wmp-2015-peel-effectiveness", "wmp-2018-19-peel", "wmp-2021-22-peel"],
)
def test_a_cycle_gives_an_inspection_no_date(sources: Sources, inspection: str) -> None:
    """Trap 3: a PEEL cycle is not a date, nor is the year in an inspection's name."""
    assert sources.of(f"inspection:{inspection}", "peel:programme")
    assert not sources.of(f"inspection:{inspection}", "peel:date")


def test_september_2023_is_when_the_inspection_took_place(sources: Sources) -> None:
    """Trap 3: "In September 2023, we inspected" dates the inspection, to the month."""
    assert sources.text("inspection:wmp-2023-peel", "peel:date") == {"2023-09"}


def test_the_report_of_peel_2015_came_out_in_2016_and_does_not_say_so(sources: Sources) -> None:
    """Trap 3: PEEL 2015 was published in February 2016; the page itself bears no date."""
    document = f"document:{REPORT}"
    assert sources.text(document, "peel:publicOn") == {"2016-02-18"}
    own = sources.records[REPORT]
    for name in ("peel:publicOn", "peel:dated", "peel:sentOn"):
        assert own.value(iri(document), iri(name)) is None


def test_no_date_is_the_label_of_a_cycle(sources: Sources) -> None:
    """Trap 3: 2018/19, or a pair of years that only spells the cycle out, is never a date."""
    dates = {
        str(value)
        for value in sources.merged.objects()
        if isinstance(value, Literal) and value.datatype == URIRef(EDTF)
    }
    assert dates
    assert not {date for date in dates if re.fullmatch(r"\d{4}/\d{2}(\d{2})?", date)}


# Trap 4 ---------------------------------------------------------------------------------------


def test_a_time_limit_in_words_gives_no_due_day(sources: Sources) -> None:
    """Trap 4: the start of the time limit is known for none of the five documents' items."""
    limited = set(sources.merged.subjects(iri("peel:timeLimit")))
    assert limited
    assert not {thing for thing in limited if sources.merged.value(thing, iri("peel:dueBy"))}


@pytest.mark.parametrize(
    ("concern", "number", "limit"),
    [
        ("wmp-2015-domestic-abuse", 2, "immediately"),
        ("wmp-2015-missing-children", 3, "immediately"),
        ("wmp-2019-vetting", 1, "as quickly as possible"),
        ("wmp-2023-investigations", 5, "Within six months"),
    ],
)
def test_a_time_limit_stays_as_worded(
    sources: Sources, concern: str, number: int, limit: str
) -> None:
    """Trap 4: the words of the limit are the fact."""
    for position in range(1, number + 1):
        name = f"recommendation:{concern}-{position}"
        assert sources.text(name, "peel:timeLimit") == {limit}, name


# Trap 5 ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("record", TOLD)
def test_a_grade_told_by_others_names_the_teller(sources: Sources, record: str) -> None:
    """Trap 5: a commissioner or a newspaper tells of a judgement and makes none."""
    graph = sources.records[record]
    judgements = sources.instances("peel:Judgement", record=record)
    assert judgements
    assert not {one for one in judgements if graph.value(one, iri("peel:toldBy")) is None}


def test_a_grade_in_the_inspectorates_own_words_has_no_teller(sources: Sources) -> None:
    """Trap 5: where HMIC itself gives the grade, nobody tells it."""
    graph = sources.records[REPORT]
    judgements = sources.instances("peel:Judgement", record=REPORT)
    assert judgements
    assert not {one for one in judgements if graph.value(one, iri("peel:toldBy"))}


def test_rated_good_without_an_area_is_what_the_commissioner_said(sources: Sources) -> None:
    """Trap 5: "have rated the force as 'good'" names no area, so it makes no judgement."""
    for record in (ARTICLE_2019, RESPONSE):
        told = set(
            sources.records[record].subjects(iri("peel:toldBy"), iri("person:david-jamieson"))
        )
        assert not told & sources.instances("peel:Judgement")


@pytest.mark.parametrize("area", ["investigating-crime", "serious-and-organised-crime"])
def test_a_grade_that_stands_over_is_marked_and_reasoned(sources: Sources, area: str) -> None:
    """Trap 5: areas not inspected in 2018/19 keep an earlier grade. That is our inference.

    It rests on two documents, the article that gives the grade and the response that lists what
    was inspected, so it is editorial.
    """
    judgement = iri(f"judgement:wmp-2018-19-peel-{area}")
    stands_over = (judgement, iri("peel:standsOver"), Literal(True))
    assert stands_over in sources.editorial
    assert not {name for name, graph in sources.records.items() if stands_over in graph}
    inferences = {
        one
        for one in sources.editorial.subjects(RDF.subject, judgement)
        if (one, RDF.predicate, iri("peel:standsOver")) in sources.editorial
    }
    assert inferences
    for one in inferences:
        rests_on = set(sources.editorial.objects(one, iri("prov:wasDerivedFrom")))
        assert rests_on >= iris(f"document:{ARTICLE_2019}", f"document:{RESPONSE}")
        assert sources.editorial.value(one, iri("peel:reason"))


def test_what_was_inspected_in_2018_19_does_not_stand_over(sources: Sources) -> None:
    """Trap 5: only the two areas that were not inspected stand over."""
    standing = {
        judgement
        for judgement in sources.merged.subjects(iri("peel:standsOver"), Literal(True))
        if (judgement, iri("peel:identifiedIn"), iri("inspection:wmp-2018-19-peel"))
        in sources.merged
    }
    assert standing == iris(
        "judgement:wmp-2018-19-peel-investigating-crime",
        "judgement:wmp-2018-19-peel-serious-and-organised-crime",
    )


# Trap 6 ---------------------------------------------------------------------------------------


def test_no_cause_of_concern_makes_an_inadequate_grade(sources: Sources) -> None:
    """Trap 6: seven causes of concern are recorded, and no document grades anything inadequate."""
    assert len(sources.instances("peel:CauseOfConcern")) == 7
    grades = {local(grade) for grade in sources.merged.objects(None, iri("peel:grade"))}
    assert "inadequate" not in grades
    assert sources.of(
        "judgement:wmp-2018-19-peel-ethical-and-lawful-workforce-behaviour", "peel:grade"
    ) == iris("grade4:requires-improvement")


def test_cause_for_concern_in_a_quotation_is_prose(sources: Sources) -> None:
    """Trap 6: the newspaper quotes "a cause for concern"; the formal one is in the response."""
    assert not sources.instances("peel:CauseOfConcern", record=ARTICLE_2019)
    assert sources.instances("peel:CauseOfConcern", record=RESPONSE) == iris(
        "concern:wmp-2019-vetting"
    )
    assert sources.text("concern:wmp-2019-vetting", "peel:wording") == {
        "The size of the vetting backlog within West Midlands Police is a cause of concern."
    }


# Trap 7 ---------------------------------------------------------------------------------------


def test_a_count_of_recommendations_counts_recommendations_only(sources: Sources) -> None:
    """Trap 7: "Number of recommendations 1" is one figure and one recommendation, and no AFI."""
    graph = sources.records[RESPONSE]
    ones = {
        one
        for one in sources.instances("peel:Statistic", record=RESPONSE)
        if str(graph.value(one, iri("peel:unit"))).startswith("recommendation")
    }
    assert [str(graph.value(one, iri("peel:value"))) for one in ones] == ["1"]
    assert sources.instances("peel:Recommendation", record=RESPONSE) == iris(
        "recommendation:wmp-2019-vetting-1"
    )
    assert not sources.instances("peel:AreaForImprovement", record=RESPONSE)


def test_counted_grades_stay_counts(sources: Sources) -> None:
    """Trap 7: five good, three adequate and three requires improvement; not all are named."""
    graph = sources.records[ARTICLE_2022]
    counts = {
        local(grade): int(str(graph.value(one, iri("peel:count"))))
        for one in sources.instances("peel:GradeCount", record=ARTICLE_2022)
        for grade in graph.objects(one, iri("peel:grade"))
    }
    assert counts == {"good": 5, "adequate": 3, "requires-improvement": 3}
    named = Counter(
        local(grade)
        for one in sources.instances("peel:Judgement", record=ARTICLE_2022)
        for grade in graph.objects(one, iri("peel:grade"))
    )
    assert named == {"good": 4, "requires-improvement": 3}


def test_the_areas_left_unnamed_by_a_count_are_unknown(sources: Sources) -> None:
    """Trap 7: nobody says which three areas were adequate, nor which was the fifth good one."""
    graph = sources.records[ARTICLE_2022]
    left_open = {
        about
        for unknown in sources.instances("peel:Unknown", record=ARTICLE_2022)
        if (unknown, iri("peel:leavesOpen"), iri("peel:area")) in graph
        for about in graph.objects(unknown, iri("peel:about"))
    }
    counts = sources.instances("peel:GradeCount", record=ARTICLE_2022)
    unnamed = {
        one
        for one in counts
        if (one, iri("peel:grade"), iri("grade5:requires-improvement")) not in graph
    }
    assert len(unnamed) == 2
    assert unnamed <= left_open or iri("inspection:wmp-2021-22-peel") in left_open


# Trap 8 ---------------------------------------------------------------------------------------


def test_a_claim_of_progress_is_the_claim_of_somebody(sources: Sources) -> None:
    """Trap 8: "We have already addressed most of the issues" is what the deputy chief said."""
    graph = sources.records[ARTICLE_2022]
    claims = {
        one
        for one in graph.subjects(iri("peel:saidBy"), iri("person:vanessa-jardine"))
        if (one, iri("peel:stance"), iri("stance:claims-progress")) in graph
    }
    assert claims


def test_a_claim_closes_nothing(sources: Sources) -> None:
    """Trap 8: no closure comes from the force, from a commissioner or from a newspaper."""
    for record in TOLD:
        graph = sources.records[record]
        assert not set(graph.subjects(iri("peel:outcome"), iri("outcome:closed"))) & (
            sources.instances("peel:Decision", record=record)
        )
    closures = set(sources.merged.subjects(iri("peel:outcome"), iri("outcome:closed")))
    assert closures
    informed = {
        ground for one in closures for ground in sources.merged.objects(one, iri("peel:informedBy"))
    }
    assert not informed & sources.instances("peel:Statement", "peel:Response", "peel:Undertaking")


# Trap 9 ---------------------------------------------------------------------------------------


def test_a_person_seen_in_an_office_neither_began_nor_ended_there(sources: Sources) -> None:
    """Trap 9: no document tells when a tenure began or ended."""
    tenures = sources.instances("peel:Tenure")
    assert len(tenures) == 9
    for name in ("peel:began", "peel:ended"):
        assert not tenures & set(sources.merged.subjects(iri(name)))


def test_an_undated_document_attests_no_day(sources: Sources) -> None:
    """Trap 9: an article without a date shows a person in an office, on no day."""
    assert sources.instances("peel:Tenure", record=ARTICLE_2022)
    assert not set(sources.records[ARTICLE_2022].subject_objects(iri("peel:attestedOn")))


# Trap 10 --------------------------------------------------------------------------------------


def test_the_response_of_the_force_has_no_named_author(sources: Sources) -> None:
    """Trap 10: "WMP response" is the force's; no person and no office stands over it."""
    response = "response:wmp-2019-vetting"
    assert sources.of(response, "peel:respondent") == iris("force:west-midlands")
    assert not sources.of(response, "peel:inOffice") | sources.of(response, "dcterms:creator")
    people = {str(value) for value in sources.merged.objects(iri(response))}
    assert not {value for value in people if value.startswith(PREFIXES["person"])}


# Trap 11 --------------------------------------------------------------------------------------


def test_a_quotation_in_two_documents_is_one_statement(sources: Sources) -> None:
    """Trap 11: the newspaper and the response print the same words of the commissioner."""
    said = {
        record: set(
            sources.records[record].subjects(iri("peel:saidBy"), iri("person:david-jamieson"))
        )
        for record in (ARTICLE_2019, RESPONSE)
    }
    assert said[ARTICLE_2019]
    assert said[ARTICLE_2019] == said[RESPONSE]
    for statement in said[ARTICLE_2019]:
        for record in (ARTICLE_2019, RESPONSE):
            assert set(sources.records[record].objects(statement, iri("peel:evidence")))


# Trap 12 --------------------------------------------------------------------------------------


def test_no_record_states_a_status(sources: Sources) -> None:
    """Trap 12: a status is derived for a day; no document states one as such."""
    for graph in (*sources.records.values(), sources.editorial):
        assert not set(graph.subjects(iri("peel:status")))


@pytest.mark.parametrize("record", [REPORT, RESPONSE])
def test_what_became_of_an_item_is_left_open_where_nobody_tells(
    sources: Sources, record: str
) -> None:
    """Trap 12: the items of 2015 and 2019 are seen once, and nothing proves them open on a day."""
    items = sources.instances(*ITEM_CLASSES, record=record)
    assert items
    for item in items:
        assert not set(sources.merged.subjects(iri("peel:decides"), item)), item
        assert sources.merged.value(item, iri("peel:attestedOpenOn")) is None, item


@pytest.mark.parametrize(
    "item",
    [
        "concern:wmp-2023-investigations",
        "recommendation:wmp-2023-investigations-4",
        "recommendation:wmp-2023-investigations-5",
    ],
)
def test_an_item_is_proved_open_on_the_day_of_the_letter_only(sources: Sources, item: str) -> None:
    """Trap 12: the letter is the last that proves these open."""
    assert sources.text(item, "peel:attestedOpenOn") == {"2024-09-18"}
    assert not sources.decisions(item, "outcome:closed")


@pytest.mark.parametrize("position", [1, 2, 3])
def test_what_the_letter_tells_as_closed_is_not_attested_open_by_it(
    sources: Sources, position: int
) -> None:
    """Trap 12: a day of proof is for what remained open."""
    item = f"recommendation:wmp-2023-investigations-{position}"
    assert not sources.of(item, "peel:attestedOpenOn")


# Trap 13 --------------------------------------------------------------------------------------


def test_a_recurrence_is_stated_or_reasoned(sources: Sources) -> None:
    """Trap 13: a stated recurrence shows its passage; an inferred one its reason and documents."""
    recurrences = sources.instances("peel:Recurrence")
    assert recurrences
    for one in recurrences:
        graph = sources.merged
        assert graph.value(one, iri("peel:reason")), one
        basis = set(graph.objects(one, iri("peel:basis")))
        if basis == iris("basis:stated"):
            assert graph.value(one, iri("peel:evidence")), one
        else:
            assert basis == iris("basis:inferred"), one
            assert (one, RDF.type, iri("peel:Recurrence")) in sources.editorial, one
            assert graph.value(one, iri("prov:wasDerivedFrom")), one


def test_hmic_itself_ties_domestic_abuse_in_2015_to_2014(sources: Sources) -> None:
    """Trap 13: where the inspectorate says it is the same matter, the link is stated."""
    graph = sources.records[REPORT]
    (one,) = sources.instances("peel:Recurrence", record=REPORT)
    assert graph.value(one, iri("peel:earlier")) == iri("recommendation:wmp-2014-domestic-abuse")
    assert graph.value(one, iri("peel:later")) == iri("concern:wmp-2015-domestic-abuse")
    assert graph.value(one, iri("peel:basis")) == iri("basis:stated")


def test_the_national_vetting_recommendation_is_not_that_of_west_midlands(
    sources: Sources,
) -> None:
    """Trap 13: "all police forces should comply" is not what the force was asked in May 2019."""
    national = iri("recommendation:national-2019-vetting")
    part = iri("recommendation:wmp-2019-national-vetting")
    own = iri("recommendation:wmp-2019-vetting-1")
    graph = sources.merged
    assert set(graph.objects(national, iri("peel:directedTo"))) == iris(
        "group:police-forces-of-england-and-wales"
    )
    assert set(graph.objects(part, DCTERMS.isPartOf)) == {national}
    assert not set(graph.objects(own, DCTERMS.isPartOf))
    assert own not in sources.instances("peel:Recommendation", record=ARTICLE_2022)
    assert not {national, part} & sources.instances("peel:Recommendation", record=RESPONSE)
    for same in (OWL.sameAs, SKOS.exactMatch):
        assert not set(graph.subject_objects(same)) & {
            (a, b) for a in (national, part, own) for b in (national, part, own)
        }


def test_what_links_vetting_in_two_documents_is_inferred(sources: Sources) -> None:
    """Trap 13: nobody says that vetting in 2019 and in 2021/22 is one matter; we do, if at all."""
    ends = iris(
        "recommendation:national-2019-vetting",
        "recommendation:wmp-2019-national-vetting",
        "recommendation:wmp-2019-vetting-1",
        "concern:wmp-2019-vetting",
    )
    graph = sources.merged
    linking = {
        one
        for one in sources.instances("peel:Recurrence")
        if {graph.value(one, iri("peel:earlier")), graph.value(one, iri("peel:later"))} & ends
    }
    assert {graph.value(one, iri("peel:basis")) for one in linking} <= iris("basis:inferred")


# Trap 14 --------------------------------------------------------------------------------------


def test_the_letter_names_one_office_in_two_ways_and_both_are_kept(sources: Sources) -> None:
    """Trap 14: the letter contradicts itself about Simon Foster's office."""
    titles = {
        str(title)
        for title in sources.records[LETTER].objects(
            iri("tenure:simon-foster-pcc"), iri("peel:titleGiven")
        )
    }
    assert titles == {
        "Police, Fire and Crime Commissioner",
        "West Midlands Police and Crime Commissioner",
    }


def test_the_contradiction_is_shown(sources: Sources) -> None:
    """Trap 14: there is a discrepancy between the two places of the letter."""
    graph = sources.merged
    found = {
        one
        for one in sources.instances("peel:Discrepancy")
        if "Foster" in " ".join(str(text) for text in graph.objects(one, DCTERMS.description))
        or iri("tenure:simon-foster-pcc") in set(graph.objects(one, iri("peel:about")))
    }
    assert found
    for one in found:
        assert len(set(graph.objects(one, iri("peel:between")))) >= 2
        assert graph.value(one, iri("peel:reason"))


# Trap 15 --------------------------------------------------------------------------------------


def test_there_is_one_judgement_for_an_inspection_and_area(sources: Sources) -> None:
    """Trap 15: however many people tell of it."""
    graph = sources.merged
    judged = Counter(
        (graph.value(one, iri("peel:identifiedIn")), graph.value(one, iri("peel:area")))
        for one in sources.instances("peel:Judgement")
    )
    assert judged
    assert not {pair for pair, number in judged.items() if number > 1 or None in pair}


def test_two_tellings_of_a_judgement_meet_in_one(sources: Sources) -> None:
    """Trap 15: both the newspaper and the commissioner's response tell of vulnerable people."""
    judgement = iri("judgement:wmp-2018-19-peel-protecting-vulnerable-people")
    tellers = {
        record: set(sources.records[record].objects(judgement, iri("peel:toldBy")))
        for record in (ARTICLE_2019, RESPONSE)
    }
    assert all(tellers.values())
    assert not tellers[ARTICLE_2019] & tellers[RESPONSE]
    assert sources.of(
        "judgement:wmp-2018-19-peel-protecting-vulnerable-people", "peel:grade"
    ) == iris("grade4:requires-improvement")


def test_a_title_printed_wrongly_creates_no_office(sources: Sources) -> None:
    """Trap 15: "Police, Fire and Crime Commissioner" is a title given, not an office held."""
    assert sources.of("tenure:simon-foster-pcc", "peel:office") == iris("office:west-midlands-pcc")
    tenures = set(sources.merged.subjects(iri("org:member"), iri("person:simon-foster")))
    assert tenures == iris("tenure:simon-foster-pcc")
    posts = set(sources.merged.subjects(iri("org:postIn"), iri("body:west-midlands-pcc")))
    fire = set(sources.merged.subjects(iri("org:role"), iri("role:pfcc")))
    assert not posts & fire


# Trap 16 --------------------------------------------------------------------------------------


def test_previous_judgements_remain_in_place_makes_no_judgement(sources: Sources) -> None:
    """Trap 16: the response yields the judgements that it names, and no other."""
    graph = sources.records[RESPONSE]
    areas = {
        local(area)
        for one in sources.instances("peel:Judgement", record=RESPONSE)
        for area in graph.objects(one, iri("peel:area"))
    }
    assert areas == {
        "effectiveness",
        "efficiency",
        "legitimacy",
        "protecting-vulnerable-people",
        "firearms-capability",
        "planning-for-the-future",
        "treating-the-public-fairly",
        "ethical-and-lawful-workforce-behaviour",
        "treating-the-workforce-fairly",
    }


def test_previous_judgements_remain_in_place_is_an_unknown(sources: Sources) -> None:
    """Trap 16: which areas and which grades remain is what the sentence leaves open."""
    graph = sources.records[RESPONSE]
    left_open = {
        unknown
        for unknown in sources.instances("peel:Unknown", record=RESPONSE)
        if set(graph.objects(unknown, iri("peel:leavesOpen"))) & iris("peel:area", "peel:grade")
        and (unknown, iri("peel:about"), iri("inspection:wmp-2018-19-peel")) in graph
    }
    assert left_open
    assert {one for one in left_open if graph.value(one, iri("peel:evidence"))}


def test_no_rating_is_a_grade_outside_the_scale(sources: Sources) -> None:
    """Trap 16: "no rating" is neither a step of the scale nor an unknown."""
    assert sources.of("judgement:wmp-2018-19-peel-firearms-capability", "peel:grade") == iris(
        "grade:no-rating"
    )


# Trap 17 --------------------------------------------------------------------------------------


def test_no_item_is_dated_by_its_document(sources: Sources) -> None:
    """Trap 17: a document proves that an item had been raised by its day, not on its day.

    Only the recommendation "we made in 2019" is given a time of its own, a year.
    """
    dated = {
        (local(item), str(date))
        for item in sources.instances(*ITEM_CLASSES)
        for date in sources.merged.objects(item, iri("peel:date"))
    }
    assert dated == {("national-2019-vetting", "2019")}
