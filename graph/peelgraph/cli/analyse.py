"""``peelgraph analyse``: what the graph's shape can tell."""

import json

import click

from peelgraph import analysis, asking, tables
from peelgraph.analysis import text
from peelgraph.analysis.result import About
from peelgraph.cli.opening import ENGINE_OPTION, opened, plainly


class _Analyses(click.Group):
    """A command for each analysis, made from what it says of itself."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(analysis.names())

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        return _command(analysis.about(cmd_name)) if cmd_name in analysis.names() else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        with plainly():
            if not args[0].startswith("-"):
                analysis.about(args[0])
        return super().resolve_command(ctx, args)


@click.group(cls=_Analyses)
def analyse() -> None:
    """Ask what the lineage and the recurrences tell as a whole.

    \b
    Reads:  the shipped graph, built first where it is missing; with --engine, that of an engine.
    Prints: a table, then what its numbers mean, what they cannot mean and what was left out. With
            --format csv or tsv the rows alone, the rest on standard error. What is not known is
            absent (– in the table); several things in one cell stand apart by spaces.
    Exits:  0 analysed (also with no row), 1 no graph: it cannot be built, or the engine gives no
            answer, 2 wrong name or value.

    \b
    Examples:
      peelgraph analyse threads --force west-midlands
      peelgraph analyse time-to-close --on 2024-09-20 --json
    """


def _command(said: About) -> click.Command:
    def run(
        force: str | None,
        on: str,
        known: str,
        output: str,
        json_too: bool,
        limit: int | None,
        engine: str | None,
    ) -> None:
        as_table = output == "table" and not json_too
        with plainly():
            graph = opened(engine)
            found = analysis.analyse(
                graph.engine, said.name, force=force, on=on, known=known, limit=limit
            )
            labels = graph.labels(asking.iris(found)) if as_table else {}
        if json_too or output == "json":
            click.echo(json.dumps(found.as_object(), ensure_ascii=False, indent=2))
        elif as_table:
            for line in text.lines(found, labels):
                click.echo(line)
        else:
            delimiter = "," if output == "csv" else "\t"
            click.echo(tables.as_csv(found, delimiter=delimiter), nl=False)
            for line in text.notes(found):
                click.echo(line, err=True)

    width = max(len(column) for column in said.columns)
    columns = "\n".join(f"  {column:{width}}  {text}" for column, text in said.columns.items())
    return click.Command(
        name=said.name,
        callback=run,
        short_help=said.asks,
        help=f"{said.asks}\n\n{said.means}\n\n{said.cannot}\n\n\b\nColumns:\n{columns}\n\n"
        f"\b\nExample:\n  peelgraph analyse {said.name} --force west-midlands",
        params=[
            click.Option(["--force"], help="The police force. Default: all of them."),
            click.Option(
                ["--on"],
                default="today",
                metavar="YYYY-MM-DD",
                help="Only what had surely happened by this day. Default: today.",
            ),
            click.Option(
                ["--known"],
                default="all",
                metavar="YYYY-MM-DD",
                help="Use only documents that were public by this day. Default: all.",
            ),
            click.Option(
                ["--format", "output"],
                type=click.Choice(tables.FORMATS),
                default="table",
                show_default=True,
                help="How to print what was found.",
            ),
            click.Option(["--json", "json_too"], is_flag=True, help="The same as --format json."),
            click.Option(["--limit"], type=click.IntRange(min=0), help="Rows at most."),
            click.Option(["--engine"], **ENGINE_OPTION),
        ],
    )
