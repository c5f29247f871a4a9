"""Pushing a snapshot: what is in service before, during and after, whatever goes wrong.

The engine of these tests refuses, loses or breaks off as they tell it (``peeltests.engine``). Real
engines are in ``tests/remote``.
"""

import itertools
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pyoxigraph as ox
import pytest
from click.testing import CliRunner
from peeltests.engine import Engine, Serving, serving, unspoilt

from peelgraph import snapshot
from peelgraph.cli import cli
from peelgraph.namespaces import GRAPH, PEEL
from peelgraph.remote.endpoints import Endpoints
from peelgraph.remote.engine import MERGE, STAGES, NoSnapshot
from peelgraph.remote.push import NotPushed, Pushed, push
from peelgraph.snapshot import DamagedSnapshot

OLD, NEW = "a" * 64, "b" * 64
EVERYTHING = "SELECT ?g ?s ?p ?o { GRAPH ?g { ?s ?p ?o } } ORDER BY ?g ?s ?p ?o"


@pytest.fixture(scope="module")
def running() -> Iterator[Serving]:
    with serving() as found:
        yield found


@pytest.fixture(params=["default graph", "union"])
def engine(request: pytest.FixtureRequest, running: Serving) -> Engine:
    """Return an empty engine; the merge is its default graph, or has to be a named one."""
    found = running.new()
    found.union = request.param == "union"
    return found


def written(folder: Path, digest: str, records: int) -> Path:
    """Write a small snapshot: each record with a triple of its own, and one that all have."""
    lines = [
        f'<{snapshot.SNAPSHOT}> <{PEEL}digest> "{digest}" .\n',
        f'<{snapshot.SNAPSHOT}> <{PEEL}digest> "{digest}" <{GRAPH}derived> .\n',
        "<http://a/all> <http://a/p> 'é\\n\"'@en .\n".replace("'", '"').replace('\\n""', '\\n"'),
    ]
    for number in range(records):
        own = (
            f'<http://a/{number}> <http://a/p> "{number}"^^<http://www.w3.org/2001/XMLSchema#date>'
        )
        name = f"<{GRAPH}record/{number}>"
        lines += [
            f"{own} .\n",
            f"{own} {name} .\n",
            f'<http://a/all> <http://a/p> "é\\n"@en {name} .\n',
        ]
    path = folder / f"{digest}.nq"
    path.write_text("".join(lines), encoding="utf-8")
    checksum = sha256(path.read_bytes()).hexdigest()
    snapshot.checksum_path(path).write_text(f"{checksum}  {path.name}\n", encoding="utf-8")
    return path


@pytest.fixture
def old(tmp_path: Path) -> Path:
    return written(tmp_path, OLD, 3)


@pytest.fixture
def new(tmp_path: Path) -> Path:
    return written(tmp_path, NEW, 2)


def bring(
    path: Path, engine: Engine, protocol: str = "graph-store", overwrite: bool = False
) -> Pushed:
    base = engine.address.removesuffix("/query")
    where = Endpoints(f"{base}/update", f"{base}/store" if protocol == "graph-store" else None)
    return push(path, engine.remote(), where, chunk=2, overwrite=overwrite)


def in_service(engine: Engine) -> list[str]:
    """Return what who asks sees: the named graphs, and the merge."""
    remote = engine.remote()
    named, merged = (
        remote.query(EVERYTHING),
        remote.query("SELECT * { ?s ?p ?o } ORDER BY ?s ?p ?o"),
    )
    assert isinstance(named, ox.QuerySolutions) and isinstance(merged, ox.QuerySolutions)
    return [str(row) for row in (*named, *merged)]


def as_embedded(path: Path) -> list[str]:
    store = snapshot.load(path)
    named, merged = store.query(EVERYTHING), store.query("SELECT * { ?s ?p ?o } ORDER BY ?s ?p ?o")
    assert isinstance(named, ox.QuerySolutions) and isinstance(merged, ox.QuerySolutions)
    return [str(row) for row in (*named, *merged)]


@pytest.mark.parametrize("protocol", ["graph-store", "update"])
def test_what_is_asked_there_is_what_was_pushed(
    engine: Engine, old: Path, new: Path, protocol: str
) -> None:
    report = bring(old, engine, protocol)
    assert (report.digest, report.already, report.protocol) == (OLD, False, protocol)
    assert report.merge == (MERGE if engine.union else None)
    assert in_service(engine) == as_embedded(old)
    report = bring(new, engine, protocol)
    assert report.digest == engine.remote().digest == NEW
    assert in_service(engine) == as_embedded(new)
    assert not [graph for graph in engine.store.named_graphs() if STAGES in str(graph)]


def test_to_push_again_changes_nothing(engine: Engine, old: Path) -> None:
    bring(old, engine)
    engine.requests.clear()
    assert bring(old, engine).already
    assert set(engine.requests) == {"/query"}


def test_what_was_damaged_there_is_pushed_again(engine: Engine, old: Path) -> None:
    bring(old, engine)
    name = ox.NamedNode(f"{GRAPH}record/1")
    engine.store.remove(next(engine.store.quads_for_pattern(None, None, None, name)))
    assert not bring(old, engine).already
    assert in_service(engine) == as_embedded(old)


@pytest.mark.parametrize("number", range(4))
def test_one_that_fails_half_way_leaves_the_old_in_service(
    engine: Engine, old: Path, new: Path, number: int
) -> None:
    bring(old, engine)
    before = in_service(engine)
    chunks = itertools.count()
    engine.spoil = lambda path, text: 500 if path == "/store" and next(chunks) >= number else 0
    with pytest.raises(NotPushed, match=f"status 500.*The snapshot {OLD[:12]} is still in service"):
        bring(new, engine)
    assert in_service(engine) == before
    assert not [graph for graph in engine.store.named_graphs() if STAGES in str(graph)]
    engine.spoil = unspoilt
    bring(new, engine)
    assert in_service(engine) == as_embedded(new)


def test_what_the_engine_lost_is_not_put_in_service(engine: Engine, old: Path, new: Path) -> None:
    bring(old, engine)
    engine.refuse("http://a/1", 204)  # and says that it took it
    with pytest.raises(NotPushed, match=r"not what was sent.*is still in service"):
        bring(new, engine)
    assert engine.remote().digest == OLD


def test_who_asks_during_a_push_sees_the_old_one_whole(
    engine: Engine, old: Path, new: Path
) -> None:
    bring(old, engine)
    seen = []

    def look(path: str, text: str) -> int:
        if path == "/store":
            held = engine.remote().look()
            seen.append((held.digest, in_service(engine) == as_embedded(old)))
        return 0

    engine.spoil = look
    bring(new, engine)
    assert set(seen) == {(OLD, True)}


def test_a_switch_that_is_refused_leaves_the_old_in_service(
    engine: Engine, old: Path, new: Path
) -> None:
    bring(old, engine)
    engine.refuse("MOVE", 403)
    with pytest.raises(NotPushed, match=r"denies it.*is still in service"):
        bring(new, engine)
    assert in_service(engine) == as_embedded(old)


def test_a_switch_that_breaks_off_is_noticed_and_mended(
    engine: Engine, old: Path, new: Path
) -> None:
    """As in an engine whose updates are not atomic."""
    bring(old, engine)
    engine.refuse("MOVE", 500, lambda text: engine.store.update(" ; ".join(text.split(" ;\n")[:3])))
    with pytest.raises(NotPushed, match=r"holds neither whole\. Push again"):
        bring(new, engine)
    with pytest.raises(NoSnapshot, match="no whole snapshot"):
        engine.remote().query(EVERYTHING)
    engine.spoil = unspoilt
    bring(new, engine)
    assert in_service(engine) == as_embedded(new)


def test_an_answer_to_the_switch_that_got_lost_does_no_harm(
    engine: Engine, old: Path, new: Path
) -> None:
    bring(old, engine)
    engine.refuse("MOVE", 502, engine.store.update)
    assert bring(new, engine).digest == NEW
    assert in_service(engine) == as_embedded(new)


def test_what_others_have_there_stays(engine: Engine, old: Path) -> None:
    theirs = ox.Quad(*(ox.NamedNode(f"http://b/{each}") for each in "spog"))
    engine.store.add(theirs)
    bring(old, engine)
    assert theirs in engine.store
    assert in_service(engine) == as_embedded(old)


def test_a_default_graph_of_others_is_not_replaced_unasked(engine: Engine, old: Path) -> None:
    theirs = ox.Quad(*(ox.NamedNode(f"http://b/{each}") for each in "spo"))
    engine.store.add(theirs)
    if engine.union:
        bring(old, engine)
        assert theirs in engine.store
        return
    with pytest.raises(NotPushed, match=r"would be lost.*No snapshot is in service"):
        bring(old, engine)
    assert theirs in engine.store
    bring(old, engine, overwrite=True)
    assert in_service(engine) == as_embedded(old)


def test_blank_nodes_are_not_pushed(engine: Engine, tmp_path: Path) -> None:
    path = written(tmp_path, OLD, 1)
    path.write_text(path.read_text("utf-8") + "_:b <http://a/p> <http://a/o> .\n", "utf-8")
    checksum = sha256(path.read_bytes()).hexdigest()
    snapshot.checksum_path(path).write_text(f"{checksum}  {path.name}\n", encoding="utf-8")
    with pytest.raises(DamagedSnapshot, match="blank nodes"):
        bring(path, engine)
    assert engine.requests == []


def test_the_command(engine: Engine, old: Path) -> None:
    arguments = ["push", engine.address, "--snapshot", str(old)]
    done = CliRunner().invoke(cli, arguments)
    assert done.exit_code == 0, done.output
    assert done.stdout.startswith(
        f"Snapshot {OLD[:12]} is in service at {engine.address}: 12 quads"
    )
    again = CliRunner().invoke(cli, [*arguments, "--json"])
    assert '"already": true' in again.stdout
