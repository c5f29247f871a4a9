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
    rows = f"VALUES ?thing {{ {_terms(iris)} }} VALUES ?property {{ {_terms(properties)} }}"
    for thing, name, value in _rows(engine, rows, known):
        found.setdefault(thing, {}).setdefault(name, value)
    return found


def reports(engine: Engine, inspections: Iterable[str], known: str) -> list[tuple[str, str]]:
    """Return each report on any of the *inspections*, with the inspection.

    :param known: use only documents that were public by this day; ``all``, if not restricted
    """
    rows = f"VALUES ?value {{ {_terms(inspections)} }} VALUES ?property {{ <{REPORTS_ON}> }}"
    return [(report, inspection) for report, _, inspection in _rows(engine, rows, known)]


def _rows(engine: Engine, rows: str, known: str) -> list[tuple[str, str, str]]:
    found = engine.query(
        f"SELECT DISTINCT ?thing ?property ?value {{ {rows} "
        "GRAPH ?record { ?thing ?property ?value } "
        f"OPTIONAL {{ ?record <{PEEL}knownFrom> ?from }} "
        f"FILTER (COALESCE(?from <= {day_term(known)}, ?record = <{GRAPH}reference>)) }} "
        "ORDER BY ?thing ?property DESC(STRLEN(STR(?value))) ?value"
    )
    assert isinstance(found, ox.QuerySolutions)
    return [(row["thing"].value, row["property"].value, row["value"].value) for row in found]


def _terms(iris: Iterable[str]) -> str:
    return " ".join(str(ox.NamedNode(iri)) for iri in iris)
