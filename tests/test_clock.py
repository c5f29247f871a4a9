"""The statutory clock: rules as data, and verdicts that claim no more than is known."""

from datetime import date

import pyoxigraph as ox
import pytest

from peelgraph.derivation import chronicle as chronicles
from peelgraph.derivation.clock import Answered, DutyStanding, Verdict, clock, reports
from peelgraph.namespaces import GRAPH, ID, PREFIXES, RECORD_GRAPH, expand

HEAD = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())
DUTY = """duty:s55 a peel:ResponseDuty ; peel:allowsDays 56 ; peel:countsFirstDay true ;
    peel:appliesFrom "2017-05-02" ."""
REPORT = """inspection:i a peel:Inspection ; peel:inspects force:west-midlands .
document:report a peel:Document ; dcterms:type doctype:inspection-report ;
    peel:reportsOn inspection:i ; peel:publicOn "2019-05-02" .
"""
RESPONSE = "response:r a peel:Response ; peel:respondsTo document:report . "


def told(records: dict[str, str], reference: str = DUTY) -> ox.Store:
    store = ox.Store()
    texts = {RECORD_GRAPH + name: text for name, text in records.items()}
    for graph, text in (texts | {GRAPH + "reference": reference}).items():
        base = f"{ID}document/{graph.rpartition('/')[2]}"
        turtle = HEAD + text.replace("<>", f"<{base}>")
        store.load(turtle, format=ox.RdfFormat.TURTLE, to_graph=ox.NamedNode(graph))
    return store


def known(store: ox.Store) -> list[DutyStanding]:
    chronicle = chronicles.read(store)
    return [each for report in reports(chronicle) for each in clock(chronicle, report)]


def answered(text: str, reference: str = DUTY) -> Answered:
    [standing] = known(told({"reply": text}, reference))
    return standing.answered


def reply(dates: str, report: str = REPORT) -> Answered:
    text = f"<> a peel:SourceDocument ; dcterms:type doctype:statutory-response ; {dates} . "
    return answered(text + report + RESPONSE)


def test_a_response_that_bears_day_57_is_late_and_that_is_assumed() -> None:
    assert reply("peel:dated '2019-06-27'") == Answered(
        verdict=Verdict.LATE,
        basis=expand("basis:assumed"),
        duty=expand("duty:s55"),
        published_on=date(2019, 5, 2),
        due_earliest=date(2019, 6, 26),
        due_latest=date(2019, 6, 26),
        response=expand("response:r"),
        responded_earliest=date(2019, 6, 27),
        responded_latest=None,
        day_least=57,
        day_most=None,
    )


def test_a_response_that_bears_an_earlier_date_may_have_been_published_later() -> None:
    found = reply("peel:dated '2019-06-01'")
    assert (found.verdict, found.day_least, found.day_most) == (Verdict.CANNOT_TELL, 31, None)


@pytest.mark.parametrize(
    ("public", "verdict", "least", "most"),
    [
        ("2019-06-26", Verdict.IN_TIME, 56, 56),
        ("2019-06-27", Verdict.LATE, 57, 57),
        ("2019-06", Verdict.CANNOT_TELL, 31, 60),
        ("2019-05", Verdict.IN_TIME, 0, 30),
        ("[..2019-06-20]", Verdict.IN_TIME, None, 50),
        ("[2019-07-01..]", Verdict.LATE, 61, None),
    ],
)
def test_the_day_of_publication_decides(
    public: str, verdict: Verdict, least: int | None, most: int | None
) -> None:
    found = reply(f"peel:publicOn '{public}' ; peel:retrievedOn '2026-11-21'")
    assert (found.verdict, found.day_least, found.day_most) == (verdict, least, most)
    assert found.basis == expand("basis:stated")


def test_the_day_of_publication_goes_before_the_date_that_it_bears() -> None:
    found = reply("peel:publicOn '2019-06-20' ; peel:dated '2019-06-27'")
    assert found.verdict is Verdict.IN_TIME


def test_a_report_of_an_uncertain_day_is_judged_for_all_its_days() -> None:
    loose = REPORT.replace("2019-05-02", "2019-05")
    assert reply("peel:publicOn '2019-06-25'", loose).verdict is Verdict.IN_TIME
    assert reply("peel:publicOn '2019-06-26'", loose).verdict is Verdict.CANNOT_TELL
    assert reply("peel:publicOn '2019-07-26'", loose).verdict is Verdict.LATE
    found = reply("peel:publicOn '2019-07-26'", loose)
    assert (found.published_on, found.day_least, found.day_most) == (None, 57, 87)


def test_no_response_known_is_never_late() -> None:
    text = "<> a peel:SourceDocument ; peel:dated '2026-11-01' . " + REPORT
    found = answered(text)
    assert found.verdict is Verdict.NONE_KNOWN
    assert found.due_latest == date(2019, 6, 26)


def test_before_the_duty_applied_there_is_no_clock() -> None:
    old = REPORT.replace("2019-05-02", "2017-05-01")
    assert reply("peel:dated '2019-06-27'", old).verdict is Verdict.NOT_APPLICABLE
    assert reply("peel:dated '2019-06-27'", old).duty is None


def test_a_report_that_may_be_older_than_the_duty_cannot_be_judged() -> None:
    loose = REPORT.replace("2019-05-02", "2017-05")
    assert reply("peel:dated '2019-06-27'", loose).verdict is Verdict.CANNOT_TELL


def test_a_report_without_a_known_day_cannot_be_judged() -> None:
    undated = REPORT.replace("peel:publicOn", "peel:dated")
    assert reply("peel:dated '2019-06-27'", undated).verdict is Verdict.CANNOT_TELL


def test_the_rule_is_data() -> None:
    looser = DUTY.replace("56", "60").replace("true", "false")
    text = "<> a peel:SourceDocument ; dcterms:type doctype:statutory-response ; "
    found = answered(text + "peel:publicOn '2019-07-01' . " + REPORT + RESPONSE, looser)
    assert (found.due_latest, found.day_least) == (date(2019, 7, 1), 60)
    assert found.verdict is Verdict.IN_TIME


def test_the_duty_in_force_on_the_day_of_publication_applies() -> None:
    newer = DUTY + DUTY.replace("duty:s55", "duty:new").replace("56", "28").replace("2017", "2025")
    text = "<> a peel:SourceDocument ; dcterms:type doctype:statutory-response ; "
    found = answered(text + "peel:publicOn '2019-06-20' . " + REPORT + RESPONSE, newer)
    assert found.duty == expand("duty:s55")


def test_a_response_told_of_elsewhere_has_its_own_date() -> None:
    text = "<> peel:dated '2019-08-01' ; dcterms:type doctype:news-article . "
    found = answered(text + REPORT + RESPONSE + "response:r peel:date '2019-06-20' .")
    assert (found.verdict, found.basis) == (Verdict.IN_TIME, expand("basis:stated"))


def test_letters_and_thematic_reports_have_no_clock() -> None:
    text = "<> a peel:SourceDocument ; peel:dated '2026-11-01' . "
    assert known(told({"reply": text + REPORT.replace("inspection-report", "letter")})) == []
    assert known(told({"reply": text + REPORT.replace("peel:inspects", "peel:covers")})) == []


def test_until_the_response_is_known_none_is() -> None:
    news = "<> a peel:SourceDocument ; peel:dated '2019-05-10' . " + REPORT
    late = "<> a peel:SourceDocument ; dcterms:type doctype:statutory-response ; "
    store = told({"news": news, "reply": late + "peel:dated '2019-06-27' . " + RESPONSE})
    first, second = known(store)
    assert (first.answered.verdict, first.known_until) == (Verdict.NONE_KNOWN, date(2019, 6, 27))
    assert (second.answered.verdict, second.known_from) == (Verdict.LATE, date(2019, 6, 27))
