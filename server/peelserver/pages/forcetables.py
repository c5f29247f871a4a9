"""The tables on the page of a force, each from the answer to one question."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from peelgraph import phrases
from peelgraph.namespaces import ID
from peelgraph.wording import capitalised
from peelserver.linkeddata.addresses import link
from peelserver.pages import outlook, standing, words
from peelserver.pages.blocks import Cell, Entry, Section, Table, share, text
from peelserver.pages.knowledge import Knowledge, Shown
from peelserver.pages.moment import Moment

Row = standing.Row

#: how many entries a list shows before it points at the whole
FEW = 5

#: how many rows a table shows at most and at least, and how many all of them show together
MOST, LEAST, ALL = 40, 5, 90

#: of how many inspections and scales the judgements are shown: of the latest
GRADED = 8


def fitted(tables: Sequence[Table]) -> list[Table]:
    """Return tables that all fit on a page, each with a link to all its rows where it is cut."""
    most = share((len(each.rows) for each in tables), MOST, LEAST, ALL)
    return [each.cut(most) for each in tables]


@dataclass(frozen=True, slots=True)
class Names:
    """What the things in the answers are called, and where they are."""

    labels: Mapping[str, str]
    moment: Moment

    def shown(self, iri: object) -> Shown:
        """Return a thing as a link."""
        name = str(iri)
        return Shown(self.labels.get(name, name), self.moment.keep(link(name) or ""))

    def cell(self, row: Row, name: str, note: str = "") -> Cell:
        """Return a thing in a row as a cell; a dash where there is none."""
        return Cell(self.shown(row[name]), note=note) if name in row else text("")

    def plain(self, row: Row, name: str) -> str:
        """Return the label of a thing in a row; empty, if there is none."""
        return self.labels.get(str(row[name]), "") if name in row else ""


def concerns(rows: Sequence[Row], names: Names, slug: str) -> Table:
    """Return the causes of concern, the newest first."""
    some = [row for row in rows if row["kind"] == "cause-of-concern"]
    return Table(
        "concerns",
        "Causes of concern",
        ("Cause of concern", "Raised", "Status"),
        tuple(
            (
                names.cell(row, "item"),
                text(standing.raised(row)),
                Cell(Shown(""), standing.tag(row), standing.when(row)),
            )
            for row in reversed(some)
        ),
        empty="None had been raised, as far as documents show.",
        more=Shown(
            "Everything raised, with recommendations and areas for improvement",
            names.moment.keep("/status", force=slug),
        ),
        whole=names.moment.keep("/status", force=slug, kind="cause-of-concern"),
    )


def phases(rows: Sequence[Row], names: Names, slug: str) -> Table:
    """Return the stretches in each monitoring phase."""
    return Table(
        "phases",
        "Monitoring phases",
        ("Phase", "From", "Until", "Decided by", "Decision"),
        tuple(
            (
                text(
                    capitalised(names.plain(row, "phase")), words.BASES.get(str(row["basis"]), "")
                ),
                text(_date(row, "from") or "before anything that is known"),
                text(_date(row, "to") or "it lasts, as far as documents show"),
                names.cell(row, "decidedBy"),
                names.cell(row, "decision"),
            )
            for row in rows
        ),
        empty="No document says in which monitoring phase the force was.",
        whole=names.moment.keep("/questions/phase-history", force=slug),
        rising=True,
    )


def clock(rows: Sequence[Row], names: Names, slug: str) -> Table:
    """Return whether the answer to each report came in time."""
    return Table(
        "clock",
        "Answers to reports, and the statutory clock",
        ("Report", "Published", "Answer due by", "What is known"),
        tuple(
            (
                names.cell(row, "document"),
                text(_date(row, "publishedOn") or "not known"),
                text(_date(row, "dueBy") or "–"),
                Cell(
                    names.shown(row["response"]) if "response" in row else Shown(""),
                    note=outlook.said(row),
                ),
            )
            for row in rows
        ),
        lead=(
            "The body that holds the force to account answers each report within 56 days, counting "
            "the day of publication (Police Act 1996, section 55, since 2 May 2017)."
        ),
        empty="No report on the force is known.",
        whole=names.moment.keep("/questions/statutory-clock", force=slug),
        rising=True,
    )


def grades(rows: Sequence[Row], names: Names, slug: str) -> list[Table]:
    """Return the judgements of each inspection, on each scale, apart: they do not compare.

    The inspections come in the order of their names, which tell their years.
    """
    groups: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        groups.setdefault((str(row["inspection"]), str(row.get("scale", ""))), []).append(row)
    found: list[Table] = []
    every = names.moment.keep("/questions/judgements", force=slug)
    earlier = len(groups) - GRADED
    for number, ((inspection, scale), some) in enumerate(list(groups.items())[-GRADED:], 1):
        said = names.labels.get(scale, "").removesuffix(".")
        found.append(
            Table(
                f"grades-{number}",
                f"Judgements: {names.labels[inspection]}"
                + (", without a grade" if scale.endswith("/grade") else ""),
                ("Area", "Grade", "Told by"),
                tuple(
                    (
                        Cell(Shown(capitalised(names.plain(row, "area")), _judged(row, names))),
                        text(
                            capitalised(names.plain(row, "grade")),
                            "stands over from an earlier inspection"
                            if row.get("standsOver") in (True, "true")
                            else "",
                        ),
                        text(_tellers(row, names) or "the report itself"),
                    )
                    for row in some
                ),
                lead=f"{said}. Grades on different scales cannot be compared." if said else "",
                more=Shown(f"Show all judgements; these are the latest {GRADED} tables", every)
                if number == 1 and earlier > 0
                else None,
                whole=every,
            )
        )
    return found


def offices(rows: Sequence[Row], names: Names, slug: str) -> Table:
    """Return who held which office, as far as documents show."""
    return Table(
        "offices",
        "Who held office",
        ("Office", "Person", "Shown in office", "Began", "Ended"),
        tuple(
            (
                names.cell(row, "office"),
                names.cell(row, "person"),
                text(_attested(row), words.BASES.get(str(row["basis"]), "")),
                text(_date(row, "began") or "not known"),
                text(_date(row, "ended") or "not known"),
            )
            for row in rows
        ),
        lead=(
            "Who a document shows in office. Being shown on a day gives neither the beginning nor "
            "the end; whoever was shown before, and nobody after them, is presumed."
        ),
        empty="No document shows anybody in office by that day.",
        whole=names.moment.keep("/questions/office-holders", force=slug),
    )


def inspections(known: Knowledge, iris: Sequence[str], iri: str) -> Table:
    """Return the inspections of the force."""
    order = sorted(iris, key=lambda iri: (known.value(iri, "peel:date").strip("[."), iri))
    return Table(
        "inspections",
        "Inspections",
        ("Inspection", "Kind", "Inspectors on site"),
        tuple(
            (
                Cell(known.thing(iri)),
                text(known.named(iri, "peel:kind")),
                text(known.date(iri) or "not known"),
            )
            for iri in order
        ),
        empty="No document tells of an inspection.",
        whole=known.moment.keep("/questions/mentions", thing=iri.removeprefix(ID)),
        rising=True,
    )


def documents(rows: Sequence[Row], names: Names, slug: str) -> Table:
    """Return the documents about the force."""
    return Table(
        "documents",
        "Documents",
        ("Document", "Type", "Public since", "Dated", "Its text"),
        tuple(
            (
                names.cell(row, "document"),
                text(capitalised(names.plain(row, "type"))),
                text(_date(row, "publicOn") or "not known"),
                text(_date(row, "dated") or "–"),
                text("held" if row["held"] else "only referred to"),
            )
            for row in rows
        ),
        empty="No document about the force is held.",
        whole=names.moment.keep("/questions/documents", force=slug),
        rising=True,
    )


def disagreements(known: Knowledge, iris: Sequence[str], slug: str) -> Section:
    """Return where documents disagree about the force.

    :param iris: all of them, of which the first :data:`FEW` are shown
    """
    return Section(
        "disagreements",
        "Where documents disagree",
        _first(known, iris),
        empty="We have found nothing on which the documents contradict one another.",
        more=_more(known, iris, slug, "discrepancies", "disagreements"),
    )


def unknown(known: Knowledge, iris: Sequence[str], slug: str) -> Section:
    """Return what the documents leave open about the force.

    :param iris: all of it, of which the first :data:`FEW` are shown
    """
    return Section(
        "unknown",
        "What the documents leave open",
        _first(known, iris),
        empty="We have noted nothing that a reader would expect and no document says.",
        more=_more(known, iris, slug, "not-known", "things"),
    )


def _first(known: Knowledge, iris: Sequence[str]) -> tuple[Entry, ...]:
    return tuple(
        Entry(known.thing(iri), says=known.value(iri, "dcterms:description")) for iri in iris[:FEW]
    )


def _more(
    known: Knowledge, iris: Sequence[str], slug: str, question: str, what: str
) -> Shown | None:
    if len(iris) <= FEW:
        return None
    address = known.moment.keep(f"/questions/{question}", force=slug)
    return Shown(f"Show all {len(iris)} {what}; these are {FEW}", address)


def _date(row: Row, name: str) -> str:
    return words.a_date(str(row[name])) if name in row else ""


def _judged(row: Row, names: Names) -> str:
    return names.moment.keep("/id/" + str(row["judgement"]).removeprefix(ID))


def _tellers(row: Row, names: Names) -> str:
    return words.joined([names.labels[each] for each in str(row.get("toldBy", "")).split()])


def _attested(row: Row) -> str:
    if "firstAttested" not in row:
        return "by a document without a date"
    first, last = str(row["firstAttested"]), str(row["lastAttested"])
    return f"on {phrases.day(first)}" + (f" and {phrases.day(last)}" if last != first else "")
