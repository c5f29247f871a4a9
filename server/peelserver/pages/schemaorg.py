"""What a page says in schema.org's terms, as JSON-LD for machines that read pages.

A date is said only where it is one day, month or year: schema.org has no word for "some day
between".
"""

import json
import re
from collections.abc import Iterable

from markupsafe import Markup

from peelserver.pages.knowledge import Knowledge, Shown

_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")

#: the class of a kind of thing; a CreativeWork where nothing fits better
_CLASSES = {
    "assessment": "AssessAction",
    "body": "Organization",
    "decision": "Action",
    "document": "Report",
    "force": "GovernmentOrganization",
    "hearing": "Event",
    "inspection": "Action",
    "judgement": "Rating",
    "office": "Role",
    "person": "Person",
    "statement": "Claim",
    "statistic": "Observation",
    "theme": "DefinedTerm",
}
#: property of ours -> property there, for values that are text or dates
_TEXTS = {
    "dcterms:description": "description",
    "skos:definition": "description",
    "peel:wording": "text",
    "peel:publicOn": "datePublished",
    "peel:dated": "dateCreated",
    "foaf:page": "url",
    "dcterms:license": "license",
    "skos:altLabel": "alternateName",
    "skos:exactMatch": "sameAs",
}
#: the same, for values that are things
_THINGS = {
    "peel:about": "about",
    "peel:raisedAgainst": "about",
    "peel:directedTo": "about",
    "peel:inspects": "object",
    "peel:conductedBy": "agent",
    "peel:decidedBy": "agent",
    "peel:decides": "object",
    "peel:saidBy": "author",
    "peel:respondent": "author",
    "dcterms:creator": "author",
    "dcterms:publisher": "publisher",
    "peel:identifiedIn": "isBasedOn",
    "peel:addresses": "isBasedOn",
}
_DAYS = {"datePublished", "dateCreated"}


def thing(known: Knowledge, iri: str, kind: str) -> dict[str, object]:
    """Return what schema.org can say of a thing."""
    said: dict[str, object] = {
        "@type": _CLASSES.get(kind, "CreativeWork"),
        "@id": iri,
        "name": known.label(iri),
    }
    for ours, theirs in _TEXTS.items():
        values = known.values(iri, ours)
        if theirs in _DAYS:
            values = [value for value in values if _DATE.fullmatch(value)]
        if values:
            said[theirs] = values[0] if len(values) == 1 else values
    for ours, theirs in _THINGS.items():
        values = known.values(iri, ours)
        if values and theirs not in said:
            said[theirs] = [{"@id": value, "name": known.label(value)} for value in values]
    return said


def script(title: str, crumbs: Iterable[Shown], about: dict[str, object] | None) -> Markup:
    """Return the JSON-LD of a page, safe to stand in a script element."""
    items: list[dict[str, object]] = [
        {"@type": "ListItem", "position": place, "name": each.text, "item": each.address}
        for place, each in enumerate(crumbs, 1)
    ]
    items.append({"@type": "ListItem", "position": len(items) + 1, "name": title})
    graph: list[dict[str, object]] = [{"@type": "BreadcrumbList", "itemListElement": items}]
    if about:
        graph.append(about)
    text = json.dumps({"@context": "https://schema.org", "@graph": graph}, ensure_ascii=False)
    return Markup(re.sub(r"[<>&]", lambda match: f"\\u{ord(match[0]):04x}", text))
