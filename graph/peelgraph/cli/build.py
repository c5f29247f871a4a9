"""``peelgraph build``: make the snapshot."""

import json
from pathlib import Path

import click

from peelgraph import build as building
from peelgraph.alone import BeingBuilt
from peelgraph.cli.opening import progress


@click.command()
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder to write the snapshot to. Default: the cache of this user.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def build(out: Path | None, as_json: bool) -> None:
    """Build the snapshot: read, check the manifests, derive, write.

    \b
    Reads:  ontology, register, reference, editorial, records with their manifests, rules.
    Prints: the snapshot's path, digest and counts. The same input gives the same bytes.
    Exits:  0 written; 1 a file is broken (each named with line and fault), the folder cannot be
            written to, or another process is building the same snapshot; the old one stays.

    \b
    Example:
      peelgraph build --out build
    """
    try:
        report = building.build(out=out, progress=progress)
    except (building.BuildError, BeingBuilt) as error:
        raise click.ClickException(str(error)) from None
    except OSError as error:
        raise click.ClickException(
            f"The snapshot cannot be written to {out or 'the cache'}: {error.strerror}. "
            "Give another folder with --out."
        ) from None
    progress.clear()
    if as_json:
        click.echo(json.dumps(report.as_object(), indent=2))
        return
    click.echo(f"{report.path}")
    click.echo(f"{report.quads} quads, digest {report.digest}", err=True)
