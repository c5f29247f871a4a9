"""Boxes in layers from left to right: their order, their heights, and the ways of links past them.

The method is Sugiyama's: a link over several layers gets a narrow place of its own in each layer
between, so that it never runs through a box; sweeps order every layer by the barycentres of its
neighbours; heights are then settled layer by layer.

Kozo Sugiyama, Shojiro Tagawa, Mitsuhiko Toda: Methods for Visual Understanding of Hierarchical
System Structures. IEEE Transactions on Systems, Man, and Cybernetics 11(2), 1981.
"""

from bisect import bisect_right, insort
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from peelgraph.drawing.heights import settled

#: a box by its name, or the place of a link in a layer by the box it comes from
Place = str | tuple[str, int]

#: heights and distances, in pixels
_WAY, _APART, _NEAR = 10.0, 14.0, 8.0
_SWEEPS, _SETTLINGS = 12, 10


@dataclass(frozen=True, slots=True)
class Layout:
    """Where everything goes.

    :param tops: the top of each box
    :param middles: the height at which links leave, pass or reach each place
    :param ways: for each link, the places that it passes on its way
    :param height: of the whole
    """

    tops: dict[str, float]
    middles: dict[Place, float]
    ways: dict[tuple[str, str], tuple[Place, ...]]
    height: float


def laid_out(
    layers: Sequence[Sequence[str]],
    heights: Mapping[str, float],
    links: Sequence[tuple[str, str]],
) -> Layout:
    """Place the boxes of each layer, in the order that crosses fewest links.

    :param layers: the names of the boxes, from left to right
    :param links: pairs of boxes, the first in a layer left of the second's
    """
    rank = {name: index for index, layer in enumerate(layers) for name in layer}
    order: list[list[Place]] = [list(layer) for layer in layers]
    ways: dict[tuple[str, str], tuple[Place, ...]] = {}
    steps: dict[tuple[Place, Place], None] = {}
    placed: set[Place] = set()
    for start, end in links:
        between = [(start, index) for index in range(rank[start] + 1, rank[end])]
        for place in between:
            if place not in placed:
                placed.add(place)
                order[place[1]].append(place)
        ways[start, end] = tuple(between)
        path: list[Place] = [start, *between, end]
        steps |= dict.fromkeys(pairwise(path))
    before: dict[Place, list[Place]] = {}
    after: dict[Place, list[Place]] = {}
    for left, right in steps:
        after.setdefault(left, []).append(right)
        before.setdefault(right, []).append(left)
    _untangle(order, before, after)
    tall: dict[Place, float] = {
        place: heights[place] if isinstance(place, str) else _WAY
        for layer in order
        for place in layer
    }
    middles = _middles(order, before, after, tall)
    top = min((middles[place] - tall[place] / 2 for place in middles), default=0.0)
    middles = {place: middle - top for place, middle in middles.items()}
    return Layout(
        tops={name: middles[name] - heights[name] / 2 for name in rank},
        middles=middles,
        ways=ways,
        height=max((middles[place] + tall[place] / 2 for place in middles), default=0.0),
    )


def _untangle(
    order: list[list[Place]],
    before: Mapping[Place, Sequence[Place]],
    after: Mapping[Place, Sequence[Place]],
) -> None:
    """Put each layer in the order in which the fewest links cross, as far as sweeping finds it."""
    best, fewest = [list(layer) for layer in order], _crossings(order, after)
    for sweep in range(_SWEEPS):
        if fewest == 0:
            break
        towards = before if sweep % 2 == 0 else after
        for layer in order if sweep % 2 == 0 else reversed(order):
            at = {place: index for each in order for index, place in enumerate(each)}
            centre = {
                place: sum(at[each] for each in towards[place]) / len(towards[place])
                if towards.get(place)
                else float(at[place])
                for place in layer
            }
            layer.sort(key=lambda place: (centre[place], at[place]))
        crossings = _crossings(order, after)
        if crossings < fewest:
            best, fewest = [list(layer) for layer in order], crossings
    order[:] = best


def _crossings(order: Sequence[Sequence[Place]], after: Mapping[Place, Sequence[Place]]) -> int:
    found = 0
    for left, right in pairwise(order):
        at = {place: index for index, place in enumerate(right)}
        ends: list[int] = []
        for place in left:
            mine = [at[each] for each in after.get(place, ())]
            found += sum(len(ends) - bisect_right(ends, end) for end in mine)
            for end in mine:
                insort(ends, end)
    return found


def _middles(
    order: Sequence[Sequence[Place]],
    before: Mapping[Place, Sequence[Place]],
    after: Mapping[Place, Sequence[Place]],
    tall: Mapping[Place, float],
) -> dict[Place, float]:
    """Return the heights of the middles of all places: near their neighbours', never too near."""
    middles: dict[Place, float] = {}
    steps: list[list[float]] = []
    for layer in order:
        apart = [0.0]
        for upper, lower in pairwise(layer):
            boxes = isinstance(upper, str) and isinstance(lower, str)
            apart.append((tall[upper] + tall[lower]) / 2 + (_APART if boxes else _NEAR))
        steps.append(apart)
        down = 0.0
        for place, step in zip(layer, apart, strict=False):
            down += step
            middles[place] = down
    for turn in range(_SETTLINGS):
        both = turn >= _SETTLINGS - 4
        indices = range(len(order)) if turn % 2 == 0 else range(len(order) - 1, -1, -1)
        for index in indices:
            layer = order[index]
            wishes, weights = [], []
            for place in layer:
                left, right = before.get(place, ()), after.get(place, ())
                near = [*left, *right] if both else (left if turn % 2 == 0 else right)
                near = near or [*left, *right]
                wish = sum(middles[each] for each in near) / len(near) if near else middles[place]
                wishes.append(wish)
                weights.append(1.0 if isinstance(place, str) else 4.0)
            placed = settled(wishes, weights, steps[index][: len(layer)])
            middles.update(zip(layer, placed, strict=True))
    return middles
