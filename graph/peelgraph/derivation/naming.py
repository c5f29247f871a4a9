"""Phrases for things that nobody named: made from what is said of them, never a bare IRI."""

from collections.abc import Callable
from datetime import date
from typing import Protocol

from peelgraph.derivation.publicity import ALWAYS
from peelgraph.derivation.status import BEGINNING, END
from peelgraph.namespaces import ID
from peelgraph.wording import a_day, a_span, capitalised


class Names(Protocol):
    """What a phrase is made of: labels and values of the parts of a thing."""

    def of(self, iri: str) -> str:
        """Return the label of a thing."""

    def value(self, iri: str, name: str) -> str | None:
        """Return the first value of a property of *iri*."""

    def part(self, iri: str, name: str, otherwise: str = "") -> str:
        """Return the labels of the values of a property, joined, or another word."""


def from_iri(iri: str) -> str:
    """Return words for a thing that nothing names.

    >>> from_iri("https://w3id.org/peelgraph/id/document/wmp-peel-2018-19-report")
    'Document: wmp peel 2018 19 report'
    """
    kind, _, slug = iri.removeprefix(ID).rpartition("/")
    words = slug.rpartition("#")[2].replace("-", " ")
    return f"{capitalised(kind.replace('-', ' '))}: {words}" if iri.startswith(ID) else words


def _place(force: str) -> str:
    """Return a force's name without the word that every force's name has.

    >>> _place("West Midlands Police")
    'West Midlands'
    """
    return force.removesuffix(" Police").removesuffix(" Constabulary")


def _inspection(names: Names, iri: str) -> str:
    what = names.part(iri, "programme", "Inspection")
    force = names.part(iri, "inspects")
    return ", ".join(part for part in (what, _place(force)) if part)


def _judgement(names: Names, iri: str) -> str:
    grade = capitalised(names.part(iri, "grade", "grade not known"))
    area = capitalised(names.part(iri, "area", "area not known"))
    return f"{grade}, {area} ({_cycle(names, iri)})"


def _cycle(names: Names, iri: str) -> str:
    inspection = names.value(iri, "identifiedIn")
    if inspection is None:
        return "inspection not known"
    return _inspection(names, inspection)


def _grade_count(names: Names, iri: str) -> str:
    grade = capitalised(names.part(iri, "grade", "grade not known"))
    return f"{grade}: {names.value(iri, 'count') or 'some'} ({_cycle(names, iri)})"


_OUTCOMES = {
    "closed": "Closed",
    "remains-open": "Remains open",
    "not-reinspected": "Not reinspected",
}


def _decision(names: Names, iri: str) -> str:
    target = names.part(iri, "decides", "not said what")
    outcome = (names.value(iri, "outcome") or "").rpartition("/")[2]
    if outcome == "moved-to-phase":
        return f"Moved to {names.part(iri, 'toPhase', 'another phase')}: {_place(target)}"
    return f"{_OUTCOMES.get(outcome, 'Decision')}: {target}"


def _progress(names: Names, iri: str) -> str:
    return f"Progress seen: {names.part(iri, 'assesses', 'not said on what')}"


def _tenure(names: Names, iri: str) -> str:
    holder = names.part(iri, "member", "Not named")
    return f"{holder}, {names.part(iri, 'office') or names.part(iri, 'organization', 'office')}"


def _office(names: Names, iri: str) -> str:
    role = capitalised(names.part(iri, "role", "office"))
    return ", ".join(part for part in (role, names.part(iri, "postIn")) if part)


def _unknown(names: Names, iri: str) -> str:
    what = names.part(iri, "leavesOpen", "something")
    return f"Not known: {what} ({names.part(iri, 'about', 'in general')})"


def _recurrence(names: Names, iri: str) -> str:
    return f"{names.part(iri, 'later', 'again')}; before: {names.part(iri, 'earlier', 'earlier')}"


def _discrepancy(names: Names, iri: str) -> str:
    about = names.part(iri, "about")
    return f"Contradiction: {about or names.part(iri, 'between', 'documents disagree')}"


def _inference(names: Names, iri: str) -> str:
    predicate = names.part(iri, "predicate", "a statement")
    return f"Inferred: {predicate} ({names.part(iri, 'subject', 'not said of what')})"


def _response(names: Names, iri: str) -> str:
    to = names.part(iri, "respondsTo", "not said what")
    return f"Response of {names.part(iri, 'respondent', 'somebody not named')} to: {to}"


def _statement(names: Names, iri: str) -> str:
    about = names.part(iri, "about", "not said what")
    return f"{names.part(iri, 'saidBy', 'Somebody not named')} on: {about}"


def _undertaking(names: Names, iri: str) -> str:
    return f"Undertaking of {names.part(iri, 'undertakenBy', 'somebody not named')}"


def _hearing(names: Names, iri: str) -> str:
    by = names.part(iri, "heardBy", "an oversight group")
    return f"Hearing of {_place(names.part(iri, 'hears', 'a force'))} by {by}"


def _passage(names: Names, iri: str) -> str:
    document, _, offsets = iri.partition("#char=")
    start, _, end = offsets.partition(",")
    return f"{names.of(document)}, characters {start} to {end}"


def _standing(names: Names, iri: str) -> str:
    known = names.value(iri, "knownFrom") or ALWAYS.isoformat()
    item = names.part(iri, "standingOf", "something")
    return f"{item}: as known from {_day(known)}"


def _stretch(names: Names, iri: str) -> str:
    """Return from when until when a period runs, so far as anything bounds it."""
    first, end = names.value(iri, "from"), names.value(iri, "until")
    bounds = []
    if first and first != BEGINNING.isoformat():
        bounds.append(f"from {_day(first)}")
    if end and end != END.isoformat():
        bounds.append(f"until {_day(end)}")
    return " ".join(bounds) or "at all times"


def _status_period(names: Names, iri: str) -> str:
    return f"{capitalised(names.part(iri, 'status', 'status'))} {_stretch(names, iri)}"


def _phase_period(names: Names, iri: str) -> str:
    force = _place(names.part(iri, "about", "a force"))
    return f"{force} in {names.part(iri, 'phase', 'a phase')} {_stretch(names, iri)}"


def _duty_standing(names: Names, iri: str) -> str:
    report = names.part(iri, "standingOf", "a report")
    verdict = (names.value(iri, "verdict") or "").replace("-", " ")
    known = names.value(iri, "knownFrom") or ALWAYS.isoformat()
    return f"Answer to {report}: {verdict}, as known from {_day(known)}"


def _span(names: Names, iri: str) -> str:
    expression = names.value(iri, "expression")
    return capitalised(a_span(expression)) if expression else from_iri(iri)


def _day(text: str) -> str:
    day = date.fromisoformat(text)
    return "the beginning" if day == ALWAYS else a_day(day)


PHRASES: dict[str, Callable[[Names, str], str]] = {
    "assessment": _progress,
    "decision": _decision,
    "discrepancy": _discrepancy,
    "duty-standing": _duty_standing,
    "grade-count": _grade_count,
    "hearing": _hearing,
    "inference": _inference,
    "inspection": _inspection,
    "judgement": _judgement,
    "office": _office,
    "passage": _passage,
    "phase-period": _phase_period,
    "recurrence": _recurrence,
    "response": _response,
    "span": _span,
    "standing": _standing,
    "statement": _statement,
    "status-period": _status_period,
    "tenure": _tenure,
    "undertaking": _undertaking,
    "unknown": _unknown,
}
