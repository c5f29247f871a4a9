"""What pages are made of: lines of a summary, entries of a list, sections; and how to fill them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from peelgraph.namespaces import ID
from peelserver.pages import words
from peelserver.pages.knowledge import Knowledge, Passage, Shown
from peelserver.pages.standing import Tag

#: the order in which a summary says things; what is not here comes behind them
_ORDER = (
    *("dcterms:title", "peel:saidBy", "peel:respondent", "peel:undertakenBy", "peel:claimedBy"),
    *("peel:toldBy", "peel:inOffice", "peel:stance", "peel:outcome", "peel:grade", "peel:measure"),
    *("peel:value", "peel:unit", "peel:period", "peel:polarity", "peel:date", "peel:decides"),
    *("peel:effectiveOn", "peel:decidedBy", "peel:informedBy", "peel:inspects", "peel:about"),
    *("peel:respondsTo", "peel:raisedAgainst", "peel:directedTo", "peel:addresses", "peel:area"),
    *("peel:identifiedIn", "peel:theme", "peel:basedOn", "peel:timeLimit", "peel:dueBy"),
    *("peel:attestedOpenOn", "dcterms:type", "dcterms:publisher", "dcterms:creator"),
    *("peel:publicOn", "peel:dated", "peel:sentOn", "peel:sentTo", "peel:copiedTo"),
    *("peel:reportsOn", "foaf:page", "dcterms:license", "peel:retrievedOn"),
)

#: what stands on a page in another place, or says nothing to people
_ELSEWHERE = frozenset(
    (
        *("skos:prefLabel", "foaf:name", "peel:wording", "dcterms:description", "peel:basis"),
        *("peel:timeLimitDuration", "org:hasMember", "peel:kindToken", "rdf:type"),
        *("skos:inScheme", "skos:topConceptOf", "rdfs:isDefinedBy", "skos:definition"),
    )
)


#: how many values of one property, and how many passages of a thing in a list, a page shows
VALUES, PLACES = 40, 10


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a summary list; a note says what it rests on, where that is not a document."""

    name: str
    values: tuple[Shown, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing in a list.

    :param what: what it is, in a few words
    :param says: what it says, in our words
    :param basis: what it rests on, where that is not a document
    :param sources: the passages that prove it, or the first of them
    :param elsewhere: where the others are
    """

    thing: Shown
    what: str = ""
    when: str = ""
    says: str = ""
    tag: Tag | None = None
    basis: str = ""
    lines: tuple[Line, ...] = ()
    sources: tuple[Passage, ...] = ()
    elsewhere: Shown | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a page under a heading.

    :param lead: a sentence before the entries
    :param empty: why there are none
    :param more: where the rest is
    """

    anchor: str
    heading: str
    entries: tuple[Entry, ...] = ()
    lead: str = ""
    empty: str = ""
    more: Shown | None = None


def kind_of(iri: str) -> str:
    """Return the kind of one of our things, as its IRI has it.

    >>> kind_of("https://w3id.org/peelgraph/id/force/kent")
    'force'
    """
    return iri.removeprefix(ID).partition("/")[0] if iri.startswith(ID) else ""


def name_of(prefixed: str, kind: str, known: Knowledge) -> str:
    """Return what a property is called on a page of a kind of thing."""
    for key in (f"{prefixed} {kind}", prefixed):
        if key in words.PROPERTIES:
            return words.PROPERTIES[key]
    return known.property_name(prefixed)


def summary(known: Knowledge, iri: str, without: Iterable[str] = ()) -> list[Line]:
    """Return what is said of a thing, as lines."""
    facts = known.says_of(iri)
    left_out = _ELSEWHERE | set(without)
    places = {name: place for place, name in enumerate(_ORDER)}
    names = sorted(
        (name for name in facts if name not in left_out and not name.startswith("owl:")),
        key=lambda name: (places.get(name, len(places)), name),
    )
    return [line(known, iri, name) for name in names]


def line(known: Knowledge, iri: str, name: str) -> Line:
    """Return what a thing has by one property, as a line."""
    facts = known.says_of(iri)[name]
    inferred = next((fact for fact in facts if fact.why), None)
    if name == "peel:standsOver":
        values: tuple[Shown, ...] = (Shown("It stands over from an earlier inspection"),)
    else:
        values = tuple(dict.fromkeys(known.shown(fact.value, name) for fact in facts))
    if len(values) > VALUES:
        every = known.moment.keep("/questions/facts", thing=iri.removeprefix(ID))
        values = (*values[:VALUES], Shown(f"all {len(values):,} of them", every))
    note = f"{words.BASES.get(inferred.basis, inferred.basis)}: {inferred.why}" if inferred else ""
    return Line(name_of(name, kind_of(iri), known), values, words.sentence(note) if note else "")


def entry(
    known: Knowledge,
    iri: str,
    *,
    what: str = "",
    tag: Tag | None = None,
    lines: Iterable[str] = (),
    sources: bool = True,
) -> Entry:
    """Return a thing as an entry of a list.

    :param lines: properties to show below it, where it has them
    """
    basis = known.value(iri, "peel:basis").rpartition("/")[2]
    return Entry(
        thing=known.thing(iri),
        what=what,
        when=known.date(iri) or known.date(iri, "peel:effectiveOn"),
        says=known.value(iri, "dcterms:description"),
        tag=tag,
        basis=words.BASES.get(basis, ""),
        lines=tuple(line(known, iri, name) for name in lines if name in known.says_of(iri)),
        sources=tuple(known.passages(iri)[:PLACES]) if sources else (),
        elsewhere=elsewhere(known, iri, PLACES) if sources else None,
    )


def elsewhere(known: Knowledge, iri: str, shown: int) -> Shown | None:
    """Return where all the passages of a thing are, if there are more than are shown."""
    count = len(known.passages(iri))
    if count <= shown:
        return None
    address = known.moment.keep("/questions/evidence", thing=iri.removeprefix(ID))
    return Shown(f"all {count:,} passages", address)


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table: a text or a link, a tag before it, a note behind it."""

    shown: Shown
    tag: Tag | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A part of a page that is a table.

    :param empty: why there are no rows
    :param more: where the rest is, or the same as data
    :param whole: where all rows are, should there be too many for a page
    :param rising: the latest rows are the last
    """

    anchor: str
    heading: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    lead: str = ""
    empty: str = ""
    more: Shown | None = None
    whole: str = ""
    rising: bool = False

    @property
    def headed(self) -> list[list[tuple[str, Cell]]]:
        """The rows: each cell with its heading; the first has none, as it heads its row."""
        headings = ("", *self.columns[1:])
        return [list(zip(headings, row, strict=True)) for row in self.rows]

    def cut(self, most: int) -> "Table":
        """Return it with so many rows at most, the latest; and with a link to all, if that cuts."""
        if len(self.rows) <= most:
            return self
        rows = self.rows[-most:] if self.rising else self.rows[:most]
        which = f"the latest {most}" if self.rising else str(most)
        more = Shown(f"Show all {len(self.rows):,}; these are {which}", self.whole)
        return replace(self, rows=rows, more=more)


def share(counts: Iterable[int], largest: int, least: int, room: int) -> int:
    """Return how much of each part a page shows, so that all of them have room.

    :param counts: how much there is of each
    :param largest: the most that any shows
    :param least: what each shows in any case
    :param room: how much they show together, unless that is less than the least of each

    >>> share([3, 35], 40, 5, 100), share([400, 2, 60], 40, 5, 100), share([50] * 40, 40, 5, 100)
    (40, 40, 5)
    >>> share([70, 70, 70], 40, 5, 100)
    33
    """
    counts = list(counts)
    fitting = (n for n in range(largest, least, -1) if sum(min(n, c) for c in counts) <= room)
    return next(fitting, least)


def text(said: str, note: str = "") -> Cell:
    """Return a cell of plain text; a dash where there is none."""
    return Cell(Shown(said or "–"), note=note)
