"""The search index of a snapshot: made once, by a child of its keeper, as a file in the run folder.

The child has the store already, or opens it, and gives back what it takes when it ends. Web
processes read the file; they hold nothing of it. A server whose index cannot be written serves all
else.
"""

import contextlib
import os
import sys
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox

from peelgraph.namespaces import PREFIXES
from peelgraph.search import index
from peelserver.processes import dying


def make(open_store: Callable[[], ox.Store], path: Path) -> None:
    """Make the index of a store and wait for it; say on standard error if there is none."""
    keeper = os.getpid()
    pid = os.fork()
    if pid == 0:
        status = 1
        with contextlib.suppress(BaseException):
            dying.with_parent(keeper)
            status = _made(open_store, path)
        os._exit(status)
    os.waitpid(pid, 0)


def _made(open_store: Callable[[], ox.Store], path: Path) -> int:
    try:
        store = open_store()
        index.make(lambda query: store.query(query, prefixes=PREFIXES), path)
    except Exception as error:
        print(f"There is no search index: {error}", file=sys.stderr, flush=True)
        return 1
    return 0
