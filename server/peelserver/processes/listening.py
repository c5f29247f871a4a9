"""The sockets that a server listens on: one address, and a socket of it for each web process.

With one socket for all, whichever process is awake takes every connection that comes at that
moment, and goes on with them alone. Linux shares connections out among several sockets instead.
"""

import socket
import sys
from contextlib import ExitStack

#: connections that may wait to be accepted, on each socket
BACKLOG = 1024

#: milliseconds for which a client may leave what was sent to it unread
UNREAD_TIMEOUT = 30_000


def listen(host: str, port: int, processes: int = 1) -> list[socket.socket]:
    """Return sockets that listen on one address, as many as there are *processes* on Linux.

    :param port: any that is free, if 0
    :raises OSError: the address is taken, or is none of this machine's
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with ExitStack() as stack:
        found: list[socket.socket] = []
        for number in range(processes if sys.platform == "linux" else 1):
            each = stack.enter_context(socket.socket(family, socket.SOCK_STREAM))
            each.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            each.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if hasattr(socket, "TCP_USER_TIMEOUT"):
                each.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, UNREAD_TIMEOUT)
            if number == 0:  # alone, so that it is noticed if the address is taken
                each.bind((host, port))
                port = each.getsockname()[1]
            if processes > 1 and hasattr(socket, "SO_REUSEPORT"):
                each.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
            if number > 0:
                each.bind((host, port))
            found.append(each)
        for each in found:
            each.listen(BACKLOG)
            each.setblocking(False)
        stack.pop_all()
    return found
