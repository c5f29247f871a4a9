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

from peelgraph.namespaces import PREFIXES
from peelgraph.search import index
from peelserver.processes import dying
from peelserver.processes.stores import Stores

#: how much it leaves the processor to all that answer
NICE = 10


def begin(open_stores: Callable[[], Stores], path: Path) -> int:
    """Begin with an index, and return the process that makes it; nobody need wait for it.

    It says on standard error if there will be none.
    """
    keeper = os.getpid()
    pid = os.fork()
    if pid == 0:
        status = 1
        with contextlib.suppress(BaseException):
            dying.with_parent(keeper)
            os.setpriority(os.PRIO_PROCESS, 0, NICE)
            status = _made(open_stores, path)
        os._exit(status)
    return pid


def _made(open_stores: Callable[[], Stores], path: Path) -> int:
    try:
        stores = open_stores()
        index.make(lambda query: stores.of(query).query(query, prefixes=PREFIXES), path)
    except Exception as error:
        print(f"There is no search index: {error}", file=sys.stderr, flush=True)
        return 1
    return 0
