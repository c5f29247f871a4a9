"""The rules: CONSTRUCT queries that derive what no document needs to say.

A rule is a ``.rq`` file whose header is TOML behind ``#+``. Rules run in the order of their names
over the default graph; one that ``repeats`` runs until it finds nothing new.
"""

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from peelgraph.resources import SHIPPED
from peelgraph.sandbox import CannotConfine, Confined, Ended
from peelgraph.sparqlwords import reaches_out

#: seconds that a rule of somebody else's project may take
DEADLINE = 600.0

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
        shipped = rule.path.is_relative_to(SHIPPED.root)
        new = add(_constructed(store, rule) if shipped else _confined(store, rule))
        total += new
        if not (rule.repeats and new):
            return total


def _constructed(store: ox.Store, rule: Rule) -> Iterable[ox.Triple]:
    try:
        found = store.query(rule.sparql)
    except SyntaxError as error:
        place = _PLACE.search(str(error))
        message = f"The rule does not parse: {_PLACE.sub('', str(error)).strip()}"
        raise RuleError(rule.path, int(place[1]) if place else None, message) from None
    if not isinstance(found, ox.QueryTriples):
        raise RuleError(rule.path, None, "A rule is a CONSTRUCT query.")
    return found


def _confined(store: ox.Store, rule: Rule) -> Iterable[ox.Triple]:
    """Return what the rule of somebody else's project finds, run where it can do no harm."""
    if (word := reaches_out(rule.sparql)) is not None:
        message = f"The rule reaches out of the graph with {word}, and is not run."
        raise RuleError(rule.path, None, message)
    try:
        lines = list(Confined(lambda: _told(store, rule), deadline=DEADLINE).lines())
    except (CannotConfine, Ended) as error:
        raise RuleError(rule.path, None, f"The rule was not run to its end. {error}") from None
    if lines and not lines[-1].startswith(("<", "_:")):
        line, _, message = lines[-1].partition(" ")
        raise RuleError(rule.path, int(line) or None, message)
    text = "\n".join(lines)
    return [quad.triple for quad in ox.parse(text, format=ox.RdfFormat.N_TRIPLES)]


def _told(store: ox.Store, rule: Rule) -> Iterator[str]:
    """Yield the triples as lines; or a line number (0 for none) and what is wrong."""
    try:
        for triple in _constructed(store, rule):
            yield f"{triple} ."
    except RuleError as error:
        yield f"{error.line or 0} {' '.join(str(error).split())}"
