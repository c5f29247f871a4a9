"""How a force stands, in sentences: what is open, in which phase, what is overdue.

Each sentence says no more than the documents do.
"""

from collections import Counter
from collections.abc import Iterable, Sequence

from peelgraph import phrases
from peelgraph.timeline import Stretch
from peelserver.pages import standing, words
from peelserver.pages.moment import Moment

_KINDS = standing.ITEMS
_STILL = ("open", "presumed-open")


def items(rows: Sequence[standing.Row]) -> str:
    """Return how many items are in which status, as one sentence.

    >>> items([{"kind": "recommendation", "status": "…/presumed-open"}])
    'One recommendation is presumed open.'
    >>> items([])
    'Nothing has been raised, as far as documents show.'
    """
    clauses = []
    for status in ("open", "presumed-open", "indeterminate"):
        counts = Counter(str(row["kind"]) for row in rows if standing.token(row) == status)
        if not counts:
            continue
        amounts = [words.count(counts[kind], kind) for kind in _KINDS if counts[kind]]
        one = sum(counts.values()) == 1
        last = _last_proved(rows, counts) if status == "presumed-open" else ""
        state = {
            "open": "is open" if one else "are open",
            "presumed-open": "is presumed open" if one else "are presumed open",
            "indeterminate": "may be open or closed",
        }[status]
        clauses.append(f"{words.joined(amounts)} {state}{last}")
    closed = sum(standing.token(row) == "closed" for row in rows)
    if closed:
        clauses.append(f"{words.number(closed)} {'is' if closed == 1 else 'are'} closed")
    if not clauses:
        return "Nothing has been raised, as far as documents show."
    return words.sentence("; ".join(clauses))


def phase(stretches: Iterable[Stretch], moment: Moment) -> str:
    """Return in which monitoring phase a force was, as one sentence.

    :param stretches: all of its stretches up to the day asked about
    """
    then = [each for each in stretches if each.end is None or moment.on < each.end]
    if not then:
        return "No document says in which monitoring phase it was."
    said = dict.fromkeys(map(_in_phase, sorted(then, key=lambda each: each.began.earliest or "")))
    bases = {each.basis for each in then}
    basis = ", and presumed to be so still" if bases == {"presumed"} else ""
    if "inferred" in bases:
        basis = ", as we infer"
    return words.sentence(words.joined(list(said), "or") + basis)


def _in_phase(stretch: Stretch) -> str:
    began = (stretch.began.earliest, stretch.began.latest)
    return f"in {stretch.label}" + (f" since {phrases.between(*began)}" if any(began) else "")


def said(row: standing.Row) -> str:
    """Return what the statutory clock says of a report, as a clause.

    >>> said({"verdict": "late", "dueBy": "2019-06-26", "respondedEarliest": "2019-06-27",
    ...     "dayLeast": 57})
    'the answer was due by 26 June 2019 and came on 27 June 2019 or later, day 57'
    """
    due = f"was due by {phrases.day(str(row['dueBy']))}" if "dueBy" in row else ""
    came = [str(row[name]) if name in row else None for name in _CAME]
    match row["verdict"]:
        case "late":
            text = f"the answer {due} and came {_on(came)}, day {row['dayLeast']}"
        case "in-time":
            text = f"the answer {due} and came in time, {_on(came)}"
        case "cannot-tell" if any(came):
            text = f"the answer came {_on(came)}; whether in time cannot be told"
        case "cannot-tell":
            text = "whether an answer came in time cannot be told"
        case "none-known":
            text = f"no answer is known{'; it ' + due if due else ''}"
        case _:
            text = "published before there was a duty to answer"
    return text


_CAME = ("respondedEarliest", "respondedLatest")


def _on(bounds: Sequence[str | None]) -> str:
    said = phrases.between(*bounds)
    return f"on {said}" if said[0].isdigit() or said.startswith("some day") else said


def _last_proved(rows: Sequence[standing.Row], counts: Counter[str]) -> str:
    """Return what is proved of those that are presumed open."""
    some = [row for row in rows if standing.token(row) == "presumed-open"]
    proved = [row for row in some if "lastKnownOpen" in row]
    if not proved:
        return ""
    last = phrases.day(max(str(row["lastKnownOpen"]) for row in proved))
    if len(proved) == len(some):
        return f", last proved open on {last}"
    return f" ({words.number(len(proved))} of them last proved open on {last})"
