"""Workers that leave the processor to others: those of long queries.

On Linux they run under SCHED_IDLE (sched(7)), that is, when nobody else wants a processor. Whoever
wakes up need not wait until their slice is over, as with niceness alone.

A process must run to end, too, and to give back its memory, and under SCHED_IDLE it hardly does
while others want the processors; nor may anyone without a privilege take it out of there. So
whoever waits for its end gives back its memory in its place (process_mrelease(2), Linux 5.15).
"""

import contextlib
import ctypes
import os
import sys

#: how much more than others they leave the processor to the rest, where there is no SCHED_IDLE
NICE = 10

#: the number of process_mrelease, the same on all machines
_MRELEASE = 448

_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def begin(pid: int) -> int | None:
    """Have a child that has not been waited for give way, for good.

    :return: a descriptor of it for ``release``, to be closed; None where there are none
    """
    if sys.platform != "linux":
        _be_nice(pid)
        return None
    try:
        os.sched_setscheduler(pid, os.SCHED_IDLE, os.sched_param(0))
    except OSError:  # not to be had within this container
        _be_nice(pid)
    try:
        return os.pidfd_open(pid)
    except OSError:
        return None


def release(process: int | None) -> None:
    """Give back the memory of a process that is about to end; nothing happens to another.

    :param process: what ``begin`` returned
    """
    if _libc is not None and process is not None:
        _libc.syscall(_MRELEASE, process, 0)


def _be_nice(pid: int) -> None:
    with contextlib.suppress(OSError):  # it has ended
        os.setpriority(os.PRIO_PROCESS, pid, os.getpriority(os.PRIO_PROCESS, pid) + NICE)
