"""What has come up before: which matters are held to be the same as those on a page.

The question ``recurrence`` is made for a whole force or theme. For the parts of one lineage it is
enough to find the recurrences; what is said of them, and of both ends, comes with everything else
that the page reads.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from peelgraph.engine import Ahead, Engine
from peelgraph.namespaces import PREFIXES
from peelserver.pages.knowledge import Knowledge

_STATED = PREFIXES["basis"] + "stated"


@dataclass(frozen=True, slots=True)
class Recurrence:
    """Two things that are held to be the same matter.

    :param things: both, and where they were found: all that has to be known for its dates
    """

    iri: str
    things: frozenset[str]


@dataclass(frozen=True, slots=True)
class Again:
    """One of the two as the other sees it.

    :param earlier_date: EDTF; empty, if it is not known
    :param stated: whether a document says so; otherwise we infer it
    """

    earlier: str
    later: str
    earlier_date: str
    later_date: str
    stated: bool
    why: str


def begin(engine: Engine, items: Sequence[str]) -> None:
    """Let an engine that can do so begin with what :func:`of` will ask."""
    if items and isinstance(engine, Ahead):
        engine.ahead(_of(items))


def of(engine: Engine, items: Sequence[str]) -> list[Recurrence]:
    """Return the recurrences that have one of the *items* at either end."""
    if not items:
        return []
    found: dict[str, set[str]] = {}
    rows = engine.query(_of(items))
    assert isinstance(rows, ox.QuerySolutions)
    for recurrence, end, visit in rows:
        some = found.setdefault(recurrence.value, set())
        some.update(each.value for each in (end, visit) if each is not None)
    return [Recurrence(iri, frozenset(things)) for iri, things in sorted(found.items())]


def told(known: Knowledge, recurrences: Iterable[Recurrence]) -> list[Again]:
    """Return what is known of some recurrences, by the date and the name of the earlier thing."""
    found = [
        Again(
            earlier,
            later,
            _date(known, earlier),
            _date(known, later),
            stated=known.value(each.iri, "peel:basis") in ("", _STATED),
            why=known.value(each.iri, "peel:reason"),
        )
        for each in recurrences
        for earlier in known.values(each.iri, "peel:earlier")
        for later in known.values(each.iri, "peel:later")
    ]
    return sorted(found, key=lambda each: (each.earlier_date, each.earlier, each.later))


def _date(known: Knowledge, iri: str) -> str:
    """Return the date of a thing, or of the inspection that found it."""
    own = known.value(iri, "peel:date")
    return own or known.value(known.value(iri, "peel:identifiedIn"), "peel:date")


def _of(items: Iterable[str]) -> str:
    return (
        "SELECT DISTINCT ?recurrence ?end ?visit { VALUES ?item { "
        f"{' '.join(str(ox.NamedNode(iri)) for iri in items)} }} "
        "?recurrence peel:earlier|peel:later ?item ; peel:earlier|peel:later ?end "
        "OPTIONAL { ?end peel:identifiedIn ?visit } }"
    )
