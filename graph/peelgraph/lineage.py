"""The lineage of one thing, flat: what led to it, what came of it, and how each part stands.

Pictures, trees, exports and pages all stand on this one model.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from peelgraph import asking, phrases, said, values
from peelgraph.asking import Value
from peelgraph.engine import Engine
from peelgraph.namespaces import ID, PEEL
from peelgraph.paths import shortcuts
from peelgraph.questions import parameter
from peelgraph.said import REPORTS_ON
from peelgraph.wording import a_span

#: the kinds of things in the order in which one leads to the next: a column of a picture each
COLUMNS: tuple[tuple[str, ...], ...] = (
    ("document",),
    ("inspection", "hearing"),
    ("finding", "judgement", "grade-count"),
    ("cause-of-concern",),
    ("recommendation", "area-for-improvement"),
    ("response", "statement"),
    ("undertaking",),
    ("assessment",),
    ("decision",),
)

#: the relation of a document to the first things that it tells of
TELLS_OF = PEEL + "evidence"

_ITEMS = parameter("kind").choices
#: the dates of a thing; the first that is given counts
_DATES = tuple(PEEL + name for name in ("date", "effectiveOn", "publicOn", "dated"))
_WORDING, _LIMIT, _DUE = (PEEL + name for name in ("wording", "timeLimit", "dueBy"))


@dataclass(frozen=True, slots=True)
class Passage:
    """Where it says so: characters *start* to *end*, exclusive, of a document's text.

    :param iri: its own
    :param page: the public page, at the passage where a link can point there; or empty
    :param quotation: the wording of a formal item that stands there; or empty
    """

    document: str
    title: str
    start: int
    end: int
    iri: str = ""
    page: str = ""
    quotation: str = ""


@dataclass(frozen=True, slots=True)
class Node:
    """One thing in a lineage.

    :param summary: what it says, in a sentence: its wording or its description
    :param status: a token such as ``presumed-open``; None for what is not opened and closed
    :param status_phrase: the same in words, with the days that matter
    :param date: an EDTF expression
    :param when: the same in words
    :param due: the time limit of a recommendation or an undertaking, in words
    :param column: an index of :data:`COLUMNS`
    :param passages: where it says so
    """

    iri: str
    kind: str
    label: str
    summary: str | None
    status: str | None
    status_phrase: str | None
    date: str | None
    when: str | None
    due: str | None
    column: int
    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class Edge:
    """One thing led to another.

    :param start: the IRI of the earlier thing
    :param end: the IRI of the later thing
    :param relation: the IRI of the property that links the two, as the documents have it
    :param basis: stated, inferred, presumed, assumed or unconfirmed
    :param shortcut: another path leads from the one to the other, through things between them
    """

    start: str
    end: str
    relation: str
    basis: str
    shortcut: bool


@dataclass(frozen=True, slots=True)
class Lineage:
    """What led to an item and what came of it, as known on a day.

    :param item: the IRI of the thing itself
    :param on: the day whose status the nodes bear, ``YYYY-MM-DD``
    :param known: only documents public by this day; ``all``, if not restricted
    :param snapshot: the digest of the snapshot that was asked
    :param nodes: the item among all the others, by column, date and IRI
    :param edges: by start, end and relation
    """

    item: str
    on: str
    known: str
    snapshot: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]

    def node(self, iri: str) -> Node:
        """Return the node of a thing.

        :raises KeyError: it is not in this lineage
        """
        for each in self.nodes:
            if each.iri == iri:
                return each
        raise KeyError(iri)


#: finds the passages that are evidence for each of some things, in order, as known on a day
Proofs = Callable[[Engine, Sequence[str], str], Mapping[str, Sequence[Passage]]]


def lineage(engine: Engine, item: str, *, on: str | None = None, known: str = "all") -> Lineage:
    """Return the lineage of the thing called *item*.

    :param item: an IRI, ``kind/slug``, ``prefix:slug``, or a slug where that is unique
    :param on: the day whose status is shown, ``YYYY-MM-DD``; today, if None
    :param known: use only documents that were public by this day
    :raises UnknownName: there is no such thing; says which are near
    :raises BadValue: a day that is none, or several things of that name
    """
    iri = values.thing(item, engine, prefer=parameter("item").prefer)
    day = values.check(parameter("on"), on or "today", engine)
    until = values.check(parameter("known"), known, engine)
    return of_thing(engine, iri, on=day, known=until)


def of_thing(
    engine: Engine, item: str, *, on: str, known: str, proofs: Proofs | None = None
) -> Lineage:
    """Return what :func:`lineage` returns, of what is known to be a thing and days.

    :param proofs: finds the passages of some things as known on a day, if the question ``evidence``
        is not to be asked of all of them
    """
    rows = asking.rows_of_each(engine, "lineage", "item", [item], {"known": known})
    kinds = {str(row[end]): str(row[f"{end}Kind"]) for row in rows for end in ("from", "to")}
    kinds.setdefault(item, item.removeprefix(ID).partition("/")[0])
    inspections = [iri for iri, kind in kinds.items() if kind == "inspection"]
    reports = said.reports(engine, inspections, known)
    kinds |= dict.fromkeys((report for report, _ in reports), "document")
    items = sorted(iri for iri, kind in kinds.items() if kind in _ITEMS)
    asking.begin_within(engine, "status", "item", items, {"on": on, "known": known})
    passages = (proofs or _passages)(engine, sorted(kinds), known)
    links = {(inspection, report, REPORTS_ON): "stated" for report, inspection in reports}
    for row in rows:
        links[str(row["from"]), str(row["to"]), str(row["relation"])] = str(row["basis"])
    links |= dict.fromkeys(_told(links, passages, kinds), "stated")
    kinds |= dict.fromkeys(
        (each.document for places in passages.values() for each in places), "document"
    )
    return Lineage(
        item=item,
        on=on,
        known=known,
        snapshot=engine.digest,
        nodes=_nodes(engine, kinds, passages, on, known),
        edges=_edges(links),
    )


def _edges(links: Mapping[tuple[str, str, str], str]) -> tuple[Edge, ...]:
    followers: dict[str, list[str]] = {}
    for start, end, relation in sorted(links):
        if relation != TELLS_OF and end not in followers.setdefault(start, []):
            followers[start].append(end)
    short = shortcuts(followers)
    return tuple(
        Edge(start, end, relation, basis, relation != TELLS_OF and (start, end) in short)
        for (start, end, relation), basis in sorted(links.items())
    )


def _told(
    links: Iterable[tuple[str, str, str]],
    passages: Mapping[str, Sequence[Passage]],
    kinds: Mapping[str, str],
) -> Iterator[tuple[str, str, str]]:
    """Yield a link from each document to the things that it tells of, and to no later ones."""
    told: dict[str, set[str]] = {}
    for iri, places in passages.items():
        for place in places if kinds[iri] != "document" else ():
            told.setdefault(place.document, set()).add(iri)
    before: dict[str, set[str]] = {}
    for start, end, relation in links:
        if relation == REPORTS_ON:
            told.setdefault(end, set()).add(start)
        else:
            before.setdefault(end, set()).add(start)
    reported = {(end, start) for start, end, relation in links if relation == REPORTS_ON}
    for document, things in sorted(told.items()):
        for iri in sorted(things):
            if not before.get(iri, set()) & things and (document, iri) not in reported:
                yield document, iri, TELLS_OF


def _nodes(
    engine: Engine,
    kinds: Mapping[str, str],
    passages: Mapping[str, Sequence[Passage]],
    on: str,
    known: str,
) -> tuple[Node, ...]:
    labels = asking.labels(engine, kinds)
    properties = (*_DATES, _WORDING, said.DESCRIPTION, _LIMIT, _DUE)
    described = said.said(engine, sorted(kinds), properties, known)
    standing = _standing(engine, kinds, on, known)
    nodes = []
    for iri, kind in kinds.items():
        about, row = described.get(iri, {}), standing.get(iri)
        date = next((about[name] for name in _DATES if name in about), None)
        summary = about.get(_WORDING) or about.get(said.DESCRIPTION)
        nodes.append(
            Node(
                iri=iri,
                kind=kind,
                label=labels[iri],
                summary=summary,
                status=str(row["status"]).rpartition("/")[2] if row else None,
                status_phrase=phrases.status(row) if row else None,
                date=date,
                when=a_span(date) if date else None,
                due=_due(about),
                column=column(kind),
                passages=tuple(passages.get(iri, ())),
            )
        )
    return tuple(sorted(nodes, key=lambda node: (node.column, node.date or "", node.iri)))


def column(kind: str) -> int:
    """Return the column that a kind of thing stands in; what has none stands with the findings.

    >>> column("document"), column("decision")
    (0, 8)
    """
    return next((index for index, kinds in enumerate(COLUMNS) if kind in kinds), 2)


def passage(row: Mapping[str, Value]) -> Passage:
    """Return the passage in a row of the question ``evidence``."""
    return Passage(
        document=str(row["document"]),
        title=str(row.get("title", "")),
        start=int(row["start"]),
        end=int(row["end"]),
        iri=str(row["passage"]),
        page=str(row.get("page", "")),
        quotation=str(row.get("quotation", "")),
    )


def _due(about: Mapping[str, str]) -> str | None:
    if _DUE in about:
        return f"due by {a_span(about[_DUE])}"
    return f"time limit: {about[_LIMIT]}" if _LIMIT in about else None


def _standing(
    engine: Engine, kinds: Mapping[str, str], on: str, known: str
) -> dict[str, dict[str, Value]]:
    """Return the rows of the question ``status`` about the items among some things."""
    items = sorted(iri for iri, kind in kinds.items() if kind in _ITEMS)
    rows = asking.rows_within(engine, "status", "item", items, {"on": on, "known": known})
    return {str(row["item"]): row for row in rows}


def _passages(engine: Engine, iris: Sequence[str], known: str) -> dict[str, list[Passage]]:
    found: dict[str, list[Passage]] = {}
    for row in asking.rows_of_each(engine, "evidence", "thing", iris, {"known": known}):
        found.setdefault(str(row["thing"]), []).append(passage(row))
    return found
