"""How web processes, keepers and workers talk: a JSON head and a body.

The same few heads are said again and again: what changes with every query is in the body. So the
small ones are remembered, as they are written and as they are read.

>>> import socket
>>> here, there = socket.socketpair()
>>> send(here, {"status": "ok"}, b"body")
>>> receive(there)
({'status': 'ok'}, b'body')
>>> here.close(); there.close()
"""

import json
import socket
import struct
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

#: what a message begins with: the bytes of its head, and those of its body
_SIZES = struct.Struct("!IQ")

#: bytes that most messages do not exceed
_FIRST = 16_384

#: a head or a request is never larger
LARGEST_HEAD = 16 << 20

#: bytes of a head that is remembered
_SMALL = 1024


def send(to: socket.socket, head: Mapping[str, Any], body: bytes = b"") -> None:
    """Send one message.

    :param head: its values are hashable
    :raises OSError: the other end is gone
    """
    text = _written(tuple(head.items()))
    start = _SIZES.pack(len(text), len(body)) + text
    if len(body) < 65536:
        to.sendall(start + body)
    else:
        to.sendall(start)
        to.sendall(body)


def _no_longer() -> None:
    raise TimeoutError


def receive(
    source: socket.socket, exact: bool = False, late: Callable[[], None] = _no_longer
) -> tuple[Mapping[str, Any], bytes]:
    """Return one message.

    :param exact: read no byte beyond it; otherwise nothing may follow until it is answered
    :param late: is called whenever nothing came within ``SO_RCVTIMEO``; may raise, to wait no more
    :raises EOFError: the other end is gone
    :raises TimeoutError: nothing came within the timeout of the socket
    """
    start = _some(source, _SIZES.size if exact else _FIRST, late)
    while len(start) < _SIZES.size:
        start += _some(source, _SIZES.size - len(start), late)
    size, length = _SIZES.unpack_from(start)
    if size > LARGEST_HEAD:
        raise EOFError
    after = _SIZES.size + size
    if len(start) < after:
        start += _exactly(source, after - len(start), late)
    text = start[_SIZES.size : after]
    head = _remembered(text) if size <= _SMALL else _read(text)
    body = start[after:]
    if len(body) < length:
        body += _exactly(source, length - len(body), late)
    return head, body


@lru_cache(maxsize=16)
def _written(head: tuple[tuple[str, Any], ...]) -> bytes:
    return json.dumps(dict(head)).encode()


def _read(text: bytes) -> Mapping[str, Any]:
    found: dict[str, Any] = json.loads(text)
    return found


_remembered = lru_cache(maxsize=64)(_read)


def _some(source: socket.socket, size: int, late: Callable[[], None]) -> bytes:
    while True:
        try:
            found = source.recv(size)
        except BlockingIOError:
            late()
            continue
        if not found:
            raise EOFError
        return found


def _exactly(source: socket.socket, size: int, late: Callable[[], None]) -> bytes:
    """Return *size* bytes; memory is taken as they come, not before."""
    found = bytearray()
    while len(found) < size:
        found += _some(source, min(size - len(found), 1 << 20), late)
    return bytes(found)
