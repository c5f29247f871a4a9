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

#: bytes that the passages on a page may have, about
ROOM = 50_000

#: bytes that a passage, and a thing that rests on it, take beside their texts
_PLACE, _REST = 200, 60


@dataclass(frozen=True, slots=True)
class Place:
    """A passage, and what rests on it: each with its kind."""

    start: int
    end: int
    address: str
    public: str
    rests: tuple[tuple[Shown, str], ...]
    reason: str

    @property
    def weight(self) -> int:
        """About how many bytes it has on a page."""
        rests = sum(len(each.text) + len(each.address) + _REST for each, _ in self.rests)
        return _PLACE + len(self.address) + len(self.public) + len(self.reason) + rests


def page(engine: Engine, moment: Moment, iri: str, first: int = 0) -> str:
    """Return the page of a document.

    :param first: how many passages to leave out at the beginning
    """
    name = iri.removeprefix(ID)
    given = {"known": moment.known}
    asking.begin(engine, "passages", "document", [iri], given)
    found = mentions.shown(mentions.of(engine, iri, moment))
    others = mentions.looked(found)
    standing.begin(engine, others, moment)
    known = Knowledge(engine, moment, [iri], others, mentions.unnamed(found))
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
    first = min(first, len(places))
    end = _end(places, first)
    before = 0
    while _end(places, before) < first:
        before = _end(places, before)
    return thing.rendered(
        made,
        "document.html",
        places=places[first:end],
        first=first,
        count=len(places),
        held=held,
        before=moment.keep(f"/id/{name}", offset=str(before) if before else "") if first else "",
        after=moment.keep(f"/id/{name}", offset=str(end)) if end < len(places) else "",
    )


def _end(places: list[Place], first: int) -> int:
    """Return how far a page reaches that begins with the passage *first*."""
    room, end = ROOM, first
    while end < len(places) and (end == first or room >= places[end].weight):
        room -= places[end].weight
        end += 1
    return end


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
