"""``peelgraph push``: bring the snapshot to an engine elsewhere."""

import json
from pathlib import Path

import click

from peelgraph.cli.opening import built, progress
from peelgraph.engine import EngineError
from peelgraph.snapshot import DamagedSnapshot


@click.command()
@click.argument("address", metavar="URL")
@click.option(
    "--snapshot",
    "path",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Push this snapshot. Default: the shipped one, built where it is missing.",
)
@click.option("--update", metavar="URL", help="Where updates go, if that cannot be told from URL.")
@click.option("--graph-store", metavar="URL", help="Where the Graph Store Protocol is spoken.")
@click.option(
    "--protocol",
    type=click.Choice(["graph-store", "update"]),
    help="How the quads go. Default: by the graph store, where one is known.",
)
@click.option("--chunk", type=click.IntRange(1), help="Quads in a request. Default: what suits.")
@click.option(
    "--timeout",
    type=click.FloatRange(0.1),
    default=300.0,
    show_default=True,
    help="Seconds that each request may take.",
)
@click.option(
    "--overwrite", is_flag=True, help="Replace a default graph that holds something else."
)
@click.option("--json", "as_json", is_flag=True, help="Print what was done as JSON.")
def push(
    address: str,
    path: Path | None,
    update: str | None,
    graph_store: str | None,
    protocol: str | None,
    chunk: int | None,
    timeout: float,
    overwrite: bool,
    as_json: bool,
) -> None:
    """Bring the snapshot to the engine that answers SPARQL queries at URL.

    It is staged there, verified, and then put in service at once; a push that fails leaves the
    snapshot in service that was there before. To push what is there already changes nothing. Where
    to write is known for Virtuoso and Oxigraph, and otherwise told by --update and --graph-store.

    \b
    Reads:  the snapshot; PEELGRAPH_ENGINE_USER and PEELGRAPH_ENGINE_PASSWORD from the environment,
            for engines that ask who one is (basic and digest authentication).
    Prints: what is in service, on standard output.
    Exits:  0 in service, 1 not pushed, 2 called wrongly.

    \b
    Examples:
      peelgraph push http://127.0.0.1:7878/query
      peelgraph push http://127.0.0.1:8890/sparql --json
      peelgraph push https://graphdb.example/repositories/peel \\
        --update https://graphdb.example/repositories/peel/statements --protocol update
    """
    from peelgraph.remote import endpoints
    from peelgraph.remote.connection import Connection
    from peelgraph.remote.engine import Remote
    from peelgraph.remote.push import push as pushed

    try:
        remote = Remote(address, Connection(timeout))
        where = endpoints.found(
            remote.address,
            remote.server(),
            update=update,
            store=graph_store,
            protocol=protocol,  # type: ignore[arg-type]
        )
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    except EngineError as error:
        raise click.ClickException(str(error)) from None
    snapshot = path or built()
    try:
        report = pushed(
            snapshot, remote, where, chunk=chunk, overwrite=overwrite, progress=progress
        )
    except (EngineError, DamagedSnapshot) as error:
        raise click.ClickException(str(error)) from None
    progress.clear()
    if as_json:
        click.echo(json.dumps(report.as_object(), indent=2))
        return
    before = "was already in service" if report.already else "is in service"
    click.echo(
        f"Snapshot {report.digest[:12]} {before} at {remote.address}: "
        f"{report.quads:,} quads, {report.graphs} named graphs."
    )
