"""The page to write a query in; the page of an answer has it too.

It is a form with a text area. ``static/sparql.js`` makes it quicker to use, and nothing depends on
that: without it, the form asks and the answer is the next page.
"""

from typing import Any

import pyoxigraph as ox
from flask import Response, render_template

from peelgraph import __version__
from peelgraph.namespaces import PREFIXES
from peelserver.http.caching import Key, respond
from peelserver.linkeddata import census
from peelserver.sparql.examples import EXAMPLES
from peelserver.state import state

_HTML = "text/html"


def editor(query: str) -> Response:
    """Return the page with a query in it that has not been asked."""
    digest = state().digest()

    def made() -> tuple[str, bytes]:
        return _HTML, render_template("sparql.html", query=query, digest=digest).encode()

    key = Key(digest, f"{__version__} {ox.__version__}", f"/sparql editor {query}", None, _HTML)
    return respond(key, made, cacheable=True)


def known() -> dict[str, Any]:
    """Return what templates may ask for: examples, prefixes, the day of some data, and more."""
    return {
        "examples": EXAMPLES,
        "prefixes": PREFIXES,
        "as_of": as_of,
        "takes_queries": state().config.queries,
    }


def as_of(digest: str) -> str:
    """Return the latest day on which a part of a snapshot was changed, as YYYY-MM-DD."""
    return census.changed(state().engine(digest))
