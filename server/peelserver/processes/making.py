"""The store on disk of a snapshot, made by a process that gives back what memory it took.

Run as ``python -m peelserver.processes.making SNAPSHOT PARENT``. Exits with 1, and says why on
standard error, if there is none.
"""

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from peelgraph import ondisk
from peelgraph.snapshot import DamagedSnapshot
from peelserver.processes import dying


class NoStore(RuntimeError):
    """There is no store; says why, and what to do."""


def made(snapshot: Path, parent: int, ending: Callable[[], bool] = lambda: False) -> Path:
    """Return the whole store of a snapshot; wait for as long as it takes to make it.

    :param parent: the process that asks
    :param ending: whether nobody wants it any more
    :raises NoStore: there is none
    """
    command = [sys.executable, "-m", "peelserver.processes.making", str(snapshot), str(parent)]
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        process_group=0,
    ) as process:
        while process.poll() is None:
            if ending():
                process.kill()
            time.sleep(0.02)
        _, why = process.communicate()
    if process.returncode:
        raise NoStore(why.strip() or "The store on disk was not made: its maker was ended.")
    return ondisk.path_of(snapshot)


def main() -> int:
    """Make it."""
    dying.with_parent(int(sys.argv[2]))
    try:
        ondisk.make(Path(sys.argv[1]))
    except (ondisk.NotMade, DamagedSnapshot) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
