"""The page of a force: how it stands, its timeline, phases, grades, offices, documents."""

from collections import Counter

from peelgraph import asking
from peelgraph import timeline as a_timeline
from peelgraph.engine import Engine
from peelgraph.wording import capitalised
from peelserver.pages import forcetables as tables
from peelserver.pages import (
    frame,
    holdings,
    mentions,
    offices,
    outlook,
    pictures,
    schemaorg,
    standing,
    words,
)
from peelserver.pages.blocks import summary
from peelserver.pages.knowledge import Knowledge, Shown
from peelserver.pages.moment import Moment

#: the questions whose answers the page shows
_ASKED = ("phase-history", "statutory-clock")

#: who refers to a force in ways that the page shows
_MENTIONS = ("peel:inspects", "peel:holdsToAccount")


def page(engine: Engine, moment: Moment, iri: str) -> str:
    """Return the page of a force."""
    slug = iri.rpartition("/")[2]
    given = {"known": moment.known}
    # what the next queries wait for comes first
    holdings.begin(engine, iri, moment.known)
    mentions.begin(engine, iri, moment, _MENTIONS)
    for name in _ASKED:
        asking.begin(engine, name, "force", [iri], given)
    offices.begin(engine, iri, moment)
    held = holdings.holdings(engine, iri, moment.known)
    drawn = holdings.of_timeline(iri, moment, held)
    standing.begin(engine, held.items, moment)
    a_timeline.begin(engine, drawn)
    of_force: dict[str, list[str]] = {name: [] for name in _MENTIONS}
    for name, mention in mentions.of(engine, iri, moment, _MENTIONS):
        of_force[name].append(mention)
    known = Knowledge(
        engine,
        moment,
        [iri],
        [
            *(*of_force["peel:inspects"], *held.documents, *held.judgements),
            *(*held.discrepancies[: tables.FEW], *held.unknowns[: tables.FEW]),
        ],
        of_force["peel:holdsToAccount"],
        proved=False,
    )
    rows: dict[str, list[standing.Row]] = {
        name: list(asking.rows_of_each(engine, name, "force", [iri], given)) for name in _ASKED
    }
    rows["offices"] = offices.holders(engine, iri, moment)
    stands = standing.of_force(engine, iri, held.items, moment)
    documents, judgements = holdings.documents(known, held), holdings.judgements(known, held)
    spoken = {
        each
        for some in (*rows.values(), stands, documents, judgements)
        for row in some
        for value in row.values()
        if str(value).startswith("http")
        for each in str(value).split()
    }
    names = tables.Names(asking.labels(engine, spoken), moment)
    tells = bool(stands or judgements or documents)
    years = a_timeline.of_force(engine, drawn, stands)
    return frame.page(
        "force.html",
        moment,
        title=known.label(iri),
        iri=iri,
        about=schemaorg.thing(known, iri, "force"),
        slug=slug,
        held=tells,
        items=outlook.items(stands),
        phase=outlook.phase(years.phases, moment),
        accounts=[known.thing(body) for body in of_force["peel:holdsToAccount"]],
        lines=summary(known, iri, without=("dcterms:identifier",)),
        timeline=pictures.timeline(years, moment) if tells else None,
        counts=_counts(stands, moment, slug),
        tables=tables.fitted(
            [
                tables.concerns(stands, names, slug),
                tables.phases(rows["phase-history"], names, slug),
                tables.clock(rows["statutory-clock"], names, slug),
                *tables.grades(judgements, names, slug),
                tables.offices(rows["offices"], names, slug),
                tables.inspections(known, of_force["peel:inspects"], iri),
                tables.documents(documents, names, slug),
            ]
        )
        if tells
        else [],
        disagreements=tables.disagreements(known, held.discrepancies, slug),
        unknown=tables.unknown(known, held.unknowns, slug),
    )


def _counts(
    rows: list[standing.Row], moment: Moment, slug: str
) -> list[tuple[Shown, list[tuple[standing.Tag, int, str]]]]:
    """Return for each kind how many items stand how, each with the list of them."""
    found = []
    for kind in standing.ITEMS:
        some = Counter(standing.tag(row) for row in rows if row["kind"] == kind)
        if some:
            all_of_them = moment.keep("/status", force=slug, kind=kind)
            order = list(standing.WORDS)
            each = [
                (tag, number, moment.keep("/status", force=slug, kind=kind, status=tag.token))
                for tag, number in sorted(some.items(), key=lambda one: order.index(one[0].token))
            ]
            found.append((Shown(capitalised(words.kinds(kind)), all_of_them), each))
    return found
