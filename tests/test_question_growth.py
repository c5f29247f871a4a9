"""A question about one force or one thing does not cost more because the country is larger.

What it costs is counted, not timed: how many results all operators of Oxigraph's plan had, in a
made-up country and in one ten times as large. See decisions 32 and 41.
"""

import json
import subprocess
from pathlib import Path

import pytest
from building import measured
from engines import OXIGRAPH
from peelbench.national import generate

from peelgraph import asking
from peelgraph.engine import Embedded
from questions import Asked, asked

pytestmark = pytest.mark.slow

SMALL, TIMES = 20_000, 10
#: what grows with the country; see ``FEW`` in test_question_plans.py
GROWS = {"office-holders": "tenures"}


def operations(store: Path, folder: Path, sparql: str) -> int:
    """Return how many results all operators had together."""
    explained = folder / "explained.json"
    subprocess.run(
        [
            *(OXIGRAPH or "oxigraph", "query", "--location", str(store), "--query", sparql),
            *("--results-format", "json", "--stats", "--explain-file", str(explained)),
        ],
        check=True,
        capture_output=True,
    )

    def counted(node: dict[str, object]) -> int:
        own, children = node.get("number of results", 0), node.get("children", [])
        assert isinstance(own, int)
        assert isinstance(children, list)
        return own + sum(counted(each) for each in children)

    return counted(json.loads(explained.read_text())["plan"])


def country(folder: Path, quads: int) -> Path:
    """Make a country, its snapshot and a store of it; return the snapshot."""
    snapshot = measured(generate(folder / "corpus", quads, 1).folder, folder / "built").snapshot
    store = folder / "store"
    subprocess.run(
        [OXIGRAPH or "oxigraph", "load", "--location", str(store), "--file", str(snapshot)],
        check=True,
        capture_output=True,
    )
    return snapshot


def costs(folder: Path, snapshot: Path) -> dict[tuple[str, str], tuple[int, int]]:
    """Return the operations and the rows of every question about one force or thing."""
    store, engine = folder / "store", Embedded(snapshot)
    found = {}
    for each in asked(engine):
        if each.aimed_at and each.manner != "country":
            found[each.question, each.manner] = cost(engine, store, folder, each)
    return found


def snapshot_of(folder: Path) -> Path:
    """Return the snapshot of a country that was made."""
    return next((folder / "built").glob("*.nq"))


def cost(engine: Embedded, store: Path, folder: Path, each: Asked) -> tuple[int, int]:
    """Return the operations and the rows of one question."""
    prepared = asking.prepare(engine, each.question, each.parameters)
    return operations(store, folder, prepared.sparql), len(asking.answer(engine, prepared).rows)


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a country that is large."""
    folder = tmp_path_factory.mktemp("large")
    country(folder, TIMES * SMALL)
    return folder


def test_one_force_costs_no_more_in_a_larger_country(tmp_path: Path, large: Path) -> None:
    few = costs(tmp_path, country(tmp_path, SMALL))
    many = costs(large, snapshot_of(large))
    assert few.keys() == many.keys()
    grown = {}
    for question, (before, rows) in few.items():
        after, more = many[question]
        if question[0] in GROWS or (more and not rows):  # about nothing, there is nothing to do
            continue
        if after > before * TIMES / 2 * max(1, more / max(1, rows)):
            grown[question] = (before, after, rows, more)
    assert not grown


@pytest.mark.parametrize("name", ["findings", "themes"])
def test_a_page_of_everything_reads_little_beyond_its_last_row(name: str, large: Path) -> None:
    engine = Embedded(snapshot_of(large))
    page = asking.prepare(engine, name, {}, limit=100).sparql
    whole = asking.prepare(engine, name, {}).sparql + "LIMIT 100\n"
    counts = [operations(large / "store", large, each) for each in (page, whole)]
    assert counts[0] < counts[1] / 2
