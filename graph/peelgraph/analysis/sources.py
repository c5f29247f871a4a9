"""The documents that carry the most: what would be unknown without each."""

from collections import Counter
from collections.abc import Iterable

from peelgraph.analysis.material import ITEMS, Material
from peelgraph.analysis.result import About, Row, Rows

ABOUT = About(
    name="documents",
    asks="Which documents carry the most?",
    means=(
        "Things, items and steps of the lineage that the document tells of, and in each onlyHere "
        "column those that no other document tells of: without it they would be unknown."
    ),
    cannot=(
        "A document carries much because it is long, or because we hold none of the others that "
        "tell the same; it says nothing of how well they were made or whether they are right."
    ),
    columns={
        "document": "The document.",
        "things": "Things that it tells of.",
        "onlyHere": "Those that no other document tells of.",
        "items": "Causes of concern, recommendations and areas for improvement among them.",
        "itemsOnlyHere": "Those that no other document tells of.",
        "links": "Steps of the lineage that it tells of.",
        "linksOnlyHere": "Those that no other document tells of.",
    },
    shown=(
        *("document", "things", "onlyHere", "items", "itemsOnlyHere", "links", "linksOnlyHere"),
    ),
)


def rows(material: Material) -> Rows:
    """Return a row for each document that is held, the one with the most steps first."""
    tellings = {
        iri: documents
        for iri, documents in material.tellings.items()
        if material.things[iri].kind != "document"
    }
    items = {
        iri: documents for iri, documents in tellings.items() if material.things[iri].kind in ITEMS
    }
    counts = {
        **_counted(tellings.values(), "things", "onlyHere"),
        **_counted(items.values(), "items", "itemsOnlyHere"),
        **_counted(material.link_tellings.values(), "links", "linksOnlyHere"),
    }
    documents = {document for found in tellings.values() for document in found}
    order = sorted(documents, key=lambda each: (-counts["links"][each], each))
    return Rows(
        tuple(
            Row({"document": each, **{name: count[each] for name, count in counts.items()}})
            for each in order
        )
    )


def _counted(told: Iterable[list[str]], every: str, only: str) -> dict[str, Counter[str]]:
    """Return how many things each document tells of, and how many it alone tells of."""
    tellings = list(told)
    return {
        every: Counter(document for found in tellings for document in found),
        only: Counter(found[0] for found in tellings if len(found) == 1),
    }
