"""Every question has the same answer in a real engine elsewhere as in the embedded one."""

import importlib.util
import re
import shlex
from pathlib import Path
from types import ModuleType

import engines
import pyoxigraph as ox
import pytest
from click.testing import CliRunner

import peelgraph
from peelgraph import asking, questions
from peelgraph.cli import cli
from peelgraph.engine import EngineError
from peelgraph.exports import formats
from peelgraph.exports.gathering import gather
from peelgraph.exports.scope import resolve
from peelgraph.namespaces import GRAPH

pytestmark = pytest.mark.remote

#: before and after each document became public, and days between that the traps ask about
DAYS = ("2016-02-17", "2016-02-18", "2019-05-10", "2019-06-26", "2019-06-27", "2024-09-17", "all")
ON = ("2010-01-01", "2019-05-02", "2023-11-23", "2024-01-01", "2024-06-01", "2024-09-18", "today")


def _tests(name: str) -> ModuleType:
    """Return the module of other tests, which ask whatever ``graph`` is."""
    path = Path(__file__).parents[1] / f"{name}.py"
    spec = importlib.util.spec_from_file_location(f"remote_{name}", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


for _name in ("test_questions", "test_questions_things"):
    _own = {
        key: value
        for key, value in vars(_tests(_name)).items()
        if key.startswith(("test_", "Test"))
    }
    assert _own and not set(_own) & set(globals())
    globals().update(_own)


def cases() -> list[tuple[str, dict[str, str]]]:
    """Return every question with its examples, each parameter alone, on many days."""
    found: list[tuple[str, dict[str, str]]] = []
    for name in questions.names():
        asked = questions.question(name)
        least = {each: questions.parameter(each).example for each in asked.required}
        found.append((name, least))
        found += [(name, {**least, each.name: each.example}) for each in asked.parameters]
        found.append((name, {each.name: each.example for each in asked.parameters}))
        found += [(name, {**least, "known": day}) for day in DAYS]
        if "on" in {each.name for each in asked.parameters}:
            found += [(name, {**least, "on": day}) for day in ON]
    return found


@pytest.mark.parametrize("name", questions.names())
def test_every_question_is_answered_alike(
    name: str, graph: peelgraph.Graph, embedded: peelgraph.Graph
) -> None:
    asked = [arguments for each, arguments in cases() if each == name]
    assert len(asked) > 5
    for arguments in asked:
        expected = asking.ask(embedded.engine, name, arguments)
        found = asking.ask(graph.engine, name, arguments)
        assert (found.columns, found.rows) == (expected.columns, expected.rows), arguments
        assert found.snapshot == expected.snapshot


def test_a_page_of_rows_is_the_same_page(graph: peelgraph.Graph, embedded: peelgraph.Graph) -> None:
    for offset in (0, 40, 115):
        expected = embedded.ask("not-known", limit=10, offset=offset).rows
        assert graph.ask("not-known", limit=10, offset=offset).rows == expected


@pytest.mark.parametrize("form", [each for each in formats.NAMES if each not in ("png", "svg")])
def test_exports_are_the_same_bytes(
    form: str, graph: peelgraph.Graph, embedded: peelgraph.Graph
) -> None:
    part = {"item": "wmp-2023-investigations"} if form == "html" else {"force": "west-midlands"}
    written = []
    for each in (embedded, graph):
        scope = resolve(each.engine, {**part, "on": "2024-09-20"})
        written.append(formats.named(form).write(gather(each.engine, scope), each.engine).body)
    assert written[0] == written[1]


def test_a_query_of_ones_own(graph: peelgraph.Graph, embedded: peelgraph.Graph) -> None:
    for query in (
        "SELECT ?c ?w { ?c a peel:CauseOfConcern ; peel:wording ?w } ORDER BY ?c",
        "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
        "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g ORDER BY ?g",
        "SELECT ?role { ?role peel:singleHolder ?v FILTER (?v) } ORDER BY ?role",
        "SELECT ?r ?d { ?r peel:timeLimitDuration ?d } ORDER BY ?r",
    ):
        expected, found = embedded.query(query), graph.query(query)
        assert isinstance(expected, ox.QuerySolutions) and isinstance(found, ox.QuerySolutions)
        assert [_terms(row) for row in found] == [_terms(row) for row in expected], query
    asked = graph.query("ASK { ?c a peel:CauseOfConcern }")
    assert isinstance(asked, ox.QueryBoolean) and bool(asked)
    for query in (
        "CONSTRUCT { ?s peel:timeLimitDuration ?d } WHERE { ?s peel:timeLimitDuration ?d }",
        "CONSTRUCT WHERE { ?s peel:singleHolder ?d }",
    ):
        assert _triples(graph, query) == _triples(embedded, query) != set()


def _triples(graph: peelgraph.Graph, query: str) -> set[ox.Triple]:
    found = graph.query(query)
    assert isinstance(found, ox.QueryTriples)
    return set(found)


def _terms(row: ox.QuerySolution) -> list[str]:
    return [str(term) for term in row]


def test_the_whole_graph_comes_back_as_it_went(
    graph: peelgraph.Graph, embedded: peelgraph.Graph
) -> None:
    for name in ("record/hmicfrs-wmp-letter-2024-09-18", "editorial", "derived"):
        query = f"CONSTRUCT {{ ?s ?p ?o }} {{ GRAPH <{GRAPH}{name}> {{ ?s ?p ?o }} }}"
        assert _triples(graph, query) == _triples(embedded, query) != set(), name


def test_a_cut_answer_is_refused(graph: peelgraph.Graph, running: object) -> None:
    """Virtuoso stops at 10,000 rows, with status 200; the others answer whole."""
    query = "SELECT ?s ?p ?o { ?s ?p ?o }"
    if "Virtuoso" in graph.engine.server().get("server", ""):  # type: ignore[attr-defined]
        with pytest.raises(EngineError, match="cut"):
            graph.query(query)
    else:
        rows = graph.query(query)
        assert isinstance(rows, ox.QuerySolutions)
        assert len(list(rows)) > 10_000


def test_the_commands_of_the_guide(
    running: engines.Running,
    graph: peelgraph.Graph,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    guide = Path(__file__).parents[2] / "docs" / "engines.md"
    commands = re.findall(r"^\$ peelgraph (.+)$", guide.read_text("utf-8"), re.M)
    assert len(commands) == 6
    monkeypatch.chdir(tmp_path)
    for command in commands:
        here = command.replace("http://127.0.0.1:7878/query", running.query)
        result = CliRunner().invoke(cli, shlex.split(here))
        assert result.exit_code == 0, result.output
    assert (tmp_path / "west-midlands.graphml").stat().st_size > 10_000
