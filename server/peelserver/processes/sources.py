"""What workers answer from: a snapshot in memory, one on disk, or an engine elsewhere."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from peelgraph import ondisk
from peelserver.processes import indexing, making, worker
from peelserver.processes.stores import Stores, loaded

if TYPE_CHECKING:
    from peelserver.processes.keeper import Duty


@dataclass(frozen=True, slots=True)
class Source:
    """What forked processes do with it.

    :param live: be a worker and never return; it is told its ends, and the keeper's process
    :param index: begin with a search index at a path, and return the process that makes it
    """

    live: Callable[[tuple[int, int], int], None]
    index: Callable[[Path], int]


def source(duty: "Duty") -> Source:
    """Return what a keeper has its workers answer from.

    :raises DamagedSnapshot: the snapshot is not there, or is not what was written
    :raises NoStore: its store on disk is not there, and cannot be made
    """
    memory, bound = duty.memory, duty.merge_bound
    if duty.engine is not None:
        from peelserver.processes import relay  # brings HTTP, which no other worker needs

        engine, digest = duty.engine, duty.digest
        return Source(
            lambda ends, keeper: relay.live(engine, digest, ends, keeper, memory, bound),
            partial(relay.begin_index, engine, digest),
        )
    open_stores = _opens(duty)
    return Source(
        lambda ends, keeper: worker.live(open_stores, ends, keeper, memory, bound),
        partial(indexing.begin, open_stores),
    )


def _opens(duty: "Duty") -> Callable[[], Stores]:
    """Return what gives a forked process the stores: those there are, or one that it opens."""
    if duty.store is None:
        stores = loaded(Path(duty.snapshot))
        return lambda: stores
    path = Path(duty.store)
    if not ondisk.is_there(path):
        making.made(Path(duty.snapshot), os.getpid())
    ondisk.hold(path)
    return lambda: Stores(ondisk.opened(path))
