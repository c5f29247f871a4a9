"""Where a snapshot is held: by its size and by what memory is left, or as it is told."""

from pathlib import Path

import pytest

from peelgraph.holding import choose, memory_available


@pytest.fixture
def megabyte(tmp_path: Path) -> Path:
    path = tmp_path / "x.nq"
    path.write_bytes(bytes(1_000_000))
    return path


@pytest.mark.parametrize(
    ("kept", "available", "store"),
    [
        (0, 4_300_000, "memory"),
        (0, 4_299_999, "disk"),
        (2, 9_900_000, "memory"),
        (2, 9_899_000, "disk"),
    ],
)
def test_it_is_in_memory_where_it_fits(
    megabyte: Path, kept: int, available: int, store: str
) -> None:
    assert choose("auto", megabyte, kept, available).name == store


def test_it_says_why(megabyte: Path) -> None:
    huge = choose("auto", megabyte, 2, 10**9)
    assert huge.why == "since memory would take 10 MB at most with 2 more kept, of 1000 MB " + (
        "that are left"
    )
    assert choose("disk", megabyte).why == "as --store disk says"


@pytest.mark.parametrize("store", ["memory", "disk"])
def test_what_is_told_is_done(megabyte: Path, store: str) -> None:
    assert choose(store, megabyte, 0, 0 if store == "memory" else 10**12).name == store


def test_some_memory_is_left_here() -> None:
    assert (memory_available() or 0) > 1 << 20


def system(folder: Path, group: str, **limits: dict[str, int]) -> Path:
    """Lay out what Linux says: a machine with 8 GB left, and control groups."""
    (folder / "proc/self").mkdir(parents=True)
    (folder / "proc/meminfo").write_text("MemTotal: 9000000 kB\nMemAvailable: 8000000 kB\n")
    (folder / "proc/self/cgroup").write_text(f"0::{group}\n")
    for name, said in limits.items():
        place = folder / "sys/fs/cgroup" / name.replace("_", "/").strip("/")
        place.mkdir(parents=True, exist_ok=True)
        (place / "memory.max").write_text(str(said["most"]) if "most" in said else "max\n")
        (place / "memory.current").write_text(f"{said['taken']}\n")
        (place / "memory.stat").write_text(f"anon 1\nfile {said['files']}\n")
    return folder


def test_a_control_group_bounds_it(tmp_path: Path) -> None:
    found = system(
        tmp_path,
        "/a/b",
        a={"most": 5 << 30, "taken": 3 << 30, "files": 1 << 30},
        a_b={"taken": 2 << 30, "files": 0},
    )
    assert memory_available(found) == 3 << 30


def test_without_a_bound_it_is_what_the_machine_has_left(tmp_path: Path) -> None:
    found = system(tmp_path, "/a", a={"taken": 2 << 30, "files": 0})
    assert memory_available(found) == 8_000_000 << 10


def test_elsewhere_it_is_what_the_machine_has(tmp_path: Path) -> None:
    assert (memory_available(tmp_path) or 0) > 1 << 20
