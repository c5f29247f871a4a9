"""``peelgraph export`` keeps the promises of its help text: the same snapshot, the same bytes."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import peelgraph
from peelgraph.cli import cli
from peelgraph.exports import formats
from peelgraph.exports.formats import ALL, NAMES
from peelgraph.namespaces import expand

ITEM = ("--item", "wmp-2023-investigations", "--on", "2024-09-20")


@pytest.fixture(autouse=True)
def opened_once(graph: peelgraph.Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    """Open the graph once for all tests; the last of them opens it as a user does."""
    monkeypatch.setattr("peelgraph.cli.export.opened", lambda engine, store: graph)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["export", *arguments])


def test_a_form_that_is_made_as_a_whole_says_how_much_it_holds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert formats.named("jsonld").most == 50_000
    monkeypatch.setattr(formats, "_MOST", 3)
    result = run("jsonld", "--force", "west-midlands")
    assert result.exit_code == 2
    assert "jsonld holds at most 3 things, and these are" in result.stderr
    assert "take the format graphml or nquads" in " ".join(result.stderr.split())


def test_every_format_that_was_asked_for_is_there() -> None:
    assert set(NAMES) == {
        *("graphml", "gexf", "cytoscape", "node-link", "dot", "mermaid", "csv", "svg", "png"),
        *("turtle", "trig", "nquads", "jsonld", "html", "markdown", "xlsx"),
    }


@pytest.mark.parametrize("name", NAMES)
def test_every_format_goes_to_standard_output(name: str) -> None:
    result = run(name, *ITEM, "--depth", "1")
    assert result.exit_code == 0, result.stderr
    starts = {"png": b"\x89PNG", "xlsx": b"PK", "csv": b"PK", "svg": b"<?xml", "html": b"<!doctype"}
    assert result.stdout_bytes.startswith(starts.get(name, b""))
    assert len(result.stdout_bytes) > 500


@pytest.mark.parametrize(
    ("arguments", "status", "says"),
    [
        (["gexf"], 0, "<gexf"),
        (["gexf", "--all"], 0, "<gexf"),
        (["mermaid", *ITEM], 0, "no other attribute"),
        (["turtle", *ITEM], 0, "made for drawing and stay out"),
        (["node-link", "--force", "kent"], 0, '"nodes": []'),
        (["gefx"], 2, "'gexf'"),
        (["gexf", "--item", "x", "--all"], 2, "Choose one of"),
        (["gexf", "--item", "wmp-2023-investigation"], 2, "wmp-2023-investigations"),
        (["gexf", "--depth", "deep"], 2, "number of steps"),
        (["gexf", "--kinds", "concern"], 2, "cause-of-concern"),
        (["gexf", "--on", "2024"], 2, "takes a day"),
        (["svg"], 2, "lineage of one thing"),
        (["html", "--force", "west-midlands"], 2, "choose one (item)"),
        (["gexf", "--output", "/no/such/folder/x.gexf"], 1, "cannot be written"),
    ],
)
def test_exit_status(arguments: list[str], status: int, says: str) -> None:
    result = run(*arguments)
    assert result.exit_code == status, result.output
    assert says in result.output
    assert "Traceback" not in result.output


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    file = tmp_path / "x.graphml"
    file.write_text("old")
    assert run("svg", "--output", str(file)).exit_code == 2
    assert file.read_text() == "old"
    result = run("graphml", *ITEM, "--output", str(file))
    assert result.exit_code == 0 and result.stdout == ""
    assert f"{file}: 21 things, 28 links." in result.stderr
    assert file.read_bytes() == run("graphml", *ITEM).stdout_bytes
    assert list(tmp_path.iterdir()) == [file]


def test_in_a_folder_the_name_tells_what_it_is(tmp_path: Path) -> None:
    for name in NAMES:
        assert run(name, *ITEM, "--depth", "0", "--output", str(tmp_path)).exit_code == 0
    names = {each.name for each in tmp_path.iterdir()}
    assert len(names) == len(ALL)
    for name in names:
        assert name.startswith("peelgraph-wmp-2023-investigations-depth-0-2024-09-20-")


def test_known_and_kinds_reach_the_export() -> None:
    result = run(
        *("node-link", "--theme", "vetting", "--known", "2019-06-30"),
        *("--kinds", "cause-of-concern,recommendation"),
    )
    said = json.loads(result.stdout)
    assert said["graph"]["known"] == "2019-06-30"
    assert {expand(each["id"]).split("/")[-2] for each in said["nodes"]} == {
        *("cause-of-concern", "recommendation")
    }


_DIGESTS = """
import hashlib, sys
import peelgraph
from peelgraph.exports.formats import ALL, named
graph = peelgraph.open()
item = graph.export(on="2024-09-20", item="wmp-2023-investigations", depth="0")
force = graph.export(on="2024-09-20", force="west-midlands")
for export, forms in ((item, ALL), (force, [named("svg"), named("gexf")])):
    for form in forms:
        body = form.write(export, graph.engine).body
        print(form.name, hashlib.sha256(body).hexdigest())
"""


def test_the_same_snapshot_gives_the_same_bytes() -> None:
    said = {
        subprocess.run(
            [sys.executable, "-c", _DIGESTS],
            env=os.environ | {"PYTHONHASHSEED": seed, "TZ": zone},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed, zone in (("1", "UTC"), ("2", "Pacific/Auckland"))
    }
    (lines,) = said
    assert len(lines.splitlines()) == len(ALL) + 2


def test_it_opens_the_shipped_graph_by_itself() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "peelgraph", "export", "dot", *ITEM],
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.count(b" -> ") == 28
