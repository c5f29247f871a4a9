"""On a file system that is read-only, with one small folder for its sockets, a server runs."""

import signal
import subprocess
from urllib.request import urlopen

import pytest
from tests.server.conftest import holds, server

from peelgraph.build import ensure

pytestmark = pytest.mark.slow

#: a mount namespace of its own, all of it read-only but for one folder
READ_ONLY = (
    *("unshare", "--map-root-user", "--mount", "sh", "-ec"),
    'mount -o remount,bind,ro /; mount -t tmpfs none /run; ! touch "$0"; exec "$@"',
    *(__file__,),
)


@pytest.fixture(scope="module", autouse=True)
def namespaces() -> None:
    try:
        tried = subprocess.run([*READ_ONLY, "true"], capture_output=True)
    except FileNotFoundError:
        pytest.skip("there is no unshare here")
    if tried.returncode:
        pytest.skip(f"no mount namespaces here: {tried.stderr.decode()}")


def test_a_server_runs_where_nothing_can_be_written() -> None:
    ensure()
    with server(within=READ_ONLY, environment={"TMPDIR": "/run"}) as live:
        for path in ("health", "sparql?query=ASK%7B%7D", "", "search?q=kent"):
            with urlopen(live.address + path, timeout=60) as answer:
                assert answer.status == 200
        live.process.send_signal(signal.SIGHUP)
        holds(lambda: "The snapshot has not changed." in live.said())
        live.process.send_signal(signal.SIGTERM)
        assert live.process.wait(60) == 0
