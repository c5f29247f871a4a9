"""Engines elsewhere that behave badly: what is refused, what is tried again, what is never told.

The server of these tests is on this machine, and answers what a test tells it. That real engines
answer rightly is tested in ``tests/remote``.
"""

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs

import pyoxigraph as ox
import pytest
from click.testing import CliRunner

from peelgraph.build import ensure
from peelgraph.cli import cli
from peelgraph.engine import EngineError
from peelgraph.remote import connection, dialect, endpoints
from peelgraph.remote.connection import (
    Connection,
    DamagedAnswer,
    Denied,
    Rejected,
    TooSlow,
    Unreachable,
)
from peelgraph.remote.engine import NoSnapshot, Remote

DIGEST = "d" * 64
SECRET = "hunter2"


class Answers:
    """What the server answers: a function of the form that came, to status, headers, body."""

    def __init__(self) -> None:
        self.how: Callable[[dict[str, str]], tuple[int, dict[str, str], bytes]] = held
        self.forms: list[dict[str, str]] = []
        self.headers: list[dict[str, str]] = []


def results(*rows: dict[str, str]) -> bytes:
    names = sorted({name for row in rows for name in row})
    bindings = [
        {
            name: {"type": "uri" if value.startswith("http") else "literal", "value": value}
            for name, value in row.items()
        }
        for row in rows
    ]
    return json.dumps({"head": {"vars": names}, "results": {"bindings": bindings}}).encode()


def held(form: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
    """Answer as an engine that holds a snapshot of which nobody knows a row."""
    derived = "https://w3id.org/peelgraph/graph/derived"
    if "?digest" in form.get("query", ""):
        return 200, {}, results({"digest": DIGEST}, {"graph": derived, "digest": DIGEST})
    return 200, {}, b'{"head": {"vars": ["s"]}, "results": {"bindings": []}}'


@pytest.fixture(scope="module")
def server() -> Iterator[tuple[str, Answers]]:
    answers = Answers()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            text = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = {key: values[0] for key, values in parse_qs(text).items()}
            answers.forms.append(form)
            answers.headers.append({key.lower(): value for key, value in self.headers.items()})
            status, headers, body = answers.how(form)
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)
            if "Content-Length" in headers:
                self.close_connection = True

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        threading.Thread(target=running.serve_forever, args=(0.01,), daemon=True).start()
        yield f"http://127.0.0.1:{running.server_port}/query", answers
        running.shutdown()


@pytest.fixture
def engine(server: tuple[str, Answers], monkeypatch: pytest.MonkeyPatch) -> tuple[Remote, Answers]:
    address, answers = server
    answers.how = held
    answers.forms.clear()
    answers.headers.clear()
    monkeypatch.delenv(connection.USER, raising=False)
    monkeypatch.delenv(connection.PASSWORD, raising=False)
    return Remote(address, Connection(0.5, pauses=(0.0, 0.0))), answers


ANY = "SELECT ?s { ?s a peel:CauseOfConcern }"


def _rows(remote: Remote) -> int:
    found = remote.query(ANY)
    assert isinstance(found, ox.QuerySolutions)
    return len(list(found))


def test_which_snapshot_it_holds(engine: tuple[Remote, Answers]) -> None:
    remote, answers = engine
    assert remote.digest == DIGEST
    assert _rows(remote) == 0
    assert "PREFIX peel: <https://w3id.org/peelgraph/ontology#>" in answers.forms[-1]["query"]
    assert "GRAPH" not in answers.forms[-1]["query"]


def test_where_the_merge_is_a_named_graph_it_is_asked(engine: tuple[Remote, Answers]) -> None:
    remote, answers = engine
    names = ("merge", "derived")
    rows = [
        {"graph": f"https://w3id.org/peelgraph/graph/{name}", "digest": DIGEST} for name in names
    ]
    answers.how = lambda form: (200, {}, results({"digest": "e"}, *rows))
    assert remote.held().merge == "https://w3id.org/peelgraph/graph/merge"
    answers.how = held
    remote.query(ANY)
    assert "GRAPH <https://w3id.org/peelgraph/graph/merge>" in answers.forms[-1]["query"]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([], "none was pushed there"),
        ([{"digest": DIGEST}], "no whole snapshot"),
        (
            [
                {"digest": DIGEST},
                {"graph": "https://w3id.org/peelgraph/graph/derived", "digest": "e"},
            ],
            "no whole snapshot",
        ),
    ],
)
def test_half_a_snapshot_is_none(
    engine: tuple[Remote, Answers], rows: list[dict[str, str]], said: str
) -> None:
    remote, answers = engine
    answers.how = lambda form: (200, {}, results(*rows))
    with pytest.raises(NoSnapshot, match=said):
        remote.query(ANY)


@pytest.mark.parametrize("body", [b"", b"<html>", b"{}", b'{"head": {}, "results": {"bindi', b"[]"])
def test_a_damaged_answer_is_no_answer(engine: tuple[Remote, Answers], body: bytes) -> None:
    remote, answers = engine
    remote.held()
    answers.how = lambda form: (200, {}, body)
    with pytest.raises(DamagedAnswer):
        remote.query(ANY)


def test_an_answer_that_breaks_off_is_no_answer(engine: tuple[Remote, Answers]) -> None:
    remote, answers = engine
    remote.held()
    whole = held({})[2]
    answers.how = lambda form: (200, {"Content-Length": str(len(whole) + 10)}, whole)
    with pytest.raises(EngineError):
        remote.query(ANY)


def test_what_passes_is_tried_again(engine: tuple[Remote, Answers]) -> None:
    remote, answers = engine
    replies = iter([(503, {"Retry-After": "0"}, b"busy"), (502, {}, b"")])
    answers.how = lambda form: next(replies, held(form))
    assert remote.digest == DIGEST
    assert len(answers.forms) == 3


def test_what_does_not_pass_is_given_up(engine: tuple[Remote, Answers]) -> None:
    remote, answers = engine
    answers.how = lambda form: (503, {}, b"busy")
    with pytest.raises(Unreachable, match=r"Try again later\. It says: busy"):
        remote.held()
    assert len(answers.forms) == 3


def test_what_was_refused_is_not_tried_again(engine: tuple[Remote, Answers]) -> None:
    remote, answers = engine
    answers.how = lambda form: (400, {}, b"no such prefix")
    with pytest.raises(Rejected, match="no such prefix"):
        remote.held()
    assert len(answers.forms) == 1


def test_what_is_not_safe_to_repeat_is_not_repeated(engine: tuple[Remote, Answers]) -> None:
    remote, answers = engine
    answers.how = lambda form: (503, {}, b"")
    with pytest.raises(Unreachable):
        remote.connection.send("POST", remote.address, data={"update": "CLEAR ALL"}, repeat=False)
    assert len(answers.forms) == 1


def test_no_redirection_is_followed(engine: tuple[Remote, Answers]) -> None:
    remote, answers = engine
    answers.how = lambda form: (307, {"Location": "http://elsewhere.example/"}, b"")
    with pytest.raises(Rejected, match=r"leads elsewhere, to http://elsewhere\.example/"):
        remote.held()


def test_an_engine_that_takes_too_long(engine: tuple[Remote, Answers]) -> None:
    remote, answers = engine
    over = threading.Event()
    answers.how = lambda form: (over.wait(5), held(form))[1]
    with pytest.raises(TooSlow, match=r"within 0\.05 seconds"):
        Remote(remote.address, Connection(0.05)).held()
    over.set()


@pytest.mark.parametrize(
    ("query", "sent"),
    [
        ("ASK { ?s ?p ?o }", "ASK { GRAPH <urn:g> { ?s ?p ?o } }"),
        (
            "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }",
            "CONSTRUCT { ?s ?p ?o } WHERE { GRAPH <urn:g> { ?s ?p ?o } }",
        ),
        (
            "CONSTRUCT WHERE { ?s ?p ?o }",
            "CONSTRUCT { ?s ?p ?o } WHERE { GRAPH <urn:g> { ?s ?p ?o } }",
        ),
        (
            "# where\nCONSTRUCT { ?s ?p ?o } { ?s ?p ?o }",
            "# where\nCONSTRUCT { ?s ?p ?o } { GRAPH <urn:g> { ?s ?p ?o } }",
        ),
        ("SELECT * FROM <urn:h> { ?s ?p ?o }", "SELECT * FROM <urn:h> { ?s ?p ?o }"),
    ],
)
def test_a_query_is_put_into_the_graph_of_the_merge(query: str, sent: str) -> None:
    assert dialect.within(query, "urn:g") == sent


def test_nobody_there() -> None:
    with pytest.raises(Unreachable, match="cannot be reached"):
        Remote("http://127.0.0.1:9/query", Connection(pauses=())).held()


class TestWhoAsks:
    def test_a_password_is_sent_only_when_asked_for(
        self, engine: tuple[Remote, Answers], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        remote, answers = engine
        monkeypatch.setenv(connection.USER, "peel")
        monkeypatch.setenv(connection.PASSWORD, SECRET)
        remote.held()
        assert "authorization" not in answers.headers[-1]

        def ask(form: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
            if "authorization" in answers.headers[-1]:
                return held(form)
            return 401, {"WWW-Authenticate": 'Basic realm="x"'}, b""

        answers.how = ask
        remote.query(ANY)
        assert answers.headers[-1]["authorization"].startswith("Basic ")

    def test_digest_authentication_does_not_send_it_at_all(
        self, engine: tuple[Remote, Answers], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        remote, answers = engine
        monkeypatch.setenv(connection.USER, "peel")
        monkeypatch.setenv(connection.PASSWORD, SECRET)

        def ask(form: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
            if "authorization" in answers.headers[-1]:
                return held(form)
            offer = 'Digest realm="x", nonce="1", qop="auth", algorithm="MD5"'
            return 401, {"WWW-Authenticate": offer}, b""

        answers.how = ask
        assert remote.digest == DIGEST
        sent = answers.headers[-1]["authorization"]
        assert sent.startswith('Digest username="peel"') and SECRET not in sent

    def test_a_wrong_password_is_not_repeated_to_anybody(
        self, engine: tuple[Remote, Answers], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        remote, answers = engine
        monkeypatch.setenv(connection.USER, "peel")
        monkeypatch.setenv(connection.PASSWORD, SECRET)
        answers.how = lambda form: (401, {"WWW-Authenticate": 'Basic realm="x"'}, b"no")
        with pytest.raises(Denied, match="not those of one who may") as caught:
            remote.held()
        assert SECRET not in str(caught.value)
        assert SECRET not in repr(remote) + repr(remote.connection)

    def test_who_was_not_told_who_asks(self, engine: tuple[Remote, Answers]) -> None:
        remote, answers = engine
        answers.how = lambda form: (401, {"WWW-Authenticate": 'Basic realm="x"'}, b"")
        with pytest.raises(Denied, match=f"set {connection.USER} and {connection.PASSWORD}"):
            remote.held()


@pytest.mark.parametrize(
    "query", ["DELETE WHERE { ?s ?p ?o }", "CLEAR ALL", "SELECT * { SERVICE <http://a/> { } }"]
)
def test_an_update_or_a_service_never_leaves(engine: tuple[Remote, Answers], query: str) -> None:
    remote, answers = engine
    with pytest.raises(SyntaxError):
        remote.query(query)
    assert answers.forms == []


def test_an_answer_that_virtuoso_cut_is_refused(engine: tuple[Remote, Answers]) -> None:
    remote, answers = engine
    said = {"Server": "Virtuoso/07.20"}
    answers.how = lambda form: (200, {}, held(form)[2])
    remote.held()
    remote.is_virtuoso = True
    row = results({"s": "http://a/"})
    answers.how = lambda form: (200, {**said, "X-SPARQL-MaxRows": "1"}, row)
    with pytest.raises(EngineError, match="cut its answer after 1 rows"):
        remote.query(ANY)
    answers.how = lambda form: (200, {**said, "X-SPARQL-MaxRows": "2"}, row)
    assert _rows(remote) == 1


@pytest.mark.parametrize(
    ("address", "said"),
    [
        (f"http://peel:{SECRET}@127.0.0.1/query", "No user and no password"),
        ("ftp://127.0.0.1/query", "no address of an engine"),
        ("query", "no address of an engine"),
        ("http://127.0.0.1:x/", "is none"),
    ],
)
def test_an_address_that_cannot_be_asked(address: str, said: str) -> None:
    with pytest.raises(ValueError, match=said) as caught:
        Remote(address)
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize(
    ("query", "server_", "update", "store"),
    [
        ("http://a/query", "oxigraph", "http://a/update", "http://a/store"),
        (
            "http://a/sparql",
            "Virtuoso/07",
            "http://a/sparql-auth",
            "http://a/sparql-graph-crud-auth",
        ),
        ("http://a/sparql", "", "http://a/sparql", None),
        ("http://a/repositories/peel", "", "http://a/repositories/peel", None),
    ],
)
def test_where_to_write_is_told_from_where_to_ask(
    query: str, server_: str, update: str, store: str | None
) -> None:
    assert endpoints.found(query, {"server": server_}) == endpoints.Endpoints(update, store)


class TestCommands:
    """Every command that asks an engine elsewhere, and its exit statuses."""

    def run(self, *arguments: str) -> tuple[int, str, str]:
        result = CliRunner().invoke(cli, arguments)
        return result.exit_code, result.stdout, result.stderr

    @pytest.mark.parametrize(
        "command",
        [
            ("ask", "closures"),
            ("query", ANY),
            ("export", "dot", "--all", "--on", "2024-01-01"),
            ("analyse", "threads"),
        ],
    )
    def test_the_engine_answers(
        self, engine: tuple[Remote, Answers], command: tuple[str, ...]
    ) -> None:
        remote, answers = engine
        status, _, errors = self.run(*command, "--engine", remote.address)
        assert (status, "Traceback" in errors) == (0, False)
        assert len(answers.forms) > 1

    def test_the_environment_names_it(
        self, engine: tuple[Remote, Answers], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("PEELGRAPH_ENGINE", engine[0].address)
        status, printed, _ = self.run("ask", "closures", "--json")
        assert status == 0
        assert json.loads(printed)["snapshot"] == DIGEST

    def test_a_thing_is_looked_up_there(self, engine: tuple[Remote, Answers]) -> None:
        remote, answers = engine
        status, _, errors = self.run("trace", "wmp-2023-investigations", "--engine", remote.address)
        assert (status, "nothing" in errors or "no " in errors.lower()) == (2, True)
        assert len(answers.forms) > 1

    def test_what_cannot_heed_the_environment_says_so(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("PEELGRAPH_ENGINE", "http://127.0.0.1:9/query")
        status, _, errors = self.run("diff", "nowhere")
        assert status == 2
        assert "PEELGRAPH_ENGINE is not heeded here" in errors

    def test_no_answer_is_exit_status_1(self, engine: tuple[Remote, Answers]) -> None:
        remote, answers = engine
        answers.how = lambda form: (400, {}, b"no")
        status, printed, errors = self.run("ask", "closures", "--engine", remote.address)
        assert (status, printed) == (1, "")
        assert errors.startswith("Error: ") and "refused it" in errors

    def test_no_address_is_exit_status_2(self) -> None:
        status, _, errors = self.run("ask", "closures", "--engine", f"http://a:{SECRET}@b/")
        assert (status, SECRET in errors) == (2, False)
        status, _, errors = self.run("push", "nowhere")
        assert status == 2

    def test_a_push_that_fails_says_what_is_in_service(
        self, engine: tuple[Remote, Answers]
    ) -> None:
        remote, answers = engine
        answers.how = lambda form: held(form) if "query" in form else (405, {}, b"read-only")
        status, printed, errors = self.run("push", remote.address, "--protocol", "update")
        assert (status, printed) == (1, "")
        assert "read-only" in errors
        assert f"The snapshot {DIGEST[:12]} is still in service there." in errors

    def test_what_is_no_snapshot_is_not_pushed(
        self, engine: tuple[Remote, Answers], tmp_path: Path
    ) -> None:
        remote, answers = engine
        path = tmp_path / "broken.nq"
        path.write_bytes(ensure().read_bytes()[:1000])
        status, _, errors = self.run("push", remote.address, "--snapshot", str(path))
        assert (status, "not a whole snapshot" in errors) == (1, True)
        assert not [form for form in answers.forms if "update" in form]
