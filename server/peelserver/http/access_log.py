"""One line of JSON for each request, on standard error: who asked what, and what came of it.

Whole queries are logged at the level ``debug`` only; otherwise a digest of their text, so that
the same query can be recognised. Nothing that a client sends can make a second line.
"""

import hashlib
import json
import os
import select
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from contextvars import ContextVar
from functools import lru_cache
from typing import Any

from flask import Flask, Request, Response, g, request

from peelserver.config import Config
from peelserver.http.limits import client

#: in a WSGI environment: when the request came, where that is known
BEGAN = "peelgraph.began"

#: the descriptor of standard error
_ERRORS = 2

#: bytes of a write that nothing else can come between, on any system
_UNDIVIDED = select.PIPE_BUF

#: characters of a path that are logged
_PATH = 500


_NOTED: ContextVar[dict[str, object] | None] = ContextVar("noted", default=None)


def begin() -> float:
    """Begin with a request, of which nothing is noted yet; return when that was."""
    _NOTED.set({})
    return time.perf_counter()


def note(**facts: object) -> None:
    """Have the line of the request that is being answered say more (outside one: nothing)."""
    if (found := _NOTED.get()) is not None:
        found.update(facts)


def noted() -> dict[str, object]:
    """Return what was noted of the request that is being answered."""
    return _NOTED.get() or {}


def register(app: Flask, config: Config, settle: Callable[[], None]) -> None:
    """Log every request of *app*. To be called before anything else hooks into its requests.

    :param settle: is called before each line; logs what was answered before and is not logged yet
    """
    logs, debug = is_on(config), config.log_level == "debug"

    def start() -> None:
        g.began = request.environ.get(BEGAN) or begin()

    def end(answer: Response) -> Response:
        if logs:
            # a proxy looks up the request at each use; one look will do, and no look at the stack
            asked: Request = request._get_current_object()  # type: ignore[attr-defined]
            settle()
            write([line(time.time(), _facts(asked, answer, config, debug))])
        return answer

    app.before_request_funcs.setdefault(None, []).insert(0, start)
    app.after_request_funcs.setdefault(None, []).insert(0, end)


def is_on(config: Config) -> bool:
    """Say whether requests are logged."""
    return config.log_level in ("debug", "info")


def write(lines: Iterable[str]) -> None:
    """Log requests, as many in one write as no other process can write amid (pipe(7)).

    A full disk is no reason to withhold an answer. Python's own logging took most of the time that
    a remembered answer took.
    """
    text = b""
    for each in lines:
        coded = each.encode("ascii") + b"\n"
        if text and len(text) + len(coded) > _UNDIVIDED:
            _write(text)
            text = b""
        text += coded
    if text:
        _write(text)


def line(when: float, facts: dict[str, Any]) -> str:
    r"""Return facts as one line, without what is None.

    :param when: the request was answered, in seconds since 1970

    >>> line(0.25, {"path": "/a\nb\u2028", "query": None})
    '{"time": "1970-01-01T00:00:00.250Z", "path": "/a\\nb\\u2028"}'
    """
    known = {name: value for name, value in facts.items() if value is not None}
    return json.dumps({"time": _time(when), **known})


def digest(query: str) -> str:
    """Return what stands for a query in the log: 12 hexadecimal digits of its SHA-256."""
    return hashlib.sha256(query.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def _facts(request: Request, answer: Response, config: Config, debug: bool) -> dict[str, Any]:
    began = g.get("began")
    query = _query(request)
    stored = request.blueprint == "questions" and (request.view_args or {}).get("name")
    size = answer.content_length
    return {
        "client": client(request, config),
        "method": request.method[:20],
        "path": request.path[:_PATH],
        "status": answer.status_code,
        "bytes": answer.calculate_content_length() if size is None else size,
        "ms": None if began is None else round((time.perf_counter() - began) * 1000, 1),
        "question": str(stored)[:80] if stored else None,
        "query": digest(query) if query else None,
        "text": query if debug else None,
        **noted(),
    }


def _write(text: bytes) -> None:
    with suppress(OSError):
        os.write(_ERRORS, text)


def _time(when: float) -> str:
    return f"{_second(int(when))}.{int(when * 1000) % 1000:03}Z"


@lru_cache(maxsize=2)
def _second(now: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(now))


def _query(request: Request) -> str | None:
    """Return the text of the query that was sent, where one was read; never reads the body."""
    if (found := request.args.get("query")) is not None:
        return found
    if request.method != "POST":
        return None
    if "form" in request.__dict__:
        return request.form.get("query")
    body: bytes | None = getattr(request, "_cached_data", None)
    if request.mimetype == "application/sparql-query" and body is not None:
        return body.decode("utf-8", "replace")
    return None
