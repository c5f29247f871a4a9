"""The shapes, run where they can do no harm.

The shapes of a project may be a stranger's: a rule in SPARQL that never ends, a regular expression
that takes for ever. They run one after another in a confined fork, which says after each what it
found; where one takes too long or too much, the others run without it, and that it does is a
finding of its own.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import pyoxigraph as ox

from peelgraph.namespaces import PEELSH
from peelgraph.sandbox import CannotConfine, Confined, Ended
from peelgraph.validation import core, rules
from peelgraph.validation.finding import Finding
from peelgraph.validation.involved import statements
from peelgraph.validation.merged import Merged
from peelgraph.validation.shapes import Rule, Shapes

#: seconds that all rules together may take, and all core shapes
DEADLINE = 600.0

#: what cannot be run, and what is no shape
UNRUNNABLE = PEELSH + "RuleShape-runs"
UNPLAIN = PEELSH + "RuleShape-plain"
_SELECT = "http://www.w3.org/ns/shacl#select"


@dataclass(frozen=True, slots=True)
class Task:
    """A shape of the core or a rule, and what of the graph it looks at.

    :param within: the named graph that says at which things; ``None`` for all
    :param kept: what it finds in the others, as is known already
    """

    shapes: Shapes
    within: str | None = None
    kept: tuple[Finding, ...] = ()

    @property
    def rule(self) -> Rule | None:
        """The rule; ``None`` for a shape of the core."""
        return self.shapes.rules[0] if self.shapes.rules else None

    @property
    def name(self) -> str:
        """The address of the shape or the rule."""
        return self.rule.iri if self.rule else str(self.shapes.core[0].node)

    def run(self, merged: Merged) -> list[Finding]:
        """Return what it finds."""
        if self.rule is None:
            return [*self.kept, *core.find(merged, self.shapes, self.within)]
        found = [*self.kept, *rules.check(merged.store, self.shapes, self.within)]
        return [
            replace(each, statements=_statements(merged.store, self.rule, each)) for each in found
        ]

    def failed(self, message: str) -> Finding:
        """Return the finding that it cannot be run."""
        if self.rule is None:
            return Finding("violation", UNPLAIN, self.name, message=message)
        return Finding("violation", UNRUNNABLE, self.name, _SELECT, message=message)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a task found, or why it could not be run."""

    task: Task
    findings: tuple[Finding, ...] = ()
    failure: Finding | None = None

    @property
    def told(self) -> tuple[Finding, ...]:
        """The findings, that it could not be run among them."""
        return (*self.findings, *((self.failure,) if self.failure else ()))


def tasks(shapes: Shapes) -> list[Task]:
    """Return a task for each of *shapes*."""
    found = [Task(replace(shapes, core=(each,), rules=())) for each in shapes.core]
    return found + [Task(replace(shapes, core=(), rules=(each,))) for each in shapes.rules]


def run(
    merged: Merged, waiting: Iterable[Task], *, trusted: bool, here: bool = False
) -> Iterator[Outcome]:
    """Run tasks over *merged*, and yield what comes of each.

    :param trusted: the shapes are the shipped ones: the core runs in this process, and rules run
        where no process can be confined, too
    :param here: all of them run in this process
    :raises CannotConfine: they are not trusted, and this system cannot fork
    """
    waiting = list(waiting)
    in_sparql = [each for each in waiting if each.rule and not here]
    running = _Running(merged, in_sparql, trusted=trusted)
    others = [each for each in waiting if here or not each.rule]
    if trusted:
        for task, line in zip(others, _work(merged, others), strict=True):
            yield _read(line, task)
    else:
        yield from _Running(merged, others, trusted=False).outcomes()
    yield from running.outcomes()


class _Running:
    """Tasks, begun at once in a confined fork."""

    def __init__(self, merged: Merged, waiting: Sequence[Task], *, trusted: bool) -> None:
        self._merged, self._waiting = merged, waiting
        self._process: Confined | None = None
        if not waiting:
            return
        try:
            self._process = self._started(waiting)
        except CannotConfine:
            if not trusted:
                raise

    def outcomes(self) -> Iterator[Outcome]:
        """Yield what comes of each."""
        waiting = self._waiting
        if waiting and self._process is None:
            for line in _work(self._merged, waiting):
                yield _read(line, waiting[0])
                waiting = waiting[1:]
        while waiting and self._process is not None:
            try:
                for line in self._process.lines():
                    yield _read(line, waiting[0])
                    waiting = waiting[1:]
            except Ended as error:
                if waiting:
                    message = f"The {_kind(waiting[0])} was stopped. {error}"
                    yield Outcome(waiting[0], failure=_stopped(waiting[0], message))
                    waiting = waiting[1:]
            if waiting:
                self._process = self._started(waiting)

    def _started(self, waiting: Sequence[Task]) -> Confined:
        return Confined(lambda: _work(self._merged, waiting), deadline=DEADLINE)


def _kind(task: Task) -> str:
    return "rule" if task.rule else "shape"


def _stopped(task: Task, message: str) -> Finding:
    return replace(task.failed(message), shape=UNRUNNABLE)


def _work(merged: Merged, waiting: Sequence[Task]) -> Iterator[str]:
    """Yield one line a task: its findings, or why it could not be run."""
    for task in waiting:
        try:
            found = task.run(merged)
        except Exception as error:  # pySHACL fails in many ways on a shape that is none
            yield json.dumps({"failure": _why(task, error)})
        else:
            yield json.dumps({"findings": [asdict(each) for each in found]})


def _why(task: Task, error: Exception) -> str:
    if task.rule is None:
        return f"The shape is not as SHACL wants it: {' '.join(str(error).split())}"
    reason = str(error).strip() if isinstance(error, SyntaxError) else "It failed"
    return f"The query cannot be run: {reason}."


def _statements(store: ox.Store, rule: Rule, finding: Finding) -> tuple[str, ...]:
    value = None if finding.value == finding.focus else finding.value
    return statements(store, rule, finding.focus, value)


def _read(line: str, task: Task) -> Outcome:
    said = json.loads(line)
    if "failure" in said:
        return Outcome(task, failure=task.failed(said["failure"]))
    return Outcome(task, tuple(map(as_finding, said["findings"])))


def as_finding(said: Mapping[str, Any]) -> Finding:
    """Return a finding without places, as ``asdict`` wrote it."""
    return Finding(**{**said, "statements": tuple(said["statements"]), "places": ()})
