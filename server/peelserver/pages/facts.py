"""What is said of the things on a page: the question ``facts``, in two short queries.

The question joins each statement with what is said about it: that a document said it later, that
we infer it. Few statements have such a mark. Here the statements are one query and the marks
another, answered side by side, and a page joins the two. The same rows come of both forms, which
a test holds them to; half of the time goes.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from peelgraph import asking
from peelgraph.asking import Value
from peelgraph.engine import Ahead, Engine
from peelgraph.namespaces import PEEL, shorten
from peelgraph.values import ALL

_KNOWN_FROM, _BASIS = PEEL + "knownFrom", PEEL + "basis"

#: what stands in the graph for the sake of queries, or is shown in another way
_LEFT_OUT = "rdf:type, rdfs:label, peel:kindToken, peel:ofForce, peel:leadsTo, peel:evidence"


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing said of another.

    :param value: an IRI, an EDTF expression, a text or a number
    :param why: the reason, where it is inferred
    """

    value: Value
    basis: str
    why: str


@dataclass(slots=True)
class _Marks:
    """What is said about one statement: since when it is known, and what it rests on, and why."""

    known: list[str]
    inferred: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is wanted.

    :param whole: the things of which everything is
    :param listed: the things of which some is
    :param properties: the short names of the properties that are wanted of those
    """

    whole: Sequence[str]
    listed: Sequence[str] = ()
    properties: Collection[str] = ()

    @property
    def every(self) -> Sequence[str]:
        """All the things."""
        return (*self.whole, *self.listed)


def begin(engine: Engine, wanted: Wanted, known: str) -> None:
    """Let an engine that can do so begin with what :func:`facts` will ask."""
    if wanted.every and isinstance(engine, Ahead):
        engine.ahead(_statements(wanted, known))
        engine.ahead(_said_about(wanted.every, known))


def facts(engine: Engine, wanted: Wanted, known: str) -> dict[str, dict[str, list[Fact]]]:
    """Return what is said of each of several things, by the short names of properties.

    :param known: use only documents that were public by this day; ``all``, if not restricted
    """
    if not wanted.every:
        return {}
    said: dict[str, dict[str, list[Value]]] = {}
    names: dict[str, str] = {}
    for thing, predicate, value in _rows(engine, _statements(wanted, known)):
        iri = predicate.value
        name = names.get(iri) or names.setdefault(iri, shorten(iri))
        said.setdefault(thing.value, {}).setdefault(name, []).append(asking.plain(value))
    until = ALL if known == "all" else known
    marks = _marks(engine, _said_about(wanted.every, known))
    found = {}
    for iri, of_thing in said.items():
        if _known(of_thing.pop("peel:knownFrom", ()), until):
            found[iri] = _of_thing(iri, of_thing, marks, until)
    return found


def _of_thing(
    thing: str,
    said: Mapping[str, Sequence[Value]],
    marks: Mapping[tuple[str, str, Value], _Marks],
    until: str,
) -> dict[str, list[Fact]]:
    own = [_token(str(each)) for each in said.get("peel:basis", ())] or ["stated"]
    found: dict[str, list[Fact]] = {}
    for name in said:
        facts: set[Fact] = set()
        for value in said[name]:
            mark = marks.get((thing, name, value))
            if mark is None:
                facts.update(Fact(value, basis, "") for basis in own)
            elif _known(mark.known, until):
                rests = mark.inferred or [(basis, "") for basis in own]
                facts.update(Fact(value, basis, why) for basis, why in rests)
        if facts:
            found[name] = sorted(facts, key=lambda fact: (str(fact.value), fact.basis, fact.why))
    return found


def _known(days: Iterable[Value], until: str) -> bool:
    """Whether one of the days is not after *until*, or there is none."""
    first = min(map(str, days), default="")
    return first <= until


def _marks(engine: Engine, query: str) -> dict[tuple[str, str, Value], _Marks]:
    found: dict[tuple[str, str, Value], _Marks] = {}
    for thing, predicate, value, since, basis, why in _rows(engine, query):
        key = thing.value, shorten(predicate.value), asking.plain(value)
        mark = found.setdefault(key, _Marks([], []))
        if since is not None:
            mark.known.append(since.value)
        if basis is not None:
            mark.inferred.append((_token(basis.value), "" if why is None else why.value))
    return found


def _statements(wanted: Wanted, known: str) -> str:
    """Return the query for the statements; since when things are known counts only on some day."""
    since = {"peel:knownFrom"} if known != "all" else set[str]()
    # what most things have and no page wants is told first, which is quicker
    condition = f"?property NOT IN ({_LEFT_OUT}{'' if since else ', peel:knownFrom'})"
    if wanted.listed:
        some = ", ".join(sorted({*wanted.properties, "peel:basis"} | since))
        whole = ", ".join(str(ox.NamedNode(iri)) for iri in wanted.whole)
        condition += f" && (?property IN ({some}) || ?thing IN ({whole}))"
    return (
        f"SELECT ?thing ?property ?value {{ VALUES ?thing {{ {_terms(wanted.every)} }} "
        f"?thing ?property ?value FILTER ({condition}) }}"
    )


def _said_about(iris: Sequence[str], known: str) -> str:
    """Return the query for the marks; where every document counts, only a basis matters."""
    basis = f"?mark <{_BASIS}> ?basis OPTIONAL {{ ?mark peel:reason ?why }}"
    if known != "all":
        basis = f"OPTIONAL {{ ?mark <{_KNOWN_FROM}> ?known }} OPTIONAL {{ {basis} }}"
    return (
        f"SELECT ?thing ?property ?value ?known ?basis ?why {{ VALUES ?thing {{ {_terms(iris)} }} "
        f"?mark rdf:subject ?thing ; rdf:predicate ?property ; rdf:object ?value . {basis} }}"
    )


def _rows(engine: Engine, sparql: str) -> ox.QuerySolutions:
    found = engine.query(sparql)
    assert isinstance(found, ox.QuerySolutions)
    return found


def _terms(iris: Iterable[str]) -> str:
    return " ".join(str(ox.NamedNode(iri)) for iri in iris)


def _token(basis: str) -> str:
    return basis.rpartition("/scheme/basis/")[2]
