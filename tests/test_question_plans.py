"""The questions keep the shape that lets an engine begin from one force and go on from there.

An engine may answer an ``OPTIONAL`` for each row that it has, or answer it for the whole graph and
look the rows up in that. Oxigraph does the second wherever an ``OPTIONAL`` holds another one: on a
million quads, one force then costs as much as the whole country. See decision 32.
"""

import re

import pytest

import peelgraph
from peelgraph import asking, questions, values

#: what stays few however many forces and documents there are, or is asked of one thing alone
FEW = {
    "facts": "one thing",
    "office-holders": "tenures",
    "phase": "one force",
    "phase-history": "one force",
}
_TOKEN = re.compile(r'"(?:\\.|[^"\\])*"|<[^<>\s]*>|OPTIONAL\s*\{|[{}]')


def nested(sparql: str) -> list[str]:
    """Return how each OPTIONAL begins that holds another; dates are few, and may have bounds."""
    found: list[str] = []
    open_: list[str | None] = []
    for token in _TOKEN.finditer(sparql):
        if token[0].startswith("OPTIONAL"):
            holder = next((each for each in reversed(open_) if each), None)
            if holder and not holder.startswith("?span peel:expression"):
                found.append(holder)
            open_.append(sparql[token.end() :].lstrip()[:60])
        elif token[0] == "{":
            open_.append(None)
        elif token[0] == "}":
            open_.pop()
    assert not open_
    return found


@pytest.mark.parametrize("name", [name for name in questions.names() if name not in FEW])
def test_no_optional_holds_another(name: str) -> None:
    assert nested(questions.question(name).sparql) == []


HIDDEN = re.compile(
    r"VALUES \(\?askKnown\) \{ \(UNDEF\) \}\s+(.*)\s+\?mark a peel:LaterStatement ;"
)


HIDING = [name for name in questions.names() if "?hidden" in questions.question(name).sparql]


@pytest.mark.parametrize("name", questions.names())
def test_nothing_hidden_is_looked_for_where_all_is_known(name: str) -> None:
    sparql = questions.question(name).sparql
    found = HIDDEN.findall(sparql)
    assert found == [f'FILTER (?askKnown < "{values.ALL}"^^xsd:date)'] * len(found)
    assert len(found) == sparql.count("peel:LaterStatement")


@pytest.mark.parametrize("name", HIDING)
def test_what_hides_is_left_out_where_all_is_known(name: str) -> None:
    asked = questions.question(name)
    assert not re.search(r"hidden|LaterStatement", asked.of_all)
    full = iter(asked.sparql.splitlines())
    assert all(line in full for line in asked.of_all.splitlines() if not line.startswith("#"))
    assert asked.of_all.count("{") == asked.of_all.count("}")


@pytest.mark.parametrize("name", HIDING)
@pytest.mark.parametrize("given", [{}, {"force": "west-midlands"}], ids=["country", "force"])
def test_the_rows_are_the_same_without_what_hides(
    name: str, given: dict[str, str], graph: peelgraph.Graph
) -> None:
    full = asking.ask(graph.engine, name, {**given, "known": "2999-12-31"})
    sooner = asking.ask(graph.engine, name, given)
    assert ("hidden" in full.sparql, "hidden" in sooner.sparql) == (True, False)
    assert full.rows == sooner.rows


def test_an_optional_in_an_optional_is_seen() -> None:
    inner = "OPTIONAL { ?mark ex:of ?thing }"
    assert nested(f"SELECT * {{ ?thing a ex:Thing {inner} {inner} }}") == []
    found = nested(f'SELECT * {{ OPTIONAL {{ ?thing ex:p "}}" {{ {inner} }} }} {inner} }}')
    assert len(found) == 1


def test_every_exception_is_a_question_and_is_one() -> None:
    for name in FEW:
        assert nested(questions.question(name).sparql)
