"""What names the snapshot to serve: a snapshot, a link to one, or a file that holds its path."""

import re
from pathlib import Path
from typing import Protocol

_NAME = re.compile(r"[0-9a-f]{64}\.nq")

#: a pointer holds a path, and no path is longer
_LARGEST = 4096


class Pointing(Protocol):
    """What leads to the snapshot to serve."""

    def snapshot(self) -> Path:
        """Return the snapshot that it leads to.

        :raises ValueError: it leads to something else
        :raises OSError: it leads to nothing
        """

    def changed(self) -> bool:
        """Whether it leads elsewhere since it was last followed."""

    def refused(self) -> None:
        """Note that what it leads to could not be served."""


class Pointer:
    """A path that leads to a snapshot; where it leads may change while the server runs."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen = self._state()

    def snapshot(self) -> Path:
        """Return the snapshot that it leads to.

        :raises ValueError: it leads to something else
        :raises OSError: it leads to nothing
        """
        self._seen = self._state()
        found = self._path.resolve(strict=True)
        if not _NAME.fullmatch(found.name):
            with found.open("rb") as file:
                text = file.read(_LARGEST).decode("utf-8", "replace").strip()
            if not _NAME.fullmatch(Path(text).name):
                raise ValueError(
                    f"{self._path.name} leads to no snapshot. A snapshot is named by its digest "
                    "and ends in .nq; 'peelgraph build' writes one."
                )
            found = (found.parent / text).resolve(strict=True)
        return found

    def changed(self) -> bool:
        """Whether it was written or set anew since it was last followed."""
        return self._state() not in (self._seen, None)

    def refused(self) -> None:
        """Wait until it is set anew."""

    def _state(self) -> tuple[str, int, int] | None:
        try:
            found = self._path.resolve(strict=True)
            stat = found.stat()
        except OSError:
            return None
        return str(found), stat.st_ino, stat.st_mtime_ns
