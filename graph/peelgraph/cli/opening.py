"""Open the graph for a command: build it where it is missing, and say what is wrong in one line."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from peelgraph import snapshot
from peelgraph.engine import Embedded
from peelgraph.graph import Graph
from peelgraph.questions import UnknownName
from peelgraph.resources import current
from peelgraph.values import BadValue


def progress(message: str) -> None:
    """Say on standard error what takes time, if that is a terminal."""
    if sys.stderr.isatty():
        click.echo(message, err=True)


def opened() -> Graph:
    """Return the shipped graph."""
    return Graph(Embedded(snapshot.find(current()) or built()))


def built() -> Path:
    """Build the shipped snapshot where it is missing, and return it."""
    from peelgraph.build import BuildError, ensure  # to build takes modules that to ask does not

    try:
        return ensure(progress=progress)
    except BuildError as error:
        raise click.ClickException(str(error)) from None


@contextmanager
def plainly() -> Iterator[None]:
    """Turn what a user can mend into a usage error: exit status 2, one sentence."""
    try:
        yield
    except (BadValue, UnknownName) as error:
        raise click.UsageError(str(error.args[0])) from None
    except SyntaxError as error:
        raise click.UsageError(f"The query does not parse: {error}") from None
