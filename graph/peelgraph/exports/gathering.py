"""Reads a part of the graph into the model.

Which things: what was chosen, what led to it and what came of it, never sideways; then the links
among these. With ``known``, what only later documents say is left out, as in the questions.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from peelgraph import asking, edtf
from peelgraph.asking import Value
from peelgraph.engine import Engine
from peelgraph.exports import palette
from peelgraph.exports.links import Link, chosen, links
from peelgraph.exports.model import RELATIONS, Edge, Export, Node, Period
from peelgraph.exports.reading import Reading, Row, chunks, public
from peelgraph.exports.scope import Scope
from peelgraph.namespaces import ID, shorten
from peelgraph.values import BadValue

#: the day before which, and from which, nothing is known to change
_FIRST, _LAST = "0001-01-01", "9999-12-31"


class TooMuch(BadValue):
    """More things than are exported at once."""


def gather(engine: Engine, scope: Scope, *, most: int | None = None) -> Export:
    """Return the part of the graph that *scope* chooses.

    :param most: how many things there may be; any number, if None
    :raises TooMuch: there are more; says what to do
    :raises BadValue: the item was not yet known by the day; says so
    """
    reading = Reading(engine, scope.known)
    first = chosen(reading, scope)
    found = links(reading, scope, first)
    things = {iri for link in found for iri in (link.earlier, link.later)} | first
    if most is not None and len(things) > most:
        raise TooMuch(
            f"These are {len(things)} things, more than the {most} that are exported at once here. "
            "Choose an item, a force or a theme, or use the command peelgraph export."
        )
    every = _nodes(reading, scope.on, sorted(things))
    whole = _bounded({node.iri: node for node in every}, found)
    kinds = scope.kinds
    nodes = {iri: node for iri, node in whole.items() if not kinds or node.kind in kinds}
    edges = [edge for link in found if (edge := _edge(link, nodes)) is not None]
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


def _nodes(reading: Reading, on: str, iris: Sequence[str]) -> Iterator[Node]:
    """Yield a node for each of the *iris*."""
    labels = asking.labels(reading.engine, iris)
    themes = reading.several(iris, _said("theme"))
    inherited = reading.several(iris, _INHERITED)
    forces = reading.several(iris, "?thing peel:ofForce ?value")
    dates: dict[str, str] = {}
    for name in _DATES:
        dates = reading.single(iris, _said(name)) | dates
    due = reading.single(iris, _said("dueBy"))
    standings = reading.rows_of(_STANDINGS, iris)
    proofs = _proofs(reading, iris)
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
            yield _with_standing(node, on, standings[iri])
        else:
            yield _dated(node, dates.get(iri))


def _with_standing(node: Node, on: str, rows: list[Row]) -> Node:
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
            if (period.start or _FIRST) <= on < (period.until or _LAST)
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


def _proofs(reading: Reading, iris: Sequence[str]) -> dict[str, "_Proof"]:
    found: dict[str, list[Row]] = defaultdict(list)
    for chunk in chunks(iris):
        arguments = {"known": reading.known}
        for row in asking.rows_of_each(reading.engine, "evidence", "thing", chunk, arguments):
            found[str(row["thing"])].append(row)
    return {iri: _proof(rows) for iri, rows in found.items()}


@dataclass(frozen=True, slots=True)
class _Proof:
    """Where it says so."""

    titles: tuple[str, ...]
    page: str | None
    quotation: str | None
    passages: int


def _proof(rows: list[Row]) -> _Proof:
    """Return where it says so; the passage with the wording comes first."""
    rows = sorted(rows, key=lambda row: "quotation" not in row)
    titles = dict.fromkeys(str(row["title"]) for row in rows if "title" in row)
    page = next((str(row["page"]) for row in rows if "page" in row), None)
    quotation = next((str(row["quotation"]) for row in rows if "quotation" in row), None)
    return _Proof(tuple(titles), page, quotation, len({str(row["passage"]) for row in rows}))


def _edge(link: Link, nodes: dict[str, Node]) -> Edge | None:
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


def _bounded(nodes: dict[str, Node], among: Iterable[Link]) -> dict[str, Node]:
    """Return the nodes, those without a first day with the latest of what led to them.

    Nothing is there before what led to it, so that day bounds it as its own would.
    """
    earlier: dict[str, set[str]] = defaultdict(set)
    for link in among:
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


def _said(name: str) -> str:
    """Return the pattern of what a public record says by a property."""
    return f"GRAPH ?record {{ ?thing peel:{name} ?value }} {public('record')}"


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


#: the properties that say when something happened; the first that a thing has counts
_DATES = ("date", "effectiveOn", "publicOn", "dated")

_INHERITED = f"""
GRAPH ?record {{ ?thing peel:addresses ?item }} {public("record")}
GRAPH ?other {{ ?item peel:theme ?value }} {public("other")}
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
