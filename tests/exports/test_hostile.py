"""Labels that are hard to write, and many of them: whatever a format can carry comes back."""

import csv
import io
import json
import re
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import igraph
import networkx
import openpyxl
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from lxml import etree
from markdown_it import MarkdownIt

from peelgraph.exports import cytoscape, dot, gexf, graphml, markdown, mermaid, neo4j, nodelink
from peelgraph.exports import xlsx as sheets
from peelgraph.exports.model import Export
from peelgraph.values import BadValue

Make = Callable[..., Export]

NASTY = (
    *(
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        '=HYPERLINK("x")',
        "\t=1",
        "'quoted'",
        '"',
        '""',
        "\\",
        "\\N",
    ),
    *(
        "a\nb\r\nc\rd\te",
        "\x00\x01\x0b\x1f\x7f\x85",
        "\u202eright to left\u202c",
        "שלום עולם",
        "مرحبا",
    ),
    *(
        "]]>",
        "-->",
        "<!-- -->",
        "<script>alert(1)</script>",
        "&amp;&#0;&nbsp;",
        "*/ }",
        "%%{init}%%",
    ),
    *(
        "[[link]] #tag ^ref ==x== $y$",
        "| a | b |",
        "1. one",
        "# heading",
        "- item",
        "`code`",
        "~~x~~",
    ),
    *(
        "\ufffe\uffff\ufeff",
        "\U0001f600 𝒳",
        "e\u0301",
        " leading and trailing ",
        "null",
        "None",
        "x" * 5000,
    ),
    *("#quot; #35;", "end", "a;b;c", "\u2028\u2029", "{}()<>|\"'`", "http://x.example/?a=b&c=d"),
)
TEXTS = st.one_of(
    st.sampled_from(NASTY), st.text(max_size=60), st.text("\"'\\<>&\n;=#%\x00 a", max_size=20)
)
FEW = settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
FEWER = settings(FEW, max_examples=12)
XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def in_xml(text: str) -> str:
    return XML.sub("\ufffd", text)


@given(text=TEXTS)
@FEW
def test_gexf(made: Make, text: str) -> None:
    export = made(text)
    written = gexf.write(export)
    found = networkx.read_gexf(io.BytesIO(written.body))
    for node in export.nodes:
        said = found.nodes[node.id]
        assert said["label"] == in_xml(node.label)
        assert said.get("quotation", "") == in_xml(text)
        assert said["theme"] == in_xml(f"{text}; vetting")
    assert bool(written.notes) == bool(XML.search(text))


@given(text=TEXTS)
@FEW
def test_graphml(made: Make, text: str) -> None:
    export = made(text)
    written = graphml.write(export)
    root = etree.fromstring(written.body)
    space = {"g": "http://graphml.graphdrawing.org/xmlns"}
    labels = root.xpath("//g:node/g:data[@key='n-label']/text()", namespaces=space)
    assert [str(each) for each in labels] == [in_xml(text)] * (2 if text else 0)
    found = networkx.read_graphml(io.BytesIO(written.body), force_multigraph=True)
    assert found.edges[("concern:n0", "concern:n1", export.edges[0].id)].get(
        "reason", ""
    ) == in_xml(text)
    assert bool(written.notes) == bool(XML.search(text))


@given(text=TEXTS)
@FEWER
def test_igraph_reads_graphml(
    made: Make, text: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    file = tmp_path_factory.mktemp("igraph") / "x.graphml"
    file.write_bytes(graphml.write(made(text)).body)
    found = igraph.Graph.Read_GraphML(str(file))
    assert found.vs["theme"] == [in_xml(f"{text}; vetting")] * 2


@given(text=TEXTS)
@FEW
def test_json(made: Make, text: str) -> None:
    export = made(text)
    read = networkx.node_link_graph(json.loads(nodelink.write(export).body), edges="edges")
    assert networkx.utils.graphs_equal(read, export.to_networkx())
    elements = json.loads(cytoscape.write(export).body)["elements"]
    assert [each["data"]["name"] for each in elements["nodes"]] == [text] * 2


@given(text=TEXTS)
@FEW
def test_csv(made: Make, text: str) -> None:
    export = made(text)
    written = neo4j.write(export)
    archive = zipfile.ZipFile(io.BytesIO(written.body))
    rows = list(csv.DictReader(io.StringIO(archive.read("nodes.csv").decode(), newline="")))
    assert [row["label"] for row in rows] == [text] * 2
    assert [row["theme:string[]"].split(";")[-1] for row in rows] == ["vetting"] * 2
    assert [row["theme:string[]"] for row in rows] == [f"{text.replace(';', ',')};vetting"] * 2
    assert bool(written.notes) == (";" in text)


@given(text=TEXTS)
@FEWER
@example(text="\\")
@example(text='\\"')
@example(text="a\nb\x00c")
@example(text="\n")
def test_graphviz_reads_dot(made: Make, graphviz: str, text: str) -> None:
    export = made(text)
    done = subprocess.run(
        [graphviz, "-Tjson"], input=dot.write(export).body, capture_output=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, b"")
    found = json.loads(done.stdout, strict=False)
    assert [each["name"] for each in found["objects"]] == ["concern:n0", "concern:n1"]
    read = [each.get("text", "") for each in found["objects"]]
    # Graphviz takes a lone line break for nothing ("x\n" and two of them it keeps).
    wanted = "" if text == "\n" else text.replace("\x00", "\ufffd")
    assert [each.replace("\\\\", "\\") for each in read] == [wanted] * 2


@given(text=TEXTS)
@FEW
@example(text="0 #")
@example(text="#0")
def test_markdown_takes_nothing_for_markup(text: str) -> None:
    shown = markdown.plain(text)
    reader = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    for before in ("", "# ", "> ", "- "):
        found = [
            child
            for token in reader.parse(f"{before}x {shown}" if before == "- " else before + shown)
            for child in token.children or ()
        ]
        assert {child.type for child in found} <= {"text", "text_special"}
        said = "".join(child.content for child in found)
        wanted = " ".join(
            re.sub("[\x00-\x1f\x7f-\x9f\u2028\u2029]", "\ufffd", " ".join(text.split())).split()
        )
        assert said.removeprefix("x ").strip() == wanted or before == "- "


@given(text=TEXTS)
@FEWER
@example(text="=1+1")
@example(text="y" * 40_000)
def test_a_spreadsheet_runs_nothing(made: Make, graph: object, text: str) -> None:
    export = made(text)
    written = sheets.write(export, graph.engine)  # type: ignore[attr-defined]
    book = openpyxl.load_workbook(io.BytesIO(written.body))
    kinds = {cell.data_type for sheet in book for row in sheet for cell in row}
    assert "f" not in kinds
    label, formula = book["Items"]["B2"], text.startswith(("=", "+", "-", "@", "\t", "\r"))
    if text:
        assert label.quotePrefix == formula
        assert len(str(label.value)) <= 32_767
    if text.isprintable() and text.strip() == text and len(text) < 32_767:
        assert (label.value or "") == text
    assert any("cut" in note for note in written.notes) == (len(text) > 32_767)


@given(text=TEXTS)
@FEW
def test_mermaid_is_one_line_a_thing(made: Make, text: str) -> None:
    try:
        body = mermaid.write(made(text)).body.decode()
    except BadValue:
        assert len(text) > 4000
        return
    lines = body.splitlines()
    assert lines[0] == "flowchart LR"
    assert re.fullmatch(r'  n0\["[^"\[\]{}<>`\\]*"\]:::k_cause_of_concern', lines[3])
    assert lines[5] == '  n0 -.->|"addressed by"| n1'


@pytest.mark.parametrize("count", [2_000, pytest.param(10_000, marks=pytest.mark.slow)])
def test_thousands_of_things(made: Make, tmp_path: Path, count: int) -> None:
    export = made("A label", count=count)
    gephi = etree.fromstring(gexf.write(export).body)
    counted = "count(//*[local-name()='{}'])"
    assert [gephi.xpath(counted.format(each)) for each in ("node", "edge")] == [count, count - 1]
    file = tmp_path / "many.graphml"
    file.write_bytes(graphml.write(export).body)
    found = igraph.Graph.Read_GraphML(str(file))
    assert (found.vcount(), found.ecount()) == (count, count - 1)
    read = json.loads(nodelink.write(export).body)
    assert (len(read["nodes"]), len(read["edges"])) == (count, count - 1)
    archive = zipfile.ZipFile(io.BytesIO(neo4j.write(export).body))
    assert archive.read("nodes.csv").count(b"\r\n") == count + 1
    assert dot.write(export).body.count(b" -> ") == count - 1
    with pytest.raises(BadValue, match="Mermaid draws at most 500 links"):
        mermaid.write(export)
