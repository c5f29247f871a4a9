"""Letters about visits: what was seen, what is closed and what is not, how the phase changed."""

from collections.abc import Iterator
from datetime import date, timedelta

from peelbench import chance as often
from peelbench.chance import happens
from peelbench.country import inspectorate
from peelbench.matters import END, Item, Round, Telling, document
from peelbench.page import Page, edtf, english
from peelbench.people import CHIEF_INSPECTOR, INSPECTOR, attest


def letters(told: Telling, found: Round) -> Iterator[Page]:
    """Yield the letters about one or more visits, until all is closed or nobody comes."""
    day, number = found.public, 0
    while any(item.open for item in found.items) and number < 3:
        number += 1
        day += timedelta(days=told.chance.randint(150, 450))
        if day + timedelta(days=90) > END or (
            number > 1 and not happens(told.chance, often.VISITED_AGAIN)
        ):
            return
        yield _letter(told, found, number, day)


def _letter(told: Telling, found: Round, number: int, day: date) -> Page:
    """Return the letter about a visit that began on a day."""
    chance, key = told.chance, f"{found.key}-visit-{number}"
    decided = day + timedelta(days=45)
    sent = decided + timedelta(days=chance.randint(1, 40))
    page = Page(f"{key}-letter", told.change)
    title = page.say(f"Letter on visit {key}, {sent.isoformat()}.")
    document(page, title, f"Letter on {key}", "letter", inspectorate(sent),
              ("peel:publicOn", edtf(sent.isoformat())),
              ("peel:sentOn", edtf(sent.isoformat())),
              ("peel:reportsOn", f"inspection:{key}"), ogl=True)  # fmt: skip
    attest(page, INSPECTOR, sent, told.people)
    attest(page, told.chief, sent, told.people)
    due = [item for item in found.items if item.open]
    seen = page.say(f"Inspectors came back for visit {key} in {day:%Y-%m}.")
    page.add(
        f"inspection:{key}",
        "peel:Inspection",
        ("skos:prefLabel", english(f"Visit {key}")),
        ("peel:kind", "kind:revisit" if number == 1 else "kind:reinspection"),
        ("peel:inspects", f"force:{told.force.slug}"),
        ("peel:conductedBy", inspectorate(day)),
        ("peel:follows", found.inspection),
        *(("peel:revisits", item.name) for item in due),
        ("peel:date", edtf(f"{day:%Y-%m}")),
        evidence=[seen],
    )
    closed = [
        decision for item in due if (decision := _decide(told, page, key, item, decided, sent))
    ]
    if len(found.concerns) > 1 and number == 1 and happens(chance, often.ENGAGED):
        _phases(told, page, found, key, sent, closed)
    return page


def _decide(
    told: Telling, page: Page, key: str, item: Item, decided: date, sent: date
) -> str | None:
    """Assess an item and decide it; return the decision, if that closes it."""
    slug = item.name.partition(":")[2]
    # items of two kinds may have the same slug
    name = f"{item.name.replace(':', '-')}-visit-{key.rpartition('-')[2]}"
    closes = happens(told.chance, often.CLOSED)
    dated = happens(told.chance, often.CLOSING_HAS_A_DAY)
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


def _phases(
    told: Telling, page: Page, found: Round, key: str, sent: date, closed: list[str]
) -> None:
    """Tell that the force was moved to the enhanced phase after the report, and is back now."""
    start = found.public + timedelta(days=30)
    if start <= told.free_from:
        return
    told.free_from = sent
    said = page.say(f"The force was moved to Engage on {start.isoformat()}, {key}.")
    force = f"force:{told.force.slug}"
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
    chief = attest(page, CHIEF_INSPECTOR, sent, told.people)
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
