"""A report: how what was raised stands on a day, by cause of concern.

What had not been raised by that day, and what is neither opened nor closed, is not in it.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from peelgraph import asking, phrases
from peelgraph.asking import Value
from peelgraph.engine import Engine
from peelgraph.exports.model import Export, Node

#: the kinds that are opened and closed, and what several of them are called
KINDS: dict[str, str] = {
    "cause-of-concern": "Causes of concern",
    "recommendation": "Recommendations",
    "area-for-improvement": "Areas for improvement",
}

#: the statuses in the order in which a report counts them, and what they are called
STATUSES: dict[str, str] = {
    "open": "Open",
    "presumed-open": "Presumed open",
    "closed": "Closed",
    "indeterminate": "Cannot be told",
}

#: what each status means, for those who read a report only
MEANING = (
    "Open: a document proves it for that day. Presumed open: it was raised, no document tells of a "
    "closure, and none proves it for that day. Closed: closed on that day or before. Cannot be "
    "told: the documents leave open whether it had been raised, or whether it was closed, by then."
)


@dataclass(frozen=True, slots=True)
class Concern:
    """A cause of concern, and the recommendations that address it; none of the first, if None."""

    item: Node | None
    recommendations: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """How things stand.

    :param counts: how many items of a kind have a status
    :param phases: the monitoring phase of the force, each possibility as a sentence
    :param concerns: in the order in which they were raised; what addresses none of them comes last
    :param improvements: the areas for improvement
    :param notes: what is not in it, each as a sentence
    """

    title: str
    provenance: str
    counts: Mapping[tuple[str, str], int]
    phases: tuple[str, ...]
    concerns: tuple[Concern, ...]
    improvements: tuple[Node, ...]
    notes: tuple[str, ...]

    @property
    def items(self) -> tuple[Node, ...]:
        """Every item, in the order of the report."""
        found: list[Node] = []
        for concern in self.concerns:
            found += [concern.item] if concern.item else []
            found += concern.recommendations
        return (*found, *self.improvements)


def report(export: Export, engine: Engine) -> Report:
    """Return the report of an export."""
    raised = [node for node in export.nodes if node.status in STATUSES]
    later = sum(node.status == "not-yet-raised" for node in export.nodes)
    others = sum(node.status is None for node in export.nodes)
    notes = []
    if others:
        notes.append(
            f"A report lists what can be opened and closed: {others} other things of this part "
            "of the graph are not in it, nor are its links."
        )
    if later:
        notes.append(f"{later} more had not been raised by {phrases.day(export.on)}.")
    by_kind: dict[str, list[Node]] = defaultdict(list)
    for node in sorted(raised, key=_order):
        by_kind[node.kind].append(node)
    return Report(
        title=f"{export.title}: status on {phrases.day(export.on)}",
        provenance=export.provenance,
        counts=Counter((node.kind, node.status or "") for node in raised),
        phases=_phases(export, engine),
        concerns=_concerns(export, by_kind["cause-of-concern"], by_kind["recommendation"]),
        improvements=tuple(by_kind["area-for-improvement"]),
        notes=tuple(notes),
    )


def status(node: Node) -> str:
    """Return the status of an item in words, with the days that matter."""
    given: dict[str, Value | None] = {
        "status": node.status,
        "lastKnownOpen": node.last_known_open,
        "closedEarliest": node.closed_earliest,
        "closedLatest": node.closed_latest,
    }
    return phrases.status({name: value for name, value in given.items() if value is not None})


def raised(node: Node) -> str:
    """Return the day on which an item was raised, in words."""
    return phrases.between(node.opened_earliest, node.opened_latest)


def _concerns(
    export: Export, concerns: Iterable[Node], recommendations: Iterable[Node]
) -> tuple[Concern, ...]:
    addressed = {edge.target: edge.source for edge in export.edges if edge.relation == "addresses"}
    below: dict[str, list[Node]] = defaultdict(list)
    for node in recommendations:
        below[addressed.get(node.id, "")].append(node)
    found = [Concern(node, tuple(below.pop(node.id, ()))) for node in concerns]
    rest = tuple(sorted((node for nodes in below.values() for node in nodes), key=_order))
    return (*found, *([Concern(None, rest)] if rest else []))


def _phases(export: Export, engine: Engine) -> tuple[str, ...]:
    if export.force is None:
        return ()
    given = {"force": export.force, "on": export.on, "known": export.known}
    rows = asking.ask(engine, "phase", given).rows
    labels = asking.labels(engine, [str(row["phase"]) for row in rows])
    return tuple(_phase(row, labels) for row in rows)


def _phase(row: Mapping[str, Value], labels: Mapping[str, str]) -> str:
    since = ""
    if "since" in row or "sinceLatest" in row:
        bounds = (str(row[key]) if key in row else None for key in ("since", "sinceLatest"))
        since = f" since {phrases.between(*bounds)}"
    return f"{labels[str(row['phase'])]}{since} ({row['basis']})"


def _order(node: Node) -> tuple[tuple[str, ...], str, str, str]:
    return node.force, node.opened_earliest or "", node.opened_latest or "", node.id
