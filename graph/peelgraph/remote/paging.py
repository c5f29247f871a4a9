"""All rows of a query, also where an engine sends only so many at a time.

>>> print(page("SELECT ?s { ?s a ?c }", ["s"], 100, 200))
SELECT ?s { { SELECT ?s { { SELECT ?s { ?s a ?c } } } ORDER BY ?s } } LIMIT 100 OFFSET 200
"""

import json
from collections.abc import Sequence

import pyoxigraph as ox

from peelgraph.engine import Results
from peelgraph.remote.connection import AnswerTooLarge
from peelgraph.remote.engine import Remote

#: rows of the first page that is asked for, and of the smallest
_ROWS, _LEAST = 8192, 64


def whole(remote: Remote, sparql: str) -> Results:
    """Return all that a query finds: at once, or in pages if the engine cuts that.

    :param sparql: a ``SELECT`` without ``LIMIT``
    :raises EngineError: there is no answer
    """
    try:
        return remote.query(sparql)
    except AnswerTooLarge:
        return _in_pages(remote, sparql)


def page(sparql: str, names: Sequence[str], limit: int, offset: int) -> str:
    """Return the query for one page of the rows of another, in an order that stays.

    The order is made within: Virtuoso sorts no more than 10,000 rows for a ``LIMIT``.
    """
    variables = " ".join(f"?{name}" for name in names)
    ordered = f"SELECT {variables} {{ {{ {sparql} }} }} ORDER BY {variables}"
    return f"SELECT {variables} {{ {{ {ordered} }} }} LIMIT {limit} OFFSET {offset}"


def _in_pages(remote: Remote, sparql: str) -> ox.QuerySolutions:
    names = remote.columns(sparql)
    rows: list[dict[str, object]] = []
    size = _ROWS
    while True:
        try:
            found = remote.query(page(sparql, names, size, len(rows)))
        except AnswerTooLarge:
            if size <= _LEAST:
                raise
            size //= 2
            continue
        assert isinstance(found, ox.QuerySolutions)
        text = found.serialize(format=ox.QueryResultsFormat.JSON)
        assert text is not None
        bindings = json.loads(text)["results"]["bindings"]
        rows += bindings
        if len(bindings) < size:
            break
    body = json.dumps({"head": {"vars": names}, "results": {"bindings": rows}})
    answer = ox.parse_query_results(body.encode(), format=ox.QueryResultsFormat.JSON)
    assert isinstance(answer, ox.QuerySolutions)
    return answer
