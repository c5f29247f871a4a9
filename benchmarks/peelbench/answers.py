"""What is said to a report: statutory responses with promises, articles, statements."""

from datetime import date, timedelta

from peelbench import chance as often
from peelbench.chance import drawn
from peelbench.matters import END, Item, Round, Telling, document
from peelbench.page import Page, edtf, english
from peelbench.people import Office, attest

_PRESS = ("body:police-professional", "body:redditch-standard")


def response(told: Telling, found: Round) -> Page:
    """Return what the force and those who hold it to account answer to a report."""
    chance, force = told.chance, told.force
    day = min(END, found.public + timedelta(days=chance.randint(20, 75)))
    page = Page(f"{found.key}-response", told.change)
    title = page.say(f"Response to {found.key}, {day.isoformat()}.")
    document(page, title, f"Response to {found.key}", "statutory-response",
              f"body:{force.body}", ("peel:dated", edtf(day.isoformat())))  # fmt: skip
    head = attest(page, told.head, day, told.people)
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
            _answer(told, page, whole, item)
    _statements(told, page, found, head, told.head, day)
    return page


def _answer(told: Telling, page: Page, whole: str, item: Item) -> None:
    slug = item.name.partition(":")[2]
    promised = range(1, drawn(told.chance, often.UNDERTAKINGS) + 1)
    page.add(
        f"response:{slug}",
        "peel:Response",
        ("skos:prefLabel", english(f"The force on {item.label}"[:80])),
        ("dcterms:description", english(f"The force says what it does about {item.label}.")),
        ("peel:respondsTo", item.name),
        ("peel:respondent", f"force:{told.force.slug}"),
        ("dcterms:isPartOf", whole),
        *(("peel:undertakes", f"undertaking:{slug}-{each}") for each in promised),
        evidence=[page.say(f"The force answers {slug}: work is under way.")],
    )
    for each in promised:
        page.add(
            f"undertaking:{slug}-{each}",
            "peel:Undertaking",
            ("skos:prefLabel", english(f"Promise {each} on {slug}"[:80])),
            ("peel:undertakenBy", f"force:{told.force.slug}"),
            ("dcterms:description", english(f"Work on {item.label}, part {each}.")),
            evidence=[page.say(f"The force will do part {each} of the work on {slug}.")],
        )


def _statements(
    told: Telling, page: Page, found: Round, who: str, office: Office, day: date
) -> None:
    """Let somebody in an office say something of an inspection."""
    for number in range(1, told.chance.randint(1, 4) + 1):
        stance = drawn(told.chance, often.STANCE)
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


def article(told: Telling, found: Round) -> Page:
    """Return what a paper tells of a report: some of its grades again, and what the chief says."""
    chance = told.chance
    day = min(END, found.public + timedelta(days=chance.randint(1, 9)))
    page = Page(f"{found.key}-article", told.change)
    title = page.say(f"What inspectors say of {told.force.label}, {found.key}.")
    publisher = chance.choice(_PRESS)
    document(page, title, f"Article on {found.key}", "news-article", publisher,
              ("peel:dated", edtf(day.isoformat())))  # fmt: skip
    chief = attest(page, told.chief, day, told.people)
    for name, pairs in found.judgements[:3]:
        said = page.say(f"The paper tells of {name.partition(':')[2]}.")
        page.add(name, "peel:Judgement", *pairs, ("peel:toldBy", publisher), evidence=[said])
    _statements(told, page, found, chief, told.chief, day)
    return page
