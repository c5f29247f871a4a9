"""Clients that are slow, silent or many take nothing from others: over real sockets.

The attacker is 127.0.0.1, the other client 127.0.0.2. What the tests look at is that the other one
has its answers while the attack goes on: had it to wait for the end of that, it would see it.
"""

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import pytest

from peelserver.config import Config
from peelserver.http import answers, bodies, connections
from peelserver.processes import web

ASK = "/sparql?query=" + quote("ASK { ?force a peel:PoliceForce }")
HEAD = b"GET / HTTP/1.1\r\nHost: a\r\n"
POST = b"POST /sparql HTTP/1.1\r\nHost: a\r\nContent-Type: application/sparql-query\r\n"

#: seconds for which another client may wait, so long only that a test that fails ends at all
GENEROUS = 120.0

long = pytest.mark.slow

pytestmark = pytest.mark.skipif(
    not hasattr(socket, "TCP_INFO"), reason="needs Linux, for a second address and TCP_INFO"
)


def port(address: str) -> int:
    return urlsplit(address).port or 80


@contextmanager
def attack(address: str, times: int, *sent: bytes) -> Iterator[list[socket.socket]]:
    """Open connections, send something on each, and read nothing."""
    with ExitStack() as opened:
        sockets = []
        for _ in range(times):
            each = opened.enter_context(socket.socket())
            each.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8192)
            each.settimeout(GENEROUS)
            each.connect(("127.0.0.1", port(address)))
            for part in sent:
                each.sendall(part)
            sockets.append(each)
        yield sockets


def ask(address: str, request: bytes | None = None) -> int:
    """Ask something simple from another address; return the status."""
    plain = f"GET {ASK} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".encode()
    with socket.create_connection(
        ("127.0.0.1", port(address)), timeout=GENEROUS, source_address=("127.0.0.2", 0)
    ) as other:
        other.sendall(request or plain)
        answer = other.makefile("rb").readline()
    return int(answer.split()[1])


def goes_on(attackers: list[socket.socket]) -> bool:
    """Say whether most attackers still have their connections."""
    lost = 0
    for each in attackers:
        each.settimeout(0.0)
        try:
            lost += each.recv(1, socket.MSG_PEEK) == b""
        except BlockingIOError:
            pass
        except OSError:
            lost += 1
    return lost < len(attackers) / 2


def others_are_served(
    address: str, times: int, attempts: int, *attacks: Any, request: bytes | None = None
) -> None:
    """Ask, again and again, while an attack goes on; begin anew if it ended before that."""
    for _ in range(attempts):
        with attack(address, *attacks) as attackers:
            for _ in range(times):
                assert ask(address, request) == 200
            if goes_on(attackers):
                return
    raise AssertionError("the attack ended before the others were served")


TIMES = [3, pytest.param(30, marks=long)]


@pytest.mark.parametrize("times", TIMES)
def test_others_are_served_while_heads_do_not_end(live: str, times: int) -> None:
    others_are_served(live, times, 5, 200, HEAD)


@long
def test_others_are_served_while_connections_idle(live: str) -> None:
    others_are_served(live, 30, 5, 200)


@pytest.mark.parametrize("times", TIMES)
@pytest.mark.parametrize(
    "head",
    [
        b"Content-Length: 1000\r\n\r\nASK",
        pytest.param(b"Transfer-Encoding: chunked\r\n\r\n3\r\nASK\r\n", marks=long),
    ],
    ids=["length", "chunks"],
)
def test_others_are_served_while_bodies_do_not_come(live: str, times: int, head: bytes) -> None:
    body = b"ASK {}"
    post = POST + b"Connection: close\r\nContent-Length: %d\r\n\r\n" % len(body) + body
    others_are_served(live, times, 5, 60, POST, head)
    others_are_served(live, times, 5, 60, POST, head, request=post)


def test_the_rest_of_one_who_sends_many_bodies_slowly_is_refused(live: str) -> None:
    with attack(live, 60, POST, b"Content-Length: 1000\r\n\r\nASK") as sockets:
        refused: set[socket.socket] = set()
        until = time.monotonic() + GENEROUS
        while len(refused) < 60 - 2 * bodies.EACH:
            assert time.monotonic() < until
            for each in sockets:
                each.settimeout(0.001)
                with suppress(TimeoutError):
                    if each not in refused and each.recv(64).startswith(b"HTTP/1.1 429"):
                        refused.add(each)


@pytest.mark.parametrize("times", TIMES)
def test_others_are_served_while_answers_are_not_read(live: str, times: int) -> None:
    query = "SELECT * { ?s ?p ?o . ?a ?b ?c } LIMIT 60000"
    get = f"GET /sparql?query={quote(query)} HTTP/1.1\r\nHost: a\r\n\r\n".encode()
    others_are_served(live, times, 5, 40, get)


@long
def test_others_are_served_while_one_asks_for_what_never_ends(live: str) -> None:
    query = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    get = f"GET /sparql?query={quote(query)} HTTP/1.1\r\nHost: a\r\n\r\n".encode()
    others_are_served(live, 30, 5, 40, get)


@pytest.mark.parametrize(
    ("request_", "statuses"),
    [
        (HEAD + b"X: " + b"a" * 2_000_000 + b"\r\n\r\n", (400, 431)),
        (HEAD + b"".join(b"X-%d: a\r\n" % n for n in range(5000)) + b"\r\n", (400, 431)),
        (b"GET /?" + b"a" * 200_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n", (414,)),
        (POST + b"Content-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc", (415,)),
        (POST + b"Content-Encoding: br, gzip\r\nContent-Length: 3\r\n\r\nabc", (415,)),
        (POST + b"Content-Length: 999999999999\r\n\r\nabc", (413,)),
        (POST + b"Content-Length: -1\r\n\r\nabc", (400,)),
        (POST + b"Content-Length: 3\r\nContent-Length: 4\r\n\r\nabc", (400,)),
        (b"NONSENSE\r\n\r\n", (400,)),
    ],
    ids=["head", "heads", "address", "gzip", "twice", "huge", "negative", "double", "nonsense"],
)
def test_what_is_too_large_or_odd_is_refused_at_once(
    live: str, request_: bytes, statuses: tuple[int, ...]
) -> None:
    with socket.create_connection(("127.0.0.1", port(live)), timeout=GENEROUS) as ours:
        with suppress(BrokenPipeError, ConnectionResetError):
            ours.sendall(request_)
        try:
            answer = ours.recv(64)
        except ConnectionResetError:
            answer = b""
    assert answer == b"" or int(answer.split()[1]) in statuses
    assert ask(live) == 200


def test_a_chunked_body_has_the_same_bound(live: str) -> None:
    chunk = b"10000\r\n" + b" " * 65536 + b"\r\n"
    with socket.create_connection(("127.0.0.1", port(live)), timeout=GENEROUS) as ours:
        ours.sendall(POST + b"Transfer-Encoding: chunked\r\n\r\n" + chunk * 5 + b"0\r\n\r\n")
        assert ours.recv(64).startswith(b"HTTP/1.1 413")


def test_one_who_reads_slowly_is_told_from_one_who_reads() -> None:
    def stands(taken: int) -> connections.Connection:
        return connections.Connection(1, "192.0.2.1", 0.0, 0.0, True, taken)

    late = connections.GRACE + 1
    assert connections.too_slow(stands(1000), (0.0, 0), late)
    assert not connections.too_slow(stands(1000), (0.0, 0), connections.GRACE - 1)
    assert not connections.too_slow(stands(10_000_000), (0.0, 0), late)


def test_the_longest_unused_connections_of_one_address_are_surplus() -> None:
    found = [
        connections.Connection(number, peer, 50.0, float(number), False, 0)
        for peer, numbers in (("192.0.2.1", range(6)), ("192.0.2.2", range(10, 13)))
        for number in numbers
    ]
    assert connections.surplus(found, most=4) == {4, 5}


def test_the_longest_answer_outlasts_every_wait() -> None:
    config = Config(snapshot=Path("none"))
    assert connections.longest(config) > config.deadline + 2 * config.patience


def test_our_connections_are_seen_and_ended() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as listening,
        socket.create_connection(listening.getsockname(), timeout=GENEROUS) as theirs,
        listening.accept()[0] as ours,
    ):
        name = Path(f"/proc/self/fd/{ours.fileno()}").stat().st_ino
        seen = {each.name: each for each in connections.connections()}[name]
        assert seen.peer == "127.0.0.1"
        assert seen.sent < 5 and not seen.unread
        connections.end({name})
        assert theirs.recv(1) == b""


def test_there_are_threads_for_all_that_may_hold_one() -> None:
    config = Config(snapshot=Path("none"))
    assert web.threads(config) >= bodies.AT_ONCE + answers.AT_ONCE + 3 * config.queue


@long
@pytest.mark.parametrize("drip", [False, True])
def test_a_body_that_never_comes_ends_with_its_connection(live: str, drip: bool) -> None:
    config = Config(snapshot=Path("none"), deadline=2.0)
    with attack(live, 10, POST, b"Content-Length: 1000\r\n\r\nASK") as sockets:
        until = time.monotonic() + connections.longest(config) + GENEROUS
        open_ = set(sockets)
        while open_ and time.monotonic() < until:
            for each in list(open_):
                each.settimeout(0.05)
                open_ -= {each} if ended(each, drip) else set()
        assert not open_


def ended(each: socket.socket, drip: bool) -> bool:
    try:
        if drip:
            each.sendall(b" ")
        return each.recv(4096) == b""
    except TimeoutError:
        return False
    except OSError:
        return True


@long
def test_answers_that_nobody_reads_fill_no_memory(
    serve: Callable[..., AbstractContextManager[Any]], below: Callable[[int], set[int]]
) -> None:
    query = "SELECT * { ?s ?p ?o . ?a ?b ?c } LIMIT 100000"
    get = f"GET /sparql?query={quote(query)} HTTP/1.1\r\nHost: a\r\n\r\n".encode()
    with serve("--deadline", "5", "--rate", "0") as found:
        before = megabytes(below(found.process.pid))
        most = 0.0
        with attack(found.address, 100, get):
            for _ in range(100):
                assert ask(found.address) == 200
                most = max(most, megabytes(below(found.process.pid)))
                time.sleep(0.1)
        assert most - before < 1000  # 100 times 30 MB, if each had a copy of its own


def megabytes(pids: set[int]) -> float:
    """Return the memory of some processes, what they share counted once."""
    found = 0
    for pid in pids:
        with suppress(OSError):
            text = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii")
            found += int(text.partition("\nPss:")[2].split()[0])
    return found / 1024
