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
class Place:
    """Where something stands in a file: line and column from 1, the end exclusive.

    What is wrong with a file as a whole has no line; what was not located has no column.
    """

    file: Path
    line: int | None = None
    column: int | None = None
    end_line: int | None = None
    end_column: int | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with one thing, by which shape, and what to do.

    ``shape`` is the address of the property shape, of the constraint in SPARQL, or of the node
    shape that speaks; ``focus`` that of the thing, and ``label`` what people call it. ``path`` and
    ``value`` say which statement of it is meant, where it is one; ``term`` is the value as Turtle
    writes it, and ``component`` the address of the kind of constraint that is broken. ``route`` is
    a path that is not a single property, as SPARQL writes it. ``statements`` are all that a rule
    over the whole graph found at odds, as N-Triples; ``places`` are where they stand in the files,
    the one to look at first.
    """

    severity: str
    shape: str
    focus: str
    path: str | None = None
    value: str | None = None
    message: str = ""
    label: str | None = None
    term: str | None = None
    component: str | None = None
    route: str | None = None
    statements: tuple[str, ...] = ()
    places: tuple[Place, ...] = ()

    @property
    def file(self) -> Path | None:
        """The file to look at first."""
        return self.places[0].file if self.places else None

    @property
    def line(self) -> int | None:
        """The line of that file, from 1."""
        return self.places[0].line if self.places else None

    @property
    def column(self) -> int | None:
        """The column of that line, from 1, in characters."""
        return self.places[0].column if self.places else None

    @property
    def name(self) -> str:
        """The local name of the shape, as its examples and its documentation use it."""
        return self.shape.rpartition("#")[2]

    @property
    def rank(self) -> int:
        """0 for a violation, 1 for a warning, 2 for an info."""
        return SEVERITIES.index(self.severity)

    @property
    def order(self) -> tuple[str | int, ...]:
        """The key that sorts findings worst first, then by file and line."""
        place = (str(self.file or ""), self.line or 0, self.column or 0)
        said = (self.path or "", self.term or "", self.component or "")
        return (self.rank, *place, self.focus, self.shape, self.value or "", self.message, *said)


@dataclass(frozen=True, slots=True)
class Examination:
    """What a validation found, worst first, and how much it looked at."""

    findings: tuple[Finding, ...]
    paths: tuple[Path, ...]
    triples: int
    #: the shape that each constraint in SPARQL belongs to
    owners: dict[str, str]

    @property
    def files(self) -> int:
        """How many files could be read."""
        return len(self.paths)

    @property
    def unreadable(self) -> tuple[Finding, ...]:
        """The findings about files of which nothing else could be checked."""
        return tuple(each for each in self.findings if each.name.startswith("FileShape-"))
