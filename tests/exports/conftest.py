"""Parts of the graph to export, and a model of texts that are hard to write."""

import shutil
from collections.abc import Callable
from itertools import pairwise

import pytest

import peelgraph
from peelgraph.exports import formats, palette
from peelgraph.exports.gathering import gather
from peelgraph.exports.model import Edge, Export, Node, Period, Written
from peelgraph.exports.scope import resolve

#: the parts that every reader reads
PARTS = {
    "item": {"item": "wmp-2023-investigations", "on": "2024-09-20"},
    "theme": {"theme": "vetting", "on": "2024-09-20"},
    "force": {"force": "west-midlands", "on": "2024-09-20"},
    "all": {"all": "true", "on": "2024-09-20"},
    "empty": {"force": "kent", "on": "2024-09-20"},
}


@pytest.fixture(scope="session", params=PARTS)
def part(request: pytest.FixtureRequest, graph: peelgraph.Graph) -> Export:
    """Return one part of the graph after the other."""
    return gather(graph.engine, resolve(graph.engine, PARTS[request.param]))


@pytest.fixture(scope="session", params=["item", "theme", "empty"])
def small(request: pytest.FixtureRequest, graph: peelgraph.Graph) -> Export:
    """Return one small part of the graph after the other, for readers that take long."""
    given = PARTS[request.param] | {"depth": "1"}
    return gather(graph.engine, resolve(graph.engine, given))


@pytest.fixture(scope="session")
def lineage(graph: peelgraph.Graph) -> Export:
    """Return the lineage of one cause of concern."""
    return gather(graph.engine, resolve(graph.engine, PARTS["item"]))


@pytest.fixture(scope="session")
def write(graph: peelgraph.Graph) -> Callable[[Export, str], Written]:
    """Return what writes an export in a format."""

    def written(export: Export, name: str) -> Written:
        return formats.named(name).write(export, graph.engine)

    return written


@pytest.fixture(scope="session")
def made() -> Callable[..., Export]:
    """Return what makes an export of one text, which stands wherever a text may stand."""

    def export(text: str, *, count: int = 2) -> Export:
        nodes = tuple(
            Node(
                id=f"concern:n{number}",
                iri=f"https://w3id.org/peelgraph/id/cause-of-concern/n{number}",
                kind="cause-of-concern",
                label=text,
                colour=palette.of("cause-of-concern"),
                weight=number + 1,
                status="open",
                opened="2024-01-01",
                opened_earliest="2024-01-01",
                opened_latest="2024-01-01",
                theme=(text, "vetting"),
                source=(text,),
                page='https://example.org/a?b=c&d="e"#f\'g',
                quotation=text,
                start="2024-01-01",
                periods=(Period("open", "2024-01-01", None),),
            )
            for number in range(count)
        )
        edges = tuple(
            Edge(
                id=f"{first.id}--addresses--{second.id}",
                source=first.id,
                target=second.id,
                relation="addresses",
                label="addressed by",
                basis="inferred",
                start="2024-01-01",
                reason=text,
            )
            for first, second in pairwise(nodes)
        )
        return Export(
            title=text,
            snapshot="0" * 64,
            on="2024-09-20",
            known="all",
            asked={"all": "true"},
            nodes=nodes,
            edges=edges,
        )

    return export


@pytest.fixture(scope="session")
def graphviz() -> str:
    """Return Graphviz's ``dot``, or skip the test."""
    found = shutil.which("dot")
    if found is None:
        pytest.skip("NOT TESTED with Graphviz: there is no dot here (the package graphviz)")
    return found
