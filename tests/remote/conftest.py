"""Real engines that a snapshot was pushed to; and a small server that behaves badly."""

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import engines
import pytest

import peelgraph
from peelgraph import snapshot
from peelgraph.build import ensure
from peelgraph.remote import connection, endpoints
from peelgraph.remote.engine import Remote
from peelgraph.remote.push import Pushed, push

NAMES = ("oxigraph", "oxigraph-union", "virtuoso")


@pytest.fixture(scope="session", params=NAMES)
def running(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[engines.Running]:
    """Return an engine that runs, or skip the test and say so.

    ``oxigraph-union`` has no default graph of its own, as many engines have not.
    """
    folder = tmp_path_factory.mktemp(request.param)
    if (engines.VIRTUOSO if request.param == "virtuoso" else engines.OXIGRAPH) is None:
        pytest.skip(f"{request.param} is not installed here")
    if request.param == "virtuoso":
        starting = engines.virtuoso(folder, rows=10_000)
    else:
        starting = engines.oxigraph(folder, union=request.param.endswith("union"))
    with starting as found:
        yield found


@pytest.fixture(scope="session")
def environment(running: engines.Running) -> Iterator[None]:
    """Have the environment say who asks."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv(connection.USER, raising=False)
        patch.delenv(connection.PASSWORD, raising=False)
        for name, value in running.environment.items():
            if name in (connection.USER, connection.PASSWORD):
                patch.setenv(name, value)
        yield


def bring(path: Path, running: engines.Running) -> Pushed:
    """Push a snapshot, as the command does."""
    remote = Remote(running.query)
    return push(path, remote, endpoints.found(running.query, remote.server()))


@pytest.fixture(scope="session")
def graph(running: engines.Running, environment: None) -> peelgraph.Graph:
    """Return the shipped graph in an engine elsewhere."""
    bring(ensure(), running)
    return peelgraph.Graph(Remote(running.query))


@pytest.fixture(scope="session")
def embedded() -> peelgraph.Graph:
    """Return the shipped graph."""
    return peelgraph.open()


@pytest.fixture
def another(tmp_path: Path) -> Path:
    """Return another snapshot, without the record of the letter."""
    letter = b" <https://w3id.org/peelgraph/graph/record/hmicfrs-wmp-letter-2024-09-18> ."
    digest = ensure().name.partition(".")[0].encode()
    path = tmp_path / f"{'a' * 64}.nq"
    lines = ensure().read_bytes().replace(digest, b"a" * 64).splitlines(keepends=True)
    path.write_bytes(b"".join(line for line in lines if not line.rstrip().endswith(letter)))
    checksum = sha256(path.read_bytes()).hexdigest()
    snapshot.checksum_path(path).write_text(f"{checksum}  {path.name}\n")
    return path


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say aloud that an engine elsewhere is not here to be tested."""
    for name, found, how in (
        ("Virtuoso", engines.VIRTUOSO, "apt-get install virtuoso-opensource"),
        ("Oxigraph's server", engines.OXIGRAPH, "make install"),
    ):
        if found is None:
            terminalreporter.write_line(f"NOT TESTED against {name}: {how}", yellow=True)
