"""Snapshots: the same bytes for the same input, whole or not there at all."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pyoxigraph as ox
import pytest

from peelgraph import snapshot
from peelgraph.resources import Project

ONE = '<https://e.test/a> <https://e.test/b> "1" .\n'
TWO = '<https://e.test/a> <https://e.test/b> "2" <https://e.test/g> .\n'


def store(*lines: str) -> ox.Store:
    found = ox.Store()
    found.load("".join(lines), format=ox.RdfFormat.N_QUADS)
    return found


def test_lines_are_sorted_and_come_back(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "x.nq"
    assert snapshot.write(store(TWO, ONE), path) == 2
    assert path.read_text() == ONE + TWO
    assert set(snapshot.load(path)) == set(store(ONE, TWO))


def test_nothing_is_left_beside(tmp_path: Path) -> None:
    snapshot.write(store(ONE), tmp_path / "x.nq")
    assert sorted(each.name for each in tmp_path.iterdir()) == ["x.nq", "x.nq.sha256"]
    assert stat.S_IMODE((tmp_path / "x.nq").stat().st_mode) & 0o444 == 0o444


def test_the_checksum_is_one_that_other_tools_understand(tmp_path: Path) -> None:
    snapshot.write(store(ONE), tmp_path / "x.nq")
    digest, name = (tmp_path / "x.nq.sha256").read_text().split()
    assert (len(digest), name) == (64, "x.nq")


@pytest.mark.parametrize("damage", ["flipped", "cut", "emptied", "checksum", "gone"])
def test_a_damaged_snapshot_is_not_loaded(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "x.nq"
    snapshot.write(store(ONE, TWO), path)
    content = path.read_bytes()
    match damage:
        case "flipped":
            path.write_bytes(content.replace(b"1", b"3"))
        case "cut":
            path.write_bytes(content[: len(content) // 2])
        case "emptied":
            path.write_bytes(b"")
        case "checksum":
            snapshot.checksum_path(path).unlink()
        case "gone":
            path.unlink()
    assert not snapshot.is_sound(path)
    with pytest.raises(snapshot.DamagedSnapshot):
        snapshot.load(path)


def test_a_failure_while_writing_leaves_the_old_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "x.nq"
    snapshot.write(store(ONE), path)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        snapshot.write(store(TWO), path)
    assert sorted(each.name for each in tmp_path.iterdir()) == ["x.nq", "x.nq.sha256"]
    assert set(snapshot.load(path)) == set(store(ONE))


def project(root: Path) -> Project:
    for name in ("ontology/peel.ttl", "graph/records/a.ttl", "graph/records/a.toml"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(name)
    (root / "graph" / "rules").mkdir(parents=True, exist_ok=True)
    (root / "graph" / "rules" / "10.rq").write_text("rule")
    return Project(root)


def test_the_digest_depends_on_the_files_and_not_on_where_they_are(tmp_path: Path) -> None:
    one, other = project(tmp_path / "one"), project(tmp_path / "other")
    assert snapshot.digest(one) == snapshot.digest(other)
    assert len(snapshot.digest(one)) == 64


@pytest.mark.parametrize(
    "name",
    ["ontology/peel.ttl", "graph/records/a.ttl", "graph/records/a.toml", "graph/rules/10.rq"],
)
def test_the_digest_changes_with_each_input(tmp_path: Path, name: str) -> None:
    before = snapshot.digest(project(tmp_path))
    (tmp_path / name).write_text("changed")
    assert snapshot.digest(Project(tmp_path)) != before


def test_the_digest_changes_with_a_file_s_name(tmp_path: Path) -> None:
    before = snapshot.digest(project(tmp_path))
    (tmp_path / "ontology" / "peel.ttl").rename(tmp_path / "ontology" / "other.ttl")
    assert snapshot.digest(Project(tmp_path)) != before


def test_the_digest_covers_the_code_that_derives(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = snapshot.digest(project(tmp_path))
    monkeypatch.setattr(ox, "__version__", "0.0.0")
    assert snapshot.digest(project(tmp_path)) != before


#: lists what the build imports, without what the package itself imports for its users
LIST = """
import sys, types
package = sys.modules["peelgraph"] = types.ModuleType("peelgraph")
package.__path__ = [sys.argv[1]]
import peelgraph.build
print(*sys.modules)
"""


def test_every_module_that_the_build_imports_is_in_the_digest() -> None:
    command = [sys.executable, "-c", LIST, str(Path(snapshot.__file__).parent)]
    listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    ours = {name.removeprefix("peelgraph.") for name in listed if name.startswith("peelgraph.")}
    outside = {each for each in ours if not each.startswith(("derivation", "evidence"))}
    assert outside == set(snapshot._CODE)


def test_the_cache_is_where_the_environment_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PEELGRAPH_CACHE", str(tmp_path))
    assert snapshot.path_of("abc") == tmp_path / "abc.nq"
    monkeypatch.delenv("PEELGRAPH_CACHE")
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert snapshot.folder() == tmp_path / "peelgraph" / "snapshots"
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert snapshot.folder() == tmp_path / ".cache" / "peelgraph" / "snapshots"
