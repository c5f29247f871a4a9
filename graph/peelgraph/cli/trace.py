"""``peelgraph trace``: the lineage of one thing as a tree."""

import json
from dataclasses import asdict

import click

from peelgraph import trace as tracing
from peelgraph.cli.opening import engine_option, opened, plainly


@click.command()
@click.argument("thing")
@click.option("--on", metavar="YYYY-MM-DD", help="The day whose status is shown. Default: today.")
@click.option(
    "--known",
    metavar="YYYY-MM-DD",
    default="all",
    help="Use only documents that were public by this day. Default: all.",
)
@click.option("--brief", is_flag=True, help="Leave out where it says so.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@engine_option
def trace(
    thing: str, on: str | None, known: str, brief: bool, as_json: bool, engine: str | None
) -> None:
    """Print the lineage of THING as a tree: what led to it, and what came of it.

    THING is an IRI, kind/slug, or a slug where that is unique.

    \b
    Prints: each step with its kind, date and status, and the passages (§) that prove it.
    Exits:  0 printed, 1 the graph cannot be built, or the engine gives no answer, 2 there is no
            such thing.

    \b
    Example:
      peelgraph trace wmp-2023-investigations --on 2024-09-20
    """
    with plainly():
        found = tracing.trace(opened(engine).engine, thing, on=on, known=known)
    if as_json:
        click.echo(json.dumps(asdict(found), ensure_ascii=False, indent=2))
        return
    for line in tracing.lines(found, evidence=not brief):
        click.echo(line)
