"""Ontology, shapes, records and queries keep the house style.

``shapes/examples/SHAPE/conforms*.ttl`` pleases every shape of the house style;
``violates-WHY.ttl`` makes SHAPE speak, and no other.
"""

import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from pyshacl import validate
from rdflib import Graph, Literal, Namespace, URIRef
from rdflib.namespace import OWL, RDF, RDFS, SH, SKOS
from rdflib.term import Node

from peelgraph.namespaces import PEEL, PREFIXES, SCHEME
from peelgraph.resources import Project
from peelgraph.validation.corpus import parse
from peelgraph.validation.terms import add

ROOT = Path(__file__).parents[1]
PROJECT = Project(ROOT)
TERM = Namespace(PEEL)
PEELSH = PREFIXES["peelsh"]
EXAMPLES = PROJECT.shapes / "examples"
ONTOLOGY = sorted(PROJECT.ontology.rglob("*.ttl"))
SHAPES = sorted(PROJECT.shapes.glob("*.ttl"))
HOUSE = PROJECT.shapes / "house-style.ttl"
GRAPH = sorted((ROOT / "graph").rglob("*.ttl"))
QUERIES = sorted((ROOT / "graph").rglob("*.rq"))
#: folders of the repository that hold its files, as against what tools leave there
FOLDERS = ("ontology", "shapes", "graph", "server", "tests", "tools", "docs", "benchmarks")
#: a project of somebody else's, with a prefix of its own
EXAMPLE_PROJECT = ROOT / "docs" / "example-project"

WRITTEN = sorted(
    file
    for folder in FOLDERS
    for end in ("ttl", "rq")
    for file in (ROOT / folder).rglob(f"*.{end}")
    if not file.is_relative_to(EXAMPLE_PROJECT)
)

PREFIX = re.compile(r"^\s*@?prefix\s+([\w-]*):\s*<([^>]*)>", re.IGNORECASE | re.MULTILINE)
QUOTED = re.compile(
    r"\"\"\".*?\"\"\"|'''.*?'''|\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'", re.DOTALL
)
COMMENT = re.compile(r"(?:^|(?<=\s))#[^\n]*")
NAME = re.compile(r"(?<![\w:?$<-])([a-z][a-z0-9]*):([A-Za-z0-9][\w-]*)")

CLASSES = """
AreaForImprovement Assessment CauseOfConcern Decision Discrepancy Document DutyStanding Finding
FollowUpItem ForceGroup GradeCount Hearing Inference Inspection Inspectorate Judgement
LocalPolicingBody Office OversightGroup Passage PhasePeriod PoliceForce Recommendation Recurrence
Response ResponseDuty SourceDocument Span Standing Statement Statistic StatusPeriod Tenure
Undertaking Unknown
"""
PROPERTIES = """
about addresses allowsDays answeredBy appliesFrom area assesses attestedOn attestedOpenOn basedOn
basis began beganEarliest beganLatest between carriedForwardFrom claimedBy closedEarliest
closedLatest conductedBy copiedTo count countsFirstDay covers date dated dayLeast dayMost
decidedBy decides digest directedTo dueBy dueDay earlier earliest effectiveOn ended evidence
expression follows from fromPhase grade gradedIn hasPeriod heardBy hears holdsToAccount
identifiedIn inOffice informedBy inspects kind kindToken knownFrom knownUntil lastKnownOpen later
latest leadsTo leavesOpen ledToBy linkEnd linkStart measure notEvidence ofForce office outcome
period phase polarity position programme publicOn publishedOn raisedAgainst raisedEarliest
raisedLatest reason reportsOn respondedEarliest respondedLatest respondent respondsTo retrievedOn
revisits saidBy seenAt sentOn sentTo singleHolder stance standingOf standsOver startedBy status
theme timeLimit timeLimitDuration titleGiven toPhase toldBy underDuty undertakenBy undertakes unit
until usesScale value verdict wording
"""


@cache
def parsed(*files: Path) -> Graph:
    """Return one graph of all *files*, to be read only."""
    graph = Graph()
    for file in files:
        add(graph, parse(file))
    return graph


def parts(graph: Graph, kind: URIRef) -> set[str]:
    """Return the local names of the shapes of *kind* in *graph*."""
    named = (shape for shape in graph.subjects(RDF.type, kind) if isinstance(shape, URIRef))
    return {str(shape).removeprefix(PEELSH) for shape in named}


def speaking(graph: Graph) -> set[str]:
    """Return the local names of the shapes of the house style that find fault with *graph*."""
    _, report, _ = validate(graph, shacl_graph=house)
    return {str(s).removeprefix(PEELSH) for s in report.objects(None, SH.sourceShape)}


house = parsed(HOUSE)
#: what speaks: each property shape, and each node shape that does not only gather them
SPEAKERS = sorted(
    parts(house, SH.PropertyShape)
    | {
        name
        for name in parts(house, SH.NodeShape)
        if (URIRef(PEELSH + name), SH.severity, None) in house
    }
)
CASES = sorted(case for name in SPEAKERS for case in (EXAMPLES / name).glob("*.ttl"))


def test_ontology_and_shapes_keep_the_house_style() -> None:
    graph = parsed(*ONTOLOGY, *SHAPES)
    core = Graph()
    for triple in house:
        if triple[1] != SH.sparql:
            core.add(triple)
    _, _, said = validate(graph, shacl_graph=core)
    assert said.strip() == "Validation Report\nConforms: True"


@pytest.mark.parametrize(
    "query",
    [str(query) for query in house.objects(None, SH.select)],
    ids=[str(house.value(predicate=SH.sparql, object=s)) for s in house.subjects(SH.select)],
)
def test_ontology_and_shapes_give_no_row(query: str) -> None:
    assert list(parsed(*ONTOLOGY, *SHAPES).query(query)) == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}/{case.stem}")
def test_example_makes_its_shape_speak(case: Path) -> None:
    expected = set() if case.stem.startswith("conforms") else {case.parent.name}
    assert speaking(parsed(case)) == expected


@pytest.mark.parametrize("name", SPEAKERS)
def test_every_shape_of_the_house_style_has_both_examples(name: str) -> None:
    stems = {case.stem.partition("-")[0] for case in (EXAMPLES / name).glob("*.ttl")}
    assert stems == {"conforms", "violates"}


def test_the_suite_is_not_empty() -> None:
    assert len(SPEAKERS) >= 20
    assert len(CASES) >= 2 * len(SPEAKERS)
    assert len(ONTOLOGY) >= 20
    assert {file.suffix for file in WRITTEN} == {".rq", ".ttl"}


def test_one_prefix_means_one_namespace() -> None:
    example = {"ex": "https://example.org/"}
    wrong = []
    for file in WRITTEN:
        allowed = PREFIXES | (example if file.is_relative_to(EXAMPLES) else {})
        for prefix, namespace in PREFIX.findall(file.read_text("utf-8")):
            if allowed.get(prefix) != namespace:
                wrong.append(f"{file.relative_to(ROOT)}: {prefix}: <{namespace}>")
    assert wrong == []


def test_shapes_declare_prefixes_as_everywhere() -> None:
    shapes = parsed(*SHAPES)
    for declaration in shapes.objects(None, SH.declare):
        prefix = str(shapes.value(declaration, SH.prefix))
        assert str(shapes.value(declaration, SH.namespace)) == PREFIXES[prefix]


def test_turtle_is_formatted() -> None:
    command = [sys.executable, str(ROOT / "tools" / "fmt_ttl.py"), "--check"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


def test_formatter_refuses_comments_and_names_what_differs(tmp_path: Path) -> None:
    for folder in ("ontology", "shapes/examples"):
        (tmp_path / folder).mkdir(parents=True)
    loose = "<https://example.org/a> <https://example.org/b>   1 ."
    (tmp_path / "ontology" / "loose.ttl").write_text(loose, "utf-8")
    (tmp_path / "shapes" / "examples" / "free.ttl").write_text(loose, "utf-8")
    script = "import sys; from pathlib import Path; import fmt_ttl;"
    script += "sys.exit(fmt_ttl.main(sys.argv[2:], Path(sys.argv[1])))"

    def run(*arguments: str) -> tuple[int, str]:
        command = [sys.executable, "-c", script, str(tmp_path), *arguments]
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, cwd=ROOT / "tools"
        )
        return done.returncode, done.stdout

    assert run("--check") == (1, "not formatted: ontology/loose.ttl\n")
    assert run() == (0, "formatted: ontology/loose.ttl\n")
    assert run("--check") == (0, "")
    (tmp_path / "ontology" / "noted.ttl").write_text("# a note\n" + loose, "utf-8")
    status, said = run("--check")
    assert status == 2
    assert said.startswith("cannot be formatted: ontology/noted.ttl: ")


def vocabulary() -> tuple[set[str], set[str]]:
    """Return the IRIs that ontology and schemes define, and those of the schemes themselves."""
    ontology = parsed(*ONTOLOGY)
    defined = set(ontology.subjects(SKOS.definition))
    schemes = set(ontology.subjects(RDF.type, SKOS.ConceptScheme))
    return {str(term) for term in defined}, {str(scheme) for scheme in schemes}


DEFINED, SCHEME_IRIS = vocabulary()


def ours(iris: Iterator[str]) -> set[str]:
    """Return those of *iris* in our namespaces of terms that nothing defines."""
    within = {iri for iri in iris if iri.startswith((PEEL, SCHEME))}
    return within - DEFINED - SCHEME_IRIS - {PEEL} - {PREFIXES[p] for p in PREFIXES}


def named_in(text: str) -> Iterator[str]:
    """Yield the IRIs that the prefixed names and whole IRIs in a query's *text* stand for."""
    bare = COMMENT.sub(" ", QUOTED.sub(" ", text))
    yield from re.findall(r"<([^<>\s]+)>", bare)
    for prefix, local in NAME.findall(re.sub(r"<[^<>\s]*>", " ", bare)):
        if prefix in PREFIXES:
            yield PREFIXES[prefix] + local


def iris_of(nodes: Iterator[Node]) -> Iterator[str]:
    """Yield the IRIs of *nodes*, those in the text of a SPARQL constraint, and datatypes."""
    for node in nodes:
        if isinstance(node, URIRef):
            yield str(node)
        elif isinstance(node, Literal) and node.datatype:
            yield str(node.datatype)


@pytest.mark.parametrize("file", [*GRAPH, *SHAPES], ids=lambda file: str(file.relative_to(ROOT)))
def test_turtle_uses_no_undefined_term(file: Path) -> None:
    graph = parsed(file)
    used = set(iris_of(node for triple in graph for node in triple))
    for query in graph.objects(None, SH.select):
        used |= set(named_in(str(query)))
    assert ours(iter(used)) == set()


@pytest.mark.parametrize("file", QUERIES, ids=lambda file: str(file.relative_to(ROOT)))
def test_query_uses_no_undefined_term(file: Path) -> None:
    assert ours(named_in(file.read_text("utf-8"))) == set()


def test_undefined_terms_are_seen_in_a_query() -> None:
    query = """
        # peel:inAComment
        SELECT ?x { ?x peel:isNew true ; peel:theme theme:vetting, theme:nothing ; a peel:Finding .
        FILTER (?x != "peel:inAString") ?x <https://w3id.org/peelgraph/ontology#isWhole> 1 }
    """
    assert ours(named_in(query)) == {PEEL + "isNew", PEEL + "isWhole", SCHEME + "theme/nothing"}


def test_every_term_of_the_vocabulary_is_defined() -> None:
    ontology = parsed(*ONTOLOGY)
    classes = set(ontology.subjects(RDF.type, OWL.Class))
    properties = {*ontology.subjects(RDF.type, OWL.ObjectProperty)}
    properties |= {*ontology.subjects(RDF.type, OWL.DatatypeProperty)}
    assert {TERM[name] for name in CLASSES.split()} - classes == set()
    assert {TERM[name] for name in PROPERTIES.split()} - properties == set()


def test_a_property_has_a_domain_or_says_where_it_is_used() -> None:
    ontology = parsed(*ONTOLOGY)
    for kind in (OWL.ObjectProperty, OWL.DatatypeProperty):
        for name in ontology.subjects(RDF.type, kind):
            notes = [str(note) for note in ontology.objects(name, SKOS.scopeNote)]
            told = any(note.startswith(("Used on ", "Derived", "Materialised")) for note in notes)
            lineage = name in (TERM.ledToBy, TERM.leadsTo)
            assert (name, RDFS.domain, None) in ontology or told or lineage, name
