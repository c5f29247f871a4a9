"""``python -m peelgraph`` is the ``peelgraph`` command."""

from peelgraph.cli import cli

cli(prog_name="peelgraph")
