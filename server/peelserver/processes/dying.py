"""Processes that do not outlive the one that started them."""

import ctypes
import os
import signal
import subprocess
import sys

_PR_SET_PDEATHSIG = 1

_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def with_parent(parent: int) -> None:
    """Have the kernel kill this process when its parent ends, however that ends.

    Linux only; elsewhere the processes end when the pipes between them do.

    :param parent: the parent's process, in case that has already ended
    """
    if _libc is None:
        return
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGKILL)


def start(command: list[str], *descriptors: int, **more: str) -> "subprocess.Popen[bytes]":
    """Start a process in a group of its own, so that Ctrl+C reaches its parent only.

    Not in a session of its own: Linux shares the processors out among sessions first
    (``autogroup``, sched(7)), and what gives way does so to its own session only.

    What speaks HTTP puts the environment beside the headers of requests: a variable whose name
    begins as theirs do would be taken for one.

    :param descriptors: what it inherits beside standard error
    :param more: variables of its environment, where there are none of their names
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HTTP_")}
    return subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        env=more | kept,
        pass_fds=descriptors,
        process_group=0,
    )
