"""RDF: read back by rdflib and PyLD, and held against the snapshot itself."""

import json
from collections.abc import Callable
from typing import TextIO

import pyoxigraph as ox
import pytest
import rdflib
from pyld import jsonld

import peelgraph
from peelgraph.exports import rdf, sorting, statements
from peelgraph.exports.model import Export, Written
from peelgraph.namespaces import ID, PEEL, RDFS
from peelgraph.snapshot import SNAPSHOT

Write = Callable[[Export, str], Written]
#: rdflib warns of what it does itself
pytestmark = [
    pytest.mark.filterwarnings("ignore:Dataset.default_context:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning"),
]
FORMS = ("turtle", "trig", "nquads", "jsonld")


@pytest.mark.parametrize("form", ["turtle", "trig", "nquads"])
def test_what_is_sorted_in_files_is_the_same(
    lineage: Export, write: Write, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = write(lineage, form).body
    made: list[int] = []
    run = sorting._run

    def counted(lines: list[str]) -> TextIO:
        made.append(len(lines))
        return run(lines)

    monkeypatch.setattr(sorting, "_run", counted)
    monkeypatch.setattr(sorting, "_RUN", 20)
    monkeypatch.setattr(rdf, "_PIECE", 1000)
    pieces = list(write(lineage, form).pieces)
    assert b"".join(pieces) == expected
    assert len(made) > 5 and max(made) == 20
    assert max(map(len, pieces)) <= 1000


@pytest.mark.parametrize("form", ["graphml", "gexf", "dot", "markdown"])
def test_pictures_and_texts_for_programs_come_line_by_line(
    lineage: Export, write: Write, form: str
) -> None:
    pieces = list(write(lineage, form).pieces)
    assert len(pieces) > len(lineage.nodes)
    assert max(map(len, pieces)) < 6000


def dataset(body: bytes, form: str) -> rdflib.Dataset:
    found = rdflib.Dataset()
    found.parse(data=body, format=form)
    return found


def merged(found: rdflib.Dataset) -> rdflib.Graph:
    graph = rdflib.Graph()
    for subject, predicate, value, _ in found.quads():
        graph.add((subject, predicate, value))
    return graph


def test_all_forms_say_the_same(small: Export, write: Write) -> None:
    turtle = rdflib.Graph().parse(data=write(small, "turtle").body, format="turtle")
    trig = dataset(write(small, "trig").body, "trig")
    nquads = dataset(write(small, "nquads").body, "nquads")
    framed = rdflib.Graph().parse(data=write(small, "jsonld").body, format="json-ld")
    assert {(s, p, o, str(g)) for s, p, o, g in trig.quads()} == {
        (s, p, o, str(g)) for s, p, o, g in nquads.quads()
    }
    assert set(turtle) == set(merged(nquads))
    assert set(framed) == set(turtle)


def test_pyld_reads_json_ld(lineage: Export, write: Write) -> None:
    said = json.loads(write(lineage, "jsonld").body)
    read = rdflib.Graph().parse(
        data=jsonld.to_rdf(said, {"format": "application/n-quads"}), format="nt"
    )
    turtle = rdflib.Graph().parse(data=write(lineage, "turtle").body, format="turtle")
    assert set(read) == set(turtle)


def test_json_ld_is_a_tree_that_people_can_read(lineage: Export, write: Write) -> None:
    said = json.loads(write(lineage, "jsonld").body)
    first, second, *_ = said["@graph"]
    assert first["id"] == "id/cause-of-concern/wmp-2023-investigations"
    assert first["type"] == "CauseOfConcern"
    assert first["label"] == "Effective investigations"
    assert first["wording"].startswith("The force needs to make sure")
    assert len(first["addressedBy"]) == 5
    closed = next(each for each in first["addressedBy"] if each["id"].endswith("-1"))
    assert closed["assessedIn"]["informed"]["outcome"] == "scheme/outcome/closed"
    assert closed["standing"]["closedLatest"] == "2024-09-17"
    passages = [each for each in closed["evidence"] if isinstance(each, dict)]
    assert all(each["hasSelector"]["start"] > 0 for each in passages) and passages
    assert second == {
        "id": "snapshot",
        "digest": lineage.snapshot,
        "license": "https://creativecommons.org/licenses/by/4.0/",
    }


def test_nothing_is_said_that_the_snapshot_does_not_say(
    graph: peelgraph.Graph, small: Export, write: Write
) -> None:
    rows = graph.query("SELECT ?g ?s ?p ?o { GRAPH ?g { ?s ?p ?o } }")
    assert isinstance(rows, ox.QuerySolutions)
    snapshot = {ox.Quad(row["s"], row["p"], row["o"], row["g"]) for row in rows}
    found = set(ox.parse(write(small, "nquads").body, format=ox.RdfFormat.N_QUADS))
    assert {each for each in found - snapshot if each.subject.value != SNAPSHOT} == set()


def test_everything_that_records_say_of_a_thing_is_there(
    graph: peelgraph.Graph, small: Export, write: Write
) -> None:
    quads = ox.parse(write(small, "nquads").body, format=ox.RdfFormat.N_QUADS)
    found = {(str(quad.subject), str(quad.predicate), str(quad.object)) for quad in quads}
    for node in small.nodes:
        rows = graph.query(
            f"SELECT ?p ?o {{ GRAPH ?g {{ <{node.iri}> ?p ?o }} ?g peel:knownFrom ?day }}"
        )
        assert isinstance(rows, ox.QuerySolutions)
        told = {(f"<{node.iri}>", str(row["p"]), str(row["o"])) for row in rows}
        assert told and told <= found


def test_what_is_mentioned_has_a_label(small: Export, write: Write) -> None:
    found = rdflib.Graph().parse(data=write(small, "turtle").body, format="turtle")
    label = rdflib.URIRef(RDFS + "label")
    mentioned = {
        o for o in found.objects() if isinstance(o, rdflib.URIRef) and str(o).startswith(ID)
    }
    things = {each for each in mentioned if "#" not in str(each)}  # passages have none here
    assert {each for each in things if (each, label, None) not in found} == set()


@pytest.mark.parametrize("name", FORMS)
def test_each_says_where_it_comes_from(lineage: Export, write: Write, name: str) -> None:
    text = write(lineage, name).body.decode()
    assert lineage.snapshot in text
    assert "creativecommons.org/licenses/by/4.0" in text


def test_what_became_known_later_stays_out(graph: peelgraph.Graph, write: Write) -> None:
    early = graph.export(item="concern:wmp-2019-vetting", known="2019-06-30")
    found = dataset(write(early, "nquads").body, "nquads")
    known = rdflib.URIRef(PEEL + "knownFrom")
    days = {str(day) for _, _, day in merged(found).triples((None, known, None))}
    assert days and max(days) <= "2019-06-30"
    records = {str(g) for *_, g in found.quads() if "/record/" in str(g)}
    assert records
    assert all(each.endswith(("2015-effectiveness", "2018-19", "2019-06-27")) for each in records)


def test_each_thing_is_joined_with_what_is_said_of_it_alone() -> None:
    # with a second VALUES, the engine joined each chunk with all that is derived: at a million
    # quads minutes and not hundredths of a second for five hundred things
    patterns = {name: each for name, each in vars(statements).items() if isinstance(each, str)}
    asked = [each for each in patterns.values() if "?thing" in each]
    assert len(asked) >= 6
    assert not [each for each in asked if "VALUES" in each]
