"""Reading a project: statements land in their graphs, and every fault has its file and line."""

from pathlib import Path

import pyoxigraph as ox
import pytest

from peelgraph import reading
from peelgraph.namespaces import DOCUMENT, GRAPH, PREFIXES, RECORD_GRAPH, expand
from peelgraph.reading import SourceFile
from peelgraph.resources import SHIPPED, Project

PREFIX = "".join(
    f"@prefix {name}: <{PREFIXES[name]}> .\n" for name in ("peel", "edtf", "oa", "owl", "concern")
)


def record(tmp_path: Path, body: str, base: str = "letter") -> SourceFile:
    path = tmp_path / "letter.ttl"
    path.write_text(f"@base <{DOCUMENT}{base}> .\n{PREFIX}{body}", encoding="utf-8")
    return SourceFile(path, RECORD_GRAPH + "letter")


def faults(tmp_path: Path, body: str, base: str = "letter") -> list[tuple[int | None, str]]:
    quads, problems = reading.read_file(record(tmp_path, body, base))
    assert not (quads and problems)
    return [(each.line, each.message) for each in problems]


def test_each_folder_has_its_graph(tmp_path: Path) -> None:
    folders = {
        "ontology/a.ttl": "ontology",
        "ontology/alignments/prov.ttl": "ontology",
        "ontology/schemes/phase.ttl": "schemes",
        "graph/register/forces.ttl": "register",
        "graph/reference/duty.ttl": "reference",
        "graph/editorial/us.ttl": "editorial",
        "graph/records/letter.ttl": "record/letter",
    }
    for name in folders:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    found = reading.source_files(Project(tmp_path))
    assert {
        each.path.relative_to(tmp_path).as_posix(): each.graph.removeprefix(GRAPH) for each in found
    } == folders


def test_selectors_are_named_after_their_passage(tmp_path: Path) -> None:
    body = """<> a peel:SourceDocument .
    <#char=10,20> oa:hasSelector [ a oa:TextPositionSelector ; oa:start 10 ; oa:end 20 ] ."""
    quads, problems = reading.read_file(record(tmp_path, body))
    assert problems == []
    selector = ox.NamedNode(DOCUMENT + "letter#selector=10,20")
    assert {quad.subject for quad in quads} == {
        *(ox.NamedNode(DOCUMENT + "letter" + end) for end in ("", "#char=10,20")),
        selector,
    }
    assert {quad.graph_name for quad in quads} == {ox.NamedNode(RECORD_GRAPH + "letter")}


def test_any_other_blank_node_in_a_record_is_refused_with_its_line(tmp_path: Path) -> None:
    body = "<> a peel:SourceDocument .\n\nconcern:x peel:theme [ a peel:Theme ] ."
    [(line, message)] = faults(tmp_path, body)
    assert (line, message.partition(";")[0]) == (9, "A blank node stands here")


def test_expressions_of_the_ontology_have_the_same_name_at_each_reading(tmp_path: Path) -> None:
    path = tmp_path / "peel.ttl"
    path.write_text(f"{PREFIX}peel:x owl:unionOf ( peel:A [ owl:complementOf peel:B ] ) .")
    file = SourceFile(path, GRAPH + "ontology")
    first, second = reading.read_file(file)[0], reading.read_file(file)[0]
    assert set(first) == set(second)
    assert not any(isinstance(each.object, ox.BlankNode) for each in first)


def test_blank_nodes_in_a_circle_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "peel.ttl"
    path.write_text(f"{PREFIX}_:a peel:of _:b . _:b peel:of _:a .")
    _, [problem, *_] = reading.read_file(SourceFile(path, GRAPH + "ontology"))
    assert "circle" in problem.message


def test_what_is_not_turtle_gives_its_line(tmp_path: Path) -> None:
    [(line, message)] = faults(tmp_path, "<> a peel:SourceDocument ;\n   nonsense .")
    assert line == 8
    assert message.startswith("This is not Turtle: ")


def test_what_is_not_utf_8_gives_its_line(tmp_path: Path) -> None:
    file = record(tmp_path, "")
    file.path.write_bytes(file.path.read_bytes() + b'<> peel:wording "caf\xe9" .\n')
    _, [problem] = reading.read_file(file)
    assert (problem.line, "UTF-8" in problem.message) == (7, True)


@pytest.mark.parametrize(
    ("literal", "said"),
    [
        ('"2023-02-29"^^edtf:EDTF', "This is no date: 2023-02-29: there is no such day."),
        ('"2024-06/2024-05"^^edtf:EDTF', "the end lies before the beginning."),
        ('"2018/19"^^edtf:EDTF', "'19' is not a year"),
        ('"2024-09-18"', 'peel:date takes a date written "2024-09-18"^^edtf:EDTF.'),
    ],
)
def test_a_date_that_is_none_gives_its_line(tmp_path: Path, literal: str, said: str) -> None:
    body = f"<> a peel:SourceDocument .\nconcern:x peel:theme peel:y ;\n    peel:date {literal} ."
    [(line, message)] = faults(tmp_path, body)
    assert line == 9
    assert said in message


def test_every_fault_of_a_file_is_told_and_every_place_of_it(tmp_path: Path) -> None:
    body = """<> a peel:SourceDocument ; peel:dated "2024-13"^^edtf:EDTF .
    concern:x peel:date "2023-02-30"^^edtf:EDTF .
    concern:y peel:date "2023-02-30"^^edtf:EDTF ."""
    assert [line for line, _ in faults(tmp_path, body)] == [7, 8, 9]


def test_words_that_are_not_woven_yet_are_told_once(tmp_path: Path) -> None:
    body = '<> a peel:SourceDocument ; peel:evidence "some words", "other words" .'
    assert faults(tmp_path, body) == [
        (1, "2 passages are not woven yet: run peelgraph evidence weave.")
    ]


def test_a_record_begins_with_the_base_of_its_document(tmp_path: Path) -> None:
    [(line, message)] = faults(tmp_path, "<> a peel:SourceDocument .", base="another")
    assert line == 1
    assert message == f"The record begins with @base <{DOCUMENT}letter> ."


def test_a_record_describes_its_document(tmp_path: Path) -> None:
    [(_, message)] = faults(tmp_path, "concern:x a peel:CauseOfConcern .")
    assert "says nothing of its document" in message


def test_faults_of_all_files_are_collected(tmp_path: Path) -> None:
    for name in ("one", "two"):
        path = tmp_path / "graph" / "register" / f"{name}.ttl"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("nonsense")
    _, problems = reading.read(Project(tmp_path))
    assert [each.file.name for each in problems] == ["one.ttl", "two.ttl"]
    assert str(problems[0]).endswith("one.ttl:1: " + problems[0].message)


def test_the_shipped_files_are_read() -> None:
    store, problems = reading.read(SHIPPED)
    assert [str(each) for each in problems] == []
    graphs = {name.value for name in store.named_graphs() if isinstance(name, ox.NamedNode)}
    assert {expand("graph:ontology"), expand("graph:reference")} <= graphs
