"""Weaving turns words into passages and changes nothing else."""

from hashlib import sha256
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from peelgraph.evidence.record import parse_record
from peelgraph.evidence.source import Source
from peelgraph.evidence.weave import Woven, weave
from peelgraph.namespaces import PEEL
from peelgraph.resources import SHIPPED

FILE = Path("letter.ttl")
TEXT = "A letter\nOne is good. Two is better.\n• We will see;\n• We will see.\nPage 1"
SOURCE = Source(Path("letter.txt"), TEXT, sha256(TEXT.encode()).hexdigest())
HEAD = f"""@base <https://w3id.org/peelgraph/id/document/letter> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix finding: <https://w3id.org/peelgraph/id/finding/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix oa: <http://www.w3.org/ns/oa#> .
@prefix peel: <https://w3id.org/peelgraph/ontology#> .

<> a peel:SourceDocument ; dcterms:identifier "letter.txt" ; peel:digest "{SOURCE.digest}" .
"""
OPEN = """<> foaf:page <https://example.org/letter> ;
    dcterms:license <https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/> .
"""


def woven(text: str) -> Woven:
    return weave(parse_record(FILE, text), SOURCE)


def line(start: int, end: int, extra: str = "") -> str:
    digest = sha256(TEXT[start:end].encode()).hexdigest()
    return (
        f"<#char={start},{end}> a peel:Passage ; {extra}oa:hasSource <> ; oa:hasSelector "
        f"[ a oa:TextPositionSelector ; oa:start {start} ; oa:end {end} ] ; "
        f'peel:digest "{digest}"'
    )


def messages(text: str) -> str:
    found = woven(text)
    assert found.text == text, "nothing changes while anything is wrong"
    return "\n".join(str(problem) for problem in found.problems)


def test_words_become_a_passage_and_its_line() -> None:
    result = woven(HEAD + 'finding:a peel:evidence "One is good." . # why\n')
    assert result.text == f"{HEAD}finding:a peel:evidence <#char=9,21> . # why\n\n{line(9, 21)} .\n"
    assert (result.woven, result.dropped, result.problems) == (1, 0, ())


def test_passages_stand_once_and_in_the_order_of_the_document() -> None:
    text = """finding:b peel:evidence "Two is better.", "One is good." .
finding:a peel:between '''One
 is good.''' ."""
    expected = """finding:b peel:evidence <#char=22,36>, <#char=9,21> .
finding:a peel:between <#char=9,21> ."""
    result = woven(HEAD + text)
    assert result.text == f"{HEAD}{expected}\n\n{line(9, 21)} .\n{line(22, 36)} .\n"


def test_what_is_no_evidence_keeps_its_reason() -> None:
    text = """<#skip-1> a peel:Passage ; peel:notEvidence true ; peel:reason "page; number"@en ;
    peel:evidence "Page 1" .
# the end
"""
    extra = 'peel:notEvidence true ; peel:reason "page; number"@en ; '
    result = woven(HEAD + text)
    assert result.text == f"{HEAD}# the end\n\n{line(67, 73, extra)} .\n"
    assert [passage.idle for passage in result.passages] == [True]
    assert woven(result.text).text == result.text


def test_unused_passages_go_and_comments_stay() -> None:
    text = HEAD + "finding:a peel:evidence <#char=9,21> .\n# passages\n"
    old = f"{line(0, 8)} . # of old\n{line(22, 36)} # two\n .\n{line(9, 21)} .\n"
    result = woven(text + old)
    assert result.text == f"{text} # of old\n# two\n\n{line(9, 21)} .\n"
    assert result.dropped == 2


def test_offsets_may_be_written_by_hand_and_digests_are_renewed() -> None:
    text = f"{HEAD}finding:a peel:evidence <#char=9,21> .\n\n"
    assert woven(text + '<#char=9,21> peel:digest "old" .').text == f"{text}{line(9, 21)} .\n"


def test_links_are_written_for_open_documents_with_a_page_only() -> None:
    text = 'finding:a peel:evidence "One is good. Two is better. • We will see;" .\n'
    assert "peel:linkStart" not in woven(HEAD + text).text
    result = woven(HEAD + OPEN + text)
    assert ' ; peel:linkStart "One is good. Two" ; peel:linkEnd "We will see;" .' in result.text
    assert woven(result.text).text == result.text


def test_a_missing_prefix_is_declared_in_its_place() -> None:
    declaration = "@prefix oa: <http://www.w3.org/ns/oa#> .\n"
    result = woven(HEAD.replace(declaration, "") + 'finding:a peel:evidence "Page 1" .')
    assert result.text.startswith(HEAD)


def test_words_in_comments_strings_and_other_places_stay() -> None:
    text = f"""{HEAD}# finding:a peel:evidence "One is good." .
finding:a dcterms:description "peel:evidence \\"One is good.\\" ." ; peel:wording "One is good." .
"""
    assert woven(text).text == text


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('finding:a peel:evidence "We will see" .', "letter.ttl:10:25: The words stand in 2"),
        ('finding:a\n  peel:evidence "One was good." .', "letter.ttl:11:17: The words are not in"),
        ('finding:a peel:evidence "One is good."@en .', "no language"),
        ("finding:a peel:evidence <#char=9,99> .", "not within the document (0 to 73)"),
        ("finding:a peel:evidence <#char=9,9> .", "not within the document"),
        ("finding:a peel:evidence <#skip-1> .", "evidence of nothing"),
        ("<#skip-1> peel:notEvidence true .", "needs its words"),
        ('<#skip-1> peel:evidence "Page 1" .', "must say peel:notEvidence true"),
        (
            'finding:a peel:evidence "Page 1" . <#skip-1> peel:notEvidence true ; '
            'peel:evidence "Page 1" .',
            "<#char=67,73> (line 5 of letter.txt) is both evidence",
        ),
        ("@prefix oa: <http://example.org/> .", "prefix oa: must mean http://www.w3.org/ns/oa#"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(text: str, message: str) -> None:
    assert message in messages(f"{HEAD}\n{text}\n")


def test_another_text_is_refused() -> None:
    assert "made from another text than letter.txt" in messages(HEAD.replace(SOURCE.digest, "old"))


def test_what_is_no_record_is_refused() -> None:
    assert "Is no record" in messages(HEAD.replace("peel:SourceDocument", "peel:Document"))


# --- properties -----------------------------------------------------------------------------------

WORDS = {
    '"A letter"': (0, 8),
    '"One is good."': (9, 21),
    "'One is  good. … better.'": (9, 36),
    '"""Two\n is better."""': (22, 36),
    '"see; • [[We will see.]]"': (54, 66),
    '"\\u0050age 1"': (67, 73),
    "<#char=1,73>": (1, 73),
    "<https://w3id.org/peelgraph/id/document/letter#char=2,5>": (2, 5),
}
SPACE = st.sampled_from([" ", "\n", "\n    ", ' # a "comment" <#char=7,8> .\n', "\t"])
EVIDENCE = st.lists(st.sampled_from(sorted(WORDS)), min_size=1, max_size=3)
OTHER = st.sampled_from(
    [
        *('# A comment, with peel:evidence "One is good." .\n', "\n\n", "  \n"),
        *('finding:x dcterms:title "Page 1"@en, """a "b" . #c""" .\n', "[] peel:date 1.5 .\n"),
    ]
)


@st.composite
def records(draw: st.DrawFn) -> tuple[str, str, set[tuple[int, int]]]:
    """Draw a record, what its part before the passages must become, and its passages."""
    written, expected, spans = HEAD, HEAD, set()
    for number in range(draw(st.integers(0, 4))):
        other, space = draw(OTHER), draw(SPACE)
        opening = f"{other}finding:f{number}{space}a peel:Finding ; peel:evidence"
        written, expected = written + opening, expected + opening
        for index, words in enumerate(draw(EVIDENCE)):
            space = draw(SPACE)
            span = WORDS[words]
            spans.add(span)
            name = words if words[0] == "<" else f"<#char={span[0]},{span[1]}>"
            comma = "," if index else ""
            written += f"{comma}{space}{words}"
            expected += f"{comma}{space}{name}"
        closing = draw(st.sampled_from([" .\n", " ; .\n", ".\n", " ; peel:count 1 .\n"]))
        written, expected = written + closing, expected + closing
    return written, expected, spans


@given(records(), st.booleans())
def test_weaving_changes_only_words_and_passage_lines(
    drawn: tuple[str, str, set[tuple[int, int]]], crlf: bool
) -> None:
    written, expected, spans = drawn
    end = "\r\n" if crlf else "\n"
    result = woven(written.replace("\n", end))
    assert result.problems == ()
    lines = [f"{line(*span)} ." for span in sorted(spans)]
    tail = ["", *lines] if lines else []
    assert result.text == end.join([expected.rstrip().replace("\n", end), *tail, ""])


@given(records())
def test_weaving_twice_is_weaving_once(drawn: tuple[str, str, set[tuple[int, int]]]) -> None:
    once = woven(drawn[0])
    twice = woven(once.text)
    assert twice.text == once.text
    assert (twice.passages, twice.woven, twice.dropped) == (once.passages, 0, 0)


@given(records())
def test_facts_beside_evidence_stay(drawn: tuple[str, str, set[tuple[int, int]]]) -> None:
    def facts(text: str) -> set[str]:
        quads = ox.parse(text, format=ox.RdfFormat.TURTLE)
        kept = [q for q in quads if "#char=" not in str(q.subject) and "oa#" not in str(q)]
        return {
            f"{q.subject} {q.predicate} {q.object}"
            for q in kept
            if q.predicate.value != PEEL + "evidence" and not isinstance(q.subject, ox.BlankNode)
        }

    assert facts(woven(drawn[0]).text) == facts(drawn[0])


@pytest.mark.parametrize("file", sorted(SHIPPED.records.glob("*.ttl")), ids=lambda file: file.stem)
def test_shipped_records_are_woven(file: Path, sources: Path) -> None:
    record = parse_record(file, file.read_bytes().decode("utf-8"))
    assert record.identifier is not None
    path = sources / record.identifier
    text = path.read_bytes()
    source = Source(path, text.decode("utf-8"), sha256(text).hexdigest())
    result = weave(record, source)
    assert result.problems == ()
    assert result.text == record.text
