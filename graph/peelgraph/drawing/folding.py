"""What is drawn of a lineage: a box for each thing, or one for many where there are too many.

Nothing is left out in silence: a box for many says how many, of what kind and how they stand, and
the picture says in a sentence that it has such boxes.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from peelgraph.drawing.sentences import STATUSES, many
from peelgraph.lineage import Lineage, Node

#: how many boxes may stand in one column, and in all, before like ones are put into one
TALLEST, MOST = 14, 60
#: how many like ones there have to be
_FEW = 4


@dataclass(frozen=True, slots=True)
class Box:
    """A box and the things that it stands for, one or many."""

    name: str
    column: int
    nodes: tuple[Node, ...]

    @property
    def iri(self) -> str | None:
        """The thing that it stands for, if that is one."""
        return self.nodes[0].iri if len(self.nodes) == 1 else None

    @property
    def label(self) -> str:
        """What the box says first."""
        if len(self.nodes) == 1:
            return self.nodes[0].label
        kinds = Counter(node.kind for node in self.nodes)
        return ", ".join(many(number, kind) for kind, number in sorted(kinds.items()))

    @property
    def standings(self) -> tuple[tuple[str, str], ...]:
        """Each status in the box, with what is said of it."""
        if len(self.nodes) == 1:
            node = self.nodes[0]
            return ((node.status, node.status_phrase or ""),) if node.status else ()
        counts = Counter(node.status for node in self.nodes if node.status)
        return tuple(
            (status, f"{counts[status]} {words}")
            for status, words in STATUSES.items()
            if counts[status]
        )


def boxes(lineage: Lineage) -> tuple[Box, ...]:
    """Return the boxes of a lineage, by column; the item itself has always one of its own."""
    found = tuple(Box(node.iri, node.column, (node,)) for node in lineage.nodes)
    if not _crowded(found):
        return found
    near: dict[str, set[tuple[str, str]]] = {}
    for edge in lineage.edges:
        if not edge.shortcut:
            near.setdefault(edge.start, set()).add(("to", edge.end))
            near.setdefault(edge.end, set()).add(("from", edge.start))
    alike = _folded(
        lineage, lambda node: (node.kind, tuple(sorted(near.get(node.iri, ())))), least=_FEW
    )
    if not _crowded(alike):
        return alike
    return _folded(lineage, lambda node: (node.kind,), least=2)


def folded_note(found: Iterable[Box]) -> str | None:
    """Return the sentence that says what stands together in one box, if anything does."""
    together = [box for box in found if len(box.nodes) > 1]
    if not together:
        return None
    total = sum(len(box.nodes) for box in together)
    boxes = "one box" if len(together) == 1 else f"{len(together)} boxes"
    return (
        f"To keep the picture readable, {total} things stand together in {boxes}; "
        "the same lineage in words names each of them."
    )


def _crowded(found: tuple[Box, ...]) -> bool:
    columns = Counter(box.column for box in found)
    return len(found) > MOST or max(columns.values()) > TALLEST


def _folded(
    lineage: Lineage, sort: Callable[[Node], tuple[object, ...]], *, least: int
) -> tuple[Box, ...]:
    groups: dict[tuple[object, ...], list[Node]] = {}
    for node in lineage.nodes:
        key = ("item",) if node.iri == lineage.item else (node.column, *sort(node))
        groups.setdefault(key, []).append(node)
    found = []
    for nodes in groups.values():
        if len(nodes) < least:
            found += [Box(node.iri, node.column, (node,)) for node in nodes]
        else:
            found.append(Box(f"many {nodes[0].iri}", nodes[0].column, tuple(nodes)))
    return tuple(sorted(found, key=lambda box: box.column))
