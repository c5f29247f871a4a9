"""The command ``peelgraph-bench``."""

import json
import sys
from dataclasses import asdict
from pathlib import Path

import click

from peelbench.national import SMALLEST, generate


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def cli() -> None:
    """Make what is needed to measure peelgraph at the size of a country."""


@cli.command("generate")
@click.option(
    "--quads",
    type=click.IntRange(SMALLEST, 10_000_000),
    required=True,
    help="Quads of the snapshot that is built of it, met within five in a hundred.",
)
@click.option(
    "--seed", type=int, default=1, show_default=True, help="Another seed, another corpus."
)
@click.option(
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    help="A folder that is empty or not there yet.",
)
@click.option("--defects", is_flag=True, help="Plant violations; defects.json lists them.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def generate_(quads: int, seed: int, output: Path, defects: bool, as_json: bool) -> None:
    r"""Write a made-up national corpus: a project with records, register and editorial files.

    It is valid under all shapes, unless defects are planted. The same numbers give the same bytes.

    \b
    Prints: where it is, and how much of it there is.
    Exits:  0 written, 2 a number out of range or a folder that holds something.

    \b
    Example:
      python benchmarks/peelgraph-bench generate --quads 100000 --output /tmp/national
    """

    def progress(message: str) -> None:
        if sys.stderr.isatty():
            click.echo(message, err=True)

    try:
        report = generate(output, quads, seed, defects=defects, progress=progress)
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    if as_json:
        click.echo(json.dumps({**asdict(report), "folder": str(report.folder)}, indent=2))
        return
    click.echo(
        f"{report.folder}: {report.records} records on {report.forces} forces, "
        f"{report.triples} triples, about {report.quads} quads when built."
    )
    if report.unplanted:
        click.echo(f"Too small for: {', '.join(report.unplanted)}.", err=True)
    for each in report.planted:
        click.echo(f"{each.defect}  {each.thing}  {each.shape}")
