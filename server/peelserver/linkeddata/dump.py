"""``/snapshot``: which snapshot is served, and the whole of it as a file."""

import json
from pathlib import Path

from flask import Blueprint, Response, abort, send_file

from peelgraph import __version__
from peelgraph.namespaces import BASE
from peelgraph.snapshot import SNAPSHOT, checksum_path, path_of
from peelserver.answering.jobs import Gone
from peelserver.http.caching import Key, respond
from peelserver.linkeddata import listing, statements
from peelserver.linkeddata.dcat import File
from peelserver.linkeddata.rdf import FORMS
from peelserver.linkeddata.representations import (
    ENDINGS,
    FORM,
    PAGE,
    Subject,
    negotiated,
    represent,
)
from peelserver.state import State, state

bp = Blueprint("dump", __name__)

QUADS = "application/n-quads"
_JSON = "application/json"


@bp.get("/snapshot")
def snapshot() -> Response:
    """Say which snapshot is served, or send it."""
    chosen = negotiated([_JSON, PAGE, *FORMS.values(), QUADS])
    if chosen == QUADS:
        answer = quads()
        answer.headers["Vary"] = "Accept"
        answer.headers["Content-Location"] = "/snapshot.nq"
        return answer
    if chosen != _JSON:
        return _described(chosen)
    digest = state().digest()

    def make() -> tuple[str, bytes]:
        said: dict[str, str | int] = {"snapshot": digest}
        if (file := measured(digest)) is not None:
            said |= {"quads": "/snapshot.nq", "bytes": file.size, "sha256": file.checksum}
        return _JSON, json.dumps(said).encode() + b"\n"

    return respond(
        Key(digest, __version__, "/snapshot", None, _JSON), make, cacheable=True, max_age=0
    )


@bp.get(f"/snapshot.<{FORM}:ending>")
@bp.get("/snapshot.<any(html, nq):ending>")
def snapshot_in(ending: str) -> Response:
    """Say which snapshot is served, in one form; or send it as N-Quads."""
    return quads() if ending == "nq" else _described(ENDINGS[ending])


def quads() -> Response:
    """Send the file of the snapshot.

    :raises HTTPException: an engine elsewhere has it, and not as a file; 404
    """
    digest = state().digest()
    if not has_file(state()):
        abort(
            404,
            "This server has no file of the snapshot: it answers from an engine elsewhere. "
            "/.well-known/void names a file for each of its graphs; 'peelgraph build' makes the "
            "whole.",
        )
    answer = send_file(
        _file(digest),
        mimetype=QUADS,
        as_attachment=True,
        download_name=f"peelgraph-{digest[:12]}.nq",
        conditional=True,
        etag=digest,
        max_age=0,
    )
    answer.headers.add("Link", '</.well-known/void>; rel="describedby"; type="text/turtle"')
    return answer


def has_file(state: State) -> bool:
    """Whether a server has the snapshot as a file."""
    return state.config.engine is None


def measured(digest: str) -> File | None:
    """Return what is known of a snapshot's file, if there is one."""
    if not has_file(state()):
        return None
    file = _file(digest)
    checksum = checksum_path(file).read_text("ascii").partition(" ")[0]
    return File(file.stat().st_size, checksum)


def _described(media: str) -> Response:
    engine = state().engine()
    return represent(
        Subject(
            SNAPSHOT,
            SNAPSHOT.removeprefix(BASE.rstrip("/")),
            engine.digest,
            lambda: statements.described(SNAPSHOT, engine),
            lambda: listing.page(engine, SNAPSHOT),
        ),
        media,
    )


def _file(digest: str) -> Path:
    found = path_of(digest, state().config.run)
    if not found.is_file():
        raise Gone("The file of this snapshot is not here any more.")
    return found
