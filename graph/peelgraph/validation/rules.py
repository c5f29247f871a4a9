"""The rules in SPARQL, each run once over the whole graph by Oxigraph.

SHACL runs the query of a rule anew for each focus node, with ``$this`` bound to it. Here ``$this``
is left unbound and joined to the targets of the shape, which gives the same rows because every
group of our queries that uses ``$this`` also states something about it.
"""

import re
from collections.abc import Iterator

import pyoxigraph as ox

from peelgraph.namespaces import shorten
from peelgraph.validation.finding import Finding
from peelgraph.validation.merged import classes_of
from peelgraph.validation.reach import Reach, of_query
from peelgraph.validation.shapes import Rule, Shapes
from peelgraph.validation.targets import Classes, targets
from peelgraph.validation.terms import as_text

_WHERE = re.compile(r"\bWHERE\s*\{")
_SELECT = re.compile(r"\bSELECT\b(?!\s+DISTINCT)")
_COMPONENT = "http://www.w3.org/ns/shacl#SPARQLConstraintComponent"
_IN_MESSAGE = re.compile(r"\{[?$](\w+)\}")


def check(store: ox.Store, shapes: Shapes, within: str | None = None) -> Iterator[Finding]:
    """Yield what the rules find wrong in the default graph of *store*.

    :param within: the named graph that says which things to look at; all, if not given
    """
    known = classes_of(store)
    for rule in shapes.rules:
        rows = store.query(whole_graph(rule, known, within))
        assert isinstance(rows, ox.QuerySolutions)
        names = [variable.value for variable in rows.variables]
        for row in rows:
            found = {name: text for name in names if (text := as_text(row[name])) is not None}
            if row["this"] is not None:
                found.setdefault("this", row["this"].value)  # what has no name is looked at, too
                yield Finding(
                    severity=rule.severity,
                    shape=rule.iri,
                    focus=found["this"],
                    path=found.get("path"),
                    value=found.get("value", found["this"]),
                    message=_filled(rule.message, found),
                    term=str(row["value"] if "value" in found else row["this"]),
                    component=_COMPONENT,
                )


def whole_graph(rule: Rule, known: Classes, within: str | None = None) -> str:
    """Return the query of *rule* for all of its focus nodes at once.

    :param known: the classes of the data
    :param within: the named graph that says which things to look at; all, if not given
    """
    prefixes = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in rule.prefixes)
    select = _SELECT.sub("SELECT DISTINCT", rule.select, count=1)
    head, where, body = _split(select)
    target = targets(rule.classes, rule.subjects_of, known, within)
    return f"{prefixes}{head}{where}\n  {target}\n{body}"


def reach(rule: Rule, known: Classes) -> Reach | None:
    """Return how a change reaches what *rule* looks at; ``None`` where that cannot be told."""
    return of_query(whole_graph(rule, known))


def _split(select: str) -> tuple[str, str, str]:
    match = _WHERE.search(select)
    assert match is not None, select
    return select[: match.start()], match.group(), select[match.end() :]


def _filled(message: str, found: dict[str, str]) -> str:
    """Put what was found into the places of a message, in its short form."""
    return _IN_MESSAGE.sub(lambda match: shorten(found.get(match.group(1), "?")), message)
