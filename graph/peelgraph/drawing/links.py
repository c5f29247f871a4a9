"""The lines between boxes: which there are, how they look, and how they order boxes in layers."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from peelgraph.drawing.folding import Box
from peelgraph.lineage import TELLS_OF, Lineage
from peelgraph.paths import turning_back
from peelgraph.said import REPORTS_ON


@dataclass(frozen=True, slots=True)
class Link:
    """A line between two boxes.

    :param ends: the boxes, the left one first
    :param backwards: it leads from the right one to the left one
    :param paint: the class of the line
    :param arrow: it has an arrow where it leads to
    :param words: what is written at it
    """

    ends: tuple[str, str]
    backwards: bool
    paint: str
    arrow: bool
    words: str


def links(lineage: Lineage, boxes: Sequence[Box]) -> tuple[Link, ...]:
    """Return the lines between the boxes of a lineage: one for each pair and direction."""
    holder = {node.iri: box.name for box in boxes for node in box.nodes}
    columns = {box.name: box.column for box in boxes}
    bases: dict[tuple[str, str], set[str]] = {}
    telling: set[tuple[str, str]] = set()
    for edge in lineage.edges:
        pair = holder[edge.start], holder[edge.end]
        if edge.shortcut or pair[0] == pair[1]:
            continue
        if edge.relation == REPORTS_ON:
            pair = pair[1], pair[0]
        if edge.relation in (REPORTS_ON, TELLS_OF):
            telling.add(pair)
        bases.setdefault(pair, set()).add(edge.basis)
    back = _backwards(bases, columns)
    return tuple(
        Link(
            ends=pair[::-1] if pair in back else pair,
            backwards=pair in back,
            paint=_paint(found, pair in telling),
            arrow=pair not in telling,
            words=_words(found),
        )
        for pair, found in sorted(bases.items())
        if pair not in back or pair[::-1] not in bases
    )


def ranks(boxes: Sequence[Box], lines: Iterable[Link]) -> list[list[str]]:
    """Return the boxes in layers; a column is several where its things lead to one another."""
    columns = {box.name: box.column for box in boxes}
    inside: dict[str, list[str]] = {}
    for link in lines:
        left, right = link.ends
        if columns[left] == columns[right]:
            inside.setdefault(right, []).append(left)
    depths: dict[str, int] = {}

    def depth(name: str) -> int:
        waiting = [name]
        while waiting:
            top = waiting[-1]
            unknown = [each for each in inside.get(top, ()) if each not in depths]
            if unknown:
                waiting += unknown
                continue
            depths[waiting.pop()] = 1 + max(
                (depths[each] for each in inside.get(top, ())), default=-1
            )
        return depths[name]

    layers: dict[tuple[int, int], list[str]] = {}
    for box in boxes:
        layers.setdefault((box.column, depth(box.name)), []).append(box.name)
    return [layers[key] for key in sorted(layers)]


def _backwards(
    pairs: Iterable[tuple[str, str]], columns: Mapping[str, int]
) -> set[tuple[str, str]]:
    """Return the pairs that lead from right to left, or would close a circle in a column."""
    inside: dict[str, list[str]] = {}
    found = set()
    for start, end in sorted(pairs):
        if columns[start] == columns[end]:
            inside.setdefault(start, []).append(end)
        elif columns[start] > columns[end]:
            found.add((start, end))
    return found | turning_back(inside)


def _paint(bases: set[str], telling: bool) -> str:
    if telling:
        return "pic-thin"
    return "pic-edge" if "stated" in bases else "pic-dash"


def _words(bases: set[str]) -> str:
    """Return what is said of links that are not stated, or not all.

    >>> _words({"stated"}), _words({"inferred"}), _words({"inferred", "stated"})
    ('', 'inferred', 'in part inferred')
    """
    weak = sorted(bases - {"stated"})
    return ("in part " if weak and "stated" in bases else "") + " or ".join(weak)
