"""What a stranger wrote runs where it can open nothing and is ended in time."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from peelgraph.sandbox import Confined, Ended
from peelgraph.sparqlwords import reaches_out


def lines(*said: str) -> Iterator[str]:
    yield from said


def test_what_was_found_comes_out_in_order() -> None:
    assert list(Confined(lambda: lines("one", "zwei ü"), deadline=60).lines()) == ["one", "zwei ü"]


def test_no_file_and_no_socket_can_be_opened() -> None:
    def tries() -> Iterator[str]:
        for attempt in (Path("/etc/hostname").read_text, socket.socket, os.pipe):
            try:
                attempt()
                yield "opened"
            except OSError as error:
                yield str(error.errno)

    assert set(Confined(tries, deadline=60).lines()) == {"24"}  # EMFILE


def test_nothing_inherited_is_left_open(tmp_path: Path) -> None:
    with (tmp_path / "secret").open("w") as file:
        number = file.fileno()

        def tries() -> Iterator[str]:
            try:
                os.write(number, b"x")
                yield "written"
            except OSError:
                yield "closed"

        if number > 4:
            assert list(Confined(tries, deadline=60).lines()) == ["closed"]
    assert (tmp_path / "secret").read_text() == ""


def test_what_takes_too_long_is_ended_and_what_it_said_is_kept() -> None:
    def never() -> Iterator[str]:
        yield "begun"
        while True:
            pass

    said: list[str] = []
    with pytest.raises(Ended, match=r"more than 0\.2 seconds"):
        said.extend(Confined(never, deadline=0.2).lines())
    process = Confined(never, deadline=0.2)
    with pytest.raises(Ended):
        for line in process.lines():
            said.append(line)
    assert "begun" in said


def test_what_takes_too_much_is_ended() -> None:
    def grows() -> Iterator[str]:
        yield str(len(bytearray(64 << 20)))

    with pytest.raises(Ended, match="too much memory"):
        list(Confined(grows, deadline=60, memory=8 << 20).lines())


def test_nobody_is_left_behind() -> None:
    process = Confined(lambda: lines("x"), deadline=60)
    list(process.lines())
    with pytest.raises(ChildProcessError):
        os.waitpid(process._child, 0)


@pytest.mark.parametrize(
    ("query", "word"),
    [
        ("SELECT * FROM <http://a/> { ?s ?p ?o }", "FROM"),
        ("SELECT * { SERVICE SILENT <http://a/> { } }", "SERVICE"),
        ("SELECT*{?s ?p ?o}from named<http://a/>", "FROM"),
        (r"SELECT * { \u0053\U00000045RVICE <http://a/> { } }", "SERVICE"),
        ("SELECT * { }SERVICE<http://a/>{ }", "SERVICE"),
        ("SELECT ?from { ?from a ex:service ; ex:from 'FROM <x>' } # SERVICE", None),
        ('SELECT * { ?s <http://a/FROM> """SERVICE\n" FROM""" }', None),
    ],
)
def test_what_reaches_out_is_seen(query: str, word: str | None) -> None:
    assert reaches_out(query) == word
