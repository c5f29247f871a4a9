"""The commands and the program in the guide to exports do what it says."""

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

import peelgraph
from peelgraph.cli import cli
from peelgraph.exports.formats import NAMES
from peelgraph.exports.model import EDGE, NODE

GUIDE = (Path(__file__).parents[2] / "docs" / "exports.md").read_text("utf-8")
COMMANDS = re.findall(r"^\$ peelgraph (.+)$", GUIDE, re.M)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_writes_its_file(
    command: str, graph: peelgraph.Graph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("peelgraph.cli.export.opened", lambda engine, store: graph)
    result = CliRunner().invoke(cli, shlex.split(command))
    assert result.exit_code == 0, result.output
    written = re.search(r"--output (\S+)", command)
    assert (tmp_path / written[1]).stat().st_size > 500 if written else result.stdout


def test_the_program_runs(capsys: pytest.CaptureFixture[str]) -> None:
    (code,) = re.findall(r"```python\n(.*?)```", GUIDE, re.S)
    exec(compile(code, "exports.md", "exec"), {})
    assert "presumed-open" in capsys.readouterr().out


def test_every_format_and_attribute_is_explained() -> None:
    assert len(COMMANDS) >= 7
    for name in (*NAMES, *NODE, *EDGE):
        assert f"`{name}`" in GUIDE, name
