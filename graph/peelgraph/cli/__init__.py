"""The ``peelgraph`` command."""

import click

from peelgraph.cli.ask import ask, questions
from peelgraph.cli.build import build
from peelgraph.cli.evidence import evidence
from peelgraph.cli.query import query
from peelgraph.cli.record import record
from peelgraph.cli.serve import serve
from peelgraph.cli.trace import trace
from peelgraph.cli.validate import validate


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="peelgraph")
def cli() -> None:
    """Follow up police inspections: what was raised, answered and closed, and where it says so.

    Answers go to standard output; progress and summaries to standard error. Every command exits
    with 0 when all is well, 1 when it found something wrong, and 2 when it was called wrongly.
    """


for command in (ask, build, evidence, query, questions, record, serve, trace, validate):
    cli.add_command(command)
