"""How items stand: a word for a tag, and a sentence that says no more than the documents do."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from peelgraph import asking, phrases
from peelgraph.asking import Value
from peelgraph.engine import Engine
from peelgraph.questions import parameter
from peelserver.pages.moment import Moment

Row = Mapping[str, Value]

#: every status, in the order in which pages count them, with its word
WORDS = {
    "open": "open",
    "presumed-open": "presumed open",
    "indeterminate": "cannot be told",
    "closed": "closed",
    "not-yet-raised": "not yet raised",
}

#: the kinds of thing that have a status
ITEMS = parameter("kind").choices


@dataclass(frozen=True, slots=True)
class Tag:
    """A status: the token that colours it, and the word that says it."""

    token: str
    text: str


def token(row: Row) -> str:
    """Return the status in a row of the question ``status``, without its scheme."""
    return str(row["status"]).rpartition("/")[2]


def tag(row: Row) -> Tag:
    """Return the tag of a row of the question ``status``."""
    return Tag(token(row), WORDS[token(row)])


def when(row: Row) -> str:
    """Return what is known of a status beside its word; empty, if that is all.

    >>> when({"status": "…/closed", "closedEarliest": "2024-05-01", "closedLatest": "2024-09-18"})
    'some day between 1 May and 18 September 2024'
    >>> when({"status": "…/presumed-open", "lastKnownOpen": "2024-09-18"})
    'last proved open on 18 September 2024'
    """
    if token(row) == "presumed-open":
        last = row.get("lastKnownOpen")
        return f"last proved open on {phrases.day(str(last))}" if last else ""
    if token(row) in ("closed", "indeterminate") and "closedLatest" in row:
        closed = _closed(row)
        return closed if token(row) == "closed" else f"closed {closed}"
    return ""


def sentence(row: Row) -> str:
    """Return a row of the question ``status`` as sentences.

    >>> sentence({"status": "…/closed", "closedEarliest": "2024-09-17",
    ...     "closedLatest": "2024-09-17"})
    'It was closed on 17 September 2024.'
    >>> sentence({"status": "…/presumed-open"})
    'No document says that it was closed, and none proves on what day it was still open.'
    """
    status = token(row)
    if status == "closed":
        return f"It was closed {_on(_closed(row))}."
    if status == "presumed-open":
        if last := row.get("lastKnownOpen"):
            return (
                f"It was last proved open on {phrases.day(str(last))}. "
                "No document says what became of it after that."
            )
        return "No document says that it was closed, and none proves on what day it was still open."
    if status == "open":
        return f"It was closed later, {_on(_closed(row))}." if "closedLatest" in row else ""
    if status == "indeterminate" and "closedLatest" in row:
        return f"It was closed {_on(_closed(row))}; whether by this day, no document says."
    if status == "indeterminate":
        return "Whether it had been raised by this day, no document says."
    return "It had not been raised on this day."


def raised(row: Row) -> str:
    """Return when an item was raised, in words."""
    return phrases.between(*_bounds(row, "raisedEarliest", "raisedLatest"))


def of_items(
    engine: Engine, items: Iterable[str], moment: Moment, status: str = ""
) -> dict[str, Row]:
    """Return how each of several items stands; those of other kinds are left out.

    :param status: the status that they have to have; any but ``not-yet-raised``, if empty
    """
    return {str(row["item"]): row for row in _rows(engine, items, moment, status)}


def of_force(engine: Engine, force: str, items: Iterable[str], moment: Moment) -> list[Row]:
    """Return the rows of the question ``status`` about a force.

    The engine finds them in half of the time when it is told the items.

    :param items: all that was ever raised against the force
    """
    return [row for row in _rows(engine, items, moment) if row["force"] == force]


def begin(engine: Engine, items: Iterable[str], moment: Moment) -> None:
    """Let the engine begin with what :func:`of_items` will ask."""
    given = {"on": moment.on, "known": moment.known}
    asking.begin_within(engine, "status", "item", _items(items), given)


def _rows(
    engine: Engine, items: Iterable[str], moment: Moment, status: str = ""
) -> tuple[dict[str, Value], ...]:
    given = {"on": moment.on, "known": moment.known} | ({"status": status} if status else {})
    return asking.rows_within(engine, "status", "item", _items(items), given)


def _items(iris: Iterable[str]) -> list[str]:
    return sorted({iri for iri in iris if any(f"/{kind}/" in iri for kind in ITEMS)})


def _closed(row: Row) -> str:
    return phrases.between(*_bounds(row, "closedEarliest", "closedLatest"))


def _bounds(row: Row, *names: str) -> list[str | None]:
    return [str(row[name]) if name in row else None for name in names]


def _on(said: str) -> str:
    return f"on {said}" if said[0].isdigit() or said.startswith("some day") else said
