"""A short way to ``GET /sparql``, before the application, for what is asked most.

What the application answers here depends on nothing but the snapshot, the query string and what
the client accepts. So its answers are remembered under these and said again: in full, or as 304 to
a client that has them. A new query goes straight to a worker, once the application has shown which
headers an answer of its kind has. Whatever is unusual (another parameter, ``FROM``, a refusal,
compression of something new) is for the application.
"""

import re
import threading
import time
from binascii import a2b_qp
from collections import OrderedDict
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple
from urllib.parse import parse_qs

from peelserver.answering.jobs import Job, QueryRefused
from peelserver.answering.pool import CLIENT
from peelserver.http import access_log
from peelserver.http.answers import LARGE
from peelserver.http.caching import Key, Stored, etag
from peelserver.http.heads import trouble
from peelserver.http.limits import counted
from peelserver.sparql import guard, results
from peelserver.sparql.endpoint import FAILED, VERSION, evaluated
from peelserver.state import State

Environ = dict[str, Any]
Start = Callable[..., Any]
Wsgi = Callable[[Environ, Start], Iterable[bytes]]
Headers = list[tuple[str, str]]

#: in a WSGI environment: the client is admitted
ADMITTED = "peelgraph.admitted"

#: bytes that an answer takes beside its body, about
_OVERHEAD = 2000

#: characters of a query string that is looked at
_LONGEST = 8192

#: how many kinds of answers are known
_KINDS = 1024

#: headers of an answer in full that a 304 does not have
_OF_BODIES = {"content-length", "content-type", "content-encoding", "content-disposition"}

_NO_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")


class _Request(NamedTuple):
    """What an answer depends on beside the snapshot."""

    asked: str
    accept: str
    encodings: str

    def only_query(self) -> str | None:
        """Return the query, if there is nothing else in the address and no encoding is wanted."""
        if self.encodings or not self.asked.startswith("query=") or "&" in self.asked:
            return None
        return unquoted(self.asked[6:])


class _Answer(NamedTuple):
    """What was answered; without a body, only that a client has it is known.

    :param unchanged: the headers of a 304
    :param query: what stands for the query in the log
    """

    digest: str
    tag: str
    headers: Headers
    unchanged: Headers
    body: bytes | None
    query: str

    @property
    def size(self) -> int:
        return len(self.body or b"") + _OVERHEAD


class _Usual(NamedTuple):
    """What answers to queries of one form have in common, for clients that accept the same.

    :param select: what a worker is asked for, as :class:`Job` has it
    :param construct: the same
    :param headers: all but those that say how long an answer is, and which
    :param unchanged: the same of a 304
    """

    choice: results.Choice
    text: str
    select: str
    construct: str
    headers: Headers
    unchanged: Headers


class Shortcut:
    """A WSGI application before another.

    :param inner: the other one
    :param most: bytes that all remembered answers may take; one of them a quarter of it
    """

    def __init__(self, inner: Wsgi, state: State, most: int) -> None:
        self.inner = inner
        self._state = state
        self._most = most
        self._lock = threading.Lock()
        self._answers: OrderedDict[_Request, _Answer] = OrderedDict()
        self._size = 0
        self._usual: dict[tuple[str, str], _Usual] = {}
        self._logs = access_log.is_on(state.config)
        self._debug = state.config.log_level == "debug"

    def __call__(self, environ: Environ, start: Start) -> Iterable[bytes]:
        """Answer one request."""
        if environ["PATH_INFO"] != "/sparql" or environ["REQUEST_METHOD"] != "GET":
            return self.inner(environ, start)
        if self._debug:  # the application logs whole queries
            return self.inner(environ, start)
        if trouble(environ) is not None:
            return self.inner(environ, start)
        environ[access_log.BEGAN] = access_log.begin()
        request = _Request(
            environ.get("QUERY_STRING", ""),
            environ.get("HTTP_ACCEPT", ""),
            environ.get("HTTP_ACCEPT_ENCODING", ""),
        )
        known = environ.get("HTTP_IF_NONE_MATCH", "").strip()
        if known == "*" or not request.asked or len(request.asked) > _LONGEST:
            return self.inner(environ, start)
        client = counted(environ, self._state.config)
        try:
            self._state.limits.admit(client)
        except QueryRefused:  # one too many: the application refuses it
            return self.inner(environ, start)
        environ[ADMITTED] = True
        digest = self._state.digest()
        found = self._remembered(request, digest)
        if found is not None and known and found.tag in _tags(known):
            start("304 NOT MODIFIED", list(found.unchanged))
            self._note(environ, client, 304, found)
            return []
        hit = found is not None and found.body is not None
        if not hit:
            found = None if known else self._asked(request, digest, client, environ)
        if found is None or found.body is None:
            return self._learnt(request, digest, environ, start)
        self._state.metrics.cache(hit)
        start("200 OK", list(found.headers))
        self._note(environ, client, 200, found)
        return [found.body]

    def _remembered(self, request: _Request, digest: str) -> _Answer | None:
        with self._lock:
            found = self._answers.get(request)
            if found is None or found.digest != digest:
                return None
            self._answers.move_to_end(request)
            return found

    def _asked(
        self, request: _Request, digest: str, client: str, environ: Environ
    ) -> _Answer | None:
        """Have a worker answer a query that is usual in every way; None for any other."""
        if (text := request.only_query()) is None:
            return None
        try:
            seen = guard.check(text)
        except QueryRefused:
            return None
        usual = self._usual.get((request.accept, seen.form or ""))
        if usual is None or seen.volatile or seen.from_graphs or seen.from_named:
            return None
        job = Job(seen.text, usual.select, usual.construct)
        CLIENT.set(client)
        try:
            _, body = evaluated(self._state.pool, job, usual.choice, digest)
        except Exception as error:  # the application says what it means
            environ[FAILED] = error
            return None
        key = Key(digest, VERSION, text, None, usual.text)
        if len(body) > LARGE:  # the application sends it in pieces
            media = usual.choice.by_kind[results.KINDS[seen.form or ""]]
            self._state.cache.put(key, Stored(media, body))
            return None
        tag = etag(key, "identity")
        headers = [("Content-Length", str(len(body))), ("ETag", tag), *usual.headers]
        unchanged = [("ETag", tag), *usual.unchanged]
        tag, query = tag.removeprefix("W/"), access_log.digest(text)
        made = _Answer(digest, tag, headers, unchanged, body, query)
        self._remember(request, made)
        return made

    def _learnt(
        self, request: _Request, digest: str, environ: Environ, start: Start
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
            and "query=" in request.asked
            and int(named.get("content-length", "0")) <= LARGE
            and self._state.digest() == digest
        )
        if not usual:
            return answer
        whole = status.startswith("200")
        try:
            body = b"".join(answer)
        finally:
            getattr(answer, "close", lambda: None)()
        query = access_log.digest(parse_qs(request.asked).get("query", [""])[0])
        known = _Answer(digest, tag, headers, _unchanged(headers), body if whole else None, query)
        self._remember(request, known)
        text = request.only_query()
        if whole and text is not None and len(self._usual) < _KINDS:
            form = guard.look(text).form or ""
            choice = results.choose(request.accept or None, None, (results.KINDS[form],))
            of_any = [each for each in headers if each[0].lower() not in ("content-length", "etag")]
            self._usual[request.accept, form] = _Usual(
                *(choice, choice.text, choice.select(), choice.asked("graph")),
                *(of_any, _unchanged(of_any)),
            )
        return [body]

    def _remember(self, request: _Request, new: _Answer) -> None:
        if new.size > self._most // 4:
            return
        with self._lock:
            old = self._answers.pop(request, None)
            self._size += new.size - (old.size if old else 0)
            self._answers[request] = new
            while self._size > self._most:
                self._size -= self._answers.popitem(last=False)[1].size

    def _note(self, environ: Environ, client: str, status: int, found: _Answer) -> None:
        seconds = time.perf_counter() - environ[access_log.BEGAN]
        self._state.metrics.observe("/sparql", status, seconds)
        if self._logs:
            facts = {
                "client": client,
                "method": "GET",
                "path": "/sparql",
                "status": status,
                "bytes": len(found.body or b"") if status == 200 else 0,
                "ms": round(seconds * 1000, 1),
                "query": found.query,
                **access_log.noted(),
            }
            access_log.write(facts)


def unquoted(text: str) -> str | None:
    """Return the value of a parameter, or None if it is not written as the standard has it.

    The library's own function goes from escape to escape; this has those of quoted-printable text
    read, which are the same but for their sign.

    >>> unquoted("%C3%A9+%3D="), unquoted("%E9"), unquoted("%4"), unquoted("é")
    ('é ==', None, None, None)
    """
    if _NO_ESCAPE.search(text) is not None:
        return None
    try:
        quoted = text.replace("+", " ").replace("=", "=3D").replace("%", "=").encode("ascii")
        return a2b_qp(quoted).decode("utf-8")
    except UnicodeError:
        return None


def _tags(known: str) -> list[str]:
    return [each.strip().removeprefix("W/") for each in known.split(",")]


def _unchanged(headers: Headers) -> Headers:
    return [(name, value) for name, value in headers if name.lower() not in _OF_BODIES]
