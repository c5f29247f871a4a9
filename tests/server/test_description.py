"""What the server says of itself is so: every count by query, every address answered."""

import threading
from collections.abc import Iterator
from dataclasses import replace

import pyoxigraph as ox
import pytest
from flask import Flask
from flask.testing import FlaskClient

from peelgraph import Graph
from peelgraph.engine import Engine
from peelgraph.namespaces import BASE
from peelgraph.snapshot import checksum_path
from peelserver.answering.functions import GEOSPARQL
from peelserver.answering.lanes import Lane
from peelserver.config import Config
from peelserver.linkeddata import census, rdf, servicedescription
from peelserver.linkeddata.addresses import base, link, path
from peelserver.linkeddata.description import describe
from peelserver.state import State

FORMS = {
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/ld+json": ox.RdfFormat.JSON_LD,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
}
PATHS = {"/.well-known/void": "void", "/dataset": "dcat"}
DATASET = f"<{BASE}dataset>"
NAMES = "".join(f"PREFIX {prefix}: <{name}>\n" for prefix, name in rdf.NAMES.items())


@pytest.fixture
def client(served: tuple[Flask, State]) -> FlaskClient:
    return served[0].test_client()


@pytest.fixture
def service(served: tuple[Flask, State]) -> ox.Store:
    app, state = served
    with app.test_request_context("/sparql"):
        _, body = describe(state, "text/turtle")
    return loaded(body, ox.RdfFormat.TURTLE)


@pytest.fixture
def void(client: FlaskClient) -> ox.Store:
    return loaded(client.get("/.well-known/void.ttl").data, ox.RdfFormat.TURTLE)


@pytest.fixture
def dcat(client: FlaskClient) -> ox.Store:
    return loaded(client.get("/dataset.ttl").data, ox.RdfFormat.TURTLE)


def loaded(data: bytes, form: ox.RdfFormat) -> ox.Store:
    store = ox.Store()
    store.load(data, format=form)
    return store


def rows(asked: ox.Store | Graph, query: str) -> Iterator[tuple[str, ...]]:
    found = asked.query(query if isinstance(asked, Graph) else NAMES + query)
    assert isinstance(found, ox.QuerySolutions)
    for row in found:
        values = [row[variable] for variable in found.variables]
        yield tuple("" if value is None else value.value for value in values)


class TestForms:
    @pytest.mark.parametrize("where", PATHS)
    def test_every_form_says_the_same(self, client: FlaskClient, where: str) -> None:
        plain = {*loaded(client.get(f"{where}.nt").data, ox.RdfFormat.N_TRIPLES)}
        for media, form in FORMS.items():
            answer = client.get(where, headers={"Accept": media})
            assert answer.mimetype == media
            assert {*loaded(answer.data, form)} == plain
            assert client.get(answer.headers["Content-Location"]).data == answer.data

    def test_of_the_service_too(self, served: tuple[Flask, State]) -> None:
        app, state = served
        with app.test_request_context("/sparql"):
            found = [{*loaded(describe(state, media)[1], form)} for media, form in FORMS.items()]
        assert all(each == found[0] for each in found)

    @pytest.mark.parametrize("where", PATHS)
    def test_the_same_bytes_each_time(self, client: FlaskClient, where: str) -> None:
        first = client.get(where)
        census._taken.clear()
        again = client.get(where, headers={"Host": "127.0.0.1"})
        assert first.data.replace(b"//localhost/", b"//127.0.0.1/") == again.data
        assert first.headers["ETag"] != again.headers["ETag"]
        known = client.get(where, headers={"If-None-Match": first.headers["ETag"]})
        assert known.status_code == 304

    def test_no_other_ending(self, client: FlaskClient) -> None:
        for where in ("/.well-known/void.txt", "/.well-known/other", "/dataset.html", "/dataset.x"):
            assert client.get(where).status_code == 404


def test_no_more_wait_for_a_census_than_there_is_room_for(
    served: tuple[Flask, State], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each holds a thread, and there are not many of these."""
    census._taken.clear()
    served[1].cache.clear()
    going, end = threading.Event(), threading.Event()
    taken = census._take

    def slowly(engine: Engine) -> census.Census:
        going.set()
        end.wait(60)
        return taken(engine)

    monkeypatch.setattr(census, "_take", slowly)
    monkeypatch.setattr(census, "_turns", Lane(turns=1, queue=0, patience=60))
    statuses = []

    def ask() -> None:
        statuses.append(served[0].test_client().get("/.well-known/void").status_code)

    first = threading.Thread(target=ask)
    first.start()
    assert going.wait(60)
    ask()
    assert statuses == [503]
    end.set()
    first.join()
    assert statuses == [503, 200]


class TestVoid:
    def test_counts_of_the_whole(self, void: ox.Store, graph: Graph) -> None:
        [found] = rows(
            void,
            f"""SELECT ?triples ?entities ?subjects ?objects ?classes ?properties {{
              {DATASET} void:triples ?triples ; void:entities ?entities ;
                void:distinctSubjects ?subjects ; void:distinctObjects ?objects ;
                void:classes ?classes ; void:properties ?properties }}""",
        )
        [first] = rows(
            graph,
            """SELECT (COUNT(*) AS ?n) (COUNT(DISTINCT ?s) AS ?subjects)
            (COUNT(DISTINCT ?o) AS ?objects) (COUNT(DISTINCT ?p) AS ?ps) { ?s ?p ?o }""",
        )
        [(classes,)] = rows(graph, "SELECT (COUNT(DISTINCT ?c) AS ?n) { ?s a ?c }")
        [(entities,)] = rows(
            graph,
            "SELECT (COUNT(DISTINCT ?s) AS ?n) "
            f'{{ ?s ?p ?o FILTER (STRSTARTS(STR(?s), "{BASE}id/")) }}',
        )
        triples, subjects, objects, properties = first
        assert found == (triples, entities, subjects, objects, classes, properties)

    def test_counts_by_class(self, void: ox.Store, graph: Graph) -> None:
        found = rows(
            void,
            f"""SELECT ?class ?n {{ {DATASET} void:classPartition ?part .
              ?part void:class ?class ; void:entities ?n }}""",
        )
        expected = rows(
            graph, "SELECT ?class (COUNT(DISTINCT ?s) AS ?n) { ?s a ?class } GROUP BY ?class"
        )
        assert sorted(found) == sorted(expected)

    def test_counts_by_property(self, void: ox.Store, graph: Graph) -> None:
        found = rows(
            void,
            f"""SELECT ?p ?n ?subjects ?objects {{ {DATASET} void:propertyPartition ?part .
              ?part void:property ?p ; void:triples ?n ;
                void:distinctSubjects ?subjects ; void:distinctObjects ?objects }}""",
        )
        expected = rows(
            graph,
            """SELECT ?p (COUNT(*) AS ?n) (COUNT(DISTINCT ?s) AS ?subjects)
            (COUNT(DISTINCT ?o) AS ?objects) { ?s ?p ?o } GROUP BY ?p""",
        )
        assert sorted(found) == sorted(expected)

    def test_counts_by_named_graph(self, void: ox.Store, graph: Graph) -> None:
        found = rows(
            void,
            f"""SELECT ?g ?n ?subjects ?objects ?properties ?classes {{ {DATASET} void:subset ?g .
              ?g void:triples ?n ; void:distinctSubjects ?subjects ; void:distinctObjects ?objects ;
                void:properties ?properties ; void:classes ?classes }}""",
        )
        expected = rows(
            graph,
            """SELECT ?g (COUNT(*) AS ?n) (COUNT(DISTINCT ?s) AS ?subjects)
            (COUNT(DISTINCT ?o) AS ?objects) (COUNT(DISTINCT ?p) AS ?properties)
            (COUNT(DISTINCT ?class) AS ?classes)
            { GRAPH ?g { ?s ?p ?o } BIND (IF(?p = rdf:type, ?o, ?none) AS ?class) } GROUP BY ?g""",
        )
        assert sorted(found) == sorted(expected)

    def test_what_is_named_is_there(self, client: FlaskClient, void: ox.Store) -> None:
        [(endpoint,)] = rows(void, f"SELECT ?e {{ {DATASET} void:sparqlEndpoint ?e }}")
        assert endpoint == "http://localhost/sparql"
        examples = [iri for (iri,) in rows(void, "SELECT ?e { ?s void:exampleResource ?e }")]
        dumps = [iri for (iri,) in rows(void, "SELECT ?e { ?s void:dataDump ?e }")]
        assert len(examples) == 6 and len(dumps) == 12
        for iri in examples:
            assert client.get(path(iri), headers={"Accept": "text/turtle"}).status_code == 200
        for iri in dumps:
            with client.get(iri.removeprefix("http://localhost")) as answer:
                assert answer.status_code == 200

    def test_introduces_the_dataset(self, void: ox.Store, graph: Graph) -> None:
        [(licence, digest, name, space)] = rows(
            void,
            f"""SELECT ?licence ?digest ?name ?space {{ {DATASET} dcterms:license ?licence ;
              dcterms:identifier ?digest ; dcterms:creator/foaf:name ?name ;
              void:uriSpace ?space ; dcterms:title ?title }}""",
        )
        assert licence == "https://creativecommons.org/licenses/by/4.0/"
        assert (digest, name) == (graph.digest, "The peelgraph contributors")
        assert space == f"{BASE}id/"
        vocabularies = {iri for (iri,) in rows(void, "SELECT ?v { ?s void:vocabulary ?v }")}
        assert vocabularies >= {f"{BASE}ontology#", "http://www.w3.org/ns/prov#"}


class TestDcat:
    def test_every_named_graph_is_a_dataset(self, dcat: ox.Store, graph: Graph) -> None:
        found = {
            iri
            for (iri,) in rows(
                dcat,
                """SELECT ?g { ?c a dcat:Catalog ; dcat:dataset ?g . ?g a dcat:Dataset ;
                  dcterms:title ?title ; dcterms:description ?text ; dcterms:license ?licence }""",
            )
        }
        named = {iri for (iri,) in rows(graph, "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }")}
        assert found == named | {f"{BASE}dataset"}

    def test_a_record_names_its_document(self, dcat: ox.Store) -> None:
        query = "SELECT ?g ?document { ?g dcterms:source ?document }"
        found = {graph: document for graph, document in rows(dcat, query)}
        record = f"{BASE}graph/record/hmicfrs-wmp-letter-2024-09-18"
        assert found[record] == f"{BASE}id/document/hmicfrs-wmp-letter-2024-09-18"
        assert len(found) == 5

    def test_every_download_is_what_it_says(self, client: FlaskClient, dcat: ox.Store) -> None:
        found = [
            *rows(dcat, "SELECT ?url ?media { ?d dcat:downloadURL ?url ; dcat:mediaType ?media }")
        ]
        assert len(found) == 1 + 4 * 11
        for url, media in found:
            with client.get(url.removeprefix("http://localhost")) as answer:
                assert answer.status_code == 200
                assert media.endswith(f"/{answer.mimetype}")

    def test_the_snapshot_is_measured(self, served: tuple[Flask, State], dcat: ox.Store) -> None:
        [(size, checksum)] = rows(
            dcat,
            """SELECT ?size ?checksum { ?d dcat:byteSize ?size ;
              spdx:checksum/spdx:checksumValue ?checksum }""",
        )
        file = served[1].config.snapshot
        assert int(size) == file.stat().st_size
        assert checksum_path(file).read_text("ascii").startswith(checksum.lower())

    def test_services(self, dcat: ox.Store) -> None:
        found = {*rows(dcat, "SELECT ?url { ?s a dcat:DataService ; dcat:endpointURL ?url }")}
        assert found == {("http://localhost/sparql",), ("http://localhost/questions",)}


class TestServiceDescription:
    def test_says_what_is_spoken(self, service: ox.Store) -> None:
        [(endpoint, language)] = rows(
            service,
            "SELECT ?e ?l { ?s a sd:Service ; sd:endpoint ?e ; sd:supportedLanguage ?l }",
        )
        assert endpoint == "http://localhost/sparql"
        assert language == "http://www.w3.org/ns/sparql-service-description#SPARQL11Query"
        formats = {iri for (iri,) in rows(service, "SELECT ?f { ?s sd:resultFormat ?f }")}
        assert {iri.rpartition("/")[2] for iri in formats} == {
            *("SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV"),
            *("SPARQL_Results_TSV", "Turtle", "N-Triples", "RDF_XML", "JSON-LD"),
        }
        assert not [*rows(service, "SELECT ?f { ?s sd:feature ?f }")]

    def test_the_dataset(self, service: ox.Store, graph: Graph) -> None:
        [(default,)] = rows(
            service,
            "SELECT ?n { ?s sd:defaultDataset/sd:defaultGraph/void:triples ?n }",
        )
        [(count,)] = rows(graph, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")
        assert default == count
        named = rows(
            service,
            """SELECT ?name ?n { ?s sd:defaultDataset/sd:namedGraph ?g .
              ?g sd:name ?name ; sd:graph/void:triples ?n }""",
        )
        expected = rows(graph, "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g")
        assert sorted(named) == sorted(expected)

    def test_every_function_is_there_and_no_other(self, service: ox.Store, graph: Graph) -> None:
        named = {iri for (iri,) in rows(service, "SELECT ?f { ?s sd:extensionFunction ?f }")}
        assert named == {rdf.iri(f"geof:{name}").value for name in GEOSPARQL}
        for iri in named:
            graph.query(f"SELECT (<{iri}>(1, 2) AS ?x) {{}}")
        with pytest.raises(RuntimeError, match="not supported"):
            [*rows(graph, f"SELECT (<{rdf.iri('geof:buffer').value}>(1, 2) AS ?x) {{}}")]

    def test_limits_in_plain_words(self, served: tuple[Flask, State]) -> None:
        config = replace(served[1].config, deadline=7.5, largest_answer=3 << 20)
        text = " ".join(servicedescription.limits(config))
        assert "7.5 seconds" in text and "3 MiB" in text and "256 KiB" in text


class TestAddresses:
    @pytest.mark.parametrize(
        ("host", "said"),
        [
            ("localhost:8080", "http://localhost:8080"),
            ("[::1]:8080", "http://[::1]:8080"),
            ("192.0.2.7", "http://192.0.2.7"),
            ("evil.example", "http://127.0.0.1:8080"),
            ("localhost@evil.example", "http://127.0.0.1:8080"),
            ("localhost:80> <a:b", "http://127.0.0.1:8080"),
            ("", "http://127.0.0.1:8080"),
        ],
    )
    def test_the_host_is_not_believed(
        self, served: tuple[Flask, State], host: str, said: str
    ) -> None:
        app, state = served
        with app.test_request_context("/", environ_overrides={"HTTP_HOST": host}):
            assert base(replace(state.config, base_url=None)) == said

    def test_the_configured_address_is(self, served: tuple[Flask, State]) -> None:
        app, state = served
        with app.test_request_context("/", headers={"Host": "evil.example"}):
            config = Config(snapshot=state.config.snapshot, base_url="https://graph.example/")
            assert base(config) == "https://graph.example"

    def test_no_answer_repeats_it(self, client: FlaskClient) -> None:
        for where in PATHS:
            answer = client.get(where, headers={"Host": "evil.example"})
            assert b"evil" not in answer.data + str(answer.headers).encode()

    @pytest.mark.parametrize(
        ("iri", "href"),
        [
            (f"{BASE}id/force/kent", "/id/force/kent"),
            ("https://example.org/a?b#c", "https://example.org/a?b#c"),
            (f"{BASE}/evil.example", f"{BASE}/evil.example"),
            ("javascript:alert(1)", None),
            ("data:text/html,x", None),
            ("urn:uuid:0", None),
        ],
    )
    def test_only_web_addresses_become_links(self, iri: str, href: str | None) -> None:
        assert link(iri) == href
