"""Reports of inspections: what they grade, find and raise."""

from datetime import timedelta

from peelbench import chance as often
from peelbench.chance import drawn
from peelbench.country import CYCLES, inspectorate
from peelbench.matters import Item, Round, Telling, document
from peelbench.page import Page, edtf, english
from peelbench.people import INSPECTOR, attest


def report(told: Telling, found: Round, findings: int, raises: bool) -> Page:
    """Return the report of an inspection, and note in *found* what it raised.

    :param findings: how many it has
    :param raises: whether it raises items too
    """
    page = Page(found.report, told.change)
    force, by = told.force, inspectorate(found.public)
    title = page.say(f"Report {found.key} on {force.label}, {found.public.isoformat()}.")
    document(page, title, f"Report {found.key}", "inspection-report", by,
              ("peel:publicOn", edtf(found.public.isoformat())),
              ("peel:reportsOn", found.inspection), ogl=True)  # fmt: skip
    _inspection(told, page, found)
    attest(page, INSPECTOR, found.public, told.people)
    names = []
    for number in range(1, findings + 1):
        names.append(_finding(told, page, found, number))
    if raises:
        for number in range(1, drawn(told.chance, often.IMPROVEMENTS) + 1):
            _improvement(told, page, found, number)
        for number in range(1, drawn(told.chance, often.CONCERNS) + 1):
            _concern(told, page, found, number, names)
    return page


def _inspection(told: Telling, page: Page, found: Round) -> None:
    chance, day = told.chance, found.day
    cycle = next(
        (name for name in sorted(told.cycles) if CYCLES[name][0] <= day <= CYCLES[name][1]),
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
    said = page.say(f"Inspection {found.key} of {told.force.label} took place {when or 'then'}.")
    page.add(
        found.inspection,
        "peel:Inspection",
        ("skos:prefLabel", english(f"{told.force.label}, inspection {found.key}"[:80])),
        ("peel:kind", "kind:peel" if cycle else "kind:thematic"),
        *([("peel:programme", f"programme:{cycle}")] if cycle else []),
        ("peel:inspects", f"force:{told.force.slug}"),
        ("peel:conductedBy", inspectorate(day)),
        *([("peel:date", edtf(when))] if when else []),
        evidence=[said],
    )
    if cycle is None:
        return
    told.cycles.discard(cycle)
    scale = told.country.scales[cycle]
    grades = often.GRADE4 if scale == "grade4" else often.GRADE5
    for area in told.country.areas[cycle]:
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


def _finding(told: Telling, page: Page, found: Round, number: int) -> str:
    name, themes = f"finding:{found.key}-{number}", _themes(told)
    polarity = drawn(told.chance, often.POLARITY)
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


def _improvement(told: Telling, page: Page, found: Round, number: int) -> None:
    theme = _themes(told)[0]
    name = f"improvement:{found.key}-{number}"
    wording = f"The force should improve {theme.replace('-', ' ')} ({found.key}-{number})."
    page.add(
        name,
        "peel:AreaForImprovement",
        ("skos:prefLabel", english(f"Improve {theme.replace('-', ' ')}, {found.key}")),
        ("peel:wording", english(wording)),
        ("peel:raisedAgainst", f"force:{told.force.slug}"),
        ("peel:identifiedIn", found.inspection),
        ("peel:theme", f"theme:{theme}"),
        evidence=[page.say(wording)],
    )


def _concern(told: Telling, page: Page, found: Round, number: int, findings: list[str]) -> None:
    chance, themes = told.chance, _themes(told)
    name = f"concern:{found.key}-{number}"
    matter = themes[0].replace("-", " ")
    wording = f"The way the force handles {matter} is a cause of concern ({found.key}-{number})."
    based = sorted({chance.choice(findings) for _ in range(chance.randint(0, 3))})
    page.add(
        name,
        "peel:CauseOfConcern",
        ("skos:prefLabel", english(f"{matter}, concern {found.key}-{number}"[:80])),
        ("peel:wording", english(wording)),
        ("peel:raisedAgainst", f"force:{told.force.slug}"),
        ("peel:identifiedIn", found.inspection),
        *(("peel:basedOn", each) for each in based),
        *(("peel:theme", f"theme:{each}") for each in themes),
        evidence=[page.say(wording)],
    )
    concern = Item(name, matter, themes[0])
    found.concerns.append(concern)
    found.items.append(concern)
    count = drawn(chance, often.RECOMMENDATIONS)
    limit = chance.choice((("Within six months", "P6M"), ("as quickly as possible", ""), ("", "")))
    for position in range(1, count + 1):
        _recommendation(told, page, found, concern, f"{number}-{position}", position, limit)
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
    told: Telling,
    page: Page,
    found: Round,
    concern: Item,
    number: str,
    position: int,
    limit: tuple[str, str],
) -> None:
    name = f"recommendation:{found.key}-{number}"
    wording = f"make sure that {concern.label} is put right, step {position} ({found.key}-{number})"
    words, duration = limit
    page.add(
        name,
        "peel:Recommendation",
        ("skos:prefLabel", english(f"Step {position} on {concern.label}, {found.key}"[:80])),
        ("peel:wording", english(wording)),
        ("peel:addresses", concern.name),
        ("peel:position", str(position)),
        ("peel:directedTo", f"force:{told.force.slug}"),
        ("peel:identifiedIn", found.inspection),
        ("peel:theme", f"theme:{concern.theme}"),
        *([("peel:timeLimit", english(words))] if words else []),
        *([("peel:timeLimitDuration", f'"{duration}"^^xsd:duration')] if duration else []),
        evidence=[page.say(wording), *([page.say(f"{words}, {number}.")] if words else [])],
    )
    found.items.append(Item(name, f"{concern.label}, step {position}", concern.theme))


def _themes(told: Telling) -> list[str]:
    return told.chance.sample(told.country.themes, drawn(told.chance, often.THEMES))
