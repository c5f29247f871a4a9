"""The page of a document: what it is, and all that rests on it, in its order."""

from collections.abc import Mapping
from dataclasses import dataclass

from peelgraph import asking
from peelgraph.asking import Value
from peelgraph.engine import Engine
from peelgraph.namespaces import ID
from peelserver.pages import mentions, standing, thing, words
from peelserver.pages.blocks import kind_of, summary
from peelserver.pages.knowledge import Knowledge, Shown, passage_address
from peelserver.pages.moment import Moment

#: how many passages a page shows
SHOWN = 150


@dataclass(frozen=True, slots=True)
class Place:
    """A passage, and what rests on it: each with its kind."""

    start: int
    end: int
    address: str
    public: str
    rests: tuple[tuple[Shown, str], ...]
    reason: str


def page(engine: Engine, moment: Moment, iri: str, first: int = 0) -> str:
    """Return the page of a document.

    :param first: how many passages to leave out at the beginning
    """
    name = iri.removeprefix(ID)
    given = {"known": moment.known}
    asking.begin(engine, "passages", "document", [iri], given)
    found = mentions.shown(mentions.of(engine, iri, moment))
    others = [each for some in found.values() for each in some[: mentions.LOOKED]]
    standing.begin(engine, others, moment)
    known = Knowledge(engine, moment, mentions.needed([iri], found))
    places = _places(moment, iri, asking.rows_of_each(engine, "passages", "document", [iri], given))
    held = bool(known.value(iri, "peel:digest"))
    made = thing.Page(
        known=known,
        iri=iri,
        kind=kind_of(iri),
        lines=summary(known, iri),
        sections=mentions.sections(known, iri, found, standing.of_items(engine, others, moment)),
        crumbs=thing.above(known, iri),
    )
    return thing.rendered(
        made,
        "document.html",
        places=places[first : first + SHOWN],
        first=first,
        count=len(places),
        held=held,
        before=moment.keep(f"/id/{name}", offset=str(first - SHOWN))
        if first > SHOWN
        else moment.keep(f"/id/{name}")
        if first
        else "",
        after=moment.keep(f"/id/{name}", offset=str(first + SHOWN))
        if first + SHOWN < len(places)
        else "",
    )


def _places(moment: Moment, iri: str, rows: tuple[Mapping[str, Value], ...]) -> list[Place]:
    by_place: dict[tuple[int, int], list[Mapping[str, Value]]] = {}
    for row in rows:
        by_place.setdefault((int(row["start"]), int(row["end"])), []).append(row)
    return [
        Place(
            start=start,
            end=end,
            address=passage_address(moment, iri, start, end),
            public=str(some[0].get("page", "")),
            rests=tuple(
                (
                    Shown(
                        str(row["label"]), moment.keep("/id/" + str(row["thing"]).removeprefix(ID))
                    ),
                    words.kind(str(row["kind"])),
                )
                for row in some
                if "thing" in row and row["thing"] != iri
            ),
            reason=str(some[0].get("reason", "")),
        )
        for (start, end), some in by_place.items()
    ]
