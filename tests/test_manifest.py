"""A manifest holds its record to counts, and says plainly what is amiss."""

from pathlib import Path

import pytest

from peelgraph.manifest import Problem, check_manifest

KNOWN = {"CauseOfConcern", "Decision", "Finding"}
COUNTS = {"CauseOfConcern": 4, "Decision": 9}


def problems(tmp_path: Path, text: str) -> list[str]:
    path = tmp_path / "letter.toml"
    path.write_text(text, encoding="utf-8")
    found = check_manifest(path, COUNTS, KNOWN)
    assert all(problem.file == path for problem in found)
    return [f"{problem.line}: {problem.message}" for problem in found]


def test_a_record_that_meets_its_manifest(tmp_path: Path) -> None:
    text = "# counts\n[exactly]\nCauseOfConcern = 4\nFinding = 0\n[at-least]\nDecision = 8\n"
    assert problems(tmp_path, text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "[exactly]\nDecision = 8",
            "2: Exactly 8 Decision expected; the record has 9.",
        ),
        (
            "[at-least]\n\nFinding = 1",
            "3: At least 1 Finding expected; the record has 0.",
        ),
        (
            "[exactly]\nDecisions = 9",
            "2: Decisions is no class of the vocabulary; perhaps Decision.",
        ),
        ("[exactly]\nX = 9", "2: X is no class of the vocabulary."),
        (
            "[exactly]\nDecision = '9'",
            "2: Decision must be a whole number from 0, not '9'.",
        ),
        (
            "[exactly]\nDecision = true",
            "2: Decision must be a whole number from 0, not True.",
        ),
        (
            "[exactly]\nDecision = 9\n[at-least]\nDecision = 8",
            "4: Decision stands in both tables; keep one.",
        ),
        (
            "[exactly]\nDecision = 9\n[at-most]\nDecision = 8",
            "3: Has 'at-most'; only [exactly] and [at-least] are understood.",
        ),
        ("", "None: Demands nothing; give counts under [exactly] or [at-least]."),
        ("[exactly]\nDecision", "2: Is not TOML: Expected '=' after a key in a key/value pair."),
    ],
)
def test_what_is_wrong_is_said_with_its_line(tmp_path: Path, text: str, expected: str) -> None:
    assert problems(tmp_path, text) == [expected]


def test_a_record_without_manifest_is_a_problem(tmp_path: Path) -> None:
    path = tmp_path / "letter.toml"
    message = "The record has no manifest; write one that says how much it must hold."
    assert check_manifest(path, COUNTS, KNOWN) == [Problem(path, None, message)]


def test_a_manifest_that_is_no_text(tmp_path: Path) -> None:
    path = tmp_path / "letter.toml"
    path.write_bytes(b"\xff")
    assert [p.message for p in check_manifest(path, COUNTS, KNOWN)] == ["Is not UTF-8 text."]
    assert "Cannot be read" in check_manifest(tmp_path, COUNTS, KNOWN)[0].message
