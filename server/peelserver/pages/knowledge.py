"""What the graph says of the things on a page: facts, passages and labels, by few queries."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from peelgraph import asking, lineage
from peelgraph.asking import Value
from peelgraph.engine import Engine
from peelgraph.namespaces import ID, PREFIXES
from peelgraph.wording import capitalised
from peelserver.linkeddata.addresses import link
from peelserver.pages import facts, passages, words
from peelserver.pages.facts import Fact
from peelserver.pages.moment import Moment

#: what a page says of licences, which have no label in the graph
_ELSEWHERE = {
    "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/": (
        "Open Government Licence v3.0"
    ),
    "https://creativecommons.org/licenses/by/4.0/": "CC BY 4.0",
}


#: what is said of a thing that a page lists: no more than this is read of it
LISTED = words.DATES | {
    *("dcterms:description", "dcterms:type", "org:classification", "org:member", "org:postIn"),
    *("peel:addresses", "peel:area", "peel:basis", "peel:decidedBy", "peel:decides"),
    *("peel:earlier", "peel:grade", "peel:identifiedIn", "peel:informedBy", "peel:kind"),
    *("peel:later", "peel:office", "peel:outcome", "peel:polarity", "peel:position"),
    *("peel:reason", "peel:respondent", "peel:saidBy", "peel:seenAt", "peel:stance"),
    *("peel:standsOver", "peel:toldBy"),
    *("peel:timeLimit", "peel:undertakenBy", "peel:undertakes", "peel:unit", "peel:value"),
    "peel:wording",
}


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of a document that is evidence for something.

    :param address: of its page here
    :param public: the public page, at the very words where a link can point there; or empty
    :param quotation: the wording of a formal item that stands there; or empty
    """

    iri: str
    document: str
    title: str
    start: int
    end: int
    address: str
    public: str
    quotation: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A value as a page shows it; with an address, if it can be looked at."""

    text: str
    address: str = ""
    external: bool = False


class Knowledge:
    """What is said of some things at a moment, with a label for everything that is spoken of.

    :param iris: of which all is said
    :param listed: of which no more is said than a list shows
    :param named: of which only the labels are wanted
    :param told: the passages of those that are known already
    :param proved: whether passages are wanted at all
    """

    def __init__(
        self,
        engine: Engine,
        moment: Moment,
        iris: Iterable[str],
        listed: Iterable[str] = (),
        named: Iterable[str] = (),
        *,
        told: Mapping[str, Iterable[lineage.Passage]] | None = None,
        proved: bool = True,
    ) -> None:
        self.moment = moment
        told = told or {}
        whole = sorted(set(iris))
        self._listed = frozenset(listed).difference(whole)
        wanted = facts.Wanted(tuple(whole), tuple(sorted(self._listed)), LISTED)
        facts.begin(engine, wanted, moment.known)
        found = dict(told)
        if proved:
            unproved = [iri for iri in whole if iri not in told]
            others = [iri for iri in wanted.listed if iri not in told]
            passages.begin(engine, unproved, others, moment.known)
        self._facts = facts.facts(engine, wanted, moment.known)
        if proved:
            found |= passages.passages(engine, unproved, others, moment.known)
        spoken = {*whole, *self._listed, *named}
        spoken |= {each.document for places in found.values() for each in places}
        names = set[str]()
        for by_property in self._facts.values():
            names |= by_property.keys()
            for some in by_property.values():
                spoken.update(str(each.value) for each in some if is_iri(each.value))
        spoken.update(map(expanded, names))
        self._labels = asking.labels(engine, spoken)
        self._passages = {
            iri: [self._passage(each) for each in places] for iri, places in found.items()
        }

    def says_of(self, iri: str) -> Mapping[str, list[Fact]]:
        """Return the facts about a thing by property; none, if nothing was public by then."""
        return self._facts.get(iri, {})

    def values(self, iri: str, name: str) -> list[str]:
        """Return the values that a thing has by a property, as text."""
        assert name in LISTED or iri not in self._listed, f"{name} is not read of what is listed"
        return [str(fact.value) for fact in self.says_of(iri).get(name, ())]

    def value(self, iri: str, name: str) -> str:
        """Return the first of these; empty, if there is none."""
        return next(iter(self.values(iri, name)), "")

    def date(self, iri: str, name: str = "peel:date") -> str:
        """Return a date of a thing in words; empty, if there is none."""
        return words.joined([words.a_date(each) for each in self.values(iri, name)])

    def passages(self, iri: str) -> list[Passage]:
        """Return the passages that are evidence for a thing, in order."""
        return self._passages.get(iri, [])

    def label(self, iri: str) -> str:
        """Return what a thing is called."""
        found = self._labels.get(iri, iri)
        return _named(iri) if is_iri(found) else found

    def property_name(self, name: str) -> str:
        """Return what a property is called in the ontology, given its short name."""
        found = self.label(expanded(name))
        return capitalised(found if found != name else name.partition(":")[2])

    def named(self, iri: str, name: str) -> str:
        """Return the labels of the values of a property, joined."""
        return words.joined([self.label(each) for each in self.values(iri, name)])

    def shown(self, value: Value, name: str = "") -> Shown:
        """Return a value as a page shows it.

        :param name: the property whose value it is
        """
        if isinstance(value, bool):
            return Shown("yes" if value else "no")
        text = str(value)
        if name in words.DATES:
            return Shown(words.a_date(text))
        if not is_iri(text):
            return Shown(f"{value:,}" if isinstance(value, int) else text)
        address = link(text) or ""
        if not address.startswith("/"):
            return Shown(self.label(text), address, external=bool(address))
        return Shown(self.label(text), self.moment.keep(address))

    def thing(self, iri: str) -> Shown:
        """Return a thing as a link to its page."""
        return self.shown(iri)

    def _passage(self, place: lineage.Passage) -> Passage:
        return Passage(
            iri=place.iri,
            document=place.document,
            title=self._labels[place.document],
            start=place.start,
            end=place.end,
            address=passage_address(self.moment, place.document, place.start, place.end),
            public=place.page,
            quotation=place.quotation,
        )


def passage_address(moment: Moment, document: str, start: int, end: int) -> str:
    """Return the address of the page of a passage."""
    slug = document.removeprefix(f"{ID}document/")
    return moment.keep(f"/passages/{slug}/{start}-{end}")


def is_iri(value: Value) -> bool:
    """Say whether a value is the name of a thing, here or elsewhere."""
    return isinstance(value, str) and value.startswith(("http://", "https://"))


def expanded(name: str) -> str:
    """Return the IRI of a property, given its short name; as it is, where that is its IRI."""
    prefix, _, local = name.partition(":")
    return PREFIXES[prefix] + local if prefix in PREFIXES else name


def _named(iri: str) -> str:
    """Return what an address elsewhere is called: its host and its end."""
    if (known := _ELSEWHERE.get(iri)) is not None:
        return known
    parts = urlsplit(iri)
    host, end = parts.netloc.removeprefix("www."), parts.path.rstrip("/").rpartition("/")[2]
    return f"{host}: {end}" if end and len(end) < 30 else host
