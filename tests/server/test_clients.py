"""Ten queries through the clients that people use, each answering as the store in process does.

Their prefixes are declared: a client that parses queries does not know that it need not.
"""

import io
import json
import shutil
import subprocess
import urllib.request
from collections import Counter
from pathlib import Path
from urllib.parse import urlencode

import pandas
import pyoxigraph as ox
import pytest
import rdflib
import SPARQLWrapper as sparqlwrapper
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from rdflib.term import Node

import peelgraph
from peelgraph.namespaces import PREFIXES

#: what a client made of an answer: a multiset of rows or of triples, or yes or no
Answer = Counter[tuple[str | None, ...]] | bool

ROWS = {
    "dates": """SELECT ?period ?from ?until {
        ?period peel:from ?from ; peel:until ?until FILTER (?from >= "2019-01-01"^^xsd:date) }""",
    "optional": """SELECT ?concern ?label ?time {
        ?concern a peel:Recommendation ; rdfs:label ?label
        OPTIONAL { ?concern peel:timeLimit ?time } }""",
    "aggregates": """SELECT ?kind (COUNT(?thing) AS ?number) (MIN(?thing) AS ?first) {
        ?thing peel:kindToken ?kind } GROUP BY ?kind HAVING (COUNT(?thing) > 1)""",
    "path": """SELECT ?later {
        <https://w3id.org/peelgraph/id/inspection/wmp-2023-peel> peel:leadsTo+ ?later }""",
    "unicode": """SELECT ?unknown ?text {
        ?unknown a peel:Unknown ; dcterms:description ?text
        FILTER (CONTAINS(?text, "force’s")) }""",
    "graph": """SELECT ?graph ?force {
        GRAPH ?graph { ?force a peel:PoliceForce } FILTER (STRENDS(STR(?force), "shire")) }""",
    "empty": "SELECT ?nothing ?more { ?nothing peel:leadsTo ?nothing ; rdfs:label ?more }",
}
TRIPLES = {
    "construct": """CONSTRUCT { ?concern peel:wording ?wording } {
        ?concern a peel:CauseOfConcern ; peel:wording ?wording }""",
    "describe": "DESCRIBE <https://w3id.org/peelgraph/id/cause-of-concern/wmp-2019-vetting>",
}
YES_OR_NO = {"ask": "ASK { ?force a peel:PoliceForce }"}
DECLARED = "".join(
    f"PREFIX {prefix}: <{PREFIXES[prefix]}>\n" for prefix in ("dcterms", "peel", "rdfs", "xsd")
)
QUERIES = {name: DECLARED + text for name, text in {**ROWS, **TRIPLES, **YES_OR_NO}.items()}

JSON = "application/sparql-results+json"
NTRIPLES = "application/n-triples"

pytestmark = pytest.mark.filterwarnings(
    "ignore::DeprecationWarning:rdflib", "ignore:ConjunctiveGraph:DeprecationWarning"
)


@pytest.fixture(scope="module")
def expected(graph: peelgraph.Graph) -> dict[str, Answer]:
    """Return what each query's answer is, from the store in process."""
    return {name: _answer(graph.query(text)) for name, text in QUERIES.items()}


@pytest.fixture(scope="module")
def endpoint(live: str) -> str:
    """Return the address of the endpoint."""
    return f"{live.rstrip('/')}/sparql"


def test_there_are_ten_and_only_one_is_empty(expected: dict[str, Answer]) -> None:
    assert len(expected) == 10
    assert [name for name, answer in expected.items() if not answer] == ["empty"]


@pytest.mark.parametrize("name", QUERIES)
@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("media", [sparqlwrapper.JSON, sparqlwrapper.XML])
def test_sparqlwrapper(
    endpoint: str, expected: dict[str, Answer], name: str, method: str, media: str
) -> None:
    wrapper = sparqlwrapper.SPARQLWrapper(endpoint)
    wrapper.setQuery(QUERIES[name])
    wrapper.setMethod(method)
    if name in TRIPLES:
        wrapper.setReturnFormat(
            sparqlwrapper.TURTLE if media == sparqlwrapper.JSON else sparqlwrapper.RDFXML
        )
        graph = wrapper.queryAndConvert()
        if isinstance(graph, bytes):
            graph = rdflib.Graph().parse(graph, format="turtle")
        assert isinstance(graph, rdflib.Graph)
        assert Counter(map(_n3, graph)) == expected[name]
    else:
        wrapper.setReturnFormat(media)
        body = wrapper.query().response.read()
        form = ox.QueryResultsFormat.JSON if media == sparqlwrapper.JSON else None
        assert _parsed(body, form or ox.QueryResultsFormat.XML) == expected[name]


@pytest.mark.parametrize("name", QUERIES)
@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
def test_rdflib(endpoint: str, expected: dict[str, Answer], name: str, method: str) -> None:
    store = SPARQLStore(endpoint, method=method)
    result = rdflib.Graph(store).query(QUERIES[name])
    if result.type == "ASK":
        assert result.askAnswer == expected[name]
    else:
        assert Counter(_n3(tuple(row)) for row in result) == expected[name]  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ROWS)
def test_pandas(endpoint: str, graph: peelgraph.Graph, name: str) -> None:
    table = pandas.read_csv(
        f"{endpoint}?{urlencode({'query': QUERIES[name]})}",
        storage_options={"Accept": "text/csv"},
        dtype=str,
        keep_default_na=False,
    )
    found = graph.query(QUERIES[name])
    assert isinstance(found, ox.QuerySolutions)
    assert list(table.columns) == [variable.value for variable in found.variables]
    rows = [["" if term is None else term.value for term in row] for row in found]
    assert Counter(map(tuple, table.to_numpy().tolist())) == Counter(map(tuple, rows))


def test_pandas_reads_numbers_and_days(endpoint: str) -> None:
    query = "SELECT ?period ?from { ?period peel:from ?from } ORDER BY ?from"
    table = pandas.read_csv(
        f"{endpoint}?{urlencode({'query': DECLARED + query})}",
        storage_options={"Accept": "text/csv"},
    )
    days = pandas.to_datetime(table["from"], errors="coerce", format="%Y-%m-%d")
    assert days.max().year > 2020


@pytest.mark.parametrize("name", QUERIES)
@pytest.mark.parametrize(
    "how",
    [
        ["--get", "--data-urlencode", "query@-"],
        ["--data-urlencode", "query@-"],
        ["--data-binary", "@-", "--header", "Content-Type: application/sparql-query"],
        ["--get", "--compressed", "--http1.0", "--data-urlencode", "query@-"],
    ],
    ids=["get", "form", "direct", "compressed"],
)
def test_curl(endpoint: str, expected: dict[str, Answer], name: str, how: list[str]) -> None:
    curl = shutil.which("curl")
    if curl is None:
        pytest.skip("curl is not installed")
    accept = NTRIPLES if name in TRIPLES else JSON
    command = [curl, "--silent", "--show-error", "--fail", "--header", f"Accept: {accept}", *how]
    done = subprocess.run(
        [*command, endpoint],
        input=QUERIES[name].encode(),
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    form = None if name in TRIPLES else ox.QueryResultsFormat.JSON
    assert _parsed(done.stdout, form) == expected[name]


RESULTS = {
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
}
GRAPHS = {
    "turtle": ox.RdfFormat.TURTLE,
    "nt": ox.RdfFormat.N_TRIPLES,
    "xml-rdf": ox.RdfFormat.RDF_XML,
    "jsonld": ox.RdfFormat.JSON_LD,
}
#: each query with the formats that its kind of answer has; yes and no have no table
FORMS = [
    (name, form)
    for name in QUERIES
    for form in (GRAPHS if name in TRIPLES else RESULTS)
    if not (name == "ask" and form in ("csv", "tsv"))
]


@pytest.mark.parametrize(("name", "form"), FORMS)
def test_every_format_says_the_same(
    endpoint: str, expected: dict[str, Answer], name: str, form: str
) -> None:
    shape = GRAPHS.get(form) or RESULTS[form]
    media = shape.media_type.partition(";")[0]
    request = urllib.request.Request(
        f"{endpoint}?{urlencode({'query': QUERIES[name]})}", headers={"Accept": media}
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        assert answer.headers.get_content_type() == media
        body = answer.read()
    if isinstance(shape, ox.RdfFormat):
        found: Answer = Counter(_strings(quad.triple) for quad in ox.parse(body, format=shape))
        assert found == expected[name]
    elif form == "csv":
        assert len(body.splitlines()) >= 1
    else:
        assert _parsed(body, shape) == expected[name]


COMUNICA = """
import { QueryEngine } from '@comunica/query-sparql';
import { readFileSync } from 'node:fs';
const { endpoint, queries } = JSON.parse(readFileSync(0, 'utf8'));
const text = (term) => !term ? null
  : term.termType === 'NamedNode' ? `<${term.value}>`
  : [term.value, term.language || '', term.datatype?.value ?? ''];
const engine = new QueryEngine();
const found = {};
for (const [name, query] of Object.entries(queries)) {
  const context = { sources: [{ type: 'sparql', value: endpoint }] };
  const result = await engine.query(query, context);
  if (result.resultType === 'boolean') {
    found[name] = await result.execute();
  } else if (result.resultType === 'quads') {
    const quads = await (await result.execute()).toArray();
    found[name] = quads.map((quad) => [quad.subject, quad.predicate, quad.object].map(text));
  } else {
    const names = (await result.metadata()).variables.map((each) => each.variable ?? each);
    const rows = await (await result.execute()).toArray();
    found[name] = rows.map((row) => names.map((name) => text(row.get(name))));
  }
}
process.stdout.write(JSON.stringify(found));
"""


@pytest.mark.slow
def test_comunica(
    endpoint: str, expected: dict[str, Answer], tmp_path_factory: pytest.TempPathFactory
) -> None:
    node, folder = _comunica(tmp_path_factory.mktemp("comunica"))
    done = subprocess.run(
        [node, "ask.mjs"],
        cwd=folder,
        input=json.dumps({"endpoint": endpoint, "queries": QUERIES}).encode(),
        capture_output=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    found = json.loads(done.stdout)
    assert set(found) == set(expected)
    for name, answer in found.items():
        if isinstance(answer, bool):
            assert answer == expected[name]
        else:
            rows = Counter(tuple(map(_from_javascript, row)) for row in answer)
            assert rows == expected[name], name


def _comunica(folder: Path) -> tuple[str, Path]:
    """Return Node and a folder in which Comunica is installed, or skip the test."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        pytest.skip("Node and npm are not here, so that Comunica is not tested")
    # undici 8 wants a later Node than Comunica itself does
    package = {"private": True, "overrides": {"undici": "7.16.0"}}
    (folder / "package.json").write_text(json.dumps(package), "utf-8")
    (folder / "ask.mjs").write_text(COMUNICA, "utf-8")
    command = [
        npm,
        "install",
        "--no-audit",
        "--no-fund",
        "--prefer-offline",
        "@comunica/query-sparql@5",
    ]
    done = subprocess.run(command, cwd=folder, capture_output=True, timeout=300, check=False)
    if done.returncode:
        pytest.skip("npm could not install Comunica, so that it is not tested")
    return node, folder


def _from_javascript(term: str | list[str] | None) -> str | None:
    if not isinstance(term, list):
        return term
    value, language, datatype = term
    if language:
        return str(ox.Literal(value, language=language))
    return str(ox.Literal(value, datatype=ox.NamedNode(datatype)))


def _answer(found: ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples) -> Answer:
    if isinstance(found, ox.QueryBoolean):
        return bool(found)
    if isinstance(found, ox.QueryTriples):
        return Counter(map(_strings, found))
    return Counter(
        tuple(None if (term := row[name]) is None else str(term) for name in found.variables)
        for row in found
    )


def _parsed(body: bytes, form: ox.QueryResultsFormat | None) -> Answer:
    """Return an answer from its bytes; N-Triples, where no format of results is given."""
    if form is None:
        parsed = ox.parse(io.BytesIO(body), format=ox.RdfFormat.N_TRIPLES)
        return Counter(_strings(quad.triple) for quad in parsed)
    return _answer(ox.parse_query_results(body, format=form))


def _strings(triple: ox.Triple) -> tuple[str, str, str]:
    return str(triple.subject), str(triple.predicate), str(triple.object)


def _n3(terms: tuple[Node | None, ...]) -> tuple[str | None, ...]:
    """Return rdflib's terms as pyoxigraph writes them."""
    return tuple(None if term is None else _term(term) for term in terms)


def _term(term: Node) -> str:
    if not isinstance(term, rdflib.Literal):
        return str(ox.NamedNode(str(term)))
    if term.language:
        return str(ox.Literal(str(term), language=term.language))
    datatype = str(term.datatype or rdflib.XSD.string)
    return str(ox.Literal(str(term), datatype=ox.NamedNode(datatype)))
