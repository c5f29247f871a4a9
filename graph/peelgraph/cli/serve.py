"""``peelgraph serve``: the server."""

import click

from peelgraph.cli.opening import built


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8080,
    show_default=True,
    help="The port; 0 for any.",
)
def serve(host: str, port: int) -> None:
    """Serve the graph over HTTP, read-only: pages, questions and a SPARQL endpoint.

    Builds the snapshot first where it is missing. Stops at Ctrl+C.

    \b
    Prints: the address, on standard error.
    Exits:  0 stopped, 1 the graph cannot be built or the address is taken.

    \b
    Example:
      peelgraph serve --port 8000
    """
    from peelserver import run

    snapshot = built()
    try:
        run(snapshot, host, port, lambda line: click.echo(line, err=True))
    except OSError as error:
        raise click.ClickException(
            f"Cannot listen on {host}, port {port}: {error.strerror}. Try another --port."
        ) from None
