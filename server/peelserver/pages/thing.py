"""The page of any one thing: what is said of it, what refers to it, where it says so."""

from dataclasses import dataclass, field
from typing import Any

from peelgraph.engine import Engine
from peelgraph.namespaces import PREFIXES
from peelserver.pages import frame, mentions, schemaorg, standing, words
from peelserver.pages.blocks import Line, Section, elsewhere, kind_of, summary
from peelserver.pages.knowledge import Knowledge, Shown
from peelserver.pages.moment import Moment

#: which of a thing's own values leads to the page above it, the nearest first
_ABOVE = (
    *("peel:addresses", "peel:identifiedIn", "peel:seenAt", "peel:respondsTo", "peel:decides"),
    *("peel:saidBy", "peel:undertakenBy", "org:organization", "org:postIn", "peel:about"),
    *("peel:hears", "peel:inspects", "peel:raisedAgainst", "peel:directedTo"),
)

#: how many passages that prove it the page of a thing shows
PASSAGES = 100


@dataclass(frozen=True, slots=True)
class Page:
    """What a page of a thing shows."""

    known: Knowledge
    iri: str
    kind: str
    lines: list[Line]
    sections: list[Section]
    status: standing.Row | None = None
    crumbs: tuple[Shown, ...] = ()
    more: dict[str, Any] = field(default_factory=dict)


def page(engine: Engine, moment: Moment, iri: str) -> str:
    """Return the page of a thing that has nothing more to show than any thing has."""
    return rendered(gather(engine, moment, iri))


def gather(engine: Engine, moment: Moment, iri: str) -> Page:
    """Return what the page of a thing shows."""
    found = mentions.shown(mentions.of(engine, iri, moment))
    others = mentions.looked(found)
    standing.begin(engine, [iri, *others], moment)
    known = Knowledge(engine, moment, [iri], others, mentions.unnamed(found))
    rows = standing.of_items(engine, [iri, *others], moment)
    return Page(
        known=known,
        iri=iri,
        kind=kind_of(iri),
        lines=summary(known, iri),
        sections=mentions.sections(known, iri, found, rows),
        status=rows.get(iri),
        crumbs=above(known, iri),
    )


def rendered(page: Page, template: str = "thing.html", **more: Any) -> str:
    """Return a page of a thing as HTML."""
    known, iri = page.known, page.iri
    return frame.page(
        template,
        known.moment,
        title=known.label(iri),
        crumbs=page.crumbs,
        iri=iri,
        about=schemaorg.thing(known, iri, page.kind),
        kind=words.kind(page.kind),
        lines=page.lines,
        sections=page.sections,
        tag=standing.tag(page.status) if page.status else None,
        stands=standing.sentence(page.status) if page.status else "",
        wording=known.value(iri, "peel:wording"),
        description=known.value(iri, "dcterms:description"),
        passages=known.passages(iri)[:PASSAGES],
        elsewhere=elsewhere(known, iri, PASSAGES),
        basis=words.BASES.get(known.value(iri, "peel:basis").rpartition("/")[2], ""),
        public=bool(known.says_of(iri)),
        tables=tables(known.moment, iri, page.kind),
        **page.more,
        **more,
    )


def above(known: Knowledge, iri: str) -> tuple[Shown, ...]:
    """Return the pages above that of a thing: the force concerned, and what it belongs to."""
    found: list[Shown] = []
    for name in _ABOVE:
        for value in known.values(iri, name)[:1]:
            if value.startswith(PREFIXES["force"]) and value != iri:
                return (known.thing(value), *found)
            if not found and value != iri and kind_of(value):
                found.append(known.thing(value))
    return tuple(found)


def tables(moment: Moment, iri: str, kind: str) -> tuple[Shown, ...]:
    """Return questions that go on from a thing."""
    name = iri.removeprefix(PREFIXES["force"].removesuffix("force/"))
    asked = [
        ("facts", {"thing": name}, "What is said of it, as a table"),
        ("mentions", {"thing": name}, "What refers to it, as a table"),
        ("evidence", {"thing": name}, "Where it says so, as a table"),
    ]
    return tuple(
        Shown(text, moment.keep(f"/questions/{question}", **given))
        for question, given, text in asked
    )
