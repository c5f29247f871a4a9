"""A web process's side of the workers: fetched from the keeper, asked, given up."""

import os
import socket
import struct
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from peelserver.answering import wire
from peelserver.answering.jobs import Busy

#: seconds that a keeper may take for one answer
PATIENCE = 10.0

#: seconds beyond the deadline after which a worker that says nothing is given up
GRACE = 1.0

#: seconds between two looks at the clock while a worker is waited for
LOOK = 0.5


class NotThere(Exception):
    """A worker ended while it had nothing to do."""


@dataclass(slots=True, eq=False)
class Worker:
    """A worker that this process may ask; nobody else has its socket.

    :param gives_way: it leaves the processor to the workers that do not
    """

    number: str
    pid: int
    address: Path
    socket: socket.socket
    lifeline: int
    gives_way: bool = False

    def __post_init__(self) -> None:
        """Have ``ask`` look up from its wait now and then."""
        whole, part = divmod(int(LOOK * 1_000_000), 1_000_000)
        seconds = struct.pack("ll", whole, part)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, seconds)

    def ask(self, request: Mapping[str, Any], query: str) -> tuple[Mapping[str, Any], bytes]:
        """Have one job done.

        :raises NotThere: it ended before
        :raises EOFError: it ended meanwhile
        """
        until = time.monotonic() + request["deadline"] + GRACE

        def late() -> None:
            if time.monotonic() > until:
                raise TimeoutError

        try:
            wire.send(self.socket, request, query.encode("utf-8", "surrogatepass"))
        except OSError:
            raise NotThere from None
        try:
            return wire.receive(self.socket, late=late)
        except OSError:
            raise EOFError from None

    def close(self) -> None:
        """Let it go: it ends, also amid a job."""
        self.socket.close()
        os.close(self.lifeline)

    def how_it_ended(self) -> int | None:
        """Return the signal that ended it: 0 for none, None where nobody knows."""
        self.close()
        try:
            with _connected(self.address) as keeper:
                wire.send(keeper, {"ask": "ended", "worker": self.number})
                found: int | None = wire.receive(keeper)[0]["signal"]
                return found
        except (OSError, EOFError):
            return None


def fetch(address: Path, *, gives_way: bool = False) -> Worker:
    """Return a new worker of the keeper at *address*.

    :param gives_way: it is to leave the processor to the workers that do not
    :raises Busy: there are as many as there may be
    :raises OSError: there is none, or it does not answer
    """
    with _connected(address) as keeper:
        wire.send(keeper, {"ask": "worker", "long": gives_way})
        head, descriptors = _with_descriptor(keeper)
        if head["worker"] is None:
            raise Busy("Other queries are being answered. Try again in a few seconds.", None, 5)
        return Worker(
            head["worker"],
            head["pid"],
            address,
            socket.socket(fileno=descriptors[0]),
            descriptors[1],
            gives_way,
        )


def _with_descriptor(keeper: socket.socket) -> tuple[Mapping[str, Any], list[int]]:
    head, _ = _head(keeper)
    if head["worker"] is None:
        return head, []
    _, descriptors, _, _ = socket.recv_fds(keeper, 1, 2)
    if len(descriptors) != 2:
        raise ConnectionError
    for descriptor in descriptors:
        os.set_inheritable(descriptor, False)
    return head, descriptors


def _head(keeper: socket.socket) -> tuple[Mapping[str, Any], bytes]:
    try:
        return wire.receive(keeper, exact=True)
    except EOFError:
        raise ConnectionError from None


def _connected(address: Path) -> socket.socket:
    found = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        found.settimeout(PATIENCE)
        found.connect(str(address))
    except BaseException:
        found.close()
        raise
    return found
