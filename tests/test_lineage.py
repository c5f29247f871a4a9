"""The flat lineage of a thing: its nodes with their days and passages, and its links."""

import pytest

import peelgraph
from peelgraph.lineage import TELLS_OF, Lineage, lineage
from peelgraph.namespaces import ID
from peelgraph.questions import UnknownName
from peelgraph.said import REPORTS_ON
from peelgraph.values import BadValue

INVESTIGATIONS = f"{ID}cause-of-concern/wmp-2023-investigations"
VETTING = f"{ID}cause-of-concern/wmp-2019-vetting"
LETTER = f"{ID}document/hmicfrs-wmp-letter-2024-09-18"


@pytest.fixture(scope="module")
def found(graph: peelgraph.Graph) -> Lineage:
    return lineage(graph.engine, "wmp-2023-investigations", on="2024-09-20")


def test_a_node_says_its_day_its_limit_and_how_it_stands(found: Lineage) -> None:
    one = found.node(f"{ID}recommendation/wmp-2023-investigations-1")
    assert one.status == "closed" and one.status_phrase == "closed 17 September 2024"
    assert one.due == "time limit: Within six months"
    assert found.node(f"{ID}inspection/wmp-2023-peel").when == "September 2023"
    item = found.node(found.item)
    assert item.summary and item.summary.startswith("The force needs to make sure")
    assert {passage.document for passage in item.passages} == {LETTER}


def test_every_link_of_the_question_is_there_and_no_end_is_missing(
    found: Lineage, graph: peelgraph.Graph
) -> None:
    asked = {
        (row["from"], row["to"], row["relation"])
        for row in graph.ask("lineage", item="wmp-2023-investigations").rows
    }
    links = {(edge.start, edge.end, edge.relation) for edge in found.edges}
    assert asked <= links
    assert {relation for *_, relation in links - asked} <= {TELLS_OF, REPORTS_ON}
    nodes = {node.iri for node in found.nodes}
    assert all(edge.start in nodes and edge.end in nodes for edge in found.edges)


def test_a_document_is_linked_to_the_first_things_that_it_tells_of(found: Lineage) -> None:
    told = {edge.end for edge in found.edges if edge.start == LETTER}
    assert told == {f"{ID}inspection/wmp-2023-peel"}


def test_a_report_that_is_only_referred_to_stands_beside_its_inspection(
    graph: peelgraph.Graph,
) -> None:
    found = lineage(graph.engine, "wmp-2019-vetting")
    reports = [edge for edge in found.edges if edge.relation == REPORTS_ON]
    assert [edge.end for edge in reports] == [f"{ID}document/wmp-peel-2018-19-report"]
    assert found.node(reports[0].end).when == "2 May 2019"


def test_an_inferred_link_says_so(graph: peelgraph.Graph) -> None:
    found = lineage(graph.engine, "wmp-2019-vetting")
    bases = {edge.start: edge.basis for edge in found.edges if edge.end == VETTING}
    assert bases[f"{ID}finding/wmp-2018-19-vetting-backlog"] == "inferred"
    assert bases[f"{ID}inspection/wmp-2018-19-peel"] == "stated"


def test_a_link_beside_a_longer_path_is_a_shortcut(graph: peelgraph.Graph) -> None:
    found = lineage(graph.engine, "wmp-2019-vetting")
    short = {(edge.start, edge.end) for edge in found.edges if edge.shortcut}
    assert short == {(f"{ID}inspection/wmp-2018-19-peel", VETTING)}


def test_nothing_is_told_that_was_not_public(graph: peelgraph.Graph) -> None:
    found = lineage(graph.engine, "wmp-2019-vetting", on="2019-06-30", known="2019-06-27")
    assert {node.kind for node in found.nodes} >= {"response", "undertaking"}
    before = lineage(graph.engine, "inspection/wmp-2018-19-peel", known="2019-05-10")
    assert "response" not in {node.kind for node in before.nodes}
    texts = {passage.document for node in before.nodes for passage in node.passages}
    assert texts == {f"{ID}document/redditch-standard-wmp-peel-2018-19"}


def test_a_thing_without_lineage_stands_alone(graph: peelgraph.Graph) -> None:
    found = lineage(graph.engine, "force/west-midlands")
    assert found.node(found.item).label == "West Midlands Police"


def test_names_and_days_that_are_none(graph: peelgraph.Graph) -> None:
    with pytest.raises(UnknownName, match="wmp-2023-investigations"):
        lineage(graph.engine, "wmp-2023-investigation")
    with pytest.raises(BadValue, match="takes a day such as"):
        lineage(graph.engine, "wmp-2023-investigations", on="2024")
    with pytest.raises(KeyError):
        lineage(graph.engine, "wmp-2023-investigations").node("https://example.org/")
