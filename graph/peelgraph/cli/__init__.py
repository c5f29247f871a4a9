"""The ``peelgraph`` command.

A command's module is loaded when the command is called, so that asking is quick.
"""

import os
from importlib import import_module
from pathlib import Path

import click

from peelgraph.resources import ALONE, PROJECT

_COMMANDS = {
    "analyse": "analyse",
    "ask": "ask",
    "build": "build",
    "diff": "diff",
    "evidence": "evidence",
    "export": "export",
    "fmt": "fmt",
    "push": "push",
    "query": "query",
    "questions": "ask",
    "record": "record",
    "serve": "serve",
    "trace": "trace",
    "validate": "validate",
}


class _Commands(click.Group):
    """The commands, by the modules that hold them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        command = getattr(import_module(f"peelgraph.cli.{_COMMANDS[cmd_name]}"), cmd_name)
        assert isinstance(command, click.Command)
        return command


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="peelgraph")
@click.option(
    "--project",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    envvar=PROJECT,
    help="A folder with an ontology/, shapes/ or graph/ of its own, added to the shipped ones.",
)
@click.option(
    "--alone", is_flag=True, envvar=ALONE, help="With --project: take nothing that is shipped."
)
@click.pass_context
def cli(context: click.Context, folder: Path | None, alone: bool) -> None:
    """Follow up police inspections: what was raised, answered and closed, and where it says so.

    Answers go to standard output; progress and summaries to standard error. Every command exits
    with 0 when all is well, 1 when it found something wrong, and 2 when it was called wrongly.

    \b
    Example:
      peelgraph --project ../our-records validate
    """
    if folder is None:
        if alone:
            raise click.UsageError("--alone needs a --project to stand alone.")
        return
    if not any((folder / part).is_dir() for part in ("ontology", "shapes", "graph")):
        raise click.UsageError(f"{folder} is no project: it has no ontology, shapes or graph.")
    chosen = {PROJECT: str(folder.resolve()), ALONE: "1" if alone else ""}
    before = {name: os.environ.get(name, "") for name in chosen}
    os.environ.update(chosen)  # the processes of the server are told in the same way
    context.call_on_close(lambda: os.environ.update(before))
