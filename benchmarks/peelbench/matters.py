"""What a story keeps in mind: open items, the round that is told, the state of the force."""

import random
from dataclasses import dataclass, field
from datetime import date

from peelbench.country import CYCLES, Country, Force
from peelbench.page import Change, Page, Pair, english
from peelbench.people import Office

#: the last day on which anything happens
END = date(2026, 10, 31)
_OGL = "<https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/>"


@dataclass(slots=True)
class Item:
    """A follow-up item, and whether a document has told of its closing."""

    name: str
    label: str
    theme: str
    open: bool = True


@dataclass(slots=True)
class Round:
    """One inspection with all that came of it."""

    key: str
    inspection: str
    report: str
    day: date
    public: date
    items: list[Item] = field(default_factory=list)
    concerns: list[Item] = field(default_factory=list)
    judgements: list[tuple[str, list[Pair]]] = field(default_factory=list)
    matters: dict[str, str] = field(default_factory=dict)  #: by theme, what tells of it first


@dataclass(slots=True)
class Telling:
    """A force of which is told, with what was told before.

    :param chief: the office of its chief constable
    :param head: that of the head of the body that holds it to account
    """

    country: Country
    force: Force
    chance: random.Random
    change: Change
    chief: Office
    head: Office
    people: dict[str, str] = field(default_factory=dict)
    cycles: set[str] = field(default_factory=lambda: set(CYCLES))  #: not yet inspected in
    free_from: date = date.min  #: no change of phase before this day


def document(
    page: Page, title: str, label: str, kind: str, publisher: str, *pairs: Pair, ogl: bool = False
) -> None:
    """Say what a document is: its label and title, its type and publisher, and more in pairs."""
    page.describe(
        ("skos:prefLabel", english(label[:80])),
        ("dcterms:title", english(label)),
        ("dcterms:type", f"doctype:{kind}"),
        ("dcterms:publisher", publisher),
        *([("dcterms:license", _OGL)] if ogl else []),
        *pairs,
        evidence=[title],
    )
