"""Open the graph for a command: build it where it is missing, and say what is wrong in one line."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from peelgraph import snapshot
from peelgraph.engine import Embedded, EngineError
from peelgraph.graph import Graph
from peelgraph.questions import UnknownName
from peelgraph.resources import current
from peelgraph.values import BadValue


def progress(message: str) -> None:
    """Say on standard error what takes time, if that is a terminal."""
    if sys.stderr.isatty():
        click.echo(message, err=True)


#: where --engine is read from, if it is not given
ENGINE = "PEELGRAPH_ENGINE"

#: what the option says by which a command asks an engine elsewhere
ENGINE_OPTION: dict[str, Any] = {
    "metavar": "URL",
    "envvar": ENGINE,
    "show_envvar": True,
    "help": "Ask the SPARQL endpoint at URL, to which 'peelgraph push' brought a snapshot.",
}

engine_option = click.option("--engine", **ENGINE_OPTION)


def opened(engine: str | None = None) -> Graph:
    """Return the shipped graph, or the one in the engine at an address."""
    if engine is None:
        return Graph(Embedded(snapshot.find(current()) or built()))
    from peelgraph.remote.engine import Remote  # most commands need no HTTP

    try:
        return Graph(Remote(engine))
    except ValueError as error:
        raise click.UsageError(str(error)) from None


def built() -> Path:
    """Build the shipped snapshot where it is missing, and return it."""
    from peelgraph.build import BuildError, ensure  # to build takes modules that to ask does not

    try:
        return ensure(progress=progress)
    except BuildError as error:
        raise click.ClickException(str(error)) from None


@contextmanager
def plainly() -> Iterator[None]:
    """Turn what a user can mend into a usage error: exit status 2, one sentence.

    An engine elsewhere that gives no answer ends a command with exit status 1.
    """
    try:
        yield
    except (BadValue, UnknownName) as error:
        raise click.UsageError(str(error.args[0])) from None
    except SyntaxError as error:
        raise click.UsageError(f"The query does not parse: {error}") from None
    except EngineError as error:
        raise click.ClickException(str(error)) from None
