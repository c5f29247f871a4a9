"""The next snapshot: built by the code as it is now, checked against the shapes, then offered.

Run as ``python -m peelserver.processes.candidate RUN PARENT STORE KEPT [SNAPSHOT]``. Prints the
path of the snapshot; exits with 1, and says why on standard error, if there is none to offer. Its
store on disk is made, too, if it is to be held there (see :func:`peelgraph.holding.choose`).
With SNAPSHOT, nothing is built or checked: only the store of that is made.
"""

import shutil
import sys
from pathlib import Path

from peelgraph import holding, ondisk, snapshot
from peelgraph.build import BuildError, ensure
from peelgraph.resources import current
from peelgraph.validation import UnreadableFileError, examine
from peelserver.processes import dying

_TROUBLE = (BuildError, UnreadableFileError, ondisk.NotMade, snapshot.DamagedSnapshot, OSError)


def main() -> int:
    """Offer the snapshot of the shipped project as it is now."""
    dying.with_parent(int(sys.argv[2]))
    run, store, kept = Path(sys.argv[1]), sys.argv[3], int(sys.argv[4])
    try:
        if len(sys.argv) > 5:
            print(_with_store(Path(sys.argv[5]), "disk", kept))
            return 0
        path = _snapshot(run)
        found = examine(current())
    except _TROUBLE as error:
        print(error, file=sys.stderr)
        return 1
    violations = [each for each in found.findings if each.severity == "violation"]
    for each in violations:
        print(f"{each.file}:{each.line}: {each.message}", file=sys.stderr)
    if violations or found.unreadable or not snapshot.is_sound(path):
        return 1
    try:
        print(_with_store(path, store, kept))
    except _TROUBLE as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _with_store(path: Path, store: str, kept: int) -> Path:
    """Return the path of a snapshot whose store is made, if it needs one."""
    if holding.choose(store, path, kept).on_disk:
        ondisk.make(path)
    return path


def _snapshot(run: Path) -> Path:
    """Return the snapshot; copied to the run folder if it would not outlast this process."""
    path = ensure(current())
    if path.parent == snapshot.folder():
        return path
    shutil.copyfile(snapshot.checksum_path(path), run / snapshot.checksum_path(path).name)
    return Path(shutil.copyfile(path, run / path.name))


if __name__ == "__main__":
    sys.exit(main())
