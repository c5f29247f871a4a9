"""A permalink gives the same bytes while its snapshot is kept, and says afterwards how to go on."""

import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from peelgraph import __version__
from peelgraph.build import ensure
from peelgraph.questions import names, question
from peelgraph.snapshot import checksum_path
from peelserver import create_app
from peelserver.config import Config
from peelserver.processes.keepers import Keepers, digest_of
from peelserver.state import State

OTHER = "0" * 64
BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


@pytest.fixture
def client(served: tuple[Flask, State]) -> FlaskClient:
    return served[0].test_client()


@pytest.mark.parametrize("name", names())
def test_the_same_bytes(client: FlaskClient, name: str) -> None:
    asked = question(name)
    given = [f"{p.name}={p.example}" for p in asked.parameters if p.name in asked.required]
    address = f"/questions/{name}?{'&'.join(given)}"
    permalink = client.get(address).get_json()["permalink"]
    for accept in ("application/json", "text/csv", "application/sparql-results+xml", "text/html"):
        first = client.get(address, headers={"Accept": accept})
        later = client.get(permalink, headers={"Accept": accept})
        assert first.status_code == later.status_code == 200
        assert (later.mimetype, later.data) == (accept, first.data)
        assert later.headers["Link"] == first.headers["Link"]


def test_every_parameter_is_resolved(client: FlaskClient, served: tuple[Flask, State]) -> None:
    answer = client.get(
        "/questions/status?force=https://w3id.org/peelgraph/id/force/west-midlands"
        "&theme=theme:vetting&limit=5&offset=2"
    ).get_json()
    assert re.fullmatch(
        r"/questions/status\?force=west-midlands&theme=vetting&on=\d{4}-\d\d-\d\d&known=all"
        rf"&limit=5&offset=2&snapshot={served[1].digest()}&version={re.escape(__version__)}",
        answer["permalink"],
    )
    assert answer["snapshot"] == served[1].digest()


def test_a_file_has_a_permalink_of_its_own(client: FlaskClient) -> None:
    answer = client.get("/questions/closures?force=west-midlands&format=csv")
    bookmark = re.match(r'<([^>]+)>; rel="bookmark"', answer.headers["Link"])
    assert bookmark
    assert client.get(bookmark[1]).data == answer.data


@pytest.mark.parametrize("headers", [{}, BROWSER], ids=["program", "browser"])
def test_a_snapshot_that_is_not_kept_is_gone(client: FlaskClient, headers: dict[str, str]) -> None:
    answer = client.get(
        f"/questions/status?force=west-midlands&on=2024-06-01&snapshot={OTHER}&version=0.0.9",
        headers=headers,
    )
    assert answer.status_code == 410
    said = answer.get_data(as_text=True)
    assert OTHER in said
    assert "peelgraph 0.0.9" in said
    assert "peelgraph build" in said
    assert "peelgraph ask status --force west-midlands --on 2024-06-01" in said


def test_what_is_gone_says_what_is_kept(client: FlaskClient, served: tuple[Flask, State]) -> None:
    problem = client.get(f"/questions/documents?snapshot={OTHER}").get_json(force=True)
    assert problem["snapshot"] == OTHER
    assert problem["kept"] == served[1].digests()
    assert problem["command"] == "peelgraph ask documents"


def test_an_older_snapshot_answers_while_it_is_kept(tmp_path: Path) -> None:
    address = "/questions/phase?force=west-midlands&on=2024-01-01"
    config = Config(snapshot=ensure(), keep=2, run=tmp_path)
    keepers = Keepers(config, tmp_path)
    try:
        serve(keepers, config.snapshot)
        before = answer(config, address)
        permalink = before.get_json()["permalink"]
        for digest, status in (("1" * 64, 200), ("2" * 64, 410)):
            serve(keepers, renamed(config.snapshot, tmp_path / f"{digest}.nq"))
            later = answer(config, permalink)
            assert later.status_code == status
            assert status == 410 or later.data == before.data
            assert answer(config, address).get_json()["snapshot"] == digest
    finally:
        keepers.close()


def test_the_file_of_a_snapshot_is_found_wherever_it_is(tmp_path: Path) -> None:
    run, elsewhere = tmp_path / "run", tmp_path / "elsewhere"
    run.mkdir()
    elsewhere.mkdir()
    config = Config(snapshot=ensure(), keep=1, run=run)
    keepers = Keepers(config, run)
    other = renamed(config.snapshot, elsewhere / f"{'1' * 64}.nq")
    try:
        for snapshot in (config.snapshot, other):
            serve(keepers, snapshot)
            whole = answer(config, "/snapshot.nq")
            assert whole.status_code == 200
            assert whole.headers["ETag"] == f'"{digest_of(snapshot)}"'
            whole.close()
            assert answer(config, "/snapshot").status_code == 200
        assert {each.name for each in run.glob("*.nq*")} == {other.name, f"{other.name}.sha256"}
    finally:
        keepers.close()


def serve(keepers: Keepers, snapshot: Path) -> None:
    keepers.start(snapshot)
    keepers.publish(digest_of(snapshot))


def answer(config: Config, address: str) -> TestResponse:
    """Return what a web process answers that has answered nothing before."""
    app = create_app(config)
    try:
        return app.test_client().get(address)
    finally:
        app.extensions["peelgraph"].pool.close()


def renamed(snapshot: Path, to: Path) -> Path:
    """Return the same snapshot under another digest, as if it were another one."""
    to.write_bytes(snapshot.read_bytes())
    sum_of = checksum_path(snapshot).read_text("ascii").partition(" ")[0]
    checksum_path(to).write_text(f"{sum_of}  {to.name}\n", "ascii")
    return to


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ("snapshot=latest", "64 hexadecimal digits"),
        ("snapshot=../../etc/passwd", "64 hexadecimal digits"),
        (f"snapshot={OTHER}%0A", "64 hexadecimal digits"),
        (f"snapshot={OTHER}&snapshot={OTHER}", "snapshot"),
        ("version=%3Cb%3E", "0.1.0"),
    ],
)
def test_what_is_no_permalink(client: FlaskClient, given: str, says: str) -> None:
    answer = client.get(f"/questions/documents?{given}")
    assert answer.status_code == 400
    assert says in answer.get_json(force=True)["detail"]
