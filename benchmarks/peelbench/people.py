"""Offices, and who holds them: people without names, known by their office and a number."""

from dataclasses import dataclass
from datetime import date

from peelbench.country import Force, term
from peelbench.page import Page, block, edtf, english


@dataclass(frozen=True, slots=True)
class Office:
    """One office; its holders follow one another."""

    slug: str
    label: str
    organization: str
    role: str
    place: int  #: shifts the terms of its holders

    @property
    def turtle(self) -> str:
        """What the register says of it."""
        return block(
            f"office:{self.slug}",
            [
                ("a", "peel:Office"),
                ("skos:prefLabel", english(self.label)),
                ("org:postIn", self.organization),
                ("org:role", f"role:{self.role}"),
            ],
        )


#: the offices of the inspectorate
CHIEF_INSPECTOR = Office("hm-chief-inspector", "HM Chief Inspector", "body:hmicfrs", "hmci", 3)
INSPECTOR = Office(
    "hm-inspector-of-constabulary", "HM Inspector of Constabulary", "body:hmicfrs", "hmi", 5
)


def offices(force: Force, place: int) -> tuple[Office, Office]:
    """Return the chief constable of a force, and the head of the body that holds it to account."""
    role = force.body.rpartition("-")[2]
    return (
        Office(
            f"{force.slug}-chief-constable",
            f"Chief Constable of {force.label}",
            f"force:{force.slug}",
            "chief-constable",
            place,
        ),
        Office(
            f"{force.body}-head",
            f"Head of {force.body.replace('-', ' ')}",
            f"body:{force.body}",
            role if role in ("pcc", "pfcc", "mayor") else "commissioner",
            place + 1,
        ),
    )


def person(office: Office, day: date) -> str:
    """Return who holds an office on a day."""
    return f"person:{office.slug}-{term(office.place, day)}"


def register(name: str, label: str) -> str:
    """Return what the register says of a person."""
    return block(
        name,
        [
            ("a", "foaf:Person, prov:Person"),
            ("skos:prefLabel", english(label)),
            ("foaf:name", f'"{label}"'),
        ],
    )


def attest(page: Page, office: Office, day: date, seen: dict[str, str]) -> str:
    """Let a document show who holds an office on its day, and return the person.

    :param seen: the people who have been shown, with their labels; added to
    """
    holder = person(office, day)
    number = holder.rpartition("-")[2]
    seen[holder] = f"{office.label} {number}"[:80]
    passage = page.say(
        f"On {day.isoformat()} the office of {office.label} is held by number {number}."
    )
    page.add(
        f"tenure:{office.slug}-{number}",
        "peel:Tenure",
        ("org:member", holder),
        ("org:organization", office.organization),
        ("peel:office", f"office:{office.slug}"),
        ("peel:titleGiven", f'"{office.label}"'),
        ("peel:attestedOn", edtf(day.isoformat())),
        evidence=[passage],
    )
    return holder
