"""What the short way needs to know of the addresses for which there is one."""

from collections.abc import Mapping
from typing import Any, NamedTuple, Protocol

from peelserver.http.caching import Key

Environ = dict[str, Any]
Headers = list[tuple[str, str]]

#: in a WSGI environment: why there is no answer, where it was asked for before
FAILED = "peelgraph.failed"

#: headers of an answer in full that a 304 does not have
_OF_BODIES = {"content-length", "content-type", "content-encoding", "content-disposition"}

#: headers that differ from answer to answer of a kind
_OF_ONE = {"content-length", "content-encoding", "etag", "link"}


class Request(NamedTuple):
    """What an answer depends on beside the snapshot and the day."""

    path: str
    asked: str
    accept: str
    encodings: str


class Usual(NamedTuple):
    """The headers that answers of one kind have in common: of one in full, and of a 304."""

    headers: Headers
    unchanged: Headers

    @classmethod
    def of(cls, headers: Headers) -> "Usual":
        """Return what is usual in the headers of an answer in full."""
        found = [each for each in headers if each[0].lower() not in _OF_ONE]
        return cls(found, unchanged(found))


class Made(NamedTuple):
    """A new answer.

    :param key: what it is known by
    :param facts: what the log says of it
    :param link: its header ``Link``, if it has one
    """

    key: Key
    body: bytes
    usual: Usual
    facts: Mapping[str, str]
    link: str = ""


class Way(Protocol):
    """How what some addresses give is asked for without the application."""

    def takes(self, request: Request) -> bool:
        """Say whether the application may give the same answer to this request again."""

    def day(self) -> str:
        """Return the day of today, if answers differ from day to day."""

    def route(self, request: Request) -> str:
        """Return the rule of the application that matches, for the counts."""

    def facts(self, request: Request) -> Mapping[str, str]:
        """Return what the log says of a request that is no secret."""

    def make(self, request: Request, digest: str, environ: Environ) -> Made | None:
        """Return a new answer from a snapshot; None for what the application has to answer."""

    def learn(self, request: Request, headers: Headers) -> None:
        """Take note of the headers that the application gave to an answer in full."""


def unchanged(headers: Headers) -> Headers:
    """Return those headers of an answer in full that a 304 has, too."""
    return [(name, value) for name, value in headers if name.lower() not in _OF_BODIES]
