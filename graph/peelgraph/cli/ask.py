"""``peelgraph questions`` and ``peelgraph ask``: the lineage questions."""

import json

import click

from peelgraph import tables
from peelgraph.asking import iris
from peelgraph.cli.opening import ENGINE_OPTION, STORE_OPTION, opened, plainly
from peelgraph.questions import Parameter, Question, names, question


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON array.")
def questions(as_json: bool) -> None:
    """List the lineage questions.

    \b
    Prints: one line a question, its name and what it asks. With --json also parameters and columns.
    Exits:  0
    """
    found = [question(name) for name in names()]
    if as_json:
        click.echo(json.dumps([each.as_object() for each in found], ensure_ascii=False, indent=2))
        return
    width = max(len(each.name) for each in found)
    for each in found:
        click.echo(f"{each.name:{width}}  {each.question}")
    click.echo(
        "\nAsk one with: peelgraph ask NAME. Its parameters: peelgraph ask NAME --help.", err=True
    )


class _Questions(click.Group):
    """A command for each question, made from its header."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return names()

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        return _command(question(cmd_name)) if cmd_name in names() else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        with plainly():
            if not args[0].startswith("-"):
                question(args[0])
        return super().resolve_command(ctx, args)


@click.group(cls=_Questions)
def ask() -> None:
    """Answer one of the lineage questions.

    \b
    Reads:  the shipped graph, built first where it is missing; with --engine, that of an engine.
    Prints: a table; with --format, JSON, CSV or TSV. What is not known is absent (– in the table).
    Exits:  0 answered (also with no row), 1 no graph: it cannot be built, or the engine gives no
            answer, 2 wrong name or value.

    \b
    Examples:
      peelgraph ask status --force west-midlands --on 2024-06-01
      peelgraph ask statutory-clock --force west-midlands --format json
      peelgraph ask phase --force west-midlands --engine http://127.0.0.1:7878/query
    """


def _command(asked: Question) -> click.Command:
    def run(
        output: str,
        json_too: bool,
        limit: int | None,
        offset: int,
        engine: str | None,
        store: str,
        **given: str | None,
    ) -> None:
        arguments = {key.rstrip("_"): value for key, value in given.items() if value is not None}
        with plainly():
            graph = opened(engine, store)
            answer = graph.ask(asked.name, limit=limit, offset=offset, **arguments)
            if json_too or output == "json":
                text = tables.as_json(answer)
            elif output == "table":
                text = tables.as_table(answer, graph.labels(iris(answer)))
            else:
                text = tables.as_csv(answer, delimiter="," if output == "csv" else "\t")
        click.echo(text, nl=False)

    return click.Command(
        name=asked.name,
        callback=run,
        short_help=asked.question,
        help=_help(asked),
        params=[
            *(_option(each, each.name in asked.required) for each in asked.parameters),
            click.Option(
                ["--format", "output"],
                type=click.Choice(tables.FORMATS),
                default="table",
                show_default=True,
                help="How to print the answer.",
            ),
            click.Option(["--json", "json_too"], is_flag=True, help="The same as --format json."),
            click.Option(["--limit"], type=click.IntRange(min=0), help="Rows at most."),
            click.Option(
                ["--offset"],
                type=click.IntRange(min=0),
                default=0,
                help="Rows to leave out at the beginning.",
            ),
            click.Option(["--engine"], **ENGINE_OPTION),
            click.Option(["--store"], **STORE_OPTION),
        ],
    )


def _option(parameter: Parameter, required: bool) -> click.Option:
    takes = {"day": "YYYY-MM-DD"}.get(parameter.type, parameter.name.upper())
    default = f" Default: {parameter.default}." if parameter.default else ""
    return click.Option(
        [f"--{parameter.name}", f"{parameter.name}_"],
        metavar=takes,
        required=required,
        help=f"{parameter.help} For example {parameter.example}.{default}",
    )


def _help(asked: Question) -> str:
    width = max(len(column) for column in asked.columns)
    columns = "\n".join(f"  {column:{width}}  {text}" for column, text in asked.columns.items())
    sample = [f"--{each.name} {each.example}" for each in asked.parameters if each.name == "force"]
    sample = [
        f"--{each.name} {each.example}" for each in asked.parameters if each.name in asked.required
    ] or sample
    example = " ".join(["peelgraph ask", asked.name, *sample])
    return f"{asked.question}\n\n\b\nColumns:\n{columns}\n\n\b\nExample:\n  {example}"
