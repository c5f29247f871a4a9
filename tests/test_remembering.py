"""A run that remembers answers as one that does not, whatever has changed in between."""

import random
import re
import shutil
from pathlib import Path

import pytest

from peelgraph.resources import SHIPPED, Project
from peelgraph.validation import Examination, examine, state

GRAPH = SHIPPED.root / "graph"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """Return a copy of the shipped project, and an empty cache."""
    monkeypatch.setenv("PEELGRAPH_CACHE", str(tmp_path / "cache"))
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
    assert len(spoken) > 8
    assert said.count(True) > 8
