"""What changed last about a force: closures, changes of phase, and documents that became public."""

from dataclasses import dataclass

from peelgraph import asking, phrases
from peelgraph.engine import Engine
from peelgraph.namespaces import ID
from peelserver.pages import words
from peelserver.pages.knowledge import Shown
from peelserver.pages.moment import Moment

#: the questions about a force whose answers tell what changed
ASKED = ("closures", "phase-history", "documents")


@dataclass(frozen=True, slots=True)
class Change:
    """One change: when, and what."""

    when: str
    thing: Shown
    order: str


def last(engine: Engine, force: str, moment: Moment, most: int = 5) -> list[Change]:
    """Return the latest changes up to the day asked about, the newest first."""
    found = [
        *_closures(engine, force, moment),
        *_phases(engine, force, moment),
        *_documents(engine, force, moment),
    ]
    past = [each for each in found if each.order <= moment.on]
    return sorted(past, key=lambda each: (each.order, each.thing.text), reverse=True)[:most]


def _closures(engine: Engine, force: str, moment: Moment) -> list[Change]:
    rows = asking.rows_of_each(engine, "closures", "force", [force], {"known": moment.known})
    labels = asking.labels(engine, [str(row["decision"]) for row in rows])
    return [
        Change(
            phrases.between(*(str(row[end]) if end in row else None for end in _ENDS)),
            Shown(labels[str(row["decision"])], _address(moment, str(row["decision"]))),
            str(row.get("latest", "9999")),
        )
        for row in rows
    ]


def _phases(engine: Engine, force: str, moment: Moment) -> list[Change]:
    rows = [
        row
        for row in asking.rows_of_each(
            engine, "phase-history", "force", [force], {"known": moment.known}
        )
        if "decision" in row and "effectiveOn" in row
    ]
    labels = asking.labels(engine, [str(row["decision"]) for row in rows])
    return [
        Change(
            words.a_date(str(row["effectiveOn"])),
            Shown(labels[str(row["decision"])], _address(moment, str(row["decision"]))),
            str(row["effectiveOn"]),
        )
        for row in rows
    ]


def _documents(engine: Engine, force: str, moment: Moment) -> list[Change]:
    rows = [
        row
        for row in asking.rows_of_each(
            engine, "documents", "force", [force], {"known": moment.known}
        )
        if "publicOn" in row
    ]
    labels = asking.labels(engine, [str(row["document"]) for row in rows])
    return [
        Change(
            words.a_date(str(row["publicOn"])),
            Shown(
                f"{labels[str(row['document'])]} became public",
                _address(moment, str(row["document"])),
            ),
            str(row["publicOn"]),
        )
        for row in rows
    ]


_ENDS = ("earliest", "latest")


def _address(moment: Moment, iri: str) -> str:
    return moment.keep("/id/" + iri.removeprefix(ID))
