"""The page of one passage: where it stands, what it proves, its words from a reader's copy."""

from pathlib import Path

import pyoxigraph as ox

from peelgraph import asking, values
from peelgraph.engine import Engine
from peelgraph.questions import UnknownName
from peelserver.pages import copies, frame, mentions, standing
from peelserver.pages.knowledge import Knowledge, Shown, passage_address
from peelserver.pages.moment import Moment


def page(
    engine: Engine, moment: Moment, slug: str, start: int, end: int, sources: Path | None
) -> str:
    """Return the page of the characters *start* to *end* of a document.

    :param sources: the folder with the reader's copies of documents, if there is one
    :raises UnknownName: there is no such document, or no such passage of it
    """
    document = values.thing(f"document/{slug}", engine, ("document",))
    known_by = {"known": moment.known}
    itself = {"passage": [f"{document}#char={start},{end}"]}
    asking.begin(engine, "passages", "document", [document], known_by, within=itself)
    places = _places(engine, moment, document)
    here = asking.rows_of_each(engine, "passages", "document", [document], known_by, within=itself)
    if not here:
        names = sorted(f"{start}-{end}" for start, end in places)
        raise UnknownName("passage of this document", f"{start}-{end}", names)
    things = [str(row["thing"]) for row in here if "thing" in row]
    standing.begin(engine, things, moment)
    known = Knowledge(engine, moment, [document, *things])
    stands = standing.of_items(engine, things, moment)
    public, digest = str(here[0].get("page", "")), str(here[0].get("digest", ""))
    return frame.page(
        "passage.html",
        moment,
        title=f"{known.label(document)}, characters {start} to {end}",
        crumbs=(known.thing(document),),
        document=known.thing(document),
        start=start,
        end=end,
        digest=digest,
        fragment=str(here[0]["passage"]),
        public=public,
        exact="#:~:text=" in public,
        quotations=dict.fromkeys(
            each.quotation
            for thing in things
            for each in known.passages(thing)
            if each.quotation and (each.document, each.start, each.end) == (document, start, end)
        ),
        entries=[mentions.an_entry(known, thing, rows=stands) for thing in things],
        reason=str(here[0].get("reason", "")),
        found=copies.find(
            sources,
            identifier=known.value(document, "dcterms:identifier"),
            of_document=known.value(document, "peel:digest"),
            of_passage=digest,
            start=start,
            end=end,
        ),
        near=_near(moment, document, places, (start, end)),
    )


def _places(engine: Engine, moment: Moment, document: str) -> list[tuple[int, int]]:
    """Return where the passages of a document are, in its order."""
    rows = engine.query(
        "SELECT DISTINCT ?start ?end { GRAPH ?record { "
        f"?passage oa:hasSource {ox.NamedNode(document)} ; oa:hasSelector ?selector . "
        "?selector oa:start ?start ; oa:end ?end } ?record peel:knownFrom ?from "
        f"FILTER (?from <= {values.day_term(moment.known)}) }}"
    )
    assert isinstance(rows, ox.QuerySolutions)
    return sorted((int(row["start"].value), int(row["end"].value)) for row in rows)


def _near(
    moment: Moment, document: str, places: list[tuple[int, int]], here: tuple[int, int]
) -> list[Shown]:
    """Return the passages before and after one, in the order of the document."""
    index = places.index(here)
    found = []
    for text, other in (("The passage before", index - 1), ("The passage after", index + 1)):
        if 0 <= other < len(places):
            found.append(Shown(text, passage_address(moment, document, *places[other])))
    return found
