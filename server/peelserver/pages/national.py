"""How many forces stand, in one table: so many items in each status, and so many late answers.

Each count leads to what is counted. The engine counts: no item is read.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from string import Template

import pyoxigraph as ox

from peelgraph import asking
from peelgraph.engine import Ahead, Engine
from peelgraph.values import day_term
from peelgraph.wording import capitalised
from peelserver.pages import standing, words
from peelserver.pages.blocks import Cell, Table, text
from peelserver.pages.knowledge import Shown
from peelserver.pages.moment import Moment

_ITEMS = """SELECT ?force ?status (COUNT(?item) AS ?items) {
  ?standing peel:standingOf ?item ; peel:knownFrom ?from ; peel:knownUntil ?until ;
    peel:hasPeriod ?period FILTER (?from <= $known && $known < ?until)
  ?period peel:status ?status ; peel:from ?begins ; peel:until ?ends
  FILTER (?begins <= $on && $on < ?ends && ?status != status:not-yet-raised)
  ?item peel:ofForce ?force
} GROUP BY ?force ?status"""

_PHASES = """SELECT DISTINCT ?force ?phase { ?period a peel:PhasePeriod ; peel:about ?force ;
    peel:phase ?phase ; peel:from ?begins ; peel:until ?ends ; peel:knownFrom ?from ;
    peel:knownUntil ?until
  FILTER (?from <= $known && $known < ?until && ?begins <= $on && $on < ?ends) }"""

_ANSWERS = """SELECT ?force (COUNT(?standing) AS ?answers) { ?standing a peel:DutyStanding ;
    peel:verdict ?verdict ; peel:standingOf ?document ; peel:knownFrom ?from ;
    peel:knownUntil ?until
  FILTER (?from <= $known && $known < ?until && ?verdict IN ("late", "cannot-tell", "none-known"))
  ?document peel:ofForce ?force } GROUP BY ?force"""


@dataclass(slots=True)
class Standing:
    """How one force stands.

    :param items: how many items there are by status
    :param answers: how many answers to reports were late, or are not known to have come in time
    :param phases: what its monitoring phase is called; several, where it is not known which
    """

    items: Counter[str] = field(default_factory=Counter)
    answers: int = 0
    phases: list[str] = field(default_factory=list)


def standings(engine: Engine, moment: Moment) -> dict[str, Standing]:
    """Return how each force stands against which something had been raised."""
    asked = [_at(query, moment) for query in (_ITEMS, _PHASES, _ANSWERS)]
    if isinstance(engine, Ahead):
        for query in asked:
            engine.ahead(query)
    items, phases, answers = ([tuple(row) for row in _rows(engine, query)] for query in asked)
    found: dict[str, Standing] = {}
    for force, status, count in items:
        token = status.value.rpartition("/")[2]
        found.setdefault(force.value, Standing()).items[token] = int(count.value)
    labels = asking.labels(engine, [phase.value for _, phase in phases])
    for force, phase in phases:
        if force.value in found:
            found[force.value].phases.append(labels[phase.value])
    for force, count in answers:
        if force.value in found:
            found[force.value].answers = int(count.value)
    return found


def table(found: Mapping[str, Standing], labels: Mapping[str, str], moment: Moment) -> Table:
    """Return the forces as a table, by their names."""
    total = Counter[str]()
    for each in found.values():
        total += each.items
    statuses = [token for token in standing.WORDS if total[token]]
    every = words.joined(
        [
            f"{total[token]:,} {'is' if total[token] == 1 else 'are'} "
            f"{_SAID.get(token, standing.WORDS[token])}"
            for token in statuses
        ]
    )
    return Table(
        "forces",
        "How the forces stand",
        ("Force", *(capitalised(standing.WORDS[each]) for each in statuses), "Phase", "Answers"),
        tuple(
            _row(force, found[force], labels[force], statuses, moment)
            for force in sorted(found, key=lambda force: labels[force])
        ),
        lead=(
            f"{capitalised(words.count(len(found), 'force'))} and {total.total():,} causes of "
            f"concern, recommendations and areas for improvement: {every}. Under “Answers” stands "
            "how many answers to reports came late, or are not known to have come in time."
        ),
        more=Shown("All of them, item by item", moment.keep("/status")),
    )


_SAID = {"indeterminate": "of a status that cannot be told"}


def _row(
    force: str, of_force: Standing, label: str, statuses: Iterable[str], moment: Moment
) -> tuple[Cell, ...]:
    slug = force.rpartition("/")[2]
    counts = [
        Cell(Shown(f"{number:,}", moment.keep("/status", force=slug, status=token)))
        if (number := of_force.items[token])
        else text("0")
        for token in statuses
    ]
    clock = moment.keep("/questions/statutory-clock", force=slug)
    answers = Cell(Shown(f"{of_force.answers:,}", clock)) if of_force.answers else text("0")
    phase = text(words.joined(sorted(of_force.phases), "or") or "not known")
    return (Cell(Shown(label, moment.keep(f"/id/force/{slug}"))), *counts, phase, answers)


def _at(query: str, moment: Moment) -> str:
    days = {"known": day_term(moment.known), "on": day_term(moment.on)}
    return Template(query).substitute(days)


def _rows(engine: Engine, sparql: str) -> ox.QuerySolutions:
    found = engine.query(sparql)
    assert isinstance(found, ox.QuerySolutions)
    return found
