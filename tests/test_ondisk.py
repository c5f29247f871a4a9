"""Stores on disk: whole or not there, opened with every file open, cleared when they are old."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import pyoxigraph as ox
import pytest
from peelbench.national import generate

from peelgraph import asking, ondisk, questions, snapshot
from peelgraph.alone import building
from peelgraph.build import build
from peelgraph.engine import Embedded
from peelgraph.graph import Graph
from peelgraph.ondisk import NotMade
from peelgraph.resources import Project
from peelgraph.snapshot import DamagedSnapshot


@pytest.fixture
def written(tmp_path: Path) -> Path:
    """Return a small snapshot, in a folder of its own."""
    return some(tmp_path, "a")


def some(folder: Path, name: str, quads: int = 50) -> Path:
    store = ox.Store()
    for number in range(quads):
        graph = ox.NamedNode(f"https://e.test/g{number % 3}")
        thing = ox.NamedNode(f"https://e.test/{name}{number}")
        store.add(ox.Quad(thing, ox.NamedNode("https://e.test/p"), ox.Literal(number), graph))
        store.add(ox.Quad(thing, ox.NamedNode("https://e.test/p"), ox.Literal(number)))
    path = folder / f"{name * 64}.nq"
    snapshot.write(store, path)
    return path


def test_it_holds_what_the_snapshot_holds(written: Path) -> None:
    path = ondisk.make(written)
    assert path == written.with_suffix(".store")
    assert set(ondisk.opened(path)) == set(snapshot.load(written))


def test_loading_in_pieces_loses_nothing(written: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ondisk, "_CHUNK", 5000)
    assert set(ondisk.opened(ondisk.make(written))) == set(snapshot.load(written))


def test_nothing_is_left_beside_it(written: Path) -> None:
    ondisk.make(written)
    names = {each.name for each in written.parent.iterdir()}
    assert names == {written.name, f"{written.name}.sha256", written.with_suffix(".store").name}


def test_a_whole_one_is_not_made_again(written: Path) -> None:
    path = ondisk.make(written)
    before = (path / "CURRENT").stat().st_ino
    ondisk.make(written)
    assert (path / "CURRENT").stat().st_ino == before


@pytest.mark.parametrize("damage", ["flipped", "cut", "gone", "sums"])
def test_a_damaged_one_is_made_again(written: Path, damage: str) -> None:
    path = ondisk.make(written)
    table = max(path.glob("*.sst"), key=lambda each: each.stat().st_size)
    content = table.read_bytes()
    match damage:
        case "flipped":
            table.write_bytes(content[:99] + bytes([content[99] ^ 1]) + content[100:])
        case "cut":
            table.write_bytes(content[:-1])
        case "gone":
            table.unlink()
        case "sums":
            (path / "SHA256SUMS").unlink()
    assert not ondisk.is_whole(path)
    ondisk.make(written)
    assert ondisk.is_whole(path)
    assert set(ondisk.opened(path)) == set(snapshot.load(written))


def test_the_checksums_are_ones_that_other_tools_understand(written: Path) -> None:
    path = ondisk.make(written)
    subprocess.run(["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=path, check=True)


def test_of_a_damaged_snapshot_none_is_made(written: Path) -> None:
    written.write_bytes(written.read_bytes()[:-9])
    with pytest.raises(DamagedSnapshot, match="build it again"):
        ondisk.make(written)
    assert not written.with_suffix(".store").exists()


@pytest.mark.parametrize("content", [None, "nothing"])
def test_what_is_none_is_not_opened(tmp_path: Path, content: str | None) -> None:
    path = tmp_path / "x.store"
    if content is not None:
        path.mkdir()
        (path / "SHA256SUMS").write_text(content)
    with pytest.raises(DamagedSnapshot):
        ondisk.opened(path)


def test_one_that_was_half_made_is_not_used(written: Path) -> None:
    left = written.with_name(f".{written.stem}.store.partial")
    left.mkdir()
    (left / "000001.sst").write_text("half")
    path = ondisk.make(written)
    assert not left.exists()
    assert ondisk.is_whole(path)


def test_a_folder_that_is_a_file_is_said_plainly(written: Path) -> None:
    written.with_name(f".{written.stem}.store.partial").write_text("in the way")
    with pytest.raises(NotMade, match=r"cannot take the store .* use --store memory"):
        ondisk.make(written)


_FULL = """
import resource, sys
from pathlib import Path
from peelgraph import ondisk
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
try:
    ondisk.make(Path(sys.argv[1]))
except ondisk.NotMade as error:
    print(error)
"""


def test_a_full_disk_is_said_plainly_and_leaves_nothing(tmp_path: Path) -> None:
    path = some(tmp_path, "a", 2000)
    command = [sys.executable, "-c", _FULL, str(path)]
    found = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "folder to write to, with 1 MB of room, or use --store memory." in found.stdout
    assert {each.name for each in tmp_path.iterdir()} == {path.name, f"{path.name}.sha256"}


def test_it_waits_for_another_that_makes_it(written: Path) -> None:
    said = threading.Event()
    made: list[Path] = []

    def progress(message: str, done: int = 0, total: int = 0) -> None:
        if message.startswith("waiting"):
            said.set()

    with building(written.with_suffix(".store")):
        waiting = threading.Thread(target=lambda: made.append(ondisk.make(written, progress)))
        waiting.start()
        assert said.wait(60)
        assert made == []
    waiting.join(60)
    assert made == [written.with_suffix(".store")]


def test_those_that_are_old_or_lost_their_snapshot_go(tmp_path: Path) -> None:
    for age, name in enumerate(("new", "young", "lost", "third", "old", "held")):
        store = tmp_path / f"{name}.store"
        store.mkdir()
        (store / "SHA256SUMS").touch()
        os.utime(store, (1e9 - age, 1e9 - age))
        if name != "lost":
            store.with_suffix(".nq").touch()
    ondisk.hold(tmp_path / "held.store")
    ondisk.clear(tmp_path, but=tmp_path / "new.store")
    left = {each.stem for each in tmp_path.glob("*.store")}
    assert left == {"new", "young", "third", "held"}


def many_files(folder: Path) -> tuple[Path, Path]:
    """Return a snapshot, and a folder with its store in more files than RocksDB opens."""
    path = some(folder, "a", 400)
    store = folder / "made"
    store.mkdir()
    loading = ox.Store(str(store))
    lines = path.read_bytes().splitlines(keepends=True)
    for first in range(8):
        piece = b"".join(lines[first::8])
        loading.bulk_load(piece, format=ox.RdfFormat.N_QUADS)
    del loading
    return path, store


_CONFINED = """
import resource, sys
from pathlib import Path
from peelgraph import ondisk
store = ondisk.opened(Path(sys.argv[1]))
resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))
print(*next(store.query(sys.argv[2])))
"""


def test_every_file_of_many_is_open(tmp_path: Path) -> None:
    path, store = many_files(tmp_path)
    assert len(list(store.glob("*.sst"))) > 16
    ondisk._seal(path, store)
    query = "SELECT (COUNT(*) AS ?n) (SUM(STRLEN(STR(?o))) AS ?m) { GRAPH ?g { ?s ?p ?o } }"
    usual = snapshot.load(path).query(query)
    assert isinstance(usual, ox.QuerySolutions)
    command = [sys.executable, "-c", _CONFINED, str(store), query]
    found = subprocess.run(command, capture_output=True, text=True, check=True)
    assert found.stdout.split() == list(map(str, next(usual)))


def alike(memory: Embedded, disk: Embedded) -> None:
    """Ask every question of both, with its example parameters and with as few as it takes."""
    for name in questions.names():
        asked = questions.question(name)
        least = {each: questions.parameter(each).example for each in asked.required}
        most = {each.name: each.example for each in asked.parameters}
        for given in (least, most):
            expected = asking.ask(memory, name, given)
            found = asking.ask(disk, name, given)
            assert (found.columns, found.rows) == (expected.columns, expected.rows), (name, given)
            assert found.snapshot == expected.snapshot


def test_every_question_has_the_same_answer(shipped_on_disk: Path, graph: Graph) -> None:
    assert isinstance(graph.engine, Embedded)
    alike(graph.engine, Embedded(shipped_on_disk, on_disk=True))


@pytest.mark.slow
def test_every_question_of_a_country_has_the_same_answer(tmp_path: Path) -> None:
    project = Project(generate(tmp_path / "made", 100_000, seed=5).folder)
    path = build(project, tmp_path).path
    ondisk.make(path)
    memory, disk = Embedded(path), Embedded(path, on_disk=True)
    for name in questions.names():
        if not questions.question(name).required:
            expected, found = asking.ask(memory, name, {}), asking.ask(disk, name, {})
            assert found.rows == expected.rows, name
