"""The register names every force and who holds it to account; the reference cites its sources."""

import re
from collections import Counter
from pathlib import Path

import pyoxigraph
import pytest
from rdflib import DCTERMS, FOAF, ORG, PROV, RDF, SKOS, XSD, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

from peelgraph.namespaces import DOCUMENT, EDTF, GRAPH, PEEL, PREFIXES, SCHEME, expand
from peelgraph.resources import SHIPPED

P = Namespace(PEEL)
DATASET = URIRef(PREFIXES["dcat"] + "Dataset")
LICENCE = URIRef("https://creativecommons.org/licenses/by/4.0/")
REGISTER = sorted(SHIPPED.register.glob("*.ttl"))
REFERENCE = sorted(SHIPPED.reference.glob("*.ttl"))
DECLARED = re.compile(r"^@prefix (\w+): <([^>]*)> \.$", re.MULTILINE)
WIKIDATA = re.compile(r"http://www\.wikidata\.org/entity/Q[1-9]\d*")


def load(files: list[Path]) -> Graph:
    graph = Graph()
    for file in files:
        graph.parse(file, format="turtle")
    return graph


@pytest.fixture(scope="module")
def register() -> Graph:
    return load(REGISTER)


@pytest.fixture(scope="module")
def reference() -> Graph:
    return load(REFERENCE)


def things(graph: Graph, kind: str) -> set[Node]:
    """Return the instances of a class of ours."""
    return set(graph.subjects(RDF.type, P[kind]))


def headers(graph: Graph) -> set[Node]:
    """Return the files' own descriptions."""
    return set(graph.subjects(RDF.type, DATASET))


@pytest.mark.parametrize(
    "file", REGISTER + REFERENCE, ids=lambda file: f"{file.parent.name}-{file.stem}"
)
def test_file_parses_alike_in_both_engines(file: Path) -> None:
    parsed = pyoxigraph.parse(path=str(file), format=pyoxigraph.RdfFormat.TURTLE)
    assert len(set(parsed)) == len(load([file])) > 0


@pytest.mark.parametrize(
    "file", REGISTER + REFERENCE, ids=lambda file: f"{file.parent.name}-{file.stem}"
)
def test_file_declares_our_prefixes_in_order_and_only_those_it_uses(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    declared = DECLARED.findall(text)
    assert dict(declared).items() <= PREFIXES.items()
    assert declared == sorted(declared)
    body = re.sub(r'"(?:[^"\\]|\\.)*"|<[^>]*>', "", DECLARED.sub("", text))
    assert {prefix for prefix, _ in declared} <= set(re.findall(r"(\w+):", body))
    assert "#" not in body, "a note to editors is a triple, not a comment"


@pytest.mark.parametrize(
    "file", REGISTER + REFERENCE, ids=lambda file: f"{file.parent.name}-{file.stem}"
)
def test_file_describes_itself_first_and_then_its_things_in_order(file: Path) -> None:
    graph = load([file])
    (header,) = headers(graph)
    whole = GRAPH + file.parent.name
    assert str(header) == (whole if file.stem == file.parent.name else f"{whole}/{file.stem}")
    assert graph.value(header, DCTERMS.title) and graph.value(header, DCTERMS.description)
    assert graph.value(header, DCTERMS.license) == LICENCE
    created = graph.value(header, DCTERMS.created)
    assert isinstance(created, Literal) and created.datatype == XSD.date
    blocks = re.findall(r"^(<\S+>|\w+:\S+) ", file.read_text(encoding="utf-8"), re.MULTILINE)
    assert blocks == [blocks[0], *sorted(blocks[1:])] and blocks[0] in {
        f"<{header}>",
        f"graph:{file.stem}",
    }


def test_parts_and_wholes_point_at_each_other(register: Graph, reference: Graph) -> None:
    for graph in (register, reference):
        wholes = set(graph.subject_objects(DCTERMS.hasPart))
        parts = {(whole, part) for part, whole in graph.subject_objects(DCTERMS.isPartOf)}
        assert wholes == parts
        assert len(headers(graph)) == len(parts) + 1


def test_there_are_43_forces(register: Graph) -> None:
    assert len(things(register, "PoliceForce")) == 43


def test_the_group_of_all_forces_has_each_of_them(register: Graph) -> None:
    group = URIRef(expand("group:police-forces-of-england-and-wales"))
    assert set(register.objects(group, ORG.hasMember)) == things(register, "PoliceForce")


def test_each_force_is_held_to_account_by_exactly_one_body(register: Graph) -> None:
    pairs = list(register.subject_objects(P.holdsToAccount))
    assert Counter(force for _, force in pairs) == Counter(things(register, "PoliceForce"))
    assert Counter(body for body, _ in pairs) == Counter(things(register, "LocalPolicingBody"))


def test_local_policing_bodies_are_of_known_kinds(register: Graph) -> None:
    kinds = Counter(
        str(register.value(body, ORG.classification)).removeprefix(SCHEME + "role/")
        for body in things(register, "LocalPolicingBody")
    )
    assert kinds == {"pcc": 33, "pfcc": 4, "mayor": 5, "police-authority": 1}


def test_a_commissioner_s_name_and_iri_say_the_kind(register: Graph) -> None:
    for body in things(register, "LocalPolicingBody"):
        kind = str(register.value(body, ORG.classification)).rpartition("/")[2]
        if kind in {"pcc", "pfcc"}:
            force = str(register.value(body, P.holdsToAccount)).rpartition("/")[2]
            assert str(body) == expand(f"body:{force}-{kind}")
            fire = "Police, Fire and Crime" in str(register.value(body, SKOS.prefLabel))
            assert fire == (kind == "pfcc")


def test_a_body_that_is_no_plain_commissioner_cites_its_law(register: Graph) -> None:
    plain = URIRef(expand("role:pcc"))
    for body in things(register, "LocalPolicingBody"):
        if register.value(body, ORG.classification) != plain:
            assert register.value(body, DCTERMS.source), body


def test_everything_has_one_preferred_name_and_no_two_share_it(register: Graph) -> None:
    named = set(register.subjects(RDF.type)) - headers(register)
    labels = [register.value(thing, SKOS.prefLabel, any=False) for thing in named]
    assert all(isinstance(label, Literal) and label.language == "en" for label in labels)
    assert [label for label, times in Counter(labels).items() if times > 1] == []


def test_no_force_goes_by_the_name_of_another(register: Graph) -> None:
    names = Counter(
        str(name)
        for force in things(register, "PoliceForce")
        for name in {
            *(str(label) for label in register.objects(force, SKOS.prefLabel)),
            *(str(label) for label in register.objects(force, SKOS.altLabel)),
        }
    )
    assert [name for name, times in names.items() if times > 1] == []


def test_each_force_has_a_code_of_the_ons_list(register: Graph) -> None:
    codes = [
        str(register.value(force, DCTERMS.identifier)) for force in things(register, "PoliceForce")
    ]
    england = [f"E23{number:06}" for number in range(1, 40)]
    wales = [f"W15{number:06}" for number in range(1, 5)]
    assert sorted(codes) == england + wales


@pytest.mark.parametrize(
    ("slug", "code"),
    [
        ("city-of-london", "E23000034"),
        ("dyfed-powys", "W15000004"),
        ("metropolitan", "E23000001"),
        ("west-midlands", "E23000014"),
    ],
)
def test_the_code_is_the_force_s_own(register: Graph, slug: str, code: str) -> None:
    assert register.value(URIRef(expand(f"force:{slug}")), DCTERMS.identifier) == Literal(code)


def test_wikidata_items_are_well_formed_and_none_is_used_twice(register: Graph) -> None:
    items = [str(item) for item in register.objects(None, SKOS.exactMatch)]
    assert all(WIKIDATA.fullmatch(item) for item in items)
    assert len(items) == len(set(items)) == 39


def test_what_is_unconfirmed_is_named_in_a_note(register: Graph) -> None:
    forces = things(register, "PoliceForce")
    without = {force for force in forces if not register.value(force, SKOS.exactMatch)}
    note = str(register.value(URIRef(GRAPH + "register/forces"), SKOS.editorialNote))
    for force in without:
        area = min((str(name) for name in register.objects(force, SKOS.altLabel)), key=len)
        assert area in note


def test_every_office_has_a_role_and_a_post_in_somewhere_that_exists(register: Graph) -> None:
    schemes = load(sorted(SHIPPED.ontology.glob("schemes/*.ttl")))
    roles = set(schemes.subjects(RDF.type, ORG.Role))
    for office in things(register, "Office"):
        role = register.value(office, ORG.role, any=False)
        place = register.value(office, ORG.postIn, any=False)
        assert role in roles, office
        assert register.value(place, RDF.type), office


def test_kinds_of_body_are_roles_of_the_scheme(register: Graph) -> None:
    schemes = load(sorted(SHIPPED.ontology.glob("schemes/*.ttl")))
    assert set(register.objects(None, ORG.classification)) <= set(
        schemes.subjects(RDF.type, ORG.Role)
    )


def test_people_have_a_name_and_the_classes_of_a_person(register: Graph) -> None:
    people = set(register.subjects(RDF.type, FOAF.Person))
    assert len(people) == 8
    for person in people:
        assert (person, RDF.type, PROV.Person) in register
        name = register.value(person, FOAF.name)
        assert str(name) == str(register.value(person, SKOS.prefLabel))


def test_the_register_makes_no_claims(register: Graph) -> None:
    claims = {
        P.office,
        P.began,
        P.ended,
        P.attestedOn,
        P.titleGiven,
        P.date,
        ORG.heldBy,
        ORG.member,
    }
    assert claims.isdisjoint(register.predicates())
    assert things(register, "Tenure") == set()


def test_every_reference_fact_has_a_source(reference: Graph) -> None:
    sourced = set(reference.subjects(DCTERMS.source))
    marked = {
        tuple(reference.value(inference, part) for part in (RDF.subject, RDF.predicate, RDF.object))
        for inference in things(reference, "Inference") & sourced
    }
    described = headers(reference)
    bare = [
        fact
        for fact in reference
        if fact[0] not in sourced and fact[0] not in described and fact not in marked
    ]
    assert bare == []


def test_an_inference_marks_a_fact_that_is_there_and_says_why(reference: Graph) -> None:
    for inference in things(reference, "Inference"):
        subject, predicate, value = (
            reference.value(inference, part) for part in (RDF.subject, RDF.predicate, RDF.object)
        )
        assert (subject, predicate, value) in reference
        assert reference.value(inference, P.basis) in {
            URIRef(expand("basis:assumed")),
            URIRef(expand("basis:unconfirmed")),
        }
        assert reference.value(inference, P.reason)


def test_the_duty_to_respond_is_data(reference: Graph) -> None:
    duty = URIRef(expand("duty:police-act-1996-s55"))
    assert reference.value(duty, P.allowsDays) == Literal(56)
    assert reference.value(duty, P.countsFirstDay) == Literal(True)
    assert reference.value(duty, P.appliesFrom) == Literal("2017-05-02", datatype=URIRef(EDTF))
    law = URIRef("https://www.legislation.gov.uk/ukpga/2017/3/section/37")
    assert (duty, DCTERMS.source, law) in reference


def test_hmic_became_hmicfrs_on_19_july_2017(reference: Graph) -> None:
    change = URIRef(expand("change:hmic-to-hmicfrs"))
    assert (change, RDF.type, ORG.ChangeEvent) in reference
    assert reference.value(change, ORG.originalOrganization) == URIRef(expand("body:hmic"))
    assert reference.value(change, ORG.resultingOrganization) == URIRef(expand("body:hmicfrs"))
    assert str(reference.value(change, P.date)) == "2017-07-19"


def test_the_publication_day_of_the_2015_report_is_assumed(reference: Graph) -> None:
    document = URIRef(DOCUMENT + "hmic-wmp-peel-2015-effectiveness")
    assert str(reference.value(document, P.publicOn, any=False)) == "2016-02-18"
    (inference,) = reference.subjects(RDF.subject, document)
    assert reference.value(inference, P.basis) == URIRef(expand("basis:assumed"))
