"""Every failure has one shape: problem details (RFC 9457), or a plain page in a browser."""

import json
from http import HTTPStatus

from flask import Flask, Response, g, render_template, request
from werkzeug.exceptions import HTTPException

from peelgraph.questions import UnknownName
from peelgraph.values import BadValue
from peelserver.answering.jobs import QueryRefused
from peelserver.http.negotiation import pick

MEDIA = "application/problem+json"

#: names of statuses that differ from one version of Python to the next
_TITLES = {413: "Content Too Large", 414: "URI Too Long", 416: "Range Not Satisfiable"}

#: characters of a query from which it is posted rather than put into a link
_LONG = 4000

_SENTENCES = {
    404: "No page or file has this address. If you typed it, check it.",
    405: "This address does not take such a request.",
    500: "Something went wrong here. It is not your fault.",
}


def register(app: Flask) -> None:
    """Answer every error of *app* in one shape."""
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(BadValue, lambda error: problem(400, str(error)))
    app.register_error_handler(UnknownName, lambda error: problem(404, str(error.args[0])))
    app.register_error_handler(QueryRefused, _refused)


def problem(status: int, detail: str, **extra: object) -> Response:
    """Return one failure.

    :param status: the HTTP status
    :param detail: what is wrong and what to do, as a sentence
    :param extra: more members; those that are None are left out
    """
    title = _TITLES.get(status) or HTTPStatus(status).phrase
    more = {name: value for name, value in extra.items() if value is not None}
    if wants_page():
        query = g.get("sparql")
        page = render_template(
            "problem.html" if query is None else "sparqlproblem.html",
            **{"title": title, "status": status, "detail": detail, "more": more, "query": query},
            long=query is not None and len(query) > _LONG,
            asked=True,
        )
        answer = Response(page, status, content_type="text/html; charset=utf-8")
    else:
        body = {"type": "about:blank", "title": title, "status": status, "detail": detail} | more
        text = json.dumps(body, ensure_ascii=False) + "\n"
        answer = Response(text.encode("utf-8", "replace"), status, content_type=MEDIA)
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Vary"] = "Accept"
    return answer


def wants_page() -> bool:
    """Say whether the client is a browser that wants a page."""
    accepts = ", ".join(request.headers.getlist("Accept"))
    return pick(accepts, [MEDIA, "application/json", "text/html"]) == "text/html"


def _http(error: HTTPException) -> Response:
    status = error.code or 500
    default = type(error).description
    said = error.description if error.description != default else None
    answer = problem(status, said or _SENTENCES.get(status) or default or "That failed.")
    for name, value in error.get_headers():
        if name.lower() in {"allow", "retry-after"}:
            answer.headers[name] = value
    return answer


def _refused(error: QueryRefused) -> Response:
    answer = problem(error.status, error.detail)
    wait = error.retry_after or (5 if error.status == 503 else None)
    if wait is not None:
        answer.headers["Retry-After"] = str(wait)
    return answer
