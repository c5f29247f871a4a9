"""Passages written by their words stand in one place of the source, or the error says why not."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peelgraph.evidence.links import link
from peelgraph.evidence.source import Source, plain
from peelgraph.evidence.words import Span, WordsError, find, words_for

TEXT = (
    "The force is good.\nIt isn’t\u00a0always\n  quick. The force (the “force”) has 5.5 percent.\n"
    "- We will close it.\n- We will close it.\nEnd."
)
SOURCE = Source(Path("source.txt"), TEXT, "")


def found(words: str) -> str:
    span = find(SOURCE, words)
    return TEXT[span.start : span.end]


@pytest.mark.parametrize(
    ("words", "passage"),
    [
        ("The force is good.", "The force is good."),
        ("It isn’t always quick.", "It isn’t\u00a0always\n  quick."),
        ("It\n isn’t  always", "It isn’t\u00a0always"),
        ("It isn’t … quick.", "It isn’t\u00a0always\n  quick."),
        ("force (the … percent.", "force (the “force”) has 5.5 percent."),
        ("(the … force”)", "(the “force”)"),
        ("quick. [[The force]]", "The force"),
        ("percent. - [[We will close it.]] -", "We will close it."),
        ("It … percent. - We … it. - [[We will close it.]]", "We will close it."),
        ("good. [[ It … quick. ]] The", "It isn’t\u00a0always\n  quick."),
    ],
)
def test_words_find_their_passage(words: str, passage: str) -> None:
    assert found(words) == passage


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("We will close it.", r"2 places.*\n  line 4: .*\[\[We will close it\.\]\]"),
        ("The force … percent.", "2 places"),
        ("[[We … it.]] End.", "2 places"),
        ("It isn't always", "has 'isn’t', the record \"isn't\""),
        ("The force are good.", "line 1:.*\n.*has 'is', the record 'are'"),
        ("A force is good.", "has 'The', the record 'A'"),
        ("entirely elsewhere", "None of these words is"),
        ("quick. … The force is", "not in this order"),
        ("orce is good", "not as whole words"),
        ("force is goo", "not as whole words"),
        ("", "no words"),
        ("[[ ]] End.", "no words"),
        ("… quick.", "begins and ends with words"),
        ("It isn’t …", "begins and ends with words"),
        ("[[It]] and [[The]]", "one pair of brackets"),
        ("[[It", "one pair of brackets"),
    ],
)
def test_words_that_find_no_single_passage_say_why(words: str, message: str) -> None:
    with pytest.raises(WordsError, match=f"(?s){message}"):
        find(SOURCE, words)


TEXTS = st.lists(st.sampled_from(["We", "will", "close.", "it", "(so)", "“Yes.”", "\n-"])).map(
    " ".join
)


@given(TEXTS, st.data())
def test_what_is_written_for_a_passage_finds_it(text: str, data: st.DataObject) -> None:
    words = text.split()
    if not words:
        return
    first = data.draw(st.integers(0, len(words) - 1))
    last = data.draw(st.integers(first, len(words) - 1))
    places = [*_places(text)]
    source = Source(Path("a.txt"), text, "")
    span = Span(places[first][0], places[last][1])
    assert find(source, words_for(source, span)) == span


def _places(text: str) -> list[tuple[int, int]]:
    position, places = 0, []
    for word in text.split():
        start = text.index(word, position)
        position = start + len(word)
        places.append((start, position))
    return places


@given(TEXTS.filter(lambda text: "-" not in text), st.data())
def test_link_words_are_those_of_the_passage(text: str, data: st.DataObject) -> None:
    places = _places(text)
    if not places:
        return
    first = data.draw(st.integers(0, len(places) - 1))
    last = data.draw(st.integers(first, len(places) - 1))
    span = Span(places[first][0], places[last][1])
    words = link(Source(Path("a.txt"), text, ""), span)
    passage = plain(text[span.start : span.end])
    assert passage.startswith(words.start)
    assert passage.endswith(words.end if words.end is not None else words.start)


def test_a_link_stays_within_lines() -> None:
    text = "One short line\nAnother line of more words than that"
    words = link(Source(Path("a.txt"), text, ""), Span(0, len(text)))
    assert (words.start, words.end) == ("One short line", "more words than that")


def test_a_link_leaves_out_the_marks_of_lists() -> None:
    text = "They should:\n• try;\n• give all that they have."
    words = link(Source(Path("a.txt"), text, ""), Span(0, len(text)))
    assert (words.start, words.end) == ("They should:", "all that they have.")


def test_a_link_grows_until_it_leads_to_its_passage() -> None:
    text = "It may be so now. It may be so now and then, and then it may not be, and then it may."
    source = Source(Path("a.txt"), text, "")
    first = link(source, Span(18, text.index("not")))
    assert (first.start, first.end) == ("It may be so now and", "and then it may")
    whole = link(source, Span(18, len(text)))
    assert (whole.start, whole.end) == ("It may be so now and", "and then it may.")
