"""How processes talk: whole messages, however they come, and patience that its owner decides on."""

import socket
import struct
import threading
from collections.abc import Iterator

import pytest

from peelserver.answering import wire

Ends = tuple[socket.socket, socket.socket]


@pytest.fixture
def ends() -> Iterator[Ends]:
    here, there = socket.socketpair()
    with here, there:
        yield here, there


def impatient(end: socket.socket) -> None:
    end.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("ll", 0, 10_000))


@pytest.mark.parametrize("size", [0, 1, 20_000, 1 << 20])
def test_a_message_comes_whole(ends: Ends, size: int) -> None:
    here, there = ends
    head = {"status": "ok", "graphs": ("a", "b"), "none": None}
    sending = threading.Thread(target=wire.send, args=(here, head, b"x" * size))
    sending.start()
    found, body = wire.receive(there)
    sending.join()
    assert found == {"status": "ok", "graphs": ["a", "b"], "none": None}
    assert body == b"x" * size


def test_one_that_comes_in_crumbs_is_waited_for(ends: Ends) -> None:
    here, there = ends
    other, taken = socket.socketpair()
    with other, taken:
        wire.send(other, {"status": "ok"}, b"body")
        whole = taken.recv(1000)
    crumbs = iter([whole[at : at + 5] for at in range(0, len(whole), 5)])
    impatient(there)
    assert wire.receive(there, late=lambda: here.sendall(next(crumbs))) == (
        {"status": "ok"},
        b"body",
    )


def test_whoever_waits_may_stop(ends: Ends) -> None:
    _, there = ends
    impatient(there)
    with pytest.raises(TimeoutError):
        wire.receive(there)


@pytest.mark.parametrize("sent", [b"", b"\0", struct.pack("!IQ", 10, 0) + b"{}", b"\xff" * 12])
def test_an_end_that_is_gone_or_raves_is_noticed(ends: Ends, sent: bytes) -> None:
    here, there = ends
    here.sendall(sent)
    here.close()
    with pytest.raises(EOFError):
        wire.receive(there)
