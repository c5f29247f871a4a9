"""Graph programs read back what was written: their own readers, not ours."""

import csv
import io
import json
import subprocess
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import igraph
import networkx
import pandas
import pytest

from peelgraph.exports import jsontext, neo4j
from peelgraph.exports.model import EDGE, LISTS, NODE, Export, Written, text

Write = Callable[[Export, str], Written]
Said = dict[str, dict[str, Any]]


def nodes(export: Export, *without: str) -> Said:
    """Return the attributes of each node, several values joined."""
    return {
        node.id: {
            k: v if k == "weight" else text(v) for k, v in node.attributes() if k not in without
        }
        for node in export.nodes
    }


def edges(export: Export, *without: str) -> Said:
    return {
        edge.id: {k: text(v) for k, v in edge.attributes() if k not in without}
        for edge in export.edges
    }


@pytest.fixture
def file(tmp_path: Path, part: Export, write: Write) -> Callable[[str], Path]:
    def written(name: str) -> Path:
        path = tmp_path / name
        path.write_bytes(write(part, name).body)
        return path

    return written


def test_networkx_reads_graphml(part: Export, file: Callable[[str], Path]) -> None:
    found = networkx.read_graphml(file("graphml"), force_multigraph=True)
    drawn = {"x", "y", "shape_type"}
    read = {
        key: {name: value for name, value in said.items() if name not in drawn}
        for key, said in found.nodes(data=True)
    }
    assert read == nodes(part, "id")
    assert {
        key: said | {"source": source, "target": target}
        for source, target, key, said in found.edges(data=True, keys=True)
    } == edges(part, "id")
    assert found.graph["snapshot"] == part.snapshot
    assert found.graph["licence"] == "https://creativecommons.org/licenses/by/4.0/"


def test_igraph_reads_graphml(part: Export, file: Callable[[str], Path]) -> None:
    found = igraph.Graph.Read_GraphML(str(file("graphml")))
    assert found.is_directed()
    said = {node["id"]: {k: v for k, v in node.attributes().items() if v} for node in found.vs}
    assert said == nodes(part)
    names = found.vs["id"] if found.vs else []
    ends = sorted((names[each.source], each["relation"], names[each.target]) for each in found.es)
    assert ends == sorted((each.source, each.relation, each.target) for each in part.edges)
    assert found["snapshot"] == part.snapshot


def test_yed_is_told_what_to_draw(lineage: Export, write: Write) -> None:
    body = write(lineage, "graphml").body.decode()
    assert body.count("<y:ShapeNode>") == len(lineage.nodes)
    assert ">Effective investigations</y:NodeLabel>" in body
    assert ">addressed by</y:EdgeLabel>" in body


def test_networkx_reads_gexf(part: Export, file: Callable[[str], Path]) -> None:
    found = networkx.read_gexf(file("gexf"))
    told = {node.id: node for node in part.nodes}
    assert found.nodes.keys() == told.keys()
    wanted = nodes(part, "id", "colour")
    for key, said in found.nodes(data=True):
        node = told[key]
        shown = said.pop("viz")["color"]
        assert f"#{shown['r']:02x}{shown['g']:02x}{shown['b']:02x}" == node.colour
        assert (said.pop("start", None), said.pop("end", None)) == (node.start, node.end)
        periods = [
            tuple(None if bound == "None" else bound for bound in each)
            for each in said.pop("statusOverTime", [])
        ]
        assert periods == [(each.status, each.start, each.until) for each in node.periods]
        assert said == wanted[key]
    read = {
        said.pop("id"): said | {"source": source, "target": target}
        for source, target, said in found.edges(data=True)
    }
    assert read == edges(part, "id")


def test_gexf_says_where_it_comes_from(lineage: Export, write: Write) -> None:
    body = write(lineage, "gexf").body.decode()
    assert lineage.snapshot in body and "CC BY 4.0" in body
    assert 'mode="dynamic"' in body and 'version="1.3"' in body


@pytest.mark.parametrize("form", ["node-link", "cytoscape", "csv"])
def test_what_leaves_piece_by_piece_is_the_same(
    part: Export, form: str, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = write(part, form).body
    monkeypatch.setattr(jsontext, "_PIECE", 1000)
    monkeypatch.setattr(neo4j, "_PIECE", 1000)
    pieces = list(write(part, form).pieces)
    assert b"".join(pieces) == expected
    assert max(map(len, pieces)) < 6000


def test_node_link_is_what_networkx_writes(part: Export, write: Write) -> None:
    for export in (part, replace(part, edges=()), replace(part, nodes=(), edges=())):
        expected = networkx.node_link_data(export.to_networkx(), edges="edges")
        body = json.dumps(expected, ensure_ascii=False, indent=1) + "\n"
        assert write(export, "node-link").body == body.encode()


def test_networkx_reads_node_link(part: Export, file: Callable[[str], Path]) -> None:
    said = json.loads(file("node-link").read_text("utf-8"))
    found = networkx.node_link_graph(said, edges="edges")
    assert isinstance(found, networkx.MultiDiGraph)
    wanted = part.to_networkx()
    assert networkx.utils.graphs_equal(found, wanted)
    assert found.graph == wanted.graph


def test_cytoscape_json_has_ids_everywhere(part: Export, file: Callable[[str], Path]) -> None:
    said = json.loads(file("cytoscape").read_text("utf-8"))
    elements = said["elements"]
    assert [each["data"]["id"] for each in elements["edges"]] == [each.id for each in part.edges]
    for each, node in zip(elements["nodes"], part.nodes, strict=True):
        data = {k: tuple(v) if isinstance(v, list) else v for k, v in each["data"].items()}
        assert data.pop("name") == node.label
        assert data == dict(node.attributes())
    assert said["data"]["snapshot"] == part.snapshot


def test_dot_reads_dot(part: Export, file: Callable[[str], Path], graphviz: str) -> None:
    found = json.loads(drawn(graphviz, file("dot")))
    objects = found.get("objects", [])
    read = {each["name"]: each for each in objects}
    wanted = nodes(part)
    assert read.keys() == wanted.keys()
    for key, said in wanted.items():
        assert {name: read[key][SVG.get(name, name)] for name in said} == {
            name: str(value) for name, value in said.items()
        }
    ends = {
        each["id"]: {
            "source": objects[each["tail"]]["name"],
            "target": objects[each["head"]]["name"],
            **{name: each[name] for name in EDGE if name in each},
        }
        for each in found.get("edges", [])
    }
    assert ends == edges(part)
    assert found["snapshot"] == part.snapshot


#: what the DOT file calls an attribute whose name Graphviz has a use for
SVG = {"label": "text"}


def drawn(graphviz: str, file: Path) -> bytes:
    done = subprocess.run([graphviz, "-Tjson", str(file)], capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    return done.stdout


def test_pandas_reads_the_csv_pair(part: Export, write: Write) -> None:
    archive = zipfile.ZipFile(io.BytesIO(write(part, "csv").body))
    assert archive.testzip() is None
    assert archive.namelist() == ["README.txt", "nodes.csv", "edges.csv"]
    readme = archive.read("README.txt").decode()
    assert part.snapshot in readme and "CC BY 4.0" in readme
    for name, things, ends in (
        ("nodes.csv", nodes(part), {"id:ID": "id"}),
        (
            "edges.csv",
            edges(part),
            {":START_ID": "source", ":END_ID": "target", ":TYPE": "relation"},
        ),
    ):
        table = pandas.read_csv(
            io.BytesIO(archive.read(name)), dtype=str, keep_default_na=False, na_values=[]
        )
        names = {each: ends.get(each, each.partition(":")[0]) for each in table.columns}
        read = [
            {names[k]: v for k, v in row.items() if v and names[k]}
            for row in table.to_dict("records")
        ]
        assert read == [
            {k: str(v).replace("; ", ";") if k in LISTS else str(v) for k, v in said.items()}
            for said in things.values()
        ]


def test_the_headings_are_those_of_neo4j(lineage: Export, write: Write) -> None:
    archive = zipfile.ZipFile(io.BytesIO(write(lineage, "csv").body))
    first, *rest = csv.reader(io.StringIO(archive.read("nodes.csv").decode(), newline=""))
    assert first[0] == "id:ID" and first[-1] == ":LABEL"
    assert {"theme:string[]", "openedEarliest:date", "weight:int", "opened"} <= set(first)
    assert len(first) == len(NODE) + 1
    assert {row[-1] for row in rest} >= {"CauseOfConcern", "Recommendation", "Decision"}
    first = next(csv.reader(io.StringIO(archive.read("edges.csv").decode(), newline="")))
    assert {":START_ID", ":END_ID", ":TYPE", "start:date"} <= set(first)


def test_nothing_says_none(part: Export, write: Write) -> None:
    for name in ("graphml", "gexf", "cytoscape", "node-link", "dot"):
        body = write(part, name).body.decode()
        for none in ('"None"', ">None<", "null", '""None""'):
            assert none not in body, name
