"""Writing a file so that at every moment it is either the old one or the new one."""

import os
from collections.abc import Iterable
from pathlib import Path
from tempfile import NamedTemporaryFile


def replace_text(file: Path, text: str) -> None:
    """Put *text* in the place of *file*, as ``replace_bytes`` does."""
    replace_bytes(file, [text.encode("utf-8")])


def replace_bytes(file: Path, pieces: Iterable[bytes]) -> None:
    """Write *pieces* beside *file*, flush them to the disk, and only then put them in its place.

    Permissions are kept; a symbolic link stays and its target is replaced.
    """
    target = file.resolve()
    with NamedTemporaryFile(
        "wb", dir=target.parent, prefix=f".{target.name}.", delete=False
    ) as beside:
        temporary = Path(beside.name)
        try:
            beside.writelines(pieces)
            beside.flush()
            os.fsync(beside.fileno())
            temporary.chmod(target.stat().st_mode & 0o7777 if target.exists() else 0o644)
            temporary.replace(target)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise


def create_text(file: Path, text: str) -> None:
    """Write *text* to a new *file*.

    :raises FileExistsError: there is such a file
    """
    with file.open("x", encoding="utf-8", newline="") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
