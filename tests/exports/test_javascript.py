"""cytoscape.js, graphology and Mermaid read what was written, where Node and npm are at hand."""

import hashlib
import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from peelgraph.exports import mermaid
from peelgraph.exports.model import Export, Written, text
from peelgraph.snapshot import folder as cache

HERE = Path(__file__).parent / "javascript"
Write = Callable[[Export, str], Written]


def installed(name: str, *packages: str) -> Path:
    """Return a folder with the packages, installed once; skip the test where that cannot be."""
    if not (shutil.which("node") and shutil.which("npm")):
        pytest.skip("NOT TESTED with JavaScript: node and npm are not here")
    wanted = (HERE / "package.json").read_bytes() + " ".join(packages).encode()
    folder = cache().parent / f"javascript-{name}-{hashlib.sha256(wanted).hexdigest()[:12]}"
    if not (folder / "done").exists():
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "package.json").write_bytes((HERE / "package.json").read_bytes())
        options = ["--no-package-lock", "--ignore-scripts", "--no-audit", "--no-fund"]
        done = subprocess.run(
            ["npm", "install", *options, *packages],
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            pytest.skip(f"NOT TESTED with JavaScript: npm install failed: {done.stderr[-300:]}")
        (folder / "done").touch()
    return folder


def ran(script: str, *arguments: str) -> Any:
    done = subprocess.run(
        ["node", str(HERE / script), *arguments], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def graphs() -> Path:
    return installed("graphs")


@pytest.fixture
def read(tmp_path: Path, graphs: Path, write: Write) -> Callable[[Export, str, str], Any]:
    def found(export: Export, name: str, reader: str) -> Any:
        file = tmp_path / name
        file.write_bytes(write(export, name).body)
        return ran("read.mjs", reader, str(file), str(graphs))

    return found


def test_cytoscape_reads_it(small: Export, read: Callable[[Export, str, str], Any]) -> None:
    found = read(small, "cytoscape", "cytoscape")
    for node in small.nodes:
        said = {
            k: tuple(v) if isinstance(v, list) else v for k, v in found["nodes"][node.id].items()
        }
        assert said == dict(node.attributes()) | {"name": node.label}
    for edge in small.edges:
        said = found["edges"][edge.id]
        assert said == dict(edge.attributes()) | {"name": edge.label, "interaction": edge.relation}
    assert (len(found["nodes"]), len(found["edges"])) == (len(small.nodes), len(small.edges))


@pytest.mark.parametrize("name", ["gexf", "graphml"])
def test_graphology_reads_it(
    small: Export, read: Callable[[Export, str, str], Any], name: str
) -> None:
    found = read(small, name, name)
    assert (len(found["nodes"]), len(found["edges"])) == (len(small.nodes), len(small.edges))
    kept_as_text = {"weight"} if name == "gexf" else set()
    for node in small.nodes:
        said = found["nodes"][node.id]
        for key, value in node.attributes():
            if key in ("id", "colour"):
                continue
            read_back = int(said[key]) if key in kept_as_text else said[key]
            assert read_back == (value if key == "weight" else text(value)), key
    for edge in small.edges:
        said = found["edges"][edge.id]
        assert (said["source"], said["target"]) == (edge.source, edge.target)
        assert (said["relation"], said["basis"]) == (edge.relation, edge.basis)


def test_cytoscape_reads_hostile_labels(
    made: Callable[..., Export], read: Callable[[Export, str, str], Any]
) -> None:
    for label in ("\u202e=1+1\x00\"'<>&\\", "x" * 5000):
        found = read(made(label), "cytoscape", "cytoscape")
        assert {each["label"] for each in found["nodes"].values()} == {label}


@pytest.mark.slow
def test_mermaid_reads_it(lineage: Export, made: Callable[..., Export], tmp_path: Path) -> None:
    folder = installed("mermaid", "mermaid@11.17.2", "jsdom@29.1.1")
    nasty = (
        "1. one",
        "- two",
        '"#quot; #35;',
        "a[b]{c}(d)<e>",
        "end",
        "`f` %% g",
        "שלום",
        "A & B;",
    )
    exports = [lineage, *map(made, nasty)]
    files = [tmp_path / f"{number}.mmd" for number in range(len(exports))]
    for file, export in zip(files, exports, strict=True):
        file.write_bytes(mermaid.write(export).body)
    for export, found in zip(
        exports, ran("mermaid.mjs", str(folder), *map(str, files)), strict=True
    ):
        assert list(found["nodes"].values()) == [node.label for node in export.nodes]
        number = {node.id: f"n{index}" for index, node in enumerate(export.nodes)}
        assert found["edges"] == [
            [
                *(number[edge.source], edge.label, number[edge.target]),
                "normal" if edge.basis == "stated" else "dotted",
            ]
            for edge in export.edges
        ]
