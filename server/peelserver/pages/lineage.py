"""A lineage as a list, column by column: for narrow screens, for screen readers, for print."""

from dataclasses import dataclass

from peelgraph.lineage import Lineage, Node
from peelserver.pages import standing, words
from peelserver.pages.knowledge import Knowledge, Shown


@dataclass(frozen=True, slots=True)
class Step:
    """One thing of a lineage.

    :param note: its date, and how it stands
    :param led_to: what came of it, next
    """

    thing: Shown
    here: bool
    tag: standing.Tag | None
    note: str
    led_to: tuple[Shown, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """The things of one kind."""

    heading: str
    steps: tuple[Step, ...]


def columns(known: Knowledge, line: Lineage, most: int) -> tuple[list[Column], int]:
    """Return a lineage by kinds, in the order in which one leads to the next.

    :param most: how many things of one kind are told at most, and how many one of them led to
    :returns: the columns, and how many things are in none of them
    """
    labels = {node.iri: node.label for node in line.nodes}
    after: dict[str, list[str]] = {}
    for edge in line.edges:
        if not edge.shortcut and edge.end not in after.setdefault(edge.start, []):
            after[edge.start].append(edge.end)

    def shown(iri: str) -> Shown:
        return Shown(labels[iri], known.shown(iri).address)

    def step(node: Node) -> Step:
        tag = standing.Tag(node.status, standing.WORDS[node.status]) if node.status else None
        return Step(
            thing=shown(node.iri),
            here=node.iri == line.item,
            tag=tag,
            note=node.when or "",
            led_to=tuple(shown(iri) for iri in after.get(node.iri, ())[:most] if iri in labels),
        )

    by_kind: dict[str, list[Node]] = {}
    for node in line.nodes:
        by_kind.setdefault(node.kind, []).append(node)
    found = [
        Column(
            words.sentence(words.kind(kind) if len(nodes) == 1 else words.kinds(kind))[:-1],
            tuple(step(node) for node in nodes[:most]),
        )
        for kind, nodes in by_kind.items()
    ]
    return found, len(line.nodes) - sum(len(column.steps) for column in found)
