"""What no honest client sends is refused before anything reads it: over real sockets."""

import socket
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest

from peelserver.http.heads import LONGEST, LONGEST_QUERY

GET = b"GET /questions HTTP/1.1\r\nHost: a\r\n"
POST = b"POST /sparql HTTP/1.1\r\nHost: a\r\nContent-Type: application/sparql-query\r\n"
CHUNKED = b"6\r\nASK {}\r\n0\r\n\r\n"

#: a request whose answer shows that nothing of the one before it was taken for another
NEXT = b"GET /health/live HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"


def statuses(address: str, *requests: bytes) -> list[int]:
    """Send requests over one connection; return the statuses of all answers."""
    parts = urlsplit(address)
    with socket.create_connection((parts.hostname or "", parts.port or 80), timeout=20) as ours:
        ours.sendall(b"".join(requests))
        lines = ours.makefile("rb").read().split(b"HTTP/1.1 ")
    return [int(each[:3]) for each in lines[1:]]


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"GET / HTTP/1.1\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400),
        (GET + b"Accept: " + b"a/b," * (LONGEST // 4 + 1) + b"\r\n\r\n", 431),
        (GET + b"Accept-Encoding: " + b"a," * (LONGEST // 2 + 1) + b"\r\n\r\n", 431),
        (GET + b"If-None-Match: " + b'"a",' * (LONGEST // 4 + 1) + b"\r\n\r\n", 431),
        (b"GET /?" + b"a&" * (LONGEST_QUERY // 2 + 1) + b" HTTP/1.1\r\nHost: a\r\n\r\n", 414),
        (GET + b"Accept: */*\r\nCookie: " + b"a" * 2 * LONGEST + b"\r\n\r\n", 200),
    ],
    ids=["no host", "two hosts", "Accept", "Accept-Encoding", "If-None-Match", "query", "cookie"],
)
def test_a_head(live: str, request_: bytes, status: int) -> None:
    assert statuses(live, request_, NEXT) == [status, 200]


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (POST + b"Transfer-Encoding: gzip, chunked\r\n\r\n" + CHUNKED, 501),
        (POST + b"Transfer-Encoding: chunked, chunked\r\n\r\n" + CHUNKED, 501),
        (POST + b"Transfer-Encoding: identity\r\n\r\n" + CHUNKED, 400),
        (POST + b"Transfer-Encoding: \x0bchunked\r\n\r\n" + CHUNKED, 400),
        (POST + b"Transfer-Encoding: chunked\r\n\r\n" + CHUNKED, 200),
    ],
    ids=["gzip", "twice", "identity", "hidden", "chunked"],
)
def test_a_body_has_one_end(live: str, request_: bytes, status: int) -> None:
    found = statuses(live, request_, NEXT)
    assert found[0] == status
    assert found[1:] in ([], [200])


@pytest.mark.parametrize("first", [b"Content-Length: 6\r\n", b""])
def test_with_two_ends_the_chunks_count_and_nothing_may_follow(live: str, first: bytes) -> None:
    """RFC 9112, 6.1 and 6.3: the other is overruled, and the connection closed."""
    last = b"" if first else b"Content-Length: 6\r\n"
    head = POST + first + b"Transfer-Encoding: chunked\r\n" + last + b"\r\n"
    assert statuses(live, head + CHUNKED, NEXT) == [200]


@pytest.mark.parametrize(
    "path",
    [
        *("/", "/sparql", "/sparql?query=ASK%7B%7D", "/sparql?query=SELEKT", "/questions"),
        *("/questions/phase?force=west-midlands", "/questions/phase", "/questions/none"),
        *("/id/force/kent", "/id/force/kent.ttl", "/id/force/none", "/ontology", "/scheme/theme"),
        *("/graph/register", "/shapes", "/dataset", "/snapshot", "/snapshot.nq", "/openapi.json"),
        *("/.well-known/void", "/health", "/health/live", "/static/page.css", "/questions//none"),
    ],
)
@pytest.mark.parametrize("headers", [{}, {"Accept-Encoding": "gzip"}, {"If-None-Match": "*"}])
def test_a_head_says_what_a_get_would(live: str, path: str, headers: dict[str, str]) -> None:
    parts = urlsplit(live)
    said = []
    for method in ("GET", "HEAD"):
        connection = HTTPConnection(parts.hostname or "", parts.port, timeout=60)
        connection.request(method, path, headers=headers)
        answer = connection.getresponse()
        body = answer.read()
        left = {name.lower(): value for name, value in answer.getheaders()}
        for name in ("date", "expires"):
            left.pop(name, None)
        said.append((answer.status, left))
        if method == "HEAD" or answer.status == 304:
            assert body == b""
        connection.close()
    assert said[0] == said[1]


@pytest.mark.parametrize("method", [b"GET", b"POST", b"DELETE", b"OPTIONS"])
@pytest.mark.parametrize("path", [b"/health/live", b"/nothing"])
def test_a_body_that_nobody_reads_is_no_request(live: str, method: bytes, path: bytes) -> None:
    inner = b"GET /openapi.json HTTP/1.1\r\nHost: a\r\n\r\n"
    head = b"%b %b HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n" % (method, path, len(inner))
    found = statuses(live, head + inner, NEXT)
    assert len(found) <= 2
