"""Where a snapshot is held while it is asked: in memory where it fits there, else on disk.

In memory every query is faster, several times where much is read; on disk it takes none of the
memory that it would not fit into.
"""

import math
import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

#: what ``--store`` may be
STORES = ("auto", "memory", "disk")

#: bytes of memory for each byte of a snapshot: while it is loaded, and when that is done. Measured
#: at a million quads (``benchmarks/storing.py``): 4.2 and 2.7, of a server with its two stores
LOADING, LOADED = 4.3, 2.8


@dataclass(frozen=True, slots=True)
class Choice:
    """Whether a snapshot is held on disk, and why, as the end of a sentence."""

    on_disk: bool
    why: str

    @property
    def name(self) -> str:
        """The value of ``--store`` that says the same."""
        return "disk" if self.on_disk else "memory"


def choose(wanted: str, snapshot: Path, kept: int = 0, available: int | None = None) -> Choice:
    """Return where to hold a *snapshot*.

    :param wanted: one of ``STORES``
    :param kept: how many others of its size are held beside it
    :param available: bytes of memory there are; those that this machine has left, if None
    """
    if wanted != "auto":
        return Choice(wanted == "disk", f"as --store {wanted} says")
    available = memory_available() if available is None else available
    needed = int(snapshot.stat().st_size * (LOADING + LOADED * kept))
    beside = f" with {kept} more kept" if kept else ""
    if available is None:
        return Choice(False, "since this system does not say how much memory it has left")
    return Choice(
        needed > available,
        f"since memory would take {_said(needed)} at most{beside}, of "
        f"{_said(available)} that are left",
    )


def memory_available(system: Path = Path("/")) -> int | None:
    """Return the bytes of memory that processes can still have, as far as the system says.

    The least of what the machine has left and what each control group of this process has, what
    it keeps of files not counted; elsewhere than on Linux, what the machine has.

    :param system: where ``/proc`` and ``/sys`` are
    """
    found = []
    with suppress(OSError, ValueError):
        lines = (system / "proc/meminfo").read_text("ascii").splitlines()
        said = dict(line.split(":", 1) for line in lines)
        found.append(int(said["MemAvailable"].split()[0]) << 10)
    with suppress(OSError, ValueError):
        groups = (system / "proc/self/cgroup").read_text("utf-8").splitlines()
        own = next((line[3:] for line in groups if line.startswith("0::")), "/")
        root = system / "sys/fs/cgroup"
        group = root / own.lstrip("/")
        for each in (group, *group.parents):
            if each.is_relative_to(root) and (left := _left_in(each)) is not None:
                found.append(left)
    if found:
        return max(0, min(found))
    with suppress(OSError, ValueError, AttributeError):
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return None


def _left_in(group: Path) -> int | None:
    """Return what a control group (version 2) may still take; None if it has no bound."""
    with suppress(OSError, ValueError):
        most = int((group / "memory.max").read_text("ascii"))
        taken = int((group / "memory.current").read_text("ascii"))
        lines = (group / "memory.stat").read_text("ascii").splitlines()
        files = next((int(line.split()[1]) for line in lines if line.startswith("file ")), 0)
        return most - taken + files
    return None


def _said(size: int) -> str:
    return f"{size / 1e9:.1f} GB" if size > 1e9 else f"{math.ceil(size / 1e6)} MB"
