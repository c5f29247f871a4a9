"""``/feeds``: what became known about a force or a theme, as Atom (RFC 4287).

The day of an entry is that on which the documents made it public, not that on which we read them:
an entry about an old document stands among the old ones. Its identifier is the IRI of the thing, or
of its later standing, and stays what it is from one snapshot to the next.
"""

import re

import pyoxigraph as ox
from flask import Blueprint, Response, render_template

from peelgraph import __version__, asking, changes, phrases
from peelgraph.engine import Engine
from peelgraph.namespaces import BASE, ID, SCHEME
from peelgraph.questions import UnknownName
from peelserver.http.caching import Key, respond
from peelserver.linkeddata import census
from peelserver.linkeddata.addresses import base
from peelserver.pages.frame import ATOM
from peelserver.state import state

bp = Blueprint("feeds", __name__)

#: how many entries a feed has at most
ENTRIES = 100

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
#: what XML 1.0 cannot hold
_UNWANTED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_SUBJECTS = {
    "force": (f"{ID}force/", "?thing a peel:PoliceForce ; rdfs:label ?label"),
    "theme": (
        f"{SCHEME}theme/",
        f"?thing skos:inScheme <{SCHEME}theme> ; skos:prefLabel ?label",
    ),
}


@bp.get("/feeds")
def index() -> Response:
    """List the feeds."""
    engine = state().engine()

    def made() -> tuple[str, bytes]:
        view = {of: _subjects(engine, of) for of in _SUBJECTS}
        return "text/html", render_template("feeds.html", feeds=view, most=ENTRIES).encode()

    key = Key(engine.digest, __version__, "/feeds", None, "text/html")
    return respond(key, made, cacheable=True, max_age=60)


@bp.get("/feeds/<any(force, theme):of>/<slug>.atom")
def feed(of: str, slug: str) -> Response:
    """Send the feed of one force or theme."""
    engine = state().engine()
    where = base(state().config)

    def made() -> tuple[str, bytes]:
        return ATOM, _feed(engine, of, slug, where).encode()

    key = Key(engine.digest, __version__, f"/feeds/{of}/{slug} {where}", None, ATOM)
    return respond(key, made, cacheable=True, max_age=300)


def _feed(engine: Engine, of: str, slug: str, where: str) -> str:
    start, _ = _SUBJECTS[of]
    known = dict(_subjects(engine, of))
    if not _SLUG.fullmatch(slug) or slug not in known:
        raise UnknownName(of, slug[:80], list(known))
    newest = getattr(changes, f"of_{of}")(engine, slug, ENTRIES)
    labels = asking.labels(engine, [start + slug])
    return render_template(
        "feed.xml",
        id=f"{BASE}feeds/{of}/{slug}",
        title=f"{labels.get(start + slug, known[slug])}: what became known",
        page=where + "/" + (start + slug).removeprefix(BASE),
        itself=f"{where}/feeds/{of}/{slug}.atom",
        updated=newest[0].day if newest else census.changed(engine),
        version=__version__,
        entries=[
            {
                "id": each.iri,
                "title": _clean(each.label),
                "page": where + "/" + each.thing.removeprefix(BASE),
                "day": each.day,
                "kind": each.kind,
                "said": _clean(_said(each)),
            }
            for each in newest
        ],
    )


def _said(change: changes.Change) -> str:
    kind = change.kind.replace("-", " ")
    head = kind[:1].upper() + kind[1:] if change.first else f"New about this {kind}"
    parts = [f"{head}, from a document public since {phrases.day(change.day)}."]
    if change.status:
        parts.append(f"As known on that day: {change.status}.")
    if change.text:
        parts.append(change.text)
    return " ".join(parts)


def _subjects(engine: Engine, of: str) -> list[tuple[str, str]]:
    """Return the slugs and labels of all forces or themes."""
    start, pattern = _SUBJECTS[of]
    found = engine.query(f"SELECT ?thing ?label {{ {pattern} }} ORDER BY ?label ?thing")
    assert isinstance(found, ox.QuerySolutions)
    return [(row["thing"].value.removeprefix(start), row["label"].value) for row in found]


def _clean(text: str) -> str:
    return _UNWANTED.sub(" ", text)
