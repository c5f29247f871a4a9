"""A load generator: a few keep-alive connections over raw sockets, one request at a time on each.

It parses no more of an answer than its length, so that the server and not the client is measured.
"""

import re
import time
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from selectors import EVENT_READ, DefaultSelector, SelectSelector
from socket import IPPROTO_TCP, TCP_NODELAY, create_connection
from socket import socket as Socket
from urllib.parse import quote, urlsplit

_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d+)", re.I)
_CHUNKED = re.compile(rb"\r\ntransfer-encoding:[ \t]*chunked", re.I)


#: seconds for which answers are awaited that were still open at the end
PATIENCE = 20.0


@dataclass(frozen=True, slots=True)
class Measured:
    """What one load found, times in seconds.

    :param seconds: how long requests were sent
    :param times: how long each answer took from when its request was due, those that came after
        the end included
    :param late: how many came after the end
    :param unanswered: how many never came
    """

    seconds: float
    times: tuple[float, ...]
    statuses: dict[int, int]
    late: int
    unanswered: int

    @property
    def throughput(self) -> float:
        """Answers a second."""
        return (len(self.times) - self.late) / self.seconds

    def percentile(self, share: float) -> float:
        """Return the time within which a *share* of the requests was answered.

        >>> Measured(1.0, (0.1, 0.2, 0.3), {200: 3}, 0, 0).percentile(0.5)
        0.2
        """
        waits = sorted(self.times) + [float("inf")] * self.unanswered
        return waits[min(len(waits) - 1, int(share * len(waits)))]


def get(address: str, query: str, headers: dict[str, str]) -> bytes:
    """Return a GET request of the SPARQL protocol."""
    parts = urlsplit(address)
    lines = [f"GET {parts.path}?query={quote(query)} HTTP/1.1", f"Host: {parts.netloc}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def load(
    address: str, requests: Iterator[bytes], clients: int, seconds: float, rate: float = 0.0
) -> Measured:
    """Send *requests* over *clients* connections for some *seconds*.

    :param rate: how many are due a second. Each is sent when it is due, or as soon after as a
        connection is free, and its time is counted from when it was due. If 0, one is due
        whenever a connection is free.
    """
    parts = urlsplit(address)
    assert parts.hostname is not None
    assert parts.port is not None
    free = deque(_Connection((parts.hostname, parts.port)) for _ in range(clients))
    times: list[float] = []
    statuses: Counter[int] = Counter()
    sent = late = 0
    # of the selectors, only this one waits for less than a millisecond
    with SelectSelector() if rate else DefaultSelector() as waiting:
        for connection in free:
            waiting.register(connection.socket, EVENT_READ, connection)
        started = time.perf_counter()
        until = started + seconds
        while (now := time.perf_counter()) < until + PATIENCE:
            due = started + sent / rate if rate else now
            if due >= until and len(free) == clients:
                break
            if free and due <= now and due < until:
                connection = free.popleft()
                if connection.closed:
                    connection.open()
                    waiting.register(connection.socket, EVENT_READ, connection)
                connection.send(next(requests), due)
                sent += 1
                continue
            next_is_due = free and due < until
            for key, _ in waiting.select(due - now if next_is_due else until + PATIENCE - now):
                connection = key.data
                status = connection.read()
                if status is None:
                    continue
                if connection.closed:
                    waiting.unregister(connection.socket)
                    connection.socket.close()
                if connection in free:  # ended while nothing was asked
                    continue
                now = time.perf_counter()
                times.append(now - connection.due)
                statuses[status] += 1
                late += now > until
                free.append(connection)
        for key in list(waiting.get_map().values()):
            key.data.socket.close()
    never = max(sent, round(rate * seconds)) - len(times)
    return Measured(seconds, tuple(times), dict(statuses), late, never)


@dataclass(slots=True, eq=False)
class _Connection:
    place: tuple[str, int]
    due: float = 0.0
    closed: bool = False
    socket: Socket = field(init=False)
    received: bytearray = field(default_factory=bytearray)

    def __post_init__(self) -> None:
        self.open()

    def open(self) -> None:
        self.socket = create_connection(self.place, timeout=60)
        self.socket.setsockopt(IPPROTO_TCP, TCP_NODELAY, 1)
        self.closed = False

    def send(self, request: bytes, due: float) -> None:
        self.received.clear()
        self.due = due
        self.socket.sendall(request)

    def read(self) -> int | None:
        """Return the status once the whole answer is here; 0 for one that was cut off."""
        try:
            some = self.socket.recv(1 << 18)
        except ConnectionError:
            some = b""
        if not some:
            self.closed = True
            return 0
        self.received += some
        end = self.received.find(b"\r\n\r\n")
        if end < 0:
            return None
        status = int(self.received[9:12])
        if status == 304:
            return status
        if (found := _LENGTH.search(self.received, 0, end)) is not None:
            whole = len(self.received) >= end + 4 + int(found[1])
        elif _CHUNKED.search(self.received, 0, end):
            whole = self.received.endswith(b"\r\n0\r\n\r\n")
        else:
            raise ValueError("an answer that gives no length")
        return status if whole else None
