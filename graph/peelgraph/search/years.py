"""The years of the entries: of their own dates, of the visit that yielded them, of being raised.

A year counts where it is certain that the day was in it, or in it or the next one. The
queries are joined here, by indexes, since each engine would choose an order of its own.
"""

import sqlite3
from collections.abc import Callable, Iterable

Rows = Callable[[str], Iterable[tuple[str, ...]]]

_QUERIES = {
    "dated": """SELECT (STR(?thing) AS ?iri) (STR(?date) AS ?expression) {
      VALUES ?property { peel:date peel:publicOn peel:dated peel:sentOn peel:effectiveOn }
      ?thing ?property ?date }""",
    "span": """SELECT (STR(?date) AS ?expression) ?earliest ?latest {
      ?span peel:expression ?date ; peel:earliest ?earliest ; peel:latest ?latest }""",
    "visit": """SELECT (STR(?thing) AS ?iri) (STR(?visit) AS ?of) {
      VALUES ?property { peel:identifiedIn peel:seenAt peel:reportsOn }
      ?thing ?property ?visit }""",
    "bound": """SELECT (STR(?item) AS ?iri) ?earliest ?latest {
      ?standing peel:standingOf ?item ; peel:knownUntil "9999-12-31"^^xsd:date ;
        peel:raisedEarliest ?earliest ; peel:raisedLatest ?latest }""",
}

_TABLES = """
CREATE TEMP TABLE dated (iri TEXT, expression TEXT);
CREATE TEMP TABLE span (expression TEXT, earliest TEXT, latest TEXT);
CREATE TEMP TABLE visit (iri TEXT, of TEXT);
CREATE TEMP TABLE bound (iri TEXT, earliest TEXT, latest TEXT);
"""
_JOIN = """
CREATE INDEX temp.dated_of ON dated (iri);
CREATE INDEX temp.span_of ON span (expression);
INSERT INTO bound SELECT iri, earliest, latest FROM dated JOIN span USING (expression);
INSERT INTO bound SELECT visit.iri, earliest, latest
  FROM visit JOIN dated ON dated.iri = visit.of JOIN span USING (expression);
INSERT OR IGNORE INTO facet SELECT entry.id, 'year', year FROM entry JOIN (
    SELECT iri, SUBSTR(earliest, 1, 4) AS year, earliest, latest FROM bound
    UNION SELECT iri, SUBSTR(latest, 1, 4), earliest, latest FROM bound
  ) AS dates ON dates.iri = entry.iri
  WHERE SUBSTR(latest, 1, 4) - SUBSTR(earliest, 1, 4) <= 1;
DROP TABLE temp.dated; DROP TABLE temp.span; DROP TABLE temp.visit; DROP TABLE temp.bound;
"""


def fill(rows: Rows, index: sqlite3.Connection) -> None:
    """Add the years to the facets of an index that has its entries."""
    index.executescript(_TABLES)
    for table, query in _QUERIES.items():
        marks = ", ".join("?" * (2 if table in ("dated", "visit") else 3))
        index.executemany(f"INSERT INTO {table} VALUES ({marks})", rows(query))
    index.executescript(_JOIN)
