"""The headers that every answer has, and what a browser on another site may read.

``register`` is all that a module needs. No answer repeats the ``Host`` that a client sends:
addresses are relative, or begin with the configured ``base_url``.
"""

import re
from urllib.parse import urlsplit, urlunsplit

from flask import Flask, Response, request

from peelserver.config import Config
from peelserver.state import state

POLICY = "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

_ALWAYS = (
    ("Content-Security-Policy", POLICY),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "same-origin"),
    ("Server", "peelgraph"),
)

#: what pages of any other site may read, without credentials
OPEN = ("/sparql", "/questions", "/search", "/feeds", "/exports", "/id")

#: media types that are saved rather than shown, and the ends of their files' names
DOWNLOADS = {
    "text/csv": "csv",
    "text/tab-separated-values": "tsv",
    "text/turtle": "ttl",
    "application/trig": "trig",
    "application/n-triples": "nt",
    "application/n-quads": "nq",
    "application/rdf+xml": "rdf",
    "application/ld+json": "jsonld",
    "application/sparql-results+xml": "srx",
}

_REDIRECTS = frozenset({301, 302, 303, 307, 308})

_READABLE = "Allow, Content-Disposition, ETag, Link, Location, Retry-After"
_SENDABLE = "Accept, Accept-Language, Cache-Control, Content-Type, If-None-Match, X-Requested-With"


def register(app: Flask) -> None:
    """Set the headers of every answer of *app*, also of its errors."""

    def finish(answer: Response) -> Response:
        answer.headers.extend(_ALWAYS)
        if is_open(request.path):
            share(answer)
        else:
            answer.headers.add("Cross-Origin-Resource-Policy", "same-origin")
        if answer.status_code == 200:
            _save(answer)
        if answer.location is not None:
            answer.location = local(answer.location, state().config.base_url)
            if answer.status_code in _REDIRECTS:  # the page that comes with it names the host
                answer.data = f"Go on at {answer.location}\n"
                answer.mimetype = "text/plain"
        return answer

    app.after_request_funcs.setdefault(None, []).insert(0, finish)


def is_open(path: str) -> bool:
    """Say whether a path is for pages of any site.

    >>> is_open("/sparql"), is_open("/id/force/kent"), is_open("/sparqler"), is_open("/metrics")
    (True, True, False, False)
    """
    return any(path == each or path.startswith(each + "/") for each in OPEN)


def share(answer: Response) -> Response:
    """Let a page of any site read an answer, and an ``OPTIONS`` learn what it may send."""
    headers = answer.headers
    headers["Access-Control-Allow-Origin"] = "*"
    headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    headers["Access-Control-Expose-Headers"] = _READABLE
    if request.method == "OPTIONS" and answer.status_code < 300:
        headers["Access-Control-Allow-Methods"] = headers.get("Allow", "GET, HEAD, OPTIONS")
        headers["Access-Control-Allow-Headers"] = _SENDABLE
        headers["Access-Control-Max-Age"] = "86400"
    return answer


def preflight(*methods: str) -> Response:
    """Answer an ``OPTIONS`` with the methods of a path."""
    answer = Response(status=204)
    answer.headers["Allow"] = ", ".join(methods)
    return share(answer)


def local(location: str, base_url: str | None = None) -> str:
    r"""Return where to go on as an address on this server, whatever host it was built with.

    >>> local("http://elsewhere.example/questions/?a=b")
    '/questions/?a=b'
    >>> local("//elsewhere.example/x"), local("/\\elsewhere.example"), local("x/y?z#f")
    ('/x', '/', 'x/y?z#f')
    >>> local("https://graph.example/a", "https://graph.example/")
    'https://graph.example/a'
    """
    if base_url is not None and location.startswith(base_url.rstrip("/") + "/"):
        return location
    parts = urlsplit(location.replace("\\", "/"))
    path = re.sub(r"^/{2,}", "/", parts.path)
    if parts.scheme or parts.netloc:
        path = "/" + path.lstrip("/")
    return urlunsplit(("", "", path, parts.query, parts.fragment))


def absolute(path: str, config: Config) -> str:
    """Return the address of a path for use elsewhere: whole, where ``base_url`` is configured."""
    return config.base_url.rstrip("/") + path if config.base_url else path


def file_name(path: str, end: str) -> str:
    r"""Return a name to save an answer under, of letters, digits and hyphens only.

    >>> file_name("/questions/status", "csv"), file_name("/id/force/kent", "ttl")
    ('status.csv', 'force-kent.ttl')
    >>> file_name('/id/../"\r\nX: y', "csv"), file_name("/sparql", "csv"), file_name("/", "nt")
    ('x-y.csv', 'sparql.csv', 'peelgraph.nt')
    """
    parts = [part for part in path.lower().split("/") if part]
    named = parts[1:] if len(parts) > 1 else parts
    stem = re.sub(r"[^a-z0-9]+", "-", "-".join(named)).strip("-")[:80].strip("-")
    return f"{stem or 'peelgraph'}.{end}"


def _save(answer: Response) -> None:
    end = DOWNLOADS.get(answer.mimetype or "")
    if end is not None:
        name = file_name(request.path, end)
        answer.headers.setdefault("Content-Disposition", f'attachment; filename="{name}"')
