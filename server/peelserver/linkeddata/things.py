"""Linked data: every thing, concept and named graph at the path of its own IRI.

``https://w3id.org/peelgraph/id/force/kent`` is sent on to ``/id/force/kent`` with 303, see other;
here the description is then sent at once (docs/decisions/0008-linked-data.md).
"""

import re
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urlencode

import pyoxigraph as ox
from flask import Blueprint, Response, request

from peelgraph import values
from peelgraph.engine import Engine
from peelgraph.namespaces import BASE, GRAPH, ID, KINDS, SCHEME, SCHEMES
from peelgraph.questions import UnknownName
from peelserver.linkeddata import listing, statements
from peelserver.linkeddata.representations import Subject, represent, split
from peelserver.pages import reference, site, theme
from peelserver.pages.moment import Moment, moment
from peelserver.state import state

bp = Blueprint("things", __name__)

#: a slug; behind a slash another, as the names of graphs have it
_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*(?:/[a-z0-9]+(?:-[a-z0-9]+)*)?")

#: how many named graphs are looked at for those near a wrong one
_NAMES = 2000


@bp.get("/id/<kind>/<name>")
def thing(kind: str, name: str) -> Response:
    """Say what the graph says of one thing."""
    slug, media = split(name)
    if kind not in KINDS:
        raise UnknownName("kind of thing", kind, list(KINDS))
    subject = _described(kind.replace("-", " "), f"{ID}{kind}/", slug)
    return represent(_paged(subject, lambda then: site.thing_page(kind, slug, then)), media)


@bp.get("/scheme/<name>", strict_slashes=False)
def scheme(name: str) -> Response:
    """Say what the graph says of a concept scheme and of the concepts in it."""
    known, media = split(name)
    if known not in SCHEMES:
        raise UnknownName("scheme", known, list(SCHEMES))
    engine = state().engine()
    iri = SCHEME + known
    subject = Subject(
        iri,
        f"/scheme/{known}",
        engine.digest,
        lambda: statements.constructed(statements.of_scheme(iri), engine.digest),
        lambda: reference.scheme_page(engine.digest, known),
    )
    return represent(subject, media)


@bp.get("/scheme/<known>/<name>")
def concept(known: str, name: str) -> Response:
    """Say what the graph says of one concept."""
    slug, media = split(name)
    if known not in SCHEMES:
        raise UnknownName("scheme", known, list(SCHEMES))
    subject = _described(known, f"{SCHEME}{known}/", slug)
    if known == "theme":
        subject = _paged(subject, lambda then: theme.page(state().engine(), then, subject.iri))
    else:
        iri = subject.iri
        subject = replace(
            subject, page=lambda: reference.concept_page(state().engine(), known, iri)
        )
    return represent(subject, media)


@bp.get("/graph/<path:name>")
def graph(name: str) -> Response:
    """Send a named graph, or say what the graph says of a part of one."""
    known, media = split(name)
    engine = state().engine()
    iri, first = GRAPH + known, site.offset()
    fits = _NAME.fullmatch(known)
    if not (fits and statements.exists_graph(engine, iri)):
        if not (fits and statements.exists(engine, iri)):
            raise UnknownName("named graph", known, _graphs(engine))
        return represent(_described("part of a graph", GRAPH, known), media)
    subject = Subject(
        iri,
        f"/graph/{known}",
        engine.digest,
        lambda: statements.constructed(statements.of_graph(iri), engine.digest),
        lambda: listing.page(engine, iri, listing.GRAPH, first),
        page_query=urlencode({"offset": first} if first else {}),
    )
    return represent(subject, media)


def _paged(subject: Subject, page: Callable[[Moment], str]) -> Subject:
    """Give a thing a page of its kind, which shows it as the address asks: on a day, as known."""
    then, first = moment(request.args), site.offset()
    query = urlencode(then.given | ({"offset": str(first)} if first else {}))
    return replace(subject, page=lambda: page(then), page_query=query)


def _described(what: str, start: str, slug: str) -> Subject:
    """Return a thing of which the graph says something.

    :param what: what it is called where there is none
    :param start: the beginning of its IRI
    :raises UnknownName: its name cannot be one
    """
    engine = state().engine()
    iri = start + slug

    def check() -> None:
        if not (_NAME.fullmatch(slug) and statements.exists(engine, iri)):
            raise UnknownName(what, slug, values.near(engine, [start], slug))

    if not _NAME.fullmatch(slug):
        check()
    return Subject(
        iri,
        "/" + iri.removeprefix(BASE),
        engine.digest,
        lambda: statements.described(iri, engine),
        lambda: listing.page(engine, iri),
        check=check,
    )


def _graphs(engine: Engine) -> list[str]:
    found = engine.query(
        f"SELECT DISTINCT ?g {{ GRAPH ?g {{ ?s ?p ?o }} }} ORDER BY ?g LIMIT {_NAMES}"
    )
    assert isinstance(found, ox.QuerySolutions)
    return [row["g"].value.removeprefix(BASE + "graph/") for row in found]
