"""Lines in order, each once, however many there are: what memory should not hold waits in a file.

>>> list(in_order(["b", "a", "b", "c", "a"]))
['a', 'b', 'c']
"""

import heapq
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from tempfile import TemporaryFile
from typing import TextIO

#: how many lines are held in memory
_RUN = 50_000


def in_order(lines: Iterable[str]) -> Iterator[str]:
    """Yield *lines* in order, each once.

    :param lines: without line breaks in them
    :raises OSError: the temporary folder cannot take them
    """
    held: set[str] = set()
    with ExitStack() as files:
        runs: list[TextIO] = []
        for line in lines:
            held.add(line)
            if len(held) >= _RUN:
                runs.append(files.enter_context(_run(sorted(held))))
                held = set()
        last = None
        for line in heapq.merge(*map(_read, runs), sorted(held)):
            if line != last:
                yield line
            last = line


def _run(lines: list[str]) -> TextIO:
    file = TemporaryFile("w+", encoding="utf-8", newline="\n")  # noqa: SIM115
    file.writelines(f"{line}\n" for line in lines)
    file.seek(0)
    return file


def _read(file: TextIO) -> Iterator[str]:
    return (line[:-1] for line in file)
