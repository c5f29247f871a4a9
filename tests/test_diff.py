"""``peelgraph diff`` says what changed as a person would: what was closed, added, said anew."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from peelgraph.cli import cli
from peelgraph.cli.diff import diff
from peelgraph.resources import SHIPPED

LETTER = "graph/records/hmicfrs-wmp-letter-2024-09-18"
CLOSED = "decision:wmp-2024-09-17-investigations-3-closed"
SAID = "Recommendation 3 (Investigation plans) closed on 17 September 2024; before: presumed open."


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a repository whose last change closed a recommendation and renamed a finding."""
    root = tmp_path_factory.mktemp("repository")
    for name in ("ontology", "graph"):
        shutil.copytree(SHIPPED.root / name, root / name, ignore=shutil.ignore_patterns("*.py*"))
    record, manifest = root / f"{LETTER}.ttl", root / f"{LETTER}.toml"
    whole = record.read_text("utf-8"), manifest.read_text("utf-8")
    blocks = whole[0].split("\n\n")
    kept = [block for block in blocks if not block.startswith(f"{CLOSED} ")]
    assert len(kept) == len(blocks) - 1
    text = "\n\n".join(kept).replace(CLOSED, CLOSED.replace("3-closed", "2-closed"))
    text = text.replace("Focus on investigators, quality", "Focus on *investigators*, quality")
    record.write_text(text, "utf-8")
    manifest.write_text(whole[1].replace("Decision = 11", "Decision = 10"), "utf-8")
    git(root, "init", "--quiet")
    git(root, "add", ".")
    git(root, "commit", "--quiet", "--message", "before")
    record.write_text(whole[0], "utf-8")
    manifest.write_text(whole[1], "utf-8")
    return root


def git(root: Path, *arguments: str) -> None:
    identity = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *identity, *arguments], cwd=root, check=True, capture_output=True)


def run(root: Path, *arguments: str) -> Result:
    before = Path.cwd()
    os.chdir(root)
    try:
        return CliRunner().invoke(diff, arguments)
    finally:
        os.chdir(before)


def test_a_closure_is_told_as_a_closure(repository: Path) -> None:
    result = run(repository, "HEAD")
    assert result.exit_code == 0, result.output
    status, added, changed = result.stdout.split("\n\n")
    assert status == f"Status\n  {SAID}"
    assert added == "Added\n  Decision “Investigation plans closed” added."
    assert (
        "  Finding “Focus on investigators, quality and supervision”:\n"
        "      label: “Focus on *investigators*, quality and supervision” → "
        "“Focus on investigators, quality and supervision”\n" in changed
    )
    assert "6 changes; status on " in result.stderr


def test_the_other_way_round_it_is_removed(repository: Path) -> None:
    result = run(repository, ".", "HEAD", "--exit-code")
    assert result.exit_code == 1
    assert "  Recommendation 3 (Investigation plans) is presumed open; before: closed on 17" in (
        result.stdout
    )
    assert "Removed\n  Decision “Investigation plans closed” removed." in result.stdout


def test_on_a_day_before_it_was_raised_it_has_no_status(repository: Path) -> None:
    result = run(repository, "HEAD", "--on", "2015-01-01")
    assert "Status\n" not in result.stdout
    assert "Added\n" in result.stdout
    assert result.stderr.endswith("status on 2015-01-01.\n")


def test_json_is_one_object(repository: Path) -> None:
    answer = json.loads(run(repository, "HEAD", "--format", "json").stdout)
    first = answer["changes"][0]
    assert first == {
        "part": "status",
        "thing": "https://w3id.org/peelgraph/id/recommendation/wmp-2023-investigations-3",
        "kind": "recommendation",
        "name": "Investigation plans",
        "sentence": SAID,
        "before": "presumed open",
        "after": "closed on 17 September 2024",
        "details": [],
    }


def test_markdown_escapes_what_a_record_says(repository: Path) -> None:
    said = run(repository, "HEAD", "--format", "markdown").stdout
    assert said.startswith("### What changes in the graph (status on ")
    assert f"**Status**\n\n- {SAID}\n" in said
    assert r"“Focus on \*investigators\*, quality" in said


def test_the_same_graph_has_no_changes(repository: Path) -> None:
    result = run(repository, "HEAD", "HEAD", "--exit-code", "--format", "markdown")
    assert result.exit_code == 0
    assert result.stdout.endswith("Nothing.\n")


def test_a_snapshot_is_a_side_too(repository: Path) -> None:
    from peelgraph.build import ensure

    result = run(repository, "HEAD", str(ensure(SHIPPED)))
    assert f"Status\n  {SAID}\n" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["no-such"], "no-such is no folder, no snapshot, and no revision"),
        (["--", "--output=x"], "--output=x is no folder, no snapshot, and no revision"),
        (["graph"], "graph holds no graph: a project has the folders ontology and graph."),
        ([f"{LETTER}.ttl"], "is not a whole snapshot"),
        (["HEAD", "--on", "yesterday"], "'on' takes a day such as 2024-09-18"),
    ],
)
def test_what_is_no_graph_is_a_wrong_call(
    repository: Path, arguments: list[str], reason: str
) -> None:
    result = run(repository, *arguments)
    assert result.exit_code == 2
    assert reason in result.stderr


def test_a_project_is_compared_with_its_own_past(tmp_path: Path) -> None:
    example = SHIPPED.root / "docs" / "example-project"
    shutil.copytree(example, tmp_path / "midshire")
    git(tmp_path / "midshire", "init", "--quiet")
    git(tmp_path / "midshire", "add", ".")
    git(tmp_path / "midshire", "commit", "--quiet", "--message", "x")
    forces = tmp_path / "midshire" / "graph" / "register" / "forces.ttl"
    text = forces.read_text("utf-8")
    assert "Midshire" in text
    forces.write_text(text.replace("Midshire", "Middleshire"), "utf-8")
    result = CliRunner().invoke(cli, ["--project", str(tmp_path / "midshire"), "diff", "HEAD"])
    assert result.exit_code == 0, result.output
    assert "Midshire" in result.stdout and "Middleshire" in result.stdout


def test_a_broken_record_is_named(repository: Path, tmp_path: Path) -> None:
    shutil.copytree(repository, tmp_path / "copy", ignore=shutil.ignore_patterns(".git"))
    (tmp_path / "copy" / f"{LETTER}.ttl").write_text("broken", "utf-8")
    result = run(repository, "HEAD", str(tmp_path / "copy"))
    assert result.exit_code == 1
    assert "hmicfrs-wmp-letter-2024-09-18.ttl:1: This is not Turtle" in result.stderr
