"""Results of SPARQL queries as text."""

import csv
import io
import json

import pyoxigraph as ox

from peelgraph.asking import Value, plain
from peelgraph.engine import Results
from peelgraph.graph import Graph
from peelgraph.namespaces import PREFIXES
from peelgraph.tables import grid, terms_as_csv

FORMATS = ("table", "json", "csv", "tsv", "srj", "srx", "turtle", "ntriples")

_NATIVE = {
    "srj": ox.QueryResultsFormat.JSON,
    "srx": ox.QueryResultsFormat.XML,
    "tsv": ox.QueryResultsFormat.TSV,
}


def written(results: Results, output: str | None, graph: Graph) -> str:
    """Return *results* as text.

    :param output: one of ``FORMATS``; a table or Turtle, whichever fits, if None
    """
    if isinstance(results, ox.QueryTriples):
        form = ox.RdfFormat.N_TRIPLES if output == "ntriples" else ox.RdfFormat.TURTLE
        return (ox.serialize(results, format=form, prefixes=PREFIXES) or b"").decode()
    if isinstance(results, ox.QueryBoolean) and output not in ("srj", "srx"):
        return _boolean(bool(results), output)
    if output in _NATIVE:
        return (results.serialize(format=_NATIVE[output]) or b"").decode()
    assert isinstance(results, ox.QuerySolutions)
    if output == "csv":
        return terms_as_csv(results)
    columns = [variable.value for variable in results.variables]
    rows: list[dict[str, Value]] = [
        {column: plain(term) for column in columns if (term := row[column]) is not None}
        for row in results
    ]
    if output == "json":
        answer = {"snapshot": graph.digest, "columns": columns, "rows": rows}
        return json.dumps(answer, ensure_ascii=False, indent=2) + "\n"
    things = {str(value) for row in rows for value in row.values() if str(value).startswith("http")}
    return grid(columns, rows, graph.labels(things))


def _boolean(value: bool, output: str | None) -> str:
    if output == "json":
        return json.dumps({"boolean": value}) + "\n"
    if output in ("csv", "tsv"):
        out = io.StringIO()
        csv.writer(out, lineterminator="\n").writerows([["boolean"], [str(value).lower()]])
        return out.getvalue()
    return f"{'yes' if value else 'no'}\n"
