"""The page of a cause of concern, a recommendation or an area for improvement."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from peelgraph import asking
from peelgraph.engine import Engine
from peelgraph.lineage import Passage, of_thing
from peelgraph.namespaces import ID, PEEL
from peelserver.pages import (
    history,
    mentions,
    passages,
    pictures,
    recurrences,
    standing,
    thing,
    words,
)
from peelserver.pages import lineage as stacked
from peelserver.pages.blocks import Section, kind_of, summary
from peelserver.pages.knowledge import Knowledge, Shown
from peelserver.pages.moment import Moment

#: kinds of a lineage whose dates are the history of an item
_HISTORY = (
    *("inspection", "hearing", "document", "cause-of-concern", "recommendation"),
    *("area-for-improvement", "assessment", "decision", "response"),
)

#: what has a place of its own on the page
_ELSEWHERE = (
    *("peel:addresses", "peel:decides", "peel:earlier", "peel:later", "peel:respondsTo"),
    *("peel:revisits", "dcterms:isPartOf"),
)


#: how many recommendations, answers, or things of one kind a page shows, and how many events
LONGEST, EVENTS = 25, 60


@dataclass(frozen=True, slots=True)
class Again:
    """The same matter at another time.

    :param part: the part of the item that it is held to be the same as, if it is not all of it
    """

    thing: Shown
    kind: str
    when: str
    part: Shown | None
    why: str


def page(engine: Engine, moment: Moment, iri: str) -> str:
    """Return the page of an item."""
    mentions.begin(engine, iri, moment)
    passages.begin(engine, [iri], (), moment.known)
    line = of_thing(engine, iri, on=moment.on, known=moment.known, proofs=partial(_proofs, iri))
    parts = list(dict.fromkeys([iri, *(node.iri for node in line.nodes)]))
    seen = [part for part in parts if kind_of(part) in ("assessment", "decision")]
    matters = [part for part in parts if kind_of(part) in (*standing.ITEMS, "finding")]
    recurrences.begin(engine, matters)
    found = mentions.shown(mentions.of(engine, iri, moment), _ELSEWHERE)
    visits = asking.objects(engine, seen, PEEL + "seenAt", PEEL + "informedBy")
    again = recurrences.of(engine, matters)
    ends = [each for one in again for each in (one.iri, *one.things)]
    told = {node.iri: node.passages for node in line.nodes if node.passages}
    others = [*parts, *visits, *ends, *mentions.looked(found)]
    known = Knowledge(engine, moment, [iri], others, mentions.unnamed(found), told=told)
    rows = standing.of_items(engine, parts, moment)
    same = recurrences.told(known, again)
    made = thing.Page(
        known=known,
        iri=iri,
        kind=kind_of(iri),
        lines=summary(known, iri),
        sections=mentions.sections(known, iri, found, rows),
        status=rows.get(iri),
        crumbs=thing.above(known, iri),
    )
    columns, missing = stacked.columns(known, line, LONGEST) if len(line.nodes) > 1 else ([], 0)
    asked = _parts(known, iri, parts, rows)
    happened = history.events(known, (part for part in parts if kind_of(part) in _HISTORY), rows)
    name = iri.removeprefix(ID)
    return thing.rendered(
        made,
        "item.html",
        parts_of_it=asked[:LONGEST],
        all_parts=_all(moment, "mentions", {"thing": name}, len(asked), LONGEST),
        picture=pictures.lineage(line, moment) if len(line.nodes) > 1 else None,
        columns=columns,
        all_columns=_all(
            moment, "lineage", {"item": name}, len(line.nodes), len(line.nodes) - missing
        ),
        events=happened[-EVENTS:],
        all_events=_all(moment, "lineage", {"item": name}, len(happened), EVENTS),
        answers=_answers(known, iri, parts),
        stated=_again(known, [each for each in same if each.stated], parts, iri),
        inferred=_again(known, [each for each in same if not each.stated], parts, iri),
        themes=[known.thing(theme) for theme in known.values(iri, "peel:theme")],
    )


def _proofs(item: str, engine: Engine, iris: Sequence[str], known: str) -> dict[str, list[Passage]]:
    """Return the passages of the things in a lineage, those of the item itself with their words."""
    others = [iri for iri in iris if iri != item]
    passages.begin(engine, [item], others, known)
    return passages.passages(engine, [item], others, known)


def _all(
    moment: Moment, question: str, given: dict[str, str], count: int, shown: int
) -> Shown | None:
    """Return where all of something is, if not all of it is shown."""
    if count <= shown:
        return None
    address = moment.keep(f"/questions/{question}", **given)
    return Shown(f"Show all {count:,}; these are {shown:,}", address)


def _parts(
    known: Knowledge, iri: str, parts: Sequence[str], rows: Mapping[str, standing.Row]
) -> list[dict[str, object]]:
    """Return the recommendations on a cause of concern, in the order of their list."""
    ours = [part for part in parts if iri in known.values(part, "peel:addresses")]
    ours.sort(key=lambda part: (int(known.value(part, "peel:position") or 0), part))
    return [
        {
            "thing": known.thing(part),
            "wording": known.value(part, "peel:wording"),
            "description": known.value(part, "dcterms:description"),
            "limit": known.value(part, "peel:timeLimit"),
            "tag": standing.tag(rows[part]) if part in rows else None,
            "when": standing.when(rows[part]) if part in rows else "",
        }
        for part in ours
    ]


def _answers(known: Knowledge, iri: str, parts: Sequence[str]) -> Section:
    """Return who answered and what was promised: the responses and promises of the lineage."""
    given = [part for part in parts if kind_of(part) in ("response", "statement", "undertaking")]
    promised = {each for part in given for each in known.values(part, "peel:undertakes")}
    first = [part for part in given if part not in promised]
    return Section(
        "answers",
        "Who answered, and what was promised",
        tuple(mentions.an_entry(known, part) for part in first[:LONGEST]),
        more=_all(known.moment, "responses", {"item": iri.removeprefix(ID)}, len(first), LONGEST),
        empty="No document that we hold answers it. That does not mean that nobody did.",
    )


def _again(
    known: Knowledge, same: Sequence[recurrences.Again], parts: Sequence[str], iri: str
) -> list[Again]:
    found: dict[str, Again] = {}
    for each in same:
        theirs = each.earlier if each.later in parts else each.later
        ours = each.later if theirs == each.earlier else each.earlier
        date = each.earlier_date if theirs == each.earlier else each.later_date
        found[theirs] = Again(
            thing=known.thing(theirs),
            kind=words.kind(kind_of(theirs)),
            when=words.a_date(date) if date else "on a day that is not known",
            part=None if ours == iri else known.thing(ours),
            why=each.why,
        )
    return list(found.values())
