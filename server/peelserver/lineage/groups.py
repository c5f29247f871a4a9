"""The questions under headings, for people who look for the one that they have."""

from peelgraph.questions import Question, question

#: heading -> the names of its questions, the most asked first
GROUPS = {
    "How things stand": "status closures time-to-close phase phase-history statutory-clock",
    "What led to it, and what came of it": (
        "lineage recommendations responses progress recurrence timeline"
    ),
    "What was found": "judgements grade-counts findings statistics themes",
    "Who held office, who said what": "office-holders statements",
    "Where it says so, and what is not known": (
        "evidence documents passages facts mentions not-known discrepancies"
    ),
}


def grouped() -> list[tuple[str, list[Question]]]:
    """Return each heading with its questions, in the order in which they are shown."""
    return [
        (heading, [question(name) for name in some.split()]) for heading, some in GROUPS.items()
    ]
