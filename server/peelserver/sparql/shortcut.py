"""The short way to ``GET /sparql``: what is usual in every way goes straight to a worker."""

import re
from binascii import a2b_qp
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import parse_qs

from peelserver.answering.jobs import Job, QueryRefused
from peelserver.http import access_log
from peelserver.http.caching import Key
from peelserver.http.ways import FAILED, Environ, Headers, Made, Request, Usual
from peelserver.sparql import guard, results
from peelserver.sparql.endpoint import VERSION, evaluated
from peelserver.state import State

#: how many kinds of answers are known
_KINDS = 1024

_NO_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")


class _Kind(NamedTuple):
    """What answers to queries of one form have in common, for clients that accept the same.

    :param select: what a worker is asked for, as :class:`Job` has it
    :param construct: the same
    """

    choice: results.Choice
    text: str
    select: str
    construct: str
    usual: Usual


class Queries:
    """The way to ``/sparql``, with queries that have no dataset of their own."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._kinds: dict[tuple[str, str], _Kind] = {}

    def takes(self, request: Request) -> bool:
        """Say whether it is a query."""
        return request.path == "/sparql" and "query=" in request.asked

    def day(self) -> str:
        """Return nothing: it is the same on every day."""
        return ""

    def route(self, request: Request) -> str:
        """Return the path."""
        return request.path

    def facts(self, request: Request) -> Mapping[str, str]:
        """Return what stands for the query."""
        text = _only_query(request)
        if text is None:
            text = parse_qs(request.asked).get("query", [""])[0]
        return {"query": access_log.digest(text)}

    def make(self, request: Request, digest: str, environ: Environ) -> Made | None:
        """Have a worker answer a query of a kind that is known."""
        if (text := _only_query(request)) is None:
            return None
        try:
            seen = guard.check(text)
        except QueryRefused:
            return None
        kind = self._kinds.get((request.accept, seen.form or ""))
        if kind is None or seen.volatile or seen.from_graphs or seen.from_named:
            return None
        job = Job(seen.text, kind.select, kind.construct)
        try:
            _, body = evaluated(self._state.pool, job, kind.choice, digest)
        except Exception as error:  # the application says what it means
            environ[FAILED] = error
            return None
        key = Key(digest, VERSION, text, None, kind.text)
        return Made(key, body, kind.usual, {"query": access_log.digest(text)})

    def learn(self, request: Request, headers: Headers) -> None:
        """Take note of the headers of an answer to a query of this form."""
        text = _only_query(request)
        if text is None or len(self._kinds) >= _KINDS:
            return
        form = guard.look(text).form or ""
        choice = results.choose(request.accept or None, None, (results.KINDS[form],))
        self._kinds[request.accept, form] = _Kind(
            choice, choice.text, choice.select(), choice.asked("graph"), Usual.of(headers)
        )


def _only_query(request: Request) -> str | None:
    """Return the query, if there is nothing else in the address."""
    if not request.asked.startswith("query=") or "&" in request.asked:
        return None
    return unquoted(request.asked[6:])


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
