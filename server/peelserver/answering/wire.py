"""How web processes, keepers and workers talk: a JSON head, and as many bytes as it says.

>>> import socket
>>> here, there = socket.socketpair()
>>> send(here, {"status": "ok"}, b"body")
>>> receive(there)
({'status': 'ok', 'length': 4}, b'body')
>>> here.close(); there.close()
"""

import json
import socket
import struct
from typing import Any

_SIZE = struct.Struct("!I")

#: bytes that most messages do not exceed
_FIRST = 16_384

#: a head or a request is never larger
LARGEST_HEAD = 16 << 20


def send(to: socket.socket, head: dict[str, Any], body: bytes | bytearray = b"") -> None:
    """Send one message.

    :raises OSError: the other end is gone
    """
    text = json.dumps(head | {"length": len(body)}).encode()
    if len(body) < 65536:
        to.sendall(_SIZE.pack(len(text)) + text + body)
    else:
        to.sendall(_SIZE.pack(len(text)) + text)
        to.sendall(body)


def receive(source: socket.socket, exact: bool = False) -> tuple[dict[str, Any], bytes]:
    """Return one message.

    :param exact: read no byte beyond it; otherwise nothing may follow until it is answered
    :raises EOFError: the other end is gone
    :raises TimeoutError: nothing came within the timeout of the socket
    """
    start = source.recv(_SIZE.size if exact else _FIRST)
    while len(start) < _SIZE.size:
        start += _more(source, _SIZE.size - len(start))
    (size,) = _SIZE.unpack_from(start)
    if size > LARGEST_HEAD:
        raise EOFError
    after = _SIZE.size + size
    if len(start) < after:
        start += _exactly(source, after - len(start))
    head: dict[str, Any] = json.loads(start[_SIZE.size : after])
    body = start[after:]
    if len(body) < head["length"]:
        body += _exactly(source, head["length"] - len(body))
    return head, bytes(body)


def _more(source: socket.socket, size: int) -> bytes:
    found = source.recv(size)
    if not found:
        raise EOFError
    return found


def _exactly(source: socket.socket, size: int) -> bytes:
    """Return *size* bytes; memory is taken as they come, not before."""
    found = bytearray()
    while len(found) < size:
        found += _more(source, min(size - len(found), 1 << 20))
    return bytes(found)
