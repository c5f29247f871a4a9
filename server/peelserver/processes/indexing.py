"""The search index of a snapshot: made once, by a child of its keeper, as a file in the run folder.

The child has the store already, and gives back what it takes when it ends. Web processes read the
file; they hold nothing of it. A server whose index cannot be written serves all else.
"""

import contextlib
import os
import sys
from pathlib import Path

import pyoxigraph as ox

from peelgraph.namespaces import PREFIXES
from peelgraph.search import index
from peelserver.processes import dying


def make(store: ox.Store, path: Path) -> None:
    """Make the index of *store* and wait for it; say on standard error if there is none."""
    keeper = os.getpid()
    pid = os.fork()
    if pid == 0:
        status = 1
        with contextlib.suppress(BaseException):
            dying.with_parent(keeper)
            status = _made(store, path)
        os._exit(status)
    os.waitpid(pid, 0)


def _made(store: ox.Store, path: Path) -> int:
    try:
        index.make(lambda query: store.query(query, prefixes=PREFIXES), path)
    except Exception as error:
        print(f"There is no search index: {error}", file=sys.stderr, flush=True)
        return 1
    return 0
