"""SPARQL results in which an engine joined words in any order have the same bytes each time."""

import json
from typing import Any

import pyoxigraph as ox
from hypothesis import given, settings
from hypothesis import strategies as st

from peelserver.lineage.formats import SRJ, settled

#: some as a cell of the results looks, to be told apart from one
WORDS = st.text('ab"\\:{}é\U0001f600', min_size=1, max_size=6) | st.sampled_from(
    ['"names":{"type":"literal","value":"z', '\\"names\\":{', "\\", '"']
)
CELLS = st.none() | st.lists(WORDS, max_size=4).map(" ".join)


def results(rows: list[tuple[str | None, str | None]]) -> bytes:
    """Return SPARQL results with the columns ?x and ?names."""
    cells = [" ".join("UNDEF" if v is None else str(ox.Literal(v)) for v in row) for row in rows]
    values = " ".join(f"({each})" for each in cells)
    found = ox.Store().query(f"SELECT ?x ?names {{ VALUES (?x ?names) {{ {values} }} }}")
    assert isinstance(found, ox.QuerySolutions)
    body = found.serialize(format=ox.QueryResultsFormat.JSON)
    assert body is not None
    return body


@settings(deadline=None)
@given(st.lists(st.tuples(CELLS, CELLS), max_size=5))
def test_words_are_in_order_and_nothing_else_changes(
    rows: list[tuple[str | None, str | None]],
) -> None:
    body = results(rows)
    expected: dict[str, Any] = json.loads(body)
    for row in expected["results"]["bindings"]:
        if "names" in row and " " in row["names"]["value"]:
            row["names"]["value"] = " ".join(sorted(row["names"]["value"].split()))
    assert json.loads(settled(body, SRJ, ("names",))) == expected
    assert settled(body, SRJ, ()) == body
