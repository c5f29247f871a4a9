"""How long every lineage question takes in the stores of a worker, as people ask it.

Run as ``python benchmarks/questions.py SNAPSHOT [QUESTION …]``. A question is asked of one force
and gets all that there is, or of the whole country and gets a page of 100 rows; each of its other
parameters narrows the country once. Things are asked about by their names. The force, the item and
all other values are those about which the snapshot says most, so that nothing is measured on what
is hardly there. Times are those of the processor, which other work disturbs less than those of a
clock. :func:`asked` lists all this for whoever measures in another way.
"""

import statistics
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from peelgraph import asking
from peelgraph.engine import Engine, Results
from peelgraph.namespaces import PREFIXES
from peelgraph.questions import Question, names, question
from peelserver.processes.stores import Stores, loaded

#: rows of a page, and a day by which about half of a made-up corpus was public
PAGE, EARLIER = 100, "2020-06-30"
#: how often each is asked: at least so many times, and for so many seconds
TIMES, SECONDS = 3, 0.5

_DAYS = {"on": "2021-06-30", "from": "2019-01-01", "to": "2020-12-31"}
#: what has most to say, by parameter; where questions differ about that, by question and parameter
_MOST = {
    "force": "?x a peel:PoliceForce . ?thing peel:ofForce ?x",
    "theme": "?thing peel:theme ?x",
    "area": "?thing peel:area ?x",
    "programme": "?thing peel:programme ?x",
    "polarity": "?thing peel:polarity ?x",
    "stance": "?thing peel:stance ?x",
    "status": "?period peel:status ?x . ?thing peel:hasPeriod ?period",
    "role": "?thing org:role ?x",
    "body": "?x a peel:LocalPolicingBody . ?thing org:postIn ?x",
    "person": "?thing peel:saidBy ?x . ?x peel:kindToken 'person'",
    "inspection": "?x peel:kindToken 'inspection' . ?thing peel:identifiedIn ?x",
    "concern": "?x peel:kindToken 'cause-of-concern' . ?thing peel:addresses ?x",
    "document": "?thing oa:hasSource ?x",
    "about": "?thing peel:about ?x",
    "thing": "?x peel:kindToken 'cause-of-concern' . ?thing rdf:subject|peel:decides ?x",
    "recurrence item": "?thing peel:earlier|peel:later ?x",
    "progress item": "?thing peel:assesses ?x",
    "responses item": "?thing peel:respondsTo ?x",
    "lineage item": "?x peel:kindToken 'cause-of-concern' . ?x peel:leadsTo+ ?thing",
    "statistics about": "?thing a peel:Statistic ; peel:about ?x",
    "evidence thing": "?x peel:evidence ?thing",
    "mentions thing": "?x a peel:PoliceForce . ?thing peel:respondent|peel:inspects ?x",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as somebody asks it.

    :param manner: ``force``, ``country`` or ``thing``, and what else narrows it: ``country, theme``
    :param limit: rows at most; all, if None
    """

    question: str
    manner: str
    parameters: dict[str, str]
    limit: int | None

    @property
    def aimed_at(self) -> bool:
        """Whether this is one force, one thing or the whole country, and no more is said."""
        return "," not in self.manner


class _Values:
    """What a snapshot says most about."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._found: dict[str, str] = {}

    def of(self, name: str, parameter: str) -> str:
        """Return a value of a question's parameter; none, if the snapshot has none."""
        if parameter in _DAYS:
            return _DAYS[parameter]
        if parameter == "kind":
            return "recommendation"
        pattern = _MOST.get(f"{name} {parameter}") or _MOST[parameter]
        if pattern not in self._found:
            self._found[pattern] = self._most(pattern)
        return self._found[pattern]

    def _most(self, pattern: str) -> str:
        found = self._engine.query(
            f"SELECT ?x (COUNT(?thing) AS ?count) {{ {pattern} }} "
            "GROUP BY ?x ORDER BY DESC(?count) ?x LIMIT 1"
        )
        assert isinstance(found, ox.QuerySolutions)
        return next((row["x"].value for row in found), "")


def asked(engine: Engine, only: tuple[str, ...] = ()) -> list[Asked]:
    """Return every question in every manner, with values that the snapshot of *engine* knows.

    :param only: these questions; all, if empty
    """
    values = _Values(engine)
    return [each for name in only or names() for each in _manners(values, question(name))]


def _manners(values: _Values, of: Question) -> Iterator[Asked]:
    parameters = [each.name for each in of.parameters]
    fixed = {"on": _DAYS["on"]} if "on" in parameters else {}
    required = {each: values.of(of.name, each) for each in of.required}
    starts: list[tuple[str, dict[str, str], int | None]] = []
    if required:
        starts.append(("force" if "force" in required else "thing", required, None))
    else:
        if "force" in parameters:
            starts.append(("force", {"force": values.of(of.name, "force")}, None))
        starts.append(("country", {}, PAGE))
    for manner, given, limit in starts:
        yield Asked(of.name, manner, given | fixed, limit)
        yield Asked(of.name, f"{manner}, known", given | fixed | {"known": EARLIER}, limit)
    manner, given, limit = starts[-1]
    for each in parameters:
        if each not in ("force", "on", "known") and each not in required:
            value = values.of(of.name, each)
            if value:
                yield Asked(of.name, f"{manner}, {each}", given | fixed | {each: value}, limit)


class Held:
    """A snapshot as workers hold it in memory."""

    def __init__(self, stores: Stores, digest: str = "") -> None:
        self._stores = stores
        self.digest = digest

    def query(self, sparql: str) -> Results:
        """Answer one query."""
        return self._stores.of(sparql).query(sparql, prefixes=PREFIXES)


NOTHING = Held(Stores(ox.Store()))


@dataclass(frozen=True, slots=True)
class Took:
    """How many seconds of the processor one question took, written as JSON: the median.

    :param planned: seconds for the same query over nothing, which is reading and planning it
    """

    asked: Asked
    rows: int
    seconds: float
    planned: float


def measure(engine: Engine, each: Asked) -> Took:
    """Ask until the median tells something."""
    prepared = asking.prepare(engine, each.question, each.parameters, limit=each.limit)
    rows = len(asking.answer(engine, prepared).rows)
    return Took(each, rows, _seconds(engine, prepared.sparql), _seconds(NOTHING, prepared.sparql))


def _seconds(engine: Engine, sparql: str) -> float:
    took: list[float] = []
    while len(took) < TIMES or sum(took) < SECONDS:
        started = time.process_time()
        found = engine.query(sparql)
        assert isinstance(found, ox.QuerySolutions)
        found.serialize(format=ox.QueryResultsFormat.JSON)
        took.append(time.process_time() - started)
        if sum(took) > 20 * SECONDS:
            break
    return statistics.median(took)


def main(snapshot: Path, *only: str) -> None:
    """Measure and print, the slowest last."""
    engine = Held(loaded(snapshot), snapshot.name.partition(".")[0])
    found = []
    for each in asked(engine, only):
        found.append(measure(engine, each))
        print(_line(found[-1]), flush=True)
    aimed = [each for each in found if each.asked.aimed_at]
    whole, planned = (
        _ms(statistics.median(getattr(each, name) for each in aimed))
        for name in ("seconds", "planned")
    )
    print(f"\nmedian of {len(aimed)}: {whole} ms, {planned} of them to read and plan")
    print("slowest:")
    for slow in sorted(found, key=lambda each: each.seconds)[-12:]:
        print(_line(slow))


def _line(took: Took) -> str:
    return (
        f"{took.asked.question:16} {took.asked.manner:22} {took.rows:6} rows {_ms(took.seconds)} ms"
        f" ({_ms(took.planned)} to read and plan)"
    )


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:9.1f}"


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
