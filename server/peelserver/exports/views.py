"""``/exports``: what can be had and how it is chosen, and each part of the graph in each format."""

import json
from functools import lru_cache
from urllib.parse import urlencode

from flask import Blueprint, Response, abort, render_template, request

from peelgraph import __version__
from peelgraph.exports import formats, scope
from peelgraph.exports.formats import Format
from peelgraph.exports.gathering import TooMuch, gather, title
from peelgraph.exports.model import LICENCE
from peelgraph.exports.scope import Scope
from peelgraph.questions import parameter
from peelgraph.values import BadValue, check_form, today
from peelserver.answering.jobs import TooLarge
from peelserver.exports import addresses
from peelserver.http.caching import Key, respond
from peelserver.http.negotiation import pick
from peelserver.lineage.choices import choices
from peelserver.lineage.permalinks import Snapshot
from peelserver.state import state

bp = Blueprint("exports", __name__)

#: how many things one export has at most
MOST = 20_000

#: seconds for which an export of the current snapshot may be taken for fresh, and one that names
#: its snapshot
_FRESH, _LASTING = 60, 86400

_JSON, _PAGE = "application/json", "text/html"


@bp.get("/exports")
def index() -> Response:
    """List the formats; for a part of the graph, send it as the client wants it."""
    given = _given()
    snapshot = Snapshot.taken_from(given)
    chosen = any(name in given for name in (*scope.PARTS, "all"))
    offers = [_PAGE, *(each.media for each in _offered())] if chosen else [_PAGE, _JSON]
    media = pick(", ".join(request.headers.getlist("Accept")) or None, offers)
    if media is None:
        abort(406, f"Ask for one of: {', '.join(dict.fromkeys(offers))}.")
    if media != _PAGE and chosen:
        return _export(next(each for each in _offered() if each.media == media), given, snapshot)
    engine = snapshot.engine(addresses.command("FORMAT", given))
    found = _resolved(engine.digest, today(), tuple(sorted(given.items())))

    def made() -> tuple[str, bytes]:
        return media, _page(found, engine.digest) if media == _PAGE else _listed()

    key = Key(
        engine.digest, __version__, addresses.permalink("", found, engine.digest), None, media
    )
    return respond(key, made, cacheable=True, max_age=_FRESH)


@bp.get("/exports/<name>")
def export(name: str) -> Response:
    """Send a part of the graph in one format."""
    form = formats.named(name)
    given = _given()
    return _export(form, given, Snapshot.taken_from(given))


def _export(form: Format, given: dict[str, str], snapshot: Snapshot) -> Response:
    engine = snapshot.engine(addresses.command(form.name, given))
    found = _resolved(engine.digest, today(), tuple(sorted(given.items())))
    permalink = addresses.permalink(form.name, found, engine.digest)

    def made() -> tuple[str, bytes]:
        try:
            written = form.write(gather(engine, found, most=MOST), engine)
        except TooMuch as error:
            raise TooLarge(str(error)) from None
        largest = state().config.largest_answer
        body = bytearray()
        for piece in written.pieces:
            body += piece
            if len(body) > largest:
                raise TooLarge(
                    f"This file is larger than the {largest} bytes that this server sends. Choose "
                    f"an item, a force or a theme, or use the command: "
                    f"{addresses.command(form.name, found.options)}."
                )
        return form.media, bytes(body)

    lasts = _LASTING if snapshot.digest else _FRESH
    key = Key(engine.digest, __version__, permalink, None, form.media)
    answer = respond(key, made, cacheable=True, max_age=lasts)
    name = formats.file_name(found, engine.digest, form)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Link"] = (
        f'<{permalink}>; rel="bookmark", <{LICENCE}>; rel="license", '
        '</openapi.json>; rel="describedby"'
    )
    return answer


def _offered() -> tuple[Format, ...]:
    """Return what is negotiated about: of the formats of one media type, the first named here."""
    return (
        formats.named("node-link"),
        *(each for each in formats.ALL if each.name not in ("node-link", "html")),
    )


def _given() -> dict[str, str]:
    """Return the parameters of the request, those left empty left out.

    :raises BadValue: one is given twice, or is none, or takes no such value
    """
    for key, values in request.args.lists():
        if len(values) > 1:
            raise BadValue(f"Give '{key}' once.")
    given = {key: value for key, value in request.args.items() if value}
    for name, value in given.items():
        if name not in (*scope.OPTIONS, "snapshot", "version"):
            raise BadValue(
                f"There is no parameter '{name[:80]}' here; there are: {', '.join(scope.OPTIONS)}."
            )
        if name in ("on", "known"):
            check_form(parameter(name), value)
    return given


@lru_cache(maxsize=1024)
def _resolved(digest: str, day: str, given: tuple[tuple[str, str], ...]) -> Scope:
    """Return the part that is asked for, its names checked against a snapshot, on a day.

    :raises BadValue: one names nothing, or does not fit
    """
    try:
        return scope.resolve(state().engine(digest), dict(given))
    except LookupError as error:
        raise BadValue(str(error.args[0])) from None


def _page(found: Scope, digest: str) -> bytes:
    called = title(state().engine(digest), found) if found.iri else ""
    return render_template(
        "exports.html",
        formats=[
            (each, f"/exports/{each.name}?{urlencode(found.options, safe='/:,')}")
            for each in formats.ALL
            if found.part in each.parts
        ],
        title=called,
        given=found.options,
        themes=choices(parameter("theme"), digest),
        forces=choices(parameter("force"), digest),
        items=choices(parameter("item"), digest),
        command=addresses.command("graphml", found.options),
        digest=digest,
    ).encode()


def _listed() -> bytes:
    listed = [
        {
            "name": each.name,
            "media": each.media,
            "label": each.label,
            "address": f"/exports/{each.name}",
        }
        for each in formats.ALL
    ]
    return (json.dumps(listed, ensure_ascii=False, indent=2) + "\n").encode()
