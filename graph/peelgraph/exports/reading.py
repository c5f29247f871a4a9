"""Queries about many things, and only about what documents say that were public by a day."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

import pyoxigraph as ox

from peelgraph.asking import Value, plain
from peelgraph.engine import Engine
from peelgraph.values import day_term

#: how many things one query is asked about
_CHUNK = 500

Row = dict[str, Value]


class Reading:
    """Asks an engine, as known on a day.

    :param known: the day; ``all``, if any
    """

    def __init__(self, engine: Engine, known: str) -> None:
        self.engine = engine
        self.known = known
        self._day = day_term(known)

    def rows(self, query: str) -> Iterator[Row]:
        """Yield the rows of a query, in which ``?askKnown`` stands for the day."""
        found = self.engine.query(query.replace("?askKnown", self._day))
        assert isinstance(found, ox.QuerySolutions)
        names = [variable.value for variable in found.variables]
        for row in found:
            yield {name: plain(term) for name in names if (term := row[name]) is not None}

    def rows_of(self, query: str, iris: Sequence[str]) -> dict[str, list[Row]]:
        """Return the rows of a query by ``?thing``; ``#values`` in it stands for the *iris*."""
        found: dict[str, list[Row]] = defaultdict(list)
        for chunk in chunks(iris):
            for row in self.rows(query.replace("#values", values("thing", chunk))):
                found[str(row["thing"])].append(row)
        return found

    def several(self, iris: Sequence[str], pattern: str) -> dict[str, list[str]]:
        """Return every ``?value`` of a pattern for each of the *iris*, in order."""
        query = f"SELECT DISTINCT ?thing ?value {{\n#values\n{pattern} }}"
        found = self.rows_of(query, iris)
        return {iri: sorted(str(row["value"]) for row in rows) for iri, rows in found.items()}

    def single(self, iris: Sequence[str], pattern: str) -> dict[str, str]:
        """Return the first ``?value`` of a pattern for each of the *iris*."""
        return {iri: found[0] for iri, found in self.several(iris, pattern).items()}

    def known_things(self, pattern: str) -> set[str]:
        """Return every ``?thing`` of a pattern that was known by the day."""
        # of one thing alone, Virtuoso finds no day that is <= another (decision 35)
        rows = self.rows(
            f"SELECT DISTINCT ?thing {{ {pattern} . ?thing peel:kindToken ?kind ; "
            "peel:knownFrom ?day FILTER (!(?day > ?askKnown)) }"
        )
        return {str(row["thing"]) for row in rows}


def chunks(iris: Sequence[str]) -> Iterator[Sequence[str]]:
    """Yield as many of the *iris* at a time as one query is asked about."""
    for start in range(0, len(iris), _CHUNK):
        yield iris[start : start + _CHUNK]


def values(name: str, iris: Iterable[str]) -> str:
    """Return the pattern that a variable is one of the *iris*."""
    return f"VALUES ?{name} {{ {' '.join(str(ox.NamedNode(iri)) for iri in iris)} }}"


def public(name: str) -> str:
    """Return the pattern that a record, named by a variable, was public by the day."""
    return f"?{name} peel:knownFrom ?{name}Day FILTER (?{name}Day <= ?askKnown)"
