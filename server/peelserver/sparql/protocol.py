"""The query half of the SPARQL 1.1 Protocol: what a request asks, by ``GET`` or either ``POST``."""

from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import parse_qsl

import pyoxigraph as ox
from flask import Response, abort, request

from peelserver.sparql.guard import NotAllowed

QUERY = "application/sparql-query"
FORM = "application/x-www-form-urlencoded"

#: parameters that a request may have
PARAMETERS = 1000

_UPDATE = "application/sparql-update"
_UPDATES = ("update", "using-graph-uri", "using-named-graph-uri")
_UTF_8 = frozenset({"", "utf-8", "utf8"})
_READ_ONLY = "The graph is read-only: updates are not accepted."


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request asks.

    :param query: None if there is none
    :param default_graphs: those of the protocol; None, if it names no dataset
    :param named_graphs: those of the protocol; None, if it names no dataset
    :param format: the short name or media type given as a parameter
    """

    query: str | None
    default_graphs: tuple[str, ...] | None
    named_graphs: tuple[str, ...] | None
    format: str | None


def read() -> Asked:
    """Return what the request that is being answered asks.

    :raises HTTPException: it is not as the protocol has it
    :raises NotAllowed: it is an update
    """
    given = _parameters(request.query_string, "URL")
    direct: str | None = None
    if request.method == "POST":
        media = _media()
        body = request.get_data()
        if media == FORM:
            given += _parameters(body, "form")
            request.form.get("query")  # read here, so that the access log finds it
        else:
            direct = _text(body, "query").removeprefix("\ufeff")
    for name in _UPDATES:
        if any(key == name for key, _ in given):
            raise NotAllowed(_READ_ONLY)
    queries = [value for key, value in given if key == "query"]
    queries += [direct] if direct is not None else []
    if len(queries) > 1:
        abort(400, "Give one query, not several.")
    default, named = (
        tuple(dict.fromkeys(_iri(key, value) for key, value in given if key == name))
        for name in ("default-graph-uri", "named-graph-uri")
    )
    # SPARQLWrapper gives a short name first, and then a media type or nothing
    format_ = next((value for key, value in given if key == "format" and value), None)
    return Asked(
        query=queries[0] if queries else None,
        default_graphs=default if default or named else None,
        named_graphs=named if default or named else None,
        format=format_,
    )


def _media() -> str:
    """Return the media type of a ``POST``, one that is taken."""
    if request.headers.get("Content-Encoding", "identity").strip().lower() != "identity":
        abort(415, "Send the query as it is, without a Content-Encoding.")
    if request.mimetype == _UPDATE:
        raise NotAllowed(_READ_ONLY)
    if request.mimetype not in (FORM, QUERY):
        abort(415, f"Post a form ({FORM}), or the query itself as {QUERY}.")
    charset = request.mimetype_params.get("charset", "").lower()
    if charset not in _UTF_8:
        abort(415, "Send the query in UTF-8.")
    if not request.environ.get("CONTENT_LENGTH"):  # ``bodies`` sets it for one sent in chunks
        abort(411, "Say how long the body is, in Content-Length.")
    return request.mimetype


def _parameters(raw: bytes, where: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(
            _text(raw, where),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=PARAMETERS,
        )
    except UnicodeDecodeError:
        abort(400, f"The {where} is not UTF-8.")
    except ValueError:
        abort(400, f"A request may have {PARAMETERS} parameters.")


def _text(raw: bytes, what: str) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        abort(400, f"The {what} is not UTF-8.")


@lru_cache(maxsize=1024)
def _is_iri(text: str) -> bool:
    try:
        ox.NamedNode(text)
    except ValueError:
        return False
    return True


def _iri(name: str, value: str) -> str:
    if not _is_iri(value):
        abort(400, f"'{name}' takes a whole IRI, not '{value[:200]}'.")
    return value


def accepted_by_post(answer: Response) -> Response:
    """Say which bodies are taken, on an answer that refuses one."""
    if answer.status_code == 415:
        answer.headers["Accept-Post"] = f"{QUERY}, {FORM}"
    return answer
