"""Heads of requests: what no honest client sends is refused before anything looks at it.

What speaks HTTP here takes heads of half a megabyte. Reading a list of that size takes long enough
that a few clients could keep a process busy with it, and some of what is read is remembered.
"""

from collections.abc import Mapping

from flask import Flask, abort, request

#: bytes that a header may have which is read here; browsers send some hundred
LONGEST = 8 * 1024

#: bytes of an address behind its "?"; /sparql takes longer queries in a body
LONGEST_QUERY = 32 * 1024

#: headers that are taken apart, as WSGI names them
_READ = (
    *("HTTP_ACCEPT", "HTTP_ACCEPT_ENCODING", "HTTP_IF_NONE_MATCH", "HTTP_IF_RANGE", "HTTP_RANGE"),
    *("HTTP_HOST", "HTTP_CONTENT_ENCODING", "CONTENT_TYPE"),
)


def register(app: Flask) -> None:
    """Look at the head of every request of *app*; after clients are admitted."""

    def look() -> None:
        if (wrong := trouble(request.environ)) is not None:
            abort(*wrong)

    app.before_request(look)


def trouble(environ: Mapping[str, str]) -> tuple[int, str] | None:
    """Return the status and the reason with which a request is refused, if it is.

    :param environ: of WSGI

    >>> trouble({"HTTP_HOST": "a,b"})
    (400, 'A request names one host (RFC 9112, 3.2).')
    """
    for name in _READ:
        if len(environ.get(name, "")) > LONGEST:
            return 431, f"A header may have {LONGEST:,} bytes."
    if len(environ.get("QUERY_STRING", "")) > LONGEST_QUERY:
        return (
            414,
            f"An address may have {LONGEST_QUERY:,} bytes behind its '?'. "
            "A longer query can be sent to /sparql by POST.",
        )
    host = environ.get("HTTP_HOST", "")
    if "," in host or (not host and environ.get("SERVER_PROTOCOL") == "HTTP/1.1"):
        return 400, "A request names one host (RFC 9112, 3.2)."
    if environ.get("HTTP_TRANSFER_ENCODING", "chunked").lower() != "chunked":
        return 501, "The only Transfer-Encoding that is understood here is chunked."
    return None
