"""Queries begun before their answers are wanted, so that two workers answer a page at a time.

A page knows of several questions at once that do not depend on one another. Threads of a web
process have them answered in order; whoever wants an answer that none of them has begun with asks
for it itself. So nobody ever waits for a thread, and turns are shared out by client as always.
"""

from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from typing import Generic, TypeVar

Found = TypeVar("Found")

#: how many labels of a snapshot a web process remembers
LABELS = 20_000


class Helpers:
    """A few threads.

    :param number: how many
    """

    def __init__(self, number: int) -> None:
        self._threads = ThreadPoolExecutor(number, thread_name_prefix="ahead")

    def begin(self, ask: Callable[[], Found]) -> "Begun[Found]":
        """Begin with something, on behalf of the same client."""
        return Begun(self._threads.submit(copy_context().run, ask), ask)

    def close(self) -> None:
        """Begin with nothing any more."""
        self._threads.shutdown(wait=False, cancel_futures=True)


class Begun(Generic[Found]):
    """Something that a helper has begun with, or will."""

    def __init__(self, future: "Future[Found]", ask: Callable[[], Found]) -> None:
        self._future = future
        self._ask = ask

    def result(self) -> Found:
        """Return what was found; find it here, if no helper has begun."""
        return self._ask() if self._future.cancel() else self._future.result()


class Labels(dict[str, str]):
    """The labels of the things that pages of one snapshot spoke of; all forgotten when too many."""

    def update(self, new: Mapping[str, str]) -> None:  # type: ignore[override]
        """Remember some more."""
        if len(self) + len(new) > LABELS:
            self.clear()
        super().update(new)
