"""What kinds, properties and counts are called on pages, and dates as people write them.

What has no name of its own here is called by its label in the ontology.

>>> a_date("[2024-05-01..2024-09-18]"), a_date("2023-09"), a_date("2024-05/2024-06")
('some day between 1 May and 18 September 2024', 'September 2023', 'May to June 2024')
>>> count(1, "cause-of-concern"), count(14, "recommendation")
('one cause of concern', '14 recommendations')
"""

import re

from peelgraph import edtf, phrases
from peelgraph.wording import a_span, capitalised

#: kinds that do not take a plain s
_PLURALS = {
    "area-for-improvement": "areas for improvement",
    "body": "bodies",
    "cause-of-concern": "causes of concern",
    "discrepancy": "discrepancies",
    "duty": "duties",
    "person": "people",
    "unknown": "things not known",
}
_NAMES = {
    "body": "organisation",
    "change": "change of an organisation",
    "force": "police force",
    "grade-count": "count of grades",
    "hearing": "oversight hearing",
    "inference": "inference of ours",
    "statistic": "figure",
    "tenure": "time in office",
    "undertaking": "promise",
    "unknown": "what is not known",
}
_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")

#: properties whose values are dates, as EDTF
DATES = frozenset(
    f"peel:{name}"
    for name in (
        *("appliesFrom", "attestedOn", "attestedOpenOn", "began", "date", "dated", "dueBy"),
        *("effectiveOn", "ended", "period", "publicOn", "retrievedOn", "sentOn"),
    )
)

#: what a date of a thing is, by its property, or by its property and kind
DATE_NAMES = {
    "peel:attestedOn": "Shown in office on",
    "peel:attestedOpenOn": "Proved open on",
    "peel:began": "Began",
    "peel:date": "Date",
    "peel:date assessment": "Seen on",
    "peel:date cause-of-concern": "Raised",
    "peel:date change": "Took effect",
    "peel:date decision": "Decided",
    "peel:date hearing": "Heard",
    "peel:date inspection": "Inspectors on site",
    "peel:date recommendation": "Raised",
    "peel:date response": "Answered",
    "peel:date statement": "Said",
    "peel:dated": "Date on the document",
    "peel:dueBy": "Due by",
    "peel:effectiveOn": "In effect from",
    "peel:ended": "Ended",
    "peel:period": "Period",
    "peel:publicOn": "Public since",
    "peel:retrievedOn": "Text held since",
    "peel:sentOn": "Sent",
}

PROPERTIES = {
    **DATE_NAMES,
    "dcat:accessURL": "Address",
    "dcterms:creator": "Written by",
    "dcterms:identifier": "Identifier",
    "dcterms:identifier document": "File of the text held",
    "dcterms:isPartOf": "Part of",
    "dcterms:license": "Licence",
    "dcterms:publisher": "Published by",
    "dcterms:references": "Refers to",
    "dcterms:source": "Source",
    "dcterms:title": "Title",
    "dcterms:type": "Type",
    "foaf:page": "Public page",
    "org:classification": "Kind of body",
    "org:member": "Person",
    "org:organization": "Organisation",
    "org:originalOrganization": "Before",
    "org:postIn": "In",
    "org:resultingOrganization": "After",
    "org:role": "Role",
    "peel:about": "About",
    "peel:addresses": "Addresses",
    "peel:assesses": "Progress on",
    "peel:basis": "Rests on",
    "peel:claimedBy": "Claimed by",
    "peel:conductedBy": "Inspected by",
    "peel:decides": "About",
    "peel:digest": "SHA-256 of that file",
    "peel:directedTo": "Asked of",
    "peel:identifiedIn": "Identified in",
    "peel:inOffice": "In the office of",
    "peel:informedBy": "After",
    "peel:inspects": "Inspected",
    "peel:kind": "Kind",
    "peel:leavesOpen": "What is missing",
    "peel:office": "Office",
    "peel:polarity": "Strength or weakness",
    "peel:position": "Place in its list",
    "peel:reason": "Why we say so",
    "peel:reportsOn": "Reports on",
    "peel:respondent": "Answered by",
    "peel:respondsTo": "Answers",
    "peel:revisits": "Looked again at",
    "peel:saidBy": "Said by",
    "peel:seenAt": "Seen at",
    "peel:stance": "What the speaker does",
    "peel:timeLimit": "Time limit, as worded",
    "peel:titleGiven": "Title, as printed",
    "peel:toldBy": "Told by",
    "peel:undertakes": "Promises",
    "peel:undertakenBy": "Promised by",
    "prov:wasDerivedFrom": "Drawn from",
    "skos:altLabel": "Also called",
    "skos:editorialNote": "Note",
    "skos:exactMatch": "The same elsewhere",
    "skos:note": "Note",
    "skos:scopeNote": "Note",
}

#: what stands behind a thing's row, and is no news to whoever reads it
BASES = {
    "inferred": "inferred by us",
    "presumed": "presumed",
    "assumed": "assumed",
    "unconfirmed": "not confirmed",
}


def kind(token: str) -> str:
    """Return the name of a kind.

    >>> kind("cause-of-concern")
    'cause of concern'
    """
    return _NAMES.get(token, token.replace("-", " "))


def kinds(token: str) -> str:
    """Return the name of several of a kind.

    >>> kinds("cause-of-concern"), kinds("force"), kinds("inspection")
    ('causes of concern', 'police forces', 'inspections')
    """
    return _PLURALS.get(token) or kind(token) + "s"


def number(amount: int) -> str:
    """Return a number as it stands in a sentence: small ones in words."""
    return _NUMBERS[amount] if amount < len(_NUMBERS) else f"{amount:,}"


def count(amount: int, token: str) -> str:
    """Return how many there are of a kind."""
    return f"{number(amount)} {kind(token) if amount == 1 else kinds(token)}"


def a_date(expression: str) -> str:
    """Return an EDTF expression as a person writes it; one that is not EDTF as it is."""
    try:
        span = edtf.parse(expression)
    except edtf.EdtfError:
        return expression
    if expression.startswith("["):
        bounds = (each.isoformat() if each else None for each in (span.earliest, span.latest))
        return phrases.between(*bounds)
    said = a_span(expression)
    return re.sub(r"^(.*?) (\d{4}) to (.* \2)$", r"\1 to \3", said)


def joined(parts: list[str], last: str = "and") -> str:
    """Return words as a list in a sentence.

    >>> joined(["a", "b", "c"]), joined(["a"])
    ('a, b and c', 'a')
    """
    return f" {last} ".join(filter(None, (", ".join(parts[:-1]), parts[-1]))) if parts else ""


def sentence(text: str) -> str:
    """Return *text* with a capital at its beginning and a full stop at its end."""
    return capitalised(text).rstrip(".") + "."
