"""What changed last about a force: closures, changes of phase, and documents that became public."""

from collections.abc import Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from peelgraph import asking, phrases
from peelgraph.engine import Engine
from peelgraph.namespaces import PREFIXES
from peelserver.pages import holdings, standing, words
from peelserver.pages.holdings import Holdings
from peelserver.pages.knowledge import Knowledge, Shown
from peelserver.pages.moment import Moment

#: how many changes are shown
MOST = 5

_CLOSED = PREFIXES["outcome"] + "closed"


@dataclass(frozen=True, slots=True)
class Change:
    """One change: when, and what."""

    when: str
    thing: Shown
    order: str


def begin(engine: Engine, force: str, moment: Moment) -> None:
    """Let an engine that can do so begin with what :func:`last` will ask."""
    asking.begin(engine, "phase-history", "force", [force], {"known": moment.known})


def last(
    engine: Engine, force: str, moment: Moment, rows: Sequence[standing.Row], held: Holdings
) -> list[Change]:
    """Return the latest changes up to the day asked about, the newest first.

    :param rows: how the items of the force stand
    :param held: the documents about it
    """
    closed = _last_closed(rows)
    decisions = _decisions(engine, list(closed))
    phases = [
        row
        for row in asking.rows_of_each(
            engine, "phase-history", "force", [force], {"known": moment.known}
        )
        if "decision" in row and "effectiveOn" in row
    ]
    named = [str(row["decision"]) for row in phases]
    known = Knowledge(engine, moment, (), [*decisions, *held.documents], named, proved=False)
    found = [
        *_closures(known, decisions, closed),
        *(_of_phase(known, row) for row in phases),
        *_documents(known, held),
    ]
    past = [each for each in found if each.order <= moment.on]
    return sorted(past, key=lambda each: (each.order, each.thing.text), reverse=True)[:MOST]


def _last_closed(rows: Sequence[standing.Row]) -> dict[str, standing.Row]:
    """Return the items that were closed last: so many that all the changes may be among them."""
    closed = [row for row in rows if standing.token(row) == "closed" and "closedLatest" in row]
    days = sorted((str(row["closedLatest"]) for row in closed), reverse=True)
    first = days[MOST - 1] if len(days) >= MOST else ""
    return {str(row["item"]): row for row in closed if str(row["closedLatest"]) >= first}


def _decisions(engine: Engine, items: Sequence[str]) -> list[str]:
    """Return the decisions that closed some items."""
    if not items:
        return []
    rows = " ".join(str(ox.NamedNode(iri)) for iri in items)
    found = engine.query(
        f"SELECT DISTINCT ?decision {{ VALUES ?item {{ {rows} }} "
        f"?decision peel:decides ?item ; peel:outcome <{_CLOSED}> }}"
    )
    assert isinstance(found, ox.QuerySolutions)
    return sorted(row["decision"].value for row in found)


def _closures(
    known: Knowledge, decisions: Sequence[str], closed: dict[str, standing.Row]
) -> list[Change]:
    return [
        Change(
            phrases.between(*(str(row[end]) if end in row else None for end in _ENDS)),
            known.thing(decision),
            str(row["closedLatest"]),
        )
        for decision in decisions
        if _CLOSED in known.values(decision, "peel:outcome")
        for item in known.values(decision, "peel:decides")
        if (row := closed.get(item)) is not None
    ]


def _of_phase(known: Knowledge, row: standing.Row) -> Change:
    day = str(row["effectiveOn"])
    return Change(words.a_date(day), known.thing(str(row["decision"])), day)


def _documents(known: Knowledge, held: Holdings) -> list[Change]:
    found = []
    for row in holdings.documents(known, held):
        if "publicOn" in row:
            thing, day = known.thing(str(row["document"])), str(row["publicOn"])
            became = Shown(f"{thing.text} became public", thing.address)
            found.append(Change(words.a_date(day), became, day))
    return found


_ENDS = ("closedEarliest", "closedLatest")
