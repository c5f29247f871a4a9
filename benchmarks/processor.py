"""How much of the processors a server took: what else is running matters less than by the clock."""

import os
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


def spent(pid: int) -> float:
    """Return the seconds of processor that a process and all below it have had (Linux).

    Of those that have ended, it has what their parents were told.
    """
    children: dict[int, list[int]] = {}
    seconds: dict[int, float] = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            fields = (entry / "stat").read_bytes().rpartition(b")")[2].split()
        except OSError:  # it has just ended
            continue
        children.setdefault(int(fields[1]), []).append(int(entry.name))
        seconds[int(entry.name)] = sum(map(int, fields[11:15])) / _TICKS

    def below(process: int) -> float:
        return seconds.get(process, 0.0) + sum(map(below, children.get(process, ())))

    return below(pid)
