"""What the stores of a keeper hold, and which of them a query is given."""

from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest

from peelgraph.snapshot import SNAPSHOT, DamagedSnapshot
from peelserver.processes.stores import Stores, loaded


@pytest.fixture(scope="module")
def stores(shipped_snapshot: Path) -> Stores:
    """Load the shipped graph."""
    return loaded(shipped_snapshot)


def test_the_plain_store_holds_the_default_graph_and_nothing_else(stores: Stores) -> None:
    plain = stores.of("ASK {}")
    assert plain is not stores.whole
    assert list(plain.named_graphs()) == []
    default = stores.whole.quads_for_pattern(None, None, None, ox.DefaultGraph())
    assert set(plain) == set(default)


AWKWARD = """\
<http://a/s> <http://a/p> "a <http://a/g> ." .
<http://a/s> <http://a/p> "a <http://a/g> ." <http://a/g> .
<http://a/s> <http://a/p> "a <b"^^<http://a/d> .
<http://a/s> <http://a/p> "a <b"^^<http://a/d> <http://a/g> .
<http://a/s> <http://a/p> "a"@en .
<http://a/s> <http://a/p> "a"@en <http://a/g> .
<http://a/s> <http://a/p> "quoted \\" <http://a/x> \\"" .
<http://a/s> <http://a/p> "quoted \\" <http://a/x> \\"" <http://a/g> .
<http://a/s> <http://a/p> "" .
<http://a/s> <http://a/p> "" <http://a/g> .
<http://a/s> <http://a/p> <http://a/o> .
<http://a/s> <http://a/p> <http://a/o> <http://a/g> .
"""


def test_no_line_is_taken_for_another(
    tmp_path: Path, write: Callable[[Path, ox.Store], Path]
) -> None:
    store = ox.Store()
    store.load(AWKWARD, format=ox.RdfFormat.N_QUADS)
    stores = loaded(write(tmp_path, store))
    plain = set(stores.of("ASK {}"))
    assert plain == set(stores.whole.quads_for_pattern(None, None, None, ox.DefaultGraph()))
    assert sum(quad.subject != ox.NamedNode(SNAPSHOT) for quad in plain) == 6


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { GRAPH ?g { ?s ?p ?o } }",
        "SELECT * { graph<x:g>{ ?s ?p ?o } }",
        "SELECT * { ?s ?p trueGRAPH ?g {} }",
        "SELECT * { ?s ?p 1GRAPH ?g {} }",
        "SELECT * { FILTER EXISTS { GrApH ?g { ?s ?p ?o } } }",
        r"SELECT * { \u0047RAPH ?g { ?s ?p ?o } }",
        "SELECT * { ?s <https://w3id.org/peelgraph/a> ?o graph ?g {} }",
        "SELECT * FROM <x:g> { ?s ?p ?o }",
        "SELECT *FROM<x:g> { ?s ?p ?o }",
        "SELECT (1 AS ?one)fromx:g {}",
        "SELECT * FROM NAMED <https://w3id.org/peelgraph/graph/editorial> {}",
    ],
)
def test_what_may_name_a_graph_is_given_the_whole(query: str) -> None:
    stores = Stores(ox.Store(), ox.Store())
    assert stores.of(query) is stores.whole


def test_both_give_the_same_answers(stores: Stores) -> None:
    query = "SELECT ?s ?p ?o { ?s ?p ?o FILTER (ISIRI(?s)) } ORDER BY ?s ?p ?o LIMIT 2000"
    whole, plain = (store.query(query) for store in (stores.whole, stores.of(query)))
    assert isinstance(whole, ox.QuerySolutions)
    assert isinstance(plain, ox.QuerySolutions)
    assert [str(row) for row in whole] == [str(row) for row in plain]


def test_a_damaged_snapshot_is_not_loaded(tmp_path: Path) -> None:
    with pytest.raises(DamagedSnapshot):
        loaded(tmp_path / "absent.nq")
