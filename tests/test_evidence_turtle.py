"""The tokens and statements of a record lie where they say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peelgraph.evidence.statements import outline
from peelgraph.evidence.turtle import NotTurtle, place, string_value, tokens

PIECES = st.sampled_from(
    [
        *('"plain"', "'single'", '"""long "" quoted"""', "'''it's'''", '"# no comment . <#x>"'),
        *("<#char=1,2>", "<>", "a:b.c", "a:b", "a", "true", "1.5", "-2", ".5", "a:x\\,y"),
        *("@en", "^^", ";", ",", ".", "[", "]", "(", ")", "# a comment\n"),
    ]
)


@given(st.lists(PIECES, max_size=30))
def test_tokens_are_what_was_written(pieces: list[str]) -> None:
    text = " ".join(pieces)
    found = list(tokens(text))
    assert [token.text for token in found] == [piece.strip() for piece in pieces]
    assert all(text[token.start : token.end] == token.text for token in found)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a:b.", ["a:b", "."]),
        ("a:b.c.", ["a:b.c", "."]),
        ("a:b 1.", ["a:b", "1", "."]),
        ("<>a<#x>.", ["<>", "a", "<#x>", "."]),
        ('"a"@en-GB.', ['"a"', "@en-GB", "."]),
        ('""', ['""']),
    ],
)
def test_tokens_without_space_between(text: str, words: list[str]) -> None:
    assert [token.text for token in tokens(text)] == words


def test_what_begins_no_token_is_placed() -> None:
    text = '<> a:b \n  "c'
    with pytest.raises(NotTurtle) as error:
        list(tokens(text))
    assert place(text, error.value.position) == (2, 3)


def test_escapes_in_strings() -> None:
    assert string_value(r'"a\tb\\c\"\U0001F600\u2026"') == 'a\tb\\c"\U0001f600…'
    assert string_value('""') == ""


PREFIXES = "@base <http://a/d> . PREFIX p: <http://p/>\n"


def objects(text: str) -> list[tuple[str, str]]:
    return [
        (use.predicate.removeprefix("http://p/"), use.token.text)
        for statement in outline(PREFIXES + text).statements
        for use in statement.uses
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('<> p:a "x", "y" ; p:b 1 .', [("a", '"x"'), ("a", '"y"'), ("b", "1")]),
        ('<> p:a [ p:b "x" ], "y" .', [("b", '"x"'), ("a", '"y"')]),
        ('<> p:a ( "x" "y" ), "z" .', [("", '"x"'), ("", '"y"'), ("a", '"z"')]),
        ('[ p:a "x" ] p:b "y" .', [("a", '"x"'), ("b", '"y"')]),
        ('[ p:a "x" ] .', [("a", '"x"')]),
        ('<> p:a "x"@en, "y"^^p:t ; .', [("a", '"x"'), ("a", '"y"')]),
        ("<> <http://p/a> <#x> ;; p:b <#y> .", [("a", "<#x>"), ("b", "<#y>")]),
        ('<> p:a # "no" ;\n "x" . # p:b "no" .', [("a", '"x"')]),
    ],
)
def test_objects_are_found_with_their_predicates(
    text: str, expected: list[tuple[str, str]]
) -> None:
    assert objects(text) == expected


def test_names_are_resolved_as_in_turtle() -> None:
    found = outline(PREFIXES + "<> p:a 1 . <#x> p:a 1 . p:c\\-d p:a 1 . <http://b/> p:a 1 .")
    assert [statement.subject for statement in found.statements] == [
        *("http://a/d", "http://a/d#x", "http://p/c-d", "http://b/"),
    ]
    assert [s.pairs[0].predicate for s in found.statements] == ["http://p/a"] * 4
