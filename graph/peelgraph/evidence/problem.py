"""Something wrong in a file, said so that a person can go there and mend it.

>>> print(Problem(Path("a.ttl"), 3, "The passage ends before it starts."))
a.ttl:3: The passage ends before it starts.
>>> print(Problem(Path("a.toml"), None, "There is no manifest."))
a.toml: There is no manifest.
"""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, with its place. Lines and columns count from 1."""

    file: Path
    line: int | None
    message: str
    column: int | None = None

    def __str__(self) -> str:
        """Return the place and the message, as compilers print them."""
        place = [str(self.file), *(str(n) for n in (self.line, self.column) if n is not None)]
        return f"{':'.join(place)}: {self.message}"


class Unreadable(Exception):
    """A file cannot be read at all: it is missing, not UTF-8 or not Turtle."""

    def __init__(self, problem: Problem) -> None:
        """Keep the *problem* that says which file, where and why."""
        super().__init__(str(problem))
        self.problem = problem
