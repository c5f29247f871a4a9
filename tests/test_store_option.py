"""``--store`` of the commands that ask: the same answer from memory and from disk."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from peelgraph import holding, ondisk, snapshot
from peelgraph.cli import cli

ASKED = (
    ("ask", "status", "--force", "west-midlands", "--on", "2024-06-01", "--format", "csv"),
    ("query", "SELECT ?c { ?c a peel:CauseOfConcern } ORDER BY ?c"),
    ("export", "nquads", "--item", "wmp-2023-investigations", "--on", "2024-06-01"),
)


@pytest.fixture
def found(shipped_on_disk: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Have the commands find a snapshot that has a store on disk."""
    monkeypatch.setattr(snapshot, "find", lambda project: shipped_on_disk)
    return shipped_on_disk


@pytest.mark.parametrize("command", ASKED, ids=lambda each: each[0])
def test_the_answer_is_the_same(found: Path, command: tuple[str, ...]) -> None:
    memory, disk = (
        CliRunner().invoke(cli, [*command, "--store", store]) for store in ("memory", "disk")
    )
    assert (memory.exit_code, disk.exit_code) == (0, 0)
    assert memory.output == disk.output


def test_what_does_not_fit_is_held_on_disk_and_said(
    found: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(holding, "memory_available", lambda: 1000)
    ran = CliRunner().invoke(cli, ["query", "ASK { ?s a peel:CauseOfConcern }"])
    assert ran.exit_code == 0
    assert "The snapshot is held on disk, since memory would take" in ran.stderr


def test_a_store_that_cannot_be_made_is_said_plainly(
    shipped_snapshot: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / shipped_snapshot.name
    path.write_text("no snapshot\n")
    monkeypatch.setattr(snapshot, "find", lambda project: path)
    ran = CliRunner().invoke(cli, ["query", "ASK {}", "--store", "disk"])
    assert ran.exit_code == 1
    assert "is not a whole snapshot; build it again." in ran.stderr
    assert not ondisk.path_of(path).exists()


def test_an_engine_elsewhere_has_a_store_of_its_own() -> None:
    elsewhere = ["--engine", "http://127.0.0.1:9/query", "--store", "disk"]
    ran = CliRunner().invoke(cli, ["query", "ASK {}", *elsewhere])
    assert ran.exit_code == 2
    assert "leave it out, or --engine" in ran.stderr
