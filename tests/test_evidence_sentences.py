"""Every word of a document lies in exactly one sentence."""

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peelgraph.evidence.coverage import coverage
from peelgraph.evidence.passages import Passage
from peelgraph.evidence.sentences import sentences
from peelgraph.evidence.words import Span

TEXTS = st.one_of(
    st.text(),
    st.lists(
        st.sampled_from(
            [*("Mr.", "e.g.", "So", "it is.", "“Yes?”", "5.5", "|", "---", "•", "-", "\n", "\n\n")]
        )
    ).map(" ".join),
)


@given(TEXTS)
def test_sentences_share_out_the_words(text: str) -> None:
    found = sentences(text)
    assert all(text[s.start : s.end] == s.text for s in found)
    assert all(s.line == text.count("\n", 0, s.start) + 1 for s in found)
    assert all(a.end <= b.start for a, b in pairwise(found))
    inside = {offset for s in found for offset in range(s.start, s.end)}
    assert all(i in inside for i, character in enumerate(text) if character.isalnum())


@given(TEXTS)
def test_passages_around_all_sentences_cover_everything(text: str) -> None:
    found = sentences(text)
    passages = [Passage(Span(s.start, s.end), idle=n % 2 == 1) for n, s in enumerate(found)]
    result = coverage(text, passages)
    assert (result.share, result.uncovered) == (100.0, ())
    assert result.evidence == (len(found) + 1) // 2
    assert result.evidence + result.idle == len(found)


@given(TEXTS, st.data())
def test_one_character_less_is_not_covered(text: str, data: st.DataObject) -> None:
    offsets = [offset for s in sentences(text) for offset in s.offsets()]
    if not offsets:
        return
    hole = data.draw(st.sampled_from(offsets))
    around = [Passage(Span(0, hole), False), Passage(Span(hole + 1, len(text)), False)]
    assert len(coverage(text, around).uncovered) == 1


def test_a_sentence_split_among_passages_is_covered() -> None:
    text = "One and two. Three"
    halves = [Passage(Span(0, 3), False), Passage(Span(4, 12), True)]
    result = coverage(text, halves)
    assert (result.total, result.evidence, result.idle) == (2, 1, 0)
    assert [s.text for s in result.uncovered] == ["Three"]
    assert result.share == 50.0


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("000_318ce906b7d3f73b.txt", 47),
        ("001_8a56397d095710dc.txt", 37),
        ("002_a6ad7d98b10dceb6.txt", 100),
        ("003_3536a7bf939a063c.txt", 88),
        ("004_b1bbe43aebab7d37.txt", 106),
    ],
)
def test_the_sentences_of_the_sources_are_those_a_reader_counts(
    sources: Path, name: str, count: int
) -> None:
    assert len(sentences((sources / name).read_text(encoding="utf-8"))) == count
