"""What refers to a thing, in sections by how it does."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

import pyoxigraph as ox

from peelgraph.asking import Value
from peelgraph.engine import Ahead, Engine
from peelgraph.namespaces import ID, shorten
from peelgraph.values import day_term
from peelserver.pages import standing, words
from peelserver.pages.blocks import PLACES, Entry, Section, elsewhere, entry, kind_of, share
from peelserver.pages.knowledge import Knowledge, Shown, expanded
from peelserver.pages.moment import Moment

#: how many things a section shows
SHOWN = 40

#: how many things all sections show together, and each of them in any case
ALL, LEAST = 100, 5

#: how many of a section are looked at, to find those that it shows
LOOKED = SHOWN * 3

#: how many days on which somebody is shown in office are named
_DAYS = 8

#: how many things that refer to one are looked at
_BOUND = 2000

Mention = tuple[str, str]

#: what links to a thing and does not speak of it
_NO_MENTIONS = "peel:leadsTo, peel:ofForce, oa:hasSource, org:hasMember, rdf:subject, rdf:object"
_NO_THINGS = '"passage", "standing", "status-period", "duty-standing", "phase-period"'

#: holds that the thing, what refers to it, and that it does so, were public by a day
_PUBLIC = """OPTIONAL {{ {thing} peel:knownFrom ?first }} FILTER (COALESCE(?first <= {until}, true))
  OPTIONAL {{ ?mention peel:knownFrom ?from }} FILTER (COALESCE(?from <= {until}, true))
  OPTIONAL {{ ?mark rdf:subject ?mention ; rdf:predicate ?property ; rdf:object {thing} ;
    peel:knownFrom ?said }} FILTER (COALESCE(?said <= {until}, true)) """

#: heading by property, or by property and kind of what refers; in the order of a page
_HEADINGS = {
    "peel:addresses": "Recommendations",
    "peel:identifiedIn cause-of-concern": "Causes of concern",
    "peel:identifiedIn recommendation": "Recommendations",
    "peel:identifiedIn area-for-improvement": "Areas for improvement",
    "peel:basedOn": "Causes of concern that rest on it",
    "peel:identifiedIn judgement": "Judgements",
    "peel:identifiedIn grade-count": "Grades that are counted and not named",
    "org:member": "Offices, as attested",
    "peel:office": "Holders, as attested",
    "org:postIn": "Offices",
    "peel:assesses": "Progress that inspectors saw",
    "peel:seenAt": "Progress that inspectors saw",
    "peel:decides": "What was decided",
    "peel:informedBy": "What was decided after it",
    "peel:respondsTo": "Who answered",
    "peel:respondent": "Answers",
    "peel:undertakes": "Where it was promised",
    "peel:undertakenBy": "Promises",
    "peel:saidBy": "Statements",
    "peel:decidedBy": "Decisions",
    "peel:identifiedIn finding": "Findings",
    "peel:reportsOn": "Documents that report on it",
    "peel:about statement": "What was said about it",
    "peel:about statistic": "Figures about it",
    "peel:claimedBy": "Figures given",
    "peel:inspects": "Inspections",
    "peel:conductedBy": "Inspections",
    "peel:revisits": "Inspections that looked at it again",
    "peel:follows": "Inspections that followed",
    "peel:heardBy": "Hearings",
    "peel:hears": "Hearings",
    "peel:between": "Where documents disagree about it",
    "peel:about discrepancy": "Where documents disagree about it",
    "peel:about unknown": "What the documents leave open about it",
    "dcterms:isPartOf": "Parts of it",
    "dcterms:creator": "Documents by them",
    "dcterms:publisher": "Documents published",
    "peel:sentTo": "Documents sent to them",
    "peel:copiedTo": "Documents copied to them",
    "dcterms:references": "Documents that refer to it",
    "peel:toldBy": "What they tell of",
    "peel:inOffice": "Said and done in this office",
    "peel:holdsToAccount": "Who holds it to account",
    "org:organization": "Times in office, as attested",
    "org:originalOrganization": "What it became",
    "org:resultingOrganization": "What it was",
    "peel:earlier": "Where it came up again",
    "peel:later": "Where it had come up before",
    "prov:wasDerivedFrom": "What was drawn from it",
}

#: what to say of a thing in a list, by its kind: the values of these properties
_WHAT = {
    "area-for-improvement": ("peel:area",),
    "assessment": ("peel:seenAt",),
    "body": ("org:classification",),
    "decision": ("peel:outcome", "peel:decidedBy"),
    "document": ("dcterms:type",),
    "finding": ("peel:polarity", "peel:area"),
    "inspection": ("peel:kind",),
    "judgement": ("peel:grade",),
    "office": ("org:postIn",),
    "response": ("peel:respondent",),
    "statement": ("peel:saidBy", "peel:stance"),
    "statistic": ("peel:value", "peel:unit", "peel:period"),
    "undertaking": ("peel:undertakenBy", "peel:outcome"),
}

#: which lines stand below a thing in a list, by its kind
_LINES = {
    "recommendation": ("peel:timeLimit", "peel:dueBy"),
    "response": ("peel:undertakes",),
    "undertaking": ("peel:timeLimit", "peel:dueBy"),
    "discrepancy": ("peel:reason",),
    "unknown": ("peel:reason",),
}


def of(engine: Engine, iri: str, moment: Moment, only: Iterable[str] = ()) -> list[Mention]:
    """Return what refers to a thing: the short name of the property, and the IRI.

    These are the rows of the question ``mentions``, by a shorter query, for few of its columns.

    :param only: the short names of the properties that are wanted; all, if none is given
    """
    rows = engine.query(_refer_to(iri, moment.known, only))
    assert isinstance(rows, ox.QuerySolutions)
    return [(shorten(name.value), mention.value) for name, mention in rows]


def begin(engine: Engine, iri: str, moment: Moment, only: Iterable[str] = ()) -> None:
    """Let an engine that can do so begin with what :func:`of` will ask."""
    if isinstance(engine, Ahead):
        engine.ahead(_refer_to(iri, moment.known, only))


def _refer_to(iri: str, known: str, only: Iterable[str]) -> str:
    thing, until = ox.NamedNode(iri), day_term(known)
    which = f"IN ({', '.join(only)})" if only else f"NOT IN ({_NO_MENTIONS})"
    public = "" if known == "all" else _PUBLIC.format(thing=thing, until=until)
    return (
        f"SELECT DISTINCT ?property ?mention {{ ?mention ?property {thing} ; peel:kindToken ?kind "
        f"FILTER (?property {which} && ?kind NOT IN ({_NO_THINGS})) {public}}} "
        f"ORDER BY ?kind ?property ?mention LIMIT {_BOUND}"
    )


def shown(found: Iterable[Mention], without: Iterable[str] = ()) -> dict[str, list[str]]:
    """Return what refers to a thing by heading key, in the order of a page."""
    left_out = set(without)
    by_key: dict[str, list[str]] = {}
    for name, iri in found:
        key = f"{name} {kind_of(iri)}"
        key = key if key in _HEADINGS else name
        if key not in left_out and iri not in by_key.setdefault(key, []):
            by_key[key].append(iri)
    order = {key: place for place, key in enumerate(_HEADINGS)}
    return {
        key: by_key[key]
        for key in sorted(by_key, key=lambda key: (order.get(key, 999), key))
        if by_key[key]
    }


def unnamed(by_key: Mapping[str, list[str]]) -> list[str]:
    """Return the properties that the headings call by their labels."""
    return [expanded(key.partition(" ")[0]) for key in by_key if key not in _HEADINGS]


def sections(
    known: Knowledge, about: str, by_key: Mapping[str, list[str]], rows: Mapping[str, standing.Row]
) -> list[Section]:
    """Return a section for each way of referring to the thing *about*.

    :param rows: how items stand
    """
    found = []
    most = share(map(len, by_key.values()), SHOWN, LEAST, ALL)
    for key, iris in by_key.items():
        name = key.partition(" ")[0]
        heading = _HEADINGS.get(key) or f"Refers to it as “{known.property_name(name).lower()}”"
        kept = sorted(iris, key=lambda iri: _order(known, iri))[:most]
        more = None
        if len(iris) > most:
            table = known.moment.keep("/questions/mentions", thing=about.removeprefix(ID))
            more = Shown(f"Show all {len(iris):,} as a table; these are {most}", table)
        anchor = key.replace(":", "-").replace(" ", "-").lower()
        entries = tuple(an_entry(known, iri, name, rows) for iri in kept)
        found.append(Section(anchor, heading, entries, more=more))
    return found


def an_entry(
    known: Knowledge, iri: str, name: str = "", rows: Mapping[str, standing.Row] | None = None
) -> Entry:
    """Return one thing as an entry, with what its kind has to say."""
    kind = kind_of(iri)
    if kind == "tenure":
        return _tenure(known, iri, name)
    parts = [_words(known, iri, each) for each in _WHAT.get(kind, ()) if each != name]
    row = (rows or {}).get(iri)
    made = entry(
        known,
        iri,
        what=", ".join(filter(None, parts)),
        tag=standing.tag(row) if row else None,
        lines=_LINES.get(kind, ()),
    )
    if row and (when := standing.when(row)):
        made = replace(made, when=when)
    if kind == "statistic":
        return replace(made, when="")
    return made


def looked(by_key: Mapping[str, list[str]]) -> list[str]:
    """Return the things that are looked at, to find those that the sections show."""
    return [each for some in by_key.values() for each in some[:LOOKED]]


def _words(known: Knowledge, iri: str, name: str) -> str:
    if name in words.DATES:
        return known.date(iri, name)
    return words.joined([known.shown(fact.value).text for fact in known.says_of(iri).get(name, ())])


def _tenure(known: Knowledge, iri: str, name: str) -> Entry:
    """Return a time in office; that its ends are not known is said, since readers expect them."""
    other = "peel:office" if name == "org:member" else "org:member"
    ends = [
        f"{word} {known.date(iri, prop)}"
        for prop, word in (("peel:began", "began"), ("peel:ended", "ended"))
        if known.date(iri, prop)
    ]
    missing = [
        word
        for prop, word in (("peel:began", "began"), ("peel:ended", "ended"))
        if not known.date(iri, prop)
    ]
    unknown = {
        0: "",
        1: f"No document says when it {' or '.join(missing)}.",
        2: "Neither when it began nor when it ended is known.",
    }[len(missing)]
    shown_on = _attested(known, iri)
    seen = f"Shown in office on {shown_on}." if shown_on else "Shown in office on no certain day."
    dates = f"{words.sentence(words.joined(ends))} " if ends else ""
    return Entry(
        thing=known.thing(known.value(iri, other) or iri),
        says=f"{seen} {dates}{unknown}".strip(),
        sources=tuple(known.passages(iri)[:PLACES]),
        elsewhere=elsewhere(known, iri, PLACES),
    )


def _attested(known: Knowledge, iri: str) -> str:
    """Return on which days somebody is shown in office; of many, how many they are."""
    days = sorted(known.values(iri, "peel:attestedOn"))
    if len(days) <= _DAYS:
        return known.date(iri, "peel:attestedOn")
    return f"{len(days)} days, {words.a_date(days[0])} the first, {words.a_date(days[-1])} the last"


def _order(known: Knowledge, iri: str) -> tuple[float, str, str]:
    place: Value = known.value(iri, "peel:position") or 0
    dates = known.values(iri, "peel:date") or known.values(iri, "peel:effectiveOn")
    return float(place), "".join(sorted(dates)[:1]).strip("[."), known.label(iri)
