"""Threads of recurrence: the same matter from its first mention to its last."""

from collections import Counter
from collections.abc import Iterator

import networkx

from peelgraph.analysis.material import Material
from peelgraph.analysis.result import About, Row, Rows, days, gap, several

ABOUT = About(
    name="threads",
    asks="Which matters come up again, how long apart, and what happened between?",
    means=(
        "A thread joins things that recurrences hold to be the same matter. A gap is counted in "
        "days between two mentions, least and most, as far as their dates are known. Between "
        "stand the responses, undertakings, assessments and decisions that the earlier mention "
        "led to and that may lie before the later one."
    ),
    cannot=(
        "A recurrence is nearly always our reading (see basis), and we read few documents: a gap "
        "says when the documents mention a matter, not that it had gone away. Many mentions may "
        "mean many documents. Mentions can be strengths. No gap is given where no day is known."
    ),
    columns={
        "thread": "The number of the thread; the one with the most mentions comes first.",
        "position": "The place of the mention in its thread; a possible one if days are unknown.",
        "mention": "What mentions the matter.",
        "kind": "Its kind.",
        "polarity": "Whether a finding is a strength, a weakness or neither.",
        "theme": "Its themes.",
        "status": "How an item stands on the day.",
        "earliest": "The first day the mention can have been made.",
        "latest": "The day by which it had been made.",
        "noLater": "The day by which it had been made if the recurrences, as we read them, have "
        "the inspections in their right order.",
        "after": "The earlier mentions that it takes up.",
        "gapLeast": "Days since the nearest of these, at least; absent where no day is known.",
        "gapMost": "Days since the nearest of these, at most; absent where no day is known.",
        "between": "What the earlier mentions led to that may lie between.",
        "recurrence": "The recurrences that join them.",
        "basis": "What these rest on.",
        "evidence": "The passages that prove the mention.",
    },
    shown=("thread", "mention", "kind", "polarity", "status", "when", "gap", "between", "basis"),
)
_STEPS = ("assessment", "decision", "response", "undertaking")


def rows(material: Material) -> Rows:
    """Return a row for each mention, thread by thread."""
    graph = material.recurrences
    moments = _moments(material)
    threads = [
        _ordered(graph.subgraph(each), moments)
        for each in networkx.weakly_connected_components(graph)
    ]
    threads.sort(key=lambda mentions: (-len(mentions), mentions))
    return Rows(
        tuple(
            _row(material, number, position, mention, moments[mention][0])
            for number, mentions in enumerate(threads, 1)
            for position, mention in enumerate(mentions, 1)
        )
    )


def _ordered(graph: "networkx.DiGraph[str]", moments: dict[str, tuple[str, int, str]]) -> list[str]:
    """Return the mentions so that an earlier one stands before a later one."""
    if networkx.is_directed_acyclic_graph(graph):
        return list(networkx.lexicographical_topological_sort(graph, key=moments.__getitem__))
    return sorted(graph, key=moments.__getitem__)


def _moments(material: Material) -> dict[str, tuple[str, int, str]]:
    """Return what orders each mention: its latest day, and how many inspections came after its own.

    Where no day is known of an inspection, the recurrences still say which came before which.
    """
    visits = {iri: material.inspection(iri) or iri for iri in material.recurrences}
    order: networkx.DiGraph[str] = networkx.DiGraph()
    order.add_nodes_from(visits.values())
    order.add_edges_from(
        (visits[start], visits[end])
        for start, end in material.recurrences.edges
        if visits[start] != visits[end]
    )
    after = {visit: networkx.descendants(order, visit) for visit in order}
    return {
        iri: (
            min(material.things[each].latest for each in (iri, *after[visit])),
            -len(after[visit]),
            iri,
        )
        for iri, visit in visits.items()
    }


def _between(material: Material, earlier: str, later: str) -> Iterator[str]:
    """Yield what *earlier* led to that may lie before *later*."""
    first, last = material.things[earlier], material.things[later]
    for iri in networkx.descendants(material.lineage, earlier):
        step = material.things[iri]
        after = first.earliest is None or step.latest >= first.earliest
        if step.kind in _STEPS and after and (step.earliest or "") <= last.latest:
            yield iri


def _row(material: Material, number: int, position: int, mention: str, no_later: str) -> Row:
    thing = material.things[mention]
    links = material.recurrences.in_edges(mention, data=True)
    before = sorted(start for start, _, _ in links)
    status = material.statuses.get(mention, {})
    gaps = [material.things[each] for each in before]
    least = [days(each.latest, thing.earliest) for each in gaps]
    most = [days(each.earliest, thing.latest) for each in gaps]
    return Row(
        {
            "thread": number,
            "position": position,
            "mention": mention,
            "kind": thing.kind,
            "polarity": several(material.polarities.get(mention, ())),
            "theme": several(material.themes.get(mention, ())),
            "status": status.get("status"),
            "earliest": thing.earliest,
            "latest": thing.latest,
            "noLater": no_later,
            "after": several(before),
            **gap(_nearest(least), _nearest(most)),
            "between": several(
                step for each in before for step in _between(material, each, mention)
            ),
            "recurrence": several(str(data["recurrence"]) for _, _, data in links),
            "basis": _basis(Counter(str(data["basis"]) for _, _, data in links)),
        },
        rests=(mention,),
    )


def _nearest(gaps: list[int | None]) -> int | None:
    """Return the smallest gap, if all are known: an unknown one might be smaller."""
    known = [gap for gap in gaps if gap is not None]
    return min(known) if known and len(known) == len(gaps) else None


def _basis(bases: Counter[str]) -> str | None:
    """Return the weakest of several bases."""
    return next((basis for basis in ("inferred", *sorted(bases)) if basis in bases), None)
