"""What is derived: labels, kinds, forces, lineage, spans; and the same again as known on a day."""

from datetime import date
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from peelgraph import build, reading
from peelgraph.derivation import chronicle as chronicles
from peelgraph.derivation import clock, phases, standing
from peelgraph.derivation.derive import derive
from peelgraph.derivation.rules import RuleError
from peelgraph.namespaces import GRAPH, ID, PREFIXES, RECORD_GRAPH, expand, shorten
from peelgraph.resources import SHIPPED

HEAD = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())
RULES = SHIPPED.rules
LINKS = """
peel:identifiedIn rdfs:subPropertyOf peel:ledToBy . peel:basedOn rdfs:subPropertyOf peel:ledToBy .
peel:undertakes rdfs:subPropertyOf peel:leadsTo .
peel:CauseOfConcern rdfs:subClassOf peel:FollowUpItem .
"""
REGISTER = """
force:west-midlands a peel:PoliceForce ; skos:prefLabel "West Midlands Police"@en .
force:kent a peel:PoliceForce ; skos:prefLabel "Kent Police"@en .
body:west-midlands-pcc a peel:LocalPolicingBody ; peel:holdsToAccount force:west-midlands .
office:dcc a peel:Office ; org:postIn force:west-midlands .
"""
SCHEMES = """
grade4:good a skos:Concept ; skos:prefLabel "good"@en .
area:protecting-vulnerable-people a skos:Concept ;
    skos:prefLabel "protecting vulnerable people"@en .
programme:peel-2018-19 a skos:Concept ; skos:prefLabel "PEEL 2018/19"@en .
phase:engage a skos:Concept ; skos:prefLabel "Engage"@en .
"""
LETTER = """<> a peel:SourceDocument ; peel:publicOn "2024-09-18"^^edtf:EDTF ;
    dcterms:title "A letter"@en .
inspection:i a peel:Inspection ; peel:inspects force:west-midlands ;
    peel:date "2023-09"^^edtf:EDTF .
concern:c a peel:CauseOfConcern ; skos:prefLabel "MARACs"@en ; peel:theme theme:vulnerability ;
    peel:raisedAgainst force:west-midlands ; peel:identifiedIn inspection:i .
"""


def stored(records: dict[str, str], **others: str) -> ox.Store:
    """Return a store of named graphs, each given in Turtle."""
    store = ox.Store()
    texts = {RECORD_GRAPH + name: text for name, text in records.items()}
    texts |= {GRAPH + name: text for name, text in others.items()}
    for graph, text in texts.items():
        base = f"{ID}document/{graph.rpartition('/')[2]}"
        turtle = HEAD + text.replace("<#", f"<{base}#").replace("<>", f"<{base}>")
        store.load(turtle, format=ox.RdfFormat.TURTLE, to_graph=ox.NamedNode(graph))
    return store


def derived(records: dict[str, str], **others: str) -> ox.Store:
    givens = {"ontology": LINKS, "register": REGISTER, "schemes": SCHEMES} | others
    store = stored(records, **givens)
    derive(store, RULES)
    return store


def values(store: ox.Store, subject: str, predicate: str) -> set[str]:
    node, link = ox.NamedNode(expand(subject)), ox.NamedNode(expand(predicate))
    return {
        shorten(quad.object.value)
        for quad in store.quads_for_pattern(node, link, None, ox.DefaultGraph())
        if isinstance(quad.object, ox.NamedNode | ox.Literal)
    }


def label(text: str, thing: str) -> str:
    [found] = values(derived({"letter": LETTER + text}), thing, "rdfs:label")
    return found


def test_the_default_graph_is_the_merge_each_triple_once() -> None:
    store = derived({"letter": LETTER, "again": LETTER.replace("2024-09-18", "2025-01-01")})
    merged = {quad.triple for quad in store if isinstance(quad.graph_name, ox.DefaultGraph)}
    named = {quad.triple for quad in store if isinstance(quad.graph_name, ox.NamedNode)}
    assert merged == named
    query = f"SELECT (COUNT(*) AS ?n) {{ <{expand('concern:c')}> a ?class }}"
    rows = store.query(query)
    assert isinstance(rows, ox.QuerySolutions)
    assert next(rows)["n"].value == "1"


def test_what_is_derived_stands_in_the_derived_graph() -> None:
    store = derived({"letter": LETTER})
    given = stored({"letter": LETTER}, ontology=LINKS, register=REGISTER, schemes=SCHEMES)
    stated = {quad.triple for quad in given}
    graph = ox.NamedNode(GRAPH + "derived")
    assert not stated & {q.triple for q in store.quads_for_pattern(None, None, None, graph)}


def test_a_record_graph_says_from_when_it_is_known_and_of_what_it_is() -> None:
    dated = "<> a peel:SourceDocument ; peel:dated '2019-06-27'^^edtf:EDTF ."
    held = "<> a peel:SourceDocument ; peel:retrievedOn '2026-11-21'^^edtf:EDTF ."
    store = derived({"letter": LETTER, "dated": dated, "held": held})
    for name, day, basis in (
        ("letter", "2024-09-18", "basis:stated"),
        ("dated", "2019-06-27", "basis:assumed"),
        ("held", "2026-11-21", "basis:stated"),
    ):
        query = (
            "SELECT ?day ?basis ?document { "
            f"<{RECORD_GRAPH}{name}> <{expand('peel:knownFrom')}> ?day ; "
            f"<{expand('peel:basis')}> ?basis ; <{expand('foaf:primaryTopic')}> ?document }}"
        )
        rows = store.query(query)
        assert isinstance(rows, ox.QuerySolutions)
        [row] = [tuple(shorten(term.value) for term in solution) for solution in rows]
        assert row == (day, basis, f"document:{name}")


def test_a_thing_is_known_from_the_earliest_record_that_describes_it() -> None:
    early = """<> a peel:SourceDocument ; peel:dated "2023-10-01"^^edtf:EDTF .
    concern:c a peel:CauseOfConcern ."""
    store = derived({"letter": LETTER, "early": early})
    assert values(store, "concern:c", "peel:knownFrom") == {"2023-10-01"}
    assert values(store, "inspection:i", "peel:knownFrom") == {"2024-09-18"}
    assert values(store, "force:west-midlands", "peel:knownFrom") == set()


def test_an_editorial_thing_is_known_from_the_latest_document_it_rests_on() -> None:
    early = "<> a peel:SourceDocument ; peel:dated '2019-06-27'^^edtf:EDTF ."
    ours = "recurrence:r a peel:Recurrence ; prov:wasDerivedFrom document:letter, document:early ."
    store = derived({"letter": LETTER, "early": early}, editorial=ours)
    assert values(store, "recurrence:r", "peel:knownFrom") == {"2024-09-18"}


def test_every_thing_has_one_label_and_one_kind() -> None:
    store = derived({"letter": LETTER + "<#char=1,2> a peel:Passage ; oa:hasSource <> ."})
    for thing, kind in (
        ("concern:c", "cause-of-concern"),
        ("document:letter", "document"),
        ("document:letter#char=1,2", "passage"),
        ("force:kent", "force"),
        ("grade4:good", "concept"),
    ):
        assert values(store, thing, "peel:kindToken") == {kind}
        assert len(values(store, thing, "rdfs:label")) == 1


def test_each_date_has_a_span() -> None:
    store = derived({"letter": LETTER + "concern:c peel:date '[..2023-10-01]'^^edtf:EDTF ."})
    assert values(store, "span:2023-09", "peel:earliest") == {"2023-09-01"}
    assert values(store, "span:2023-09", "peel:latest") == {"2023-09-30"}
    assert values(store, "span:until-2023-10-01", "peel:expression") == {"[..2023-10-01]"}
    assert values(store, "span:until-2023-10-01", "peel:earliest") == set()


@pytest.mark.parametrize(
    ("text", "thing", "expected"),
    [
        ("", "concern:c", "MARACs"),
        ("", "document:letter", "A letter"),
        ("person:p a foaf:Person ; foaf:name 'Ann Other' .", "person:p", "Ann Other"),
        (
            "recommendation:r a peel:Recommendation ; "
            "peel:wording 'make sure staff and officers have sufficient skills and capabilities to "
            "carry out high-quality investigations'@en .",
            "recommendation:r",
            "make sure staff and officers have sufficient skills and capabilities to carry out…",
        ),
        (
            "judgement:j a peel:Judgement ; peel:identifiedIn inspection:j ; "
            "peel:area area:protecting-vulnerable-people ; peel:grade grade4:good . "
            "inspection:j a peel:Inspection ; skos:prefLabel 'An inspection'@en ; "
            "peel:programme programme:peel-2018-19 ; peel:inspects force:west-midlands .",
            "judgement:j",
            "Good, Protecting vulnerable people (PEEL 2018/19, West Midlands)",
        ),
        (
            "decision:d a peel:Decision ; peel:decides concern:c ; peel:outcome outcome:closed .",
            "decision:d",
            "Closed: MARACs",
        ),
        (
            "decision:d a peel:Decision ; peel:decides force:west-midlands ; "
            "peel:outcome outcome:moved-to-phase ; peel:toPhase phase:engage .",
            "decision:d",
            "Moved to Engage: West Midlands",
        ),
        (
            "unknown:u a peel:Unknown ; peel:about concern:c ; peel:leavesOpen peel:addresses .",
            "unknown:u",
            "Not known: addresses (MARACs)",
        ),
        (
            "unknown:u a peel:Unknown ; peel:about unknown:u .",
            "unknown:u",
            "Not known: something (Unknown: u)",
        ),
        ("", "span:2023-09", "September 2023"),
        ("", "standing:cause-of-concern-c-2024-09-18", "MARACs: as known from 18 September 2024"),
        (
            "",
            "statusperiod:not-yet-raised-stated-0001-01-01-2023-09-01",
            "Not yet raised until 1 September 2023",
        ),
        ("finding:f a peel:Finding .", "finding:f", "Finding: f"),
    ],
)
def test_labels_are_what_somebody_wrote_else_a_phrase(text: str, thing: str, expected: str) -> None:
    assert label(text, thing) == expected


def test_the_label_comes_from_the_earliest_known_source() -> None:
    later = """<> a peel:SourceDocument ; peel:publicOn "2025-01-01"^^edtf:EDTF .
    concern:c a peel:CauseOfConcern ; skos:prefLabel "A better name"@en ."""
    assert values(derived({"letter": LETTER, "a": later}), "concern:c", "rdfs:label") == {"MARACs"}


FORCES = """
judgement:x a peel:Judgement ; peel:identifiedIn inspection:i .
recommendation:x a peel:Recommendation ; peel:addresses concern:c .
assessment:x a peel:Assessment ; peel:assesses recommendation:x .
decision:x a peel:Decision ; peel:decides recommendation:x .
response:x a peel:Response ; peel:respondent body:west-midlands-pcc ;
    peel:undertakes undertaking:x .
undertaking:x a peel:Undertaking .
statement:x a peel:Statement ; peel:inOffice office:dcc .
statistic:x a peel:Statistic ; peel:about judgement:x .
unknown:x a peel:Unknown ; peel:about document:letter .
document:x a peel:Document ; peel:reportsOn inspection:i .
tenure:x a peel:Tenure ; org:member person:x ; org:organization body:west-midlands-pcc .
person:x a foaf:Person .
inference:x a peel:Inference ; rdf:subject decision:x .
concern:c peel:evidence <#char=1,2> . <#char=1,2> oa:hasSource <> .
discrepancy:x a peel:Discrepancy ; peel:between <#char=1,2> .
"""


def test_whatever_leads_to_a_force_is_of_that_force() -> None:
    store = derived({"letter": LETTER + FORCES})
    kinds = ("judgement", "recommendation", "assessment", "decision", "response", "undertaking")
    more = ("statement", "statistic", "unknown", "document", "tenure", "person", "inference")
    for thing in (
        *(f"{kind}:x" for kind in (*kinds, *more, "discrepancy")),
        *("concern:c", "inspection:i", "document:letter", "body:west-midlands-pcc", "office:dcc"),
        *("force:west-midlands", "standing:cause-of-concern-c-2024-09-18"),
    ):
        assert values(store, thing, "peel:ofForce") == {"force:west-midlands"}, thing


def test_an_item_of_an_inspection_of_many_forces_is_of_its_own_force_only() -> None:
    thematic = """inspection:t a peel:Inspection ; peel:inspects force:west-midlands, force:kent .
    concern:k a peel:CauseOfConcern ; peel:raisedAgainst force:kent ;
        peel:identifiedIn inspection:t .
    finding:t a peel:Finding ; peel:identifiedIn inspection:t ."""
    store = derived({"letter": LETTER + thematic})
    assert values(store, "concern:k", "peel:ofForce") == {"force:kent"}
    assert values(store, "finding:t", "peel:ofForce") == {"force:kent", "force:west-midlands"}


def test_a_national_recommendation_is_of_no_force_and_has_no_standing() -> None:
    national = """recommendation:n a peel:Recommendation ; skos:prefLabel "All forces"@en ;
        peel:directedTo group:police-forces-of-england-and-wales .
    recommendation:p a peel:Recommendation ; dcterms:isPartOf recommendation:n ;
        peel:directedTo force:west-midlands ."""
    store = derived({"letter": LETTER + national})
    assert values(store, "recommendation:n", "peel:ofForce") == set()
    slug = "standing:recommendation-{}-2024-09-18"
    assert values(store, slug.format("n"), "rdf:type") == set()
    assert values(store, slug.format("p"), "rdf:type") == {"peel:Standing"}


def test_a_recommendation_inherits_the_themes_of_its_cause_of_concern() -> None:
    store = derived({"letter": LETTER + FORCES})
    assert values(store, "recommendation:x", "peel:theme") == {"theme:vulnerability"}


def test_lineage_runs_with_time() -> None:
    text = """finding:f a peel:Finding ; peel:identifiedIn inspection:i .
    concern:c peel:basedOn finding:f .
    decision:d a peel:Decision ; peel:decides concern:c .
    decision:p a peel:Decision ; peel:decides force:west-midlands .
    response:r a peel:Response ; peel:undertakes undertaking:u ."""
    store = derived({"letter": LETTER + text})
    assert values(store, "inspection:i", "peel:leadsTo") == {"concern:c", "finding:f"}
    assert values(store, "finding:f", "peel:leadsTo") == {"concern:c"}
    assert values(store, "concern:c", "peel:leadsTo") == {"decision:d"}
    assert values(store, "response:r", "peel:leadsTo") == {"undertaking:u"}
    assert values(store, "force:west-midlands", "peel:leadsTo") == set()


def test_dates_that_exclude_one_another_become_a_discrepancy() -> None:
    text = """decision:d a peel:Decision ; peel:decides concern:c ; peel:outcome outcome:closed ;
        peel:date "2024-09-17"^^edtf:EDTF .
    concern:c peel:attestedOpenOn "2024-09-18"^^edtf:EDTF ."""
    store = derived({"letter": LETTER + text})
    thing = "discrepancy:cause-of-concern-c-dates-2024-09-18"
    assert values(store, thing, "peel:between") == {"concern:c", "decision:d"}
    assert values(store, thing, "peel:ofForce") == {"force:west-midlands"}
    assert values(store, thing, "rdfs:label") == {"Contradiction: MARACs"}


def test_days_to_close_are_bounded_by_the_days_of_raising_and_closing() -> None:
    text = """decision:d a peel:Decision ; peel:decides concern:c ; peel:outcome outcome:closed ;
        peel:date "2024-09-17"^^edtf:EDTF ."""
    store = derived({"letter": LETTER + text})
    standing_of = "standing:cause-of-concern-c-2024-09-18"
    assert values(store, standing_of, "peel:daysLeast") == {"353"}
    assert values(store, standing_of, "peel:daysMost") == {"382"}


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }", "needs a line"),
        ('#+ summary = "x\nCONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }', "not TOML"),
        ('#+ summary = "x"\nCONSTRUCT { ?s ?p ?o } WHERE { ?s ?p', "does not parse"),
        ('#+ summary = "x"\nSELECT * { ?s ?p ?o }', "CONSTRUCT"),
    ],
)
def test_a_broken_rule_is_an_error_that_names_it(tmp_path: Path, rule: str, said: str) -> None:
    (tmp_path / "10.rq").write_text(rule)
    with pytest.raises(RuleError, match=said) as error:
        derive(ox.Store(), tmp_path)
    assert error.value.path.name == "10.rq"


Known = tuple[dict[str, object], set[object], set[object]]


def as_known(store: ox.Store, day: date) -> Known:
    """Return the standings, phases and clocks that hold on a day."""
    chronicle = chronicles.read(store)
    classes = chronicles.item_classes(store)
    return (
        {
            item: (each.bounds, each.periods, each.basis, each.disputed)
            for item in chronicle.instances(classes)
            for each in standing.standings(chronicle, item, classes)
            if each.known_from <= day < each.known_until
        },
        {
            (force, each.phase)
            for force in phases.forces(chronicle)
            for each in phases.phases(chronicle, force)
            if each.known_from <= day < each.known_until
        },
        {
            (report, each.answered)
            for report in clock.reports(chronicle)
            for each in clock.clock(chronicle, report)
            if each.known_from <= day < each.known_until
        },
    )


ITEMS = ("concern:a", "recommendation:b", "recommendation:part", "recommendation:all")
DAYS = ("2019-05-02", "2019-05", "2019", "2019-06-27", "2020-01-01", "[2019-06-01..2020-02-01]")
OPENS = ("[..2019-06-27]", "[2019-05-10..]", "2019-05/2019-07")
dates = st.sampled_from(DAYS + OPENS)
typed = (
    "concern:a a peel:CauseOfConcern . recommendation:b a peel:Recommendation .",
    "recommendation:part a peel:Recommendation . recommendation:all a peel:Recommendation .",
)
statements = st.one_of(
    st.sampled_from(
        (
            "recommendation:b peel:addresses concern:a .",
            "recommendation:part dcterms:isPartOf recommendation:all .",
            "recommendation:all peel:directedTo group:forces .",
            *(f"{item} peel:identifiedIn inspection:i ." for item in ITEMS),
            *(
                f"decision:{n} peel:decides {item} ; peel:outcome outcome:{outcome} ."
                for n in (1, 2)
                for item in ITEMS[:2]
                for outcome in ("closed", "remains-open")
            ),
            *(f"decision:{n} peel:informedBy inspection:i, assessment:s ." for n in (1, 2)),
            "assessment:s peel:seenAt inspection:j .",
            *(
                f"decision:{n} peel:decides force:f ; peel:outcome outcome:moved-to-phase ; "
                f"peel:fromPhase phase:{one} ; peel:toPhase phase:{other} ."
                for n, one, other in ((3, "scan", "engage"), (4, "engage", "scan"))
            ),
            "document:report dcterms:type doctype:inspection-report .",
            "document:report peel:reportsOn inspection:i .",
            "inspection:i peel:inspects force:f .",
            "response:r peel:respondsTo document:report .",
            "<> dcterms:type doctype:statutory-response .",
            *typed,
        )
    ),
    st.builds(
        "{} peel:{} '{}' .".format,
        st.sampled_from(
            (*ITEMS, "inspection:i", "inspection:j", "decision:1", "decision:2", "response:r")
        ),
        st.sampled_from(("date", "attestedOpenOn")),
        dates,
    ),
    st.builds(
        "decision:{} peel:{} '{}' .".format,
        st.sampled_from((3, 4)),
        st.sampled_from(("date", "effectiveOn")),
        dates,
    ),
    st.builds("document:report peel:publicOn '{}' .".format, dates),
    st.builds("{} peel:publicOn '{}' .".format, st.sampled_from(("document:r0", "<>")), dates),
)
heads = st.builds(
    "<> a peel:SourceDocument ; peel:{} '{}' ; peel:retrievedOn '2021-01-01' . {}".format,
    st.sampled_from(("publicOn", "dated", "sentOn")),
    dates,
    st.sampled_from(("", *typed)),
)
histories = st.lists(st.tuples(heads, st.lists(statements, max_size=14)), min_size=1, max_size=4)
OURS = (
    "concern:a peel:date '2019-05' . inference:i a peel:Inference ; rdf:subject concern:a ; "
    "rdf:predicate peel:date ; rdf:object '2019-05' ; peel:basis basis:inferred ; "
    "prov:wasDerivedFrom document:r0, document:r1 ."
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(histories, st.sampled_from(("", OURS)), st.dates(date(2019, 1, 1), date(2021, 2, 1)))
def test_as_known_on_a_day_is_what_the_records_public_by_then_give(
    history: list[tuple[str, list[str]]], editorial: str, other: date
) -> None:
    records = {f"r{n}": "\n".join([head, *said]) for n, (head, said) in enumerate(history)}
    duty = "duty:d a peel:ResponseDuty ; peel:allowsDays 56 ; peel:countsFirstDay true ; "
    store = stored(records, editorial=editorial, reference=duty + "peel:appliesFrom '2017-05-02' .")
    sources = chronicles.read(store).sources
    turning = {source.known for source in sources.records.values()}
    for day in turning | {date.fromordinal(each.toordinal() - 1) for each in turning} | {other}:
        assert as_known(store, day) == as_known(build.restricted(store, day), date(9999, 1, 1))


@pytest.mark.parametrize(
    "day", ["2016-02-17", "2016-02-18", "2019-05-10", "2019-06-27", "2024-09-18", "2026-11-21"]
)
def test_the_shipped_records_as_known_on_a_day_are_those_public_by_then(day: str) -> None:
    store, problems = reading.read(SHIPPED)
    assert problems == []
    at = date.fromisoformat(day)
    assert as_known(store, at) == as_known(build.restricted(store, at), date(9999, 1, 1))


def test_what_only_a_later_document_says_of_a_thing_is_marked() -> None:
    store = build.quads(SHIPPED)
    rows = store.query(
        "SELECT ?subject ?object ?day { ?mark a peel:LaterStatement ; rdf:subject ?subject ; "
        "rdf:predicate peel:toldBy ; rdf:object ?object ; peel:knownFrom ?day }",
        prefixes=PREFIXES,
    )
    assert isinstance(rows, ox.QuerySolutions)
    told = {(row["subject"].value, row["object"].value, row["day"].value) for row in rows}
    judgement = f"{ID}judgement/wmp-2018-19-peel-protecting-vulnerable-people"
    assert (judgement, f"{ID}body/west-midlands-pcc", "2019-06-27") in told
    assert (judgement, f"{ID}body/redditch-standard", "2019-05-10") not in told
    earlier = store.query(
        "ASK { ?mark a peel:LaterStatement ; rdf:subject ?thing ; peel:knownFrom ?later . "
        "?thing peel:knownFrom ?known FILTER (?later <= ?known) }",
        prefixes=PREFIXES,
    )
    assert not bool(earlier)
