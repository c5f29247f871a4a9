"""Bodies of requests: few at a time, read whole before anybody looks at them.

A client may send its body as slowly as it likes, and holds a thread as long as it does. So there
are never more such threads than leave enough to everybody else, and ``connections`` ends the
connection in the end.
"""

import io

from flask import Flask, abort, request

from peelserver.config import Config
from peelserver.http.limits import Limits, TooMany, client

#: bodies that are read at a time in one web process, and how many of these for one client
AT_ONCE = 32
EACH = 12

_EMPTY = frozenset({"GET", "HEAD", "OPTIONS"})


def register(app: Flask, config: Config) -> None:
    """Read the body of every request of *app* that has one; after clients are admitted."""
    everybody = Limits(0, 0, at_once=AT_ONCE)
    each = Limits(0, 0, at_once=EACH)

    def take() -> None:
        environ = request.environ
        if environ["REQUEST_METHOD"] in _EMPTY:
            return
        length = request.content_length or 0
        if not length and "HTTP_TRANSFER_ENCODING" not in environ:
            return
        if request.routing_exception is not None:
            return  # it is refused unread
        most = config.largest_request
        if environ.get("HTTP_CONTENT_ENCODING", "identity").lower() != "identity":
            abort(415, "Send the body as it is, without a Content-Encoding.")
        if length > most:
            abort(413, f"A request may have {most} bytes, not {length}.")
        try:
            with each.running(client(request, config)), everybody.running(""):
                found = environ["wsgi.input"].read(length or most + 1)
        except TooMany:
            raise TooMany(
                "Too many requests are being sent slowly. Try again in a few seconds.",
                retry_after=5,
            ) from None
        if len(found) > most:
            abort(413, f"A request may have {most} bytes.")
        if len(found) < length:
            abort(400, "The body of the request ends too early.")
        environ["wsgi.input"] = io.BytesIO(found)
        environ["CONTENT_LENGTH"] = str(len(found))
        environ.pop("HTTP_TRANSFER_ENCODING", None)

    app.before_request(take)
