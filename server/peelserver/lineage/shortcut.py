"""The short way to the answer of a question, in any form but a page."""

from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import parse_qsl

from flask import Flask

from peelgraph.questions import names
from peelgraph.values import BadValue, today
from peelserver.http.ways import FAILED, Environ, Headers, Made, Request, Usual
from peelserver.lineage import formats, permalinks, questions
from peelserver.lineage.formats import Format

_BASE = "/questions/"

#: how many kinds of answers are known
_KINDS = 1024

#: parameters with which a request names the snapshot that is to answer
_OF_SNAPSHOTS = ("snapshot", "version")


class _Kind(NamedTuple):
    """What answers to one question have in common, for clients that want the same form."""

    output: Format
    usual: Usual


class Questions:
    """The way to ``/questions/NAME``, for what the current snapshot answers.

    :param app: the application, of which the questions need the state
    """

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._names = frozenset(names())
        self._kinds: dict[tuple[str, str, str], _Kind] = {}

    def takes(self, request: Request) -> bool:
        """Say whether it is about a question that there is."""
        return _name(request) in self._names

    def day(self) -> str:
        """Return the day of today, which many parameters are by default."""
        return today()

    def route(self, request: Request) -> str:
        """Return the rule of all questions."""
        return "/questions/<name>"

    def facts(self, request: Request) -> Mapping[str, str]:
        """Return the name of the question."""
        return {"question": _name(request)}

    def make(self, request: Request, digest: str, environ: Environ) -> Made | None:
        """Answer a question in a form that is known."""
        given = _given(request)
        if given is None or any(each in given for each in _OF_SNAPSHOTS):
            return None
        name = _name(request)
        kind = self._kinds.get((name, request.accept, given.pop("format", "")))
        if kind is None:
            return None
        try:
            with self._app.app_context():
                prepared = questions.plainly(name, given, digest)
                permalink = permalinks.permalink(prepared, digest)
                body = questions.body(prepared, digest, kind.output, permalink)
        except BadValue:  # the application says what it means
            return None
        except Exception as error:
            environ[FAILED] = error
            return None
        key = questions.key_of(digest, permalink, kind.output)
        link = questions.link(permalink, kind.output)
        return Made(key, body, kind.usual, self.facts(request), link)

    def learn(self, request: Request, headers: Headers) -> None:
        """Take note of the headers of an answer in this form."""
        given = _given(request)
        if given is None or "snapshot" in given or len(self._kinds) >= _KINDS:
            return
        media = dict(headers)["Content-Type"].partition(";")[0]
        wanted = _name(request), request.accept, given.get("format", "")
        self._kinds[wanted] = _Kind(formats.named(media), Usual.of(headers))


def _name(request: Request) -> str:
    return request.path.removeprefix(_BASE)


def _given(request: Request) -> dict[str, str] | None:
    """Return the parameters that are not empty, if each is there once and properly written."""
    try:
        pairs = parse_qsl(request.asked, keep_blank_values=True, errors="strict")
    except UnicodeError:
        return None
    found = dict(pairs)
    if len(found) < len(pairs) or not request.asked.isascii():
        return None
    return {name: value for name, value in found.items() if value}
