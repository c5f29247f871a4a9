"""What a snapshot has, graph by graph, and what an engine holds of it: counted in the same way."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from peelgraph import snapshot
from peelgraph.namespaces import PEEL, RDF, XSD
from peelgraph.remote.engine import Remote

#: how the triple with the digest begins
DIGEST = f"<{snapshot.SNAPSHOT}> <{PEEL}digest>"

#: quads kept while the chunks of their graphs fill up
_KEPT = 200_000

#: graphs of which one query asks
_ASKED = 500

_TEXTS = (XSD + "string", RDF + "langString")

_COUNTED = f"""?s ?p ?o
FILTER (?p != <{PEEL}digest> || ?s != <{snapshot.SNAPSHOT}>)
BIND (ISIRI(?o) || LANG(?o) != "" || DATATYPE(?o) = <{XSD}string> AS ?counts)
BIND (STRLEN(STR(?s)) + STRLEN(STR(?p)) + IF(?counts, STRLEN(STR(?o)), 0) AS ?each)"""

_SUMS = "(COUNT(*) AS ?n) (SUM(?each) AS ?c)"


@dataclass(frozen=True, slots=True)
class Measure:
    """What is verified of a graph.

    :param triples: how many it has
    :param characters: of all subjects and predicates, and of the objects that are IRIs or texts;
        other literals may be written in several ways
    """

    triples: int
    characters: int


@dataclass(frozen=True, slots=True)
class Contents:
    """What a snapshot has, graph by graph; the merge is the graph without a name, ``""``.

    Its digest is left out: it is put there last, by the update that switches.

    :param marked: the graphs that have the digest, the merge first
    """

    digest: str
    quads: int
    by_graph: dict[str, Measure]
    marked: tuple[str, ...]

    @classmethod
    def read(cls, path: Path) -> "Contents":
        """Return what the snapshot at *path* has.

        :raises DamagedSnapshot: it has no digest in it, or blank nodes
        """
        counts: dict[str, list[int]] = {"": [0, 0]}
        digests: dict[str, str] = {}
        quads = 0
        for quad in _quads(path):
            quads += 1
            name = _name(quad)
            found = counts.setdefault(name, [0, 0])
            if _is_digest(quad):
                assert isinstance(quad.object, ox.Literal)
                digests[name] = quad.object.value
                continue
            found[0] += 1
            found[1] += _characters(quad)
        if len(set(digests.values())) != 1 or "" not in digests:
            raise snapshot.DamagedSnapshot(f"{path} has no digest in it; build it again.")
        by_graph = {name: Measure(*pair) for name, pair in sorted(counts.items())}
        return cls(digests[""], quads, by_graph, tuple(sorted(digests)))


def chunks(path: Path, size: int) -> Iterator[tuple[int, tuple[str, list[str]]]]:
    """Yield how many quads were read, and lines of N-Triples of one graph, *size* at most."""
    waiting: dict[str, list[str]] = {}
    kept = 0
    sent = 0
    for quad in _quads(path):
        name = _name(quad)
        if _is_digest(quad):
            continue
        lines = waiting.setdefault(name, [])
        lines.append(f"{quad.triple} .\n")
        kept += 1
        if len(lines) < size and kept < _KEPT:
            continue
        if len(lines) < size:
            name = max(waiting, key=lambda each: len(waiting[each]))
        chunk = waiting.pop(name)
        kept -= len(chunk)
        sent += len(chunk)
        yield sent, (name, chunk)
    for name, chunk in waiting.items():
        sent += len(chunk)
        yield sent, (name, chunk)


def _quads(path: Path) -> Iterator[ox.Quad]:
    for quad in ox.parse(path=path, format=ox.RdfFormat.N_QUADS, lenient=True):
        if isinstance(quad.subject, ox.BlankNode) or isinstance(quad.object, ox.BlankNode):
            raise snapshot.DamagedSnapshot(
                f"{path} has blank nodes, which no two engines call the same; build it again."
            )
        yield quad


def _name(quad: ox.Quad) -> str:
    return quad.graph_name.value if isinstance(quad.graph_name, ox.NamedNode) else ""


def _is_digest(quad: ox.Quad) -> bool:
    return f"{quad.subject} {quad.predicate}" == DIGEST


def _characters(quad: ox.Quad) -> int:
    subject, predicate, value = quad.subject, quad.predicate, quad.object
    assert isinstance(subject, ox.NamedNode)
    found = len(subject.value) + len(predicate.value)
    if isinstance(value, ox.NamedNode) or (
        isinstance(value, ox.Literal) and value.datatype.value in _TEXTS
    ):
        found += len(value.value)
    return found


def measures(remote: Remote, places: dict[str, str]) -> dict[str, Measure]:
    """Return what the engine holds in each place; the digest does not count."""
    found = dict.fromkeys(places, Measure(0, 0))
    by_place = {place: name for name, place in places.items()}
    named = sorted(place for place in by_place if place)
    queries = [
        f"SELECT ?g {_SUMS} {{ VALUES ?g {{ {' '.join(f'<{each}>' for each in named[start:end])} }}"
        f" GRAPH ?g {{ {_COUNTED} }} }} GROUP BY ?g"
        for start, end in ((at, at + _ASKED) for at in range(0, len(named), _ASKED))
    ]
    if "" in by_place:
        queries.append(f"SELECT {_SUMS} {{ {_COUNTED} }}")
    for query in queries:
        rows = remote.raw(query)
        assert isinstance(rows, ox.QuerySolutions)
        grouped = "?g" in query
        for row in rows:
            place = row["g"].value if grouped else ""
            if row["n"] is not None and place in by_place:
                found[by_place[place]] = Measure(
                    int(row["n"].value), int(float(row["c"].value)) if row["c"] is not None else 0
                )
    return found
