"""A finding points at the statement at fault: in lists, long literals and TriG, too."""

from collections import Counter
from pathlib import Path

import pyoxigraph as ox

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


def test_values_are_pointed_at(tmp_path: Path) -> None:
    """One on a line of its own, and a long one from where it begins to where it ends."""
    findings = found(
        tmp_path / "a.ttl",
        "inspection:midshire-2030 peel:date\n  '2030-01-01'^^edtf:EDTF, 'soon'^^edtf:EDTF ;\n"
        '    peel:date """not\na\nday"""^^edtf:EDTF .\n',
    )
    dates = {each.value: each for each in findings if each.name == "DateShape-edtf"}
    assert place(dates["soon"]) == (2, 28, 2, 45)
    assert place(dates["not\na\nday"]) == (3, 15, 5, 18)
    assert dates["soon"].label == "Midshire 2030"


def test_what_is_missing_is_pointed_at_by_its_subject(tmp_path: Path) -> None:
    text = (
        "\n  finding:midshire-new a peel:Finding ;\n"
        "    peel:identifiedIn inspection:midshire-2030 ;\n"
        "    peel:basis <https://w3id.org/peelgraph/scheme/basis/inferred> ;\n"
        '    dcterms:description "Something."@en ;\n'
        '    peel:reason "An example."@en .\n'
    )
    (polarity,) = (
        each for each in found(tmp_path / "a.ttl", text) if each.name == "FindingShape-polarity"
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
    text = 'finding:x1 a peel:Finding ; peel:polarity "a", "b" .\n'
    [several] = [
        each
        for each in found(tmp_path / "a.ttl", text)
        if each.name == "FindingShape-polarity" and each.value is None
    ]
    assert [each.column for each in several.places] == [43, 48]


NAMES = [
    ("finding:x1 a peel:Findin .", "TermShape-known", "Did you mean peel:Finding?", 14),
    ("finding:x2 peel:evidense 1 .", "TermShape-known", "Did you mean peel:evidence?", 12),
    ("finding:x3 dcterms:titel 'x' .", "TermShape-known", "Did you mean dcterms:title?", 12),
    ("finding:x4 peel:polarity polarity:weak .", "TermShape-known", "polarity:weakness", 26),
    (
        "<https://w3id.org/peelgraph/id/findings/x> dcterms:title 'x' .",
        *("AddressShape-kind", "Did you mean /id/finding/…?", 1),
    ),
]


def test_names_that_do_not_exist(tmp_path: Path) -> None:
    findings = found(tmp_path / "a.ttl", "\n".join(line for line, *_ in NAMES))
    for number, (_, shape, says, column) in enumerate(NAMES, 1):
        (finding,) = (
            each for each in findings if each.line == HEIGHT + number and each.name == shape
        )
        assert says in finding.message
        assert finding.column == column


BROKEN = {
    "latin": (b"a:b a:c 'caf\xe9' .", "encoding", "Windows-1252 it is \u00e9", 1, 13),
    "mark": ("\ufeff<urn:a> <urn:b> 1 .".encode(), "encoding", "byte-order mark", 1, 1),
    "wide": ("<urn:a>".encode("utf-16"), "encoding", "UTF-16", 1, 1),
    "dot": (b"<urn:a> <urn:b> 1\n<urn:c> <urn:d> 2 .", "turtle", "full stop", 2, 1),
    "open": (b"<urn:a> <urn:b> 'x", "turtle", "not closed", 1, 17),
    "relative": (b"<urn:a> <urn:b> <rel> .", "turtle", "@base", 1, 17),
    "prefix": (b"<urn:a> <urn:b> [ force:x 1 ] .", "prefix", "Add @prefix force:", 1, 19),
    "near": (b"<urn:a> <urn:b> peal:x .", "prefix", "Did you mean peel:?", 1, 17),
    "binary": (b"\x00\x01\x02", "turtle", "not Turtle", 1, 1),
}


def test_files_that_are_not_turtle_hide_no_other(tmp_path: Path) -> None:
    for name, (content, *_) in BROKEN.items():
        (tmp_path / f"{name}.ttl").write_bytes(content)
    other = EXAMPLES / "FindingShape-polarity" / "violates-none.ttl"
    findings = examine(SHIPPED, [CONTEXT, *tmp_path.iterdir(), other]).findings
    assert "FindingShape-polarity" in {each.name for each in findings}
    for name, (_, check, says, line, column) in BROKEN.items():
        (finding,) = (each for each in findings if each.label == f"{name}.ttl")
        assert finding.name == f"FileShape-{check}", name
        assert says in finding.message
        assert (finding.line, finding.column) == (line, column), name
