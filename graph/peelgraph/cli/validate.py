"""``peelgraph validate``: check the graph, or some files, against the shapes."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from peelgraph.cli.opening import progress
from peelgraph.namespaces import shorten
from peelgraph.resources import SHIPPED

if TYPE_CHECKING:
    from peelgraph.reading import SourceError
    from peelgraph.validation import Examination, Finding

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
    "layout",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How to print the findings.",
)
def validate(files: tuple[Path, ...], fail_on: str, layout: str) -> None:
    """Check the shipped graph, or FILES, against the shapes.

    \b
    Reads:  the shipped register, reference, records and editorial; or FILES (Turtle), with the
            shipped graph as their context. A file that is a shipped one, or a record of the same
            name, takes its place. The derived graph is not read.
    Prints: the findings, worst first, each with file, line, thing, shape and what to do;
            a summary and the files that cannot be read on standard error.
    Exits:  0 nothing is as bad as --fail-on; 1 something is; 2 a file cannot be read (every other
            file is checked all the same).

    \b
    Examples:
      peelgraph validate
      peelgraph validate --fail-on warning graph/records/a-letter.ttl
      peelgraph validate --format json | jq '.findings[].message'
    """
    from peelgraph.validation import UnreadableFileError, examine

    try:
        examination = examine(SHIPPED, files or None, progress)
    except UnreadableFileError as error:
        _say_unreadable(error.problems)
        sys.exit(2)
    bad = [each for each in examination.findings if each.rank <= _SEVERITIES.index(fail_on)]
    if layout == "json":
        click.echo(json.dumps(_as_object(examination), indent=2, ensure_ascii=False))
    else:
        for finding in examination.findings:
            click.echo(_as_text(finding))
    _say_unreadable(examination.unreadable)
    click.echo(_summary(examination, len(bad), fail_on), err=True)
    sys.exit(2 if examination.unreadable else 1 if bad else 0)


def _summary(examination: "Examination", bad: int, fail_on: str) -> str:
    counts = {
        name: sum(each.severity == name for each in examination.findings) for name in _SEVERITIES
    }
    said = ", ".join(f"{number} {name}{'s' * (number != 1)}" for name, number in counts.items())
    files = f"{examination.files} file{'s' * (examination.files != 1)}"
    return f"{files}, {examination.triples} triples: {said}; {bad} at or above {fail_on}."


def _say_unreadable(problems: "tuple[SourceError, ...]") -> None:
    for problem in problems:
        click.echo(f"{_place(problem.file, problem.line)}{_printable(problem.message)}", err=True)


def _as_text(finding: "Finding") -> str:
    what = f"{finding.severity}: {_printable(shorten(finding.focus))} [{finding.name}]"
    return f"{_place(finding.file, finding.line)}{what}\n    {_printable(finding.message)}"


def _place(file: Path | None, line: int | None) -> str:
    """Return where it is, as compilers write it, or nothing."""
    if file is None:
        return ""
    return f"{_shown(file)}: " if line is None else f"{_shown(file)}:{line}: "


def _shown(file: Path) -> str:
    here = Path.cwd()
    return _printable(str(file.relative_to(here) if file.is_relative_to(here) else file))


def _printable(text: str) -> str:
    """Keep what a file says from steering the terminal."""
    return "".join(each if each.isprintable() else repr(each)[1:-1] for each in text)


def _as_object(examination: "Examination") -> dict[str, Any]:
    return {
        "files": examination.files,
        "triples": examination.triples,
        "findings": [
            {
                "severity": each.severity,
                "shape": each.name,
                "focus": each.focus,
                "path": each.path,
                "value": each.value,
                "message": each.message,
                "file": None if each.file is None else _shown(each.file),
                "line": each.line,
            }
            for each in examination.findings
        ],
        "unreadable": [
            {"file": _shown(each.file), "line": each.line, "message": each.message}
            for each in examination.unreadable
        ],
    }
