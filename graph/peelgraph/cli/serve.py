"""``peelgraph serve``: the server."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from peelgraph.cli.opening import ENGINE, ENGINE_OPTION, built
from peelgraph.engine import EngineError
from peelgraph.holding import STORES

if TYPE_CHECKING:
    from peelserver.processes.pointer import Pointing


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8080,
    show_default=True,
    help="The port; 0 for any.",
)
@click.option(
    "--snapshot",
    "pointer",
    type=click.Path(path_type=Path),
    help="Serve this snapshot; or where a link, or a file with a path in it, leads.",
)
@click.option("--engine", **ENGINE_OPTION)
@click.option(
    "--sparql/--no-sparql",
    default=None,
    help="Whether /sparql takes queries of its clients' own. It does, but not with --engine, where "
    "only the engine itself can end a query that takes too much.",
)
@click.option(
    "--processes",
    type=click.IntRange(1, 64),
    default=2,
    show_default=True,
    help="How many processes answer.",
)
@click.option(
    "--deadline",
    type=click.FloatRange(0.1, 3600),
    default=30.0,
    show_default=True,
    help="Seconds that a query to /sparql may take.",
)
@click.option(
    "--memory",
    type=click.IntRange(64, 1 << 20),
    default=1024,
    show_default=True,
    help="Megabytes that one query may take, beside the snapshot.",
)
@click.option(
    "--rate",
    type=click.FloatRange(0),
    default=50.0,
    show_default=True,
    help="Requests a second that one client may make for long; 0 for any number.",
)
@click.option(
    "--keep",
    type=click.IntRange(1, 20),
    default=3,
    show_default=True,
    help="How many snapshots stay answerable by their permalinks.",
)
@click.option(
    "--store",
    type=click.Choice(STORES),
    default="auto",
    show_default=True,
    help="Where snapshots are held: in memory, or on disk, beside the snapshot; auto for memory "
    "if they fit there.",
)
@click.option(
    "--trusted-proxy",
    "proxies",
    multiple=True,
    metavar="ADDRESS",
    help="Believe this proxy (an address or a network) about who asks. May be repeated.",
)
@click.option(
    "--sources",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Show passages in their surroundings, from your copies of the documents in this folder.",
)
@click.option("--base-url", metavar="URL", help="Where the world finds this server.")
@click.option(
    "--log-level",
    type=click.Choice(["debug", "info", "warning", "error"]),
    default="info",
    show_default=True,
    help="How much is logged; debug has the queries whole.",
)
def serve(
    host: str,
    port: int,
    pointer: Path | None,
    engine: str | None,
    sparql: bool | None,
    processes: int,
    deadline: float,
    memory: int,
    rate: float,
    keep: int,
    store: str,
    proxies: tuple[str, ...],
    sources: Path | None,
    base_url: str | None,
    log_level: str,
) -> None:
    """Serve the graph over HTTP, read-only: pages, questions and a SPARQL endpoint.

    Builds the snapshot first where it is missing; with --snapshot, builds nothing. With --engine,
    it holds no snapshot: it answers everything from an engine elsewhere, with the same limits, and
    follows what is pushed there.

    \b
    Signals: Ctrl+C or SIGTERM answers what was asked, then stops; a second one stops at once.
             SIGHUP builds and checks the snapshot anew and serves it, without dropping a request;
             what does not pass is not served. With --snapshot, so does a change of FILE; with
             --engine, a push.
    Reads:   with --engine, PEELGRAPH_ENGINE_USER and PEELGRAPH_ENGINE_PASSWORD from the
             environment.
    Prints:  the address and the access log, on standard error.
    Exits:   0 stopped, 1 the graph cannot be built or served, the engine holds no snapshot of this
             release, or the address is taken, 2 an option cannot be what it is.

    \b
    Examples:
      peelgraph serve --port 8000
      peelgraph serve --sources ~/documents
      peelgraph serve --engine http://127.0.0.1:7878/query
      peelgraph serve --host 0.0.0.0 --base-url https://graph.example/ --trusted-proxy 10.0.0.0/8
    """
    from peelserver.config import Config
    from peelserver.processes.pointer import Pointer
    from peelserver.processes.supervisor import CannotServe
    from peelserver.processes.supervisor import serve as run

    def say(line: str) -> None:
        click.echo(line, err=True)

    if engine is not None and (pointer is not None or _given("keep") or _given("store")):
        raise click.UsageError(
            f"With --engine (or {ENGINE}), the engine holds the snapshot that is served, and keeps "
            "no other: leave out --snapshot, --store and --keep, or the engine."
        )
    follows: Pointing | None = None
    try:
        if engine is not None:
            snapshot, follows = _watched(engine, say)
        elif pointer is not None:
            follows = Pointer(pointer)
            snapshot = follows.snapshot()
        else:
            snapshot = built()
    except ValueError as error:
        raise click.ClickException(str(error)) from None
    except OSError as error:
        raise click.ClickException(f"Cannot read {pointer}: {error.strerror}.") from None
    try:
        config = Config(
            snapshot=snapshot,
            host=host,
            port=port,
            web_processes=processes,
            deadline=deadline,
            memory=memory << 20,
            rate=rate,
            keep=keep if engine is None else 1,
            engine=engine,
            queries=engine is None if sparql is None else sparql,
            store=store,
            trusted_proxies=proxies,
            base_url=base_url,
            sources=sources,
            log_level=log_level,
        )
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    try:
        run(config, say, follows)
    except CannotServe as error:
        raise click.ClickException(str(error)) from None
    except OSError as error:
        raise click.ClickException(
            f"Cannot listen on {host}, port {port}: {error.strerror}. Try another --port."
        ) from None


def _given(name: str) -> bool:
    """Whether an option was given, rather than taken from its default."""
    source = click.get_current_context().get_parameter_source(name)
    return source is not click.core.ParameterSource.DEFAULT


def _watched(engine: str, say: Callable[[str], None]) -> "tuple[Path, Pointing]":
    """Return the snapshot that an engine holds, and what notices another.

    :raises ClickException: the engine cannot be asked, or holds none that can be served
    """
    from peelserver.processes.lookout import Lookout

    try:
        lookout = Lookout(engine, say)
        return lookout.first(), lookout
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    except EngineError as error:
        raise click.ClickException(str(error)) from None
