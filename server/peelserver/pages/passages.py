"""Where it says so: the passages of the things on a page.

Of a thing that the page is about, the question ``evidence`` is asked. Of what it lists, only the
places are shown, and the name of a passage says its place (RFC 5147): so the names are asked.
"""

from collections.abc import Iterable, Sequence

import pyoxigraph as ox

from peelgraph import asking
from peelgraph.engine import Ahead, Engine
from peelgraph.lineage import Passage, passage
from peelgraph.values import day_term


def begin(engine: Engine, whole: Sequence[str], listed: Sequence[str], known: str) -> None:
    """Let an engine that can do so begin with what :func:`passages` will ask."""
    asking.begin(engine, "evidence", "thing", whole, {"known": known})
    if listed and isinstance(engine, Ahead):
        engine.ahead(_named(listed, known))


def passages(
    engine: Engine, whole: Sequence[str], listed: Sequence[str], known: str
) -> dict[str, list[Passage]]:
    """Return the passages that are evidence for each of several things, in order.

    :param whole: the things whose passages come with their public pages and quotations
    :param listed: the things whose passages come without
    :param known: use only documents that were public by this day; ``all``, if not restricted
    """
    found: dict[str, list[Passage]] = {}
    for row in asking.rows_of_each(engine, "evidence", "thing", whole, {"known": known}):
        found.setdefault(str(row["thing"]), []).append(passage(row))
    if listed:
        rows = engine.query(_named(listed, known))
        assert isinstance(rows, ox.QuerySolutions)
        for thing, iri in rows:
            found.setdefault(thing.value, []).append(placed(iri.value))
    for places in found.values():
        places.sort(key=lambda each: (each.document, each.start, each.end))
    return found


def placed(iri: str) -> Passage:
    """Return the passage of a name.

    >>> placed("https://w3id.org/peelgraph/id/document/letter#char=10,25").end
    25
    """
    document, _, place = iri.partition("#char=")
    start, _, end = place.partition(",")
    return Passage(document, "", int(start), int(end), iri)


def _named(iris: Iterable[str], known: str) -> str:
    return (
        f"SELECT DISTINCT ?thing ?passage {{ VALUES ?thing {{ "
        f"{' '.join(str(ox.NamedNode(iri)) for iri in iris)} }} "
        "GRAPH ?record { ?thing peel:evidence ?passage } ?record peel:knownFrom ?from "
        f"FILTER (?from <= {day_term(known)}) }}"
    )
