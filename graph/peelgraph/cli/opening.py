"""Open the graph for a command: build it where it is missing, and say what is wrong in one line."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from peelgraph import holding, ondisk, snapshot
from peelgraph.engine import Embedded, EngineError
from peelgraph.graph import Graph
from peelgraph.questions import UnknownName
from peelgraph.resources import current
from peelgraph.values import BadValue


class _Progress:
    """One line on standard error, where that is a terminal: what takes time, and a bar."""

    #: columns of the bar
    WIDTH = 30

    def __init__(self) -> None:
        self._shown = ""

    def __call__(self, message: str, done: int = 0, total: int = 0) -> None:
        """Show *message*, and how much is done where that is known."""
        if not sys.stderr.isatty():
            return
        line = f"{message} …"
        if total:
            full = self.WIDTH * done // total
            line = f"{message} [{'#' * full:.<{self.WIDTH}}] {100 * done // total} %"
        if line == self._shown:
            return
        if not self._shown and (context := click.get_current_context(silent=True)):
            context.call_on_close(self.clear)
        self._shown = line
        click.echo(f"\r\033[K{line}", nl=False, err=True)

    def clear(self) -> None:
        """Take the line away, so that what is printed next stands alone."""
        if self._shown:
            self._shown = ""
            click.echo("\r\033[K", nl=False, err=True)


#: tells people what takes time
progress = _Progress()


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


#: what the option says by which a command chooses where the snapshot is held
STORE_OPTION: dict[str, Any] = {
    "type": click.Choice(holding.STORES),
    "default": "auto",
    "show_default": True,
    "help": "Where the snapshot is held: in memory, or on disk, where it is made once and then "
    "opened at once; auto for memory if it fits there.",
}

store_option = click.option("--store", **STORE_OPTION)


def opened(engine: str | None = None, store: str = "auto") -> Graph:
    """Return the shipped graph, or the one in the engine at an address.

    :param store: where the first of these is held, one of ``peelgraph.holding.STORES``
    """
    if engine is None:
        path = snapshot.find(current()) or built()
        return Graph(Embedded(path, on_disk=_on_disk(path, store)))
    if store != "auto":
        raise click.UsageError("--store is for the graph here: leave it out, or --engine.")
    from peelgraph.remote.engine import Remote  # most commands need no HTTP

    try:
        return Graph(Remote(engine))
    except ValueError as error:
        raise click.UsageError(str(error)) from None


def _on_disk(path: Path, store: str) -> bool:
    """Say whether a snapshot is held on disk; if so, make its store where that is missing."""
    choice = holding.choose(store, path)
    if not choice.on_disk:
        return False
    if store == "auto":
        click.echo(f"The snapshot is held on disk, {choice.why}.", err=True)
    if not ondisk.is_there(ondisk.path_of(path)):
        try:
            ondisk.make(path, progress)
        except (ondisk.NotMade, snapshot.DamagedSnapshot) as error:
            raise click.ClickException(str(error)) from None
        finally:
            progress.clear()
    return True


def built() -> Path:
    """Build the shipped snapshot where it is missing, and return it."""
    from peelgraph.build import BuildError, ensure  # to build takes modules that to ask does not

    try:
        return ensure(progress=progress)
    except BuildError as error:
        raise click.ClickException(str(error)) from None
    finally:
        progress.clear()


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
