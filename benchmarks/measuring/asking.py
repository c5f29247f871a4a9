"""Put the same questions to our server and to its peers, and compare what they say and how fast.

Ours is asked as people ask it, at ``/questions/NAME``; the peers are asked the query that this
runs, in SPARQL's own protocol. Of each question, the first answers are compared; then all servers,
ours among them, are asked turn by turn, so that what else goes on meets all of them, and each time
with another ``LIMIT``, which no answer reaches or which moves the end of a page by a row: so nobody
has the answer in a cache. Last, ours is asked the same again.
"""

import statistics
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from engines import NotStarted

from measuring import client, peers
from measuring.client import Client, Refused, Row
from measuring.peers import NotLoaded, Server
from peelgraph import asking
from peelgraph.engine import Embedded
from peelgraph.questions import question
from questions import Asked, asked

#: how often each server is asked, after the first time
TIMES = 9
#: rows at most, where all are asked for; Virtuoso sorts no more than 10 000 for a LIMIT
ALL = 9_900
#: seconds: what took longer is not asked again
ONCE = 2.0
#: seconds that a peer may take for all questions together; then it is asked no more
BUDGET = 240.0

Say = Callable[[str], None]
#: returns what a server is asked for the n-th time
Text = Callable[[int], str]


@dataclass(frozen=True, slots=True)
class Timed:
    """How long a server took: the median in seconds; or why there is none."""

    seconds: float | None = None
    refused: str = ""
    difference: str = ""


@dataclass(frozen=True, slots=True)
class Compared:
    """One question, and how long each took.

    :param cached: seconds for the same again from ours
    """

    asked: Asked
    rows: int
    ours: Timed
    cached: float
    peers: dict[str, Timed] = field(default_factory=dict)

    @property
    def best(self) -> tuple[str, float] | None:
        """The fastest peer, if any answered as we did, and its seconds."""
        found = {
            name: each.seconds
            for name, each in self.peers.items()
            if each.seconds is not None and not each.difference
        }
        name = min(found, key=lambda each: found[each], default=None)
        return None if name is None else (name, found[name])


@dataclass(frozen=True, slots=True)
class Asking:
    """All that was asked over one snapshot.

    :param loaded: seconds until each server answered, by name
    :param absent: which peers there are none of, and why
    """

    compared: tuple[Compared, ...]
    loaded: dict[str, float]
    absent: dict[str, str]


def compare(
    snapshot: Path,
    folder: Path,
    names: Iterable[str],
    patience: float,
    say: Say,
    only: tuple[str, ...] = (),
) -> Asking:
    """Ask every question of ours and of the peers *names*, over one snapshot.

    :param folder: an empty one, for what the servers write
    :param patience: seconds within which a peer must have answered
    """
    engine = Embedded(snapshot)
    cases = [each for each in asked(engine, only) if each.aimed_at]
    with ExitStack() as stack:
        say("starting peelgraph")
        ours = stack.enter_context(peers.ours(snapshot, folder))
        running = Running(stack, snapshot, folder, names, patience, say)
        own = Client(ours.root, 60)
        stack.callback(own.close)
        found = []
        for case in cases:
            several = question(case.question).several

            def address(number: int, case: Asked = case) -> str:
                limit = (case.limit or ALL) + number
                given = {**case.parameters, "limit": str(limit), "format": "srj"}
                return f"/questions/{case.question}?{urlencode(given)}"

            def text(number: int, case: Asked = case) -> str:
                limit = (case.limit or ALL) + number
                return asking.prepare(engine, case.question, case.parameters, limit=limit).sparql

            first = own.get(address(0))
            rows = client.rows(first.body, several)

            def differs(body: bytes, rows: list[Row] = rows, case: Asked = case) -> str:
                return _differs(rows, body, question(case.question).several)

            took: list[float] = []

            def turn(number: int, take: list[float] = took, at: Text = address) -> None:
                take.append(own.get(at(number)).seconds)

            timed = running.ask(text, differs, turn)
            again = [own.get(address(1)).seconds for _ in range(TIMES)]
            found.append(
                Compared(
                    *(case, len(rows), Timed(statistics.median(took))),
                    *(statistics.median(again), timed),
                )
            )
            say(f"{case.question}, {case.manner}: {_ms(found[-1])}")
        loaded = {"peelgraph": ours.seconds} | {each.name: each.loaded for each in running.servers}
        return Asking(tuple(found), loaded, running.absent)


def _pass(number: int) -> None:
    """Take no turn."""


class Running:
    """The peers that run, each with a connection."""

    def __init__(
        self,
        stack: ExitStack,
        data: Path,
        folder: Path,
        names: Iterable[str],
        patience: float,
        say: Say,
    ) -> None:
        self.servers: list[Server] = []
        self.absent: dict[str, str] = {}
        self._clients: dict[str, Client] = {}
        self._spent = dict.fromkeys(peers.PEERS, 0.0)
        for name in names:
            say(f"loading {name}")
            try:
                server = stack.enter_context(peers.PEERS[name](data, folder, patience))
            except (NotLoaded, NotStarted) as error:
                self.absent[name] = str(error)
                say(f"{name} is left out: {error}")
                continue
            self.servers.append(server)
            self._clients[name] = Client(server.url, patience + 2)
            stack.callback(self._clients[name].close)

    def ask(
        self, text: Text, differs: Callable[[bytes], str], turn: Callable[[int], None] = _pass
    ) -> dict[str, Timed]:
        """Ask every server, turn by turn, and return how long each took.

        :param turn: is called at the beginning of each turn with its number, from 1
        """
        found: dict[str, Timed] = {}
        took: dict[str, list[float]] = {}
        for server in self.servers:
            if self._spent[server.name] > BUDGET:
                found[server.name] = Timed(refused="not asked")
                continue
            started = time.monotonic()
            try:
                first = self._clients[server.name].query(server.spoken(text(0)))
            except Refused as error:
                found[server.name] = Timed(refused=str(error))
                self._idle(server)
                continue
            finally:
                self._spent[server.name] += time.monotonic() - started
            found[server.name] = Timed(first.seconds, difference=differs(first.body))
            if first.seconds < ONCE:
                took[server.name] = []
        for number in range(1, TIMES + 1):
            turn(number)
            for server in self.servers:
                if server.name in took:
                    try:
                        got = self._clients[server.name].query(server.spoken(text(number)))
                    except Refused as error:
                        found[server.name] = Timed(refused=str(error))
                        del took[server.name]
                        self._idle(server)
                        continue
                    took[server.name].append(got.seconds)
                    self._spent[server.name] += got.seconds
        for name, seconds in took.items():
            found[name] = Timed(statistics.median(seconds), difference=found[name].difference)
        return {server.name: found[server.name] for server in self.servers}

    def _idle(self, server: Server) -> None:
        self._clients[server.name].close()
        server.idle()


def _differs(rows: list[Row], body: bytes, several: Iterable[str]) -> str:
    return client.difference(rows, client.rows(body, several))


def _ms(one: Compared) -> str:
    shown: Mapping[str, Timed] = {"peelgraph": one.ours, **one.peers}
    return ", ".join(
        f"{name} {each.refused if each.seconds is None else f'{1000 * each.seconds:.1f} ms'}"
        + (f" ({each.difference})" if each.difference else "")
        for name, each in shown.items()
    )
