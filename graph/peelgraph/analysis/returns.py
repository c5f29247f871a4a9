"""What came back: a matter that is mentioned again after an item about it had been closed."""

import networkx

from peelgraph.analysis.material import ITEMS, Material
from peelgraph.analysis.result import About, Row, Rows, counted, days, gap

ABOUT = About(
    name="returns",
    asks="What keeps coming back after having been closed?",
    means=(
        "A closed item stands in a row with each later mention of its matter that is a new item or "
        "a weakness. The return is certain where the item had been closed by the first day the "
        "mention can have been made, possible where the days leave it open."
    ),
    cannot=(
        "Only closures that a document tells of count, and most items have none: no row is no "
        "proof that closed matters stay closed. That a mention is the same matter is nearly always "
        "our reading, and that it comes back is no proof that it was closed too early."
    ),
    columns={
        "item": "The item that had been closed.",
        "kind": "Its kind.",
        "closedEarliest": "The first day on which it can have been closed.",
        "closedLatest": "The day by which it had been closed.",
        "mention": "The later mention of the matter.",
        "mentionKind": "Its kind.",
        "earliest": "The first day the mention can have been made.",
        "latest": "The day by which it had been made.",
        "gapLeast": "Days from closing to the mention, at least.",
        "gapMost": "Days from closing to the mention, at most.",
        "verdict": "certain or possible.",
        "times": "How many such mentions the item has.",
        "basis": "What the recurrence rests on; inferred if any step between is.",
        "evidence": "The passages that prove the closing and the mention.",
    },
    shown=("item", "kind", "mention", "mentionKind", "when", "gap", "verdict", "basis"),
)


def rows(material: Material) -> Rows:
    """Return a row for each closed item and later mention, the items with the most first."""
    graph = material.recurrences
    again = [iri for iri in sorted(graph) if graph.out_degree(iri) and iri in material.statuses]
    closed = [iri for iri in again if str(material.statuses[iri]["status"]).endswith("/closed")]
    groups = []
    for item in closed:
        later = sorted(networkx.descendants(graph, item))
        groups.append([row for each in later if (row := _row(material, item, each)) is not None])
    groups.sort(key=lambda group: -len(group))
    found = [
        Row({**row.cells, "times": len(group)}, row.rests) for group in groups for row in group
    ]
    if len(again) == len(closed):
        return Rows(tuple(found))
    unclosed = len(again) - len(closed)
    said = (
        f"{counted(unclosed, 'item')} of {len(again)} whose matter comes up again: not known to be "
        "closed, so that nothing can be said of their coming back."
    )
    return Rows(tuple(found), (said,))


def _row(material: Material, item: str, later: str) -> Row | None:
    """Return the row of a mention, if it is a new item or a weakness and may follow the closing."""
    thing, status = material.things[later], material.statuses[item]
    first = str(status["closedEarliest"]) if "closedEarliest" in status else None
    last = str(status["closedLatest"])
    weak = any(each.endswith("/weakness") for each in material.polarities.get(later, ()))
    if not (thing.kind in ITEMS or weak) or (first is not None and thing.latest < first):
        return None
    certain = thing.earliest is not None and thing.earliest >= last
    return Row(
        {
            "item": item,
            "kind": material.things[item].kind,
            "closedEarliest": first,
            "closedLatest": last,
            "mention": later,
            "mentionKind": thing.kind,
            "earliest": thing.earliest,
            "latest": thing.latest,
            **gap(days(last, thing.earliest), days(first, thing.latest)),
            "verdict": "certain" if certain else "possible",
            "basis": _basis(material.recurrences, item, later),
        },
        rests=(item, *material.effects(item, "peel:decides"), later),
    )


def _basis(graph: "networkx.DiGraph[str]", item: str, later: str) -> str:
    """Return stated if a chain of stated recurrences joins the two, else inferred."""
    stated = graph.edge_subgraph(
        [(start, end) for start, end, basis in graph.edges(data="basis") if basis == "stated"]
    )
    joined = item in stated and later in stated and networkx.has_path(stated, item, later)
    return "stated" if joined else "inferred"
