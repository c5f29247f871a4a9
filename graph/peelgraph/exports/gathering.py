"""Reads a part of the graph into the model.

Which things: what was chosen, what led to it and what came of it, never sideways; then the links
among these. With ``known``, what only later documents say is left out, as in the questions.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import pyoxigraph as ox

from peelgraph import asking, edtf
from peelgraph.asking import Value, plain
from peelgraph.engine import Engine
from peelgraph.exports import palette
from peelgraph.exports.model import RELATIONS, Edge, Export, Node, Period
from peelgraph.exports.scope import Scope
from peelgraph.namespaces import ID, shorten
from peelgraph.values import BadValue, day_term

#: how many things one query is asked about
_CHUNK = 500

#: the day before which, and from which, nothing is known to change
_FIRST, _LAST = "0001-01-01", "9999-12-31"

_Row = dict[str, Value]


class TooMuch(BadValue):
    """More things than are exported at once."""


def gather(engine: Engine, scope: Scope, *, most: int | None = None) -> Export:
    """Return the part of the graph that *scope* chooses.

    :param most: how many things there may be; any number, if None
    :raises TooMuch: there are more; says what to do
    :raises BadValue: the item was not yet known by the day; says so
    """
    reader = _Reader(engine, scope)
    links = reader.links()
    things = {iri for link in links for iri in (link.earlier, link.later)} | reader.chosen
    if most is not None and len(things) > most:
        raise TooMuch(
            f"These are {len(things)} things, more than the {most} that are exported at once here. "
            "Choose an item, a force or a theme, or use the command peelgraph export."
        )
    whole = _bounded({node.iri: node for node in reader.nodes(sorted(things))}, links)
    kinds = scope.kinds
    nodes = {iri: node for iri, node in whole.items() if not kinds or node.kind in kinds}
    edges = [edge for link in links if (edge := _edge(link, nodes)) is not None]
    return Export(
        title=title(engine, scope),
        snapshot=engine.digest,
        on=scope.on,
        known=scope.known,
        asked=scope.options,
        nodes=tuple(sorted(nodes.values(), key=lambda node: node.id)),
        edges=tuple(sorted(edges, key=lambda edge: (edge.source, edge.target, edge.relation))),
        force=scope.iri if scope.part == "force" else None,
        item=scope.iri if scope.part == "item" else None,
    )


@dataclass(frozen=True, slots=True)
class _Link:
    """A link as the records have it; a recurrence has an IRI of its own."""

    earlier: str
    later: str
    relation: str
    basis: str
    iri: str = ""
    reason: str | None = None


class _Reader:
    """Asks what one export needs."""

    def __init__(self, engine: Engine, scope: Scope) -> None:
        self._engine = engine
        self._scope = scope
        self._known = day_term(scope.known)
        self.chosen = self._chosen()

    def links(self) -> list[_Link]:
        """Return the links of the lineage of what was chosen, and recurrences among its things."""
        lineage = self._lineage()
        ends = {iri for link in lineage for iri in (link.earlier, link.later)} | self.chosen
        repeated = [
            each for each in self._recurrences() if each.earlier in ends and each.later in ends
        ]
        return [*lineage, *repeated]

    def nodes(self, iris: Sequence[str]) -> Iterator[Node]:
        """Yield a node for each of the *iris*."""
        labels = asking.labels(self._engine, iris)
        themes = self._several(iris, "GRAPH ?record { ?thing peel:theme ?value }")
        inherited = self._several(iris, _INHERITED + _known_record("other", self._known))
        forces = self._several(iris, "?thing peel:ofForce ?value", record=False)
        dates: dict[str, str] = {}
        for name in _DATES:
            dates = self._single(iris, f"GRAPH ?record {{ ?thing peel:{name} ?value }}") | dates
        due = self._single(iris, "GRAPH ?record { ?thing peel:dueBy ?value }")
        standings = self._standings(iris)
        proofs = self._proofs(iris)
        for iri in iris:
            kind = _kind(iri)
            found = proofs.get(iri, _Proof((), None, None, 0))
            node = Node(
                id=shorten(iri),
                iri=iri,
                kind=kind,
                label=labels[iri],
                colour=palette.of(kind),
                weight=1 + found.passages,
                due=due.get(iri),
                theme=_ends(sorted({*themes.get(iri, ()), *inherited.get(iri, ())})),
                force=_ends(forces.get(iri, ())),
                source=found.titles,
                page=found.page,
                quotation=found.quotation,
            )
            if iri in standings:
                yield self._with_standing(node, standings[iri])
            else:
                yield _dated(node, dates.get(iri))

    def _chosen(self) -> set[str]:
        """Return the things that were chosen themselves."""
        scope = self._scope
        if scope.part == "item":
            found = self._iris(_values("thing", [scope.iri]))
            if not found:
                raise BadValue(f"No document that was public by {scope.known} tells of it.")
            return found
        if scope.part == "all":
            return self._iris(_ITEMS)
        pattern = "peel:ofForce" if scope.part == "force" else "peel:theme"
        return self._iris(
            f"?thing {pattern} {ox.NamedNode(scope.iri)} "
            "{ ?thing a/rdfs:subClassOf? peel:FollowUpItem } "
            "UNION { ?thing peel:leadsTo ?any } UNION { ?any peel:leadsTo ?thing }"
        )

    def _lineage(self) -> list[_Link]:
        if self._scope.part == "all":
            return self._steps("", "later")
        chosen = self.chosen
        found: dict[tuple[str, str, str], _Link] = {}
        for end, other in (("earlier", "later"), ("later", "earlier")):
            seen, ahead, steps = set(chosen), chosen, 0
            while ahead and (self._scope.depth is None or steps < self._scope.depth):
                new: set[str] = set()
                for chunk in _chunks(sorted(ahead)):
                    for link in self._steps(_values(end, chunk), end):
                        found[link.earlier, link.later, link.relation] = link
                        new.add(getattr(link, other))
                ahead, steps = new - seen, steps + 1
                seen |= ahead
        return list(found.values())

    def _steps(self, values: str, end: str) -> list[_Link]:
        """Return the links whose earlier or later end is one of some values."""
        rows = self._rows(_LINKS.replace("#values", values).replace("?askKnown", self._known))
        return _unique(
            _Link(
                str(row["earlier"]),
                str(row["later"]),
                str(row["relation"]).rpartition("#")[2],
                str(row["basis"]),
            )
            for row in rows
        )

    def _recurrences(self) -> list[_Link]:
        return [
            _Link(
                str(row["earlier"]),
                str(row["later"]),
                "recurrence",
                str(row["basis"]),
                str(row["recurrence"]),
                str(row["why"]) if "why" in row else None,
            )
            for row in asking.ask(self._engine, "recurrence", {"known": self._scope.known}).rows
        ]

    def _with_standing(self, node: Node, rows: list[_Row]) -> Node:
        """Return a node with its status through time, and on the day."""
        first = rows[0]
        bound = {name: str(first[name]) if name in first else None for name in _BOUNDS}
        periods = tuple(
            Period(str(row["status"]).rpartition("/")[2], _bound(row["from"]), _bound(row["until"]))
            for row in sorted(rows, key=lambda row: str(row["from"]))
        )
        closed = any(period.status == "closed" for period in periods)
        return replace(
            node,
            status=next(
                period.status
                for period in periods
                if (period.start or _FIRST) <= self._scope.on < (period.until or _LAST)
            ),
            opened=_between(bound["raisedEarliest"], bound["raisedLatest"]),
            opened_earliest=bound["raisedEarliest"],
            opened_latest=bound["raisedLatest"],
            closed=_between(bound["closedEarliest"], bound["closedLatest"]),
            closed_earliest=bound["closedEarliest"],
            closed_latest=bound["closedLatest"],
            last_known_open=bound["lastKnownOpen"],
            start=bound["raisedEarliest"],
            end=bound["closedLatest"] if closed else None,
            periods=periods,
        )

    def _standings(self, iris: Sequence[str]) -> dict[str, list[_Row]]:
        found: dict[str, list[_Row]] = defaultdict(list)
        for chunk in _chunks(iris):
            query = _STANDINGS.replace("#values", _values("thing", chunk))
            for row in self._rows(query.replace("?askKnown", self._known)):
                found[str(row["thing"])].append(row)
        return found

    def _proofs(self, iris: Sequence[str]) -> dict[str, "_Proof"]:
        found: dict[str, list[_Row]] = defaultdict(list)
        for chunk in _chunks(iris):
            arguments = {"known": self._scope.known}
            for row in asking.rows_of_each(self._engine, "evidence", "thing", chunk, arguments):
                found[str(row["thing"])].append(row)
        return {iri: _proof(rows) for iri, rows in found.items()}

    def _several(
        self, iris: Sequence[str], pattern: str, *, record: bool = True
    ) -> dict[str, list[str]]:
        """Return every value of a pattern for each of the *iris*, in order."""
        found: dict[str, set[str]] = defaultdict(set)
        known = _known_record("record", self._known) if record else ""
        for chunk in _chunks(iris):
            query = (
                f"SELECT DISTINCT ?thing ?value {{ {_values('thing', chunk)} {pattern} {known} }}"
            )
            for row in self._rows(query):
                found[str(row["thing"])].add(str(row["value"]))
        return {iri: sorted(values) for iri, values in found.items()}

    def _single(self, iris: Sequence[str], pattern: str) -> dict[str, str]:
        """Return the first value of a pattern for each of the *iris*."""
        return {iri: values[0] for iri, values in self._several(iris, pattern).items()}

    def _iris(self, pattern: str) -> set[str]:
        rows = self._rows(
            f"SELECT DISTINCT ?thing {{ {pattern} . ?thing peel:kindToken ?kind ; "
            f"peel:knownFrom ?day FILTER (?day <= {self._known}) }}"
        )
        return {str(row["thing"]) for row in rows}

    def _rows(self, query: str) -> Iterator[_Row]:
        found = self._engine.query(query)
        assert isinstance(found, ox.QuerySolutions)
        names = [variable.value for variable in found.variables]
        for row in found:
            yield {name: plain(term) for name in names if (term := row[name]) is not None}


@dataclass(frozen=True, slots=True)
class _Proof:
    """Where it says so."""

    titles: tuple[str, ...]
    page: str | None
    quotation: str | None
    passages: int


def _proof(rows: list[_Row]) -> _Proof:
    """Return where it says so; the passage with the wording comes first."""
    rows = sorted(rows, key=lambda row: "quotation" not in row)
    titles = dict.fromkeys(str(row["title"]) for row in rows if "title" in row)
    page = next((str(row["page"]) for row in rows if "page" in row), None)
    quotation = next((str(row["quotation"]) for row in rows if "quotation" in row), None)
    return _Proof(tuple(titles), page, quotation, len({str(row["passage"]) for row in rows}))


def _edge(link: _Link, nodes: dict[str, Node]) -> Edge | None:
    """Return the edge of a link, unless one of its ends is left out."""
    if link.earlier not in nodes or link.later not in nodes:
        return None
    ends = (nodes[link.earlier], nodes[link.later])
    source, target = (node.id for node in ends)
    start = max((node.start for node in ends if node.start), default=None)
    end = min((node.end for node in ends if node.end), default=None)
    if start and end and start > end:
        end = start
    return Edge(
        id=shorten(link.iri) if link.iri else f"{source}--{link.relation}--{target}",
        source=source,
        target=target,
        relation=link.relation,
        label=RELATIONS.get(link.relation, link.relation),
        basis=link.basis,
        start=start,
        end=end,
        reason=link.reason,
    )


def _dated(node: Node, date: str | None) -> Node:
    """Return a node with the day on which it happened, as far as that is known."""
    if date is None:
        return node
    earliest = edtf.parse(date).earliest
    return replace(node, date=date, start=earliest.isoformat() if earliest else None)


def _bounded(nodes: dict[str, Node], links: Iterable[_Link]) -> dict[str, Node]:
    """Return the nodes, those without a first day with the latest of what led to them.

    Nothing is there before what led to it, so that day bounds it as its own would.
    """
    earlier: dict[str, set[str]] = defaultdict(set)
    for link in links:
        if link.relation != "recurrence" and nodes[link.later].start is None:
            earlier[link.later].add(link.earlier)
    found = {iri: node.start for iri, node in nodes.items() if node.start is not None}
    while new := {
        iri: start
        for iri, before in earlier.items()
        if (start := max((found[each] for each in before if each in found), default=""))
        > found.get(iri, "")
    }:
        found |= new
    return {iri: replace(node, start=found.get(iri)) for iri, node in nodes.items()}


def title(engine: Engine, scope: Scope) -> str:
    """Return what a part of the graph is called, in words."""
    label = asking.labels(engine, [scope.iri])[scope.iri] if scope.iri else ""
    what = {"item": f"Lineage of “{label}”", "force": label, "theme": f"Theme: {label}"}
    return what.get(scope.part, "All that was followed up")


def _kind(iri: str) -> str:
    return iri.removeprefix(ID).partition("/")[0]


def _ends(iris: Iterable[str]) -> tuple[str, ...]:
    return tuple(iri.rpartition("/")[2] for iri in iris)


def _bound(day: Value) -> str | None:
    return None if day in (_FIRST, _LAST) else str(day)


def _between(earliest: str | None, latest: str | None) -> str | None:
    """Return one day between two bounds as EDTF; nothing where the bounds contradict each other.

    >>> _between("2024-05-01", "2024-09-18"), _between(None, "2016-02-18")
    ('[2024-05-01..2024-09-18]', '[..2016-02-18]')
    >>> _between("2024-09-17", "2024-09-17"), _between(None, None)
    ('2024-09-17', None)
    """
    if earliest == latest:
        return earliest
    if earliest and latest and earliest > latest:
        return None
    return f"[{earliest or ''}..{latest or ''}]"


def _unique(links: Iterable[_Link]) -> list[_Link]:
    """Return each link once; stated wins over inferred."""
    found: dict[tuple[str, str, str], _Link] = {}
    for link in links:
        key = (link.earlier, link.later, link.relation)
        if key not in found or link.basis == "stated":
            found[key] = link
    return list(found.values())


def _chunks(iris: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(iris), _CHUNK):
        yield iris[start : start + _CHUNK]


def _values(name: str, iris: Iterable[str]) -> str:
    return f"VALUES ?{name} {{ {' '.join(str(ox.NamedNode(iri)) for iri in iris)} }}"


def _known_record(name: str, known: str) -> str:
    """Return the pattern that keeps what a record says that was public by a day."""
    return f"?{name} peel:knownFrom ?{name}Day FILTER (?{name}Day <= {known})"


#: the properties that say when something happened; the first that a thing has counts
_DATES = ("date", "effectiveOn", "publicOn", "dated")

_INHERITED = """
GRAPH ?record { ?thing peel:addresses ?item } GRAPH ?other { ?item peel:theme ?value }
"""

_ITEMS = "?thing a/rdfs:subClassOf? peel:FollowUpItem"

_LINKS = """
SELECT DISTINCT ?earlier ?later ?relation ?basis {
  #values
  ?earlier peel:leadsTo ?later .
  {
    GRAPH ?record { ?later ?relation ?earlier }
    ?relation rdfs:subPropertyOf peel:ledToBy .
  } UNION {
    GRAPH ?record { ?earlier ?relation ?later }
    ?relation rdfs:subPropertyOf peel:leadsTo .
  } UNION {
    GRAPH ?record { ?later peel:decides ?earlier }
    BIND (peel:decides AS ?relation)
  }
  OPTIONAL { ?record peel:knownFrom ?recordDay }
  OPTIONAL {
    ?inference rdf:subject ?later ; rdf:predicate ?relation ; rdf:object ?earlier ;
               peel:basis ?linkBasis ; peel:knownFrom ?inferredDay .
  }
  FILTER (COALESCE(?recordDay, ?inferredDay) <= ?askKnown)
  OPTIONAL { ?later peel:basis ?laterBasis }
  BIND (STRAFTER(STR(COALESCE(?linkBasis, ?laterBasis)), "/scheme/basis/") AS ?inferred)
  BIND (COALESCE(?inferred, "stated") AS ?basis)
}
"""

_BOUNDS = ("raisedEarliest", "raisedLatest", "closedEarliest", "closedLatest", "lastKnownOpen")

_STANDINGS = f"""
SELECT ?thing ?status ?from ?until
       ?raisedEarliest ?raisedLatest ?closedEarliest ?closedLatest ?lastKnownOpen {{
  #values
  ?standing peel:standingOf ?thing ; peel:knownFrom ?since ; peel:knownUntil ?before ;
            peel:hasPeriod ?period .
  FILTER (?since <= ?askKnown && ?askKnown < ?before)
  ?period peel:status ?status ; peel:from ?from ; peel:until ?until .
  {" ".join(f"OPTIONAL {{ ?standing peel:{name} ?{name} }}" for name in _BOUNDS)}
}}
"""
