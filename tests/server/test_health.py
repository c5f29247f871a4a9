"""Whoever watches the server learns whether it lives, is ready, and what it serves."""

from importlib.metadata import version
from typing import TYPE_CHECKING

import pytest

from peelserver.answering.jobs import Busy
from peelserver.answering.pool import Pool

if TYPE_CHECKING:
    from tests.server.conftest import Served


def test_a_server_that_answers_is_ready(served: "Served") -> None:
    answer = served.app.test_client().get("/health")
    assert answer.status_code == 200
    assert answer.get_json() == {
        "status": "ready",
        "live": True,
        "ready": True,
        "snapshot": served.state.digest(),
        "held": "memory",
        "version": version("peelgraph"),
    }
    assert answer.headers["Cache-Control"] == "no-store"


def test_one_that_does_not_answer_queries_lives_but_is_not_ready(
    served: "Served", monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_: object, **__: object) -> None:
        raise Busy("Later.")

    monkeypatch.setattr(Pool, "answer", busy)
    client = served.app.test_client()
    assert client.get("/health").status_code == 503
    assert client.get("/health").get_json()["ready"] is False
    assert client.get("/health/ready").status_code == 503
    assert client.get("/health/live").get_json() == {"live": True}


def test_short_answers_for_probes(served: "Served") -> None:
    client = served.app.test_client()
    assert client.get("/health/ready").get_json() == {"ready": True}
    assert client.head("/health/live").status_code == 200
