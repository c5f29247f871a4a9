"""Who held office: the question ``office-holders`` about one force, by a short query.

The question looks at every time in office that there is before it comes to the force; here the
force comes first. The same rows come of both forms, which a test holds them to.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import pyoxigraph as ox

from peelgraph import edtf
from peelgraph.asking import Value
from peelgraph.engine import Ahead, Engine
from peelgraph.namespaces import shorten
from peelgraph.values import day_term
from peelserver.pages.moment import Moment
from peelserver.pages.standing import Row


@dataclass(slots=True)
class _Tenure:
    """One time in office; dates are EDTF.

    :param single: whether one person holds the office at a time
    """

    office: str
    person: str
    single: bool
    dates: dict[str, set[str]] = field(default_factory=dict)

    def bounds(self, name: str) -> list[tuple[str, str]]:
        """Return the first and the last day of each date that has both, in order."""
        spans = map(edtf.parse, self.dates.get(name, ()))
        return sorted(
            (each.earliest.isoformat(), each.latest.isoformat())
            for each in spans
            if each.earliest and each.latest
        )


def begin(engine: Engine, force: str, moment: Moment) -> None:
    """Let an engine that can do so begin with what :func:`holders` will ask."""
    if isinstance(engine, Ahead):
        engine.ahead(_of_force(force, moment.known))


def holders(engine: Engine, force: str, moment: Moment) -> list[Row]:
    """Return the rows of the question, with the columns that the page shows."""
    tenures = _tenures(engine, force, moment.known)
    found = [row for each in tenures for row in _rows(each, tenures, moment.on)]
    return sorted(found, key=lambda row: [str(row.get(key, "")) for key in _ORDER])


_ORDER = ("office", "firstAttested", "person")


def _rows(it: _Tenure, tenures: Sequence[_Tenure], on: str) -> Iterator[Row]:
    shown = it.bounds("peel:attestedOn")
    first, last = (shown[0][0], max(day for _, day in shown)) if shown else ("", "")
    others = [other for other in tenures if other.office == it.office and other.person != it.person]
    followed = any(
        last < day <= on for other in others for _, day in other.bounds("peel:attestedOn")
    )
    ended = [day for _, day in it.bounds("peel:ended")]
    if first > on or (it.single and last and followed) or (ended and max(ended) < on):
        return
    row: dict[str, Value] = {"person": it.person, "office": it.office}
    row |= {"firstAttested": first, "lastAttested": last} if shown else {}
    row["basis"] = "stated" if on <= last else "presumed"
    for began in sorted(it.dates.get("peel:began", {""})):
        for end in sorted(it.dates.get("peel:ended", {""})):
            yield row | {key: day for key, day in (("began", began), ("ended", end)) if day}


def _tenures(engine: Engine, force: str, known: str) -> list[_Tenure]:
    rows = engine.query(_of_force(force, known))
    assert isinstance(rows, ox.QuerySolutions)
    found: dict[str, _Tenure] = {}
    for tenure, office, person, single, name, date in rows:
        held = _Tenure(office.value, person.value, single is not None)
        it = found.setdefault(tenure.value, held)
        if date is not None:
            it.dates.setdefault(shorten(name.value), set()).add(date.value)
    return list(found.values())


def _of_force(force: str, known: str) -> str:
    until = day_term(known)
    return f"""SELECT ?tenure ?office ?person ?single ?name ?date {{
  ?office peel:ofForce {ox.NamedNode(force)} ; org:role ?role .
  ?tenure peel:office ?office ; org:member ?person ; peel:knownFrom ?from FILTER (?from <= {until})
  OPTIONAL {{ ?role peel:singleHolder ?single }}
  OPTIONAL {{ ?tenure ?name ?date FILTER (?name IN (peel:attestedOn, peel:began, peel:ended)) }}
  OPTIONAL {{ ?mark rdf:subject ?tenure ; rdf:predicate ?name ; rdf:object ?date ;
    peel:knownFrom ?said }}
  FILTER (COALESCE(?said <= {until}, true)) }}"""
