"""What was raised against a force and how it stood, over the years up to a day.

Days are ``YYYY-MM-DD``. A bound that nothing gives is None: it is never guessed.
"""

from dataclasses import dataclass

from peelgraph.engine import Engine


@dataclass(frozen=True, slots=True)
class Bounds:
    """One day that lies between two others; both included."""

    earliest: str | None
    latest: str | None


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of time in a monitoring phase.

    :param phase: the IRI of the phase
    :param began: None where it had lasted since before anything that is known
    :param ended: None while it lasts
    :param decision: the IRI of the decision that began it
    :param basis: stated, inferred, presumed …
    """

    phase: str
    label: str
    began: Bounds | None
    ended: Bounds | None
    decision: str | None
    basis: str


@dataclass(frozen=True, slots=True)
class Inspection:
    """An inspection.

    :param days: when it was on site; where no document says so, the day of its report, if any
    :param by_report: the days are those of the publication of the report
    :param when: the same in words
    """

    iri: str
    label: str
    days: Bounds | None
    by_report: bool
    when: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A follow-up item from the day on which it was raised to that of its closing.

    :param kind: cause-of-concern, recommendation or area-for-improvement
    :param status: a token such as ``presumed-open``, on the day asked about
    :param status_phrase: the same in words
    :param closed: None where no document tells of a closure
    :param last_known_open: the last day on which it is proved open
    :param contradicted: the sources contradict one another about the closing
    :param concern: the IRI of the cause of concern that a recommendation addresses
    :param themes: the labels of its themes
    """

    iri: str
    kind: str
    label: str
    status: str
    status_phrase: str
    raised: Bounds
    closed: Bounds | None
    last_known_open: str | None
    contradicted: bool
    concern: str | None
    themes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Lane:
    """The items of one theme; an item with several themes stands in one lane only.

    :param theme: the IRI of the theme; None for items without one
    """

    theme: str | None
    label: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Timeline:
    """The follow-up of one force, from 2014 or the first thing known, to a day.

    :param force: the IRI of the force
    :param on: the last day of it
    :param known: only documents public by this day; ``all``, if not restricted
    :param snapshot: the digest of the snapshot that was asked
    """

    force: str
    label: str
    on: str
    known: str
    snapshot: str
    phases: tuple[Stretch, ...]
    inspections: tuple[Inspection, ...]
    lanes: tuple[Lane, ...]


def timeline(engine: Engine, force: str, *, on: str | None = None, known: str = "all") -> Timeline:
    """Return the timeline of a *force*.

    :param force: an IRI or a slug
    :param on: the day up to which it runs, ``YYYY-MM-DD``; today, if None
    :param known: use only documents that were public by this day
    :raises UnknownName: there is no such force; says which are near
    :raises BadValue: a day that is none
    """
    raise NotImplementedError
