"""Queries to begin with: each a complete one, with what it asks in words."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Example:
    """A query under a name that its address has."""

    name: str
    title: str
    query: str


EXAMPLES = (
    Example(
        "concerns",
        "Causes of concern with their recommendations",
        """SELECT ?concern ?wording ?recommendation
WHERE {
  ?concern a peel:CauseOfConcern ;
           peel:wording ?wording .
  OPTIONAL { ?recommendation peel:addresses ?concern }
}
ORDER BY ?concern ?recommendation
""",
    ),
    Example(
        "standings",
        "What is known of each item today, as bounds",
        """SELECT ?item ?label ?raisedLatest ?closedEarliest ?closedLatest ?lastKnownOpen
WHERE {
  ?standing peel:standingOf ?item ;
            peel:knownUntil "9999-12-31"^^xsd:date .
  ?item rdfs:label ?label .
  OPTIONAL { ?standing peel:raisedLatest ?raisedLatest }
  OPTIONAL { ?standing peel:closedEarliest ?closedEarliest }
  OPTIONAL { ?standing peel:closedLatest ?closedLatest }
  OPTIONAL { ?standing peel:lastKnownOpen ?lastKnownOpen }
}
ORDER BY ?raisedLatest ?item
""",
    ),
    Example(
        "themes",
        "How often each theme comes up among findings, good and bad",
        """SELECT ?theme ?polarity (COUNT(?finding) AS ?findings)
WHERE {
  ?finding a peel:Finding ;
           peel:theme ?theme ;
           peel:polarity ?polarity .
}
GROUP BY ?theme ?polarity
ORDER BY DESC(?findings) ?theme ?polarity
""",
    ),
    Example(
        "evidence",
        "Where it says so: the passages behind one cause of concern",
        """SELECT ?document ?start ?end
WHERE {
  concern:wmp-2023-investigations peel:evidence ?passage .
  ?passage oa:hasSource ?document ;
           oa:hasSelector ?selector .
  ?selector oa:start ?start ;
            oa:end ?end .
}
ORDER BY ?document ?start
""",
    ),
    Example(
        "records",
        "How many statements each part of the data makes",
        """SELECT ?graph (COUNT(*) AS ?statements)
WHERE {
  GRAPH ?graph { ?subject ?property ?value }
}
GROUP BY ?graph
ORDER BY DESC(?statements)
""",
    ),
    Example(
        "chain",
        "All that an inspection led to, as a graph",
        """CONSTRUCT { ?from peel:leadsTo ?to }
WHERE {
  ?inspection a peel:Inspection ;
              peel:ofForce force:west-midlands ;
              peel:leadsTo* ?from .
  ?from peel:leadsTo ?to .
}
""",
    ),
)


def example(name: str) -> Example:
    """Return the example with a name, or the first one."""
    return next((each for each in EXAMPLES if each.name == name), EXAMPLES[0])
