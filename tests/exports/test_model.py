"""One model of nodes and edges: what is in it, what is left out, and as known when."""

from collections.abc import Iterator
from datetime import date
from itertools import pairwise

import pytest

import peelgraph
from peelgraph import build
from peelgraph.engine import Results
from peelgraph.exports.gathering import TooMuch, gather
from peelgraph.exports.model import EDGE, NODE, Edge, Export, Node
from peelgraph.exports.scope import resolve
from peelgraph.namespaces import PREFIXES, expand
from peelgraph.questions import UnknownName
from peelgraph.resources import SHIPPED
from peelgraph.values import BadValue

INVESTIGATIONS = "concern:wmp-2023-investigations"


def test_the_attributes_that_make_it_useful() -> None:
    assert set(NODE) >= {
        *("id", "label", "kind", "status", "opened", "closed", "due", "theme", "force", "iri"),
        *("source", "page", "quotation", "colour", "weight"),
    }
    assert set(EDGE) >= {"id", "source", "target", "relation", "start", "end", "basis"}


def things(export: Export) -> Iterator[Node | Edge]:
    yield from export.nodes
    yield from export.edges


def test_absent_is_absent(part: Export) -> None:
    for thing in things(part):
        said = dict(thing.attributes())
        assert not {None, "", "None", ()} & set(said.values()), said
        assert "id" in said


def test_every_id_stands_once_and_every_edge_has_its_ends(part: Export) -> None:
    nodes = [node.id for node in part.nodes]
    edges = [edge.id for edge in part.edges]
    assert len(set(nodes)) == len(nodes) and len(set(edges)) == len(edges)
    assert {edge.source for edge in part.edges} | {edge.target for edge in part.edges} <= {*nodes}
    for node in part.nodes:
        assert expand(node.id) == node.iri


def test_an_item_has_the_lineage_that_the_question_tells(graph: peelgraph.Graph) -> None:
    for item in ("concern:wmp-2019-vetting", INVESTIGATIONS, "inspection:wmp-2018-19-peel"):
        rows = graph.ask("lineage", item=item).rows
        found = graph.export(item=item)
        told = {(row["from"], str(row["relation"]).partition("#")[2], row["to"]) for row in rows}
        links = {
            (expand(edge.source), edge.relation, expand(edge.target)): edge.basis
            for edge in found.edges
            if edge.relation != "recurrence"
        }
        assert told <= links.keys()
        assert {links[each] for each in links.keys() - told} <= {"inferred"}


def test_a_link_that_we_infer_is_there_and_says_so(graph: peelgraph.Graph) -> None:
    backlog = ("finding:wmp-2018-19-vetting-backlog", "concern:wmp-2019-vetting")
    found = graph.export(item="concern:wmp-2019-vetting").edges
    assert [e.basis for e in found if (e.source, e.target) == backlog] == ["inferred"]


def test_recurrences_link_what_is_there(graph: peelgraph.Graph) -> None:
    rows = graph.ask("recurrence").rows
    found = [edge for edge in graph.export().edges if edge.relation == "recurrence"]
    assert {expand(edge.id) for edge in found} <= {str(row["recurrence"]) for row in rows}
    assert len(found) > 20
    assert all(edge.reason for edge in found)


def test_each_status_is_that_of_the_question(graph: peelgraph.Graph) -> None:
    for on in ("2015-12-31", "2019-07-01", "2024-06-01", "2024-09-20"):
        rows = graph.ask("status", on=on).rows
        told = {str(row["item"]): str(row["status"]).rpartition("/")[2] for row in rows}
        found = {
            node.iri: node.status
            for node in graph.export(on=on).nodes
            if node.status not in (None, "not-yet-raised")
        }
        assert found == told


def test_uncertain_days_are_declared(graph: peelgraph.Graph) -> None:
    nodes = {node.id: node for node in graph.export(force="west-midlands").nodes}
    maracs = nodes["concern:wmp-2023-maracs"]
    assert maracs.opened == "[2023-09-01..2023-09-30]"
    assert maracs.closed == "[2024-05-01..2024-09-18]"
    assert (maracs.start, maracs.end) == ("2023-09-01", "2024-09-18")
    assert [each.status for each in maracs.periods] == [
        *("not-yet-raised", "indeterminate", "open", "indeterminate", "closed")
    ]
    first = nodes["recommendation:wmp-2023-investigations-1"]
    assert first.closed == first.closed_earliest == first.closed_latest == "2024-09-17"
    assert nodes["improvement:wmp-2015-organised-crime-impact"].opened == "[..2016-02-18]"


def test_periods_follow_one_another(part: Export) -> None:
    for node in part.nodes:
        for before, after in pairwise(node.periods):
            assert before.until == after.start is not None
        if node.periods:
            assert node.periods[0].start is None and node.periods[-1].until is None


def test_nothing_is_there_before_what_led_to_it(graph: peelgraph.Graph) -> None:
    found = graph.export()
    start = {node.id: node.start for node in found.nodes}
    undated = [node for node in found.nodes if node.date is None and node.status is None]
    assert any(node.start for node in undated)
    for edge in found.edges:
        earlier, later = start[edge.source], start[edge.target]
        assert edge.start == max((day for day in (earlier, later) if day), default=None)
        if edge.relation != "recurrence" and earlier is not None:
            assert later is not None


def test_a_passage_with_the_wording_comes_first(lineage: Export) -> None:
    node = next(node for node in lineage.nodes if node.id == INVESTIGATIONS)
    assert node.quotation is not None and node.quotation.startswith("The force needs to make sure")
    assert node.page is not None and "#:~:text=The%20force%20needs" in node.page
    assert node.source == ("West Midlands Police: return to default phase of monitoring",)
    assert node.weight == 8


def test_depth_counts_steps_before_and_after(graph: peelgraph.Graph) -> None:
    ids = {
        depth: {node.id for node in graph.export(item=INVESTIGATIONS, depth=depth).nodes}
        for depth in ("0", "1", "2", "9")
    }
    assert ids["0"] == {INVESTIGATIONS}
    assert "inspection:wmp-2023-peel" in ids["1"]
    assert "decision:wmp-2024-09-17-investigations-1-closed" not in ids["1"]
    assert "decision:wmp-2024-09-17-investigations-1-closed" in ids["2"]
    assert ids["1"] < ids["2"] < ids["9"]
    assert ids["9"] == {node.id for node in graph.export(item=INVESTIGATIONS).nodes}


def test_kinds_keep_what_is_asked_for(graph: peelgraph.Graph) -> None:
    found = graph.export(item=INVESTIGATIONS, kinds="cause-of-concern, recommendation")
    assert {node.kind for node in found.nodes} == {"cause-of-concern", "recommendation"}
    assert {edge.relation for edge in found.edges} == {"addresses"}


def test_a_theme_brings_the_lineage_of_its_things(graph: peelgraph.Graph) -> None:
    found = {node.id for node in graph.export(theme="vetting").nodes}
    assert {"concern:wmp-2019-vetting", "recommendation:wmp-2019-vetting-1"} <= found
    alone = {node.id for node in graph.export(theme="vetting", depth="0").nodes}
    assert alone < found


class Restricted:
    """An engine over what was public by a day, and nothing later."""

    def __init__(self, day: str) -> None:
        self.digest = day
        self._store = build.quads(SHIPPED, date.fromisoformat(day))

    def query(self, sparql: str) -> Results:
        return self._store.query(sparql, prefixes=PREFIXES)


@pytest.mark.parametrize("day", ["2019-05-10", "2024-09-18"])
def test_known_is_a_graph_without_the_later_documents(graph: peelgraph.Graph, day: str) -> None:
    def said(thing: Node | Edge) -> dict[str, object]:
        return {name: value for name, value in thing.attributes() if name != "label"}

    given = {"known": day, "on": "2024-09-20"}
    then, now = (
        gather(engine, resolve(engine, given)) for engine in (Restricted(day), graph.engine)
    )
    assert [said(node) for node in now.nodes] == [said(node) for node in then.nodes]
    assert [said(edge) for edge in now.edges] == [said(edge) for edge in then.edges]
    assert [node.periods for node in now.nodes] == [node.periods for node in then.nodes]


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"item": INVESTIGATIONS, "force": "kent"}, "Choose one of"),
        ({"all": "true", "force": "kent"}, "Choose one of"),
        ({"all": "yes"}, "takes no value"),
        ({"depth": "-1"}, "number of steps"),
        ({"depth": "two"}, "number of steps"),
        ({"on": "soon"}, "takes a day"),
        ({"known": "2024-02-30"}, "takes a day"),
        ({"item": INVESTIGATIONS, "known": "2020-01-01"}, "No document that was public"),
    ],
)
def test_a_bad_value_says_what_to_do(
    graph: peelgraph.Graph, given: dict[str, str], says: str
) -> None:
    with pytest.raises(BadValue, match=says):
        graph.export(**given)


@pytest.mark.parametrize(
    ("given", "near"),
    [
        ({"item": "wmp-2023-investigation"}, "wmp-2023-investigations"),
        ({"force": "west-midland"}, "west-midlands"),
        ({"theme": "veting"}, "vetting"),
        ({"kinds": "concern"}, "cause-of-concern"),
        ({"colour": "red"}, "force"),
    ],
)
def test_a_wrong_name_says_what_is_near(
    graph: peelgraph.Graph, given: dict[str, str], near: str
) -> None:
    with pytest.raises(UnknownName, match=near):
        graph.export(**given)


def test_too_many_things_are_refused(graph: peelgraph.Graph) -> None:
    with pytest.raises(TooMuch, match="more than the 10 that are exported at once here"):
        gather(graph.engine, resolve(graph.engine, {}), most=10)


def test_networkx_has_the_attributes_that_there_are(lineage: Export) -> None:
    found = lineage.to_networkx()
    assert found.graph["snapshot"] == lineage.snapshot
    assert found.nodes[INVESTIGATIONS]["theme"] == ["investigations"]
    assert "closed" not in found.nodes[INVESTIGATIONS]
    assert len(found) == len(lineage.nodes) and found.size() == len(lineage.edges)
    first = lineage.edges[0]
    assert found.edges[first.source, first.target, first.id]["relation"] == first.relation
