"""The words of pictures: kinds, statuses, where the data come from."""

from datetime import date

from peelgraph.wording import a_day, capitalised

#: status -> what is said of several that have it
STATUSES = {
    "open": "open",
    "presumed-open": "presumed open",
    "indeterminate": "cannot be told",
    "closed": "closed",
    "not-yet-raised": "not yet raised",
}

_PLURALS = {
    "area-for-improvement": "areas for improvement",
    "cause-of-concern": "causes of concern",
}


def kind(token: str) -> str:
    """Return a kind in words.

    >>> kind("cause-of-concern")
    'cause of concern'
    """
    return token.replace("-", " ")


def many(number: int, token: str) -> str:
    """Return a number of things of one kind in words.

    >>> many(1, "finding"), many(53, "finding"), many(2, "cause-of-concern")
    ('1 finding', '53 findings', '2 causes of concern')
    """
    if number == 1:
        return f"1 {kind(token)}"
    return f"{number} {_PLURALS.get(token, kind(token) + 's')}"


def sentence(*parts: str | None) -> str:
    """Return the parts that are there as one sentence.

    >>> sentence("closed", None, "on 17 September 2024")
    'Closed on 17 September 2024.'
    """
    text = " ".join(part for part in parts if part)
    return capitalised(text) + ("" if text.endswith((".", "…", "?", "!")) else ".")


def listed(parts: list[str]) -> str:
    """Return several things as people list them.

    >>> listed(["a", "b", "c"])
    'a, b and c'
    """
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def as_of(on: str, known: str) -> str:
    """Return the day that a picture shows, in a sentence."""
    said = f"As it stood on {a_day(date.fromisoformat(on))}"
    if known != "all":
        said += f", from documents public by {a_day(date.fromisoformat(known))}"
    return said + "."


def provenance(on: str, known: str, snapshot: str) -> tuple[str, ...]:
    """Return where a picture's data come from, and under which licence they stand."""
    return (
        f"{as_of(on, known)} peelgraph, snapshot {snapshot}.",
        "Data under CC BY 4.0 (https://creativecommons.org/licenses/by/4.0/). Contains public "
        "sector information licensed under the Open Government Licence v3.0 "
        "(https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/).",
    )
