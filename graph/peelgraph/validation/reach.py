"""Which things a change can matter to: queries that lead from changed statements to focus nodes.

What a shape says of a thing depends on the statements that match the patterns of its query, joined
to that thing. So for each pattern there is a query here that starts from the changed statements
(the graph :data:`CHANGED`) and follows the other patterns of the same group, and of those around
it, to ``?this``. It is asked of what was stated before and what is stated now together: patterns
that hold in one of them hold in both together, so that a query may name a thing too many, never
one too few.

>>> reach = of_query("SELECT ?this { ?this <urn:p> ?x FILTER NOT EXISTS { ?x <urn:q> ?y } }")
>>> [sorted(each.predicates) for each in reach.ways]
[['urn:p'], ['urn:q']]
>>> print(reach.ways[1].query)
SELECT DISTINCT ?this WHERE { GRAPH <urn:peelgraph:changed> { ?x <urn:q> ?y_1 } ?this <urn:p> ?x . }
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, partial
from itertools import count
from typing import Any

from rdflib import BNode, URIRef, Variable
from rdflib.paths import AlternativePath, InvPath, NegatedPath, Path, SequencePath
from rdflib.plugins.sparql.algebra import (
    translatePath,
    translatePName,
    translatePrologue,
    traverse,
)
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.plugins.sparql.parserutils import CompValue, Expr

#: the named graph that holds the changed statements while these queries are asked
CHANGED = "urn:peelgraph:changed"

_THIS = Variable("this")
_PARTS = {"TriplesBlock", "Filter", "Bind", "InlineData", "GroupOrUnionGraphPattern"}
_EXISTS = {"Builtin_EXISTS", "Builtin_NOTEXISTS"}

Pattern = tuple[Any, Any, Any]


@dataclass(frozen=True, slots=True)
class Way:
    """A query from changed statements to focus nodes.

    ``predicates`` are those that a changed statement may have; ``None`` is any. Without a
    ``query`` such a change may matter to every focus node.
    """

    predicates: frozenset[str] | None
    query: str | None

    def is_open(self, changed: frozenset[str]) -> bool:
        """Whether statements with the predicates *changed* can begin it."""
        return bool(changed) and (self.predicates is None or bool(self.predicates & changed))


@dataclass(frozen=True, slots=True)
class Reach:
    """All ways by which a change can matter to what a query finds."""

    ways: tuple[Way, ...]

    def as_object(self) -> list[Any]:
        """Return it as plain values."""
        return [(each.predicates and sorted(each.predicates), each.query) for each in self.ways]

    @classmethod
    def from_object(cls, said: list[Any]) -> "Reach":
        """Return what :meth:`as_object` wrote."""
        return cls(
            tuple(
                Way(None if predicates is None else frozenset(predicates), query)
                for predicates, query in said
            )
        )


class _Untold(Exception):
    """A query of which it cannot be told what depends on what."""


@cache
def of_query(select: str) -> Reach | None:
    """Return how changes reach the ``?this`` of a query; ``None`` where that cannot be told.

    :param select: with its prefixes, and with the pattern of its targets
    """
    try:
        parsed = parseQuery(select)
        prologue = translatePrologue(parsed[0], None)
        query = traverse(parsed[1], visitPost=partial(translatePName, prologue=prologue))
        query = traverse(query, visitPost=translatePath)
        return Reach(tuple(dict.fromkeys(_Reader().read(query))))
    except Exception:  # as above, or _Untold: the whole is asked again
        return None


def of_paths(
    paths: Iterable[str], subjects_of: Iterable[str], values_have_classes: bool = True
) -> Reach | None:
    """Return how changes reach a focus node of a core shape.

    :param paths: the paths that it follows from there, as SPARQL writes them
    :param subjects_of: the properties whose subjects are targets
    """
    found: list[Way] = []
    queries = ["?this a ?class"]
    queries += [f"?this <{each}> ?value" for each in subjects_of]
    for path in paths:
        queries.append(f"?this {path} ?value")
        if values_have_classes:
            queries.append(f"?this {path} ?value . ?value a ?class")
    for each in queries:
        reach = of_query(f"SELECT ?this WHERE {{ {each} }}")
        if reach is None:
            return None
        found += reach.ways
    return Reach(tuple(dict.fromkeys(found)))


class _Reader:
    """Walks the groups of a query."""

    def __init__(self) -> None:
        self._number = count(1)

    def read(self, query: CompValue) -> Iterator[Way]:
        """Yield the ways of a SELECT query."""
        if query.name != "SelectQuery" or query.limitoffset or query.datasetClause:
            raise _Untold
        projected = [each.var for each in query.projection or () if each.var]
        if query.projection and _THIS not in projected:
            raise _Untold
        if query.groupby and _THIS not in query.groupby.condition:
            raise _Untold
        if any(each.name in _EXISTS for part in (query.projection, query.having) if part
               for each in _values(part)):  # fmt: skip
            raise _Untold
        yield from self._group(query.where, (), frozenset())

    def _group(
        self, group: CompValue, outer: tuple[Pattern, ...], given: frozenset[str]
    ) -> Iterator[Way]:
        """Yield the ways from each pattern in a group.

        :param outer: the patterns around it that hold together with it
        :param given: the variables that the surrounding filter fills in
        """
        if group.name != "GroupGraphPatternSub":
            raise _Untold
        parts = list(group.part or ())
        if any(each.name not in _PARTS for each in parts):
            raise _Untold
        own = [triple for each in parts if each.name == "TriplesBlock" for triple in _split(each)]
        for number, triple in enumerate(own):
            around = (*outer, *own[:number], *own[number + 1 :])
            yield from _ways(triple, around)
        together = (*outer, *own)
        known = given | _variables(parts)
        for each in parts:
            if each.name == "GroupOrUnionGraphPattern":
                for arm in each.graph:
                    yield from self._group(arm, together, frozenset())
            elif each.name in ("Filter", "Bind"):
                for value in _outermost_exists(each):
                    inner = self._apart(value.graph, known)
                    yield from self._group(inner, together, known)

    def _apart(self, part: Any, known: frozenset[str]) -> Any:
        """Give a name of its own to each variable of a filter that the group does not have."""
        number = next(self._number)

        def renamed(value: Any) -> Any:
            if isinstance(value, Variable) and str(value) not in known:
                return Variable(f"{value}_{number}")
            return None

        return traverse(part, visitPre=renamed)


def _ways(triple: Pattern, around: Sequence[Pattern]) -> Iterator[Way]:
    """Yield the ways from one pattern: one for each step of its path."""
    subject, predicate, value = triple
    try:
        courses = list(_courses(subject, predicate, value, count()))
    except _Untold:
        yield Way(_predicates(predicate), None)
        return
    for course in courses:
        for number, (start, step, end) in enumerate(course):
            with_it = [*course[:number], *course[number + 1 :], *around]
            names = _names((start, step, end), *with_it)
            steps = None if isinstance(step, Variable) else frozenset((str(step),))
            if "?this" not in names:
                yield Way(steps, None)
                continue
            first = f"GRAPH <{CHANGED}> {{ {_shown(start)} {_shown(step)} {_shown(end)} }}"
            rest = "".join(f" {_shown(s)} {_shown(p)} {_shown(o)} ." for s, p, o in with_it)
            if rest and "?this" in _names((start, step, end)):
                # from the few changed statements, and not to them
                rest = f" FILTER EXISTS {{{rest} }}"
            yield Way(steps, f"SELECT DISTINCT ?this WHERE {{ {first}{rest} }}")


def _courses(subject: Any, path: Any, value: Any, fresh: Iterator[int]) -> Iterator[list[Pattern]]:
    """Yield the single steps that a path can take, each course a list of patterns."""
    if isinstance(path, InvPath):
        yield from _courses(value, path.arg, subject, fresh)
    elif isinstance(path, AlternativePath):
        for arm in path.args:
            yield from _courses(subject, arm, value, fresh)
    elif isinstance(path, SequencePath):
        first, *rest = path.args
        if not rest:
            yield from _courses(subject, first, value, fresh)
            return
        middle = Variable(f"step_{next(fresh)}")
        for begun in _courses(subject, first, middle, fresh):
            for ended in _courses(middle, SequencePath(*rest), value, fresh):
                yield begun + ended
    elif isinstance(path, Path):
        raise _Untold
    else:
        yield [(subject, path, value)]


def _predicates(path: Any) -> frozenset[str] | None:
    """Return the properties of a path; ``None`` if it may be any."""
    if isinstance(path, URIRef):
        return frozenset((str(path),))
    if isinstance(path, NegatedPath) or not isinstance(path, Path):
        return None
    arms = getattr(path, "args", None) or [
        getattr(path, "arg", None) or getattr(path, "path", None)
    ]
    found = [_predicates(each) for each in arms]
    return None if None in found else frozenset().union(*(each for each in found if each))


def _split(block: CompValue) -> Iterator[Pattern]:
    for each in block.triples:
        flat = list(each)
        for at in range(0, len(flat), 3):
            yield flat[at], flat[at + 1], flat[at + 2]


def _shown(term: Any) -> str:
    if isinstance(term, BNode):
        return f"?blank_{term}"
    if isinstance(term, Path):
        return f"({term.n3()})"
    return str(term.n3())


def _names(*patterns: Pattern) -> set[str]:
    return {f"?{each}" for pattern in patterns for each in pattern if isinstance(each, Variable)}


def _values(part: Any) -> Iterator[CompValue]:
    """Yield what a parsed query is made of."""
    if isinstance(part, CompValue | Expr):
        yield part
        for each in part.values():
            yield from _values(each)
    elif isinstance(part, Iterable) and not isinstance(part, str):
        for each in part:
            yield from _values(each)


def _outermost_exists(part: Any) -> Iterator[CompValue]:
    if isinstance(part, CompValue):
        if part.name in _EXISTS:
            yield part
            return
        for each in part.values():
            yield from _outermost_exists(each)
    elif isinstance(part, Iterable) and not isinstance(part, str):
        for each in part:
            yield from _outermost_exists(each)


def _variables(part: Any) -> frozenset[str]:
    """Return the variables of the patterns of a group, without those of its filters."""
    if isinstance(part, Variable):
        return frozenset((str(part),))
    if isinstance(part, CompValue):
        if part.name in _EXISTS:
            return frozenset()
        return frozenset().union(*map(_variables, part.values()))
    if isinstance(part, Iterable) and not isinstance(part, str):
        return frozenset().union(*map(_variables, part))
    return frozenset()
