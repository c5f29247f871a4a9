"""The next snapshot: built by the code as it is now, checked against the shapes, then offered.

Run as ``python -m peelserver.processes.candidate RUN PARENT``. Prints the path of the snapshot;
exits with 1, and says why on standard error, if there is none to offer.
"""

import shutil
import sys
from pathlib import Path

from peelgraph import snapshot
from peelgraph.build import BuildError, ensure
from peelgraph.resources import current
from peelgraph.validation import UnreadableFileError, examine
from peelserver.processes import dying


def main() -> int:
    """Offer the snapshot of the shipped project as it is now."""
    dying.with_parent(int(sys.argv[2]))
    try:
        path = _snapshot(Path(sys.argv[1]))
        found = examine(current())
    except (BuildError, UnreadableFileError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    violations = [each for each in found.findings if each.severity == "violation"]
    for each in violations:
        print(f"{each.file}:{each.line}: {each.message}", file=sys.stderr)
    if violations or found.unreadable or not snapshot.is_sound(path):
        return 1
    print(path)
    return 0


def _snapshot(run: Path) -> Path:
    """Return the snapshot; copied to the run folder if it would not outlast this process."""
    path = ensure(current())
    if path.parent == snapshot.folder():
        return path
    shutil.copyfile(snapshot.checksum_path(path), run / snapshot.checksum_path(path).name)
    return Path(shutil.copyfile(path, run / path.name))


if __name__ == "__main__":
    sys.exit(main())
