"""The lineage of one thing as a tree: what led to it, what came of it, and where it says so."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from peelgraph.engine import Engine
from peelgraph.lineage import TELLS_OF, lineage
from peelgraph.lineage import Node as Part
from peelgraph.wording import a_span


@dataclass(frozen=True, slots=True)
class Node:
    """One thing in the tree.

    :param date: an EDTF expression
    :param repeated: it has been shown above with all that hangs on it
    """

    iri: str
    kind: str
    label: str
    status: str | None
    date: str | None
    passages: tuple[str, ...]
    basis: str
    repeated: bool
    children: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Trace:
    """The thing itself, what led to it (latest cause first), and what came of it."""

    item: Node
    earlier: tuple[Node, ...]
    later: tuple[Node, ...]


def trace(engine: Engine, name: str, *, on: str | None = None, known: str = "all") -> Trace:
    """Return the lineage of the thing called *name*.

    :param on: the day whose status is shown, ``YYYY-MM-DD``; today, if None
    :param known: use only documents that were public by this day
    :raises UnknownName: there is no such thing; says which are near
    """
    found = lineage(engine, name, on=on, known=known)
    earlier: dict[str, dict[str, str]] = {}
    later: dict[str, dict[str, str]] = {}
    for edge in found.edges:
        if not edge.shortcut and edge.relation != TELLS_OF:
            later.setdefault(edge.start, {})[edge.end] = edge.basis
            earlier.setdefault(edge.end, {})[edge.start] = edge.basis
    nodes = {node.iri: node for node in found.nodes}
    seen = {found.item}
    return Trace(
        _branch(nodes[found.item], "stated", False, ()),
        _branches(found.item, earlier, nodes, seen),
        _branches(found.item, later, nodes, seen),
    )


def lines(found: Trace, *, evidence: bool = True) -> Iterator[str]:
    """Yield the tree as lines of text."""
    yield from _node(found.item, "", "", evidence)
    for heading, nodes in (
        ("What led to it", found.earlier),
        ("What came of it", found.later),
    ):
        yield ""
        yield heading
        if not nodes:
            yield "  Nothing that the documents tell of."
        yield from _forest(nodes, "  ", evidence)


def _branches(
    iri: str, links: Mapping[str, dict[str, str]], nodes: Mapping[str, Part], seen: set[str]
) -> tuple[Node, ...]:
    found = []
    nexts = links.get(iri, {})
    for each in sorted(nexts, key=lambda each: (nodes[each].date or "", each)):
        repeated = each in seen
        seen.add(each)
        below = () if repeated else _branches(each, links, nodes, seen)
        found.append(_branch(nodes[each], nexts[each], repeated, below))
    return tuple(found)


def _branch(part: Part, basis: str, repeated: bool, children: tuple[Node, ...]) -> Node:
    return Node(
        iri=part.iri,
        kind=part.kind,
        label=part.label,
        status=part.status_phrase,
        date=part.date,
        passages=tuple(
            f"{each.title}, characters {each.start}–{each.end}" for each in part.passages
        ),
        basis=basis,
        repeated=repeated,
        children=children,
    )


def _forest(nodes: tuple[Node, ...], indent: str, evidence: bool) -> Iterator[str]:
    for index, node in enumerate(nodes):
        last = index == len(nodes) - 1
        below = indent + ("   " if last else "│  ")
        yield from _node(node, indent + ("└─ " if last else "├─ "), below, evidence)
        yield from _forest(node.children, below, evidence)


def _node(node: Node, first: str, below: str, evidence: bool) -> Iterator[str]:
    said = [node.kind.replace("-", " "), node.date and a_span(node.date), node.status]
    said += [
        node.basis if node.basis != "stated" else None,
        "shown above" if node.repeated else None,
    ]
    yield f"{first}{node.label}  ({'; '.join(each for each in said if each)})"
    if evidence and not node.repeated:
        bar = below + ("│  " if node.children else "   ")
        shown = node.passages[:3]
        for passage in shown:
            yield f"{bar}§ {passage}"
        if len(node.passages) > len(shown):
            yield f"{bar}§ and {len(node.passages) - len(shown)} passages more"
