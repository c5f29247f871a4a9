"""Suspicion by Oxigraph and verdict by pySHACL give what pySHACL alone gives."""

from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import Graph

from peelgraph.validation import core
from peelgraph.validation.merged import Merged
from peelgraph.validation.shapes import Shapes, load_shapes
from peelgraph.validation.suspects import suspicion
from peelgraph.validation.terms import add

HEAD = """
@prefix : <http://a/> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
:Lower rdfs:subClassOf :Upper .
"""
#: constraints on the values of :p, all in the language of the shapes
CONSTRAINTS = (
    "sh:minCount 1",
    "sh:minCount 2",
    "sh:maxCount 0",
    "sh:maxCount 1",
    "sh:class :Upper",
    "sh:datatype xsd:integer",
    "sh:datatype xsd:decimal",
    "sh:datatype xsd:boolean",
    "sh:datatype xsd:date",
    "sh:datatype xsd:duration",
    "sh:datatype xsd:string",
    "sh:datatype rdf:langString",
    "sh:datatype :own",
    "sh:datatype xsd:gYear",
    "sh:nodeKind sh:IRI",
    "sh:nodeKind sh:Literal",
    "sh:nodeKind sh:BlankNode",
    "sh:nodeKind sh:BlankNodeOrIRI",
    "sh:nodeKind sh:IRIOrLiteral",
    "sh:pattern '^[a-c]$'",
    "sh:pattern '^[A-C]$' ; sh:flags 'i'",
    "sh:minLength 2",
    "sh:maxLength 1",
    "sh:minInclusive 1",
    "sh:maxInclusive 1",
    "sh:minExclusive 1",
    "sh:maxExclusive 1",
    "sh:languageIn ( 'en' )",
    "sh:uniqueLang true",
    "sh:in ( :a 1 'x' )",
    "sh:hasValue :a",
    "sh:hasValue 1",
    "sh:or ( [ sh:class :Lower ] [ sh:datatype xsd:integer ] )",
    "sh:and ( [ sh:nodeKind sh:IRI ] [ sh:class :Upper ] )",
    "sh:not [ sh:class :Upper ]",
    "sh:node [ sh:property [ sh:path :q ; sh:minCount 1 ] ]",
    "sh:equals :q",
)
PATHS = (
    *(":p", "( :q :p )", "[ sh:inversePath :q ]", "[ sh:alternativePath ( :p :q ) ]"),
    "[ sh:zeroOrMorePath :q ]",
)
VALUES = (
    *(
        ":a",
        ":b",
        ":c",
        "_:n",
        "1",
        "01",
        "0",
        "1.0",
        "1.50",
        "true",
        "'1'^^xsd:int",
        "'x'",
        "'ab'",
    ),
    *("'a'@en", "'b'@en-GB", "'c'@fr", "'a'^^:own", "'?'^^xsd:integer", "'1'^^xsd:boolean"),
    *("'2024-02-30'^^xsd:date", "'2024-02-03'^^xsd:date", "'2024-02-03Z'^^xsd:date"),
    *(
        "'P6M'^^xsd:duration",
        "'P0Y6M'^^xsd:duration",
        "'2024'^^xsd:gYear",
        "'0000-01-01'^^xsd:date",
    ),
)
Said = set[tuple[str, str, str | None]]
SUBJECTS = (":a", ":b", ":c", "_:n")


def shapes_of(folder: Path) -> Shapes:
    """Return one shape for each constraint on each path, over two kinds of target."""
    lines = [HEAD]
    for number, path in enumerate(PATHS):
        for index, constraint in enumerate(CONSTRAINTS):
            if number and index % 7:
                continue
            target = "sh:targetClass :Upper" if index % 2 else "sh:targetSubjectsOf :q"
            lines.append(
                f":S{number}-{index} a sh:NodeShape ; {target} ; sh:property :P{number}-{index} ."
            )
            lines.append(
                f":P{number}-{index} a sh:PropertyShape ; sh:path {path} ; {constraint} ; "
                "sh:message 'must' ; sh:severity sh:Violation ."
            )
    lines.append(
        ":N a sh:NodeShape ; sh:targetClass :Lower ; sh:nodeKind sh:IRI ; sh:message 'm' ."
    )
    lines.append(
        ":M a sh:NodeShape ; sh:targetObjectsOf :p ; sh:nodeKind sh:IRI ; sh:message 'm' ."
    )
    (folder / "shapes.ttl").write_text("\n".join(lines))
    return load_shapes(folder)


@pytest.fixture(scope="module")
def shapes(tmp_path_factory: pytest.TempPathFactory) -> Shapes:
    return shapes_of(tmp_path_factory.mktemp("shapes"))


def said(statements: list[str]) -> list[ox.Triple]:
    text = HEAD + "\n".join(f"{each} ." for each in statements)
    return [quad.triple for quad in ox.parse(text, format=ox.RdfFormat.TURTLE)]


def both(shapes: Shapes, triples: list[ox.Triple]) -> tuple[Said, Said]:
    graph = Graph()
    add(graph, triples)
    ours = {(e.focus, e.shape, e.value) for e in core.find(Merged(triples), shapes)}
    return ours, {(e.focus, e.shape, e.value) for e in core.check(graph, shapes)}


STATEMENTS = st.one_of(
    st.builds(
        "{} {} {}".format,
        st.sampled_from(SUBJECTS),
        st.sampled_from((":p", ":q")),
        st.sampled_from(VALUES),
    ),
    st.builds("{} a {}".format, st.sampled_from(SUBJECTS), st.sampled_from((":Upper", ":Lower"))),
)


@pytest.mark.filterwarnings("ignore:Parsing weird boolean")
@given(st.lists(STATEMENTS, min_size=1, max_size=8))
@settings(max_examples=3, deadline=None)
def test_any_graph_gets_the_verdict_of_pyshacl(shapes: Shapes, statements: list[str]) -> None:
    ours, theirs = both(shapes, said(statements))
    assert ours == theirs


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:Parsing weird boolean")
@given(st.lists(STATEMENTS, min_size=1, max_size=12))
@settings(max_examples=400, deadline=None)
def test_many_graphs_get_the_verdict_of_pyshacl(shapes: Shapes, statements: list[str]) -> None:
    ours, theirs = both(shapes, said(statements))
    assert ours == theirs


@pytest.mark.filterwarnings("ignore:Parsing weird boolean")
def test_each_value_gets_the_verdict_of_pyshacl(shapes: Shapes) -> None:
    statements = [
        statement
        for number, value in enumerate(VALUES)
        for statement in (
            f":v{number} a :Lower",
            f":v{number} :p {value}",
            f":v{number} :q :a, {value}",
        )
    ]
    ours, theirs = both(shapes, said(statements))
    assert ours == theirs
    assert len(theirs) > 100


def test_what_oxigraph_writes_anew_is_seen_as_the_file_has_it(shapes: Shapes) -> None:
    ours, theirs = both(shapes, said([":a a :Lower", ":a :p 1, 01", ":a :q :a"]))
    assert ours == theirs
    assert ("http://a/a", "http://a/P0-3", None) in ours, "1 and 01 are two values"


def test_only_what_is_unknown_is_left_to_pyshacl_as_a_whole(shapes: Shapes) -> None:
    known = Merged(said([":a a :Lower"])).classes()
    left = {
        str(each.node).rpartition("/")[2]
        for each in shapes.core
        if suspicion(shapes.graph, each.node, known) is None
    }
    unknown = {13, len(CONSTRAINTS) - 3, len(CONSTRAINTS) - 2, len(CONSTRAINTS) - 1}
    assert left == {
        "M",
        *(f"S4-{index}" for index in range(0, len(CONSTRAINTS), 7)),
        *(f"S0-{index}" for index in unknown),
        *(f"S{n}-{index}" for n in range(1, 4) for index in unknown if not index % 7),
    }
