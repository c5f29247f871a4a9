"""The analyses: on the shipped graph, and on a small history whose answers are known."""

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

import peelgraph
from peelgraph import analysis, build
from peelgraph.analysis import text
from peelgraph.analysis.result import Analysis
from peelgraph.asking import Value
from peelgraph.cli import cli
from peelgraph.engine import Results
from peelgraph.namespaces import DOCUMENT, PREFIXES
from peelgraph.resources import SHIPPED, Project

HEAD = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())
RECORDS = {
    "first": """
<> a peel:SourceDocument ; peel:publicOn "2020-03-01"^^edtf:EDTF ; peel:reportsOn inspection:a .
inspection:a a peel:Inspection ; peel:inspects force:kent ; peel:date "2020-01"^^edtf:EDTF .
finding:a a peel:Finding ; peel:identifiedIn inspection:a ; peel:polarity polarity:weakness ;
    peel:theme theme:vetting, theme:workforce ; peel:evidence <#char=0,1> .
concern:a a peel:CauseOfConcern ; peel:raisedAgainst force:kent ; peel:identifiedIn inspection:a ;
    peel:basedOn finding:a ; peel:theme theme:vetting, theme:workforce ; peel:evidence <#char=1,2> .
recommendation:a a peel:Recommendation ; peel:addresses concern:a ; peel:directedTo force:kent ;
    peel:identifiedIn inspection:a .
recommendation:b a peel:Recommendation ; peel:addresses concern:a ; peel:directedTo force:kent ;
    peel:identifiedIn inspection:a .
improvement:a a peel:AreaForImprovement ; peel:raisedAgainst force:kent ;
    peel:identifiedIn inspection:a .
<#char=1,2> a peel:Passage ; oa:hasSource <> ;
    oa:hasSelector [ a oa:TextPositionSelector ; oa:start 1 ; oa:end 2 ] .
""",
    "answer": """
<> a peel:SourceDocument ; peel:publicOn "2020-04-01"^^edtf:EDTF .
response:a a peel:Response ; peel:respondsTo recommendation:a ; peel:respondent force:kent ;
    peel:date "2020-04-01"^^edtf:EDTF .
""",
    "closed": """
<> a peel:SourceDocument ; peel:publicOn "2021-02-01"^^edtf:EDTF .
decision:a a peel:Decision ; peel:decides concern:a ; peel:outcome outcome:closed ;
    peel:date "2021-01-31"^^edtf:EDTF ; peel:evidence <#char=3,4> .
decision:b a peel:Decision ; peel:decides recommendation:a ; peel:outcome outcome:closed ;
    peel:date "2021-01-31"^^edtf:EDTF .
decision:c a peel:Decision ; peel:decides recommendation:b ; peel:outcome outcome:closed ;
    peel:date "2021-01"^^edtf:EDTF .
<#char=3,4> a peel:Passage ; oa:hasSource <> ;
    oa:hasSelector [ a oa:TextPositionSelector ; oa:start 3 ; oa:end 4 ] .
""",
    "again": """
<> a peel:SourceDocument ; peel:publicOn "2023-01-01"^^edtf:EDTF .
inspection:b a peel:Inspection ; peel:inspects force:kent ; peel:date "2022-06"^^edtf:EDTF .
finding:b a peel:Finding ; peel:identifiedIn inspection:b ; peel:polarity polarity:weakness ;
    peel:theme theme:vetting, theme:workforce .
finding:c a peel:Finding ; peel:identifiedIn inspection:b ; peel:polarity polarity:strength ;
    peel:theme theme:vetting, theme:demand .
concern:b a peel:CauseOfConcern ; peel:raisedAgainst force:kent ; peel:identifiedIn inspection:b .
""",
}
EDITORIAL = """
recurrence:a a peel:Recurrence ; peel:earlier concern:a ; peel:later finding:b ;
    peel:basis basis:inferred ; prov:wasDerivedFrom document:first, document:again .
recurrence:b a peel:Recurrence ; peel:earlier concern:a ; peel:later finding:c ;
    peel:basis basis:inferred ; prov:wasDerivedFrom document:first, document:again .
recurrence:c a peel:Recurrence ; peel:earlier finding:b ; peel:later concern:b ;
    peel:basis basis:inferred ; prov:wasDerivedFrom document:first, document:again .
"""


class Small:
    """An engine over a small history of one force."""

    digest = "small"

    def __init__(self, root: Path) -> None:
        project = Project(root)
        shutil.copytree(SHIPPED.ontology, project.ontology)
        shutil.copytree(SHIPPED.rules, project.rules)
        for folder in (project.register, project.reference, project.editorial, project.records):
            folder.mkdir(parents=True)
        (project.register / "forces.ttl").write_text(
            HEAD + 'force:kent a peel:PoliceForce ; skos:prefLabel "Kent"@en .'
        )
        (project.editorial / "kent.ttl").write_text(HEAD + EDITORIAL)
        for name, body in RECORDS.items():
            base = f"@base <{DOCUMENT}{name}> .\n"
            (project.records / f"{name}.ttl").write_text(base + HEAD + body)
            (project.records / f"{name}.toml").write_text("[at-least]\nSourceDocument = 1\n")
        self._store = build.quads(project)

    def query(self, sparql: str) -> Results:
        return self._store.query(sparql, prefixes=PREFIXES)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Small:
    return Small(tmp_path_factory.mktemp("small"))


def short(value: Value) -> Value:
    if not isinstance(value, str):
        return value
    return " ".join("/".join(each.split("/")[-2:]) for each in value.split())


def found(small: Small, name: str, on: str = "2024-01-01") -> list[dict[str, Value]]:
    made = analysis.analyse(small, name, on=on)
    return [{key: short(value) for key, value in row.items()} for row in made.rows]


def test_a_thread_runs_from_the_first_mention_to_the_last(small: Small) -> None:
    rows = found(small, "threads")
    assert [(row["thread"], row["position"], row["mention"]) for row in rows] == [
        (1, 1, "cause-of-concern/a"),
        (1, 2, "finding/b"),
        (1, 3, "cause-of-concern/b"),
        (1, 4, "finding/c"),
    ]
    second = rows[1]
    # raised in January 2020, mentioned again in June 2022
    assert (second["gapLeast"], second["gapMost"]) == (852, 911)
    assert second["after"] == "cause-of-concern/a"
    assert second["between"] == "decision/a decision/b decision/c response/a"
    assert rows[0]["status"] == "status/closed"
    assert rows[0]["evidence"] == "document/first#char=1,2"


def test_what_came_back_after_having_been_closed(small: Small) -> None:
    rows = found(small, "returns")
    # the strength of finding:c is no return
    assert [(row["item"], row["mention"], row["verdict"]) for row in rows] == [
        ("cause-of-concern/a", "cause-of-concern/b", "certain"),
        ("cause-of-concern/a", "finding/b", "certain"),
    ]
    assert {(row["gapLeast"], row["gapMost"], row["times"]) for row in rows} == {(486, 515, 2)}
    assert {row["basis"] for row in rows} == {"inferred"}
    assert rows[1]["evidence"] == "document/closed#char=3,4 document/first#char=1,2"


def test_nothing_comes_back_before_it_is_closed(small: Small) -> None:
    made = analysis.analyse(small, "returns", on="2024-01-01", known="2020-12-31")
    assert made.rows == ()
    later = analysis.analyse(small, "returns", on="2021-01-15")
    assert later.rows == ()


def test_an_item_without_a_response_is_listed_with_what_may_cover_it(small: Small) -> None:
    rows = {row["item"]: row for row in found(small, "unanswered")}
    assert list(rows) == [
        "area-for-improvement/a",
        "recommendation/b",
        "cause-of-concern/b",
        "cause-of-concern/a",
    ]
    assert rows["cause-of-concern/a"]["covered"] == "recommendation"
    assert rows["cause-of-concern/a"]["responses"] == "response/a"
    assert rows["area-for-improvement/a"]["covered"] == "nothing"


def test_before_the_answer_everything_is_unanswered(small: Small) -> None:
    assert "recommendation/a" in {
        row["item"] for row in found(small, "unanswered", on="2020-03-15")
    }


def test_a_pair_of_themes_counts_things_not_what_they_inherit(small: Small) -> None:
    [row] = found(small, "themes")
    assert (row["theme"], row["otherTheme"]) == ("theme/vetting", "theme/workforce")
    # finding:a, concern:a and finding:b; not the recommendations, which take them from the concern
    assert (row["together"], row["ofTheme"], row["ofOther"], row["inspections"]) == (3, 4, 3, 2)


def test_a_pair_from_one_inspection_is_left_out_and_counted(small: Small) -> None:
    made = analysis.analyse(small, "themes", on="2021-01-01", known="2021-12-31")
    assert made.rows == ()
    assert made.left_out[0].startswith("1 pair on fewer than 3 things")


def test_the_longest_chain_takes_every_step(small: Small) -> None:
    row = found(small, "chains")[0]
    assert row["things"] == "inspection/a finding/a cause-of-concern/a recommendation/a"
    assert row["last"] == "decision/b response/a"
    assert row["steps"] == 4
    assert row["daysMost"] == 396  # 1 January 2020 to 31 January 2021
    assert row["daysLeast"] == 61  # 31 January to 1 April 2020, the response


def test_each_document_with_what_it_alone_tells(small: Small) -> None:
    rows = {row["document"]: row for row in found(small, "documents")}
    first = rows["document/first"]
    assert (first["things"], first["onlyHere"], first["items"]) == (2, 2, 1)
    assert first["links"] == first["linksOnlyHere"] == 9


def test_medians_stand_beside_what_is_still_open(small: Small) -> None:
    rows = found(small, "time-to-close")
    total = next(row for row in rows if "kind" not in row)
    assert (total["items"], total["closed"], total["stillOpen"]) == (5, 3, 2)
    assert (total["medianLeast"], total["medianMost"]) == (366, 396)
    assert total["inspections"] == 1
    recommendations = next(row for row in rows if row.get("kind") == "recommendation")
    assert "medianLeast" not in recommendations  # two closed items make no median


def test_what_may_have_happened_later_is_left_out_and_counted(small: Small) -> None:
    made = analysis.analyse(small, "documents", on="2020-03-15")
    assert [short(row["document"]) for row in made.rows] == ["document/first"]
    assert made.left_out == ("9 things that may have happened after 2020-03-15.",)


def test_a_force_of_which_nothing_is_told(graph: peelgraph.Graph) -> None:
    for name in analysis.names():
        made = analysis.analyse(graph.engine, name, force="kent")
        assert (made.rows, made.documents) == ((), 0)


@pytest.mark.parametrize("name", analysis.names())
def test_an_analysis_of_the_shipped_graph_says_what_it_means(
    graph: peelgraph.Graph, name: str
) -> None:
    made = analysis.analyse(graph.engine, name)
    again = analysis.analyse(graph.engine, name)
    assert made.rows == again.rows
    assert made.documents == 5
    assert {key for row in made.rows for key in row} <= set(made.columns)
    assert set(made.about.shown) - set(made.columns) <= {"when", "gap"}
    said = "\n".join(text.lines(made, graph.labels([]), 100))
    assert "What it means:" in said and "What it cannot mean:" in said


@pytest.mark.parametrize("name", ["threads", "unanswered", "themes", "chains"])
def test_every_row_of_the_shipped_graph_keeps_its_evidence(
    graph: peelgraph.Graph, name: str
) -> None:
    made = analysis.analyse(graph.engine, name)
    assert made.rows and all("#char=" in str(row["evidence"]) for row in made.rows)


def test_the_shipped_graph_has_threads_over_four_inspections(graph: peelgraph.Graph) -> None:
    made: Analysis = analysis.analyse(graph.engine, "threads", force="west-midlands")
    first = [str(row["mention"]).rpartition("/")[2] for row in made.rows if row["thread"] == 1]
    assert first[0] == "wmp-2014-domestic-abuse" and first[-1] == "wmp-2023-maracs"


def test_the_threads_follow_the_inspections_where_no_day_is_known(graph: peelgraph.Graph) -> None:
    rows = analysis.analyse(graph.engine, "threads").rows
    place = {str(row["mention"]).rpartition("/")[2]: int(row["position"]) for row in rows}
    assert place["wmp-2021-22-investigation-supervision"] < place["wmp-2023-investigations"]


@pytest.mark.parametrize(
    ("arguments", "status", "says"),
    [
        (["threads", "--force", "west-midlands", "--limit", "2"], 0, "What it cannot mean:"),
        (["themes", "--json"], 0, '"cannotMean"'),
        (["documents", "--format", "csv"], 0, "document,things,onlyHere"),
        (["thread"], 2, "Did you mean 'threads'"),
        (["threads", "--force", "west-midland"], 2, "Did you mean 'west-midlands'"),
        (["threads", "--on", "soon"], 2, "takes a day such as"),
        (["threads", "--known", "soon"], 2, "takes a day such as"),
    ],
)
def test_the_command_keeps_its_promises(arguments: list[str], status: int, says: str) -> None:
    result = CliRunner().invoke(cli, ["analyse", *arguments])
    assert result.exit_code == status
    assert says in result.output


def test_csv_has_the_rows_alone_on_standard_output() -> None:
    result = CliRunner().invoke(cli, ["analyse", "documents", "--format", "csv"])
    assert "What it means" not in result.stdout and "What it means" in result.stderr
