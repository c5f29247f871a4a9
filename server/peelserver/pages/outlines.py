"""Every item on a day, in outline: how it stands, and what a table of items is narrowed by.

The outline of a whole country is small enough for one answer; all else that a table shows is asked
of the items on one page of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from string import Template

import pyoxigraph as ox

from peelgraph.engine import Ahead, Engine
from peelgraph.values import day_term
from peelserver.pages import standing
from peelserver.pages.moment import Moment

_KINDS = " ".join(map(str, map(ox.Literal, standing.ITEMS)))

#: the rows of the question ``status``, and those of what was not yet raised, with few columns
_STANDINGS = """SELECT ?item ?kind ?force ?status ?raised ?by {
  ?standing peel:standingOf ?item ; peel:knownFrom ?from ; peel:knownUntil ?until ;
    peel:hasPeriod ?period FILTER (?from <= $known && $known < ?until)
  ?period peel:status ?status ; peel:from ?begins ; peel:until ?ends
  FILTER (?begins <= $on && $on < ?ends)
  ?item peel:ofForce ?force ; peel:kindToken ?kind
  OPTIONAL { ?standing peel:raisedEarliest ?raised }
  OPTIONAL { ?standing peel:raisedLatest ?by }
}"""

#: the rows of the question ``themes``
_THEMES = f"""SELECT DISTINCT ?item ?theme {{ VALUES ?kind {{ {_KINDS} }}
  ?item peel:kindToken ?kind ; peel:theme ?theme $public}}"""
_PUBLIC = """; peel:knownFrom ?from FILTER (?from <= $known)
  OPTIONAL { ?mark rdf:subject ?item ; rdf:predicate peel:theme ; rdf:object ?theme ;
    peel:knownFrom ?said } FILTER (COALESCE(?said <= $known, true)) """


@dataclass(frozen=True, slots=True)
class Outline:
    """One item, and against which force.

    :param keys: by condition (``force``, ``kind``, ``theme``, ``status``) what it meets
    """

    item: str
    force: str
    keys: Mapping[str, frozenset[str]]

    @property
    def status(self) -> str:
        """Its status, without its scheme."""
        [found] = self.keys["status"]
        return found


def outlines(engine: Engine, moment: Moment) -> list[Outline]:
    """Return every item as it stood: those raised in the order of the question, then the others."""
    asked = [_at(_STANDINGS, moment), _at(_THEMES, moment)]
    if isinstance(engine, Ahead):
        for query in asked:
            engine.ahead(query)
    themes: dict[str, set[str]] = {}
    for item, theme in _rows(engine, asked[1]):
        themes.setdefault(item, set()).add(_slug(theme))
    found = []
    for item, kind, force, status, raised, by in _rows(engine, asked[0]):
        keys = {
            "force": frozenset((_slug(force),)),
            "kind": frozenset((kind,)),
            "status": frozenset((_slug(status),)),
            "theme": frozenset(themes.get(item, ())),
        }
        later = _slug(status) == "not-yet-raised"
        found.append(((later, force, raised, by, item), Outline(item, force, keys)))
    return [outline for _, outline in sorted(found, key=lambda each: each[0])]


def _at(query: str, moment: Moment) -> str:
    days = {"known": day_term(moment.known), "on": day_term(moment.on)}
    public = "" if moment.known == "all" else Template(_PUBLIC).substitute(days)
    return Template(query).substitute(days, public=public)


def _rows(engine: Engine, sparql: str) -> list[list[str]]:
    rows = engine.query(sparql)
    assert isinstance(rows, ox.QuerySolutions)
    return [["" if term is None else term.value for term in row] for row in rows]


def _slug(iri: str) -> str:
    return iri.rpartition("/")[2]
