"""The statements that a rule found at odds: what its query matched, beside what it returned.

A query in SPARQL returns the thing at fault and perhaps a value. Which statements made it speak is
in its graph patterns, so these are filled with each solution. What a rule misses (``NOT EXISTS``)
is no statement.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from heapq import nsmallest
from typing import Any

import pyoxigraph as ox
from rdflib import URIRef, Variable
from rdflib.paths import AlternativePath, InvPath, MulPath, SequencePath
from rdflib.plugins.sparql import prepareQuery

from peelgraph.validation.shapes import Rule
from peelgraph.validation.terms import as_text

#: solutions of one finding that are told, and statements that one finding names, at most
_SOLUTIONS, _MOST = 20, 40
_HEAD = re.compile(r"\bSELECT\b.*?\bWHERE\s*\{", re.DOTALL | re.IGNORECASE)
_DEFAULT = ox.DefaultGraph()


def statements(store: ox.Store, rule: Rule, focus: str, value: str | None) -> tuple[str, ...]:
    """Return, as N-Triples, the statements of *store* that made *rule* speak about *focus*.

    :param value: what the rule returned as the value, if anything
    """
    found: dict[str, None] = {}
    patterns = _patterns(rule)
    for solution in _solutions(store, rule, focus, value):
        for subject, path, target in patterns:
            walked = _walk(store, _bound(subject, solution), path, _bound(target, solution))
            found.update(dict.fromkeys(sorted(map(str, walked))))
        if len(found) > _MOST:
            break
    return tuple(found)[:_MOST]


def _solutions(
    store: ox.Store, rule: Rule, focus: str, value: str | None
) -> Iterator[dict[str, Any]]:
    """Yield the solutions of the rule's pattern for one focus, every variable among them."""
    match = _HEAD.search(rule.select)
    if match is None or ":" not in focus:
        return
    prefixes = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in rule.prefixes)
    body = rule.select[match.end() : rule.select.rindex("}")]
    query = f"{prefixes}SELECT * WHERE {{ VALUES ?this {{ {ox.NamedNode(focus)} }} {body} }}"
    try:
        rows = store.query(query)
    except (SyntaxError, ValueError, OSError):
        return
    assert isinstance(rows, ox.QuerySolutions)
    names = [variable.value for variable in rows.variables]
    solutions = ({name: row[name] for name in names if row[name] is not None} for row in rows)
    fitting = (
        each for each in solutions if value is None or as_text(each.get("value")) in (value, None)
    )
    # the same ones, in whatever order the engine has them
    yield from nsmallest(_SOLUTIONS, fitting, key=lambda each: [str(each.get(n)) for n in names])


@cache
def _patterns(rule: Rule) -> tuple[tuple[Any, Any, Any], ...]:
    """Return the triple patterns of a rule that are not negated."""
    prefixes = dict(rule.prefixes)
    try:
        algebra = prepareQuery(rule.select, initNs=prefixes).algebra
    except Exception:  # rdflib reads less than Oxigraph, and says so in many ways
        return ()
    return tuple(_of(algebra))


def _of(part: Any) -> Iterator[tuple[Any, Any, Any]]:
    if getattr(part, "name", "") == "BGP":
        yield from part.triples
    elif isinstance(part, dict) and "NOTEXISTS" not in str(getattr(part, "name", "")):
        for each in part.values():
            yield from _of(each)


def _bound(term: Any, solution: dict[str, Any]) -> Any:
    if isinstance(term, Variable):
        return solution.get(str(term))
    return ox.NamedNode(str(term)) if isinstance(term, URIRef) else None


def _walk(store: ox.Store, subject: Any, path: Any, target: Any) -> Iterable[ox.Triple]:
    """Return the statements by which *path* leads from *subject* to *target*; None is anything."""
    if isinstance(subject, ox.Literal) or (subject is None and target is None):
        return ()
    if isinstance(path, Variable):
        return _matching(store, subject, None, target) if subject and target else ()
    if isinstance(path, URIRef):
        return _matching(store, subject, ox.NamedNode(str(path)), target)
    if isinstance(path, InvPath):
        return _walk(store, target, path.arg, subject)
    if isinstance(path, AlternativePath):
        return [each for arm in path.args for each in _walk(store, subject, arm, target)]
    if isinstance(path, MulPath):
        return _walk(store, subject, path.path, target)
    if isinstance(path, SequencePath):
        return _in_sequence(store, subject, list(path.args), target)
    return ()


def _in_sequence(store: ox.Store, subject: Any, steps: list[Any], target: Any) -> list[ox.Triple]:
    if len(steps) == 1:
        return list(_walk(store, subject, steps[0], target))
    found: list[ox.Triple] = []
    for first in _walk(store, subject, steps[0], None) if subject else ():
        middle = first.subject if isinstance(steps[0], InvPath) else first.object
        if rest := _in_sequence(store, middle, steps[1:], target):
            found += [first, *rest]
    return found


def _matching(store: ox.Store, subject: Any, predicate: Any, target: Any) -> list[ox.Triple]:
    return [quad.triple for quad in store.quads_for_pattern(subject, predicate, target, _DEFAULT)]
