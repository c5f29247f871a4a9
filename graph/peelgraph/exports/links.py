"""The links of a part of the graph: what led to what was chosen, and what came of it.

Never sideways, since an inspection would bring everything that it found. A link that we infer is
there from the day on which it could be known.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import pyoxigraph as ox

from peelgraph import asking
from peelgraph.exports.reading import Reading, chunks, values
from peelgraph.exports.scope import Scope
from peelgraph.values import BadValue


@dataclass(frozen=True, slots=True)
class Link:
    """A link as the records have it; a recurrence has an IRI of its own."""

    earlier: str
    later: str
    relation: str
    basis: str
    iri: str = ""
    reason: str | None = None


def chosen(reading: Reading, scope: Scope) -> set[str]:
    """Return the things that a scope chooses themselves.

    :raises BadValue: the item was not yet known by the day; says so
    """
    if scope.part == "item":
        found = reading.known_things(values("thing", [scope.iri]))
        if not found:
            raise BadValue(f"No document that was public by {scope.known} tells of it.")
        return found
    if scope.part == "all":
        return reading.known_things(_ITEMS)
    pattern = "peel:ofForce" if scope.part == "force" else "peel:theme"
    return reading.known_things(
        f"?thing {pattern} {ox.NamedNode(scope.iri)} "
        "{ ?thing a/rdfs:subClassOf? peel:FollowUpItem } "
        "UNION { ?thing peel:leadsTo ?any } UNION { ?any peel:leadsTo ?thing }"
    )


def links(reading: Reading, scope: Scope, first: set[str]) -> list[Link]:
    """Return the links of the lineage of what was chosen, and recurrences among its things.

    :param first: what was chosen
    """
    lineage = _lineage(reading, scope, first)
    ends = {iri for link in lineage for iri in (link.earlier, link.later)} | first
    repeated = [
        each for each in _recurrences(reading) if each.earlier in ends and each.later in ends
    ]
    return [*lineage, *repeated]


def _lineage(reading: Reading, scope: Scope, first: set[str]) -> list[Link]:
    if scope.part == "all":
        return _steps(reading, "")
    found: dict[tuple[str, str, str], Link] = {}
    for end, other in (("earlier", "later"), ("later", "earlier")):
        seen, ahead, steps = set(first), first, 0
        while ahead and (scope.depth is None or steps < scope.depth):
            new: set[str] = set()
            for chunk in chunks(sorted(ahead)):
                for link in _steps(reading, values(end, chunk)):
                    found[link.earlier, link.later, link.relation] = link
                    new.add(getattr(link, other))
            ahead, steps = new - seen, steps + 1
            seen |= ahead
    return list(found.values())


def _steps(reading: Reading, ends: str) -> list[Link]:
    """Return the links of which one end is restricted by a pattern, each once."""
    return _unique(
        Link(
            str(row["earlier"]),
            str(row["later"]),
            str(row["relation"]).rpartition("#")[2],
            str(row["basis"]),
        )
        for row in reading.rows(_LINKS.replace("#values", ends))
    )


def _recurrences(reading: Reading) -> list[Link]:
    rows = asking.ask(reading.engine, "recurrence", {"known": reading.known}).rows
    return [
        Link(
            str(row["earlier"]),
            str(row["later"]),
            "recurrence",
            str(row["basis"]),
            str(row["recurrence"]),
            str(row["why"]) if "why" in row else None,
        )
        for row in rows
    ]


def _unique(links: Iterable[Link]) -> list[Link]:
    """Return each link once; stated wins over inferred."""
    found: dict[tuple[str, str, str], Link] = {}
    for link in links:
        key = (link.earlier, link.later, link.relation)
        if key not in found or link.basis == "stated":
            found[key] = link
    return list(found.values())


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
