r"""JSON of which no more than one thing is held at a time, written as ``json.dumps`` writes it.

>>> b"".join(written({"nodes": Each(2, lambda: ({"id": n} for n in range(2)))}))
b'{\n "nodes": [\n  {\n   "id": 0\n  },\n  {\n   "id": 1\n  }\n ]\n}\n'
"""

import json
from collections.abc import Callable, Iterable, Iterator

#: characters that are handed on at a time, or a few more
_PIECE = 1 << 16


class Each(list[object]):
    """A list whose elements are made when they are written.

    :param length: how many there are
    :param elements: makes them
    """

    def __init__(self, length: int, elements: Callable[[], Iterable[object]]) -> None:
        super().__init__()
        self._length = length
        self._elements = elements

    def __len__(self) -> int:
        """Return how many there are."""
        return self._length

    def __iter__(self) -> Iterator[object]:
        """Make them, one after the other."""
        return iter(self._elements())


def written(document: object) -> Iterator[bytes]:
    """Yield a document as JSON, piece by piece."""
    held: list[str] = []
    size = 0
    for part in json.JSONEncoder(ensure_ascii=False, indent=1).iterencode(document):
        held.append(part)
        size += len(part)
        if size >= _PIECE:
            yield "".join(held).encode()
            held, size = [], 0
    yield ("".join(held) + "\n").encode()
