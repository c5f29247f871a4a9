"""The page of one passage: where it stands, what it proves, its words from a reader's copy."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from peelgraph import asking
from peelgraph.asking import Value
from peelgraph.engine import Engine
from peelgraph.namespaces import ID
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
    given = {"document": f"document/{slug}", "known": moment.known}
    rows = asking.ask(engine, "passages", given).rows
    here = [row for row in rows if (row["start"], row["end"]) == (start, end)]
    if not here:
        places = sorted({f"{row['start']}-{row['end']}" for row in rows})
        raise UnknownName("passage of this document", f"{start}-{end}", places)
    document = f"{ID}document/{slug}"
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
        near=_near(moment, document, rows, (start, end)),
    )


def _near(
    moment: Moment, document: str, rows: Sequence[Mapping[str, Value]], here: tuple[int, int]
) -> list[Shown]:
    """Return the passages before and after one, in the order of the document."""
    places = sorted({(int(row["start"]), int(row["end"])) for row in rows})
    index = places.index(here)
    found = []
    for text, other in (("The passage before", index - 1), ("The passage after", index + 1)):
        if 0 <= other < len(places):
            found.append(Shown(text, passage_address(moment, document, *places[other])))
    return found
