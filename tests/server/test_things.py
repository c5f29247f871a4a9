"""Everything that has an IRI of ours is there at the path of that IRI, in each form, as it is."""

from collections.abc import Iterable

import pyoxigraph as ox
import pytest
import rdflib
from flask import Flask
from flask.testing import FlaskClient
from rdflib.compare import isomorphic

from peelgraph import Graph
from peelgraph.namespaces import BASE, KINDS, PREFIXES
from peelgraph.resources import SHIPPED
from peelserver.linkeddata import statements
from peelserver.state import State

FORMS = {
    "ttl": ("text/turtle", ox.RdfFormat.TURTLE),
    "jsonld": ("application/ld+json", ox.RdfFormat.JSON_LD),
    "nt": ("application/n-triples", ox.RdfFormat.N_TRIPLES),
    "rdf": ("application/rdf+xml", ox.RdfFormat.RDF_XML),
}
READERS = {"ttl": "turtle", "jsonld": "json-ld", "nt": "nt", "rdf": "xml"}
BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}

CONCERN = "id/cause-of-concern/wmp-2023-investigations"
LETTER = "id/document/hmicfrs-wmp-letter-2024-09-18"
PARTS = [
    *(
        CONCERN,
        LETTER,
        "id/force/west-midlands",
        "id/standing/recommendation-wmp-2023-investigations-5-2024-09-18",
    ),
    *("scheme/theme", "scheme/theme/vetting", "scheme/role/pcc"),
    *("graph/register", "graph/derived", "graph/record/hmicfrs-wmp-letter-2024-09-18"),
    *("graph/register/people", "ontology", "ontology/0.1.0", "ontology/agents"),
    *("ontology/alignments/prov", "snapshot"),
]


@pytest.fixture
def client(served: tuple[Flask, State]) -> FlaskClient:
    return served[0].test_client()


def triples(data: bytes, form: ox.RdfFormat = ox.RdfFormat.N_TRIPLES) -> set[ox.Triple]:
    return {quad.triple for quad in ox.parse(data, format=form)}


def said(graph: Graph, *patterns: str) -> set[ox.Triple]:
    """Return all triples that some queries construct, each given by its pattern."""
    found: set[ox.Triple] = set()
    for pattern in patterns:
        results = graph.query(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {pattern} }}")
        assert isinstance(results, ox.QueryTriples)
        found.update(results)
    return found


def said_of(graph: Graph, iri: str) -> set[ox.Triple]:
    """Return what the graph says of a thing, by one simple query for each part of it."""
    own = said(graph, f"BIND (<{iri}> AS ?s) ?s ?p ?o")
    passages = {each.object for each in own if each.predicate.value.endswith("#evidence")}
    passages |= {each.subject for each in said(graph, f"?s oa:hasSource <{iri}> . ?s ?p ?o")}
    selectors = {
        each.object
        for passage in passages
        for each in said(graph, f"BIND ({passage} AS ?s) ?s ?p ?o")
        if each.predicate.value.endswith("#hasSelector")
    }
    links = {
        each
        for each in said(graph, f"BIND (<{iri}> AS ?o) ?s ?p ?o")
        if not each.predicate.value.endswith("#hasSource")
    }
    ends = {each.subject for each in links} | {each.object for each in own}
    nodes = [str(each) for each in ends if isinstance(each, ox.NamedNode)]
    return (
        own
        | links
        | said(graph, f"VALUES ?s {{ {' '.join(nodes)} }} VALUES ?p {{ rdfs:label }} ?s ?p ?o")
        | said(graph, f"VALUES ?s {{ {' '.join(map(str, passages | selectors))} }} ?s ?p ?o")
    )


class TestForms:
    @pytest.mark.parametrize("part", PARTS)
    def test_every_form_says_the_same(self, client: FlaskClient, part: str) -> None:
        plain = client.get(f"/{part}.nt").data
        expected = triples(plain)
        assert expected
        for ending, (media, form) in FORMS.items():
            answer = client.get(f"/{part}.{ending}")
            assert (answer.status_code, answer.mimetype) == (200, media)
            assert triples(answer.data, form) == expected

    @pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
    @pytest.mark.parametrize("part", [CONCERN, "scheme/theme/vetting", "ontology/agents"])
    def test_rdflib_reads_every_form_alike(self, client: FlaskClient, part: str) -> None:
        plain = rdflib.Graph().parse(data=client.get(f"/{part}.nt").data, format="nt")
        for ending, reader in READERS.items():
            answer = client.get(f"/{part}.{ending}")
            read = rdflib.Graph().parse(data=answer.data, format=reader)
            assert isomorphic(read, plain), ending

    @pytest.mark.parametrize("part", [CONCERN, "scheme/theme", "graph/register", "ontology"])
    def test_the_client_chooses(self, client: FlaskClient, part: str) -> None:
        for ending, (media, _) in FORMS.items():
            answer = client.get(f"/{part}", headers={"Accept": f"{media}, text/html;q=0.1"})
            assert answer.mimetype == media
            assert answer.headers["Content-Location"] == f"/{part}.{ending}"
            assert "Accept" in answer.headers["Vary"]
            assert answer.data == client.get(f"/{part}.{ending}").data
        page = client.get(f"/{part}", headers=BROWSER)
        assert (page.mimetype, page.headers["Content-Location"]) == ("text/html", f"/{part}.html")

    def test_none_that_the_client_takes(self, client: FlaskClient) -> None:
        answer = client.get(f"/{CONCERN}", headers={"Accept": "image/png"})
        assert answer.status_code == 406
        assert "text/turtle" in answer.get_data(as_text=True)

    def test_turtle_and_json_ld_use_our_prefixes(self, client: FlaskClient) -> None:
        turtle = client.get(f"/{CONCERN}.ttl").get_data(as_text=True)
        assert "\nconcern:wmp-2023-investigations a peel:CauseOfConcern ;" in turtle
        document = client.get(f"/{CONCERN}.jsonld").get_json(force=True)
        assert document["@context"].items() <= PREFIXES.items()
        assert document["@graph"][0]["@id"] == "concern:wmp-2023-investigations"
        assert document["@graph"][0]["@type"] == ["peel:CauseOfConcern"]


class TestThings:
    @pytest.mark.parametrize("part", [CONCERN, LETTER, "id/force/west-midlands", "id/force/kent"])
    def test_says_what_the_graph_says(self, client: FlaskClient, graph: Graph, part: str) -> None:
        assert triples(client.get(f"/{part}.nt").data) == said_of(graph, BASE + part)

    def test_one_of_every_kind(self, client: FlaskClient, graph: Graph) -> None:
        rows = graph.query(
            "SELECT ?kind (MIN(STR(?thing)) AS ?iri) { ?thing peel:kindToken ?kind } GROUP BY ?kind"
        )
        assert isinstance(rows, ox.QuerySolutions)
        first = {row["kind"].value: row["iri"].value for row in rows}
        assert first.keys() >= {*KINDS} - {"duty"}
        for kind in KINDS.keys() & first.keys():
            path = first[kind].removeprefix(BASE)
            found = triples(client.get(f"/{path}.nt").data)
            assert {each for each in said(graph, f"BIND (<{first[kind]}> AS ?s) ?s ?p ?o")} <= found

    def test_a_document_comes_with_its_passages(self, client: FlaskClient) -> None:
        found = triples(client.get(f"/{LETTER}.ttl").data, ox.RdfFormat.TURTLE)
        subjects = {each.subject.value for each in found if isinstance(each.subject, ox.NamedNode)}
        assert f"{BASE}{LETTER}#char=1093,1167" in subjects
        assert f"{BASE}{LETTER}#selector=1093,1167" in subjects

    def test_an_answer_that_leaves_links_out_says_so(
        self, served: tuple[Flask, State], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        app, state = served
        iri = f"{BASE}id/force/west-midlands"
        monkeypatch.setattr(statements, "BOUND", 50)
        with app.app_context():
            found = {str(each) for each in statements.described(iri, state.engine())}
        assert any("Not complete: 617 statements link to this thing, and 50 of" in x for x in found)
        links = [each for each in found if each.endswith(f"<{iri}>")]
        assert len(links) == 50 + 2  # its own ofForce, and the topic of the note
        assert not [
            each for each in links if "#ofForce" in each and not each.startswith(f"<{iri}>")
        ]

    def test_where_the_other_forms_are(self, client: FlaskClient) -> None:
        links = client.get(f"/{CONCERN}.ttl").headers.getlist("Link")
        assert f'<{BASE}{CONCERN}>; rel="about"' in links
        assert f'</{CONCERN}.jsonld>; rel="alternate"; type="application/ld+json"' in links
        assert '<https://creativecommons.org/licenses/by/4.0/>; rel="license"' in links
        assert any('rel="describedby"' in link for link in links)

    def test_head_and_conditional(self, client: FlaskClient) -> None:
        got = client.get(f"/{CONCERN}.ttl")
        head = client.head(f"/{CONCERN}.ttl")
        assert (head.status_code, head.data) == (200, b"")
        assert head.headers["ETag"] == got.headers["ETag"]
        again = client.get(f"/{CONCERN}.ttl", headers={"If-None-Match": got.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")


class TestNames:
    @pytest.mark.parametrize(
        ("path", "near"),
        [
            ("/id/cause-of-concern/wmp-2023-investigation", "wmp-2023-investigations"),
            ("/id/cause-of-concern/wmp-2023-investigation.ttl", "wmp-2023-investigations"),
            ("/id/cause-of-concerns/wmp-2023-investigations", "cause-of-concern"),
            ("/id/force/zzz", "avon-and-somerset"),
            ("/scheme/themes", "theme"),
            ("/scheme/theme/vettings", "vetting"),
            ("/graph/registers", "register"),
            ("/graph/record/hmicfrs-wmp-letter", "record/hmicfrs-wmp-letter-2024-09-18"),
            ("/ontology/agent", "agents"),
            ("/ontology/0.2.0", "0.1.0"),
            ("/shapes/agent", "agents"),
        ],
    )
    def test_near_ones_are_named(self, client: FlaskClient, path: str, near: str) -> None:
        answer = client.get(path)
        assert answer.status_code == 404
        assert f"'{near}'" in answer.get_json(force=True)["detail"] or near in "avon-and-somerset"
        assert near in client.get(path, headers=BROWSER).get_data(as_text=True)

    @pytest.mark.parametrize(
        "path",
        [
            *("/id/force/../../etc/passwd", "/id/force/..%2f..%2fetc%2fpasswd", "/id/force/kent/x"),
            *("/id/force/%2e%2e", "/id/..%2f", "/id/force/kent%00.ttl", "/id/force/Kent"),
            *("/shapes/..%2f..%2fpyproject", "/shapes/../README", "/shapes/%2fetc%2fpasswd"),
            *("/shapes/examples", "/ontology/../shapes/agents", "/ontology/%2e%2e/pyproject.toml"),
            *("/ontology/schemes/theme", "/graph/../record", "/graph/record/..%2f..%2fx"),
            *("/graph/%2fetc%2fpasswd", "/scheme/..%2f/x", "/scheme/theme/%3Cscript%3E"),
            *(
                "/snapshot.nq.sha256",
                "/snapshot/../x",
                "/graph/record/%0d%0aX: y",
                "/shapes/a.html",
            ),
            *("/id/force/" + "a-" * 4000, "/id/force/kent> <x", "/graph/" + "a" * 4000),
        ],
    )
    def test_nothing_else_is_there(self, client: FlaskClient, path: str) -> None:
        answer = client.get(path, headers=BROWSER)
        assert answer.status_code in (404, 308)
        text = answer.get_data(as_text=True)
        assert "root:" not in text and "<script>" not in text
        assert not any(name == "X" for name, _ in answer.headers)
        assert len(text) < 5000


class TestSchemesAndGraphs:
    def test_a_scheme_holds_its_concepts(self, client: FlaskClient, graph: Graph) -> None:
        iri = f"{BASE}scheme/theme"
        expected = said(graph, f'?s ?p ?o FILTER (STRSTARTS(STR(?s), "{iri}"))')
        assert triples(client.get("/scheme/theme.nt").data) == expected
        assert client.get("/scheme/theme/", headers=BROWSER).status_code == 200

    def test_every_named_graph_is_there(self, client: FlaskClient, graph: Graph) -> None:
        rows = graph.query("SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }")
        assert isinstance(rows, ox.QuerySolutions)
        for iri in [row["g"].value for row in rows]:
            answer = client.get(f"/{iri.removeprefix(BASE)}.nt")
            assert triples(answer.data) == said(graph, f"GRAPH <{iri}> {{ ?s ?p ?o }}")

    def test_pages_link_to_the_web_only(self, client: FlaskClient) -> None:
        for path in ("/scheme/theme", "/ontology", "/graph/derived", "/scheme/role/pcc"):
            page = client.get(path, headers=BROWSER).get_data(as_text=True)
            links = [part.partition('"')[0] for part in page.split('href="')[1:]]
            assert links and all(
                each.startswith(("/", "#", "http://", "https://")) for each in links
            )

    def test_a_term_of_the_ontology_has_its_place_on_the_page(self, client: FlaskClient) -> None:
        page = client.get("/ontology", headers=BROWSER).get_data(as_text=True)
        assert '<section class="term" id="CauseOfConcern">' in page
        assert '<section class="term" id="attestedOpenOn">' in page


class TestOntologyAndShapes:
    def test_the_modules_make_up_the_ontology(self, client: FlaskClient, graph: Graph) -> None:
        whole = said(graph, "GRAPH <https://w3id.org/peelgraph/graph/ontology> { ?s ?p ?o }")
        assert triples(client.get("/ontology.nt").data) == whole
        parts = {
            each.object.value
            for each in whole
            if each.predicate.value.endswith("/hasPart") and isinstance(each.object, ox.NamedNode)
        }
        modules = [iri for iri in parts if iri.startswith(f"{BASE}ontology/")]
        assert len(modules) > 10
        held: set[ox.Triple] = set()
        for iri in modules:
            found = triples(client.get(f"/{iri.removeprefix(BASE)}.nt").data)
            assert any(str(each.subject) == f"<{iri}>" for each in found)
            held |= found
        header = said(
            graph, f"GRAPH <{BASE}graph/ontology> {{ ?s rdfs:isDefinedBy ?o . ?s ?p ?o }}"
        )
        assert held < whole
        assert len(held) > len(header) / 2

    def test_shapes_are_sent_as_they_are(self, client: FlaskClient) -> None:
        for file in sorted(SHIPPED.shapes.glob("*.ttl")):
            assert client.get(f"/shapes/{file.stem}.ttl").data == file.read_bytes()

    @pytest.mark.parametrize("path", ["shapes", "shapes/prefixes", "shapes/items"])
    def test_every_form_of_the_shapes_says_the_same(self, client: FlaskClient, path: str) -> None:
        plain = _canonical(triples(client.get(f"/{path}.nt").data))
        for ending, (_, form) in FORMS.items():
            answer = client.get(f"/{path}.{ending}")
            assert _canonical(triples(answer.data, form)) == plain, ending

    def test_all_shapes_are_there(self, client: FlaskClient) -> None:
        shapes: Iterable[bytes] = (file.read_bytes() for file in SHIPPED.shapes.glob("*.ttl"))
        expected = sum(len(triples(text, ox.RdfFormat.TURTLE)) for text in shapes)
        assert len(triples(client.get("/shapes.nt").data)) == expected


def _canonical(found: set[ox.Triple]) -> ox.Dataset:
    made = ox.Dataset(ox.Quad(each.subject, each.predicate, each.object) for each in found)
    made.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return made


class TestSnapshot:
    def test_the_digest(self, client: FlaskClient, graph: Graph) -> None:
        assert client.get("/snapshot").get_json()["snapshot"] == graph.digest
        assert graph.digest in client.get("/snapshot.ttl").get_data(as_text=True)

    def test_the_whole_as_a_file(self, client: FlaskClient, graph: Graph) -> None:
        with client.get("/snapshot.nq") as answer:
            assert answer.mimetype == "application/n-quads"
            disposition = answer.headers["Content-Disposition"]
            assert disposition == f"attachment; filename=peelgraph-{graph.digest[:12]}.nq"
            store = ox.Store()
            store.bulk_load(answer.data, format=ox.RdfFormat.N_QUADS)
            tag = answer.headers["ETag"]
        rows = graph.query("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")
        assert isinstance(rows, ox.QuerySolutions)
        count = len(list(store.quads_for_pattern(None, None, None, ox.DefaultGraph())))
        assert count == int(next(rows)["n"].value)
        with client.get("/snapshot.nq", headers={"If-None-Match": tag}) as again:
            assert again.status_code == 304
        with client.get("/snapshot.nq", headers={"Range": "bytes=0-9"}) as part:
            assert (part.status_code, len(part.data)) == (206, 10)
        with client.get("/snapshot", headers={"Accept": "application/n-quads"}) as chosen:
            assert chosen.headers["ETag"] == tag
            assert chosen.headers["Content-Location"] == "/snapshot.nq"

    def test_a_cache_is_told_that_the_form_is_chosen(self, client: FlaskClient) -> None:
        for known in ({}, {"If-None-Match": "*"}, {"Range": "bytes=0-9"}):
            for media in ("application/n-quads", "application/json", "text/html", "text/turtle"):
                with client.get("/snapshot", headers={"Accept": media, **known}) as answer:
                    assert answer.status_code in (200, 206, 304)
                    assert "Accept" in answer.headers["Vary"].split(", ")
