"""Datasets: several graphs are merged, each triple once; one that is not there is empty."""

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pyoxigraph as ox
import pytest

from peelserver.answering.jobs import Job, TooLarge
from peelserver.answering.pool import Pool
from peelserver.config import Config
from peelserver.processes.keepers import Keepers

Keep = Callable[[Config], AbstractContextManager[tuple[Config, Keepers]]]

COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
NAMED = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }"


@pytest.fixture(scope="module")
def pool(
    keep: Keep, write: Callable[[Path, ox.Store], Path], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Pool]:
    """Two graphs of three triples that share one, and one of ten."""
    store = ox.Store()
    lines = [f"<e:{n}> <e:p> <e:o> <g:one> .\n" for n in (1, 2, 3)]
    lines += [f"<e:{n}> <e:p> <e:o> <g:two> .\n" for n in (3, 4, 5)]
    lines += [f"<e:{n}> <e:q> <e:o> <g:ten> .\n" for n in range(10)]
    store.load("".join(lines), format=ox.RdfFormat.N_QUADS)
    snapshot = write(tmp_path_factory.mktemp("datasets"), store)
    with keep(Config(snapshot=snapshot, merge_bound=12)) as (config, _):
        assert config.run is not None
        made = Pool(config, config.run)
        yield made
        made.close()


@pytest.mark.parametrize(
    ("query", "default", "named", "count"),
    [
        (COUNT, None, None, 1),
        (NAMED, None, None, 16),
        (COUNT, ("g:one",), None, 3),
        (COUNT, ("g:one", "g:two"), None, 5),
        (COUNT, ("g:one", "g:one", "g:none"), None, 3),
        (COUNT, ("g:none",), None, 0),
        (NAMED, ("g:one",), None, 0),
        (NAMED, ("g:one", "g:two"), None, 0),
        (COUNT, None, ("g:one",), 0),
        (NAMED, None, ("g:one",), 3),
        (NAMED, None, ("g:one", "g:two"), 6),
        (COUNT, ("g:one", "g:two"), ("g:one",), 5),
        (NAMED, ("g:one", "g:two"), ("g:one",), 3),
        (COUNT.replace("{", "FROM <g:ten> {", 1), ("g:one",), None, 3),
        (COUNT.replace("{", "FROM <g:ten> {", 1), ("g:one", "g:two"), None, 5),
        (COUNT.replace("{", "FROM <g:ten> {", 1), None, None, 10),
    ],
)
def test_a_dataset(
    pool: Pool,
    query: str,
    default: tuple[str, ...] | None,
    named: tuple[str, ...] | None,
    count: int,
) -> None:
    job = Job(query, default_graphs=default, named_graphs=named)
    bindings = json.loads(pool.answer(job, lane="fast").body)["results"]["bindings"]
    assert bindings[0]["n"]["value"] == str(count)


def test_a_merge_has_a_bound(pool: Pool) -> None:
    with pytest.raises(TooLarge) as refused:
        pool.answer(Job(COUNT, default_graphs=("g:one", "g:ten")), lane="fast")
    assert "12" in refused.value.detail
