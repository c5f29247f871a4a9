"""The made-up corpus: valid, as large as asked for, the same each time, or broken on purpose."""

import resource
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest
from click.testing import CliRunner
from peelbench.commands import cli
from peelbench.defects import DEFECTS
from peelbench.national import generate

from peelgraph import build
from peelgraph.evidence.check import check
from peelgraph.evidence.record import read_record
from peelgraph.evidence.source import read_source
from peelgraph.namespaces import expand
from peelgraph.resources import Project
from peelgraph.validation import examine

QUADS = 20_000
COMMAND = Path(__file__).parents[1] / "benchmarks" / "peelgraph-bench"


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return generate(tmp_path_factory.mktemp("corpus") / "made", QUADS, seed=7).folder


def digests(folder: Path) -> dict[str, str]:
    return {
        str(file.relative_to(folder)): sha256(file.read_bytes()).hexdigest()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def test_it_is_valid_under_all_shapes(corpus: Path) -> None:
    assert examine(Project(corpus)).findings == ()


def test_it_builds_to_about_as_many_quads_as_were_asked_for(corpus: Path) -> None:
    assert len(build.quads(Project(corpus))) == pytest.approx(QUADS, rel=0.05)


def test_every_passage_stands_in_its_text(corpus: Path) -> None:
    records = sorted(Project(corpus).records.glob("*.ttl"))
    assert records
    for file in records:
        source = read_source(corpus / "sources" / f"{file.stem}.txt")
        checked = check(read_record(file), source)
        assert checked.problems == () and checked.passages


def test_the_same_numbers_give_the_same_bytes_and_another_seed_others(
    corpus: Path, tmp_path: Path
) -> None:
    again = digests(generate(tmp_path / "again", QUADS, seed=7).folder)
    assert again == digests(corpus)
    other = digests(generate(tmp_path / "other", QUADS, seed=8).folder)
    assert {name for name in other if name.startswith("graph/records")} != {
        name for name in again if name.startswith("graph/records")
    }


def test_what_is_planted_is_what_validation_finds(tmp_path: Path) -> None:
    report = generate(tmp_path / "broken", 2 * QUADS, seed=3, defects=True)
    assert len(report.planted) == len(DEFECTS) and not report.unplanted
    found = examine(Project(report.folder)).findings
    assert sorted((each.name, each.focus) for each in found) == sorted(
        (each.shape, expand(each.thing)) for each in report.planted
    )


def test_the_command_says_what_it_made(tmp_path: Path) -> None:
    arguments = ["generate", "--quads", "20000", "--output", str(tmp_path / "made")]
    made = CliRunner().invoke(cli, arguments)
    assert made.exit_code == 0 and "records on 1 forces" in made.output
    again = CliRunner().invoke(cli, arguments)
    assert again.exit_code == 2 and "is not an empty folder" in again.output
    small = CliRunner().invoke(cli, ["generate", "--quads", "10", "--output", str(tmp_path / "x")])
    assert small.exit_code == 2 and not (tmp_path / "x").exists()


def test_it_runs_from_the_checkout() -> None:
    ran = subprocess.run([sys.executable, str(COMMAND), "--help"], capture_output=True, text=True)
    assert ran.returncode == 0 and "generate" in ran.stdout


@pytest.mark.slow
def test_memory_does_not_grow_with_the_corpus(tmp_path: Path) -> None:
    peaks = []
    for quads in (1_000_000, 4_000_000):
        command = [sys.executable, str(COMMAND), "generate", "--quads", str(quads)]
        subprocess.run([*command, "--output", str(tmp_path / str(quads))], check=True)
        # of all children so far: the larger one must not need more
        peaks.append(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
    assert peaks[1] < 1.5 * peaks[0]


@pytest.mark.slow
def test_a_larger_corpus_is_valid_and_of_its_size_too(tmp_path: Path) -> None:
    project = Project(generate(tmp_path / "made", 300_000, seed=5).folder)
    assert len(build.quads(project)) == pytest.approx(300_000, rel=0.05)
    assert examine(project).findings == ()
