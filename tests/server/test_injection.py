"""Nothing that a client or a document says becomes script, a header, a redirect or a path."""

import csv
import io
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

if TYPE_CHECKING:
    from tests.server.conftest import Served

BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
SCRIPT = "<script>alert(1)</script>"
MARKS = (SCRIPT, '"><img src=x onerror=alert(1)>', "'-alert(1)-'", "{{7*7}}", "</title><script>")
HOST = "evil.example"


class Page(HTMLParser):
    """The elements of a page, and where its links lead."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.names: list[str] = []
        self.handlers: list[str] = []
        self.links: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.append(tag)
        for name, value in attrs:
            if name.startswith("on") or name in ("style", "srcdoc"):
                self.handlers.append(f"{tag}.{name}")
            if name in ("href", "src", "action", "formaction"):
                self.links.append(value or "")


@pytest.fixture
def client(served: "Served") -> FlaskClient:
    return served.app.test_client()


def sparql(client: FlaskClient, query: str, accept: str) -> str:
    answer = client.get("/sparql", query_string={"query": query}, headers={"Accept": accept})
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return answer.get_data(as_text=True)


@pytest.mark.parametrize("mark", MARKS)
@pytest.mark.parametrize(
    "path",
    [
        "/?on={}",
        "/?known={}",
        "/sparql?query={}",
        "/sparql?query=ASK{{}}&format={}",
        "/sparql?query=ASK{{}}&default-graph-uri={}",
        "/questions/{}",
        "/questions/status?force={}",
        "/questions/status?{}=1",
        "/questions/status?format={}",
        "/id/force/{}",
        "/id/{}/kent",
        "/{}",
    ],
)
def test_nothing_is_reflected_as_markup(client: FlaskClient, path: str, mark: str) -> None:
    with client.get(path.format(quote(mark, safe="")), headers=BROWSER) as answer:
        assert answer.status_code < 500
        text = answer.get_data(as_text=True)
    if answer.mimetype == "text/html":
        page = Page(text)
        assert "img" not in page.names and page.handlers == []
        assert "alert(1)" not in re.sub(r"&[#\w]+;|[^<]*", "", text)
        assert SCRIPT not in text
        assert "49" not in text or mark != "{{7*7}}" or "7*7" in text


def test_what_a_graph_says_is_not_markup_either(client: FlaskClient) -> None:
    query = f"""SELECT ("{SCRIPT}" AS ?a) (<javascript:alert(1)> AS ?b)
        (<data:text/html,{quote(SCRIPT)}> AS ?c) (<https://ok.example/> AS ?d) {{}}"""
    answer = client.get("/sparql", query_string={"query": query}, headers=BROWSER)
    assert answer.status_code == 200
    text = answer.get_data(as_text=True)
    if answer.mimetype == "text/html":
        page = Page(text)
        assert SCRIPT not in text and page.handlers == []
        assert not [link for link in page.links if not re.match(r"https?://|[/?#.]|$", link)]


def test_only_web_addresses_become_links(client: FlaskClient) -> None:
    for path in ("/", "/sparql", "/id/cause-of-concern/wmp-2023-investigations"):
        answer = client.get(path, headers=BROWSER)
        assert answer.mimetype == "text/html"
        for link in Page(answer.get_data(as_text=True)).links:
            assert re.match(r"(https?://|/(?!/)|[?#]|$)", link), link


@pytest.mark.parametrize("end", ["%0d%0aX-Bad:%201", "%0aX-Bad:1", "%e5%98%8a%e5%98%8dX-Bad:1"])
@pytest.mark.parametrize(
    "path",
    [
        "/questions/phase?force=west-midlands&format=csv{}",
        "/questions/phase?force=west-midlands{}",
        "/questions/status{}",
        "/id/force/kent{}",
        "/id/force/west-midlands{}.ttl",
        "/sparql?query=ASK{{}}&format={}",
        "/sparql{}",
        "/{}",
    ],
)
def test_no_header_can_be_written(client: FlaskClient, path: str, end: str) -> None:
    with client.get(path.format(end)) as answer:
        assert answer.status_code < 500
        assert "X-Bad" not in answer.headers
        for _, value in answer.headers:
            assert value.isprintable()


@pytest.mark.parametrize(
    "path",
    [
        "//evil.example",
        "//evil.example/questions/",
        "/questions/",
        "//evil.example/%2e%2e",
        "/%5cevil.example/questions/",
        "/\\evil.example/sparql/",
        "/questions//status",
        "/id//force/kent",
        "/sparql?next=https://evil.example&return=//evil.example&url=https://evil.example",
        "/id/force/kent/",
        "/id/force/%2f%2fevil.example",
        "/ontology/",
    ],
)
def test_no_redirect_leads_elsewhere(client: FlaskClient, path: str) -> None:
    for accept in ("text/html", "text/turtle"):
        answer = client.get(path, headers={"Host": HOST, "Accept": accept})
        assert answer.status_code < 500
        location = answer.headers.get("Location")
        assert location is None or re.match(r"/(?![/\\])|[\w.?-]+$", location), location
        assert answer.headers.get("Refresh") is None


@pytest.mark.parametrize(
    "path",
    [
        "/static/../config.py",
        "/static/%2e%2e/config.py",
        "/static/..%2fconfig.py",
        "/static/..%5cconfig.py",
        "/static/....//config.py",
        "/static/%2e%2e%2f%2e%2e%2f%2e%2e%2fetc/passwd",
        "/static//etc/passwd",
        "/static/%252e%252e/config.py",
        "/static/page.css%00.html",
        "/id/../config.py",
        "/id/force/..%2f..%2fontology",
        "/questions/..%2f..%2fpyproject.toml",
        "/questions/..%2fparameters",
        "/scheme/..%2f..%2f..%2fpyproject",
        "/graph/..%2f..%2fpyproject.toml",
        "/shapes/..%2f..%2fpyproject.toml",
        "/exports/..%2f..%2fetc%2fpasswd",
    ],
)
def test_no_path_leads_out(client: FlaskClient, path: str) -> None:
    with client.get(path) as answer:
        assert answer.status_code in (308, 400, 404, 405)
        text = answer.get_data(as_text=True)
    for tell in ("root:", "build-system", "dataclass", str(Path.cwd()), "Traceback"):
        assert tell not in text


@pytest.mark.parametrize("accept", ["text/html", "application/json", "text/turtle"])
@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/sparql",
        "/sparql?query=ASK{}",
        "/questions",
        "/questions/status?force=west-midlands",
        "/id/force/west-midlands",
        "/openapi.json",
        "/.well-known/void",
        "/health",
        "/nothing",
        "/questions//status",
    ],
)
def test_the_host_that_a_client_names_is_nowhere(
    client: FlaskClient, path: str, accept: str
) -> None:
    headers = {
        "Host": HOST,
        "Accept": accept,
        "X-Forwarded-Host": HOST,
        "Forwarded": f"host={HOST}",
    }
    with client.get(path, headers=headers) as answer:
        assert answer.status_code < 500
        assert HOST not in answer.get_data(as_text=True)
        assert not [value for _, value in answer.headers if HOST in value]


def test_a_strange_host_is_no_trouble(client: FlaskClient) -> None:
    for host in ("", "a b", '"><script>', "[::1", "x" * 3000, "a,b", "a:b:c", "a@b", "%00"):
        answer = client.get("/questions/", headers={"Host": host})
        assert answer.status_code < 500, host
        answer = client.get("/sparql?query=ASK{}", headers={"Host": host})
        assert answer.status_code < 500, host


def test_csv_of_a_query_is_to_the_letter(client: FlaskClient) -> None:
    cells = ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "a,b", 'say "x"', "two\r\nlines", " x "]
    values = " ".join(
        '("'
        + c.replace("\\", "\\\\")
        .replace('"', '\\"')
        .replace("\r", "\\r")
        .replace("\n", "\\n")
        .replace("\t", "\\t")
        + '")'
        for c in cells
    )
    text = sparql(client, f"SELECT ?c {{ VALUES (?c) {{ {values} }} }}", "text/csv")
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert rows == [["c"], *([cell] for cell in cells)]


def test_errors_tell_nothing_of_the_machine(client: FlaskClient) -> None:
    for query in (
        "SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
        "SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }",
        "LOAD <file:///etc/passwd>",
        "SELEKT",
        "ASK {" + "{" * 5000,
    ):
        text = client.get("/sparql", query_string={"query": query}).get_data(as_text=True)
        assert not re.search(r"/(usr|root|home|tmp|etc)/\w+(?!>)\.py|Traceback|Errno|root:", text)


def test_no_cell_of_a_table_of_ours_is_a_formula(client: FlaskClient) -> None:
    for path in ("status?force=west-midlands", "timeline?force=west-midlands"):
        text = client.get(f"/questions/{path}&format=csv").get_data(as_text=True)
        rows = list(csv.reader(io.StringIO(text, newline="")))
        assert len(rows) > 10
        assert not [cell for row in rows for cell in row if cell[:1] in tuple("=+-@\t\r")]
