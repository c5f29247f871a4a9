"""What the graph holds about a force: items, documents, judgements, inspections, and so on.

Four questions have these as their rows. A page finds the things by one short query, and reads of
them what it reads of any thing that it lists; what is returned here are rows of those questions,
with the columns that pages show.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from peelgraph import timeline
from peelgraph.asking import Value
from peelgraph.engine import Ahead, Engine
from peelgraph.values import day_term
from peelserver.pages import standing
from peelserver.pages.knowledge import Knowledge
from peelserver.pages.moment import Moment

_KINDS = ("document", "judgement", "discrepancy", "inspection", "unknown")


@dataclass(frozen=True, slots=True)
class Holdings:
    """The things of one force.

    :param items: all that was ever raised against it
    :param documents: every document, and whether its text is held
    :param judgements: every judgement
    :param discrepancies: in the order of their names
    :param unknowns: the latest first
    :param inspections: in the order of their names
    """

    items: Sequence[str]
    documents: dict[str, bool]
    judgements: Sequence[str]
    discrepancies: Sequence[str]
    unknowns: Sequence[str]
    inspections: Sequence[str]


def begin(engine: Engine, force: str, known: str) -> None:
    """Let an engine that can do so begin with what :func:`holdings` will ask."""
    if isinstance(engine, Ahead):
        engine.ahead(_of_force(force, known))


def holdings(engine: Engine, force: str, known: str) -> Holdings:
    """Return what is held about a force.

    :param known: use only documents that were public by this day; ``all``, if not restricted
    """
    rows = engine.query(_of_force(force, known))
    assert isinstance(rows, ox.QuerySolutions)
    found: dict[str, dict[str, bool]] = {kind: {} for kind in (*_KINDS, *standing.ITEMS)}
    since = {}
    for thing, kind, known_from, held in rows:
        found[kind.value][thing.value] = held is not None
        since[thing.value] = known_from.value
    documents, judgements, discrepancies, inspections, unknowns = (
        sorted(found[kind]) for kind in _KINDS
    )
    return Holdings(
        items=sorted(iri for kind in standing.ITEMS for iri in found[kind]),
        documents={iri: found["document"][iri] for iri in documents},
        judgements=judgements,
        discrepancies=discrepancies,
        unknowns=sorted(unknowns, key=lambda iri: (since[iri], iri), reverse=True),
        inspections=inspections,
    )


def of_timeline(force: str, moment: Moment, held: Holdings) -> timeline.Held:
    """Return what the timeline of a force is drawn of."""
    return timeline.Held(force, moment.on, moment.known, held.inspections, held.items)


def documents(known: Knowledge, held: Holdings) -> list[standing.Row]:
    """Return the rows of the question ``documents``."""
    rows: list[standing.Row] = []
    for iri, is_held in held.documents.items():
        for kind in known.values(iri, "dcterms:type") or [""]:
            row: dict[str, Value] = {"document": iri, "held": is_held}
            said = {"publicOn": "peel:publicOn", "dated": "peel:dated"}
            row |= {key: value for key, name in said.items() if (value := known.value(iri, name))}
            rows.append(row | {"type": kind} if kind else row)
    return sorted(rows, key=lambda row: [str(row.get(key, "")) for key in _BY_DAY])


def judgements(known: Knowledge, held: Holdings) -> list[standing.Row]:
    """Return the rows of the question ``judgements``."""
    rows = [row for iri in held.judgements for row in _judged(known, iri)]
    return sorted(rows, key=lambda row: [str(row.get(key, "")) for key in _BY_AREA])


_BY_DAY = ("publicOn", "dated", "document")
_BY_AREA = ("inspection", "area", "grade", "judgement")


def _judged(known: Knowledge, iri: str) -> Iterator[standing.Row]:
    told = " ".join(sorted(known.values(iri, "peel:toldBy")))
    over = any(fact.value is True for fact in known.says_of(iri).get("peel:standsOver", ()))
    for inspection in known.values(iri, "peel:identifiedIn"):
        for area in known.values(iri, "peel:area"):
            for grade in known.values(iri, "peel:grade") or [""]:
                row: dict[str, Value] = {"judgement": iri, "inspection": inspection, "area": area}
                if grade:
                    row |= {"grade": grade, "scale": grade.rpartition("/")[0]}
                yield row | ({"toldBy": told} if told else {}) | {"standsOver": over}


def _of_force(force: str, known: str) -> str:
    kinds = " ".join(map(str, map(ox.Literal, (*_KINDS, *standing.ITEMS))))
    return (
        f"SELECT ?thing ?kind ?since ?held {{ VALUES ?kind {{ {kinds} }} "
        f"?thing peel:kindToken ?kind ; peel:ofForce {ox.NamedNode(force)} ; "
        f"peel:knownFrom ?since FILTER (?since <= {day_term(known)}) "
        "OPTIONAL { ?thing a ?held FILTER (?held = peel:SourceDocument) } }"
    )
