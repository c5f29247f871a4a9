"""Ends connections that only take up room; where Linux tells how they stand, elsewhere nothing.

What speaks HTTP here has a timeout for headers, but none for a body that does not come or an
answer that is not read, and no limit of connections for one address. A thread looks at the
sockets of its own process instead, and shuts down

- one that was sent nothing for longer than any answer takes,
- one whose client reads an answer more slowly than ``SLOWEST`` for ``GRACE`` seconds,
- the longest unused ones of an address that has more than ``EACH``.
"""

import os
import socket
import struct
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from peelserver.config import Config
from peelserver.http.limits import is_trusted

#: bytes a second that a client has to read, and seconds for which it may read less
SLOWEST = 10_000
GRACE = 30.0

#: connections that one address may have with one web process
EACH = 256

#: seconds between two looks
_EVERY = 2.0

#: of struct tcp_info: unacked, last_data_sent, last_data_recv, bytes_acked, notsent_bytes
_INFO = struct.Struct("=24xI16xI4xI64xQ16xI")


@dataclass(frozen=True, slots=True)
class Connection:
    """One connection, and how it stands.

    :param name: what tells it from any other
    :param sent: seconds since we sent something
    :param received: seconds since it sent something
    :param unread: whether the kernel still holds something for it
    :param acknowledged: bytes that it has taken so far
    """

    name: int
    peer: str
    sent: float
    received: float
    unread: bool
    acknowledged: int


def watch(config: Config) -> None:
    """Start to look after this process's connections, once per web process."""
    if hasattr(socket, "TCP_INFO") and Path("/proc/self/fd").is_dir():
        threading.Thread(target=_watch, args=(config,), name="connections", daemon=True).start()


def longest(config: Config) -> float:
    """Return the seconds after which an answer has come, or none comes any more."""
    waits = 2 * config.patience + config.fast_deadline + config.deadline
    return max(waits, config.patience + config.question_deadline) + 10


def _watch(config: Config) -> None:
    slow: dict[int, tuple[float, int]] = {}
    while True:
        time.sleep(_EVERY)
        now = time.monotonic()
        found = {each.name: each for each in connections()}
        slow = {
            name: slow.get(name, (now, each.acknowledged))
            for name, each in found.items()
            if each.unread
        }
        ended = {name for name, each in found.items() if each.sent > longest(config)}
        ended |= {name for name, began in slow.items() if too_slow(found[name], began, now)}
        ended |= surplus(
            [each for each in found.values() if not is_trusted(each.peer, config.trusted_proxies)]
        )
        if ended:
            end(ended)


def too_slow(each: Connection, began: tuple[float, int], now: float) -> bool:
    """Say whether a client reads too slowly.

    :param began: when it was first seen to have something unread, and what it had taken then
    """
    since, taken = began
    return now - since > GRACE and each.acknowledged - taken < SLOWEST * (now - since)


def surplus(connections: list[Connection], most: int = EACH) -> set[int]:
    """Return the names of the longest unused connections, of each address that has too many."""
    by_peer = defaultdict(list)
    for each in connections:
        by_peer[each.peer].append(each)
    found: set[int] = set()
    for theirs in by_peer.values():
        if len(theirs) > most:
            theirs.sort(key=lambda each: min(each.sent, each.received), reverse=True)
            found.update(each.name for each in theirs[: len(theirs) - most])
    return found


def connections() -> Iterator[Connection]:
    """Yield this process's connections over TCP, as they stand."""
    for name, ours in _sockets():
        with suppress(OSError):
            peer = str(ours.getpeername()[0])
            info = ours.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 256)
            unacked, sent, received, taken, unsent = _INFO.unpack_from(info)
            unread = bool(unacked or unsent)
            yield Connection(name, peer, sent / 1000, received / 1000, unread, taken)


def end(names: set[int]) -> None:
    """Shut down the connections of these names."""
    for name, ours in _sockets():
        if name in names:
            with suppress(OSError):
                ours.shutdown(socket.SHUT_RDWR)


def _sockets() -> Iterator[tuple[int, socket.socket]]:
    """Yield this process's sockets of TCP, each by a duplicate and under its inode's number.

    A duplicate stays the same connection, whatever becomes of the number it had.
    """
    for entry in Path("/proc/self/fd").iterdir():
        with suppress(OSError):
            if not str(entry.readlink()).startswith("socket:"):
                continue
            with socket.socket(fileno=os.dup(int(entry.name))) as ours:
                internet = ours.family in (socket.AF_INET, socket.AF_INET6)
                if internet and ours.type == socket.SOCK_STREAM:
                    yield os.fstat(ours.fileno()).st_ino, ours
