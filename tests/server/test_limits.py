"""One client takes no more than its share, and is known by an address that it cannot invent."""

import gc
import threading
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

from peelserver.config import Config
from peelserver.http import limits, problems
from peelserver.http.limits import Limits, TooMany, client


class Clock:
    """A clock that goes when told."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


def asked_by(peer: str, forwarded: str | None = None, *trusted: str) -> str:
    environ = EnvironBuilder(environ_base={"REMOTE_ADDR": peer}).get_environ()
    if forwarded is not None:
        environ["HTTP_X_FORWARDED_FOR"] = forwarded
    return client(Request(environ), Config(snapshot=Path("none"), trusted_proxies=trusted))


@pytest.mark.parametrize(
    ("peer", "forwarded", "trusted", "found"),
    [
        ("192.0.2.1", None, (), "192.0.2.1"),
        ("192.0.2.1", "198.51.100.7", (), "192.0.2.1"),
        ("192.0.2.1", "198.51.100.7", ("203.0.113.0/24",), "192.0.2.1"),
        ("127.0.0.1", "198.51.100.7", ("127.0.0.1",), "198.51.100.7"),
        ("127.0.0.1", "6.6.6.6, 198.51.100.7", ("127.0.0.1",), "198.51.100.7"),
        ("127.0.0.1", "6.6.6.6,198.51.100.7,10.1.2.3", ("127.0.0.1", "10.0.0.0/8"), "198.51.100.7"),
        ("127.0.0.1", "10.1.2.3", ("127.0.0.1", "10.0.0.0/8"), "10.1.2.3"),
        ("127.0.0.1", "198.51.100.7:4711", ("127.0.0.1",), "198.51.100.7"),
        ("127.0.0.1", '"[2001:db8:1:2:3::4]:80"', ("127.0.0.1",), "2001:db8:1:2::/64"),
        ("127.0.0.1", "6.6.6.6, nonsense", ("127.0.0.1",), "127.0.0.1"),
        ("127.0.0.1", "", ("127.0.0.1",), "127.0.0.1"),
        ("127.0.0.1", "6.6.6.6" + ",127.0.0.1" * 99, ("127.0.0.1",), "127.0.0.1"),
        ("2001:db8:1:2:3:4:5:6", None, (), "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.1", None, (), "192.0.2.1"),
        ("fe80::1%eth0", None, (), "fe80::/64"),
        ("", None, (), "local"),
        ("", "198.51.100.7", ("local",), "198.51.100.7"),
    ],
)
def test_who_asks(peer: str, forwarded: str | None, trusted: tuple[str, ...], found: str) -> None:
    assert asked_by(peer, forwarded, *trusted) == found


def test_no_long_header_is_remembered() -> None:
    limits._forwarded.cache_clear()
    for number in range(10):
        assert (
            asked_by("127.0.0.1", f"{number}{' ' * 100_000},192.0.2.9", "127.0.0.1") == "192.0.2.9"
        )
    assert limits._forwarded.cache_info().currsize == 1


def test_a_burst_and_then_a_rate() -> None:
    clock = Clock()
    found = Limits(2.0, 3, clock=clock)
    for _ in range(3):
        found.admit("a")
    with pytest.raises(TooMany) as refused:
        found.admit("a")
    assert (refused.value.status, refused.value.retry_after) == (429, 1)
    found.admit("b")
    clock.now += 0.5
    found.admit("a")
    with pytest.raises(TooMany):
        found.admit("a")
    clock.now += 1000
    for _ in range(3):
        found.admit("a")
    with pytest.raises(TooMany):
        found.admit("a")


def test_a_slow_rate_says_how_long_to_wait() -> None:
    found = Limits(0.1, 1, clock=Clock())
    found.admit("a")
    with pytest.raises(TooMany) as refused:
        found.admit("a")
    assert refused.value.retry_after == 10


def test_no_rate_is_no_limit() -> None:
    found = Limits(0, 1)
    for _ in range(1000):
        found.admit("a")


def test_no_more_clients_are_remembered_than_there_is_room_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(limits, "CLIENTS", 10)
    found = Limits(1.0, 1, clock=Clock())
    for number in range(100):
        found.admit(f"10.0.0.{number}")
    assert len(found._left) == 10
    with pytest.raises(TooMany):
        found.admit("10.0.0.99")


def test_one_client_has_no_more_queries_under_way_than_its_share() -> None:
    found = Limits(0, 0, at_once=2)
    with (
        found.running("a"),
        found.running("a"),
        found.running("b"),
        pytest.raises(TooMany),
        found.running("a"),
    ):
        raise AssertionError
    with found.running("a"):
        pass
    assert not found._running


def test_counts_hold_for_many_threads() -> None:
    found = Limits(1.0, 500, at_once=10_000, clock=Clock())
    refused = []

    def ask() -> None:
        for _ in range(200):
            try:
                with found.running("a"):
                    found.admit("a")
            except TooMany:
                refused.append(1)

    threads = [threading.Thread(target=ask) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 500
    assert not found._running


def test_a_refusal_says_when_to_try_again() -> None:
    app = Flask("peelserver")
    problems.register(app)
    found = Limits(1.0, 1, clock=Clock())

    @app.get("/")
    def start() -> str:
        found.admit("a")
        return "here"

    assert app.test_client().get("/").status_code == 200
    answer = app.test_client().get("/")
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "1")
    assert answer.mimetype == "application/problem+json"


def test_what_is_forgotten_is_under_way_no_more() -> None:
    limits = Limits(0, 0, at_once=1)
    begun = limits.running("a")
    begun.__enter__()
    with pytest.raises(TooMany), limits.running("a"):
        pass
    del begun
    gc.collect()
    with limits.running("a"):
        pass
