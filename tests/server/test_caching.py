"""Answers are remembered, conditional and compressed, and their headers say so."""

import gzip
import threading
from collections.abc import Callable

import pytest
from flask import Flask, Response
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.test import EnvironBuilder

from peelserver.http.caching import Cache, Key, Stored, etag, respond
from peelserver.state import State

LONG = b"0123456789" * 500


def key(text: str = "ASK {}", media: str = "text/csv", dataset: str | None = None) -> Key:
    return Key("d" * 64, "1", text, dataset, media)


class Maker:
    """Makes a body, and counts how often."""

    def __init__(self, body: bytes = LONG) -> None:
        self.body = body
        self.made = 0

    def __call__(self) -> tuple[str, bytes]:
        self.made += 1
        return "text/csv", self.body


Answer = Callable[..., Response]


@pytest.fixture
def answer(served: tuple[Flask, State]) -> Answer:
    """Return what asks for an answer with some headers, by a method."""
    served[1].cache.clear()

    def asked(
        maker: Maker, method: str = "GET", cacheable: bool = True, age: int = 0, **headers: str
    ) -> Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        environ = EnvironBuilder("/", method=method, headers=list(named.items())).get_environ()
        with served[0].request_context(environ):
            return respond(key(), maker, cacheable=cacheable, max_age=age)

    return asked


def test_the_same_key_is_answered_from_memory(answer: Answer) -> None:
    maker = Maker()
    first, second = answer(maker), answer(maker)
    assert maker.made == 1
    assert first.data == second.data == LONG
    assert first.headers["ETag"] == second.headers["ETag"] == etag(key(), "identity")
    assert first.headers["Cache-Control"] == "public, no-cache"
    assert first.headers["Vary"] == "Accept, Accept-Encoding"
    assert first.headers["Content-Type"] == "text/csv; charset=utf-8"


def test_each_encoding_has_a_tag_of_its_own(answer: Answer) -> None:
    maker = Maker()
    plain, packed = answer(maker), answer(maker, Accept_Encoding="gzip")
    assert maker.made == 1
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert plain.headers["ETag"] != packed.headers["ETag"]
    assert plain.headers["ETag"].startswith('W/"')
    assert answer(maker, Accept_Encoding="gzip").data == packed.data


def test_what_is_short_is_not_compressed(answer: Answer) -> None:
    found = answer(Maker(b"true"), Accept_Encoding="gzip")
    assert "Content-Encoding" not in found.headers
    assert found.headers["ETag"] == etag(key(), "identity")


@pytest.mark.parametrize("known", ["{}", '"other", {}', "W/{}", "x,{} ,y", "*"])
def test_a_conditional_request_makes_nothing_twice(answer: Answer, known: str) -> None:
    maker = Maker()
    tag = answer(maker).headers["ETag"].removeprefix("W/")
    found = answer(maker, If_None_Match=known.replace("{}", tag), age=60)
    assert (found.status_code, found.data, maker.made) == (304, b"", 1)
    assert found.headers["ETag"] == f"W/{tag}"
    assert found.headers["Cache-Control"] == "public, max-age=60"
    assert found.headers["Vary"] == "Accept, Accept-Encoding"


def test_a_conditional_request_is_answered_before_anything_is_made(answer: Answer) -> None:
    maker = Maker()
    assert answer(maker, If_None_Match=etag(key(), "identity")).status_code == 304
    assert maker.made == 0


def test_the_tag_of_an_encoding_that_is_not_taken_does_not_count(answer: Answer) -> None:
    found = answer(Maker(), If_None_Match=etag(key(), "gzip"))
    assert found.status_code == 200
    found = answer(Maker(), If_None_Match=etag(key(), "gzip"), Accept_Encoding="gzip")
    assert found.status_code == 304


def test_a_post_is_not_conditional(answer: Answer) -> None:
    found = answer(Maker(), "POST", If_None_Match=etag(key(), "identity"))
    assert (found.status_code, found.data) == (200, LONG)
    assert "ETag" not in found.headers


def test_what_is_volatile_is_neither_remembered_nor_conditional(answer: Answer) -> None:
    maker = Maker()
    for _ in range(2):
        found = answer(maker, cacheable=False, If_None_Match=etag(key(), "identity"))
        assert found.status_code == 200
        assert found.headers["Cache-Control"] == "no-store"
        assert "ETag" not in found.headers
    assert maker.made == 2


def test_an_error_is_not_remembered(answer: Answer) -> None:
    class Failing(Maker):
        def __call__(self) -> tuple[str, bytes]:
            if not self.made:
                self.made += 1
                raise ValueError
            return super().__call__()

    maker = Failing()
    with pytest.raises(ValueError):
        answer(maker)
    assert answer(maker).data == LONG


def test_every_part_of_a_key_makes_another_tag() -> None:
    keys = [
        key(),
        key("ASK { }"),
        key(media="text/html"),
        key(dataset="g"),
        Key("e" * 64, "1", "ASK {}", None, "text/csv"),
        Key("d" * 64, "2", "ASK {}", None, "text/csv"),
    ]
    assert len({each.hash for each in keys}) == len(keys)


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 4000)), max_size=60))
def test_the_cache_stays_within_its_bound(puts: list[tuple[int, int]]) -> None:
    cache = Cache(10_000)
    for name, size in puts:
        cache.put(key(str(name)), Stored("text/csv", bytes(size)))
        found = cache.get(key(str(name)))
        assert found is None if size + 400 > 2500 else found is not None
        assert cache.size <= 10_000
    kept = [cache.get(key(str(name))) for name in range(10)]
    assert cache.size == sum(each.size for each in kept if each)


def test_what_was_used_last_is_forgotten_last() -> None:
    cache = Cache(10_000)
    for name in "abcd":
        cache.put(key(name), Stored("text/csv", bytes(2000)))
    cache.get(key("a"))
    cache.put(key("e"), Stored("text/csv", bytes(2000)))
    assert cache.get(key("a")) is not None
    assert cache.get(key("b")) is None


def test_many_threads_at_once() -> None:
    cache = Cache(20_000)

    def work(seed: int) -> None:
        for number in range(500):
            cache.put(key(str((number * seed) % 17)), Stored("text/csv", bytes(number)))
            cache.get(key(str(number % 17)))

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(1, 9)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    kept = [cache.get(key(str(name))) for name in range(17)]
    assert cache.size == sum(each.size for each in kept if each) <= 20_000
