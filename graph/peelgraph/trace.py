"""The lineage of one thing as a tree: what led to it, what came of it, and where it says so."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from peelgraph import asking, phrases
from peelgraph.asking import Value
from peelgraph.engine import Engine
from peelgraph.namespaces import ID, PEEL
from peelgraph.questions import parameter
from peelgraph.values import thing, today
from peelgraph.wording import a_span


@dataclass(frozen=True, slots=True)
class Node:
    """One thing in the tree.

    :param date: an EDTF expression
    :param repeated: it has been shown above with all that hangs on it
    """

    iri: str
    kind: str
    label: str
    status: str | None
    date: str | None
    passages: tuple[str, ...]
    basis: str
    repeated: bool
    children: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Trace:
    """The thing itself, what led to it (latest cause first), and what came of it."""

    item: Node
    earlier: tuple[Node, ...]
    later: tuple[Node, ...]


def trace(engine: Engine, name: str, *, on: str | None = None, known: str = "all") -> Trace:
    """Return the lineage of the thing called *name*.

    :param on: the day whose status is shown, ``YYYY-MM-DD``; today, if None
    :param known: use only documents that were public by this day
    :raises UnknownName: there is no such thing; says which are near
    """
    iri = thing(name, engine, prefer=parameter("item").prefer)
    rows = asking.ask(engine, "lineage", {"item": iri, "known": known}).rows
    return _Tracer(engine, iri, rows, on or today(), known).trace()


def lines(found: Trace, *, evidence: bool = True) -> Iterator[str]:
    """Yield the tree as lines of text."""
    yield from _node(found.item, "", "", evidence)
    for heading, nodes in (
        ("What led to it", found.earlier),
        ("What came of it", found.later),
    ):
        yield ""
        yield heading
        if not nodes:
            yield "  Nothing that the documents tell of."
        yield from _forest(nodes, "  ", evidence)


class _Tracer:
    """Builds the nodes of one trace."""

    def __init__(
        self, engine: Engine, iri: str, rows: tuple[dict[str, Value], ...], on: str, known: str
    ) -> None:
        self._iri = iri
        self._later: dict[str, dict[str, str]] = {}
        self._earlier: dict[str, dict[str, str]] = {}
        self._dates: dict[str, str] = {}
        kinds = {iri: iri.removeprefix(ID).partition("/")[0]}
        for row in rows:
            start, end = str(row["from"]), str(row["to"])
            self._later.setdefault(start, {})[end] = str(row["basis"])
            self._earlier.setdefault(end, {})[start] = str(row["basis"])
            if "date" in row:
                self._dates[end] = str(row["date"])
            kinds |= {start: str(row["fromKind"]), end: str(row["toKind"])}
        self._kinds = kinds
        self._labels = asking.labels(engine, kinds)
        self._status = self._statuses(engine, on, known)
        self._passages = self._where(engine, sorted(kinds), known)

    def trace(self) -> Trace:
        """Return the item between its causes and its effects."""
        seen = {self._iri}
        earlier = self._children(self._iri, self._earlier, seen)
        later = self._children(self._iri, self._later, seen)
        return Trace(self._build(self._iri, "stated", False, ()), earlier, later)

    def _children(
        self, iri: str, links: Mapping[str, dict[str, str]], seen: set[str]
    ) -> tuple[Node, ...]:
        """Return the next things, without those that a path through another of them leads to."""
        direct = links.get(iri, {})
        indirect = {each for child in direct for each in self._beyond(child, links)}
        found = []
        for child in sorted(direct.keys() - indirect, key=self._order):
            repeated = child in seen
            seen.add(child)
            below = () if repeated else self._children(child, links, seen)
            found.append(self._build(child, direct[child], repeated, below))
        return tuple(found)

    def _beyond(self, iri: str, links: Mapping[str, dict[str, str]]) -> set[str]:
        """Return everything that a path of links leads to from *iri*."""
        found: set[str] = set()
        ahead = [iri]
        while ahead:
            new = set(links.get(ahead.pop(), {})) - found
            found |= new
            ahead += new
        return found

    def _order(self, iri: str) -> tuple[str, str]:
        return self._dates.get(iri, ""), iri

    def _build(self, iri: str, basis: str, repeated: bool, children: tuple[Node, ...]) -> Node:
        return Node(
            iri=iri,
            kind=self._kinds[iri],
            label=self._labels[iri],
            status=self._status.get(iri),
            date=self._dates.get(iri),
            passages=self._passages[iri],
            basis=basis,
            repeated=repeated,
            children=children,
        )

    def _statuses(self, engine: Engine, on: str, known: str) -> dict[str, str]:
        """Return how the items stand; only those of the forces concerned are asked for."""
        items = [iri for iri, kind in self._kinds.items() if kind in parameter("kind").choices]
        forces = asking.objects(engine, items, PEEL + "ofForce")
        rows = asking.rows_of_each(engine, "status", "force", forces, {"on": on, "known": known})
        return {str(row["item"]): phrases.status(row) for row in rows}

    def _where(self, engine: Engine, iris: list[str], known: str) -> dict[str, tuple[str, ...]]:
        found: dict[str, list[str]] = {iri: [] for iri in iris}
        for row in asking.rows_of_each(engine, "evidence", "thing", iris, {"known": known}):
            place = f"characters {row['start']}–{row['end']}"
            found[str(row["thing"])].append(f"{row.get('title', '')}, {place}")
        return {iri: tuple(passages) for iri, passages in found.items()}


def _forest(nodes: tuple[Node, ...], indent: str, evidence: bool) -> Iterator[str]:
    for index, node in enumerate(nodes):
        last = index == len(nodes) - 1
        below = indent + ("   " if last else "│  ")
        yield from _node(node, indent + ("└─ " if last else "├─ "), below, evidence)
        yield from _forest(node.children, below, evidence)


def _node(node: Node, first: str, below: str, evidence: bool) -> Iterator[str]:
    said = [node.kind.replace("-", " "), node.date and a_span(node.date), node.status]
    said += [
        node.basis if node.basis != "stated" else None,
        "shown above" if node.repeated else None,
    ]
    yield f"{first}{node.label}  ({'; '.join(each for each in said if each)})"
    if evidence and not node.repeated:
        bar = below + ("│  " if node.children else "   ")
        shown = node.passages[:3]
        for passage in shown:
            yield f"{bar}§ {passage}"
        if len(node.passages) > len(shown):
            yield f"{bar}§ and {len(node.passages) - len(shown)} passages more"
