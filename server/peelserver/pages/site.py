"""The pages for people: what answers at which address."""

from collections.abc import Callable

from flask import Blueprint, Response, request

from peelgraph import __version__, phrases
from peelgraph.engine import Engine
from peelgraph.namespaces import ID
from peelgraph.values import BadValue
from peelgraph.wording import a_span
from peelserver.http.caching import Key, respond
from peelserver.pages import about, document, force, item, passage, start, status, thing
from peelserver.pages.moment import Moment, moment
from peelserver.state import state

bp = Blueprint("pages", __name__)
bp.add_app_template_filter(a_span, "a_span")
bp.add_app_template_filter(phrases.day, "a_day")

_HTML = "text/html"

#: seconds for which a page need not be asked for again
_FRESH = 60

#: what makes the page of a kind of thing, where it shows more than any thing has
_PAGES: dict[str, Callable[[Engine, Moment, str], str]] = {
    "area-for-improvement": item.page,
    "cause-of-concern": item.page,
    "force": force.page,
    "recommendation": item.page,
}


@bp.get("/")
def start_page() -> Response:
    """Show how each force stands, on a day."""
    then, _, wrong = status.asked(state().engine(), request.args, ())
    return _answer(lambda engine: start.page(engine, then, wrong), then, failed=bool(wrong))


@bp.get("/status")
def status_page() -> Response:
    """Show what was open, closed, or cannot be told, on a day."""
    then, chosen, wrong = status.asked(state().engine(), request.args)
    first = offset()
    return _answer(
        lambda engine: status.page(engine, then, chosen, wrong, first),
        then,
        f"{sorted(chosen.items())} {first}",
        failed=bool(wrong),
    )


@bp.get("/about")
def about_page() -> Response:
    """Say what the site is, and under which licence."""
    then = moment(request.args)
    return _answer(lambda engine: about.page(engine, then), then)


@bp.get("/passages/<slug>/<int:start>-<int:end>")
def passage_page(slug: str, start: int, end: int) -> Response:
    """Show a passage: what it proves, and its words where the reader has a copy."""
    then, sources = moment(request.args), state().config.sources
    return _answer(
        lambda engine: passage.page(engine, then, slug, start, end, sources),
        then,
        cacheable=sources is None,  # a reader may change a copy at any time
    )


def thing_page(kind: str, slug: str, then: Moment) -> str:
    """Return the page of one thing, as it stood and was known at a moment."""
    engine, iri = state().engine(), f"{ID}{kind}/{slug}"
    if kind == "document":
        return document.page(engine, then, iri, offset())
    return _PAGES.get(kind, thing.page)(engine, then, iri)


def offset() -> int:
    """Return how many rows the address leaves out at the beginning.

    :raises BadValue: it is no whole number
    """
    given = request.args.get("offset") or "0"
    if not (given.isascii() and given.isdigit() and len(given) < 10):
        raise BadValue(f"'offset' takes a whole number such as 200, not '{given[:40]}'.")
    return int(given)


def _answer(
    make: Callable[[Engine], str],
    then: Moment,
    more: str = "",
    *,
    failed: bool = False,
    cacheable: bool = True,
) -> Response:
    """Answer with a page, from memory where it is the same; what was asked wrongly is a 400.

    :param more: what it depends on beside its path and the moment
    """
    engine = state().engine()
    if failed:
        answer = Response(make(engine), 400, content_type="text/html; charset=utf-8")
        answer.headers["Cache-Control"] = "no-store"
        return answer
    text = f"{request.path} {then.on} {then.known} at {then.today} {more}"
    key = Key(engine.digest, __version__, text, None, _HTML)
    return respond(key, lambda: (_HTML, make(engine).encode()), cacheable=cacheable, max_age=_FRESH)
