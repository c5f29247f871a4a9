"""Items to which no document holds an answer."""

from collections.abc import Iterator

from peelgraph.analysis.material import Material
from peelgraph.analysis.result import About, Row, Rows, counted, several

ABOUT = About(
    name="unanswered",
    asks="Which items has nobody answered, as far as the documents tell?",
    means=(
        "No document holds a response to the item itself by the day. Beside it stand the responses "
        "that may cover it (to the report on its inspection, to its cause of concern, to one of "
        "its recommendations) and what else was said about it."
    ),
    cannot=(
        "It never means that nobody answered: of most reports we hold no response at all, and a "
        "response that is not held answers nothing here. Read it as a list of what to look for."
    ),
    columns={
        "item": "The item.",
        "kind": "Its kind.",
        "force": "The force it was raised against.",
        "status": "How it stands on the day.",
        "earliest": "The first day on which it can have been raised.",
        "latest": "The day by which it had been raised.",
        "covered": "report, concern or recommendation: what a response was given to, if not the "
        "item; nothing, if none is known.",
        "responses": "These responses.",
        "statements": "What was said about the item.",
        "evidence": "The passages that prove the item.",
    },
    shown=("item", "kind", "force", "status", "when", "covered", "responses", "statements"),
)


def rows(material: Material) -> Rows:
    """Return a row for each item without a response of its own, the least covered first."""
    said = _statements(material)
    found, answered = [], 0
    for item, status in material.statuses.items():
        if item not in material.things:
            continue
        if material.effects(item, "peel:respondsTo"):
            answered += 1
            continue
        around = list(_around(material, item))
        covering = {what for what, _ in around}
        thing = material.things[item]
        cells = {
            "item": item,
            "kind": thing.kind,
            "force": status["force"],
            "status": status["status"],
            "earliest": thing.earliest,
            "latest": thing.latest,
            "covered": " ".join(sorted(covering)) or "nothing",
            "responses": several(response for _, response in around),
            "statements": several(said.get(item, ())),
        }
        found.append(Row(cells, rests=(item,)))
    found.sort(key=lambda row: (row.cells["covered"] != "nothing", _key(row)))
    left = (f"{counted(answered, 'item')} with a response.",) if answered else ()
    return Rows(tuple(found), left)


def _key(row: Row) -> tuple[str, ...]:
    return tuple(str(row.cells[column]) for column in ("force", "latest", "item"))


def _around(material: Material, item: str) -> Iterator[tuple[str, str]]:
    """Yield the responses to what stands nearest to the item, with what that is."""
    inspection = material.inspection(item)
    for what, near in (
        ("concern", material.causes(item, "peel:addresses")),
        ("recommendation", material.effects(item, "peel:addresses")),
        ("report", material.effects(inspection, "peel:reportsOn") if inspection else []),
    ):
        for thing in near:
            yield from ((what, each) for each in material.effects(thing, "peel:respondsTo"))


def _statements(material: Material) -> dict[str, list[str]]:
    """Return the statements about each item."""
    found: dict[str, list[str]] = {}
    for statement, about in material.rows(_ABOUT):
        if statement in material.things:
            found.setdefault(about, []).append(statement)
    return found


_ABOUT = """
SELECT DISTINCT ?statement ?about {
  VALUES (?askForce ?askKnown) { (UNDEF UNDEF) }
  ?statement peel:kindToken "statement" ; peel:ofForce ?askForce .
  GRAPH ?record { ?statement peel:about ?about }
  ?record peel:knownFrom ?recordKnown FILTER (?recordKnown <= ?askKnown)
}"""
