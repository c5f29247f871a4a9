"""``peelgraph record``: begin a record."""

import sys
from datetime import date
from pathlib import Path

import click

from peelgraph.evidence.problem import Unreadable
from peelgraph.evidence.source import Source, plain, read_source
from peelgraph.evidence.writing import create_text
from peelgraph.scaffold import scaffold, stem

_USUAL = Path("graph/records")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def record() -> None:
    """Begin a record."""


@record.command("new")
@click.argument("source", type=click.Path(path_type=Path))
@click.option("--record", "name", metavar="STEM", help="The record's name; else from the title.")
@click.option("--title", help="The document's title; else its first line.")
@click.option(
    "--into",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="The folder to write to; else graph/records, where there is one, or this folder.",
)
def new_command(source: Path, name: str | None, title: str | None, into: Path | None) -> None:
    """Write the scaffold of a record of SOURCE, and its manifest.

    Reads SOURCE, which must be UTF-8 text. Writes STEM.ttl, with the document, the sections of a
    record and the sentences still to be recorded, and STEM.toml. Overwrites nothing.

    Prints the names of both files. Exits 0 when both are written, 1 when one of them is there
    already or SOURCE holds no sentence, and 2 when SOURCE cannot be read or STEM is no good name.

    \b
    Examples:
      peelgraph record new ../sources/letter.txt --record hmicfrs-letter-2025-03-01
      peelgraph record new ../sources/report.txt --title "PEEL 2025: A force"
    """
    document = _read(source)
    heading = title or next((plain(line) for line in document.text.splitlines() if plain(line)), "")
    if not any(character.isalnum() for character in document.text):
        click.echo(f"{source}: Holds no words.", err=True)
        sys.exit(1)
    chosen = name or stem(title or source.name)
    if not chosen or chosen != stem(chosen):
        message = f"{chosen!r} is not made of lower-case letters, digits and single hyphens."
        raise click.BadParameter(f"{message} Try {stem(chosen) or 'a-letter-2025-03-01'!r}.")
    folder = into or (_USUAL if _USUAL.is_dir() else Path())
    files = (folder / f"{chosen}.ttl", folder / f"{chosen}.toml")
    for file in files:
        if file.exists():
            click.echo(f"{file}: Is there already; nothing was written.", err=True)
            sys.exit(1)
    made = scaffold(document, chosen, heading, date.today())
    for file, text in zip(files, (made.record, made.manifest), strict=True):
        create_text(file, text)
        click.echo(str(file))


def _read(source: Path) -> Source:
    try:
        return read_source(source)
    except Unreadable as error:
        click.echo(str(error.problem), err=True)
        sys.exit(2)
