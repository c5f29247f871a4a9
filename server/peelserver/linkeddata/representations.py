"""One thing in several forms: which one is sent, and where the others are.

The address of a thing answers in the form that the client asks for; the same address with an
ending (``.ttl``, ``.jsonld``, ``.nt``, ``.rdf``, ``.html``) always answers in that form.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import pyoxigraph as ox
from flask import Response, abort, request

from peelgraph import __version__
from peelgraph.values import today
from peelserver.http.caching import Key, respond
from peelserver.http.negotiation import pick
from peelserver.linkeddata import rdf
from peelserver.linkeddata.void import LICENCE

PAGE = "text/html"

#: every ending of an address, with its media type
ENDINGS: dict[str, str] = {"html": PAGE, **rdf.FORMS}

#: the converter that takes the ending of a form of data in a route, and no other
FORM = f"any({', '.join(rdf.FORMS)})"

#: seconds for which a client need not ask again
_MAX_AGE = 60

_CALLED = {"ttl": "Turtle", "jsonld": "JSON-LD", "nt": "N-Triples", "rdf": "RDF/XML"}
_ENDING_OF = {media: ending for ending, media in ENDINGS.items()}


@dataclass(frozen=True, slots=True)
class Subject:
    """What an address stands for.

    :param iri: its IRI; empty, if the address is its own
    :param path: its address on this server, without an ending
    :param digest: the snapshot that says it
    :param triples: makes what is said of it
    :param page: makes its page, which may be another one tomorrow; None, if it has none
    :param turtle: makes its Turtle, where a file has it as people write it
    :param check: raises an error if there is no such thing; asked before anything is made
    :param key: all else that the answer depends on
    :param page_query: what the page depends on, as it stands behind the question mark
    """

    iri: str
    path: str
    digest: str
    triples: Callable[[], Iterable[ox.Triple]]
    page: Callable[[], str] | None = None
    turtle: Callable[[], bytes] | None = None
    check: Callable[[], None] | None = None
    key: str = ""
    page_query: str = ""


def data_of(path: str) -> dict[str, str]:
    """Return the address of each form of data of a thing, by what people call the form.

    >>> data_of("/id/force/kent")["Turtle"]
    '/id/force/kent.ttl'
    """
    return {_CALLED[ending]: f"{path}.{ending}" for ending in rdf.FORMS}


def split(name: str) -> tuple[str, str | None]:
    """Return a name without its ending, and the media type of the ending.

    >>> split("kent.ttl")
    ('kent', 'text/turtle')
    >>> split("kent.txt")
    ('kent.txt', None)
    """
    stem, dot, ending = name.rpartition(".")
    return (stem, ENDINGS[ending]) if dot and ending in ENDINGS else (name, None)


def represent(subject: Subject, media: str | None) -> Response:
    """Answer with one form of *subject*.

    :param media: the media type that its address asks for; the client's choice, if None
    """
    offers = [PAGE] * (subject.page is not None) + list(rdf.FORMS.values())
    chosen = media or negotiated(offers)
    if chosen not in offers:
        abort(404, f"There is no page here. There are: {', '.join(offers)}.")

    def make() -> tuple[str, bytes]:
        if subject.check is not None:
            subject.check()
        if chosen == PAGE and subject.page is not None:
            return PAGE, subject.page().encode()
        if chosen == rdf.FORMS["ttl"] and subject.turtle is not None:
            return chosen, subject.turtle()
        return chosen, rdf.written(subject.triples(), chosen, subject.iri)

    query = subject.page_query if chosen == PAGE else ""
    text = f"{subject.path} {today() if chosen == PAGE else ''} {subject.key} {query}"
    key = Key(subject.digest, __version__, text, None, chosen)
    answer = respond(key, make, cacheable=True, max_age=_MAX_AGE)
    if media is None:
        answer.headers["Content-Location"] = (
            f"{subject.path}.{_ENDING_OF[chosen]}{'?' + query if query else ''}"
        )
    for link in _links(subject, offers, chosen):
        answer.headers.add("Link", link)
    return answer


def negotiated(offers: list[str]) -> str:
    """Return the one of the *offers* that the client wants most; 406 if it wants none."""
    chosen = pick(", ".join(request.headers.getlist("Accept")) or None, offers)
    if chosen is None:
        abort(406, f"Ask for one of: {', '.join(offers)}.")
    return chosen


def _links(subject: Subject, offers: list[str], chosen: str) -> Iterable[str]:
    if subject.iri:
        yield f'<{subject.iri}>; rel="about"'
    for media in offers:
        if media != chosen:
            yield f'<{subject.path}.{_ENDING_OF[media]}>; rel="alternate"; type="{media}"'
    yield '</.well-known/void>; rel="describedby"; type="text/turtle"'
    yield f'<{LICENCE}>; rel="license"'
