"""What several tests need."""

from pathlib import Path

import pytest

import peelgraph

SOURCES = Path(__file__).parents[2] / "shared" / "sources"
ABSENT = "the source documents are not here (../shared/sources beside the checkout)"


@pytest.fixture(scope="session")
def sources() -> Path:
    """Return the folder of source documents beside the checkout, or skip the test."""
    if not SOURCES.is_dir():
        pytest.skip(ABSENT)
    return SOURCES


@pytest.fixture(scope="session")
def graph() -> peelgraph.Graph:
    """Return the shipped graph."""
    return peelgraph.open()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say aloud that tests over the source documents were skipped."""
    if not SOURCES.is_dir():
        terminalreporter.write_line(f"NOT TESTED against the documents: {ABSENT}", yellow=True)
