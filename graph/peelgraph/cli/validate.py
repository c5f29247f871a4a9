"""``peelgraph validate``: check the graph, or some files, against the shapes."""

import os
import sys
from collections.abc import Iterable
from dataclasses import replace
from fnmatch import fnmatch
from pathlib import Path
from typing import TYPE_CHECKING

import click

from peelgraph.cli.opening import progress
from peelgraph.reports import FORMATS, Style, format_of, written
from peelgraph.resources import current

if TYPE_CHECKING:
    from peelgraph.validation import Examination

_SEVERITIES = ("violation", "warning", "info")


@click.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--fail-on",
    type=click.Choice(_SEVERITIES),
    default="violation",
    show_default=True,
    help="The mildest severity that makes the command fail.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(tuple(FORMATS)),
    help="How to write the findings. Default: text; inside GitHub Actions, github.",
)
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the findings to this file, in --format or as its name ends; the terminal has text.",
)
@click.option("--shape", "shapes", multiple=True, metavar="NAME", help="Only what this shape says.")
@click.option(
    "--file",
    "only",
    multiple=True,
    metavar="PATTERN",
    help="Only what has a place in such a file; * stands for anything.",
)
@click.option(
    "--changed-since",
    "revision",
    metavar="REV",
    help="Only what concerns files that git says changed since REV, and what depends on them.",
)
@click.option("--no-cache", is_flag=True, help="Find everything anew, and keep nothing.")
@click.option("--explain", metavar="SHAPE", help="Say what a shape demands and why, and stop.")
def validate(
    files: tuple[Path, ...],
    fail_on: str,
    form: str | None,
    output: Path | None,
    shapes: tuple[str, ...],
    only: tuple[str, ...],
    revision: str | None,
    no_cache: bool,
    explain: str | None,
) -> None:
    """Check the graph, or FILES, against the shapes.

    \b
    Reads:  the register, reference, records and editorial of the project (the shipped one, or
            that of peelgraph --project); or FILES (Turtle or TriG), with the project as their
            context. A file that is one of the project, or a record of the same name, takes its
            place. The derived graph is not read. What was found before is kept in the cache of
            this user; only what has changed since, and what depends on it, is looked at again.
    Prints: the findings, each with file, line and column, thing, shape and what to do; a summary
            on standard error. That a file is not Turtle or not UTF-8, or uses a prefix or a term
            that does not exist, is a finding; every other file is checked all the same.
    Exits:  0 nothing is as bad as --fail-on; 1 something is; 2 a file cannot be opened, or the
            command was called wrongly.

    \b
    Examples:
      peelgraph validate
      peelgraph validate --fail-on warning graph/records/a-letter.ttl
      peelgraph validate --output peelgraph.sarif
      peelgraph validate --changed-since origin/main
      peelgraph validate --explain DateShape-edtf
      peelgraph --project . validate
    """
    if explain is not None:
        _explain(explain)
        return
    if files and revision:
        raise click.UsageError("Give FILES or --changed-since, not both.")
    kind = form or (format_of(output) if output else None)
    if output is not None and kind is None:
        raise click.UsageError(f"Say with --format what to write to {output}.")
    names = _known(shapes)
    examination = _narrowed(_examined(files, revision, not no_cache), names, only)
    progress.clear()
    style = Style(fail_on, Path.cwd())
    if output is not None and kind is not None:
        _write(output, written(examination, kind, style))
    in_actions = os.environ.get("GITHUB_ACTIONS") == "true"
    shown = "github" if in_actions else "text"
    if form is not None and output is None:
        shown = form
    if shown == "text" and sys.stdout.isatty():
        style = replace(style, colour="NO_COLOR" not in os.environ)
    click.echo(written(examination, shown, style), nl=False)
    bad = [each for each in examination.findings if each.rank <= _SEVERITIES.index(fail_on)]
    click.echo(_summary(examination, len(bad), fail_on), err=True)
    absent = any(each.name == "FileShape-readable" for each in examination.findings)
    sys.exit(2 if absent else 1 if bad else 0)


def _examined(files: tuple[Path, ...], revision: str | None, remember: bool) -> "Examination":
    from peelgraph.git import NoRevision
    from peelgraph.sandbox import CannotConfine
    from peelgraph.validation import examine
    from peelgraph.validation.changes import examine_changes

    try:
        if revision is not None:
            return examine_changes(current(), revision, progress, remember=remember)
        return examine(current(), files or None, progress, remember=remember)
    except NoRevision as error:
        raise click.UsageError(str(error)) from None
    except CannotConfine as error:
        raise click.ClickException(str(error)) from None


def _known(shapes: tuple[str, ...]) -> set[str]:
    """Return the names of shapes as findings have them."""
    if not shapes:
        return set()
    from peelgraph.validation import UnreadableFileError
    from peelgraph.validation.explain import UnknownShape, known, names
    from peelgraph.validation.shapes import ShapeError, load_shapes

    try:
        among = names(load_shapes(*(layer.shapes for layer in current().layers)))
        return {known(each, among) for each in shapes}
    except (UnknownShape, UnreadableFileError, ShapeError) as error:
        raise click.UsageError(str(error.args[0])) from None


def _narrowed(
    examination: "Examination", shapes: set[str], patterns: tuple[str, ...]
) -> "Examination":
    """Keep the findings of some shapes and files; what cannot be read is always told."""
    found = [
        each
        for each in examination.findings
        if each.name.startswith("FileShape-")
        or (
            (not shapes or each.name in shapes)
            and (not patterns or _matches((place.file for place in each.places), patterns))
        )
    ]
    return replace(examination, findings=tuple(found))


def _matches(files: Iterable[Path], patterns: tuple[str, ...]) -> bool:
    """Whether one of *files* is named by a pattern: as a whole path, or by how it ends."""
    return any(
        fnmatch(path.as_posix(), wanted)
        for path in (file.resolve() for file in files)
        for pattern in patterns
        for wanted in (Path(pattern).absolute().as_posix(), f"*/{pattern}")
    )


def _explain(shape: str) -> None:
    from peelgraph.reports.text import printable
    from peelgraph.validation import UnreadableFileError
    from peelgraph.validation.explain import UnknownShape, explanation
    from peelgraph.validation.shapes import ShapeError

    try:
        for line in explanation(current(), shape).splitlines():
            click.echo(printable(line))
    except (UnknownShape, UnreadableFileError, ShapeError) as error:
        raise click.UsageError(str(error.args[0])) from None


def _write(output: Path, text: str) -> None:
    from peelgraph.evidence.writing import replace_text

    try:
        replace_text(output, text)
    except OSError as error:
        raise click.UsageError(f"{output} cannot be written: {error.strerror}.") from None


def _summary(examination: "Examination", bad: int, fail_on: str) -> str:
    counts = {
        name: sum(each.severity == name for each in examination.findings) for name in _SEVERITIES
    }
    said = ", ".join(f"{number} {name}{'s' * (number != 1)}" for name, number in counts.items())
    files = f"{examination.files} file{'s' * (examination.files != 1)}"
    return f"{files}, {examination.triples} triples: {said}; {bad} at or above {fail_on}."
