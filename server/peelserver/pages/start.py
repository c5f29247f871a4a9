"""The start page: how each force stands, in sentences; what is overdue; what changed last."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from peelgraph import asking, timeline
from peelgraph.engine import Ahead, Engine
from peelgraph.namespaces import ID
from peelserver.pages import changes, frame, outlook, pictures, standing
from peelserver.pages.changes import Change
from peelserver.pages.knowledge import Shown
from peelserver.pages.moment import Moment

_EVERY_FORCE = 'SELECT ?force ?label { ?force peel:kindToken "force" ; rdfs:label ?label }'


#: up to how many forces each have their timeline on the page; of more, on their own pages only
PICTURED = 2


@dataclass(frozen=True, slots=True)
class Force:
    """How one force stands.

    :param undetermined: what is overdue or cannot be told, as sentences
    """

    thing: Shown
    slug: str
    items: str
    phase: str
    undetermined: tuple[str, ...]
    changes: tuple[Change, ...]
    timeline: pictures.Picture | None
    status: str


def page(engine: Engine, moment: Moment, wrong: dict[str, Any]) -> str:
    """Return the page.

    :param wrong: what is wrong with the days that were asked for
    """
    given = {"on": moment.on, "known": moment.known}
    if isinstance(engine, Ahead):
        engine.ahead(_EVERY_FORCE)
    rows = asking.ask(engine, "status", given).rows if not wrong else ()
    ours = sorted({str(row["force"]) for row in rows})
    every = _every_force(engine)
    given = {"known": moment.known}
    for force in ours:
        for question in ("statutory-clock", *changes.ASKED):
            asking.begin(engine, question, "force", [force], given)
        outlook.begin(engine, force, moment)
        if len(ours) <= PICTURED:
            timeline.begin(engine, force, on=moment.on, known=moment.known)
    by_force = {force: [row for row in rows if row["force"] == force] for force in ours}
    return frame.page(
        "start.html",
        moment,
        title="Following up police inspections",
        wrong=wrong,
        forces=[
            _force(engine, moment, force, every[force], by_force[force], len(ours) <= PICTURED)
            for force in ours
        ],
        others=[
            Shown(label, moment.keep("/id/" + force.removeprefix(ID)))
            for force, label in sorted(every.items(), key=lambda pair: pair[1])
            if force not in by_force
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


def _force(
    engine: Engine,
    moment: Moment,
    force: str,
    label: str,
    rows: Sequence[standing.Row],
    pictured: bool,
) -> Force:
    clock = [
        row
        for row in asking.rows_of_each(
            engine, "statutory-clock", "force", [force], {"known": moment.known}
        )
        if row["verdict"] in ("late", "cannot-tell", "none-known")
    ]
    labels = asking.labels(engine, [str(row["document"]) for row in clock])
    slug = force.rpartition("/")[2]
    return Force(
        thing=Shown(label, moment.keep(f"/id/force/{slug}")),
        slug=slug,
        items=outlook.items(rows),
        phase=outlook.phase(engine, force, moment),
        undetermined=tuple(outlook.clock(clock, labels)),
        changes=tuple(changes.last(engine, force, moment)),
        timeline=pictures.timeline(engine, force, moment, rows) if pictured else None,
        status=moment.keep("/status", force=slug),
    )


def _every_force(engine: Engine) -> dict[str, str]:
    """Return the label of each force that the register has."""
    rows = engine.query(_EVERY_FORCE)
    return {row["force"].value: row["label"].value for row in rows}  # type: ignore[union-attr]
