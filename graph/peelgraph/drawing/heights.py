"""Where boxes that stand above one another go: each as near its wish as the others let it.

Least squares under an order is isotonic regression; pooling adjacent violators solves it exactly.
"""

from collections.abc import Sequence


def settled(
    wishes: Sequence[float], weights: Sequence[float], steps: Sequence[float]
) -> list[float]:
    """Return places in ascending order, as near the *wishes* as the *steps* between them allow.

    :param wishes: where each would be if it were alone
    :param weights: how much each one's distance from its wish counts, squared
    :param steps: the least distance of each from the one before it; the first does not count

    >>> settled([0, 0], [1, 1], [0, 10])
    [-5.0, 5.0]
    >>> settled([0, 50], [1, 1], [0, 10])
    [0.0, 50.0]
    """
    offsets: list[float] = []
    for step in steps:
        offsets.append(offsets[-1] + step if offsets else 0.0)
    blocks: list[list[float]] = []
    for wish, weight, offset in zip(wishes, weights, offsets, strict=True):
        blocks.append([wish - offset, weight, 1])
        while len(blocks) > 1 and blocks[-2][0] > blocks[-1][0]:
            mean, heavy, many = blocks.pop()
            before = blocks[-1]
            together = before[1] + heavy
            blocks[-1] = [
                (before[0] * before[1] + mean * heavy) / together,
                together,
                before[2] + many,
            ]
    placed = [mean for mean, _, many in blocks for _ in range(int(many))]
    return [place + offset for place, offset in zip(placed, offsets, strict=True)]
