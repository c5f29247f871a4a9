"""Ask an index: entries that have the words, the best first, with counts for each facet.

All words are wanted. One that stands nowhere is taken as the beginning of one, then as a mistyped
one (``near``). If no entry has all of them, those that have some are found, and the answer says so.
"""

import sqlite3
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from peelgraph.search.near import beginning, near
from peelgraph.search.wanted import Wanted, wanted

#: what can be narrowed by
FACETS = ("kind", "force", "theme", "year")

#: seconds that a search may take
DEADLINE = 2.0

#: marks around the words that were found, in titles and excerpts
OPEN, CLOSE = "\x02", "\x03"

#: how many values of a facet are counted
_VALUES = 60

#: how much the words of a title, other names, the text and its facets count
_WEIGHTS = "10.0, 6.0, 1.0, 2.0"

#: kinds that people look for most come first among what fits alike
_BY_KIND = """CASE kind WHEN 'force' THEN 2.0 WHEN 'cause-of-concern' THEN 1.6
  WHEN 'recommendation' THEN 1.5 WHEN 'area-for-improvement' THEN 1.4 WHEN 'question' THEN 1.3
  WHEN 'document' THEN 1.3 WHEN 'inspection' THEN 1.3 WHEN 'person' THEN 1.3
  WHEN 'recurrence' THEN 0.8 WHEN 'unknown' THEN 0.7 WHEN 'term' THEN 0.8 ELSE 1.0 END"""


class NoIndex(RuntimeError):
    """There is no index, or it cannot be read."""


class TooLong(RuntimeError):
    """A search that took too long and was given up."""


@dataclass(frozen=True, slots=True)
class Hit:
    """An entry: its title and a line of context, with marks around the words that were found."""

    iri: str
    kind: str
    title: str
    names: str
    excerpt: str


@dataclass(frozen=True, slots=True)
class Value:
    """A value of a facet: its label, and how many entries have it beside all else asked for."""

    value: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class Correction:
    """A word or phrase that stands nowhere, and what was looked for in its place, if anything."""

    given: str
    meant: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found.

    :param total: how many entries there are in all
    :param hits: some of them, the best first
    :param facets: what they could be narrowed to
    :param corrections: words that were read as others, or left out
    :param some: whether no entry has all words, so that these have some of them
    """

    total: int
    hits: tuple[Hit, ...]
    facets: dict[str, tuple[Value, ...]]
    corrections: tuple[Correction, ...] = ()
    some: bool = False


@contextmanager
def opened(path: Path, deadline: float = DEADLINE) -> Iterator[sqlite3.Connection]:
    """Open an index to be read for as long as a block.

    :raises NoIndex: it is not there, or is none
    :raises TooLong: the block took longer than it may
    """
    until = time.monotonic() + deadline
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?immutable=1", uri=True)) as index:
            index.execute("PRAGMA query_only = ON")
            index.set_progress_handler(lambda: time.monotonic() > until, 10_000)
            yield index
    except sqlite3.OperationalError as error:
        if str(error) == "interrupted":
            raise TooLong("The search took too long.") from None
        raise NoIndex(str(error)) from None
    except sqlite3.DatabaseError as error:
        raise NoIndex(str(error)) from None


def find(
    index: sqlite3.Connection,
    text: str,
    narrowed: Mapping[str, str] | None = None,
    *,
    limit: int = 20,
    offset: int = 0,
) -> Found:
    """Return what an index has.

    :param text: what a person typed: words, and phrases in quotation marks
    :param narrowed: a value for some of the facets; without any words, they alone decide
    """
    narrowed = narrowed or {}
    asked = wanted(text)
    if not asked and not narrowed:
        return Found(0, (), {})
    if text.strip() and not asked:
        return Found(0, (), {})
    groups, corrections = _read(index, asked)
    some = False
    match = " AND ".join(groups)
    if asked and not groups:
        return Found(0, (), {}, corrections)
    if len(groups) > 1 and not _any(index, match):
        match, some = " OR ".join(groups), True
    total = _count(index, match, narrowed)
    return Found(
        total,
        tuple(_hits(index, match, narrowed, limit, offset)) if total else (),
        {name: _values(index, match, narrowed, name) for name in FACETS},
        corrections,
        some,
    )


def _read(
    index: sqlite3.Connection, asked: tuple[Wanted, ...]
) -> tuple[list[str], tuple[Correction, ...]]:
    """Return what is matched for each word, and what was read as something else."""
    groups, corrections = [], []
    for each in asked:
        if _any(index, each.exactly):
            groups.append(each.exactly)
        elif len(each.words) > 1:
            corrections.append(Correction(f'"{each.given}"', each.words))
            groups.append(_joined(each.words, "AND"))
        elif longer := beginning(index, each.words[0]):
            groups.append(_joined(longer, "OR"))
        else:
            meant = near(index, each.words[0])
            corrections.append(Correction(each.given, tuple(meant)))
            if meant:
                groups.append(_joined(meant, "OR"))
    return groups, tuple(corrections)


def _joined(words: Iterable[str], operator: str) -> str:
    return "(" + f" {operator} ".join(f'"{word}"' for word in words) + ")"


def _any(index: sqlite3.Connection, match: str) -> bool:
    rows = index.execute("SELECT 1 FROM found WHERE found MATCH ? LIMIT 1", (match,))
    return rows.fetchone() is not None


def _where(match: str, narrowed: Mapping[str, str], but: str = "") -> tuple[str, list[str]]:
    """Return the tables and conditions of a search, with what their question marks stand for."""
    conditions, values = [], []
    if match:
        source = "found JOIN entry ON entry.id = found.rowid"
        conditions.append("found MATCH ?")
        values.append(match)
    else:
        source = "entry"
    for name in FACETS:
        if name in narrowed and name != but:
            conditions.append(
                "EXISTS (SELECT 1 FROM facet WHERE facet.entry = entry.id "
                "AND facet.name = ? AND facet.value = ?)"
            )
            values += [name, narrowed[name]]
    return f"{source}{' WHERE ' if conditions else ''}{' AND '.join(conditions)}", values


def _count(index: sqlite3.Connection, match: str, narrowed: Mapping[str, str]) -> int:
    source, values = _where(match, narrowed)
    return int(index.execute(f"SELECT COUNT(*) FROM {source}", values).fetchone()[0])


def _values(
    index: sqlite3.Connection, match: str, narrowed: Mapping[str, str], name: str
) -> tuple[Value, ...]:
    source, values = _where(match, narrowed, but=name)
    order = "counted.value DESC" if name == "year" else "n DESC, counted.value"
    rows = index.execute(
        "SELECT counted.value, COALESCE(label.label, REPLACE(counted.value, '-', ' ')), n FROM ("
        "SELECT facet.value AS value, COUNT(*) AS n FROM facet WHERE facet.name = ? AND "
        f"facet.entry IN (SELECT entry.id FROM {source}) GROUP BY facet.value"
        ") AS counted LEFT JOIN label ON label.name = ? AND label.value = counted.value "
        f"ORDER BY {order} LIMIT ?",
        [name, *values, name, _VALUES],
    )
    return tuple(Value(*row) for row in rows)


def _hits(
    index: sqlite3.Connection, match: str, narrowed: Mapping[str, str], limit: int, offset: int
) -> Iterator[Hit]:
    source, values = _where(match, narrowed)
    order = f"bm25(found, {_WEIGHTS}) * {_BY_KIND}, " if match else ""
    rows = index.execute(
        f"SELECT entry.id FROM {source} ORDER BY {order}entry.title, entry.iri LIMIT ? OFFSET ?",
        [*values, limit, offset],
    )
    for (number,) in rows.fetchall():
        if match:
            row = index.execute(
                "SELECT iri, kind, highlight(found, 0, ?1, ?2), highlight(found, 1, ?1, ?2), "
                "snippet(found, 2, ?1, ?2, '…', 32) "
                "FROM found JOIN entry ON entry.id = found.rowid "
                "WHERE found MATCH ?3 AND found.rowid = ?4",
                (OPEN, CLOSE, match, number),
            ).fetchone()
        else:
            row = index.execute(
                "SELECT iri, kind, title, names, SUBSTR(text, 1, 200) FROM entry WHERE id = ?",
                (number,),
            ).fetchone()
        yield Hit(*row)
