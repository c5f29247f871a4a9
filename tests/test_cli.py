"""The command line keeps the promises of its help texts."""

import csv
import io
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from peelgraph.cli import cli, opening
from peelgraph.engine import Embedded
from peelgraph.questions import names


@pytest.fixture(scope="module", autouse=True)
def loaded_once() -> Iterator[None]:
    """Load the snapshot once: here it is told of what the commands take and say."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(opening, "Embedded", cache(Embedded))
        yield


def run(*arguments: str, input: str | None = None) -> Result:
    return CliRunner().invoke(cli, arguments, input=input)


def commands(command: click.Command, *path: str) -> Iterator[tuple[str, ...]]:
    yield path
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            assert below is not None
            yield from commands(below, *path, name)


@pytest.mark.parametrize("name", names())
def test_every_question_is_a_command(name: str) -> None:
    helped = run("ask", name, "--help")
    assert helped.exit_code == 0
    example = helped.output.split("Example:")[1].split("Usage")[0].split("Options:")[0].split()
    assert example[0] == "peelgraph"
    assert run(*example[1:]).exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "status", "says"),
    [
        (["ask", "closures"], 0, "MARACs"),
        (["ask", "status", "--on", "2010-01-01", "--known", "2010-01-01"], 0, "No rows."),
        (["ask", "statuz"], 2, "Did you mean 'status'"),
        (["ask", "status", "--forse", "x"], 2, "--force"),
        (["ask", "status", "--force", "west-midland"], 2, "Did you mean 'west-midlands'"),
        (["ask", "status", "--on", "soon"], 2, "takes a day such as"),
        (["ask", "phase"], 2, "--force"),
        (["questions"], 0, "statutory-clock"),
        (["query", "ASK { ?s ?p ?o }"], 0, "yes"),
        (["query", "SELECT ?s"], 2, "does not parse"),
        (["query", "@no-such-file.rq"], 2, "cannot be read"),
        (["query", "ASK {}", "--format", "turtle"], 2, "CONSTRUCT"),
        (["query", "DESCRIBE force:kent", "--format", "csv"], 2, "turtle"),
        (["query", "DESCRIBE force:kent"], 0, "force:kent"),
        (["trace", "wmp-2023-investigations"], 0, "What came of it"),
        (["trace", "wmp-2023-investigation"], 2, "wmp-2023-investigations"),
        (["trace", "wmp-2023-investigations", "--on", "2024"], 2, "takes a day such as"),
        (["no-such-command"], 2, "No such command"),
    ],
)
def test_exit_status(arguments: list[str], status: int, says: str) -> None:
    result = run(*arguments)
    assert result.exit_code == status, result.output
    assert says in result.output


@pytest.mark.parametrize("path", list(commands(cli)), ids=" ".join)
def test_help_keeps_its_layout(path: tuple[str, ...]) -> None:
    result = run(*path, "--help")
    assert result.exit_code == 0
    assert "\\b" not in result.output and "\b" not in result.output


def test_help_names_statuses_and_an_example() -> None:
    assert isinstance(cli, click.Group)
    for name in ("ask", "build", "query", "serve", "trace", "validate"):
        text = run(name, "--help").output
        assert "Exits" in text and "peelgraph " + name in text, name


class TestFormats:
    def test_json_is_one_object_with_absent_values_absent(self) -> None:
        answer = json.loads(
            run("ask", "statutory-clock", "--force", "west-midlands", "--json").output
        )
        assert list(answer) == ["question", "parameters", "snapshot", "columns", "rows"]
        assert len(answer["snapshot"]) == 64
        late = [row for row in answer["rows"] if row["verdict"] == "late"]
        assert late and "dayMost" not in late[0] and late[0]["dayLeast"] == 57

    def test_csv_and_tsv_have_every_column(self) -> None:
        for name, delimiter in (("csv", ","), ("tsv", "\t")):
            text = run("ask", "closures", "--force", "west-midlands", "--format", name).output
            rows = list(csv.DictReader(io.StringIO(text), delimiter=delimiter))
            assert len(rows) == 6
            assert rows[0]["item"].startswith("https://w3id.org/peelgraph/id/")

    @pytest.mark.parametrize(
        ("output", "begins"),
        [
            ("json", "{"),
            ("csv", "force"),
            ("tsv", "?force"),
            ("srj", '{"head"'),
            ("srx", "<?xml"),
            ("table", "force"),
        ],
    )
    def test_query_in_every_format(self, output: str, begins: str) -> None:
        result = run("query", "SELECT ?force { ?force a peel:PoliceForce }", "--format", output)
        assert result.output.startswith(begins)

    def test_a_comma_in_an_iri_does_not_tear_a_row(self) -> None:
        query = "SELECT ?a ?b { VALUES (?a ?b) { (<urn:x,y> 'é'@fr) (UNDEF 1) } }"
        rows = csv.reader(io.StringIO(run("query", query, "--format", "csv").output, newline=""))
        assert list(rows) == [["a", "b"], ["urn:x,y", "é"], ["", "1"]]

    def test_ntriples(self) -> None:
        assert "<http://" in run("query", "DESCRIBE force:kent", "--format", "ntriples").output

    def test_query_from_file_and_standard_input(self, tmp_path: Path) -> None:
        file = tmp_path / "q.rq"
        file.write_text("ASK { force:kent a peel:PoliceForce }")
        for result in (run("query", f"@{file}"), run("query", "-", input=file.read_text())):
            assert (result.exit_code, result.stdout) == (0, "yes\n")

    def test_trace_as_json(self) -> None:
        found = json.loads(run("trace", "wmp-2023-maracs", "--json").output)
        assert found["item"]["kind"] == "cause-of-concern"

    def test_trace_says_where_it_says_so_unless_brief(self) -> None:
        assert "§" in run("trace", "wmp-2023-maracs").output
        assert "§" not in run("trace", "wmp-2023-maracs", "--brief").output


def test_trace_shows_the_status_of_the_day() -> None:
    text = run("trace", "wmp-2023-investigations", "--on", "2024-09-20", "--brief").output
    assert text.count("closed 17 September 2024") >= 3
    assert "presumed open, last proved open on 18 September 2024" in text


def test_build_writes_the_same_bytes_again(shipped_snapshot: Path, tmp_path: Path) -> None:
    result = run("build", "--out", str(tmp_path / "again"), "--json")
    assert result.exit_code == 0, result.output
    again = Path(json.loads(result.stdout)["path"])
    assert again.read_bytes() == shipped_snapshot.read_bytes()


def test_build_into_a_folder_that_cannot_be_written_to_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    result = run("build", "--out", str(tmp_path / "file" / "below"))
    assert result.exit_code == 1
    assert "cannot be written to" in result.output and "--out" in result.output
