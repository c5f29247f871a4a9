"""What is known of an item, as from each day: the vocabulary's rules on small histories."""

from datetime import date

import pyoxigraph as ox
import pytest

from peelgraph.derivation import chronicle as chronicles
from peelgraph.derivation.standing import Standing, standings
from peelgraph.derivation.status import END, Status, status_on
from peelgraph.namespaces import GRAPH, ID, PREFIXES, RECORD_GRAPH, expand

HEAD = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())
ITEM = "recommendation:wmp-2023-investigations-1"


def told(records: dict[str, str], **others: str) -> ox.Store:
    """Return a store with records and other named graphs, all in Turtle; dates may lack a type."""
    store = ox.Store()
    texts = {RECORD_GRAPH + name: text for name, text in records.items()}
    for graph, text in (texts | {GRAPH + name: text for name, text in others.items()}).items():
        base = f"{ID}document/{graph.rpartition('/')[2]}"
        store.load(
            HEAD + text.replace("<>", f"<{base}>"),
            format=ox.RdfFormat.TURTLE,
            to_graph=ox.NamedNode(graph),
        )
    return store


def known(store: ox.Store, item: str = ITEM) -> list[Standing]:
    classes = chronicles.item_classes(store)
    return standings(chronicles.read(store), expand(item), classes)


def day(text: str) -> date:
    return date.fromisoformat(text)


LETTER = """
<> a peel:SourceDocument ; peel:publicOn "2024-09-18" ; peel:retrievedOn "2026-11-21" .
inspection:wmp-2023-peel a peel:Inspection ; peel:date "2023-09" .
recommendation:wmp-2023-investigations-1 a peel:Recommendation ;
    peel:identifiedIn inspection:wmp-2023-peel ; peel:directedTo force:west-midlands .
"""
CLOSED = """
decision:d a peel:Decision ; peel:decides recommendation:wmp-2023-investigations-1 ;
    peel:outcome outcome:closed ; peel:date "2024-09-17" .
"""
REVISIT = """
decision:d a peel:Decision ; peel:decides recommendation:wmp-2023-investigations-1 ;
    peel:outcome outcome:closed ; peel:informedBy inspection:revisit .
inspection:revisit a peel:Inspection ; peel:date "2024-05/2024-06" .
"""


def test_nothing_is_known_before_the_first_record_that_states_the_item() -> None:
    [standing] = known(told({"letter": LETTER}))
    assert (standing.known_from, standing.known_until) == (day("2024-09-18"), END)


def test_it_was_raised_at_its_inspection() -> None:
    [standing] = known(told({"letter": LETTER}))
    assert standing.bounds.raised_earliest == day("2023-09-01")
    assert standing.bounds.raised_latest == day("2023-09-30")


def test_its_own_date_goes_before_that_of_its_inspection() -> None:
    [standing] = known(told({"letter": LETTER + f'{ITEM} peel:date "2023-11-02" .'}))
    assert standing.bounds.raised_earliest == day("2023-11-02")
    assert standing.bounds.raised_latest == day("2023-11-02")
    assert standing.bounds.last_known_open == day("2023-11-02")


def test_an_own_date_without_a_first_day_leaves_that_to_the_inspection() -> None:
    [standing] = known(told({"letter": LETTER + f'{ITEM} peel:date "[..2023-09-20]" .'}))
    assert standing.bounds.raised_earliest == day("2023-09-01")
    assert standing.bounds.raised_latest == day("2023-09-20")


def test_a_recommendation_without_dates_takes_those_of_its_cause_of_concern() -> None:
    text = """<> a peel:SourceDocument ; peel:dated "2024-09-18" .
    concern:c a peel:CauseOfConcern ; peel:identifiedIn inspection:i .
    inspection:i peel:date "2023-09" .
    recommendation:wmp-2023-investigations-1 a peel:Recommendation ; peel:addresses concern:c ."""
    [standing] = known(told({"letter": text}))
    assert standing.bounds.raised_earliest == day("2023-09-01")
    assert standing.bounds.raised_latest == day("2023-09-30")


def test_a_force_s_part_takes_the_date_of_the_national_recommendation() -> None:
    text = """<> a peel:SourceDocument ; peel:retrievedOn "2026-11-21" .
    recommendation:all a peel:Recommendation ; peel:date "2019" ;
        peel:directedTo group:police-forces-of-england-and-wales .
    recommendation:wmp-2023-investigations-1 a peel:Recommendation ;
        dcterms:isPartOf recommendation:all ; peel:directedTo force:west-midlands ."""
    store = told({"news": text})
    [standing] = known(store)
    assert standing.bounds.raised_earliest == day("2019-01-01")
    assert standing.bounds.raised_latest == day("2019-12-31")
    assert known(store, "recommendation:all") == []


def test_without_any_date_it_was_raised_by_the_day_its_document_bears_witness() -> None:
    text = f"""<> a peel:SourceDocument ; peel:publicOn "2024-09-18" ; peel:dated "2024-09-10" ;
        peel:retrievedOn "2026-11-21" .
    {ITEM} a peel:Recommendation ."""
    [standing] = known(told({"letter": text}))
    assert standing.bounds.raised_earliest is None
    assert standing.bounds.raised_latest == day("2024-09-10")


def test_the_report_on_its_inspection_shows_that_it_had_been_raised() -> None:
    text = f"""<> a peel:SourceDocument ; peel:dated "2019-06-27" .
    document:report a peel:Document ; peel:reportsOn inspection:i ; peel:publicOn "2019-05-02" .
    {ITEM} a peel:Recommendation ; peel:identifiedIn inspection:i ."""
    [standing] = known(told({"response": text}))
    assert standing.bounds.raised_latest == day("2019-05-02")


def test_publication_days_from_elsewhere_count_as_always_known_and_keep_their_basis() -> None:
    text = f"<> peel:retrievedOn '2026-11-21' . {ITEM} a peel:Recommendation ."
    reference = """document:page peel:publicOn "2016-02-18" .
    inference:i a peel:Inference ; rdf:subject document:page ; rdf:predicate peel:publicOn ;
        rdf:object "2016-02-18" ; peel:basis basis:assumed ."""
    [standing] = known(told({"page": text}, reference=reference))
    assert standing.known_from == standing.bounds.raised_latest == day("2016-02-18")
    assert standing.basis == expand("basis:assumed")


def test_a_day_stated_in_a_later_record_sharpens_only_what_is_known_from_then() -> None:
    early = f"""<> a peel:SourceDocument ; peel:dated "2019-05-10" .
    {ITEM} a peel:Recommendation ; peel:identifiedIn inspection:i ."""
    late = """<> a peel:SourceDocument ; peel:dated "2019-06-27" .
    document:report peel:reportsOn inspection:i ; peel:publicOn "2019-05-02" ."""
    first, second = known(told({"news": early, "response": late}))
    assert (first.known_from, first.known_until) == (day("2019-05-10"), day("2019-06-27"))
    assert first.bounds.raised_latest == day("2019-05-10")
    assert (second.known_from, second.known_until) == (day("2019-06-27"), END)
    assert second.bounds.raised_latest == day("2019-05-02")


def test_a_later_record_that_says_nothing_new_makes_no_new_standing() -> None:
    late = f"<> a peel:SourceDocument ; peel:dated '2025-01-01' . {ITEM} a peel:Recommendation ."
    assert len(known(told({"letter": LETTER, "later": late}))) == 1


def test_a_dated_closure_closes_on_its_day() -> None:
    [standing] = known(told({"letter": LETTER + CLOSED}))
    assert standing.bounds.closed_earliest == standing.bounds.closed_latest == day("2024-09-17")
    assert status_on(standing.bounds, day("2024-09-20")) is Status.CLOSED


def test_an_undated_closure_lies_between_the_visit_and_the_document_that_tells_of_it() -> None:
    [standing] = known(told({"letter": LETTER + REVISIT}))
    assert standing.bounds.closed_earliest == day("2024-05-01")
    assert standing.bounds.closed_latest == day("2024-09-18")
    assert status_on(standing.bounds, day("2024-06-01")) is Status.INDETERMINATE


def test_the_visit_may_be_named_by_the_assessment_only() -> None:
    text = REVISIT.replace("inspection:revisit .", "assessment:a .", 1)
    text += "assessment:a a peel:Assessment ; peel:seenAt inspection:revisit ."
    [standing] = known(told({"letter": LETTER + text}))
    assert standing.bounds.closed_earliest == day("2024-05-01")


def test_a_refusal_and_an_attestation_show_it_open() -> None:
    refusal = f"""decision:r peel:decides {ITEM} ; peel:outcome outcome:remains-open ;
        peel:date "2024-03" ."""
    [refused] = known(told({"letter": LETTER + refusal}))
    assert refused.bounds.last_known_open == day("2024-03-01")
    [attested] = known(
        told({"letter": LETTER + refusal + f'{ITEM} peel:attestedOpenOn "2024-09-18" .'})
    )
    assert attested.bounds.last_known_open == day("2024-09-18")
    assert status_on(attested.bounds, day("2024-09-20")) is Status.PRESUMED_OPEN


def test_an_undated_refusal_proves_no_day() -> None:
    refusal = f"decision:r peel:decides {ITEM} ; peel:outcome outcome:remains-open ."
    [standing] = known(told({"letter": LETTER + refusal}))
    assert standing.bounds.last_known_open is None


@pytest.mark.parametrize(
    "claim",
    [
        f"assessment:a a peel:Assessment ; peel:assesses {ITEM} ; peel:date '2024-07-01' .",
        f"response:r a peel:Response ; peel:respondsTo {ITEM} ; peel:date '2024-07-01' .",
        f"statement:s a peel:Statement ; peel:about {ITEM} ; peel:date '2024-07-01' .",
    ],
)
def test_assessments_responses_and_claims_prove_nothing(claim: str) -> None:
    assert [each.bounds for each in known(told({"letter": LETTER + claim}))] == [
        each.bounds for each in known(told({"letter": LETTER}))
    ]


def test_a_closed_cause_of_concern_says_nothing_about_its_recommendations() -> None:
    concern = f"""concern:c a peel:CauseOfConcern ; peel:date "2023-09" .
    {ITEM} peel:addresses concern:c .
    decision:c peel:decides concern:c ; peel:outcome outcome:closed ; peel:date "2024-09-17" ."""
    [standing] = known(told({"letter": LETTER + concern}))
    assert not standing.bounds.closure_recorded


def test_a_closure_before_a_day_on_which_it_was_open_is_a_contradiction() -> None:
    open_later = f'{ITEM} peel:attestedOpenOn "2024-09-18" .'
    [standing] = known(told({"letter": LETTER + CLOSED + open_later}))
    assert standing.bounds.closing_contradictory
    assert standing.bounds.first_closure == day("2024-09-17")
    assert standing.bounds.last_closure is None
    assert status_on(standing.bounds, day("2024-09-16")) is Status.OPEN
    assert status_on(standing.bounds, day("2025-01-01")) is Status.INDETERMINATE
    assert set(standing.disputed) == {expand(ITEM), expand("decision:d")}


def test_of_two_closures_the_later_settles_what_an_attestation_between_them_disputes() -> None:
    again = CLOSED.replace("decision:d ", "decision:e ").replace("2024-09-17", "2025-02-01")
    between = f'{ITEM} peel:attestedOpenOn "2024-12-01" .'
    [standing] = known(told({"letter": LETTER + CLOSED + again + between}))
    assert standing.bounds.first_closure == day("2024-09-17")
    assert standing.bounds.last_closure == day("2025-02-01")
    assert status_on(standing.bounds, day("2025-01-31")) is Status.INDETERMINATE
    assert status_on(standing.bounds, day("2025-02-01")) is Status.CLOSED


def test_an_inspection_later_than_the_document_that_states_its_item_contradicts_it() -> None:
    text = f"""<> a peel:SourceDocument ; peel:dated "2019-05-10" .
    inspection:i peel:date "2020" .
    {ITEM} a peel:Recommendation ; peel:identifiedIn inspection:i ."""
    [standing] = known(told({"news": text}))
    assert standing.bounds.raising_contradictory
    assert expand("inspection:i") in standing.disputed


def test_what_editors_infer_is_known_from_the_latest_document_it_rests_on() -> None:
    undated = f"<> a peel:SourceDocument ; peel:dated '2019-05-10' . {ITEM} a peel:Recommendation ."
    other = "<> a peel:SourceDocument ; peel:dated '2019-06-27' ."
    editorial = f"""{ITEM} peel:date "2019-02" .
    inference:i a peel:Inference ; rdf:subject {ITEM} ; rdf:predicate peel:date ;
        rdf:object "2019-02" ; peel:basis basis:inferred ;
        prov:wasDerivedFrom document:news, document:other ."""
    first, second = known(told({"news": undated, "other": other}, editorial=editorial))
    assert first.bounds.raised_earliest is None
    assert second.known_from == day("2019-06-27")
    assert second.bounds.raised_earliest == day("2019-02-01")
    assert second.basis == expand("basis:inferred")


def test_a_cause_of_concern_that_refers_to_itself_does_no_harm() -> None:
    text = f"<> peel:dated '2019-05-10' . {ITEM} a peel:Recommendation ; peel:addresses {ITEM} ."
    [standing] = known(told({"news": text}))
    assert standing.bounds.raised_earliest is None
