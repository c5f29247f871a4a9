"""What hangs on the application, for every request of a web process."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import current_app

from peelserver.answering.pool import Pool, PoolEngine
from peelserver.config import Config

if TYPE_CHECKING:
    from peelserver.http.caching import Cache
    from peelserver.http.limits import Limits
    from peelserver.http.metrics import Metrics
from peelserver.http.records import Records


@dataclass(frozen=True, slots=True)
class State:
    """One web process's settings, its way to the workers, and what it counts."""

    config: Config
    pool: Pool
    cache: Cache
    limits: Limits
    metrics: Metrics
    records: Records

    def digest(self) -> str:
        """Return the digest of the current snapshot."""
        return self.pool.current()

    def digests(self) -> list[str]:
        """Return the digests of the snapshots that are kept, the newest first."""
        return self.pool.digests()

    def engine(self, digest: str | None = None) -> PoolEngine:
        """Return the engine of the current snapshot, or of one that is kept.

        :raises Gone: it is not kept
        """
        return PoolEngine(self.pool, self.pool.kept(digest))


def state() -> State:
    """Return the state of the application that answers this request."""
    found: State = current_app.extensions["peelgraph"]
    return found
