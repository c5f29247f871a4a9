"""Every failure has one shape: problem details (RFC 9457), or a plain page in a browser."""

import json
from http import HTTPStatus

from flask import Flask, Response, render_template, request
from werkzeug.exceptions import HTTPException

from peelgraph.questions import UnknownName
from peelgraph.values import BadValue
from peelserver.engine import Busy, QueryRefused, TooSlow

_POLICY = "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"


def register(app: Flask) -> None:
    """Answer every error of *app* in one shape, and set the headers that every answer has."""
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(BadValue, lambda error: problem(400, str(error)))
    app.register_error_handler(UnknownName, lambda error: problem(404, str(error.args[0])))
    app.register_error_handler(SyntaxError, _syntax)
    app.register_error_handler(QueryRefused, _refused)
    app.after_request(_headers)


def problem(status: int, detail: str) -> Response:
    """Return one failure.

    :param status: the HTTP status
    :param detail: what is wrong and what to do, as a sentence
    """
    title = HTTPStatus(status).phrase
    if wants_page():
        page = render_template("problem.html", status=status, title=title, detail=detail)
        return Response(page, status, mimetype="text/html")
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    return Response(
        json.dumps(body, ensure_ascii=False) + "\n", status, mimetype="application/problem+json"
    )


def wants_page() -> bool:
    """Say whether the client is a browser that wants a page."""
    accepts = request.accept_mimetypes
    return accepts.best_match(["application/json", "text/html"]) == "text/html" and bool(
        accepts.quality("text/html") > accepts.quality("application/json")
    )


def _http(error: HTTPException) -> Response:
    answer = problem(error.code or 500, error.description or "Something went wrong.")
    for name, value in error.get_headers():
        if name.lower() in {"allow", "retry-after"}:
            answer.headers[name] = value
    return answer


def _syntax(error: SyntaxError) -> Response:
    return problem(400, f"The query does not parse: {error}")


def _refused(error: QueryRefused) -> Response:
    status = 503 if isinstance(error, Busy) else 504 if isinstance(error, TooSlow) else 413
    answer = problem(status, str(error))
    if status == 503:
        answer.headers["Retry-After"] = "5"
    return answer


def _headers(answer: Response) -> Response:
    answer.headers.setdefault("Content-Security-Policy", _POLICY)
    answer.headers.setdefault("X-Content-Type-Options", "nosniff")
    answer.headers.setdefault("Referrer-Policy", "same-origin")
    return answer
