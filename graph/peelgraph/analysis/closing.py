"""How long closing took, as medians of the least and of the most days."""

from statistics import median

from peelgraph.analysis.material import ITEMS, Material
from peelgraph.analysis.result import About, Row, Rows, counted
from peelgraph.asking import Value

#: a median of fewer closed items is left out as noise
LEAST = 3

ABOUT = About(
    name="time-to-close",
    asks="How long does closing take, and how much is still open?",
    means=(
        "For closed items whose days are known: the median of the days that closing took at "
        "least, and that of the days at most. Over the same items the true median lies between "
        "the two. Beside it stand the items that are not closed. No median is given for fewer "
        f"than {LEAST} closed items."
    ),
    cannot=(
        "Only closed items have a time, and the quick ones close first: while many are open, the "
        "usual time is longer than the median. Items that one inspection raised and one visit "
        "closed are one observation (see inspections). It cannot compare forces or years."
    ),
    columns={
        "force": "The force; absent in a row over several forces.",
        "kind": "The kind of item; absent in a row over all kinds.",
        "items": "How many items had been raised, or may have been.",
        "closed": "How many of them are closed on the day.",
        "stillOpen": "How many are open or presumed open.",
        "cannotTell": "How many cannot be told.",
        "medianLeast": "Median of the days that closing took at least.",
        "ofLeast": "Over how many closed items.",
        "medianMost": "Median of the days that closing took at most.",
        "ofMost": "Over how many closed items: a first day is not always known.",
        "inspections": "How many inspections raised the closed items.",
        "evidence": "The passages that prove the closings.",
    },
    shown=(
        *("force", "kind", "items", "closed", "stillOpen", "cannotTell"),
        *("medianLeast", "ofLeast", "medianMost", "ofMost", "inspections"),
    ),
)
_STANDING = {"open": "stillOpen", "presumed-open": "stillOpen", "closed": "closed"}


def rows(material: Material) -> Rows:
    """Return a row for each force and kind, for each force, and for all forces."""
    arguments = {"on": material.on, "known": material.known}
    if material.force:
        arguments["force"] = material.force
    items = material.ask("time-to-close", **arguments)
    forces = sorted({str(row["force"]) for row in items})
    found, few = [], 0
    for force in (*forces, *([None] if len(forces) > 1 else [])):
        for kind in (*sorted(ITEMS), None):
            group = [row for row in items if _fits(material, row, force, kind)]
            if group:
                found.append(_row(material, group, force, kind))
                few += 0 < int(str(found[-1].cells["closed"])) < LEAST
    left = (f"{counted(few, 'median')} over fewer than {LEAST} closed items.",) if few else ()
    return Rows(tuple(found), left)


def _fits(material: Material, row: dict[str, Value], force: str | None, kind: str | None) -> bool:
    return (force is None or row["force"] == force) and (
        kind is None or material.statuses[str(row["item"])]["kind"] == kind
    )


def _row(
    material: Material, group: list[dict[str, Value]], force: str | None, kind: str | None
) -> Row:
    tokens = [_STANDING.get(str(row["status"]).rpartition("/")[2], "cannotTell") for row in group]
    closed = [
        str(row["item"]) for row, token in zip(group, tokens, strict=True) if token == "closed"
    ]
    least = [float(row["daysLeast"]) for row in group if "daysLeast" in row]
    most = [float(row["daysMost"]) for row in group if "daysMost" in row]
    visits = {visit for item in closed if (visit := material.inspection(item)) is not None}
    closings = [each for item in closed for each in material.effects(item, "peel:decides")]
    return Row(
        {
            "force": force,
            "kind": kind,
            "items": len(group),
            "closed": len(closed),
            "stillOpen": tokens.count("stillOpen"),
            "cannotTell": tokens.count("cannotTell"),
            "medianLeast": _median(least),
            "ofLeast": len(least),
            "medianMost": _median(most),
            "ofMost": len(most),
            "inspections": len(visits) or None,
        },
        rests=tuple(closings),
    )


def _median(days: list[float]) -> float | None:
    """Return the median of enough values, as a whole number where it is one."""
    if len(days) < LEAST:
        return None
    found = median(days)
    return int(found) if found == int(found) else found
