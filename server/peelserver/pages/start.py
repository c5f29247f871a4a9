"""The start page: how each force stands, in sentences; of many forces, in a table."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pyoxigraph as ox

from peelgraph import asking, timeline
from peelgraph.engine import Ahead, Engine
from peelgraph.namespaces import ID
from peelgraph.wording import capitalised
from peelserver.linkeddata.addresses import link
from peelserver.pages import changes, frame, holdings, national, outlook, pictures, standing
from peelserver.pages.changes import Change
from peelserver.pages.knowledge import Shown
from peelserver.pages.moment import Moment

#: up to how many forces the page tells of one by one; more stand in a table
WHOLE = 2

_EVERY_FORCE = 'SELECT ?force ?label { ?force peel:kindToken "force" ; rdfs:label ?label }'

#: the forces against which anything was ever raised
_RAISED = (
    "SELECT DISTINCT ?force { "
    f"VALUES ?kind {{ {' '.join(map(str, map(ox.Literal, standing.ITEMS)))} }} "
    "?item peel:kindToken ?kind ; peel:ofForce ?force }"
)

_CLOCK = ("late", "cannot-tell", "none-known")


@dataclass(frozen=True, slots=True)
class Force:
    """How one force stands.

    :param undetermined: each report whose answer is overdue or cannot be told, and how that stands
    """

    thing: Shown
    slug: str
    items: str
    phase: str
    undetermined: tuple[tuple[Shown, str], ...]
    changes: tuple[Change, ...]
    timeline: pictures.Picture
    status: str


def page(engine: Engine, moment: Moment, wrong: dict[str, Any]) -> str:
    """Return the page.

    :param wrong: what is wrong with the days that were asked for
    """
    if isinstance(engine, Ahead):
        engine.ahead(_EVERY_FORCE)
    raised = sorted(force for [force] in _rows(engine, _RAISED))
    labels = {force: label for force, label in _rows(engine, _EVERY_FORCE)}
    forces: list[Force] = []
    table = None
    if wrong:
        ours = set[str]()
    elif len(raised) <= WHOLE:
        found = _forces(engine, moment, labels, raised)
        ours, forces = set(found), list(found.values())
    else:
        standings = national.standings(engine, moment)
        ours = set(standings)
        table = national.table(standings, labels, moment) if standings else None
    return frame.page(
        "start.html",
        moment,
        title="Following up police inspections",
        wrong=wrong,
        forces=forces,
        table=table,
        others=[
            Shown(label, moment.keep("/id/" + force.removeprefix(ID)))
            for force, label in sorted(labels.items(), key=lambda pair: pair[1])
            if force not in ours
        ],
        digest=engine.digest,
        about={
            "@type": "Dataset",
            "name": "peelgraph",
            "description": "What the inspectorate raised against police forces in England and "
            "Wales, what was answered, when it was closed, and where it says so.",
            "license": "https://creativecommons.org/licenses/by/4.0/",
            "isAccessibleForFree": True,
        },
    )


def _forces(
    engine: Engine, moment: Moment, labels: dict[str, str], raised: list[str]
) -> dict[str, Force]:
    """Return how each of a few forces stands, of those against which something had been raised."""
    for force in raised:
        holdings.begin(engine, force, moment.known)
        asking.begin(engine, "statutory-clock", "force", [force], {"known": moment.known})
        changes.begin(engine, force, moment)
    held = {force: holdings.holdings(engine, force, moment.known) for force in raised}
    for force, found in held.items():
        standing.begin(engine, found.items, moment)
        timeline.begin(engine, holdings.of_timeline(force, moment, found))
    stands = {
        force: standing.of_force(engine, force, found.items, moment)
        for force, found in held.items()
    }
    return {
        force: _force(engine, moment, force, labels[force], rows, held[force])
        for force, rows in stands.items()
        if rows
    }


def _force(
    engine: Engine,
    moment: Moment,
    force: str,
    label: str,
    rows: Sequence[standing.Row],
    held: holdings.Holdings,
) -> Force:
    given = {"known": moment.known}
    every = asking.rows_of_each(engine, "statutory-clock", "force", [force], given)
    clock = [row for row in every if row["verdict"] in _CLOCK]
    labels = asking.labels(engine, [str(row["document"]) for row in clock])
    slug = force.rpartition("/")[2]
    years = timeline.of_force(engine, holdings.of_timeline(force, moment, held), rows)
    return Force(
        thing=Shown(label, moment.keep(f"/id/force/{slug}")),
        slug=slug,
        items=outlook.items(rows),
        phase=outlook.phase(years.phases, moment),
        undetermined=tuple(
            (Shown(capitalised(labels[iri]), moment.keep(link(iri) or "")), outlook.said(row))
            for row in clock
            for iri in [str(row["document"])]
        ),
        changes=tuple(changes.last(engine, force, moment, rows, held)),
        timeline=pictures.timeline(years, moment),
        status=moment.keep("/status", force=slug),
    )


def _rows(engine: Engine, query: str) -> list[list[str]]:
    rows = engine.query(query)
    assert isinstance(rows, ox.QuerySolutions)
    return [[term.value for term in row] for row in rows]
