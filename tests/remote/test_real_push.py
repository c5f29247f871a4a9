"""Pushing to real engines: again, another, and one that fails half-way."""

from pathlib import Path

import engines
import pytest

import peelgraph
from peelgraph.build import ensure
from peelgraph.remote import connection, endpoints
from peelgraph.remote.connection import Unreachable
from peelgraph.remote.endpoints import Endpoints, Writer
from peelgraph.remote.engine import STAGES, Remote
from peelgraph.remote.push import NotPushed, Pushed, push

pytestmark = pytest.mark.remote

LETTER = "<https://w3id.org/peelgraph/graph/record/hmicfrs-wmp-letter-2024-09-18>"


@pytest.fixture
def restored(graph: peelgraph.Graph, running: engines.Running) -> object:
    """Bring the shipped snapshot back when a test is done."""
    yield None
    _bring(ensure(), running)


def _bring(path: Path, running: engines.Running, where: Endpoints | None = None) -> Pushed:
    remote = Remote(running.query)
    return push(path, remote, where or endpoints.found(running.query, remote.server()))


def _staged(running: engines.Running) -> bool:
    found = Remote(running.query).raw(
        f'ASK {{ GRAPH ?g {{ ?s ?p ?o }} FILTER (STRSTARTS(STR(?g), "{STAGES}")) }}'
    )
    return bool(found)


def test_to_push_again_changes_nothing(graph: peelgraph.Graph, running: engines.Running) -> None:
    report = _bring(ensure(), running)
    assert report.already
    assert report.digest == graph.digest == ensure().name.partition(".")[0]


@pytest.mark.usefixtures("restored")
def test_another_snapshot_takes_its_place(
    another: Path, graph: peelgraph.Graph, running: engines.Running
) -> None:
    assert graph.query(f"ASK {{ GRAPH {LETTER} {{ ?s ?p ?o }} }}")
    report = _bring(another, running)
    assert not report.already and report.digest == "a" * 64
    now = Remote(running.query)
    assert now.digest == "a" * 64
    assert not now.query(f"ASK {{ GRAPH {LETTER} {{ ?s ?p ?o }} }}")
    assert not _staged(running)


@pytest.mark.usefixtures("restored")
def test_it_goes_by_updates_alone(
    another: Path, graph: peelgraph.Graph, running: engines.Running
) -> None:
    report = _bring(another, running, Endpoints(running.update, None))
    assert (report.protocol, report.digest) == ("update", "a" * 64)
    assert Remote(running.query).digest == "a" * 64


def test_one_that_fails_half_way_leaves_the_old_in_service(
    another: Path,
    graph: peelgraph.Graph,
    running: engines.Running,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sent = []

    def fail(self: Writer, name: str, triples: list[str]) -> None:
        sent.append(name)
        if len(sent) == 3:
            raise Unreachable("The engine went away.")
        real(self, name, triples)

    real = Writer.add
    monkeypatch.setattr(Writer, "add", fail)
    with pytest.raises(NotPushed, match=r"went away.*still in service"):
        _bring(another, running)
    assert Remote(running.query).digest == graph.digest
    assert not _staged(running)
    assert graph.ask("phase", force="west-midlands", on="2024-01-01").rows


def test_what_was_not_taken_in_whole_is_not_put_in_service(
    another: Path,
    graph: peelgraph.Graph,
    running: engines.Running,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real = Writer.add
    monkeypatch.setattr(Writer, "add", lambda self, name, triples: real(self, name, triples[1:]))
    with pytest.raises(NotPushed, match=r"not what was sent.*still in service"):
        _bring(another, running)
    assert Remote(running.query).digest == graph.digest


def test_who_may_not_write_is_told_at_once(
    another: Path,
    graph: peelgraph.Graph,
    running: engines.Running,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if not running.user:
        pytest.skip("this engine asks nobody who they are")
    monkeypatch.setenv(connection.PASSWORD, "guessed")
    with pytest.raises(NotPushed, match=r"not those of one who may.*still in service") as caught:
        _bring(another, running)
    assert "guessed" not in str(caught.value)
    monkeypatch.delenv(connection.USER)
    with pytest.raises(NotPushed, match="asks who one is"):
        _bring(another, running)
    assert Remote(running.query).digest == graph.digest
