"""Large answers: sent in pieces, few at a time, so that those nobody reads fill no memory.

What speaks HTTP here keeps a copy of an answer until it is sent. A large one is therefore handed
over piece by piece, as fast as its client reads, from the one copy that there is. That takes a
thread until it is sent; ``connections`` ends it where it takes too long.
"""

from collections.abc import Iterator
from contextlib import ExitStack

from flask import Flask, Response, request

from peelserver.config import Config
from peelserver.http.limits import Limits, TooMany, client
from peelserver.http.problems import problem

#: bytes from which an answer is large, and bytes of a piece
LARGE = 128 * 1024
PIECE = 64 * 1024

#: large answers that are sent at a time by one web process, and how many of these to one client
AT_ONCE = 24
EACH = 8


def register(app: Flask, config: Config) -> None:
    """Send the large answers of *app* in pieces. To be called before ``access_log.register``."""
    everybody = Limits(0, 0, at_once=AT_ONCE)
    each = Limits(0, 0, at_once=EACH)

    def cut(answer: Response) -> Response:
        length = answer.content_length
        if length is None and answer.is_sequence:
            length = answer.calculate_content_length()
        if request.method == "HEAD" or (length is not None and length <= LARGE):
            return answer
        with ExitStack() as places:
            try:
                places.enter_context(each.running(client(request, config)))
                places.enter_context(everybody.running(""))
            except TooMany:
                refused = problem(429, "Read the large answers that are being sent to you first.")
                refused.headers["Retry-After"] = "5"
                return refused
            if answer.is_sequence:
                body = answer.get_data()
                answer.response = _pieces(body)
                answer.content_length = len(body)
            answer.call_on_close(places.pop_all().close)
        return answer

    app.after_request_funcs.setdefault(None, []).insert(0, cut)


def _pieces(body: bytes) -> Iterator[bytes]:
    for start in range(0, len(body), PIECE):
        yield body[start : start + PIECE]
