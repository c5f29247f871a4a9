"""What is told of one force: inspection after inspection, each with what came of it.

A report raises; a response answers; letters tell of visits, closings, phases; an article repeats.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from peelbench import chance as often
from peelbench.chance import drawn, happens
from peelbench.country import CYCLES, Country, Force, inspectorate
from peelbench.page import Change, Page, Pair, block, edtf, english
from peelbench.people import CHIEF_INSPECTOR, INSPECTOR, Office, attest, offices

#: the last day on which anything happens
END = date(2026, 10, 31)
_OGL = "<https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/>"
_PRESS = ("body:police-professional", "body:redditch-standard")


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


class Story:
    """What the documents tell of one force, made up in the order of time."""

    def __init__(
        self, country: Country, force: Force, place: int, chance: random.Random, change: Change
    ) -> None:
        self.people: dict[str, str] = {}
        self.editorial: list[str] = []
        self.editorial_triples = 0
        self.chief, self.head = offices(force, 7 * place)
        self._country = country
        self._force = force
        self._chance = chance
        self._change = change
        self._cycles = set(CYCLES)
        self._phase_free_from = date.min  #: no change of phase before this day
        self._earlier: dict[str, tuple[str, str]] = {}  #: by theme, a thing and its document

    def round(self, number: int, day: date, findings: int | None = None) -> Iterator[Page]:
        """Yield the documents of one inspection.

        :param number: of the inspection, from 1
        :param day: on which it began
        :param findings: how many; drawn, and followed by all that comes of them, if None
        """
        key = f"{self._force.slug}-{day.year}-{number:04}"
        public = min(END, day + timedelta(days=self._chance.randint(60, 200)))
        found = Round(key, f"inspection:{key}", f"{key}-report", day, public)
        count = drawn(self._chance, often.FINDINGS) if findings is None else findings
        yield self._report(found, count, raises=findings is None)
        if findings is not None:
            return
        if happens(self._chance, often.RESPONDED):
            yield self._response(found)
        if found.items and happens(self._chance, often.VISITED):
            yield from self._visits(found)
        if found.judgements and happens(self._chance, often.REPORTED):
            yield self._article(found)

    def _report(self, found: Round, findings: int, raises: bool) -> Page:
        page = Page(found.report, self._change)
        force, by = self._force, inspectorate(found.public)
        title = page.say(f"Report {found.key} on {force.label}, {found.public.isoformat()}.")
        _document(page, title, f"Report {found.key}", "inspection-report", by,
                  ("peel:publicOn", edtf(found.public.isoformat())),
                  ("peel:reportsOn", found.inspection), ogl=True)  # fmt: skip
        self._inspection(page, found)
        attest(page, INSPECTOR, found.public, self.people)
        told = []
        for number in range(1, findings + 1):
            told.append(self._finding(page, found, number))
        if raises:
            for number in range(1, drawn(self._chance, often.IMPROVEMENTS) + 1):
                self._improvement(page, found, number)
            for number in range(1, drawn(self._chance, often.CONCERNS) + 1):
                self._concern(page, found, number, told)
        self._recur(found)
        return page

    def _inspection(self, page: Page, found: Round) -> None:
        chance, day = self._chance, found.day
        cycle = next(
            (name for name in sorted(self._cycles) if CYCLES[name][0] <= day <= CYCLES[name][1]),
            None,
        )
        later = day + timedelta(days=31)
        when = {
            "month": f"{day:%Y-%m}",
            "months": f"{day:%Y-%m}/{later:%Y-%m}",
            "": "",
        }[drawn(chance, often.DATED)]
        if later >= found.public.replace(day=1):
            when = ""
        said = page.say(
            f"Inspection {found.key} of {self._force.label} took place {when or 'then'}."
        )
        page.add(
            found.inspection,
            "peel:Inspection",
            ("skos:prefLabel", english(f"{self._force.label}, inspection {found.key}"[:80])),
            ("peel:kind", "kind:peel" if cycle else "kind:thematic"),
            *([("peel:programme", f"programme:{cycle}")] if cycle else []),
            ("peel:inspects", f"force:{self._force.slug}"),
            ("peel:conductedBy", inspectorate(day)),
            *([("peel:date", edtf(when))] if when else []),
            evidence=[said],
        )
        if cycle is None:
            return
        self._cycles.discard(cycle)
        scale = self._country.scales[cycle]
        grades = often.GRADE4 if scale == "grade4" else often.GRADE5
        for area in self._country.areas[cycle]:
            grade = drawn(chance, grades)
            said = page.say(f"For {area} the force is graded {grade} in {found.key}.")
            name = f"judgement:{found.key}-{area}"
            pairs = [
                ("skos:prefLabel", english(f"{area.replace('-', ' ')}, {found.key}"[:80])),
                ("peel:identifiedIn", found.inspection),
                ("peel:area", f"area:{area}"),
                ("peel:grade", f"{scale}:{grade}"),
            ]
            page.add(name, "peel:Judgement", *pairs, evidence=[said])
            found.judgements.append((name, pairs))

    def _finding(self, page: Page, found: Round, number: int) -> str:
        name, themes = f"finding:{found.key}-{number}", self._themes()
        polarity = drawn(self._chance, often.POLARITY)
        said = page.say(f"Inspectors found {themes[0]} to be a {polarity} ({found.key}-{number}).")
        page.add(
            name,
            "peel:Finding",
            ("skos:prefLabel", english(f"{themes[0].replace('-', ' ')}, {found.key}-{number}")),
            ("peel:identifiedIn", found.inspection),
            ("peel:polarity", f"polarity:{polarity}"),
            *(("peel:theme", f"theme:{each}") for each in themes),
            ("dcterms:description", english(f"A {polarity} in {themes[0].replace('-', ' ')}.")),
            evidence=[said],
        )
        found.matters.setdefault(themes[0], name)
        return name

    def _improvement(self, page: Page, found: Round, number: int) -> None:
        theme = self._themes()[0]
        name = f"improvement:{found.key}-{number}"
        wording = f"The force should improve {theme.replace('-', ' ')} ({found.key}-{number})."
        page.add(
            name,
            "peel:AreaForImprovement",
            ("skos:prefLabel", english(f"Improve {theme.replace('-', ' ')}, {found.key}")),
            ("peel:wording", english(wording)),
            ("peel:raisedAgainst", f"force:{self._force.slug}"),
            ("peel:identifiedIn", found.inspection),
            ("peel:theme", f"theme:{theme}"),
            evidence=[page.say(wording)],
        )

    def _concern(self, page: Page, found: Round, number: int, findings: list[str]) -> None:
        chance, themes = self._chance, self._themes()
        name = f"concern:{found.key}-{number}"
        matter = themes[0].replace("-", " ")
        wording = (
            f"The way the force handles {matter} is a cause of concern ({found.key}-{number})."
        )
        based = sorted({chance.choice(findings) for _ in range(chance.randint(0, 3))})
        page.add(
            name,
            "peel:CauseOfConcern",
            ("skos:prefLabel", english(f"{matter}, concern {found.key}-{number}"[:80])),
            ("peel:wording", english(wording)),
            ("peel:raisedAgainst", f"force:{self._force.slug}"),
            ("peel:identifiedIn", found.inspection),
            *(("peel:basedOn", each) for each in based),
            *(("peel:theme", f"theme:{each}") for each in themes),
            evidence=[page.say(wording)],
        )
        concern = Item(name, matter, themes[0])
        found.concerns.append(concern)
        found.items.append(concern)
        count = drawn(chance, often.RECOMMENDATIONS)
        limit = chance.choice(
            (("Within six months", "P6M"), ("as quickly as possible", ""), ("", ""))
        )
        for position in range(1, count + 1):
            self._recommendation(page, found, concern, f"{number}-{position}", position, limit)
        if not count:
            page.add(
                f"unknown:{found.key}-{number}-recommendations",
                "peel:Unknown",
                ("skos:prefLabel", english(f"Recommendations of {found.key}-{number}")),
                ("peel:about", name),
                ("peel:leavesOpen", "peel:addresses"),
                ("dcterms:description", english("Which recommendations it came with.")),
                ("peel:basis", "basis:inferred"),
                ("peel:reason", english("The report tells of the concern and names none.")),
            )

    def _recommendation(
        self, page: Page, found: Round, concern: Item, number: str, position: int,
        limit: tuple[str, str],
    ) -> None:  # fmt: skip
        name = f"recommendation:{found.key}-{number}"
        wording = (
            f"make sure that {concern.label} is put right, step {position} ({found.key}-{number})"
        )
        words, duration = limit
        page.add(
            name,
            "peel:Recommendation",
            ("skos:prefLabel", english(f"Step {position} on {concern.label}, {found.key}"[:80])),
            ("peel:wording", english(wording)),
            ("peel:addresses", concern.name),
            ("peel:position", str(position)),
            ("peel:directedTo", f"force:{self._force.slug}"),
            ("peel:identifiedIn", found.inspection),
            ("peel:theme", f"theme:{concern.theme}"),
            *([("peel:timeLimit", english(words))] if words else []),
            *([("peel:timeLimitDuration", f'"{duration}"^^xsd:duration')] if duration else []),
            evidence=[page.say(wording), *([page.say(f"{words}, {number}.")] if words else [])],
        )
        found.items.append(Item(name, f"{concern.label}, step {position}", concern.theme))

    def _response(self, found: Round) -> Page:
        chance, force = self._chance, self._force
        day = min(END, found.public + timedelta(days=chance.randint(20, 75)))
        page = Page(f"{found.key}-response", self._change)
        title = page.say(f"Response to {found.key}, {day.isoformat()}.")
        _document(page, title, f"Response to {found.key}", "statutory-response",
                  f"body:{force.body}", ("peel:dated", edtf(day.isoformat())))  # fmt: skip
        head = attest(page, self.head, day, self.people)
        whole = f"response:{found.key}"
        page.add(
            whole,
            "peel:Response",
            ("skos:prefLabel", english(f"Response to {found.key}")),
            ("dcterms:description", english("The report is answered area by area.")),
            ("peel:respondsTo", f"document:{found.report}"),
            ("peel:respondent", f"body:{force.body}"),
            ("peel:date", edtf(day.isoformat())),
            evidence=[title],
        )
        for item in found.items:
            if item.name.startswith("recommendation:"):
                self._answer(page, whole, item)
        self._statements(page, found, head, self.head, day)
        return page

    def _answer(self, page: Page, whole: str, item: Item) -> None:
        slug = item.name.partition(":")[2]
        promised = range(1, drawn(self._chance, often.UNDERTAKINGS) + 1)
        page.add(
            f"response:{slug}",
            "peel:Response",
            ("skos:prefLabel", english(f"The force on {item.label}"[:80])),
            ("dcterms:description", english(f"The force says what it does about {item.label}.")),
            ("peel:respondsTo", item.name),
            ("peel:respondent", f"force:{self._force.slug}"),
            ("dcterms:isPartOf", whole),
            *(("peel:undertakes", f"undertaking:{slug}-{each}") for each in promised),
            evidence=[page.say(f"The force answers {slug}: work is under way.")],
        )
        for each in promised:
            page.add(
                f"undertaking:{slug}-{each}",
                "peel:Undertaking",
                ("skos:prefLabel", english(f"Promise {each} on {slug}"[:80])),
                ("peel:undertakenBy", f"force:{self._force.slug}"),
                ("dcterms:description", english(f"Work on {item.label}, part {each}.")),
                evidence=[page.say(f"The force will do part {each} of the work on {slug}.")],
            )

    def _statements(self, page: Page, found: Round, who: str, office: Office, day: date) -> None:
        for number in range(1, self._chance.randint(1, 4) + 1):
            stance = drawn(self._chance, often.STANCE)
            name = f"statement:{page.record}-{number}"
            said = page.say(f"Of {found.key} it is said, number {number}: {stance}.")
            page.add(
                name,
                "peel:Statement",
                ("skos:prefLabel", english(f"Statement {number} on {found.key}")),
                ("peel:saidBy", who),
                ("peel:inOffice", f"office:{office.slug}"),
                ("peel:about", found.inspection),
                ("peel:stance", f"stance:{stance}"),
                ("peel:date", edtf(day.isoformat())),
                ("dcterms:description", english(f"What was found: {stance.replace('-', ' ')}.")),
                evidence=[said],
            )

    def _visits(self, found: Round) -> Iterator[Page]:
        """Yield the letters about one or more visits, until all is closed or nobody comes."""
        day, number = found.public, 0
        while any(item.open for item in found.items) and number < 3:
            number += 1
            day += timedelta(days=self._chance.randint(150, 450))
            if day + timedelta(days=90) > END or (
                number > 1 and not happens(self._chance, often.VISITED_AGAIN)
            ):
                return
            yield self._letter(found, number, day)

    def _letter(self, found: Round, number: int, day: date) -> Page:
        """Return the letter about a visit that began on a day."""
        chance, key = self._chance, f"{found.key}-visit-{number}"
        decided = day + timedelta(days=45)
        sent = decided + timedelta(days=chance.randint(1, 40))
        page = Page(f"{key}-letter", self._change)
        title = page.say(f"Letter on visit {key}, {sent.isoformat()}.")
        _document(page, title, f"Letter on {key}", "letter", inspectorate(sent),
                  ("peel:publicOn", edtf(sent.isoformat())),
                  ("peel:sentOn", edtf(sent.isoformat())),
                  ("peel:reportsOn", f"inspection:{key}"), ogl=True)  # fmt: skip
        attest(page, INSPECTOR, sent, self.people)
        attest(page, self.chief, sent, self.people)
        due = [item for item in found.items if item.open]
        seen = page.say(f"Inspectors came back for visit {key} in {day:%Y-%m}.")
        page.add(
            f"inspection:{key}",
            "peel:Inspection",
            ("skos:prefLabel", english(f"Visit {key}")),
            ("peel:kind", "kind:revisit" if number == 1 else "kind:reinspection"),
            ("peel:inspects", f"force:{self._force.slug}"),
            ("peel:conductedBy", inspectorate(day)),
            ("peel:follows", found.inspection),
            *(("peel:revisits", item.name) for item in due),
            ("peel:date", edtf(f"{day:%Y-%m}")),
            evidence=[seen],
        )
        closed = [
            decision for item in due if (decision := self._decide(page, key, item, decided, sent))
        ]
        if len(found.concerns) > 1 and number == 1 and happens(chance, often.ENGAGED):
            self._phases(page, found, key, sent, closed)
        return page

    def _decide(self, page: Page, key: str, item: Item, decided: date, sent: date) -> str | None:
        """Assess an item and decide it; return the decision, if that closes it."""
        slug = item.name.partition(":")[2]
        # items of two kinds may have the same slug
        name = f"{item.name.replace(':', '-')}-visit-{key.rpartition('-')[2]}"
        closes = happens(self._chance, often.CLOSED)
        dated = happens(self._chance, often.CLOSING_HAS_A_DAY)
        word = "closed" if closes else "remains open"
        seen = page.say(f"On {slug} inspectors saw progress at {key}.")
        said = page.say(f"Item {slug} is {word} after {key}.")
        page.add(
            f"assessment:{name}",
            "peel:Assessment",
            ("skos:prefLabel", english(f"Seen at {key}: {item.label}"[:80])),
            ("peel:assesses", item.name),
            ("peel:seenAt", f"inspection:{key}"),
            ("dcterms:description", english(f"Progress was seen on {item.label}.")),
            evidence=[seen],
        )
        page.add(
            f"decision:{name}",
            "peel:Decision",
            ("skos:prefLabel", english(f"{item.label}: {word}"[:80])),
            ("peel:decides", item.name),
            ("peel:outcome", "outcome:closed" if closes else "outcome:remains-open"),
            ("peel:decidedBy", inspectorate(decided)),
            *([("peel:date", edtf(decided.isoformat()))] if closes and dated else []),
            ("peel:informedBy", f"assessment:{name}"),
            ("peel:informedBy", f"inspection:{key}"),
            evidence=[said],
        )
        if closes:
            item.open = False
            return f"decision:{name}"
        page.add(item.name, "", ("peel:attestedOpenOn", edtf(sent.isoformat())), evidence=[said])
        return None

    def _phases(self, page: Page, found: Round, key: str, sent: date, closed: list[str]) -> None:
        """Tell that the force was moved to the enhanced phase after the report, and is back now."""
        start = found.public + timedelta(days=30)
        if start <= self._phase_free_from:
            return
        self._phase_free_from = sent
        said = page.say(f"The force was moved to Engage on {start.isoformat()}, {key}.")
        force = f"force:{self._force.slug}"
        page.add(
            f"decision:{key}-engage",
            "peel:Decision",
            ("skos:prefLabel", english(f"Moved to Engage, {start.isoformat()}")),
            ("peel:decides", force),
            ("peel:outcome", "outcome:moved-to-phase"),
            ("peel:fromPhase", "phase:scan"),
            ("peel:toPhase", "phase:engage"),
            ("peel:decidedBy", inspectorate(start)),
            ("peel:date", edtf(start.isoformat())),
            ("peel:effectiveOn", edtf(start.isoformat())),
            evidence=[said],
        )
        heard = sent - timedelta(days=1)
        said = page.say(f"The oversight group heard the force on {heard.isoformat()}, {key}.")
        page.add(
            f"hearing:{key}",
            "peel:Hearing",
            ("skos:prefLabel", english(f"Oversight group, {heard.isoformat()}")),
            ("peel:heardBy", "body:ppog"),
            ("peel:hears", force),
            ("peel:date", edtf(heard.isoformat())),
            ("dcterms:description", english("The force presented its progress.")),
            evidence=[said],
        )
        chief = attest(page, CHIEF_INSPECTOR, sent, self.people)
        said = page.say(f"The force returns to Scan on {sent.isoformat()}, {key}.")
        page.add(
            f"decision:{key}-scan",
            "peel:Decision",
            ("skos:prefLabel", english(f"Returned to Scan, {sent.isoformat()}")),
            ("peel:decides", force),
            ("peel:outcome", "outcome:moved-to-phase"),
            ("peel:fromPhase", "phase:engage"),
            ("peel:toPhase", "phase:scan"),
            ("peel:decidedBy", chief),
            ("peel:inOffice", f"office:{CHIEF_INSPECTOR.slug}"),
            ("peel:effectiveOn", edtf(sent.isoformat())),
            ("peel:informedBy", f"hearing:{key}"),
            *(("peel:informedBy", each) for each in closed),
            evidence=[said],
        )

    def _article(self, found: Round) -> Page:
        chance = self._chance
        day = min(END, found.public + timedelta(days=chance.randint(1, 9)))
        page = Page(f"{found.key}-article", self._change)
        title = page.say(f"What inspectors say of {self._force.label}, {found.key}.")
        publisher = chance.choice(_PRESS)
        _document(page, title, f"Article on {found.key}", "news-article", publisher,
                  ("peel:dated", edtf(day.isoformat())))  # fmt: skip
        chief = attest(page, self.chief, day, self.people)
        for name, pairs in found.judgements[:3]:
            said = page.say(f"The paper tells of {name.partition(':')[2]}.")
            page.add(name, "peel:Judgement", *pairs, ("peel:toldBy", publisher), evidence=[said])
        self._statements(page, found, chief, self.chief, day)
        return page

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

    def _themes(self) -> list[str]:
        return self._chance.sample(self._country.themes, drawn(self._chance, often.THEMES))


def _document(
    page: Page, title: str, label: str, kind: str, publisher: str, *pairs: Pair, ogl: bool = False
) -> None:
    page.describe(
        ("skos:prefLabel", english(label[:80])),
        ("dcterms:title", english(label)),
        ("dcterms:type", f"doctype:{kind}"),
        ("dcterms:publisher", publisher),
        *([("dcterms:license", _OGL)] if ogl else []),
        *pairs,
        evidence=[title],
    )
