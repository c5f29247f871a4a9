"""The words for terms and shapes, made from their Turtle."""

import pyoxigraph as ox
import pytest

from peelgraph.reference import rules, said, schemes, terms
from peelgraph.reference.naming import Naming
from peelgraph.reference.rules import GRAVITY, Rule
from peelgraph.reference.said import Said
from peelgraph.reference.sentences import Sentences
from peelgraph.resources import SHIPPED

NAMES = """@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix peel: <https://w3id.org/peelgraph/ontology#> .
@prefix peelsh: <https://w3id.org/peelgraph/shapes#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
"""


@pytest.fixture(scope="module")
def every() -> tuple[Rule, ...]:
    return rules.rules(said.shapes(), said.ontology())


def demanded(turtle: str) -> str:
    quads = ox.parse(f"{NAMES} peelsh:S {turtle} .", format=ox.RdfFormat.TURTLE)
    shapes = Said(each.triple for each in quads)
    sentences = Sentences(shapes, Naming(said.ontology()))
    return sentences.demanded(ox.NamedNode("https://w3id.org/peelgraph/shapes#S"))


class TestSentences:
    @pytest.mark.parametrize(
        ("turtle", "words"),
        [
            (
                "sh:path peel:outcome ; sh:minCount 1 ; sh:maxCount 1",
                "has exactly one value of “outcome” (peel:outcome)",
            ),
            (
                "sh:path peel:decides ; sh:minCount 1 ; "
                "sh:or ([ sh:class peel:FollowUpItem ] [ sh:class peel:PoliceForce ])",
                "has at least one value of “decides” (peel:decides), "
                "which is a follow-up item or a police force",
            ),
            ("sh:path peel:status ; sh:maxCount 0", "has no value of “status” (peel:status)"),
            (
                "sh:path peel:date ; sh:maxCount 2 ; sh:datatype xsd:date",
                "has at most two values of “date” (peel:date), which is a day",
            ),
            (
                "sh:path [ sh:inversePath peel:saidBy ] ; sh:nodeKind sh:IRI",
                "each value of “said by” (peel:saidBy) read backwards has an IRI",
            ),
            (
                "sh:path (peel:about peel:date) ; sh:in (peel:a peel:b)",
                "each value of “date” (peel:date) of each “about” (peel:about) is peel:a or peel:b",
            ),
            ("sh:class foaf:Person ; sh:nodeKind sh:IRI", "is a person and has an IRI"),
        ],
    )
    def test_a_shape_in_words(self, turtle: str, words: str) -> None:
        assert demanded(turtle) == words

    def test_what_has_no_words_is_named(self) -> None:
        assert "fits sh:lessThan" in demanded("sh:path peel:date ; sh:lessThan peel:dueBy")


class TestRules:
    def test_every_shape_that_speaks_is_there_once(self, every: tuple[Rule, ...]) -> None:
        speaking = {
            quad.subject.value
            for file in sorted(SHIPPED.shapes.glob("*.ttl"))
            for quad in ox.parse(file.read_bytes(), format=ox.RdfFormat.TURTLE)
            if quad.predicate.value.endswith("shacl#message")
            and isinstance(quad.subject, ox.NamedNode)
        }
        assert sorted(each.rpartition("#")[2] for each in speaking) == [x.name for x in every]

    def test_each_has_words_for_all_that_it_demands(self, every: tuple[Rule, ...]) -> None:
        for each in every:
            assert "fits " not in each.words, each
            assert each.words.endswith("."), each
            assert "everything that another shape" not in each.words.lower(), each

    def test_severity_and_message_agree(self, every: tuple[Rule, ...]) -> None:
        for each in every:
            if each.severity == "info":
                assert GRAVITY[each.severity] in each.message.split(), each
        assert {each.severity for each in every} == set(GRAVITY)

    def test_every_file_has_its_own(self, every: tuple[Rule, ...]) -> None:
        parts = rules.parts(said.shapes(), said.ontology())
        assert sum(len(each.rules) for each in parts) == len(every)
        assert all(each.title and each.description for each in parts)

    def test_a_property_is_governed_by_what_looks_at_it(self, every: tuple[Rule, ...]) -> None:
        found = {each.name: each for each in terms.terms(said.ontology(), every)}
        assert "ConcernShape-raisedAgainst" in [x.name for x in found["raisedAgainst"].rules]
        assert "ConcernShape-raisedAgainst" in [x.name for x in found["CauseOfConcern"].rules]
        claimed = [x.name for x in found["claimedBy"].rules]
        assert "AgentLinkShape-claimedBy" in claimed
        assert "AgentLinkShape-saidBy" not in claimed


class TestTerms:
    def test_every_term_has_a_definition_and_its_place(self) -> None:
        every = terms.terms(said.ontology(), ())
        assert len(every) > 150
        assert all(each.label and each.definition for each in every)
        found = {each.name: each for each in every}
        assert [each.name for each in found["FollowUpItem"].above] == [
            "peel:AreaForImprovement",
            "peel:CauseOfConcern",
            "peel:Recommendation",
        ]


class TestSchemes:
    def test_every_concept_once_below_its_broader_one(self) -> None:
        for scheme in schemes.schemes(said.ontology()):
            members = said.ontology().with_value("skos:inScheme", ox.NamedNode(scheme.iri))
            assert sorted(each.iri for each in scheme.concepts) == [x.value for x in members]
            assert scheme.concepts[0].depth == 0
