"""What every format writes: nodes, edges, and where they come from.

Absent means absent: an attribute that is not known has no value, and no writer puts one there.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import networkx

Attribute = str | int | tuple[str, ...]

#: what joins several values where a format knows no lists
SEVERAL = "; "


@dataclass(frozen=True, slots=True)
class Period:
    """A status from a day until another, which is no longer in it; ``None`` is without bound."""

    status: str
    start: str | None
    until: str | None


@dataclass(frozen=True, slots=True)
class Node:
    """One thing.

    :param id: its prefixed name, as every command and SPARQL take it
    :param kind: its kind, as the vocabulary's tokens have it
    :param status: its status on the day, for what can be opened and closed
    :param opened: when it was raised, as EDTF: a day, or ``[FIRST..LAST]`` where it is one of these
    :param closed: when it was closed, in the same way
    :param due: the day by which a document wants it done, as EDTF
    :param date: when it happened, as EDTF, for what is not opened and closed
    :param theme: its themes, as tokens
    :param force: the forces that it concerns, as the ends of their IRIs
    :param source: the titles of the documents that say it
    :param page: the address of the first passage that has one; of its wording's, if that has one
    :param quotation: its wording, for what the inspectorate worded formally
    :param colour: of its kind, ``#rrggbb``
    :param weight: how many passages prove it, and one more, so that everything has a size
    :param start: the first day on which it can have been there, ``YYYY-MM-DD``
    :param end: the last day on which it can have been open
    :param periods: its status through time
    """

    id: str
    iri: str
    kind: str
    label: str
    colour: str
    weight: int
    status: str | None = None
    opened: str | None = None
    opened_earliest: str | None = None
    opened_latest: str | None = None
    closed: str | None = None
    closed_earliest: str | None = None
    closed_latest: str | None = None
    last_known_open: str | None = None
    due: str | None = None
    date: str | None = None
    theme: tuple[str, ...] = ()
    force: tuple[str, ...] = ()
    source: tuple[str, ...] = ()
    page: str | None = None
    quotation: str | None = None
    start: str | None = None
    end: str | None = None
    periods: tuple[Period, ...] = ()

    def attributes(self) -> Iterator[tuple[str, Attribute]]:
        """Yield the name and value of each attribute that it has, the ID first."""
        return _attributes(self, NODE)


@dataclass(frozen=True, slots=True)
class Edge:
    """A link from an earlier thing to a later one.

    :param id: of its ends and relation
    :param source: the ``id`` of the earlier thing
    :param target: the ``id`` of the later one
    :param relation: the local name of the property that links them, or ``recurrence``
    :param label: the same in words, from the earlier thing to the later
    :param basis: what it rests on: stated, inferred, presumed, assumed or unconfirmed
    :param start: the first day on which both can have been there
    :param end: the last day on which both can have been
    :param reason: why the two are held to be the same matter
    """

    id: str
    source: str
    target: str
    relation: str
    label: str
    basis: str
    start: str | None = None
    end: str | None = None
    reason: str | None = None

    def attributes(self) -> Iterator[tuple[str, Attribute]]:
        """Yield the name and value of each attribute that it has, the ID first."""
        return _attributes(self, EDGE)


#: what is said of an earlier thing and a later one, by the property that links them; most
#: properties say it the other way round
RELATIONS: dict[str, str] = {
    "addresses": "addressed by",
    "assesses": "assessed in",
    "basedOn": "basis of",
    "decides": "decided in",
    "identifiedIn": "identified",
    "informedBy": "informed",
    "recurrence": "came up again as",
    "reportsOn": "reported in",
    "respondsTo": "answered in",
    "seenAt": "saw",
    "undertakes": "undertakes",
}

#: the attributes of nodes: as files name them -> as Python does
NODE: dict[str, str] = {
    "id": "id",
    "label": "label",
    "kind": "kind",
    "status": "status",
    "opened": "opened",
    "openedEarliest": "opened_earliest",
    "openedLatest": "opened_latest",
    "closed": "closed",
    "closedEarliest": "closed_earliest",
    "closedLatest": "closed_latest",
    "lastKnownOpen": "last_known_open",
    "due": "due",
    "date": "date",
    "theme": "theme",
    "force": "force",
    "iri": "iri",
    "source": "source",
    "page": "page",
    "quotation": "quotation",
    "colour": "colour",
    "weight": "weight",
}

#: the attributes of edges, likewise
EDGE: dict[str, str] = {
    name: name
    for name in ("id", "source", "target", "relation", "label", "start", "end", "basis", "reason")
}


@dataclass(frozen=True, slots=True)
class Written:
    """A file, and what it cannot carry.

    :param content: the whole of it, or what makes its pieces, one while the last is taken
    :param notes: what is lost or changed, each as a sentence
    """

    content: bytes | Callable[[], Iterable[bytes]]
    notes: tuple[str, ...] = ()

    @property
    def pieces(self) -> Iterable[bytes]:
        """The file, piece by piece, so that nobody need hold it."""
        return (self.content,) if isinstance(self.content, bytes) else self.content()

    @property
    def body(self) -> bytes:
        """The whole file."""
        return b"".join(self.pieces)


#: the attributes that are days, and nothing less precise
DAYS = frozenset(
    (
        *("openedEarliest", "openedLatest", "closedEarliest", "closedLatest"),
        *("lastKnownOpen", "start", "end"),
    )
)
#: the attributes with several values
LISTS = frozenset(("theme", "force", "source"))


def in_lines(lines: Callable[[], Iterable[str]]) -> Callable[[], Iterator[bytes]]:
    """Return what makes the pieces of a text from what makes its lines."""
    return lambda: (f"{line}\n".encode() for line in lines())


@dataclass(frozen=True, slots=True)
class Export:
    """A part of the graph, and where it comes from.

    :param title: what it is, in words
    :param snapshot: the digest of the snapshot
    :param on: the day of which each status is
    :param known: the day by which documents had to be public to count; ``all``, if any
    :param asked: the options of the command that gives it again
    :param force: the IRI of the force, where it is the part of one
    :param item: the IRI of the thing whose lineage it is
    """

    title: str
    snapshot: str
    on: str
    known: str
    asked: Mapping[str, str]
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    force: str | None = None
    item: str | None = None

    @property
    def provenance(self) -> str:
        """Where it comes from and what one may do with it, in two sentences."""
        known = "" if self.known == "all" else f", from documents public by {self.known}"
        return (
            f"From peelgraph, snapshot {self.snapshot}, status on {self.on}{known}. {LICENCE_TEXT}"
        )

    @property
    def about(self) -> dict[str, str]:
        """What is said of the whole, where a format has room for names and values."""
        return {
            "title": self.title,
            "snapshot": self.snapshot,
            "on": self.on,
            "known": self.known,
            "licence": LICENCE,
            "provenance": self.provenance,
        }

    def texts(self) -> Iterator[str]:
        """Yield every text that a file has to carry."""
        yield self.title
        for node in self.nodes:
            yield from (text(value) for _, value in node.attributes())
        for edge in self.edges:
            yield from (text(value) for _, value in edge.attributes())

    def to_networkx(self) -> "networkx.MultiDiGraph[str]":
        """Return a directed graph with the attributes that each node and edge has.

        Nodes have their ``id`` for a key, edges theirs. Lists are lists.
        """
        import networkx

        found: networkx.MultiDiGraph[str] = networkx.MultiDiGraph(**self.about)
        for node in self.nodes:
            found.add_node(
                node.id,
                **{name: _plain(value) for name, value in node.attributes() if name != "id"},
            )
        for edge in self.edges:
            found.add_edge(
                edge.source,
                edge.target,
                edge.id,
                **{
                    name: _plain(value)
                    for name, value in edge.attributes()
                    if name not in ("id", "source", "target")
                },
            )
        return found


LICENCE = "https://creativecommons.org/licenses/by/4.0/"

#: what has to be said wherever the data go (see NOTICE)
LICENCE_TEXT = (
    "Data: peelgraph contributors, CC BY 4.0. Contains public sector information licensed under "
    "the Open Government Licence v3.0."
)


def text(value: Attribute) -> str:
    """Return a value as one text.

    >>> text(("vetting", "workforce")), text(3)
    ('vetting; workforce', '3')
    """
    return SEVERAL.join(value) if isinstance(value, tuple) else str(value)


def _plain(value: Attribute) -> str | int | list[str]:
    return list(value) if isinstance(value, tuple) else value


def _attributes(thing: Node | Edge, names: Mapping[str, str]) -> Iterator[tuple[str, Attribute]]:
    for name, field in names.items():
        value = getattr(thing, field)
        if value not in (None, (), ""):
            yield name, value
