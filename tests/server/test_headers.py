"""Every answer has the closed policy; only what is meant for other sites is open to them."""

from typing import TYPE_CHECKING
from urllib.request import urlopen

import pytest
from flask.testing import FlaskClient

if TYPE_CHECKING:
    from tests.server.conftest import Served

POLICY = "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
ASK = "/sparql?query=ASK{}"


@pytest.fixture
def client(served: "Served") -> FlaskClient:
    return served.app.test_client()


@pytest.mark.parametrize(
    "path",
    ["/", "/health", "/metrics", "/nothing", "/sparql", ASK, "/questions", "/static/page.css"],
)
def test_every_answer_has_the_closed_policy(client: FlaskClient, path: str) -> None:
    with client.get(path) as answer:
        assert answer.headers.getlist("Content-Security-Policy") == [POLICY]
        assert answer.headers.getlist("X-Content-Type-Options") == ["nosniff"]
        assert answer.headers.getlist("Referrer-Policy") == ["same-origin"]
        assert answer.headers["Cross-Origin-Resource-Policy"] in ("same-origin", "cross-origin")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", ASK),
        ("GET", "/sparql?query=SELEKT"),
        ("DELETE", "/sparql"),
        ("GET", "/questions/no-such"),
        ("GET", "/questions"),
        ("GET", "/questions/phase?force=west-midlands"),
        ("GET", "/id/force/nowhere"),
        ("GET", "/exports/nothing"),
    ],
)
def test_other_sites_may_read_what_is_for_them(client: FlaskClient, method: str, path: str) -> None:
    answer = client.open(path, method=method, headers={"Origin": "https://a.example"})
    assert answer.headers.getlist("Access-Control-Allow-Origin") == ["*"]
    assert "Access-Control-Allow-Credentials" not in answer.headers
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"


@pytest.mark.parametrize("path", ["/", "/health", "/metrics", "/nothing", "/sparqler"])
def test_other_sites_may_not_read_the_rest(client: FlaskClient, path: str) -> None:
    answer = client.get(path, headers={"Origin": "https://a.example"})
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"


@pytest.mark.parametrize("path", ["/sparql", "/questions", "/questions/status", "/id/force/kent"])
def test_a_browser_that_asks_first_is_told(client: FlaskClient, path: str) -> None:
    asks = {"Origin": "https://a.example", "Access-Control-Request-Method": "GET"}
    answer = client.options(path, headers=asks)
    assert answer.status_code in (200, 204)
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    methods = answer.headers["Access-Control-Allow-Methods"]
    assert {"GET", "HEAD", "OPTIONS"} <= {each.strip() for each in methods.split(",")}
    assert "Content-Type" in answer.headers["Access-Control-Allow-Headers"]
    assert "Accept" in answer.headers["Access-Control-Allow-Headers"]
    assert int(answer.headers["Access-Control-Max-Age"]) > 0
    assert "Access-Control-Allow-Credentials" not in answer.headers


@pytest.mark.parametrize(
    ("path", "accept", "end"),
    [
        ("/sparql?query=SELECT * {}", "text/csv", "csv"),
        ("/sparql?query=SELECT * {}", "text/tab-separated-values", "tsv"),
        ("/sparql?query=CONSTRUCT WHERE {?s a peel:PoliceForce}", "text/turtle", "ttl"),
        ("/questions/phase?force=west-midlands", "text/csv", "csv"),
    ],
)
def test_downloads_are_saved_under_a_safe_name(
    client: FlaskClient, path: str, accept: str, end: str
) -> None:
    answer = client.get(path, headers={"Accept": accept})
    assert answer.status_code == 200
    kind, _, name = answer.headers["Content-Disposition"].partition("; filename=")
    assert kind == "attachment"
    assert name.strip('"').endswith(f".{end}")
    assert name.strip('"').replace("-", "").replace(".", "").isalnum()


def test_pages_and_json_are_shown(client: FlaskClient) -> None:
    for path in ("/", "/health", ASK):
        assert "Content-Disposition" not in client.get(path).headers


def test_no_banner_tells_what_speaks_http(live: str) -> None:
    with urlopen(f"{live}/health/live") as answer:
        assert answer.headers.get_all("Server") == ["peelgraph"]


def test_no_banner_tells_a_version(client: FlaskClient) -> None:
    for name, value in client.get("/").headers:
        assert name.lower() != "x-powered-by"
        assert "werkzeug" not in value.lower() and "python" not in value.lower()
