"""The rules in SPARQL, run where they can do no harm.

The rules of a project may be a stranger's. They run one after another in a confined fork, which
says after each what it found; where one takes too long or too much, the others run without it, and
that it does is a finding of its own.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict, replace

import pyoxigraph as ox

from peelgraph.namespaces import PEELSH
from peelgraph.sandbox import CannotConfine, Confined, Ended
from peelgraph.validation import rules
from peelgraph.validation.finding import Finding
from peelgraph.validation.involved import statements
from peelgraph.validation.shapes import Rule, Shapes

#: seconds that all rules together may take
DEADLINE = 600.0

#: the rules that cannot be run
UNRUNNABLE = PEELSH + "RuleShape-runs"


class Running:
    """The rules of *shapes*, begun at once over the default graph of *store*.

    :param deadline: seconds that they may take; :data:`DEADLINE`, if None
    :param trusted: they are the shipped ones, which run where no process can be confined, too
    """

    def __init__(
        self,
        store: ox.Store,
        shapes: Shapes,
        *,
        deadline: float | None = None,
        trusted: bool = False,
    ) -> None:
        self._store, self._shapes, self._deadline = store, shapes, deadline or DEADLINE
        self._here = False
        try:
            self._process = self._started(shapes.rules)
        except CannotConfine:
            if not trusted:
                raise
            self._here = True

    def findings(self) -> Iterator[Finding]:
        """Yield what the rules find, and the rules that could not be run."""
        waiting = self._shapes.rules
        if self._here:
            for line in _work(self._store, self._shapes, waiting):
                yield from _read(line, waiting[0])
                waiting = waiting[1:]
        while waiting:
            try:
                for line in self._process.lines():
                    yield from _read(line, waiting[0])
                    waiting = waiting[1:]
            except Ended as error:
                if waiting:
                    yield unrunnable(waiting[0], f"The rule was stopped. {error}")
                    waiting = waiting[1:]
            if waiting:
                self._process = self._started(waiting)

    def _started(self, waiting: tuple[Rule, ...]) -> Confined:
        store, shapes = self._store, self._shapes
        return Confined(lambda: _work(store, shapes, waiting), deadline=self._deadline)


def unrunnable(rule: Rule, message: str) -> Finding:
    """Return the finding that a rule cannot be run."""
    path = "http://www.w3.org/ns/shacl#select"
    return Finding("violation", UNRUNNABLE, rule.iri, path, message=message)


def _work(store: ox.Store, shapes: Shapes, waiting: tuple[Rule, ...]) -> Iterator[str]:
    """Yield one line a rule: its findings, or why it could not be run."""
    for rule in waiting:
        try:
            found = [
                asdict(replace(each, statements=_statements(store, rule, each)))
                for each in rules.check(store, replace(shapes, rules=(rule,)))
            ]
        except (SyntaxError, ValueError, OSError, AssertionError) as error:
            reason = str(error).strip() if isinstance(error, SyntaxError) else "It failed"
            yield json.dumps({"unrunnable": f"The query cannot be run: {reason}."})
        else:
            yield json.dumps({"findings": found})


def _statements(store: ox.Store, rule: Rule, finding: Finding) -> tuple[str, ...]:
    value = None if finding.value == finding.focus else finding.value
    return statements(store, rule, finding.focus, value)


def _read(line: str, rule: Rule) -> Iterator[Finding]:
    said = json.loads(line)
    if "unrunnable" in said:
        yield unrunnable(rule, said["unrunnable"])
    for each in said.get("findings", ()):
        yield Finding(**each | {"statements": tuple(each["statements"]), "places": ()})
