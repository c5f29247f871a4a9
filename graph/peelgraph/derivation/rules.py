"""The rules: CONSTRUCT queries that derive what no document needs to say.

A rule is a ``.rq`` file whose header is TOML behind ``#+``. Rules run in the order of their names
over the default graph; one that ``repeats`` runs until it finds nothing new.
"""

import re
import tomllib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

_PLACE = re.compile(r"^error at (\d+):\d+: ")


class RuleError(ValueError):
    """A rule that cannot be read or run."""

    def __init__(self, path: Path, line: int | None, message: str) -> None:
        """Keep the place of the fault."""
        super().__init__(message)
        self.path, self.line = path, line


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: what it says in words, and in SPARQL."""

    path: Path
    summary: str
    repeats: bool
    sparql: str


def read(folder: Path) -> list[Rule]:
    """Return the rules in *folder*, in order.

    :raises RuleError: a header is missing or is no TOML
    """
    return [_read(path) for path in sorted(folder.glob("*.rq"))]


def _read(path: Path) -> Rule:
    text = path.read_text(encoding="utf-8")
    header = [line[2:].strip() for line in text.splitlines() if line.startswith("#+")]
    try:
        said = tomllib.loads("\n".join(header))
    except tomllib.TOMLDecodeError as error:
        raise RuleError(path, 1, f"The header is not TOML: {error}.") from None
    summary = said.get("summary")
    if not isinstance(summary, str) or not summary:
        raise RuleError(path, 1, 'The header needs a line #+ summary = "…".')
    return Rule(path, summary, said.get("repeats") is True, text)


def run(store: ox.Store, rule: Rule, add: Callable[[Iterable[ox.Triple]], int]) -> int:
    """Run one rule over the default graph and return how many triples it added.

    :param add: puts triples into the store and returns how many of them were new
    :raises RuleError: the rule does not parse, or is no CONSTRUCT
    """
    total = 0
    while True:
        try:
            found = store.query(rule.sparql)
        except SyntaxError as error:
            place = _PLACE.search(str(error))
            message = f"The rule does not parse: {_PLACE.sub('', str(error)).strip()}"
            raise RuleError(rule.path, int(place[1]) if place else None, message) from None
        if not isinstance(found, ox.QueryTriples):
            raise RuleError(rule.path, None, "A rule is a CONSTRUCT query.")
        new = add(found)
        total += new
        if not (rule.repeats and new):
            return total
