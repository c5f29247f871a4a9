"""What is told of one force: inspection after inspection, each with what came of it.

A report raises; a response answers; letters tell of visits, closings, phases; an article repeats.
"""

import random
from collections.abc import Iterator
from datetime import date, timedelta

from peelbench import chance as often
from peelbench.answers import article, response
from peelbench.chance import drawn, happens
from peelbench.country import Country, Force
from peelbench.letters import letters
from peelbench.matters import END, Round, Telling
from peelbench.page import Change, Page, Pair, block, english
from peelbench.people import offices
from peelbench.reports import report


class Story:
    """What the documents tell of one force, made up in the order of time."""

    def __init__(
        self, country: Country, force: Force, place: int, chance: random.Random, change: Change
    ) -> None:
        self._told = Telling(country, force, chance, change, *offices(force, 7 * place))
        self._chance = chance
        self._earlier: dict[str, tuple[str, str]] = {}  #: by theme, a thing and its document
        self.editorial: list[str] = []
        self.editorial_triples = 0

    @property
    def people(self) -> dict[str, str]:
        """The people who have been shown in an office, with their labels."""
        return self._told.people

    def round(self, number: int, day: date, findings: int | None = None) -> Iterator[Page]:
        """Yield the documents of one inspection.

        :param number: of the inspection, from 1
        :param day: on which it began
        :param findings: how many; drawn, and followed by all that comes of them, if None
        """
        key = f"{self._told.force.slug}-{day.year}-{number:04}"
        public = min(END, day + timedelta(days=self._chance.randint(60, 200)))
        found = Round(key, f"inspection:{key}", f"{key}-report", day, public)
        count = drawn(self._chance, often.FINDINGS) if findings is None else findings
        yield report(self._told, found, count, raises=findings is None)
        self._recur(found)
        if findings is not None:
            return
        if happens(self._chance, often.RESPONDED):
            yield response(self._told, found)
        if found.items and happens(self._chance, often.VISITED):
            yield from letters(self._told, found)
        if found.judgements and happens(self._chance, often.REPORTED):
            yield article(self._told, found)

    def _recur(self, found: Round) -> None:
        """Let the editors see that matters of this inspection have come up before."""
        matters = found.matters | {item.theme: item.name for item in found.concerns}
        again = sorted(matters.keys() & self._earlier.keys())
        seen = self._chance.sample(again, min(len(again), drawn(self._chance, often.RECURRENCES)))
        for number, theme in enumerate(seen, 1):
            self._recurrence(found, number, theme, matters[theme], self._earlier[theme])
        self._earlier |= {theme: (name, found.report) for theme, name in matters.items()}

    def _recurrence(
        self, found: Round, number: int, theme: str, later: str, earlier: tuple[str, str]
    ) -> None:
        pairs: list[Pair] = [
            ("a", "peel:Recurrence"),
            ("skos:prefLabel", english(f"{theme.replace('-', ' ')} again, {found.key}"[:80])),
            ("peel:earlier", earlier[0]),
            ("peel:later", later),
            ("peel:basis", "basis:inferred"),
            ("peel:reason", english(f"Both are about {theme.replace('-', ' ')}.")),
            ("prov:wasDerivedFrom", f"document:{earlier[1]}"),
            ("prov:wasDerivedFrom", f"document:{found.report}"),
        ]
        self.editorial.append(block(f"recurrence:{found.key}-{number}", pairs))
        self.editorial_triples += len(pairs)
