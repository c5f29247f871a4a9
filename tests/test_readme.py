"""The README's commands do what it shows."""

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

import peelgraph
from peelgraph.cli import cli

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
CONSOLE = re.findall(
    r"```console\n\$ \.venv/bin/peelgraph ((?:[^'\n]|'[^']*')+)\n(.*?)```", README, re.S
)


def test_there_are_examples() -> None:
    assert len(CONSOLE) == README.count("```console") >= 3


@pytest.mark.parametrize(("command", "shown"), CONSOLE, ids=[each[0][:30] for each in CONSOLE])
def test_a_command_prints_what_is_shown(
    command: str, shown: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "120")
    result = CliRunner().invoke(cli, shlex.split(command))
    assert result.exit_code == 0, result.output
    printed = result.stdout.splitlines()
    for number, line in enumerate(shown.splitlines()):
        if line.strip() == "…":
            return
        assert printed[number] == line


def test_the_python_example_runs(capsys: pytest.CaptureFixture[str]) -> None:
    (code,) = re.findall(r"```python\n(.*?)```", README, re.S)
    exec(compile(code, "README.md", "exec"), {})
    assert "Effective investigations" in capsys.readouterr().out


def test_the_number_of_items(graph: peelgraph.Graph) -> None:
    (said,) = re.findall(r"stands: (\d+) causes of concern", README)
    assert int(said) == len(graph.ask("status", force="west-midlands").rows)


def test_the_days_of_the_clock(graph: peelgraph.Graph) -> None:
    rows = graph.ask("statutory-clock", force="west-midlands").rows
    assert "day 57" in README and [row["dayLeast"] for row in rows if "dayLeast" in row] == [57]
