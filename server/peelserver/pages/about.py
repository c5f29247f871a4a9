"""The page about the site: what it says and does not say, and under which licence."""

from collections import Counter

import pyoxigraph as ox

from peelgraph import __version__, asking
from peelgraph.engine import Engine
from peelgraph.namespaces import ID
from peelgraph.values import day_term
from peelserver.pages import frame
from peelserver.pages.blocks import Cell, Table, text
from peelserver.pages.knowledge import Shown
from peelserver.pages.moment import Moment

#: up to how many documents the page names one by one; more are counted by force
NAMED = 100

_DOCUMENTS = """SELECT DISTINCT ?document ?force ?held { ?document peel:kindToken "document" ;
    peel:ofForce ?force ; peel:knownFrom ?from FILTER (?from <= KNOWN)
  OPTIONAL { ?document a ?held FILTER (?held = peel:SourceDocument) } }"""


def page(engine: Engine, moment: Moment) -> str:
    """Return the page."""
    rows = engine.query(_DOCUMENTS.replace("KNOWN", day_term(moment.known)))
    assert isinstance(rows, ox.QuerySolutions)
    found = [(row["document"].value, row["force"].value, row["held"] is not None) for row in rows]
    count = len({document for document, _, _ in found})
    return frame.page(
        "about.html",
        moment,
        title="About this site and its data",
        count=count,
        documents=_named(engine, moment) if count <= NAMED else [],
        table=_by_force(engine, moment, found) if count > NAMED else None,
        digest=engine.digest,
        version=__version__,
    )


def _named(engine: Engine, moment: Moment) -> list[tuple[Shown, bool]]:
    rows = asking.ask(engine, "documents", {"known": moment.known}).rows
    labels = asking.labels(engine, [str(row["document"]) for row in rows])
    held = {str(row["document"]): bool(row["held"]) for row in rows}
    return [
        (Shown(labels[each], moment.keep("/id/" + each.removeprefix(ID))), held[each])
        for each in held
    ]


def _by_force(engine: Engine, moment: Moment, found: list[tuple[str, str, bool]]) -> Table:
    known = Counter(force for _, force, _ in found)
    held = Counter(force for _, force, is_held in found if is_held)
    labels = asking.labels(engine, known)
    return Table(
        "by-force",
        "Documents by force",
        ("Force", "Documents", "Their text is held"),
        tuple(
            (
                Cell(Shown(labels[force], moment.keep("/id/" + force.removeprefix(ID)))),
                Cell(
                    Shown(
                        f"{known[force]:,}",
                        moment.keep("/questions/documents", force=force.rpartition("/")[2]),
                    )
                ),
                text(f"{held[force]:,}"),
            )
            for force in sorted(known, key=lambda each: labels[each])
        ),
        lead="A document that is about several forces counts with each of them.",
        more=Shown("All documents, as a table", moment.keep("/questions/documents")),
    )
