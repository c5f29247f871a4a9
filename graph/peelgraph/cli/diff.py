"""``peelgraph diff``: what changed between two graphs, in terms of the domain."""

import json
import os
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from peelgraph.cli.opening import ENGINE, progress
from peelgraph.resources import SHIPPED, current

if TYPE_CHECKING:
    from peelgraph.comparison import Change, Comparison

_HEADINGS = {
    "status": "Status",
    "phase": "Phase of monitoring",
    "clock": "Statutory clock",
    "added": "Added",
    "removed": "Removed",
    "changed": "Changed",
}


@click.command()
@click.argument("old")
@click.argument("new", required=False)
@click.option("--on", default="today", help="The day for which status and phase are compared.")
@click.option(
    "--format",
    "layout",
    type=click.Choice(["text", "json", "markdown"]),
    default="text",
    show_default=True,
    help="How to print the changes; markdown suits a comment on a pull request.",
)
@click.option(
    "--exit-code", is_flag=True, help="Exit with 1 if anything changed, as git diff does."
)
def diff(old: str, new: str | None, on: str, layout: str, exit_code: bool) -> None:
    """Say what changed from OLD to NEW: what was closed, raised, added, described anew.

    OLD and NEW are git revisions, folders that hold a project (ontology/ and graph/), or
    snapshots. NEW is the folder one stands in if it is not given; with peelgraph --project, that
    of the project, whose repository then has the revisions, and each side is added to the shipped
    graph. Nothing that is there is touched; a revision is unpacked in a temporary folder.

    \b
    Reads:  both graphs; they are built if they are not yet. Never an engine elsewhere: what was
            pushed to one is the snapshot that was pushed.
    Prints: first what the derived graph says differently (status, phase, statutory clock), then
            things that were added, removed or changed; a summary on standard error.
    Exits:  0 compared; 1 with --exit-code, something changed, or one of the two cannot be built;
            2 OLD or NEW is no graph, or --on is no day.

    \b
    Examples:
      peelgraph diff main
      peelgraph diff v0.1.0 v0.2.0 --format markdown
      peelgraph --project . diff origin/main
      peelgraph diff HEAD~1 --on 2024-09-20 --exit-code
    """
    from peelgraph.build import BuildError
    from peelgraph.comparison import compare
    from peelgraph.revisions import NoSuchGraph, graph_of
    from peelgraph.values import BadValue

    if os.environ.get(ENGINE):
        click.echo(f"{ENGINE} is not heeded here: this compares files.", err=True)
    here, project = Path.cwd(), current()
    if new is None:
        new = "." if project == SHIPPED else str(project.root)
    try:
        with graph_of(old, here, progress) as before, graph_of(new, here, progress) as after:
            comparison = compare(before, after, on)
    except (BadValue, NoSuchGraph) as error:
        raise click.UsageError(str(error)) from None
    except BuildError as error:
        raise click.ClickException(str(error)) from None
    progress.clear()
    click.echo(_PRINTED[layout](comparison), nl=False)
    count = len(comparison.changes)
    click.echo(f"{count} change{'s' * (count != 1)}; status on {comparison.on}.", err=True)
    sys.exit(int(exit_code and count > 0))


def _as_text(comparison: "Comparison") -> str:
    lines: list[str] = []
    for part, heading in _HEADINGS.items():
        if changes := comparison.of(part):
            lines += [""] * bool(lines) + [heading]
            for change in changes:
                lines.append(f"  {_printable(_head(change))}")
                lines += [f"      {_printable(detail)}" for detail in change.details]
    return "".join(f"{line}\n" for line in lines)


def _as_markdown(comparison: "Comparison") -> str:
    lines = [f"### What changes in the graph (status on {comparison.on})", ""]
    for part, heading in _HEADINGS.items():
        if changes := comparison.of(part):
            lines += [f"**{heading}**", ""]
            for change in changes:
                lines.append(f"- {_escaped(_head(change))}")
                lines += [f"  - {_escaped(detail)}" for detail in change.details]
            lines.append("")
    if not comparison.changes:
        lines += ["Nothing.", ""]
    return "\n".join(lines)


def _as_json(comparison: "Comparison") -> str:
    return json.dumps(asdict(comparison), indent=2, ensure_ascii=False) + "\n"


_PRINTED = {"text": _as_text, "json": _as_json, "markdown": _as_markdown}


def _head(change: "Change") -> str:
    """Return a change without its details, which stand below it."""
    return f"{change.sentence.partition(' changed: ')[0]}:" if change.details else change.sentence


def _printable(text: str) -> str:
    """Keep what a file says from steering the terminal."""
    return "".join(each if each.isprintable() else repr(each)[1:-1] for each in text)


def _escaped(text: str) -> str:
    """Keep what a file says from being read as Markdown, a mention or a tag."""
    text = _printable(text)
    return "".join(f"\\{each}" if each in "\\`*_[]<>#|~&!@" else each for each in text)
