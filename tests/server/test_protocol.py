"""The query half of the SPARQL 1.1 Protocol: in process, and over a real socket."""

import csv
import gzip
import http.client
import io
import json
import socket
from collections.abc import Iterator
from urllib.parse import quote, urlencode, urlsplit

import pyoxigraph as ox
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

import peelgraph
from peelserver.http.heads import LONGEST_QUERY
from peelserver.state import State

ASK = "ASK { force:west-midlands a peel:PoliceForce }"
FORCES = "SELECT ?force { ?force a peel:PoliceForce } ORDER BY ?force"
TRIPLES = "CONSTRUCT { ?f a peel:PoliceForce } WHERE { ?f a peel:PoliceForce }"
COUNT = "SELECT (COUNT(*) AS ?n) #from\n{ ?s ?p ?o }"
BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
JSON = "application/sparql-results+json"


@pytest.fixture
def client(served: tuple[Flask, State]) -> FlaskClient:
    return served[0].test_client()


@pytest.fixture(scope="module")
def graphs(graph: peelgraph.Graph) -> tuple[str, str]:
    """Return two named graphs that have a triple in common."""
    found = graph.query(
        "SELECT ?a ?b { GRAPH ?a { ?s ?p ?o } GRAPH ?b { ?s ?p ?o } FILTER(STR(?a) < STR(?b)) } "
        "ORDER BY ?a ?b LIMIT 1"
    )
    assert isinstance(found, ox.QuerySolutions)
    row = next(found)
    return row["a"].value, row["b"].value


def ask(client: FlaskClient, query: str, accept: str | None = None, **more: str) -> TestResponse:
    headers = {"Accept": accept} if accept is not None else {}
    return client.get("/sparql", query_string={"query": query, **more}, headers=headers)


def number(answer: TestResponse) -> int:
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return int(answer.get_json(force=True)["results"]["bindings"][0]["n"]["value"])


class TestOperations:
    def test_by_get_by_form_and_direct(self, client: FlaskClient) -> None:
        answers = [
            client.get("/sparql", query_string={"query": ASK}),
            client.post("/sparql", data={"query": ASK}),
            client.post("/sparql", data=ASK, content_type=QUERY),
            client.post("/sparql", data=ASK, content_type=f"{QUERY}; charset=UTF-8"),
            client.post("/sparql", data=b"\xef\xbb\xbf" + ASK.encode(), content_type=QUERY),
            client.post("/sparql", query_string={"query": ASK}, content_type=FORM),
        ]
        assert [each.status_code for each in answers] == [200] * 6
        assert len({each.data for each in answers}) == 1

    @pytest.mark.parametrize("path", ["/sparql", f"/sparql?query={quote(ASK)}"])
    def test_head_is_get_without_a_body(self, client: FlaskClient, path: str) -> None:
        got, head = client.get(path), client.head(path)
        assert head.status_code == 200
        assert head.data == b""
        assert dict(head.headers) == dict(got.headers)

    def test_options_and_preflight(self, client: FlaskClient) -> None:
        found = client.options(
            "/sparql",
            headers={
                "Origin": "https://elsewhere.example",
                "Access-Control-Request-Method": "POST",
                "Access-Control-Request-Headers": "content-type",
            },
        )
        assert found.status_code == 204
        allowed = {each.strip() for each in found.headers["Allow"].split(",")}
        assert allowed == {"GET", "HEAD", "OPTIONS", "POST"}
        assert found.headers["Access-Control-Allow-Origin"] == "*"
        assert "POST" in found.headers["Access-Control-Allow-Methods"]
        assert "content-type" in found.headers["Access-Control-Allow-Headers"].lower()
        assert "Access-Control-Allow-Credentials" not in found.headers

    @pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE"])
    def test_other_methods(self, client: FlaskClient, method: str) -> None:
        found = client.open("/sparql", method=method)
        assert found.status_code == 405
        assert "GET" in found.headers["Allow"]

    @pytest.mark.parametrize(
        "request_",
        [
            {"query_string": [("query", ASK), ("query", ASK)]},
            {"method": "POST", "data": {"query": ASK}, "query_string": {"query": ASK}},
            {"method": "POST", "data": {"query": [ASK, ASK]}},
            {
                **{"method": "POST", "data": ASK, "content_type": QUERY},
                **{"query_string": {"query": ASK}},
            },
            {"method": "POST", "data": {"nothing": "x"}},
            {"query_string": {"query": ""}},
            {"method": "POST", "data": b" ", "content_type": QUERY},
        ],
    )
    def test_exactly_one_query(self, client: FlaskClient, request_: dict[str, object]) -> None:
        found = client.open("/sparql", **request_)  # type: ignore[arg-type]
        assert found.status_code == 400


class TestUpdates:
    @pytest.mark.parametrize(
        "request_",
        [
            {"method": "POST", "data": {"update": "CLEAR ALL"}},
            {"method": "POST", "query_string": {"update": "CLEAR ALL"}, "content_type": FORM},
            {"query_string": {"update": "CLEAR ALL"}},
            {"query_string": {"query": ASK, "update": "CLEAR ALL"}},
            {"query_string": {"query": ASK, "using-graph-uri": "urn:g"}},
            {"method": "POST", "data": "CLEAR ALL", "content_type": "application/sparql-update"},
            {"method": "POST", "data": "CLEAR ALL", "content_type": QUERY},
            {"query_string": {"query": "# a query\nPREFIX x: <urn:x>\niNSERT DATA { x:a x:b 1 }"}},
            {"query_string": {"query": r"\u0044ROP ALL"}},
            {"query_string": {"query": "ASK {} ; DELETE WHERE { ?s ?p ?o }"}},
        ],
    )
    def test_none_in_any_disguise(self, client: FlaskClient, request_: dict[str, object]) -> None:
        before = number(ask(client, COUNT))
        found = client.open("/sparql", **request_)  # type: ignore[arg-type]
        assert found.status_code == 403
        assert "read-only" in json.loads(found.data)["detail"]
        assert number(client.post("/sparql", data=COUNT + "# again", content_type=QUERY)) == before


class TestDatasets:
    """Each triple of the default graph counts once, whoever names the graphs."""

    def of(self, graph: peelgraph.Graph, *names: str) -> int:
        patterns = " UNION ".join(f"{{ GRAPH <{name}> {{ ?s ?p ?o }} }}" for name in names)
        query = f"SELECT (COUNT(*) AS ?n) {{ SELECT DISTINCT * {{ {patterns} }} }}"
        found = graph.query(query)
        assert isinstance(found, ox.QuerySolutions)
        return int(next(found)["n"].value)

    def test_several_graphs_are_merged(
        self, client: FlaskClient, graph: peelgraph.Graph, graphs: tuple[str, str]
    ) -> None:
        one, two = graphs
        both = self.of(graph, one, two)
        assert both < self.of(graph, one) + self.of(graph, two)
        pairs = [("default-graph-uri", one), ("default-graph-uri", two)]
        wanted = [("query", COUNT), *pairs]
        from_both = COUNT.replace("#from", f"FROM <{one}> FROM <{two}>")
        found = [
            client.get("/sparql", query_string=wanted),
            client.post("/sparql", data=urlencode(wanted), content_type=FORM),
            client.post(
                "/sparql", data=urlencode(wanted[:2]), content_type=FORM, query_string=wanted[2:]
            ),
            client.post("/sparql", data=COUNT, content_type=QUERY, query_string=pairs),
            ask(client, from_both),
        ]
        assert [number(each) for each in found] == [both] * 5

    def test_the_protocol_overrules_from(
        self, client: FlaskClient, graph: peelgraph.Graph, graphs: tuple[str, str]
    ) -> None:
        one, two = graphs
        query = COUNT.replace("#from", f"FROM <{one}>")
        found = ask(client, query, **{"default-graph-uri": two})
        assert number(found) == self.of(graph, two)
        found = ask(client, query, **{"named-graph-uri": two})
        assert number(found) == 0, "a dataset without a default graph has an empty one"

    def test_named_graphs(self, client: FlaskClient, graphs: tuple[str, str]) -> None:
        query = "SELECT DISTINCT ?g #from\n{ GRAPH ?g { ?s ?p ?o } } ORDER BY ?g"
        by_protocol = client.get(
            "/sparql",
            query_string=[
                ("query", query),
                *(("named-graph-uri", name) for name in graphs),
                ("format", "csv"),
            ],
        )
        named = " ".join(f"FROM NAMED <{name}>" for name in graphs)
        by_query = ask(client, query.replace("#from", named), format="csv")
        for found in (by_protocol, by_query):
            assert found.get_data(as_text=True).split() == ["g", *sorted(graphs)]
        alone = ask(client, query.replace("#from", f"FROM <{graphs[0]}>"), format="csv")
        assert alone.get_data(as_text=True).split() == ["g"]

    def test_prefixes_in_from(self, client: FlaskClient, graphs: tuple[str, str]) -> None:
        space, _, name = graphs[0].rpartition("/")
        whole = ask(client, COUNT.replace("#from", f"FROM <{graphs[0]}>"))
        query = f"PREFIX here: <{space}/> " + COUNT.replace("#from", f"FROM here:{name}")
        assert number(ask(client, query)) == number(whole) > 0

    @pytest.mark.parametrize("name", ["file:///etc/passwd", "http://127.0.0.1:1/x", "urn:none"])
    def test_a_graph_that_is_not_there_is_empty(self, client: FlaskClient, name: str) -> None:
        assert number(ask(client, COUNT.replace("#from", f"FROM <{name}>"))) == 0
        assert number(ask(client, COUNT, **{"default-graph-uri": name})) == 0

    @pytest.mark.parametrize("name", ["", "relative", "http://a b/", "<urn:x>"])
    def test_a_graph_is_an_iri(self, client: FlaskClient, name: str) -> None:
        assert ask(client, COUNT, **{"named-graph-uri": name}).status_code == 400


class TestResults:
    @pytest.mark.parametrize(
        ("query", "accept", "media"),
        [
            (FORCES, None, JSON),
            (FORCES, "*/*", JSON),
            (FORCES, "application/sparql-results+xml", "application/sparql-results+xml"),
            (FORCES, "text/csv", "text/csv; charset=utf-8"),
            (FORCES, "text/tab-separated-values", "text/tab-separated-values; charset=utf-8"),
            (FORCES, "application/json", "application/json"),
            (FORCES, "text/turtle, text/csv;q=0.5", "text/csv; charset=utf-8"),
            (FORCES, "text/*;q=0.5, text/csv;q=0.1, text/html;q=0",
             "text/tab-separated-values; charset=utf-8"),
            (FORCES, BROWSER["Accept"], "text/html; charset=utf-8"),
            (ASK, None, JSON),
            (ASK, "text/csv, application/sparql-results+xml;q=0.1",
             "application/sparql-results+xml"),
            (ASK, BROWSER["Accept"], "text/html; charset=utf-8"),
            (TRIPLES, None, "text/turtle; charset=utf-8"),
            (TRIPLES, "application/n-triples", "application/n-triples"),
            (TRIPLES, "application/rdf+xml", "application/rdf+xml"),
            (TRIPLES, "application/ld+json", "application/ld+json"),
            (TRIPLES, f"{JSON}, application/rdf+xml;q=0.3", "application/rdf+xml"),
            (TRIPLES, BROWSER["Accept"], "text/html; charset=utf-8"),
            ("DESCRIBE force:kent", "application/n-triples", "application/n-triples"),
        ],
    )  # fmt: skip
    def test_what_is_accepted_is_sent(
        self, client: FlaskClient, query: str, accept: str | None, media: str
    ) -> None:
        found = ask(client, query, accept)
        assert (found.status_code, found.content_type) == (200, media)
        assert "Accept" in found.headers["Vary"]
        assert found.headers["Access-Control-Allow-Origin"] == "*"

    @pytest.mark.parametrize(
        ("query", "name", "media"),
        [
            (FORCES, "json", JSON),
            (FORCES, "xml", "application/sparql-results+xml"),
            (FORCES, "csv", "text/csv"),
            (FORCES, "tsv", "text/tab-separated-values"),
            (FORCES, "html", "text/html"),
            (FORCES, "text/csv", "text/csv"),
            (FORCES, "", JSON),
            (ASK, "xml", "application/sparql-results+xml"),
            (TRIPLES, "turtle", "text/turtle"),
            (TRIPLES, "ntriples", "application/n-triples"),
            (TRIPLES, "rdfxml", "application/rdf+xml"),
            (TRIPLES, "jsonld", "application/ld+json"),
            (TRIPLES, "json", "application/ld+json"),
            (TRIPLES, "xml", "application/rdf+xml"),
        ],
    )
    def test_by_name(self, client: FlaskClient, query: str, name: str, media: str) -> None:
        found = ask(client, query, "image/png" if name else None, format=name)
        assert (found.status_code, found.mimetype) == (200, media)

    def test_the_first_name_counts(self, client: FlaskClient) -> None:
        pairs = [("query", TRIPLES), ("format", ""), ("format", "rdf+xml"), ("format", "x")]
        assert client.get("/sparql", query_string=pairs).mimetype == "application/rdf+xml"

    @pytest.mark.parametrize(
        ("query", "accept", "offered"),
        [
            (FORCES, "image/png", "text/csv"),
            (FORCES, "text/turtle", "text/csv"),
            (FORCES, f"{JSON};q=0", "text/csv"),
            (ASK, "text/csv", "application/sparql-results+xml"),
            (TRIPLES, "text/csv", "text/turtle"),
        ],
    )
    def test_what_there_is_instead(
        self, client: FlaskClient, query: str, accept: str, offered: str
    ) -> None:
        found = ask(client, query, accept)
        assert found.status_code == 406
        assert offered in json.loads(found.data)["detail"]

    def test_truth_values(self, client: FlaskClient) -> None:
        assert ask(client, ASK).get_json(force=True) == {"head": {}, "boolean": True}
        assert b"<boolean>true</boolean>" in ask(client, ASK, format="xml").data
        mixed = ask(client, "ASK { 1 ?p 2 }", "text/csv, */*;q=0.1")
        assert mixed.get_json(force=True)["boolean"] is False

    def test_every_form_says_the_same(self, client: FlaskClient) -> None:
        rows = ask(client, FORCES).get_json(force=True)["results"]["bindings"]
        forces = [row["force"]["value"] for row in rows]
        assert ask(client, FORCES, "text/csv").get_data(as_text=True).split() == ["force", *forces]
        graphs = {
            frozenset(str(quad.triple) for quad in ox.parse(found.data, format=form))
            for form in (ox.RdfFormat.TURTLE, ox.RdfFormat.N_TRIPLES, ox.RdfFormat.RDF_XML)
            for found in [ask(client, TRIPLES, form.media_type)]
        }
        assert len(graphs) == 1 and len(next(iter(graphs))) == len(forces)

    def test_a_comma_in_an_iri_does_not_tear_a_row(self, client: FlaskClient) -> None:
        query = """SELECT ?a ?b ?c { VALUES (?a ?b ?c) {
            (<urn:x,y> 'q"\\n' UNDEF) (UNDEF 'é'@fr 1) } }"""
        rows = csv.reader(io.StringIO(ask(client, query, "text/csv").data.decode(), newline=""))
        assert list(rows) == [["a", "b", "c"], ["urn:x,y", 'q"\n', ""], ["", "é", "1"]]
        one = ask(client, "SELECT ?a { VALUES ?a { <urn:x,y> UNDEF } }", "text/csv")
        assert one.data.decode().splitlines()[1] == '"urn:x,y"'

    def test_escapes_in_names_are_understood(self, client: FlaskClient) -> None:
        query = r"SELECT ?caf\u00e9 { ?caf\u00e9 a peel:PoliceF\u006frce } LIMIT 1"
        found = ask(client, query).get_json(force=True)
        assert found["head"]["vars"] == ["café"]
        assert len(found["results"]["bindings"]) == 1

    def test_a_volatile_answer_is_not_kept(self, client: FlaskClient) -> None:
        bodies = set()
        for _ in range(2):
            found = ask(client, "SELECT (RAND() AS ?x) {}")
            assert found.headers["Cache-Control"] == "no-store"
            assert "ETag" not in found.headers
            bodies.add(found.data)
        assert len(bodies) == 2

    def test_conditional_and_compressed(self, client: FlaskClient) -> None:
        packed = client.get(
            "/sparql", query_string={"query": FORCES}, headers={"Accept-Encoding": "gzip"}
        )
        assert gzip.decompress(packed.data) == ask(client, FORCES).data
        again = client.get(
            "/sparql",
            query_string={"query": FORCES},
            headers={"Accept-Encoding": "gzip", "If-None-Match": packed.headers["ETag"]},
        )
        assert (again.status_code, again.data) == (304, b"")
        other = client.get(
            "/sparql",
            query_string={"query": FORCES},
            headers={"Accept": "text/csv", "If-None-Match": packed.headers["ETag"]},
        )
        assert other.status_code == 200


class TestWithoutQuery:
    @pytest.mark.parametrize(
        ("accept", "media"),
        [
            (None, "text/turtle"),
            ("application/rdf+xml", "application/rdf+xml"),
            ("application/ld+json", "application/ld+json"),
            ("application/n-triples", "application/n-triples"),
        ],
    )
    def test_the_service_describes_itself(
        self, client: FlaskClient, accept: str | None, media: str
    ) -> None:
        found = client.get("/sparql", headers={"Accept": accept} if accept else {})
        assert (found.status_code, found.mimetype) == (200, media)
        assert b"sparql-service-description#" in found.data
        again = client.get(
            "/sparql",
            headers={"If-None-Match": found.headers["ETag"], "Accept": accept or "*/*"},
        )
        assert again.status_code == 304

    def test_a_browser_gets_the_page_to_write_one(self, client: FlaskClient) -> None:
        found = client.get("/sparql", headers=BROWSER)
        assert found.mimetype == "text/html"
        assert "<textarea" in found.get_data(as_text=True)

    def test_what_cannot_be_described(self, client: FlaskClient) -> None:
        found = client.get("/sparql", headers={"Accept": JSON})
        assert found.status_code == 406
        assert "query" in json.loads(found.data)["detail"]


class TestPage:
    def test_a_table_with_links_downloads_and_the_query(self, client: FlaskClient) -> None:
        page = ask(client, FORCES, BROWSER["Accept"]).get_data(as_text=True)
        assert '<a href="/id/force/kent"' in page
        assert '<th scope="col">force</th>' in page
        assert "format=csv" in page and "format=turtle" not in page
        assert f"\n{FORCES}</textarea>" in page
        rows = ask(client, FORCES).get_json(force=True)["results"]["bindings"]
        assert f"{len(rows)} rows" in page

    def test_downloads_of_triples_keep_the_dataset(
        self, client: FlaskClient, graphs: tuple[str, str]
    ) -> None:
        page = ask(client, TRIPLES, BROWSER["Accept"], **{"default-graph-uri": graphs[0]}).get_data(
            as_text=True
        )
        assert f"default-graph-uri={quote(graphs[0], safe='')}&amp;format=turtle" in page
        assert f'<input type="hidden" name="default-graph-uri" value="{graphs[0]}">' in page

    @pytest.mark.parametrize(
        "iri",
        ["javascript:alert(1)", "data:text/html,x", "urn:x", "file:///x", "JAVASCRIPT:x"],
    )
    def test_only_addresses_of_the_web_become_links(self, client: FlaskClient, iri: str) -> None:
        page = ask(client, f"SELECT (<{iri}> AS ?x) {{}}", BROWSER["Accept"])
        assert f'href="{iri}' not in page.get_data(as_text=True)

    def test_what_the_data_says_is_text(self, client: FlaskClient) -> None:
        query = "SELECT ('<script>alert(1)</script>' AS ?x) ('\\\"><b>'@en AS ?y) {}"
        page = ask(client, query, BROWSER["Accept"]).get_data(as_text=True)
        assert "<script>" not in page and "<b>" not in page
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page

    def test_a_large_answer_says_that_it_is_not_all_shown(self, client: FlaskClient) -> None:
        page = ask(client, "SELECT ?s { ?s ?p ?o } LIMIT 1500", BROWSER["Accept"])
        assert "1,500 rows; the first 1,000 are shown" in page.get_data(as_text=True)

    def test_a_long_query_is_posted_again(self, client: FlaskClient) -> None:
        query = FORCES + "#" * 5000
        found = client.post("/sparql", data={"query": query}, headers=BROWSER)
        page = found.get_data(as_text=True)
        assert '<button name="format" value="csv">' in page
        assert 'method="post"' in page and "format=csv" not in page


class TestRefusals:
    @pytest.mark.parametrize(
        ("content_type", "status"),
        [
            ("text/plain", 415),
            ("multipart/form-data; boundary=x", 415),
            ("application/json", 415),
            ("", 415),
            (f"{QUERY}; charset=iso-8859-1", 415),
            (f"{FORM}; charset=utf-16", 415),
            (f"{QUERY}; charset=us-ascii", 415),
            (f'{QUERY}; charset="utf-8"', 200),
        ],
    )
    def test_media_types(self, client: FlaskClient, content_type: str, status: int) -> None:
        found = client.post("/sparql", data=ASK.encode(), content_type=content_type)
        assert found.status_code == status
        if status == 415:
            assert QUERY in found.headers["Accept-Post"]

    @pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd", "x"])
    def test_an_encoded_body(self, client: FlaskClient, coding: str) -> None:
        found = client.post(
            *("/sparql",),
            data=gzip.compress(ASK.encode()),
            content_type=QUERY,
            headers={"Content-Encoding": coding},
        )
        assert found.status_code == 415

    @pytest.mark.parametrize("broken", ["%FF", "%C3", "%ED%A0%80", "%C0%AF"])
    def test_broken_utf_8(self, client: FlaskClient, broken: str) -> None:
        encoded = f"query={quote('ASK { ?s ?p ')}'{broken}'{quote(' }')}"
        assert client.get(f"/sparql?{encoded}").status_code == 400
        assert client.post("/sparql", data=encoded, content_type=FORM).status_code == 400
        raw = b"ASK { ?s ?p '" + bytes.fromhex(broken.replace("%", "")) + b"' }"
        assert client.post("/sparql", data=raw, content_type=QUERY).status_code == 400
        assert client.post("/sparql", data=b"query=" + raw, content_type=FORM).status_code == 400

    def test_too_long_a_url(self, client: FlaskClient) -> None:
        query = ASK + "#" * LONGEST_QUERY
        assert ask(client, query).status_code == 414
        assert client.post("/sparql", data={"query": query}).status_code == 200

    def test_too_large_a_body(self, client: FlaskClient) -> None:
        found = client.post("/sparql", data=ASK + "#" * 300_000, content_type=QUERY)
        assert found.status_code == 413

    def test_too_many_parameters(self, client: FlaskClient) -> None:
        found = client.get("/sparql?query=ASK{}" + "&a=b" * 2000)
        assert found.status_code == 400

    def test_unknown_parameters_are_ignored(self, client: FlaskClient) -> None:
        assert ask(client, ASK, output="json", results="json", timeout="5").status_code == 200

    @pytest.mark.parametrize(
        ("query", "status"),
        [
            ("SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }", 403),
            (r"SELECT * { \u0053ervice SILENT <http://127.0.0.1:1/> { ?s ?p ?o } }", 403),
            ("ASK " + "{" * 500 + "}" * 500, 413),
            ("SELECT * {" + "OPTIONAL { ?s ?p ?o } " * 1200 + "}", 413),
            ("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }", 504),
        ],
    )
    def test_queries(self, client: FlaskClient, query: str, status: int) -> None:
        found = client.post("/sparql", data=query, content_type=QUERY)
        assert found.status_code == status
        assert found.mimetype == "application/problem+json"


class TestOverASocket:
    @pytest.fixture
    def connection(self, live: str) -> Iterator[http.client.HTTPConnection]:
        connection = http.client.HTTPConnection(urlsplit(live).netloc, timeout=30)
        yield connection
        connection.close()

    def test_several_accept_lines(self, connection: http.client.HTTPConnection) -> None:
        connection.putrequest("GET", f"/sparql?query={quote(FORCES)}")
        connection.putheader("Accept", "image/png")
        connection.putheader("Accept", "text/csv;q=0.5, application/sparql-results+xml;q=0.9")
        connection.putheader("Accept", "text/tab-separated-values;q=0.7")
        connection.endheaders()
        answer = connection.getresponse()
        answer.read()
        assert answer.getheader("Content-Type") == "application/sparql-results+xml"

    def test_a_head_and_a_304_leave_the_connection_usable(
        self, connection: http.client.HTTPConnection
    ) -> None:
        path = f"/sparql?query={quote(FORCES)}"
        connection.request("GET", path)
        first = connection.getresponse()
        body = first.read()
        connection.request("HEAD", path)
        head = connection.getresponse()
        assert head.read() == b""
        assert head.getheader("Content-Length") == str(len(body))
        connection.request("GET", path, headers={"If-None-Match": first.getheader("ETag") or ""})
        known = connection.getresponse()
        assert (known.status, known.read()) == (304, b"")
        connection.request("GET", path)
        assert connection.getresponse().read() == body

    def test_a_chunked_body(self, connection: http.client.HTTPConnection) -> None:
        pieces = iter([ASK[:10].encode(), ASK[10:].encode()])
        connection.request(
            "POST", "/sparql", body=pieces, headers={"Content-Type": QUERY}, encode_chunked=True
        )
        answer = connection.getresponse()
        assert (answer.status, json.loads(answer.read())["boolean"]) == (200, True)

    def test_a_post_without_a_length(self, live: str) -> None:
        parts = urlsplit(live)
        with socket.create_connection((parts.hostname, parts.port), timeout=10) as raw:
            raw.sendall(
                f"POST /sparql HTTP/1.1\r\nHost: {parts.netloc}\r\nContent-Type: {QUERY}\r\n"
                "Connection: close\r\n\r\n".encode()
            )
            assert raw.makefile("rb").readline().split()[1] == b"411"

    @pytest.mark.parametrize("broken", ["%FF", "%ED%A0%80"])
    def test_broken_utf_8_in_the_url(
        self, connection: http.client.HTTPConnection, broken: str
    ) -> None:
        connection.request("GET", f"/sparql?query=ASK%7B?s?p'{broken}'%7D")
        assert connection.getresponse().status == 400

    def test_a_url_beyond_any_measure(self, connection: http.client.HTTPConnection) -> None:
        connection.request("GET", f"/sparql?query={'a' * 50_000}")
        assert connection.getresponse().status == 414
