"""A finding points at the statement at fault: in lists, long literals and TriG, too."""

from collections import Counter
from pathlib import Path

import pyoxigraph as ox
import pytest

from peelgraph.resources import SHIPPED
from peelgraph.validation import Finding, examine
from peelgraph.validation.lines import Located

EXAMPLES = SHIPPED.shapes / "examples"
CONTEXT = EXAMPLES / "context.ttl"
PREFIXES = """@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix edtf: <http://id.loc.gov/datatypes/edtf/> .
@prefix finding: <https://w3id.org/peelgraph/id/finding/> .
@prefix inspection: <https://w3id.org/peelgraph/id/inspection/> .
@prefix peel: <https://w3id.org/peelgraph/ontology#> .
@prefix polarity: <https://w3id.org/peelgraph/scheme/polarity/> .
"""
HEIGHT = PREFIXES.count("\n")


def found(file: Path, text: str, *more: Path) -> list[Finding]:
    file.write_text(PREFIXES + text, encoding="utf-8")
    return list(examine(SHIPPED, [CONTEXT, file, *more]).findings)


def place(finding: Finding) -> tuple[int | None, ...]:
    first = finding.places[0]
    return (
        (first.line or 0) - HEIGHT,
        first.column,
        (first.end_line or 0) - HEIGHT,
        first.end_column,
    )


FILES = sorted(
    file
    for folder in (SHIPPED.ontology, SHIPPED.shapes, SHIPPED.root / "graph")
    for file in folder.rglob("*.ttl")
)


def keys(triples: list[ox.Triple]) -> Counter[tuple[object, ...]]:
    """Count triples, all blank nodes being alike."""
    return Counter(
        tuple(
            "_" if isinstance(term, ox.BlankNode) else term
            for term in (each.subject, each.predicate, each.object)
        )
        for each in triples
    )


def test_every_triple_of_our_files_has_a_place() -> None:
    assert len(FILES) > 300
    for file in FILES:
        parsed = [each.triple for each in ox.parse(file.read_bytes(), format=ox.RdfFormat.TURTLE)]
        written = [each.triple for each in Located(file.read_text(encoding="utf-8")).written]
        assert keys(parsed) == keys(written), file


ODD = r"""@base <http://a.example/d#part> .
PREFIX p: <http://p.example/>
<> p:a <#x>, <rel>, <//host/y> ; p:b -1, .5, 1e3, +2.0, true ; ; .
[] p:c ( 1 ( ) "l"@en-GB ( [ p:d '''two
lines''' ] ) ) .
_:b1 a p:K ; p:e "q\"\u00e9"^^p:T, "plain" . # a comment
[ p:f p:g\,h.i ] .
"""


def test_every_form_of_turtle_is_read_as_the_parser_reads_it() -> None:
    parsed = [each.triple for each in ox.parse(ODD, format=ox.RdfFormat.TURTLE)]
    assert keys(parsed) == keys([each.triple for each in Located(ODD).written])


def test_trig_is_read_with_its_graphs_open_and_closed() -> None:
    text = (
        "@prefix p: <http://p.example/> .\n"
        "p:g { p:a p:b 1 . p:c p:d 2 }\nGRAPH p:h { p:e p:f ( 3 ) }\n{ p:i p:j 4 }\np:k p:l 5 ."
    )
    parsed = [each.triple for each in ox.parse(text, format=ox.RdfFormat.TRIG)]
    located = Located(text)
    assert keys(parsed) == keys([each.triple for each in located.written])
    last = located.written[-1]
    assert located.line_and_column(last.start) == (5, 9)


def test_a_value_is_pointed_at(tmp_path: Path) -> None:
    (finding,) = found(
        tmp_path / "a.ttl",
        "inspection:midshire-2030 peel:date\n  '2030-01-01'^^edtf:EDTF, 'soon'^^edtf:EDTF .\n",
    )
    assert finding.name == "DateShape-edtf"
    assert place(finding) == (2, 28, 2, 45)
    assert (finding.label, finding.value) == ("Midshire 2030", "soon")


def test_a_long_literal_is_pointed_at_where_it_begins_and_ends(tmp_path: Path) -> None:
    (finding,) = found(
        tmp_path / "a.ttl",
        'inspection:midshire-2030\n    peel:date """not\na\nday"""^^edtf:EDTF .\n',
    )
    assert place(finding) == (2, 15, 4, 18)


def test_what_is_missing_is_pointed_at_by_its_subject(tmp_path: Path) -> None:
    text = (
        "\n  finding:midshire-new a peel:Finding ;\n"
        "    peel:identifiedIn inspection:midshire-2030 ;\n"
        "    peel:basis <https://w3id.org/peelgraph/scheme/basis/inferred> ;\n"
        '    dcterms:description "Something."@en ;\n'
        '    peel:reason "An example."@en .\n'
    )
    (polarity,) = (
        each
        for each in found(tmp_path / "a.ttl", text)
        if each.name == "FindingShape-polarity"
    )
    assert place(polarity) == (2, 3, 2, 23)


def test_a_statement_in_trig_is_pointed_at(tmp_path: Path) -> None:
    (finding,) = found(
        tmp_path / "a.trig",
        "peel:g {\n  inspection:midshire-2030 peel:date 'soon'^^edtf:EDTF\n}\n",
    )
    assert place(finding) == (2, 38, 2, 55)


def test_a_rule_over_the_graph_names_every_statement_in_every_file(tmp_path: Path) -> None:
    """Two files give one thing two kinds: neither is wrong without the other."""
    other = tmp_path / "b.ttl"
    kind = "finding:midshire-2030-workloads a peel:{} ; peel:evidence <urn:x> .\n"
    other.write_text(PREFIXES + kind.format("Standing"), encoding="utf-8")
    findings = found(tmp_path / "a.ttl", kind.format("Finding"), other)
    (finding,) = (each for each in findings if each.name == "VocabularyShape-oneKind")
    places = {(each.file.name, each.line) for each in finding.places}
    assert {("a.ttl", HEIGHT + 1), ("b.ttl", HEIGHT + 1)} <= places
    assert {name for name, _ in places} >= {"status.ttl", "inspection.ttl"}


def test_too_many_values_are_all_pointed_at(tmp_path: Path) -> None:
    text = "inspection:midshire-2030 peel:conductedBy <urn:a>, <urn:b> .\n"
    for finding in found(tmp_path / "a.ttl", text):
        if finding.value is None and finding.path and finding.path.endswith("conductedBy"):
            assert len([each for each in finding.places if each.file.name == "a.ttl"]) == 2


@pytest.mark.parametrize(
    ("line", "shape", "says", "column"),
    [
        ("finding:x a peel:Findin .", "TermShape-known", "Did you mean peel:Finding?", 13),
        ("finding:x peel:evidense <urn:x> .", "TermShape-known", "Did you mean peel:evidence?", 11),
        ("finding:x dcterms:titel 'x' .", "TermShape-known", "Did you mean dcterms:title?", 11),
        ("finding:x peel:polarity polarity:weak .", "TermShape-known", "polarity:weakness", 25),
        (
            "<https://w3id.org/peelgraph/id/findings/x> dcterms:title 'x' .",
            *("AddressShape-kind", "Did you mean /id/finding/…?", 1),
        ),
    ],
)
def test_a_name_that_does_not_exist(
    tmp_path: Path, line: str, shape: str, says: str, column: int
) -> None:
    findings = [each for each in found(tmp_path / "a.ttl", line) if each.name == shape]
    assert len(findings) == 1
    assert says in findings[0].message
    assert (findings[0].line, findings[0].column) == (HEIGHT + 1, column)


@pytest.mark.parametrize(
    ("content", "shape", "says", "line", "column"),
    [
        (b"a:b a:c 'caf\xe9' .", "FileShape-encoding", "Windows-1252 it is \u00e9", 1, 13),
        ("\ufeff<urn:a> <urn:b> 1 .".encode(), "FileShape-encoding", "byte-order mark", 1, 1),
        ("<urn:a>".encode("utf-16"), "FileShape-encoding", "UTF-16", 1, 1),
        (b"<urn:a> <urn:b> 1\n<urn:c> <urn:d> 2 .", "FileShape-turtle", "full stop", 2, 1),
        (b"<urn:a> <urn:b> 'x", "FileShape-turtle", "not closed", 1, 17),
        (b"<urn:a> <urn:b> <rel> .", "FileShape-turtle", "@base", 1, 17),
        (b"<urn:a> <urn:b> [ force:x 1 ] .", "FileShape-prefix", "Add @prefix force:", 1, 19),
        (b"<urn:a> <urn:b> peal:x .", "FileShape-prefix", "Did you mean peel:?", 1, 17),
        (b"\x00\x01\x02", "FileShape-turtle", "not Turtle", 1, 1),
    ],
)
def test_a_file_that_is_not_turtle(
    tmp_path: Path, content: bytes, shape: str, says: str, line: int, column: int
) -> None:
    file, other = tmp_path / "a.ttl", EXAMPLES / "FindingShape-polarity" / "violates-none.ttl"
    file.write_bytes(content)
    findings = examine(SHIPPED, [CONTEXT, file, other]).findings
    (finding,) = (each for each in findings if each.name.startswith("FileShape-"))
    assert finding.name == shape
    assert says in finding.message
    assert (finding.line, finding.column) == (line, column)
    assert "FindingShape-polarity" in {each.name for each in findings}
