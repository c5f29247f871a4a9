"""``peelgraph fmt``: lay records out as records are, so that diffs stay small."""

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from peelgraph.resources import current


@click.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@click.option("--check", is_flag=True, help="Write nothing; name the files that would change.")
def fmt(files: tuple[Path, ...], check: bool) -> None:
    """Lay out FILES, or every file of register, reference, records and editorial.

    Only the space between what is said changes, and the order of the prefixes at the top: the
    graph stays the same, and so do comments and the order in which people read. A directory stands
    for the .ttl files below it.

    \b
    Reads:  Turtle. Ontology and shapes have a format of their own: python tools/fmt_ttl.py.
    Prints: each file that was (with --check: would be) changed; on standard error what cannot be
            laid out, with line and reason, and a summary. Such a file stays as it is.
    Exits:  0 nothing to change, or all of it changed; 1 with --check, a file would change;
            2 a file cannot be read, is not Turtle, or has a comment inside a property.

    \b
    Examples:
      peelgraph fmt
      peelgraph fmt --check graph/records
      peelgraph fmt graph/records/a-letter.ttl
    """
    from peelgraph.evidence.writing import replace_text

    status = changed = count = 0
    for file in _chosen(files):
        count += 1
        try:
            before = file.read_bytes().decode("utf-8")
            after = _formatted(before)
            if before == after:
                continue
            changed += 1
            if not check:
                replace_text(file, after)
        except (OSError, SyntaxError, ValueError) as problem:
            click.echo(f"{_shown(file)}: {_reason(problem)}", err=True)
            status = 2
            continue
        click.echo(_shown(file))
        status = max(status, int(check))
    verb = "would change" if check else "changed"
    click.echo(f"{count} file{'s' * (count != 1)}, {changed} {verb}.", err=True)
    sys.exit(status)


def _formatted(text: str) -> str:
    import pyoxigraph as ox

    from peelgraph.evidence.layout import formatted

    def said(turtle: str) -> ox.Dataset:
        found = ox.Dataset(ox.parse(turtle, format=ox.RdfFormat.TURTLE))
        found.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
        return found

    before = said(text)
    after = formatted(text)
    if said(after) != before:
        raise ValueError("The layout would change the graph. Please report this file.")
    return after


def _chosen(files: tuple[Path, ...]) -> Iterator[Path]:
    project = current()
    folders = (project.register, project.reference, project.editorial, project.records)
    for file in files or folders:
        if file.is_dir():
            yield from sorted(file.rglob("*.ttl"))
        else:
            yield file


def _shown(file: Path) -> str:
    here = Path.cwd()
    return click.format_filename(file.relative_to(here) if file.is_relative_to(here) else file)


def _reason(problem: Exception) -> str:
    if isinstance(problem, UnicodeDecodeError):
        return f"This is not UTF-8: byte {problem.start} cannot be read."
    if isinstance(problem, OSError):
        return f"The file cannot be read or written: {problem.strerror}."
    if isinstance(problem, SyntaxError):
        return f"This is not Turtle: {problem.msg}."
    return f"{problem}".rstrip(".") + "."
