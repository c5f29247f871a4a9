"""The ontology says what the vocabulary promises, and contradicts neither itself nor PROV-O."""

import re
from pathlib import Path

import pyoxigraph as ox
import pytest
from owlrl import OWLRL_Semantics
from rdflib import Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCTERMS, ORG, OWL, PROV, RDF, RDFS, SKOS
from rdflib.term import Node

import peelgraph
from peelgraph.build import open_store
from peelgraph.namespaces import BASE, PEEL, PREFIXES, SCHEME, SCHEMES
from peelgraph.resources import Project

HERE = Path(__file__).parent
ROOT = HERE.parent
PROJECT = Project(ROOT)
TERM = Namespace(PEEL)
ONTOLOGY = URIRef(BASE + "ontology")
MODULES = sorted(PROJECT.ontology.rglob("*.ttl"))
AXIOMS = (HERE / "prov-o-axioms.ttl", HERE / "neighbour-axioms.ttl")
INFLUENCED = URIRef(PROV + "influenced")

#: lineage property -> what it stands under, here and in PROV-O
LINEAGE = {
    "identifiedIn": ("ledToBy", PROV.wasGeneratedBy),
    "basedOn": ("ledToBy", PROV.wasDerivedFrom),
    "addresses": ("ledToBy", PROV.wasDerivedFrom),
    "respondsTo": ("ledToBy", PROV.wasDerivedFrom),
    "assesses": ("ledToBy", PROV.used),
    "seenAt": ("ledToBy", PROV.wasInformedBy),
    "informedBy": ("ledToBy", PROV.wasInformedBy),
    "reportsOn": ("ledToBy", PROV.wasInfluencedBy),
    "undertakes": ("leadsTo", INFLUENCED),
}

#: scheme -> the concepts that records and questions count on
CONCEPTS = {
    "basis": "assumed inferred presumed stated unconfirmed",
    "doctype": "audit-plan inspection-report letter news-article police-and-crime-plan "
    "statutory-response",
    "grade": "no-rating ungraded",
    "grade4": "good inadequate outstanding requires-improvement",
    "grade5": "adequate good inadequate outstanding requires-improvement",
    "kind": "crime peel reinspection revisit rolling thematic",
    "outcome": "closed in-progress kept moved-to-phase not-kept not-reinspected remains-open",
    "phase": "engage scan",
    "polarity": "neutral strength weakness",
    "programme": "crime-2014 domestic-abuse-2014 peel-2014 peel-2015 peel-2016 peel-2017 "
    "peel-2018-19 peel-2021-22 peel-2023-25",
    "role": "assistant-chief-constable chief-constable commissioner deputy-chief-constable hmci "
    "hmi hmi-fire mayor pcc pfcc police-authority",
    "stance": "accepts announces claims-progress commends criticises disputes reports seeks-change",
    "status": "closed indeterminate not-yet-raised open presumed-open",
}


def parsed(*files: Path) -> Graph:
    """Return one graph of all *files*."""
    graph = Graph()
    for file in files:
        graph.parse(file)
    return graph


@pytest.fixture(scope="module")
def ontology() -> Graph:
    return parsed(*MODULES)


def test_version_is_that_of_the_distribution(ontology: Graph) -> None:
    version = peelgraph.__version__
    assert [str(v) for v in ontology.objects(ONTOLOGY, OWL.versionInfo)] == [version]
    assert list(ontology.objects(ONTOLOGY, OWL.versionIRI)) == [ONTOLOGY + "/" + version]


def test_every_file_has_a_header_and_is_listed_as_a_part(ontology: Graph) -> None:
    headers = {file: list(Graph().parse(file).subjects(RDF.type, OWL.Ontology)) for file in MODULES}
    assert all(len(header) == 1 for header in headers.values())
    parts = {header for [header] in headers.values()} - {ONTOLOGY}
    assert set(ontology.objects(ONTOLOGY, DCTERMS.hasPart)) == parts
    assert set(ontology.subjects(DCTERMS.isPartOf, ONTOLOGY)) == parts


@pytest.mark.parametrize("name", LINEAGE)
def test_lineage_property_stands_under_ours_and_under_prov(ontology: Graph, name: str) -> None:
    ours, prov = LINEAGE[name]
    over = set(ontology.objects(TERM[name], RDFS.subPropertyOf))
    assert over == {TERM[ours], prov}


def test_nothing_else_is_lineage(ontology: Graph) -> None:
    under = {
        str(name).removeprefix(PEEL)
        for way in (TERM.ledToBy, TERM.leadsTo)
        for name in ontology.subjects(RDFS.subPropertyOf, way)
    }
    assert under == set(LINEAGE)
    assert set(ontology.objects(TERM.decides, RDFS.subPropertyOf)) == {PROV.used}
    assert set(ontology.objects(TERM.decidedBy, RDFS.subPropertyOf)) == {PROV.wasAssociatedWith}


def test_the_two_directions_of_lineage_are_inverse(ontology: Graph) -> None:
    assert (TERM.ledToBy, OWL.inverseOf, TERM.leadsTo) in ontology
    assert (INFLUENCED, OWL.inverseOf, PROV.wasInfluencedBy) in ontology


@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_scheme_has_concepts_of_its_own(ontology: Graph, scheme: str) -> None:
    concepts = set(ontology.subjects(SKOS.inScheme, URIRef(SCHEME + scheme)))
    assert concepts
    assert all(str(concept).startswith(PREFIXES[scheme]) for concept in concepts)


@pytest.mark.parametrize("scheme", CONCEPTS)
def test_concepts_of_a_closed_scheme_are_those_promised(ontology: Graph, scheme: str) -> None:
    found = ontology.subjects(SKOS.inScheme, URIRef(SCHEME + scheme))
    names = {str(concept).removeprefix(PREFIXES[scheme]) for concept in found}
    assert names == set(CONCEPTS[scheme].split())


def test_the_two_scales_are_not_mapped_to_one_another(ontology: Graph) -> None:
    scales = (PREFIXES["grade4"], PREFIXES["grade5"], PREFIXES["grade"])
    for scale in scales:
        others = tuple(other for other in scales if other != scale)
        for subject, predicate, value in ontology:
            if str(subject).startswith(scale):
                assert not str(value).startswith(others), (subject, predicate, value)


@pytest.mark.parametrize(("scale", "steps"), [("grade4", 4), ("grade5", 5)])
def test_a_scale_orders_its_own_grades(ontology: Graph, scale: str, steps: int) -> None:
    grades = ontology.subjects(SKOS.inScheme, URIRef(SCHEME + scale))
    order = sorted((ontology.value(grade, SKOS.notation), grade) for grade in grades)
    assert [number for number, _ in order] == [Literal(n) for n in range(1, steps + 1)]
    assert str(order[0][1]).endswith("/inadequate")
    assert str(order[-1][1]).endswith("/outstanding")


def test_areas_are_graded_in_programmes_and_programmes_use_one_scale(ontology: Graph) -> None:
    programmes = set(ontology.subjects(SKOS.inScheme, URIRef(SCHEME + "programme")))
    for area in ontology.subjects(SKOS.inScheme, URIRef(SCHEME + "area")):
        graded = set(ontology.objects(area, TERM.gradedIn))
        assert graded and graded <= programmes, area
        for programme in graded:
            assert len(list(ontology.objects(programme, TERM.usesScale))) == 1, programme


def test_every_role_is_an_org_role_that_says_how_many_hold_it(ontology: Graph) -> None:
    for role in ontology.subjects(SKOS.inScheme, URIRef(SCHEME + "role")):
        assert (role, RDF.type, ORG.Role) in ontology
        assert isinstance(ontology.value(role, TERM.singleHolder, any=False), Literal)


def contradictions(graph: Graph) -> list[str]:
    """Return what an OWL-RL reasoner finds contradictory in *graph*, which it fills."""
    reasoner = OWLRL_Semantics(graph, axioms=True, daxioms=False, rdfs=False)
    reasoner.closure()
    return [str(message) for message in reasoner.error_messages]


def about_things(graph: Graph) -> Graph:
    """Return *graph* without its passages and without prose, which no axiom speaks of."""
    passages = {
        *graph.subjects(RDF.type, TERM.Passage),
        *graph.objects(None, URIRef(PREFIXES["oa"] + "hasSelector")),
    }
    kept = Graph()
    for subject, predicate, value in graph:
        prose = isinstance(value, Literal) and not str(predicate).startswith(PEEL)
        if not prose and subject not in passages and predicate != TERM.evidence:
            kept.add((subject, predicate, value))
    return kept


@pytest.mark.slow
def test_graph_ontology_and_prov_are_consistent(ontology: Graph) -> None:
    facts = parsed(*sorted((ROOT / "graph").rglob("*.ttl")))
    axioms = parsed(*AXIOMS)
    assert contradictions(about_things(ontology + facts) + axioms) == []


def surprises(ontology: Graph, facts: Graph) -> list[str]:
    """Return the things that a domain or a range gives a type which nobody wrote."""
    known = ontology + facts + parsed(*AXIOMS)

    def types(thing: Node) -> set[Node | None]:
        return {
            over
            for written in known.objects(thing, RDF.type)
            for over in known.transitive_objects(written, RDFS.subClassOf)
        }

    return [
        f"{thing}, {end} of {name}, is no {wanted}"
        for name in set(facts.predicates())
        if str(name).startswith(PEEL)
        for end, wanted, things in (
            ("subject", ontology.value(name, RDFS.domain), facts.subjects(name, unique=True)),
            ("value", ontology.value(name, RDFS.range), facts.objects(None, name, unique=True)),
        )
        if wanted and not str(wanted).startswith((PREFIXES["xsd"], PREFIXES["rdf"]))
        for thing in things
        if isinstance(thing, URIRef) and wanted not in types(thing)
    ]


def test_no_domain_or_range_gives_a_type_that_nobody_wrote(ontology: Graph) -> None:
    assert surprises(ontology, parsed(*sorted((ROOT / "graph").rglob("*.ttl")))) == []


def test_nor_where_the_build_derives(ontology: Graph) -> None:
    store, _ = open_store(PROJECT)
    lines = store.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=ox.DefaultGraph())
    assert lines is not None
    built = Graph().parse(data=lines.decode(), format="nt")
    assert (None, TERM.leadsTo, None) in built
    assert surprises(ontology, built) == []


#: what must not go together, and the thing that shows it
CONTRADICTIONS = {
    "entity as activity": (
        "finding/result",
        "finding:other peel:identifiedIn finding:result ."
        " finding:result peel:polarity polarity:strength ; peel:basedOn finding:other .",
    ),
    "activity as entity": (
        "decision/both",
        "decision:both peel:decides recommendation:one ; peel:addresses concern:one .",
    ),
    "person as body": (
        "person/both",
        "person:both a foaf:Person ; peel:holdsToAccount force:one .",
    ),
    "two kinds of item": (
        "cause-of-concern/both",
        "concern:both a peel:CauseOfConcern, peel:Recommendation .",
    ),
}


@pytest.fixture(scope="module")
def found(ontology: Graph) -> list[str]:
    prefixes = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items())
    facts = prefixes + "".join(turtle for _, turtle in CONTRADICTIONS.values())
    terms = Graph()
    for triple in about_things(ontology):
        if not str(triple[0]).startswith(SCHEME):
            terms.add(triple)
    return contradictions(terms.parse(data=facts, format="turtle") + parsed(*AXIOMS))


@pytest.mark.parametrize("case", CONTRADICTIONS)
def test_a_contradiction_is_found(found: list[str], case: str) -> None:
    thing, _ = CONTRADICTIONS[case]
    assert any(thing in message for message in found), found


def test_every_namespace_of_ours_is_redirected() -> None:
    text = (ROOT / "docs" / "w3id" / ".htaccess").read_text("utf-8")
    rules = [re.compile(rule) for rule in re.findall(r"^RewriteRule (\S+) %", text, re.MULTILINE)]
    ours = [iri for iri in PREFIXES.values() if iri.startswith(BASE)]
    addresses = [iri.partition("#")[0] + ("x" if iri.endswith("/") else "") for iri in ours]
    headers = [
        str(h) for file in MODULES for h in Graph().parse(file).subjects(RDF.type, OWL.Ontology)
    ]
    assert len(addresses) > 40 and rules
    whole = [f"{BASE}{name}" for name in ("snapshot", "snapshot.nq", "dataset", "dataset.ttl")]
    whole += [f"{BASE}.well-known/void", f"{BASE}.well-known/void.jsonld"]
    for address in [*addresses, *headers, *whole, f"{ONTOLOGY}/0.1.0"]:
        path = address.removeprefix(BASE)
        assert sum(bool(rule.search(path)) for rule in rules) == 1, path
