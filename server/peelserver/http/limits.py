"""What one client may take: so many requests a second, and so many queries at once.

The counts are those of one web process; with two of them, a client gets up to twice as much.
"""

import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any

from werkzeug.wrappers import Request

from peelserver.answering.jobs import QueryRefused
from peelserver.config import Config

#: how many clients are remembered; beyond, the one not seen for longest is forgotten
CLIENTS = 20_000

#: how many addresses of a forwarding header are looked at, from the right
HOPS = 32

#: characters of a forwarding header that are looked at, from the right: more than so many addresses
_HEADER = 64 * HOPS


class TooMany(QueryRefused):
    """One client asks for more than its share."""

    status = 429


def client(request: Request, config: Config) -> str:
    """Return whom to count a request for: an IPv4 address, or the /64 of an IPv6 one.

    That is the peer. Where the peer is a trusted proxy, it is the right-most address in
    ``X-Forwarded-For`` that is not one; what stands left of it anyone could have written.
    """
    return counted(request.environ, config)


def counted(environ: dict[str, Any], config: Config) -> str:
    """Return the same from a WSGI environment."""
    peer = str(environ.get("REMOTE_ADDR") or "")
    if not config.trusted_proxies:
        return _counted(peer)
    forwarded = str(environ.get("HTTP_X_FORWARDED_FOR") or "")
    return _forwarded(peer, forwarded[-_HEADER:], config.trusted_proxies)


@lru_cache(maxsize=4096)
def _counted(text: str) -> str:
    address = _address(text)
    if address is None:
        return "local"
    if isinstance(address, IPv6Address):
        return str(IPv6Network((address.packed[:8] + bytes(8), 64)))
    return str(address)


@lru_cache(maxsize=4096)
def _forwarded(peer: str, forwarded: str, trusted: tuple[str, ...]) -> str:
    found = peer
    for hop in reversed(forwarded.split(",")[-HOPS:]):
        if not is_trusted(found, trusted) or _address(hop) is None:
            break
        found = hop
    return _counted(found)


@lru_cache(maxsize=4096)
def is_trusted(text: str, trusted: tuple[str, ...]) -> bool:
    """Say whether an address is that of a trusted proxy (an empty one: a local socket)."""
    address = _address(text)
    if address is None:
        return not text and "local" in trusted
    networks = (ip_network(each, strict=False) for each in trusted if each != "local")
    return any(address in network for network in networks)


def _address(text: str) -> IPv4Address | IPv6Address | None:
    """Read an address as proxies write it: with or without port, brackets and quotes."""
    text = text.strip().strip('"')
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


class Limits:
    """Counts requests and queries by client; thread-safe.

    :param rate: requests a second that one client may make for long; 0 for any number
    :param burst: requests that it may make at once
    :param at_once: queries of one client that may be under way, those that wait included
    :param clock: seconds that only go forward
    """

    def __init__(
        self,
        rate: float,
        burst: int,
        at_once: int = 16,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._rate, self._burst, self._at_once = rate, float(max(1, burst)), at_once
        self._clock = clock
        self._lock = threading.Lock()
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._running: dict[str, int] = {}

    def admit(self, client: str) -> None:
        """Count one request of a client.

        :raises TooMany: it made more than ``burst`` at once, or than ``rate`` a second for long
        """
        if self._rate <= 0:
            return
        now = self._clock()
        with self._lock:
            left, then = self._left.pop(client, (self._burst, now))
            left = min(self._burst, left + (now - then) * self._rate)
            self._left[client] = (left - 1 if left >= 1 else left, now)
            if len(self._left) > CLIENTS:
                self._left.popitem(last=False)
        if left < 1:
            wait = math.ceil((1 - left) / self._rate)
            raise TooMany(
                "These are more requests than one client may make. Make fewer at a time, "
                f"and go on in {wait} s.",
                retry_after=wait,
            )

    @contextmanager
    def running(self, client: str) -> Iterator[None]:
        """Count a query while it is under way, so that one client cannot fill a queue.

        It is under way no more when this is left, or is forgotten.

        :raises TooMany: too many of its queries are under way already
        """
        self.begin(client)
        try:
            yield
        finally:
            self.end(client)

    def begin(self, client: str) -> None:
        """Count a query as under way until ``end``.

        :raises TooMany: too many of the client's queries are
        """
        with self._lock:
            running = self._running.get(client, 0)
            if running < self._at_once:
                self._running[client] = running + 1
                return
        raise TooMany(
            f"{self._at_once} of your queries are under way already. Wait for their "
            "answers, or make them simpler.",
            retry_after=5,
        )

    def end(self, client: str) -> None:
        """Count a query as under way no more."""
        with self._lock:
            self._running[client] -= 1
            if not self._running[client]:
                del self._running[client]
