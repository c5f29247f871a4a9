"""The ``peelgraph`` command.

A command's module is loaded when the command is called, so that asking is quick.
"""

from importlib import import_module

import click

_COMMANDS = {
    "ask": "ask",
    "build": "build",
    "diff": "diff",
    "evidence": "evidence",
    "fmt": "fmt",
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
def cli() -> None:
    """Follow up police inspections: what was raised, answered and closed, and where it says so.

    Answers go to standard output; progress and summaries to standard error. Every command exits
    with 0 when all is well, 1 when it found something wrong, and 2 when it was called wrongly.
    """
