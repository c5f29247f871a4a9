"""What several tests need."""

import os
import shutil
from pathlib import Path

import hypothesis
import pytest

import peelgraph
from peelgraph import build, ondisk
from peelgraph.resources import SHIPPED
from peelgraph.snapshot import checksum_path

# Every day the same examples, so that what is red was made red by the change; new ones with
# `make test-all`, and what they find becomes an example of its test.
hypothesis.settings.register_profile("every-day", derandomize=True)
hypothesis.settings.register_profile("anew", derandomize=False)
hypothesis.settings.load_profile("every-day")

SOURCES = Path(__file__).parents[2] / "shared" / "sources"
ABSENT = "the source documents are not here (../shared/sources beside the checkout)"

CHROMIUM = shutil.which("chromium")
NO_CHROMIUM = "there is no chromium here (apt-get install chromium)"


@pytest.fixture(scope="session")
def chromium() -> str:
    """Return where Chromium is, or skip the test; fail it where a browser is required."""
    if CHROMIUM is None:
        required = os.environ.get("PEELGRAPH_TEST_BROWSER") == "required"
        (pytest.fail if required else pytest.skip)(NO_CHROMIUM)
    return CHROMIUM


@pytest.fixture(scope="session")
def sources() -> Path:
    """Return the folder of source documents beside the checkout, or skip the test."""
    if not SOURCES.is_dir():
        pytest.skip(ABSENT)
    return SOURCES


@pytest.fixture(scope="session")
def shipped_snapshot() -> Path:
    """Return the snapshot of the shipped files that all tests share."""
    return build.ensure(SHIPPED)


@pytest.fixture(scope="session")
def shipped_on_disk(shipped_snapshot: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the snapshot of the shipped files in a folder where it has a store on disk."""
    path = tmp_path_factory.mktemp("disk") / shipped_snapshot.name
    for file, here in (
        (shipped_snapshot, path),
        (checksum_path(shipped_snapshot), checksum_path(path)),
    ):
        shutil.copyfile(file, here)
    ondisk.make(path)
    return path


@pytest.fixture(scope="session")
def graph() -> peelgraph.Graph:
    """Return the shipped graph."""
    return peelgraph.open()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say aloud that tests over the source documents, or in a browser, were skipped."""
    if not CHROMIUM:
        terminalreporter.write_line(f"NOT TESTED in a browser: {NO_CHROMIUM}", yellow=True)
    if not SOURCES.is_dir():
        terminalreporter.write_line(f"NOT TESTED against the documents: {ABSENT}", yellow=True)
