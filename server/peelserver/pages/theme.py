"""The page of a theme: everything on it, over the years, and what is held to be the same matter."""

from collections.abc import Sequence

from peelgraph import asking
from peelgraph.engine import Engine
from peelgraph.wording import capitalised
from peelserver.pages import frame, mentions, schemaorg, standing, words
from peelserver.pages.blocks import Cell, Section, Table, share, text
from peelserver.pages.knowledge import Knowledge, Shown
from peelserver.pages.moment import Moment


def page(engine: Engine, moment: Moment, iri: str) -> str:
    """Return the page of a theme."""
    slug = iri.rpartition("/")[2]
    given = {"known": moment.known}
    asking.begin(engine, "recurrence", "theme", [iri], given)
    rows = asking.rows_of_each(engine, "themes", "theme", [iri], given)
    again = asking.rows_of_each(engine, "recurrence", "theme", [iri], given)
    same = again[-mentions.SHOWN :]
    by_kind: dict[str, list[str]] = {}
    for row in rows:
        if row["thing"] not in by_kind.setdefault(str(row["kind"]), []):
            by_kind[str(row["kind"])].append(str(row["thing"]))
    most = share(map(len, by_kind.values()), mentions.SHOWN, mentions.LEAST, mentions.ALL)
    shown = [each for some in by_kind.values() for each in some[:most]]
    ends = {str(row[end]) for row in same for end in ("earlier", "later")}
    standing.begin(engine, shown, moment)
    known = Knowledge(engine, moment, [iri], [*shown, *ends], told={iri: ()})
    stands = standing.of_items(engine, shown, moment)
    order = (*standing.ITEMS, "finding")
    kinds = sorted(by_kind, key=lambda kind: (*order, kind).index(kind))
    return frame.page(
        "theme.html",
        moment,
        title=capitalised(known.label(iri)),
        crumbs=(Shown("Themes", "/scheme/theme"),),
        iri=iri,
        about=schemaorg.thing(known, iri, "theme"),
        definition=known.value(iri, "skos:definition"),
        notes=known.values(iri, "skos:scopeNote"),
        sections=[_section(known, kind, by_kind[kind], stands, slug, most) for kind in kinds],
        again=_again(known, same, len(again), slug),
        related=[known.thing(each) for each in known.values(iri, "skos:relatedMatch")],
        status=moment.keep("/status", theme=slug),
    )


def _section(
    known: Knowledge,
    kind: str,
    iris: Sequence[str],
    rows: dict[str, standing.Row],
    slug: str,
    most: int,
) -> Section:
    more = None
    if len(iris) > most:
        table = known.moment.keep("/questions/themes", theme=slug)
        more = Shown(f"Show all {len(iris):,}; these are {most}", table)
    return Section(
        kind,
        capitalised(words.kinds(kind)),
        tuple(mentions.an_entry(known, iri, rows=rows) for iri in iris[:most]),
        more=more,
    )


def _again(known: Knowledge, rows: Sequence[standing.Row], count: int, slug: str) -> Table:
    """Return what has come up again.

    :param rows: the latest of the question ``recurrence``
    :param count: how many there are
    """
    every = known.moment.keep("/questions/recurrence", theme=slug)

    def when(row: standing.Row, name: str) -> str:
        return words.a_date(str(row[name])) if name in row else ""

    return Table(
        "again",
        "What has come up again",
        ("Earlier", "Later", "Why we hold it to be the same matter"),
        tuple(
            (
                Cell(known.thing(str(row["earlier"])), note=when(row, "earlierDate")),
                Cell(known.thing(str(row["later"])), note=when(row, "laterDate")),
                text(
                    str(row.get("why", "")),
                    "stated by a document" if row["basis"] == "stated" else "inferred by us",
                ),
            )
            for row in rows
        ),
        empty="Neither the documents nor we hold two things on this theme to be the same matter.",
        more=Shown(f"Show all {count:,}; these are the latest {len(rows)}", every)
        if count > len(rows)
        else None,
    )
