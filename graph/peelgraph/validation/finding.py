"""One thing that a shape found wrong.

>>> finding = Finding("violation", "https://w3id.org/peelgraph/shapes#FindingShape-polarity",
...     "https://w3id.org/peelgraph/id/finding/midshire-2030-plans", message="Add a polarity.")
>>> finding.name, finding.rank
('FindingShape-polarity', 0)
"""

from dataclasses import dataclass
from pathlib import Path

#: the three severities, worst first
SEVERITIES = ("violation", "warning", "info")


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with one thing, by which shape, and what to do.

    ``shape`` is the address of the property shape, of the constraint in SPARQL, or of the node
    shape that speaks; ``focus`` that of the thing. ``path`` and ``value`` say which statement of it
    is meant, where it is one. ``file`` and ``line`` are where the thing is described.
    """

    severity: str
    shape: str
    focus: str
    path: str | None = None
    value: str | None = None
    message: str = ""
    file: Path | None = None
    line: int | None = None

    @property
    def name(self) -> str:
        """The local name of the shape, as its examples and its documentation use it."""
        return self.shape.rpartition("#")[2]

    @property
    def rank(self) -> int:
        """0 for a violation, 1 for a warning, 2 for an info."""
        return SEVERITIES.index(self.severity)

    @property
    def order(self) -> tuple[int, str, int, str, str, str]:
        """The key that sorts findings worst first, then by file and line."""
        place = (str(self.file or ""), self.line or 0)
        return (self.rank, *place, self.focus, self.shape, self.value or "")
