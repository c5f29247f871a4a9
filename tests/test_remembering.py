"""A run that remembers answers as one that does not, whatever has changed in between."""

import os
import random
import re
import shutil
from pathlib import Path

import pytest

from peelgraph.resources import SHIPPED, Project
from peelgraph.validation import Examination, examine, kept, state

GRAPH = SHIPPED.root / "graph"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """Return a copy of the shipped project, and an empty cache."""
    monkeypatch.setenv("PEELGRAPH_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(state, "LEAST", 0)
    for name in ("ontology", "shapes", "graph"):
        shutil.copytree(
            SHIPPED.root / name,
            tmp_path / "project" / name,
            ignore=shutil.ignore_patterns("examples", "peelgraph", "__pycache__"),
        )
    return Project(tmp_path / "project")


def advances(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Return a list that grows with each attempt to go on from a state: whether it led there."""
    said: list[bool] = []
    real = state.advance

    def noted(*arguments: object, **keywords: object) -> object:
        found = real(*arguments, **keywords)  # type: ignore[arg-type]
        said.append(found is not None)
        return found

    monkeypatch.setattr(state, "advance", noted)
    return said


def same(project: Project, files: list[Path] | None = None) -> Examination:
    """Return what is found in *project*, which is the same with and without a memory."""
    remembered = examine(project, files)
    assert remembered == examine(project, files, remember=False)
    return remembered


def changed(path: Path, chance: random.Random) -> None:
    """Spoil or mend a file of the project a little, so that it stays Turtle."""
    lines = path.read_text("utf-8").splitlines(keepends=True)
    inside = [
        number
        for number, line in enumerate(lines)
        if re.match(r"    [a-z]+:\S+ [^\"]*[^\"\s] ;\n", line)
        or re.match(r"    peel:\w+ \".*;\n", line)
    ]
    if not inside:
        return
    number = chance.choice(inside)
    kind = chance.randrange(4)
    if kind == 0:
        del lines[number]
    elif kind == 1:
        other = chance.choice(inside)
        lines[number] = lines[other]
    elif kind == 2:
        lines[number] += lines[chance.choice(inside)]
    else:
        lines[number] = re.sub(
            r"(19|20)\d\d", lambda m: str(int(m[0]) + chance.choice((-9, 9))), lines[number]
        )
    path.write_text("".join(lines), "utf-8")


def walk(project: Project, seed: int, steps: int) -> set[str]:
    """Change the project step by step, and compare after each."""
    chance = random.Random(seed)
    files = sorted((project.root / "graph").rglob("*.ttl"))
    spoken: set[str] = set()
    for _ in range(steps):
        for _ in range(chance.choice((1, 1, 3))):
            path = chance.choice(files)
            if path.exists() and chance.random() < 0.05:
                path.rename(path.with_suffix(".away"))
            elif not path.exists():
                path.with_suffix(".away").rename(path)
            else:
                changed(path, chance)
        spoken |= {each.name for each in same(project).findings}
    return spoken


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_after_any_changes_the_answer_is_that_of_a_run_without_a_memory(
    project: Project, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    said = advances(monkeypatch)
    assert not same(project).findings
    spoken = walk(project, seed, 12)
    assert len(spoken) > 2
    assert said.count(True) > 6


def test_remembered_is_what_was_found(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    said = advances(monkeypatch)
    record = project.records / "hmicfrs-wmp-letter-2024-09-18.ttl"
    assert not examine(project).findings
    text = record.read_text("utf-8")
    record.write_text(text.replace('"2024-09-17"', '"2024-08-17"'), "utf-8")
    spoiled = same(project)
    assert "DecisionShape-afterVisit" in {each.name for each in spoiled.findings}
    record.write_text(text, "utf-8")
    assert not examine(project).findings
    assert said == [True], "what was there before is answered as a whole"


@pytest.mark.slow
def test_one_file_of_what_is_remembered(project: Project) -> None:
    record = project.records / "hmicfrs-wmp-letter-2024-09-18.ttl"
    assert not examine(project).findings
    assert not same(project, [record]).findings


class TestKept:
    def test_a_damaged_answer_is_found_anew(self, project: Project) -> None:
        one = Project(project.root / "none", None)
        first = examine(one)
        (answer,) = kept.folder("answers").glob("*.json")
        answer.write_bytes(answer.read_bytes().replace(b"triples", b"tripled"))
        assert examine(one) == first
        assert b"triples" in answer.read_bytes()

    def test_a_damaged_state_is_none(self, project: Project) -> None:
        folder = kept.folder("states") / "key-1"
        with kept.written(folder) as partial:
            (partial / "store").mkdir()
            (partial / "store" / "a.sst").write_bytes(b"right")
        assert kept.is_whole(folder)
        (folder / "store" / "a.sst").write_bytes(b"wrong")
        assert not kept.is_whole(folder)
        (folder / "store" / "a.sst").unlink()
        assert not kept.is_whole(folder)

    def test_what_is_used_least_is_thrown_away(
        self, project: Project, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(kept, "ANSWERS", 2)
        folder = kept.folder("answers")
        for age, name in enumerate("abc"):
            kept.write(folder / name, name.encode())
            os.utime(folder / name, (age, age))
        kept.read(folder / "b")
        kept.write(folder / "d", b"d")
        assert {each.name for each in folder.iterdir()} == {"b", "d"}

    def test_a_cache_that_cannot_be_written_to_is_done_without(
        self, project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (tmp_path / "file").write_text("")
        monkeypatch.setenv("PEELGRAPH_CACHE", str(tmp_path / "file"))
        assert examine(Project(project.root / "none", None)).files == 0

    def test_nothing_is_kept_if_not_wanted(self, project: Project) -> None:
        examine(Project(project.root / "none", None), remember=False)
        assert not kept.folder("answers").exists()
