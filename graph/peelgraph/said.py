"""What the documents public by a day say of some things, one property at a time.

The questions tell how things hang together; this tells what stands beside each: its wording, its
description, its dates. Our reference facts count as public.
"""

from collections.abc import Iterable, Sequence

import pyoxigraph as ox

from peelgraph.engine import Engine
from peelgraph.namespaces import GRAPH, PEEL, PREFIXES
from peelgraph.values import day_term

DESCRIPTION = PREFIXES["dcterms"] + "description"
#: the relation of a report to its inspection
REPORTS_ON = PEEL + "reportsOn"


def said(
    engine: Engine, iris: Iterable[str], properties: Sequence[str], known: str
) -> dict[str, dict[str, str]]:
    """Return the values of some *properties*, by thing and property, both as IRIs.

    Where documents say several, the longest counts, which of two dates is the more precise one.

    :param known: use only documents that were public by this day; ``all``, if not restricted
    """
    found: dict[str, dict[str, str]] = {}
    things = f"VALUES ?thing {{ {terms(iris)} }}"
    for thing, name, value in rows(engine, written(things, properties, known)):
        found.setdefault(thing, {}).setdefault(name, value)
    return found


def reports(engine: Engine, inspections: Iterable[str], known: str) -> list[tuple[str, str]]:
    """Return each report on any of the *inspections*, with the inspection.

    :param known: use only documents that were public by this day; ``all``, if not restricted
    """
    query = written(f"VALUES ?value {{ {terms(inspections)} }}", [REPORTS_ON], known)
    return [(report, inspection) for report, _, inspection in rows(engine, query)]


def written(pattern: str, properties: Iterable[str], known: str) -> str:
    """Return the query for what is said by some *properties* where a *pattern* fits.

    :param pattern: binds ``?thing`` or ``?value``, in SPARQL
    """
    return (
        f"SELECT DISTINCT ?thing ?property ?value {{ {pattern} "
        f"VALUES ?property {{ {terms(properties)} }} GRAPH ?record {{ ?thing ?property ?value }} "
        f"OPTIONAL {{ ?record <{PEEL}knownFrom> ?from }} "
        f"FILTER (COALESCE(?from <= {day_term(known)}, ?record = <{GRAPH}reference>)) }} "
        "ORDER BY ?thing ?property DESC(STRLEN(STR(?value))) ?value"
    )


def rows(engine: Engine, query: str) -> list[tuple[str, str, str]]:
    """Return the rows of a query that :func:`written` made: things, properties, values."""
    found = engine.query(query)
    assert isinstance(found, ox.QuerySolutions)
    return [(thing.value, name.value, value.value) for thing, name, value in found]


def terms(iris: Iterable[str]) -> str:
    """Return IRIs as SPARQL writes them."""
    return " ".join(str(ox.NamedNode(iri)) for iri in iris)
