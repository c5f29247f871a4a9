"""``/search``: find a thing, a question, a term or a document by its words.

The index is a file in the run folder (``processes/indexing``); a search opens it, asks, and closes
it. The page needs no script: facets are links, pages are links, words are a form.
"""

import json
import re
import sqlite3
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from flask import Blueprint, Response, abort, render_template, request

from peelgraph import __version__
from peelgraph.search import find
from peelgraph.search.find import CLOSE, FACETS, OPEN, Found, Hit
from peelgraph.search.wanted import LONGEST
from peelgraph.values import BadValue
from peelserver.answering.jobs import Busy
from peelserver.answering.snapshots import index_of, indexing
from peelserver.http.caching import Key, respond
from peelserver.lineage import formats
from peelserver.lineage.formats import HTML, JSON
from peelserver.linkeddata.addresses import link
from peelserver.state import state

bp = Blueprint("search", __name__)

#: hits on a page, and how many pages there are
SIZE, PAGES = 20, 50

#: seconds to wait for an index that is being made
PATIENCE = 5.0

_VALUE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_PARTS = re.compile(f"{OPEN}([^{CLOSE}]*){CLOSE}")

#: kinds as people call them, where that is not the token
_KINDS = {"unknown": "what is not known", "scheme": "list of concepts"}
_HEADINGS = {"kind": "Kind", "force": "Force", "theme": "Theme", "year": "Year"}


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of text; marked, where it is what was searched for."""

    text: str
    marked: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """A search: its words, what it is narrowed to, and which page of hits is shown."""

    words: str
    narrowed: Mapping[str, str]
    page: int = 1

    def address(self, page: int = 1, changed: Mapping[str, str] | None = None) -> str:
        """Return the address of this search.

        :param changed: other values of parameters; an empty one takes its parameter out
        """
        given = {"q": self.words} | dict(self.narrowed) | dict(changed or {})
        if page > 1:
            given["page"] = str(page)
        return "/search?" + urlencode({key: value for key, value in given.items() if value})


@bp.get("/search")
def search() -> Response:
    """Find what has the words."""
    given = _given()
    output = formats.chosen(given.pop("format", None), (HTML, JSON))
    asked = _asked(given)
    digest = state().digest()

    def made() -> tuple[str, bytes]:
        found = _found(asked, digest)
        if output is JSON:
            said = as_object(asked, found, digest)
            return JSON.media, (json.dumps(said, ensure_ascii=False, indent=1) + "\n").encode()
        return HTML.media, render_template("search.html", **_view(asked, found, digest)).encode()

    key = Key(digest, __version__, asked.address(asked.page), None, output.media)
    return respond(key, made, cacheable=True, max_age=60)


def as_object(asked: Asked, found: Found, digest: str) -> dict[str, object]:
    """Return what the JSON form says."""
    return {
        "query": asked.words,
        "narrowed": dict(asked.narrowed),
        "snapshot": digest,
        "total": found.total,
        "page": asked.page,
        "corrections": [
            {"given": each.given, "meant": list(each.meant)} for each in found.corrections
        ],
        "someWordsOnly": found.some,
        "facets": {
            name: [
                {"value": each.value, "label": each.label, "count": each.count} for each in values
            ]
            for name, values in found.facets.items()
        },
        "hits": [
            {
                "iri": each.iri,
                "address": link(each.iri),
                "kind": each.kind,
                "label": _plain(each.title),
                "excerpt": _plain(each.excerpt),
            }
            for each in found.hits
        ],
    }


def nearest(words: str, kinds: tuple[str, ...], digest: str, limit: int = 8) -> list[Hit]:
    """Return things of some kinds, or of any, that somebody may mean by *words*.

    None where that cannot be said: a page that asks for this can do without.
    """
    try:
        with _index(digest, 0.0) as index:
            hits = [
                hit
                for kind in kinds or ("",)
                for hit in find.find(
                    index,
                    words.replace("-", " ")[:LONGEST],
                    {"kind": kind} if kind else {},
                    limit=limit,
                ).hits
            ]
    except (find.NoIndex, find.TooLong):
        return []
    return hits[:limit]


def _found(asked: Asked, digest: str) -> Found:
    try:
        with _index(digest, PATIENCE) as index:
            return find.find(
                index, asked.words, asked.narrowed, limit=SIZE, offset=SIZE * (asked.page - 1)
            )
    except find.NoIndex:
        if indexing(index_of(_run(), digest)).exists():
            why = "The search index is being made. Try again in a few seconds."
            raise Busy(why, retry_after=5) from None
        abort(503, "This server has no search index. The questions find the same things.")
    except find.TooLong:
        abort(503, "The search took too long. Search for rarer words, or for fewer.")


@contextmanager
def _index(digest: str, patience: float) -> Iterator[sqlite3.Connection]:
    """Open the index of a snapshot, which may be made just now.

    :param patience: seconds to wait for one that is being made
    :raises find.NoIndex: it is not there
    :raises find.TooLong: the block took longer than it may
    """
    path, until = index_of(_run(), digest), time.monotonic() + patience
    while not path.exists() and indexing(path).exists() and time.monotonic() < until:
        time.sleep(0.05)
    with find.opened(path) as index:
        yield index


def _run() -> Path:
    run = state().config.run
    assert run is not None
    return run


def _given() -> dict[str, str]:
    known = ("q", *FACETS, "page", "format")
    for name, values in request.args.lists():
        if name not in known:
            raise BadValue(f"There is no parameter '{name[:40]}' here; there are {_listed(known)}.")
        if len(values) > 1:
            raise BadValue(f"Give '{name}' once.")
    return {name: value for name, value in request.args.items() if value}


def _listed(names: tuple[str, ...]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}"


def _asked(given: Mapping[str, str]) -> Asked:
    words = " ".join(given.get("q", "").split())
    if len(words) > LONGEST:
        raise BadValue(f"A search has {LONGEST} characters at most, not {len(words)}.")
    narrowed = {name: given[name] for name in FACETS if name in given}
    for name, value in narrowed.items():
        if not _VALUE.fullmatch(value) or len(value) > 100:
            raise BadValue(f"'{name}' takes a name such as those that the page offers.")
    page = given.get("page", "1")
    if not (page.isascii() and page.isdigit() and 1 <= len(page) <= 3 and 1 <= int(page) <= PAGES):
        raise BadValue(f"'page' takes a number from 1 to {PAGES}.")
    return Asked(words, narrowed, int(page))


def _view(asked: Asked, found: Found, digest: str) -> dict[str, object]:
    last = min(PAGES, -(-found.total // SIZE))
    return {
        "asked": asked,
        "found": found,
        "digest": digest,
        "hits": [
            {
                "address": link(each.iri),
                "kind": named("kind", each.kind),
                "title": parts(each.title),
                "names": parts(each.names) if OPEN in each.names else [],
                "excerpt": parts(each.excerpt),
            }
            for each in found.hits
        ],
        "first": SIZE * (asked.page - 1) + 1,
        "facets": [
            {
                "name": name,
                "heading": _HEADINGS[name],
                "values": [
                    {
                        "label": named(name, each.value, each.label),
                        "count": each.count,
                        "chosen": asked.narrowed.get(name) == each.value,
                        "address": asked.address(
                            changed={
                                name: "" if asked.narrowed.get(name) == each.value else each.value
                            }
                        ),
                    }
                    for each in values
                ],
            }
            for name, values in found.facets.items()
            if values
        ],
        "before": asked.address(asked.page - 1) if 1 < asked.page <= last + 1 else None,
        "after": asked.address(asked.page + 1) if asked.page < last else None,
    }


def named(name: str, value: str, label: str | None = None) -> str:
    """Return a value of a facet as people call it."""
    known = _KINDS.get(value) if name == "kind" else None
    text = known or label or value.replace("-", " ")
    return text[:1].upper() + text[1:]


def parts(text: str) -> list[Part]:
    r"""Return a text in pieces, those marked that were searched for.

    >>> parts("a \x02b\x03")
    [Part(text='a ', marked=False), Part(text='b', marked=True)]
    """
    pieces = _PARTS.split(text)
    return [Part(piece, bool(at % 2)) for at, piece in enumerate(pieces) if piece]


def _plain(text: str) -> str:
    return text.replace(OPEN, "").replace(CLOSE, "")
