"""Run what a stranger wrote: in a fork that can open nothing and that the kernel ends in time.

Queries in shapes and rules may come with somebody else's pull request. A fork of this process has
the graph without reading it again. It can have no new descriptor, hence open no file and no socket,
whatever a query contains (``SERVICE``, ``FROM <file:…>``); it has so much memory and so much time,
and what it found leaves it through one pipe.
"""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

#: bytes that a confined process may take beside what is there at the fork
MEMORY = 4 << 30


class CannotConfine(RuntimeError):
    """This system has no processes that can be confined."""


class Ended(RuntimeError):
    """A confined process ended before it was done; says why, for people."""


class Confined:
    """Work that runs in a confined fork, beside this process.

    :param work: yields lines of text, which come out of :meth:`lines`
    :param deadline: seconds after which the kernel ends it
    :param memory: bytes that it may take beside what is there now
    :raises CannotConfine: this system cannot fork
    """

    def __init__(
        self, work: Callable[[], Iterator[str]], *, deadline: float, memory: int = MEMORY
    ) -> None:
        if sys.platform == "win32":
            raise CannotConfine("Rules in SPARQL run only on systems that can fork a process.")
        sys.stdout.flush()
        sys.stderr.flush()
        self._deadline = deadline
        ends = os.pipe()
        self._child = os.fork()
        if not self._child:
            _live(work, ends[1], deadline, memory)
        os.close(ends[1])
        self._end = ends[0]

    def lines(self) -> Iterator[str]:
        """Yield the lines as they come.

        :raises Ended: after the last whole line, if the process was ended or failed
        """
        status = None
        try:
            with os.fdopen(self._end, "rb") as pipe:
                for line in pipe:
                    if line.endswith(b"\n"):
                        yield line.decode("utf-8")[:-1]
            _, status = os.waitpid(self._child, 0)
        finally:
            if status is None:
                os.kill(self._child, signal.SIGKILL)
                os.waitpid(self._child, 0)
        if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGALRM:
            raise Ended(f"It took more than {self._deadline:g} seconds.")
        if status:
            raise Ended("It took too much memory, or it is too large to be run.")


def confine(memory: int) -> None:
    """Let this process open nothing more, dump no core and take no more than so much memory.

    :param memory: bytes beside what it has now
    """
    import resource

    taken = _address_space() + memory
    resource.setrlimit(resource.RLIMIT_AS, (taken, taken))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))


def _live(
    work: Callable[[], Iterator[str]], end: int, deadline: float, memory: int
) -> None:  # pragma: no cover
    """Be the fork; never return."""
    try:
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_REAL, deadline)
        nowhere = os.open(os.devnull, os.O_RDWR)
        os.dup2(end, 3)
        for descriptor in (0, 1, 2):
            os.dup2(nowhere, descriptor)
        os.closerange(4, 4096)
        confine(memory)
        with os.fdopen(3, "wb", closefd=False) as pipe:
            for line in work():
                pipe.write(line.encode("utf-8") + b"\n")
                pipe.flush()
        os._exit(0)
    except BaseException:  # also a panic of the engine; its text may name what is on this machine
        os._exit(1)


def _address_space() -> int:
    """Return the bytes of address space that this process has; 1 GiB where that is not known."""
    import resource

    try:
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
    except OSError:
        return 1 << 30
    return pages * resource.getpagesize()
