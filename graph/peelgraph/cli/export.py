"""``peelgraph export``: a part of the graph as a file for another program, or for people."""

import sys
from pathlib import Path

import click

from peelgraph.cli.opening import engine_option, opened, plainly, progress, store_option
from peelgraph.evidence.writing import replace_bytes
from peelgraph.exports import formats
from peelgraph.exports.gathering import gather
from peelgraph.exports.scope import resolve

_FORMATS = "\n".join(f"      {each.name:10} {each.label}" for each in formats.ALL)


@click.command(
    help=f"""Write a part of the graph in FORMAT: nodes and links, pictures, RDF, or a report.

    Choose one of --item, --force, --theme and --all, which is what is taken if none is given. Of an
    item, the lineage is exported: what led to it and what came of it; of a force or a theme, the
    lineage of all that concerns it.

    \b
    Formats:
{_FORMATS}

    \b
    Reads:  the shipped graph, built first where it is missing; with --engine, that of an engine.
    Writes: the file, to --output or standard output. What the format cannot carry is said on
            standard error.
    Exits:  0 written, 1 the graph cannot be built or the file not written, or the engine gives no
            answer, 2 called wrongly.

    \b
    Examples:
      peelgraph export gexf --force west-midlands --output west-midlands.gexf
      peelgraph export mermaid --item wmp-2023-investigations --depth 1
      peelgraph export xlsx --force west-midlands --on 2024-06-01 --output status.xlsx
    """
)
@click.argument("format_", metavar="FORMAT", type=click.Choice(formats.NAMES))
@click.option("--item", metavar="THING", help="The lineage of one thing.")
@click.option("--force", metavar="FORCE", help="What concerns a force.")
@click.option("--theme", metavar="THEME", help="What concerns a theme.")
@click.option("--all", "all_", is_flag=True, help="All that was followed up.")
@click.option(
    "--depth",
    metavar="N",
    help="At most N steps before and after what was chosen. Default: however many there are.",
)
@click.option("--on", metavar="YYYY-MM-DD", help="The day whose status is shown. Default: today.")
@click.option(
    "--known",
    metavar="YYYY-MM-DD",
    help="Use only documents that were public by this day. Default: all.",
)
@click.option(
    "--kinds",
    metavar="KIND,…",
    help="Keep only things of these kinds, such as cause-of-concern,recommendation.",
)
@click.option(
    "--output",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="The file to write, or the folder for a file with a telling name. "
    "Default, or -: standard output.",
)
@engine_option
@store_option
def export(
    format_: str,
    output: Path | None,
    all_: bool,
    engine: str | None,
    store: str,
    **given: str | None,
) -> None:
    """Write a part of the graph."""
    form = formats.named(format_)
    if output == Path("-"):
        output = None
    if output is None and form.binary and sys.stdout.isatty():
        raise click.UsageError(
            f"{form.name} is not for a terminal: give --output FILE, or lead it elsewhere."
        )
    options = {name: value for name, value in given.items() if value is not None}
    with plainly():
        graph = opened(engine, store)
        scope = resolve(graph.engine, options | ({"all": "true"} if all_ else {}))
        progress("Gathering…")
        found = gather(graph.engine, scope)
        progress(f"Writing {len(found.nodes)} things and {len(found.edges)} links…")
        written = form.write(found, graph.engine)
        for note in written.notes:
            click.echo(note, err=True)
        if output is None:
            for piece in written.pieces:
                click.echo(piece, nl=False)
            return
        name = formats.file_name(scope, found.snapshot, form)
        path = output / name if output.is_dir() else output
        try:
            replace_bytes(path, written.pieces)
        except OSError as error:
            raise click.ClickException(f"{path} cannot be written: {error.strerror}.") from None
    click.echo(f"{path}: {len(found.nodes)} things, {len(found.edges)} links.", err=True)
