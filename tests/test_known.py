"""As known on a day: what a snapshot built from the documents public by that day would answer."""

from dataclasses import replace
from datetime import date

import pytest

import peelgraph
from peelgraph import analysis, asking, build, questions
from peelgraph.engine import Engine, Results
from peelgraph.lineage import lineage
from peelgraph.namespaces import PREFIXES
from peelgraph.resources import SHIPPED
from peelgraph.timeline import timeline

DAYS = (
    "2019-06-27",
    *(
        pytest.param(day, marks=pytest.mark.slow)
        for day in ("2016-02-17", "2016-02-18", "2019-05-10", "2024-09-18", "2026-11-21")
    ),
)
ON = ("2016-03-01", "2019-07-01", "2024-06-01", "2024-09-20")


class Restricted:
    """An engine over what was public by a day, and nothing later."""

    def __init__(self, day: str) -> None:
        self.digest = day
        self._store = build.quads(SHIPPED, date.fromisoformat(day))

    def query(self, sparql: str) -> Results:
        return self._store.query(sparql, prefixes=PREFIXES)


@pytest.fixture(scope="module", params=DAYS)
def restricted(request: pytest.FixtureRequest) -> Restricted:
    return Restricted(request.param)


@pytest.mark.parametrize("name", questions.names())
def test_every_answer_is_that_of_a_graph_without_the_later_documents(
    restricted: Restricted, graph: peelgraph.Graph, name: str
) -> None:
    asked = questions.question(name)
    days = ON if "on" in {each.name for each in asked.parameters} else (None,)
    for on in days:
        for required in arguments(graph, name):
            given = required | ({"on": on} if on else {}) | {"known": restricted.digest}
            then = unlabelled(answer(restricted, name, given))
            now = unlabelled(answer(graph.engine, name, given))
            assert now == then, given


def test_a_lineage_and_a_timeline_are_those_of_a_graph_without_the_later_documents(
    restricted: Restricted, graph: peelgraph.Graph
) -> None:
    for given in arguments(graph, "lineage"):
        item, day = given["item"], restricted.digest
        try:
            then = lineage(restricted, item, on=ON[-1])
        except questions.UnknownName:
            continue
        now = lineage(graph.engine, item, on=ON[-1], known=day)
        assert replace(now, known="all", snapshot=day) == then, item
    for on in ON:
        past = timeline(restricted, "west-midlands", on=on)
        present = timeline(graph.engine, "west-midlands", on=on, known=restricted.digest)
        assert replace(present, known="all", snapshot=restricted.digest) == past, on


def arguments(graph: peelgraph.Graph, name: str) -> list[dict[str, str]]:
    """Return what to ask: everything that has a lineage or evidence, where a thing is required."""
    required = questions.question(name).required
    if not required:
        return [{}]
    if required == ("force",):
        return [{"force": "west-midlands"}]
    if required == ("document",):
        return [{"document": str(row["document"])} for row in graph.ask("documents").rows]
    rows = graph.ask("status", status="presumed-open").rows + graph.ask("closures").rows
    things = {str(row["item"]) for row in rows}
    if name == "evidence":
        things |= {str(row["finding"]) for row in graph.ask("findings").rows}
        things |= {str(row["judgement"]) for row in graph.ask("judgements").rows}
    return [{required[0]: thing} for thing in sorted(things)]


def answer(
    engine: Engine, name: str, given: dict[str, str]
) -> tuple[dict[str, asking.Value], ...] | None:
    try:
        return asking.ask(engine, name, given).rows
    except LookupError:
        return ()  # a graph without the later documents does not know the thing at all


def unlabelled(rows: tuple[dict[str, asking.Value], ...] | None) -> list[dict[str, asking.Value]]:
    return [{k: v for k, v in row.items() if k not in ("label", "name")} for row in rows or ()]


@pytest.mark.parametrize("name", analysis.names())
def test_every_analysis_is_that_of_a_graph_without_the_later_documents(
    restricted: Restricted, graph: peelgraph.Graph, name: str
) -> None:
    for on in ON:
        then = analysis.analyse(restricted, name, on=on, known=restricted.digest)
        now = analysis.analyse(graph.engine, name, on=on, known=restricted.digest)
        assert (now.rows, now.left_out, now.documents) == (
            then.rows,
            then.left_out,
            then.documents,
        )
