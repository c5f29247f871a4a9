"""``peelgraph validate`` keeps the promises of its help text, and finds what it should."""

import json
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import click
import pyoxigraph as ox
import pytest
from click.testing import CliRunner, Result
from pyshacl.pytypes import SHACLExecutor
from pyshacl.shapes_graph import ShapesGraph
from rdflib import Graph
from rdflib.namespace import SH
from rdflib.plugins.sparql import prepareQuery
from rdflib.query import Result as RdfResult

from peelgraph.cli import opening
from peelgraph.cli.validate import validate as command
from peelgraph.resources import SHIPPED
from peelgraph.validation import UnreadableFileError, examine, validate
from peelgraph.validation.corpus import read_sources
from peelgraph.validation.examine import find
from peelgraph.validation.shapes import load_shapes
from peelgraph.validation.terms import add, as_text

EXAMPLES = SHIPPED.shapes / "examples"
CONTEXT = EXAMPLES / "context.ttl"
CONFORMS = EXAMPLES / "FindingShape-polarity" / "conforms.ttl"
VIOLATION = EXAMPLES / "FindingShape-polarity" / "violates-none.ttl"
WARNING = EXAMPLES / "StatementShape-about" / "violates-none.ttl"
BAD_DATE = EXAMPLES / "DateShape-edtf" / "violates-text.ttl"
INFO = EXAMPLES / "LabelShape-length" / "violates-long.ttl"


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(command, [str(each) for each in arguments])


def test_the_shipped_graph_is_clean() -> None:
    result = run()
    assert (result.exit_code, result.stdout) == (0, "")
    assert "0 violations, 0 warnings, 0 infos" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        ((CONFORMS,), 0),
        ((WARNING,), 0),
        (("--fail-on", "warning", WARNING), 1),
        (("--fail-on", "info", INFO), 1),
        ((VIOLATION,), 1),
    ],
    ids=["clean", "warning passes", "warning fails", "info fails", "violation fails"],
)
def test_exit_status(arguments: tuple[str | Path, ...], status: int) -> None:
    assert run(CONTEXT, *arguments).exit_code == status


def test_a_finding_says_where_and_what_to_do() -> None:
    result = run(CONTEXT, VIOLATION)
    first, second, *_ = result.stdout.splitlines()
    line = next(
        number
        for number, text in enumerate(VIOLATION.read_text().splitlines(), 1)
        if text.startswith("finding:")
    )
    assert f"{VIOLATION.name}:{line}:1: violation: finding:midshire-2030-workloads" in first
    assert first.endswith("[FindingShape-polarity]")
    assert second.startswith("    A finding must be a strength, a weakness or neutral")


def test_a_file_that_cannot_be_read_does_not_hide_the_others(tmp_path: Path) -> None:
    broken = tmp_path / "broken.ttl"
    broken.write_text("@prefix a: <https://example.org/> .\na:b a:c\na:d a:e a:f .\n")
    result = run(CONTEXT, broken, tmp_path / "missing.ttl", VIOLATION)
    assert result.exit_code == 2
    assert "[FindingShape-polarity]" in result.stdout
    assert "broken.ttl:3:5: violation" in result.stdout
    assert "This is not Turtle" in result.stdout
    assert "The file cannot be read: No such file or directory." in result.stdout


def test_a_file_that_is_not_turtle_is_a_violation(tmp_path: Path) -> None:
    broken = tmp_path / "broken.ttl"
    broken.write_text("a:b")
    assert run(CONTEXT, broken).exit_code == 1


def test_json_is_one_object() -> None:
    result = run("--format", "json", CONTEXT, WARNING, VIOLATION)
    answer = json.loads(result.stdout)
    assert answer["files"] == 3
    assert [each["severity"] for each in answer["findings"]] == ["violation", "warning"]
    unlike = {"message": "", "file": "", "line": 0, "places": []}
    assert answer["findings"][0] | unlike == {
        "severity": "violation",
        "shape": "FindingShape-polarity",
        "focus": "https://w3id.org/peelgraph/id/finding/midshire-2030-workloads",
        "path": "https://w3id.org/peelgraph/ontology#polarity",
        "value": None,
        "message": "",
        "label": "Workloads",
        "file": "",
        "line": 0,
        "column": 1,
        "places": [],
    }


def test_a_record_takes_the_place_of_the_shipped_one(tmp_path: Path) -> None:
    shipped = SHIPPED.records / "hmicfrs-wmp-letter-2024-09-18.ttl"
    changed = tmp_path / shipped.name
    changed.write_text(
        shipped.read_text(encoding="utf-8").replace('"2024-09-17"', '"2024-08-17"'),
        encoding="utf-8",
    )
    names = {finding.name for finding in validate(SHIPPED, [changed])}
    assert "DecisionShape-afterVisit" in names


def test_what_a_file_says_of_a_shipped_thing_is_found(tmp_path: Path) -> None:
    """The item is closed in the shipped graph; a new file closes it once more."""
    file = tmp_path / "again.ttl"
    file.write_text(
        """
@prefix basis: <https://w3id.org/peelgraph/scheme/basis/> .
@prefix body: <https://w3id.org/peelgraph/id/body/> .
@prefix decision: <https://w3id.org/peelgraph/id/decision/> .
@prefix edtf: <http://id.loc.gov/datatypes/edtf/> .
@prefix outcome: <https://w3id.org/peelgraph/scheme/outcome/> .
@prefix peel: <https://w3id.org/peelgraph/ontology#> .
@prefix recommendation: <https://w3id.org/peelgraph/id/recommendation/> .

decision:closed-again a peel:Decision ;
    peel:decides recommendation:wmp-2023-investigations-1 ;
    peel:outcome outcome:closed ;
    peel:decidedBy body:hmicfrs ;
    peel:date "2025-01-01"^^edtf:EDTF ;
    peel:basis basis:inferred ;
    peel:reason "An example."@en .
"""
    )
    assert {finding.name for finding in validate(SHIPPED, [file])} == {"ItemShape-closedOnce"}


def test_a_file_that_cannot_be_read_is_an_error_for_code(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match=r"missing\.ttl: The file cannot be read"):
        validate(SHIPPED, [tmp_path / "missing.ttl"])


def test_progress_is_told() -> None:
    steps: dict[str, int] = {}

    def told(message: str, done: int = 0, total: int = 0) -> None:
        assert 0 <= done <= total
        steps[message] = total

    examine(SHIPPED, [CONTEXT], told, remember=False)
    assert list(steps) == [
        *("reading the shapes", "reading the files", "checking", "looking up the places")
    ]
    assert steps["reading the files"] > 10 and steps["checking"] > 50


def test_on_a_terminal_a_bar_is_drawn_and_taken_away(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    opening.progress("reading", 1, 2)
    assert capsys.readouterr().err == "", "this is no terminal"
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    with click.Context(command):
        opening.progress("reading", 1, 2)
        opening.progress("reading", 1, 2)
        said = capsys.readouterr().err
        assert said.endswith(f"reading [{'#' * 15}{'.' * 15}] 50 %") and said.count("reading") == 1
    assert capsys.readouterr().err == "\r\033[K"


def test_without_a_cache_the_same_is_said() -> None:
    assert run("--no-cache", CONTEXT, VIOLATION).stdout == run(CONTEXT, VIOLATION).stdout


def test_the_command_starts_without_the_libraries_of_rdf() -> None:
    code = (
        "import sys; import peelgraph.cli.validate\n"
        "print(sorted({'rdflib', 'pyshacl'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.slow
def test_plain_pyshacl_finds_the_same_in_a_damaged_graph() -> None:
    """Every thirtieth statement is missing; both ways must find the same."""
    shapes = load_shapes(SHIPPED.shapes)
    sources, _ = read_sources(SHIPPED, None)
    triples = [triple for source in sources for triple in source.triples]
    damaged = [
        triple
        for number, triple in enumerate(triples)
        if number % 30 or "ontology#" not in triple.predicate.value
    ]
    ours = {(each.focus, each.shape, each.value) for each in find(damaged, shapes)}
    assert len(ours) > 50
    assert ours == _plainly(damaged, ShapesGraph(shapes.graph))


class ParsedOnce(Graph):
    """A graph that parses each query once: pySHACL asks the same one for every focus node."""

    def query(self, text: str, **keywords: Any) -> RdfResult:  # type: ignore[override]
        return super().query(prepared(text), **keywords)


prepared = cache(prepareQuery)


def _plainly(triples: list[ox.Triple], shapes: ShapesGraph) -> set[tuple[str, str, str | None]]:
    graph, executor, found = ParsedOnce(), SHACLExecutor(validator=None), set()
    add(graph, triples)
    for shape in shapes.shapes:
        for _, _, result in shape.validate(executor, graph)[1]:
            said = {p: o[1] if isinstance(o, tuple) else o for _, p, o in result}
            source = said.get(SH.sourceConstraint, said[SH.sourceShape])
            found.add((str(said[SH.focusNode]), str(source), as_text(said.get(SH.value))))
    return found
