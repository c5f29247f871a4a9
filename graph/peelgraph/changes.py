"""What became known about a force or a theme, and when: the newest first.

A thing becomes known on the day on which the first document that tells of it became public. Of a
follow-up item, each later day on which its bounds changed is a change of its own, since that is
what those who follow it wait for.
"""

from dataclasses import dataclass

import pyoxigraph as ox

from peelgraph import phrases
from peelgraph.engine import Engine
from peelgraph.namespaces import ID, SCHEME

#: kinds of things that make a change; what is said in passing does not
KINDS = (
    *("document", "inspection", "cause-of-concern", "recommendation", "area-for-improvement"),
    *("decision", "response", "hearing", "assessment", "discrepancy"),
)

_ABOUT_FORCE = "?thing peel:ofForce ?subject ."
_ABOUT_THEME = """{ ?thing peel:theme ?subject } UNION {
    ?thing peel:decides|peel:assesses|peel:respondsTo|peel:addresses ?item .
    ?item peel:theme ?subject }"""

_QUERY = """SELECT DISTINCT ?thing ?kind ?label ?first ?known ?text ?standing ?status
  ?closedEarliest ?closedLatest ?lastKnownOpen {
  VALUES ?subject { SUBJECT }
  VALUES ?kind { KINDS }
  ABOUT
  ?thing peel:kindToken ?kind ; rdfs:label ?label ; peel:knownFrom ?first .
  OPTIONAL { ?thing peel:wording ?wording }
  OPTIONAL { ?thing dcterms:description ?description }
  OPTIONAL { ?thing dcterms:title ?title }
  BIND (COALESCE(?wording, ?description, ?title) AS ?text)
  OPTIONAL {
    ?standing peel:standingOf ?thing ; peel:knownFrom ?day ; peel:hasPeriod ?period .
    ?standing a peel:Standing .
    ?period peel:status ?status ; peel:from ?from ; peel:until ?until .
    FILTER (?from <= ?day && ?day < ?until)
    OPTIONAL { ?standing peel:closedEarliest ?closedEarliest }
    OPTIONAL { ?standing peel:closedLatest ?closedLatest }
    OPTIONAL { ?standing peel:lastKnownOpen ?lastKnownOpen }
  }
  BIND (COALESCE(?day, ?first) AS ?known)
} ORDER BY DESC(?known) ?kind ?thing ?status LIMIT BOUND"""


@dataclass(frozen=True, slots=True)
class Change:
    """Something that became known.

    :param iri: names the change for ever: the thing's own IRI, or that of its later standing
    :param thing: the thing that it is about
    :param day: when it became known, as YYYY-MM-DD
    :param status: of a follow-up item on that day, as a phrase
    :param first: whether nothing was known of the thing before
    """

    iri: str
    thing: str
    kind: str
    label: str
    day: str
    text: str
    status: str
    first: bool


def of_force(engine: Engine, slug: str, limit: int) -> list[Change]:
    """Return the newest changes about a force."""
    return _changes(engine, f"{ID}force/{slug}", _ABOUT_FORCE, limit)


def of_theme(engine: Engine, slug: str, limit: int) -> list[Change]:
    """Return the newest changes about a theme, of all forces."""
    return _changes(engine, f"{SCHEME}theme/{slug}", _ABOUT_THEME, limit)


def _changes(engine: Engine, subject: str, about: str, limit: int) -> list[Change]:
    kinds = " ".join(f'"{kind}"' for kind in KINDS)
    query = (
        _QUERY.replace("SUBJECT", str(ox.NamedNode(subject)))
        .replace("KINDS", kinds)
        .replace("ABOUT", about)
        .replace("BOUND", str(limit))
    )
    found = engine.query(query)
    assert isinstance(found, ox.QuerySolutions)
    names = [variable.value for variable in found.variables]
    rows = [
        {name: term.value for name in names if isinstance(term := row[name], _PLAIN)}
        for row in found
    ]
    made: dict[tuple[str, str], Change] = {}
    for row in rows:
        first = row["known"] == row["first"]
        iri = row["thing"] if first else row["standing"]
        made.setdefault(
            (row["thing"], row["known"]),
            Change(
                iri,
                row["thing"],
                row["kind"],
                row["label"],
                row["known"],
                row.get("text", ""),
                phrases.status(row) if "status" in row else "",
                first,
            ),
        )
    return list(made.values())


_PLAIN = ox.NamedNode | ox.Literal
