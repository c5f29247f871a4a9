"""A short way to what is asked most with ``GET``, before the application.

What the application answers there depends on nothing but the snapshot, the day, the address and
what the client accepts. So its answers are remembered under these and said again: in full, or as
304 to a client that has them. What is new is asked for without the application by the way of its
address (:mod:`peelserver.http.ways`), once the application has shown which headers an answer of
its kind has. Whatever is unusual (a refusal, a page, a large answer) is for the application.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from peelserver.answering.jobs import QueryRefused
from peelserver.answering.pool import CLIENT
from peelserver.http import access_log
from peelserver.http.answers import LARGE
from peelserver.http.caching import Stored, compressed, encoding_of, etag
from peelserver.http.heads import trouble
from peelserver.http.limits import counted
from peelserver.http.records import Record
from peelserver.http.ways import Environ, Headers, Request, Way, unchanged
from peelserver.state import State

Start = Callable[..., Any]
Wsgi = Callable[[Environ, Start], Iterable[bytes]]

#: in a WSGI environment: the client is admitted
ADMITTED = "peelgraph.admitted"

#: bytes that an answer takes beside its body, about
_OVERHEAD = 2000

#: characters of a query string that is looked at
_LONGEST = 8192


class _Answer(NamedTuple):
    """What was answered; without a body, only that a client has it is known.

    :param of: the snapshot and the day
    :param unchanged: the headers of a 304
    :param facts: what the log says of it
    """

    of: tuple[str, str]
    tag: str
    headers: Headers
    unchanged: Headers
    body: bytes | None
    facts: Mapping[str, str]

    @property
    def size(self) -> int:
        return len(self.body or b"") + _OVERHEAD


class Shortcut:
    """A WSGI application before another.

    :param inner: the other one
    :param ways: by how a path begins
    :param most: bytes that all remembered answers may take; one of them a quarter of it
    """

    def __init__(self, inner: Wsgi, state: State, ways: Mapping[str, Way], most: int) -> None:
        self.inner = inner
        self._state = state
        self._ways = ways
        self._most = most
        self._lock = threading.Lock()
        self._answers: OrderedDict[Request, _Answer] = OrderedDict()
        self._size = 0
        self._debug = state.config.log_level == "debug"

    def __call__(self, environ: Environ, start: Start) -> Iterable[bytes]:
        """Answer one request."""
        path = environ["PATH_INFO"]
        way = self._ways.get(path[: path.find("/", 1) + 1] or path)
        if way is None or environ["REQUEST_METHOD"] != "GET":
            return self.inner(environ, start)
        if self._debug:  # the application logs whole queries
            return self.inner(environ, start)
        if trouble(environ) is not None:
            return self.inner(environ, start)
        environ[access_log.BEGAN] = access_log.begin()
        request = Request(
            path,
            environ.get("QUERY_STRING", ""),
            environ.get("HTTP_ACCEPT", ""),
            environ.get("HTTP_ACCEPT_ENCODING", ""),
        )
        known = environ.get("HTTP_IF_NONE_MATCH", "").strip()
        if known == "*" or len(request.asked) > _LONGEST or not way.takes(request):
            return self.inner(environ, start)
        client = counted(environ, self._state.config)
        try:
            self._state.limits.admit(client)
        except QueryRefused:  # one too many: the application refuses it
            return self.inner(environ, start)
        environ[ADMITTED] = True
        of = self._state.digest(), way.day()
        found = self._remembered(request, of)
        if found is not None and known and found.tag in _tags(known):
            start("304 NOT MODIFIED", list(found.unchanged))
            self._note(environ, way.route(request), client, 304, found, None)
            return []
        hit = found is not None and found.body is not None
        if not hit and not known:
            CLIENT.set(client)
            found = self._made(way, request, of, environ)
        if found is None or found.body is None:
            return self._learnt(way, request, of, environ, start)
        start("200 OK", list(found.headers))
        self._note(environ, way.route(request), client, 200, found, hit)
        return [found.body]

    def _remembered(self, request: Request, of: tuple[str, str]) -> _Answer | None:
        with self._lock:
            found = self._answers.get(request)
            if found is None or found.of != of:
                return None
            self._answers.move_to_end(request)
            return found

    def _made(
        self, way: Way, request: Request, of: tuple[str, str], environ: Environ
    ) -> _Answer | None:
        made = way.make(request, of[0], environ)
        if made is None:
            return None
        if len(made.body) > LARGE:  # the application sends it in pieces
            self._state.cache.put(made.key, Stored(made.key.media, made.body))
            return None
        body, encoding = made.body, encoding_of(made.body, request.encodings)
        own = [("ETag", tag := etag(made.key, encoding))]
        if made.link:
            own.append(("Link", made.link))
        shorter = [*own, *made.usual.unchanged]
        if encoding != "identity":
            body = compressed(body)
            own.append(("Content-Encoding", encoding))
        headers = [("Content-Length", str(len(body))), *own, *made.usual.headers]
        found = _Answer(of, tag.removeprefix("W/"), headers, shorter, body, made.facts)
        self._remember(request, found)
        return found

    def _learnt(
        self, way: Way, request: Request, of: tuple[str, str], environ: Environ, start: Start
    ) -> Iterable[bytes]:
        """Have the application answer, and remember its answer if it always gives the same."""
        said: list[Any] = []

        def listen(status: str, headers: Headers, *more: Any) -> Any:
            said[:] = status, headers
            return start(status, headers, *more)

        answer = self.inner(environ, listen)
        status, headers = said
        named = {name.lower(): value for name, value in headers}
        tag = named.get("etag", "").removeprefix("W/")
        usual = (
            status[:3] in ("200", "304")
            and tag
            and named.get("cache-control", "").startswith("public")
            and not named.get("content-type", "").startswith("text/html")
            and int(named.get("content-length", "0")) <= LARGE
            and (self._state.digest(), way.day()) == of
        )
        if not usual:
            return answer
        whole = status.startswith("200")
        try:
            body = b"".join(answer)
        finally:
            getattr(answer, "close", lambda: None)()
        kept = body if whole else None
        facts = way.facts(request)
        self._remember(request, _Answer(of, tag, headers, unchanged(headers), kept, facts))
        if whole:
            way.learn(request, headers)
        return [body]

    def _remember(self, request: Request, new: _Answer) -> None:
        if new.size > self._most // 4:
            return
        with self._lock:
            old = self._answers.pop(request, None)
            self._size += new.size - (old.size if old else 0)
            self._answers[request] = new
            while self._size > self._most:
                self._size -= self._answers.popitem(last=False)[1].size

    def _note(
        self,
        environ: Environ,
        route: str,
        client: str,
        status: int,
        found: _Answer,
        hit: bool | None,
    ) -> None:
        seconds = time.perf_counter() - environ[access_log.BEGAN]
        noted = access_log.noted()
        facts: Mapping[str, object] = {**found.facts, **noted} if noted else found.facts
        size = len(found.body) if status == 200 and found.body is not None else 0
        record = Record(
            *(time.time(), seconds, route, client, environ["PATH_INFO"], status, size, hit),
            question=found.facts.get("question"),
            facts=facts,
        )
        self._state.records.add(record)


def _tags(known: str) -> list[str]:
    return [each.strip().removeprefix("W/") for each in known.split(",")]
