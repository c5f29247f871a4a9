"""The longest chains of lineage, from what started them to the last that came of it."""

from itertools import pairwise

import networkx

from peelgraph.analysis.material import Material
from peelgraph.analysis.result import About, Row, Rows, counted, days

#: a chain with fewer steps is left out: nearly every inspection leads to a report and findings
LEAST = 3

ABOUT = About(
    name="chains",
    asks="Which are the longest chains from an inspection to what came of it?",
    means=(
        "For each thing that nothing followed: the longest way that leads to it, counted in steps "
        f"of the lineage, at least {LEAST}, and the days from its first to its last thing. Chains "
        "that differ in their last thing alone are one row. Where several ways are as long, the "
        "one whose names come first in the alphabet."
    ),
    cannot=(
        "A long chain is a story that documents tell fully, not a grave matter or a slow one; a "
        "short one may only want a document. Steps are as our records cut them, and chains share "
        "their beginnings: they must not be added up."
    ),
    columns={
        "steps": "How many steps the chain has.",
        "things": "Its things but the last, in the order of the chain.",
        "kinds": "Their kinds, in the same order.",
        "last": "What it ends with; several, where it branches in the last step.",
        "daysLeast": "Days from the first thing to the nearest last, at least.",
        "daysMost": "Days from the first thing to the farthest last, at most.",
        "basis": "inferred, if any step is; else stated.",
        "evidence": "The passages that prove its things.",
    },
    shown=("steps", "things", "last", "daysLeast", "daysMost", "basis"),
)


def rows(material: Material) -> Rows:
    """Return a row for each chain, the longest first."""
    graph = material.lineage
    if not networkx.is_directed_acyclic_graph(graph):
        return Rows((), ("The lineage runs in a circle, so that no chain is the longest.",))
    best = _longest(graph)
    groups: dict[tuple[str, ...], list[str]] = {}
    for end in sorted(graph):
        if graph.out_degree(end) == 0 and graph.in_degree(end):
            groups.setdefault(best[end][:-1], []).append(end)
    chains = sorted(groups, key=lambda chain: (-len(chain), chain))
    found = [_row(material, chain, groups[chain]) for chain in chains if len(chain) >= LEAST]
    short = len(chains) - len(found)
    left = (f"{counted(short, 'chain')} of less than {LEAST} steps.",) if short else ()
    return Rows(tuple(found), left)


def _longest(graph: "networkx.MultiDiGraph[str]") -> dict[str, tuple[str, ...]]:
    """Return the longest chain that leads to each thing."""
    before: dict[str, str] = {}
    length: dict[str, int] = {}
    for iri in networkx.lexicographical_topological_sort(graph):
        earlier = sorted(graph.predecessors(iri), key=lambda each: (-length[each], each))
        length[iri] = length[earlier[0]] + 1 if earlier else 0
        before |= {iri: earlier[0]} if earlier else {}
    found = {}
    for iri in graph:
        chain = [iri]
        while chain[-1] in before:
            chain.append(before[chain[-1]])
        found[iri] = tuple(chain[::-1])
    return found


def _row(material: Material, chain: tuple[str, ...], ends: list[str]) -> Row:
    first, lasts = material.things[chain[0]], [material.things[end] for end in ends]
    steps = [*pairwise(chain), *((chain[-1], end) for end in ends)]
    bases = {
        min(str(data["basis"]) for data in material.lineage[start][end].values())
        for start, end in steps
    }
    least = [days(first.latest, last.earliest) for last in lasts]
    most = [days(first.earliest, last.latest) for last in lasts]
    return Row(
        {
            "steps": len(chain),
            "things": " ".join(chain),
            "kinds": " ".join(material.things[iri].kind for iri in chain),
            "last": " ".join(ends),
            "daysLeast": min(known) if len(known := _known(least)) == len(ends) else None,
            "daysMost": max(known) if len(known := _known(most)) == len(ends) else None,
            "basis": "stated" if bases == {"stated"} else "inferred",
        },
        rests=(*chain, *ends),
    )


def _known(numbers: list[int | None]) -> list[int]:
    return [number for number in numbers if number is not None]
