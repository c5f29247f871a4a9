"""Start a SPARQL engine that is not ours, empty, in a folder of its own, and stop it again.

``python benchmarks/engines.py virtuoso`` (or ``oxigraph``) runs one until Ctrl+C, and says where it
answers; the remote tests and the benchmarks start them from Python. Virtuoso is Debian's
``virtuoso-opensource``; ``oxigraph`` comes with the package of that name. Neither needs
a privilege, and both answer on this machine only.
"""

import argparse
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

#: the programs, where they are installed
VIRTUOSO = shutil.which("virtuoso-t")
ISQL = shutil.which("isql-vt")
OXIGRAPH = shutil.which("oxigraph", path=str(Path(sys.executable).parent)) or shutil.which(
    "oxigraph"
)


class NotStarted(RuntimeError):
    """An engine that is not installed, or did not answer in time."""


@dataclass(frozen=True, slots=True)
class Running:
    """Where an engine answers.

    :param query: the address of queries
    :param update: the address of updates
    :param store: the address of the Graph Store Protocol
    :param user: who may write; nobody is asked for, if empty
    """

    query: str
    update: str
    store: str
    user: str = ""
    password: str = field(default="", repr=False)

    @property
    def environment(self) -> dict[str, str]:
        """The variables by which ``peelgraph`` is told of it."""
        found = {"PEELGRAPH_ENGINE": self.query}
        if self.user:
            found |= {
                "PEELGRAPH_ENGINE_USER": self.user,
                "PEELGRAPH_ENGINE_PASSWORD": self.password,
            }
        return found


@contextmanager
def virtuoso(
    folder: Path,
    port: int = 0,
    sql_port: int = 0,
    memory: int = 512,
    rows: int | None = None,
    seconds: int | None = None,
    first: str = "",
) -> Iterator[Running]:
    """Run Virtuoso with an empty database in *folder*.

    Everybody may read; the user ``peelgraph``, with a password made up anew, may write.

    :param port: where it answers HTTP; any that is free, if 0
    :param sql_port: where it answers SQL; any that is free, if 0
    :param memory: megabytes for its buffers
    :param rows: how many rows an answer may have; as many as there are, if None
    :param seconds: how long a query may take; as long as it likes, if None
    :param first: SQL that the administrator runs before anybody is told where it answers
    :raises NotStarted: it is not installed, or does not answer within five minutes
    """
    if VIRTUOSO is None or ISQL is None:
        raise NotStarted("virtuoso-t is not here: apt-get install virtuoso-opensource")
    port, sql_port = port or free_port(), sql_port or free_port()
    buffers = memory * 1024 // 8 * 2 // 3  # pages of 8 kB; a third is left to the queries
    (folder / "virtuoso.ini").write_text(
        _VIRTUOSO.format(
            port=port,
            sql_port=sql_port,
            buffers=buffers,
            dirty=buffers * 3 // 4,
            rows=f"ResultSetMaxRows = {rows}" if rows else "",
            seconds=f"MaxQueryExecutionTime = {seconds}" if seconds else "",
        ),
        encoding="utf-8",
    )
    command = [VIRTUOSO, "+configfile", "virtuoso.ini", "+foreground"]
    base = f"http://127.0.0.1:{port}"
    with _running(command, folder, "virtuoso.out", signal.SIGTERM) as process:
        _await_answer(f"{base}/sparql", process, folder / "virtuoso.out")
        _await_socket(sql_port)  # comes up after HTTP
        user, password = "peelgraph", secrets.token_hex(16)
        statements = (
            f"{first}"
            f"DB.DBA.USER_CREATE('{user}', '{password}');\n"
            f'GRANT SPARQL_UPDATE TO "{user}";\n'
            f"USER_CHANGE_PASSWORD('dba', 'dba', '{secrets.token_hex(16)}');\n"
        )
        # the password that every new database has; the statements go through standard input
        isql = [ISQL, f"127.0.0.1:{sql_port}", "dba", "dba", "ERRORS=STDOUT"]
        done = subprocess.run(isql, input=statements, capture_output=True, text=True, timeout=900)
        if done.returncode or "*** Error" in done.stdout:
            raise NotStarted(f"Virtuoso did not take its user: {done.stdout.strip()[-300:]}")
        yield Running(
            f"{base}/sparql",
            f"{base}/sparql-auth",
            f"{base}/sparql-graph-crud-auth",
            user,
            password,
        )


@contextmanager
def oxigraph(folder: Path, port: int = 0, union: bool = False) -> Iterator[Running]:
    """Run Oxigraph's own server with an empty store in *folder*.

    :param union: have the default graph of queries be the union of all named graphs
    :param port: where it answers HTTP; any that is free, if 0
    :raises NotStarted: it is not installed, or does not answer within five minutes
    """
    if OXIGRAPH is None:
        raise NotStarted("oxigraph is not here: make install")
    port = port or free_port()
    command = [OXIGRAPH, "serve", "-l", str(folder / "store"), "-b", f"127.0.0.1:{port}"]
    command += ["--union-default-graph"] if union else []
    base = f"http://127.0.0.1:{port}"
    with _running(command, folder, "oxigraph.out", signal.SIGTERM) as process:
        _await_answer(f"{base}/query", process, folder / "oxigraph.out")
        yield Running(f"{base}/query", f"{base}/update", f"{base}/store")


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        port: int = found.getsockname()[1]
    return port


@contextmanager
def _running(
    command: list[str], folder: Path, log: str, stop: signal.Signals
) -> Iterator["subprocess.Popen[bytes]"]:
    with (
        (folder / log).open("wb") as file,
        subprocess.Popen(
            command, cwd=folder, stdin=subprocess.DEVNULL, stdout=file, stderr=file
        ) as process,
    ):
        try:
            yield process
        finally:
            process.send_signal(stop)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()


def _await_answer(
    address: str, process: "subprocess.Popen[bytes]", log: Path, seconds: float = 300
) -> None:
    until = time.monotonic() + seconds
    while process.poll() is None and time.monotonic() < until:
        try:
            with urllib.request.urlopen(f"{address}?query=ASK%7B%7D", timeout=5):
                return
        except OSError:
            time.sleep(0.1)
    said = log.read_text("utf-8", "replace").strip().splitlines()
    raise NotStarted(f"{log.stem} did not answer: {said[-1] if said else 'it said nothing'}")


def _await_socket(port: int, seconds: float = 30) -> None:
    until = time.monotonic() + seconds
    while True:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=5):
                return
        except OSError:
            if time.monotonic() > until:
                raise NotStarted(f"nobody listens on port {port}") from None
            time.sleep(0.1)


_VIRTUOSO = """\
[Database]
DatabaseFile = virtuoso.db
ErrorLogFile = virtuoso.log
LockFile = virtuoso.lck
TransactionFile = virtuoso.trx
xa_persistent_file = virtuoso.pxa
FileExtend = 200
MaxCheckpointRemap = 2000

[TempDatabase]
DatabaseFile = virtuoso-temp.db
TransactionFile = virtuoso-temp.trx

[Parameters]
ServerPort = 127.0.0.1:{sql_port}
DisableUnixSocket = 1
CheckpointInterval = 0
CaseMode = 2
DirsAllowed = .
NumberOfBuffers = {buffers}
MaxDirtyBuffers = {dirty}
ThreadsPerQuery = 2

[HTTPServer]
ServerPort = 127.0.0.1:{port}
ServerRoot = .
ServerThreads = 10
Charset = UTF-8

[SPARQL]
{rows}
{seconds}
"""


def main() -> None:
    """Run an engine until Ctrl+C or SIGTERM."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("engine", choices=("virtuoso", "oxigraph"))
    parser.add_argument("--port", type=int, default=0, help="of HTTP (default: any free one)")
    parser.add_argument("--sql-port", type=int, default=0, help="of Virtuoso's SQL")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with tempfile.TemporaryDirectory(prefix=f"{options.engine}-") as name:
        folder = Path(name)
        starting = (
            virtuoso(folder, options.port, options.sql_port)
            if options.engine == "virtuoso"
            else oxigraph(folder, options.port)
        )
        try:
            with starting as running:
                environment = folder / "environment"
                environment.touch(mode=0o600)
                environment.write_text(
                    "".join(f"export {key}={value}\n" for key, value in running.environment.items())
                )
                print(f"query   {running.query}\nupdate  {running.update}\nstore   {running.store}")
                print(f"\nTo use it from another terminal: . {environment}", flush=True)
                signal.pause()
        except KeyboardInterrupt:
            return
        except NotStarted as error:
            sys.exit(str(error))


if __name__ == "__main__":
    main()
