"""Attacks: each gets a clear refusal, and nobody else notices.

All are made once, four at a time, against a whole server, while another client, at another address,
asks simple questions; the tests then look at what came back. The short form has a deadline so short
that no query comes to the slow lane. The soak does it at random.
"""

import itertools
import json
import random
import re
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_from_bytes, urlsplit

import pytest

QUERY = "application/sparql-query"
UPDATE = "application/sparql-update"
FORM = "application/x-www-form-urlencoded"

#: seconds that a query may take: in the fast lane only; and in the slow one, after one in the fast
SHORT, LONG = 0.5, 1.5

#: megabytes that a query may take
MEMORY = 256

#: megabytes that the whole tree may take when it is quiet; and with as many queries as there can be
QUIET, BUSY = 700, 700 + 8 * MEMORY

#: what says something of the machine, its files or what the server is made of
TELLING = re.compile(
    r"/tmp|/root|/home|/usr|/proc|/var|/etc|\.py\b|\.nq\b|\.sock|Traceback|panicked|RUST|0x[0-9a-f]{5}"
    r"|site-packages|pyoxigraph|oxigraph|rocksdb|errno|werkzeug|127\.0\.0\.1",
    re.I,
)

SIMPLE = "ASK { force:west-midlands a peel:PoliceForce }"


@dataclass(frozen=True, slots=True)
class Attack:
    """One request, and the statuses that are an answer to it.

    :param harmless: it may also be answered, if it is answered soon
    """

    body: bytes | None
    media: str = QUERY
    path: str = "/sparql"
    method: str = "POST"
    statuses: frozenset[int] = frozenset({400, 413, 503, 504})
    harmless: bool = False
    headers: dict[str, str] = field(default_factory=dict)


def posted(query: str, *statuses: int, harmless: bool = False, media: str = QUERY) -> Attack:
    """Return a query in a body; by default it may be refused as wrong, large, busy or slow."""
    default = Attack(b"").statuses
    return Attack(query.encode(), media, statuses=frozenset(statuses or default), harmless=harmless)


def got(raw: str, *statuses: int, harmless: bool = False) -> Attack:
    """Return a GET with an already encoded query string."""
    return Attack(
        None, path=f"/sparql?{raw}", method="GET", statuses=frozenset(statuses), harmless=harmless
    )


CROSS = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i"
_TEXT = "x" * 64

SLOW = {
    "count": f"SELECT (COUNT(*) AS ?n) {{ {CROSS} }}",
    "count distinct": f"SELECT (COUNT(DISTINCT ?a) AS ?n) {{ {CROSS} }}",
    "distinct": f"SELECT DISTINCT ?a {{ {CROSS} }}",
    "order by": f"SELECT ?a {{ {CROSS} }} ORDER BY ?i LIMIT 1",
    "group by": f"SELECT ?a (COUNT(*) AS ?n) {{ {CROSS} }} GROUP BY ?a",
    "having": f"SELECT ?a {{ {CROSS} }} GROUP BY ?a HAVING (COUNT(DISTINCT ?i) < 0)",
    "filter": f"ASK {{ {CROSS} FILTER (CONCAT(STR(?a), STR(?i)) = 'no') }}",
    "offset": f"SELECT ?a {{ {CROSS} }} OFFSET 9999999999",
    "union": "SELECT (COUNT(*) AS ?n) {"
    + "{ ?a ?b ?c . ?d ?e ?f } UNION " * 200
    + "{ ?a ?b ?c } }",
    "values": "SELECT (COUNT(*) AS ?n) {"
    + "".join(f"VALUES ?v{i} {{ {' '.join(map(str, range(100)))} }} " for i in range(8))
    + "}",
    "optional": f"SELECT (COUNT(*) AS ?n) {{ ?a ?b ?c OPTIONAL {{ {CROSS} FILTER (?c != ?i) }} }}",
    "minus": "SELECT (COUNT(*) AS ?n) {"
    " ?a ?b ?c . ?d ?e ?f MINUS { ?a ?x ?y . ?d ?z ?w . ?q ?r ?s } }",
    "not exists": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f"
    " FILTER NOT EXISTS { ?g ?h ?i FILTER (?i = ?c && ?h = ?nothing) } }",
    "subqueries": "SELECT (COUNT(*) AS ?n) {"
    + "".join(f"{{ SELECT ?s{i} {{ ?s{i} ?p ?o{i} }} }} " for i in range(4))
    + "}",
    "long path": "SELECT (COUNT(*) AS ?n) { ?a "
    + "/".join(["(!peel:none|^!peel:none)"] * 40)
    + " ?b }",
    "path over everything": "SELECT (COUNT(*) AS ?n) {"
    " ?a (!peel:x|!(^peel:x))+ ?b . ?b (!peel:y)* ?c }",
    "path in circles": "SELECT (COUNT(*) AS ?n)"
    " { ?a (peel:leadsTo|^peel:leadsTo)+ ?b . ?b (peel:leadsTo|^peel:leadsTo)+ ?c ."
    " ?c (peel:leadsTo|^peel:leadsTo)+ ?d }",
    "doubling": "SELECT ?x29 { BIND ('"
    + _TEXT
    + "' AS ?x0)"
    + "".join(f"BIND (CONCAT(?x{i}, ?x{i}) AS ?x{i + 1}) " for i in range(29))
    + "}",
    "group_concat": "SELECT (GROUP_CONCAT(CONCAT(STR(?a), STR(?f))) AS ?t) { ?a ?b ?c . ?d ?e ?f }",
    "replace": "SELECT ?d { BIND (REPLACE('" + "a" * 5000 + "', 'a', '" + "b" * 5000 + "') AS ?a)"
    " BIND (REPLACE(?a, 'b', ?a) AS ?d) }",
    "everything thrice": f"SELECT * {{ {CROSS} }}",
    "construct": f"CONSTRUCT {{ ?a ?e ?i }} {{ {CROSS} }}",
    "describe": f"DESCRIBE * {{ {CROSS} }}",
    "every graph": "SELECT (COUNT(*) AS ?n) {"
    + "".join(f"GRAPH ?g{i} {{ ?a{i} ?b{i} ?c{i} }} " for i in range(4))
    + "}",
}
NESTED = {
    "braces": "ASK " + "{" * 9000 + "}" * 9000,
    "braces unclosed": "ASK " + "{" * 100_000,
    "blank nodes": "ASK { " + "[ ?p " * 700 + "?o" + " ]" * 700 + " }",
    "lists": "ASK { ?s ?p " + "(" * 5000 + ")" * 5000 + " }",
    "parentheses": "ASK { FILTER (" + "(" * 9000 + "1" + ")" * 9000 + ") }",
    "negations": "ASK { FILTER (" + "!" * 50_000 + "true) }",
    "minus signs": "ASK { FILTER (1 = " + "- " * 50_000 + "1) }",
    "paths": "ASK { ?a " + "(" * 9000 + "peel:x" + ")+" * 9000 + " ?b }",
    "subselects": "SELECT * {" + "{ SELECT * {" * 3000 + "}}" * 3000 + "}",
    "functions": "ASK { FILTER (" + "STR(" * 9000 + "1" + ")" * 9000 + " = '1') }",
    "exists": "ASK {" + "FILTER EXISTS {" * 3000 + "}" * 3000 + "}",
    "triple terms": "ASK { ?s ?p " + "<<( ?s ?p " * 3000 + "?o" + " )>>" * 3000 + " }",
    "optionals": "SELECT * {" + "OPTIONAL { ?s ?p ?o } " * 9000 + "}",
    "unions": "SELECT * {" + "{} UNION " * 20_000 + "{} }",
    "and": "ASK { FILTER (" + "true && " * 25_000 + "true) }",
    "sum": "ASK { FILTER (0 = " + "1 + " * 50_000 + "1) }",
    "sequence": "ASK { ?a " + "peel:x/" * 25_000 + "peel:x ?b }",
    "alternatives": "ASK { ?a " + "peel:x|" * 25_000 + "peel:x ?b }",
    "binds": "SELECT * {" + "".join(f"BIND ({i} AS ?x{i}) " for i in range(9000)) + "}",
    "in": "ASK { ?s ?p ?o FILTER (?o IN (" + ",".join(map(str, range(45_000))) + ")) }",
    "values": "SELECT * { VALUES ?x {" + " 1" * 120_000 + "} }",
    "selected": "SELECT" + "".join(f" ?v{i}" for i in range(35_000)) + " { ?s ?p ?o }",
    "regex": f"ASK {{ ?s ?p ?o FILTER REGEX(STR(?o), '{'(a+)+' * 2000}$') }}",
    "regex repeated": "ASK { ?s ?p ?o FILTER REGEX(STR(?o), '((((a{99}){99}){99}){99}){99}') }",
    "regex backtracking": "ASK { FILTER REGEX('" + "a" * 90_000 + "b', '^(a|a|aa)+$') }",
    "prefixes": "".join(f"PREFIX p{i}: <http://example.org/{i}>\n" for i in range(6000)) + "ASK {}",
    "comments": "#\n" * 120_000 + "ASK {}",
    "number": "ASK { FILTER (" + "9" * 200_000 + " = 1) }",
    "string": "ASK { FILTER ('" + "é" * 100_000 + "' = 'x') }",
    "unclosed string": "ASK { FILTER ('''" + "'" * 100_000,
}
INNER = "{ ?s ?p ?o }"
OUT = "http://127.0.0.1:{port}/"
REACHING = {
    "service": f"SELECT * {{ SERVICE <{OUT}> {INNER} }}",
    "service silent": f"SELECT * {{ SERVICE SILENT <{OUT}> {INNER} }}",
    "service in small letters": f"SELECT * {{ sErViCe <{OUT}> {INNER} }}",
    "service without a space": f"SELECT*{{SERVICE<{OUT}>{INNER}}}",
    "service after a comment": f"SELECT * {{ SERVICE # ' <\n <{OUT}> {INNER} }}",
    "service escaped": f"SELECT * {{ \\u0053ERVICE <{OUT}> {INNER} }}",
    "service escaped long": f"SELECT * {{ SERV\\U00000049CE <{OUT}> {INNER} }}",
    "service by prefix": f"PREFIX x: <{OUT}> SELECT * {{ SERVICE x: {INNER} }}",
    "service by base": f"BASE <{OUT}> SELECT * {{ SERVICE <> {INNER} }}",
    "service by variable": f"SELECT * {{ BIND (<{OUT}> AS ?e) SERVICE ?e {INNER} }}",
    "service in optional": f"SELECT * {{ OPTIONAL {{ SERVICE <{OUT}> {INNER} }} }}",
    "service in exists": f"ASK {{ FILTER EXISTS {{ SERVICE <{OUT}> {INNER} }} }}",
    "service in subquery": f"SELECT * {{ {{ SELECT * {{ SERVICE <{OUT}> {INNER} }} }} }}",
    "service to file": "SELECT * { SERVICE <file:///etc/passwd> { ?s ?p ?o } }",
    "from http": f"SELECT * FROM <{OUT}x.ttl> {INNER}",
    "from file": f"SELECT * FROM <file:///etc/passwd> {INNER}",
    "from file plain": f"SELECT * FROM </etc/passwd> {INNER}",
    "from by base": f"BASE <file:///etc/> SELECT * FROM <passwd> {INNER}",
    "from named": f"SELECT * FROM NAMED <{OUT}x.ttl> {{ GRAPH ?g {INNER} }}",
    "from escaped": f"SELECT * \\u0046ROM <{OUT}x.ttl> {INNER}",
    "graph": f"SELECT * {{ GRAPH <file:///etc/passwd> {INNER} }}",
    "describe": f"DESCRIBE <{OUT}x.ttl>",
}
WRITING = {
    "insert": "INSERT DATA { <a:b> <a:b> <a:b> }",
    "small letters": "iNsErT dAtA { <a:b> <a:b> <a:b> }",
    "after a comment": "# SELECT\nINSERT DATA { <a:b> <a:b> <a:b> }",
    "after a prefix": "PREFIX select: <a:> INSERT DATA { <a:b> <a:b> <a:b> }",
    "escaped": "\\u0049NSERT DATA { <a:b> <a:b> <a:b> }",
    "delete where": "DELETE WHERE { ?s ?p ?o }",
    "with": "WITH <a:g> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
    "load": f"LOAD <{OUT}>",
    "load silent": "LOAD SILENT <file:///etc/passwd> INTO GRAPH <a:g>",
    "clear": "CLEAR ALL",
    "drop": "DROP SILENT ALL",
    "create": "CREATE GRAPH <a:g>",
    "move": "MOVE DEFAULT TO <a:g>",
    "copy": "COPY DEFAULT TO <a:g>",
    "after a query": "ASK {} ; INSERT DATA { <a:b> <a:b> <a:b> }",
    "before a query": "INSERT DATA { <a:b> <a:b> <a:b> } ; ASK {}",
    "begun with a mark": "\ufeffINSERT DATA { <a:b> <a:b> <a:b> }",
}
_WRITE = "INSERT DATA { <a:b> <a:b> <a:b> }"
_REFUSED = (400, 403, 405, 415)


def _attacks(port: int) -> dict[str, Attack]:
    """Return all attacks by name; those that reach out try *port* of this machine."""
    found = {f"slow: {name}": posted(text) for name, text in SLOW.items()}
    found |= {f"nested: {name}": posted(text, harmless=True) for name, text in NESTED.items()}
    for name, text in REACHING.items():
        query = text.replace("{port}", str(port))
        harmless = not name.startswith("service")
        found[f"out: {name}"] = posted(query, 400, 403, 404, 413, 503, 504, harmless=harmless)
    for name, text in WRITING.items():
        query = text.replace("{port}", str(port))
        found[f"write: {name}"] = posted(query, *_REFUSED)
        found[f"write: {name} (get)"] = got(f"query={quote(query)}", *_REFUSED)
        found[f"write: {name} (update)"] = posted(query, *_REFUSED, media=UPDATE)
    written = quote(_WRITE).encode()
    return found | {
        "write: parameter": Attack(b"update=" + written, FORM, statuses=frozenset(_REFUSED)),
        "write: parameter by get": got(f"update={written.decode()}", *_REFUSED),
        "write: parameter beside a query": Attack(
            b"query=ASK%7B%7D&update=" + written, FORM, statuses=frozenset(_REFUSED)
        ),
        "write: in a query's type": Attack(
            _WRITE.encode(), f"{UPDATE}; charset=utf-8", statuses=frozenset(_REFUSED)
        ),
        **{
            f"write: {method}": Attack(
                b"<a:b> <a:b> <a:b> .", "text/turtle", method=method, statuses=frozenset({405})
            )
            for method in ("PUT", "DELETE", "PATCH")
        },
        "bytes: not UTF-8": Attack(b"ASK { ?s ?p '\xff\xfe' }", statuses=frozenset({400})),
        "bytes: overlong": Attack(b"ASK { ?s ?p '\xc0\xaf' }", statuses=frozenset({400})),
        "bytes: surrogate": Attack(b"ASK { ?s ?p '\xed\xa0\x80' }", statuses=frozenset({400})),
        "bytes: not UTF-8 in the address": got(
            f"query={quote_from_bytes(b'ASK{} #' + bytes([255]))}", 400
        ),
        "bytes: overlong in the address": got("query=ASK%7B%7D%23%C0%AF", 400),
        "bytes: zero": posted("ASK { ?s ?p '\0' }", 400, harmless=True),
        "bytes: escaped surrogate": posted("ASK { ?s ?p '\\uD800' }", 400),
        "bytes: escaped past the end": posted("ASK { ?s ?p '\\UFFFFFFFF' }", 400),
        "bytes: half an escape": got("query=ASK%7B%7D%2", 400, harmless=True),
        "bytes: escaped twice": got("query=ASK%257B%257D", 400),
        "bytes: other charset": Attack(
            "ASK {}".encode("utf-16"), f"{QUERY}; charset=utf-16", statuses=frozenset({400, 415})
        ),
        "bytes: gzipped": Attack(
            b"\x1f\x8b" + bytes(100),
            headers={"Content-Encoding": "gzip"},
            statuses=frozenset({400, 415}),
        ),
        "large: body": posted("ASK {} #" + "x" * 300_000, 413),
        "large: form": Attack(b"query=ASK%7B%7D" + b"x" * 300_000, FORM, statuses=frozenset({413})),
        "large: address": got("query=ASK%7B%7D%23" + "x" * 300_000, 400, 413, 414, 431),
        "large: many parameters": Attack(
            b"&".join(b"a%d=1" % i for i in range(25_000)), FORM, statuses=frozenset({400, 413})
        ),
        "large: many graphs": Attack(
            b"query=ASK%7B%7D" + b"&default-graph-uri=a%3Ab" * 5000,
            FORM,
            statuses=frozenset({400, 413}),
            harmless=True,
        ),
        "two queries": got("query=ASK%7B%7D&query=ASK%7B%7D", 400),
        "no query": Attack(b"", FORM, statuses=frozenset({400})),
    }


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back, and after how long."""

    status: int
    media: str
    body: bytes
    seconds: float


@dataclass(frozen=True, slots=True)
class Server:
    """A server under attack."""

    host: str
    port: int
    pids: Callable[[], set[int]]

    def send(self, attack: Attack, source: str = "127.0.0.1") -> Reply:
        """Make one request over a connection of its own."""
        started = time.monotonic()
        headers = {"Accept": "*/*", **attack.headers}
        if attack.body is not None:
            headers["Content-Type"] = attack.media
        connection = HTTPConnection(self.host, self.port, 120, source_address=(source, 0))
        try:
            # refused before all was sent: the answer is there to be read
            with suppress(BrokenPipeError, ConnectionResetError):
                connection.request(attack.method, attack.path, attack.body, headers)
            answer = connection.getresponse()
            body = answer.read()
        finally:
            connection.close()
        media = (answer.getheader("Content-Type") or "").partition(";")[0]
        return Reply(answer.status, media, body, time.monotonic() - started)

    def ask(self, query: str, source: str = "127.0.0.1") -> Reply:
        """Send one query."""
        return self.send(posted(query), source)

    def megabytes(self) -> float:
        """Return the memory of all its processes, what they share counted once."""
        return sum(map(_proportional, self.pids())) / 1024


def meanwhile(number: int) -> tuple[tuple[Attack, bytes], ...]:
    """Return what the other client asks, new each time, and what the answers have in them."""
    question = f"/questions/phase?force=west-midlands&on=2024-01-{number % 31 + 1:02}"
    return (
        (posted(f"{SIMPLE} # {number}"), b'"boolean":true'),
        (Attack(None, path=question, method="GET"), b'"since": "2023-11-24"'),
    )


@dataclass(slots=True)
class Watch:
    """Another client, at another address, and the memory of the server."""

    server: Server
    waits: list[float] = field(default_factory=list)
    wrong: list[Reply] = field(default_factory=list)
    most: float = 0.0

    @contextmanager
    def going_on(self) -> Iterator[None]:
        """Look ten times a second while the block runs."""
        done = threading.Event()

        numbers = itertools.count()

        def look() -> None:
            while not done.wait(0.1):
                for attack, says in meanwhile(next(numbers)):
                    reply = self.server.send(attack, "127.0.0.2")
                    self.waits.append(reply.seconds)
                    if reply.status != 200 or says not in reply.body:
                        self.wrong.append(reply)
                self.most = max(self.most, self.server.megabytes())

        looking = threading.Thread(target=look)
        looking.start()
        try:
            yield
        finally:
            done.set()
            looking.join()


@dataclass(frozen=True, slots=True)
class Siege:
    """What came of all attacks, and what the other client saw."""

    server: Server
    replies: dict[str, Reply]
    watch: Watch
    before: list[bytes]
    reached: int


@pytest.fixture(
    scope="module",
    params=[pytest.param(SHORT, id="short"), pytest.param(LONG, id="long", marks=pytest.mark.slow)],
)
def server(
    request: pytest.FixtureRequest,
    serve: Callable[..., AbstractContextManager[Any]],
    below: Callable[[int], set[int]],
) -> Iterator[Server]:
    """Return a whole server with short deadlines and little memory."""
    options = ("--deadline", str(request.param), "--memory", str(MEMORY), "--rate", "0")
    with serve(*options) as live:
        pid, parts = live.process.pid, urlsplit(live.address)
        assert parts.hostname and parts.port
        yield Server(parts.hostname, parts.port, lambda: {pid, *below(pid)})


@pytest.fixture(scope="module")
def siege(server: Server) -> Siege:
    """Make every attack, four at a time."""
    before = _answers(server)
    watch = Watch(server)
    with socket.create_server(("127.0.0.1", 0)) as outside:
        outside.setblocking(False)
        attacks = _attacks(outside.getsockname()[1])
        with watch.going_on(), ThreadPoolExecutor(4) as pool:
            replies = dict(zip(attacks, pool.map(server.send, attacks.values()), strict=True))
        reached = 0
        try:
            while True:
                outside.accept()[0].close()
                reached += 1
        except BlockingIOError:
            pass
    return Siege(server, replies, watch, before, reached)


ATTACKS = _attacks(0)


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_is_refused_clearly_and_soon(siege: Siege, name: str) -> None:
    attack, reply = ATTACKS[name], siege.replies[name]
    if attack.harmless and reply.status == 200:
        return
    assert reply.status in attack.statuses, reply.body[:300]
    if reply.status in {414, 431} and not reply.body:
        return  # the web server's own, before anything of ours sees the request
    assert reply.media == "application/problem+json"
    problem = json.loads(reply.body)
    assert {"type", "title", "status", "detail"} <= problem.keys()
    assert problem["status"] == reply.status
    assert len(problem["detail"]) > 10
    sent = (attack.body or attack.path.encode()).decode("utf-8", "replace")
    told = [word for word in TELLING.findall(reply.body.decode()) if word not in sent]
    assert not told, reply.body


@pytest.mark.parametrize("name", [f"out: {name}" for name in REACHING])
def test_nothing_outside_is_read(siege: Siege, name: str) -> None:
    body = siege.replies[name].body
    assert b"root:" not in body
    if siege.replies[name].status == 200 and name != "out: describe":
        assert json.loads(body)["results"]["bindings"] == []


def test_nobody_was_called(siege: Siege) -> None:
    assert siege.reached == 0


def test_meanwhile_another_client_is_answered(siege: Siege) -> None:
    assert siege.watch.waits
    assert not siege.watch.wrong


def test_the_memory_stays_bounded(siege: Siege) -> None:
    assert siege.watch.most < BUSY
    _assert_quiet(siege.server)


def test_afterwards_all_is_as_before(siege: Siege) -> None:
    assert _answers(siege.server) == siege.before


@pytest.mark.slow
@pytest.mark.parametrize("server", [LONG], indirect=True)
@pytest.mark.parametrize(("clients", "seconds"), [(16, 4.0), (64, 30.0)])
def test_soak(server: Server, clients: int, seconds: float) -> None:
    attacks = [each for name, each in ATTACKS.items() if not name.startswith("out: ")]
    before = _answers(server)
    watch = Watch(server)
    statuses: Counter[int] = Counter()
    until = time.monotonic() + seconds

    def client(number: int) -> None:
        choose = random.Random(number)
        while time.monotonic() < until:
            attack = choose.choice([posted(SIMPLE, harmless=True), *choose.sample(attacks, 3)])
            statuses[server.send(attack, f"127.0.1.{number + 1}").status] += 1

    with watch.going_on(), ThreadPoolExecutor(clients) as pool:
        for done in [pool.submit(client, number) for number in range(clients)]:
            done.result()
    assert 500 not in statuses and 502 not in statuses, statuses
    assert statuses[200] > 0
    assert not watch.wrong
    assert max(watch.waits) < 2, sorted(watch.waits)[-5:]
    assert watch.most < BUSY
    assert _answers(server) == before
    _assert_quiet(server)


def _answers(server: Server) -> list[bytes]:
    queries = (
        SIMPLE,
        "SELECT ?kind (COUNT(*) AS ?n) { ?s peel:kindToken ?kind } GROUP BY ?kind ORDER BY ?kind",
        "SELECT ?a ?b { ?a peel:leadsTo ?b } ORDER BY ?a ?b",
    )
    replies = [server.ask(query, "127.0.0.3") for query in queries]
    assert [reply.status for reply in replies] == [200] * len(queries)
    return [reply.body for reply in replies]


def _assert_quiet(server: Server) -> None:
    until = time.monotonic() + 120
    while (now := server.megabytes()) > QUIET:
        assert time.monotonic() < until, now
        time.sleep(0.2)


def _proportional(pid: int) -> float:
    """Return the kilobytes of a process, each shared page divided among those that share it."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii")
    except (FileNotFoundError, ProcessLookupError):
        return 0
    found = re.search(r"^Pss:\s+(\d+) kB", text, re.M)
    return float(found[1]) if found else 0
