"""The lineage of one thing, flat: what led to it, what came of it, and how each part stands.

Pictures, trees, exports and pages all stand on this one model.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from peelgraph import asking, edtf, phrases, values
from peelgraph.asking import Value
from peelgraph.engine import Engine
from peelgraph.namespaces import ID, PEEL
from peelgraph.questions import parameter
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


@dataclass(frozen=True, slots=True)
class Passage:
    """Where it says so: characters *start* to *end*, exclusive, of a document's text."""

    document: str
    title: str
    start: int
    end: int


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


def lineage(engine: Engine, item: str, *, on: str | None = None, known: str = "all") -> Lineage:
    """Return the lineage of the thing called *item*.

    :param item: an IRI, ``kind/slug``, ``prefix:slug``, or a slug where that is unique
    :param on: the day whose status is shown, ``YYYY-MM-DD``; today, if None
    :param known: use only documents that were public by this day
    :raises UnknownName: there is no such thing; says which are near
    :raises BadValue: a day that is none, or several things of that name
    """
    raise NotImplementedError
