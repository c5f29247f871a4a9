"""The guides to the endpoint and the pages: their commands do what they show."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from peelserver.sparql import results

DOCS = Path(__file__).parents[2] / "docs"
GUIDE = "".join((DOCS / each).read_text("utf-8") for each in ("endpoint.md", "pages.md"))
ADDRESS = "http://127.0.0.1:8080"
CONSOLE = re.findall(r"```console\n\$ ((?:[^'\n]|'[^']*')+)\n(.*?)```", GUIDE, re.S)


def test_there_are_examples() -> None:
    assert len(CONSOLE) == GUIDE.count("```console") >= 8


@pytest.mark.parametrize(("command", "shown"), CONSOLE, ids=[str(at) for at in range(len(CONSOLE))])
def test_a_command_prints_what_is_shown(live: str, command: str, shown: str) -> None:
    if shutil.which("curl") is None:
        pytest.skip("curl is not installed")
    done = subprocess.run(
        ["/bin/sh", "-c", command.replace(ADDRESS, live.rstrip("/"))],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    printed = done.stdout.splitlines()
    for number, line in enumerate(shown.splitlines()):
        start, cut, _ = line.partition("…")
        assert printed[number].startswith(start) if cut else printed[number] == line


def test_the_python_example_runs(live: str, capsys: pytest.CaptureFixture[str]) -> None:
    (code,) = re.findall(r"```python\n(.*?)```", GUIDE, re.S)
    exec(compile(code.replace(ADDRESS, live.rstrip("/")), "endpoint.md", "exec"), {})
    assert "Vetting backlog" in capsys.readouterr().out


def test_the_formats_are_those_that_there_are() -> None:
    table = GUIDE.partition("| answer of |")[2].partition("\n\n")[0]
    assert set(re.findall(r"`(\w+)`", table)) - {"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"} - {
        "format"
    } == set(results.NAMES)
