"""``peelgraph query``: a SPARQL query of one's own."""

import sys
from pathlib import Path

import click
import pyoxigraph as ox

from peelgraph.cli.opening import engine_option, opened, plainly, store_option
from peelgraph.graph import Graph
from peelgraph.querying import FORMATS, written


@click.command()
@click.argument("query")
@click.option(
    "--format",
    "output",
    type=click.Choice(FORMATS),
    help="How to print the answer. Default: table, or turtle for CONSTRUCT and DESCRIBE.",
)
@click.option("--json", "json_too", is_flag=True, help="The same as --format json.")
@engine_option
@store_option
def query(query: str, output: str | None, json_too: bool, engine: str | None, store: str) -> None:
    """Answer a SPARQL 1.1 QUERY, given as text, as @FILE, or as - for standard input.

    The prefixes of the graph need not be declared. The default graph is the merge of everything;
    each record is a named graph beside it.

    \b
    Prints: the answer. json is an object with columns and rows; srj and srx are SPARQL's formats.
    Exits:  0 answered, 1 the graph cannot be built, or the engine gives no answer,
            2 the query does not parse or cannot be read.

    \b
    Examples:
      peelgraph query 'SELECT ?c ?w { ?c a peel:CauseOfConcern ; peel:wording ?w }'
      peelgraph query @my.rq --format csv
      peelgraph query @my.rq --engine http://127.0.0.1:7878/query
    """
    text = _text(query)
    with plainly():
        graph: Graph = opened(engine, store)
        results = graph.query(text)
        wanted = "json" if json_too else output
        if isinstance(results, ox.QueryTriples) and wanted not in (None, "turtle", "ntriples"):
            raise click.UsageError("CONSTRUCT and DESCRIBE can be printed as turtle or ntriples.")
        if not isinstance(results, ox.QueryTriples) and wanted in ("turtle", "ntriples"):
            raise click.UsageError("turtle and ntriples are for CONSTRUCT and DESCRIBE.")
        click.echo(written(results, wanted, graph), nl=False)


def _text(query: str) -> str:
    try:
        if query == "-":
            return sys.stdin.buffer.read().decode("utf-8")
        if query.startswith("@"):
            return Path(query[1:]).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise click.UsageError(f"{query.removeprefix('@')} cannot be read: {reason}.") from None
    return query
