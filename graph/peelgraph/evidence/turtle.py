r"""The tokens of a Turtle text, each with its place.

Parsers give triples and forget where they stood. A record is written by people, with comments and
an order of its own, so the tools that change it work on its characters.

>>> for token in tokens('<> a:b "A # b"@en . # c'):
...     print(f"{token.kind:8}{token.text}")
iri     <>
word    a:b
string  "A # b"
tag     @en
mark    .
comment # c
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, cast

Kind = Literal["comment", "iri", "string", "tag", "word", "mark"]

_TOKEN = re.compile(
    r"""
      (?P<space>   \s+ )
    | (?P<comment> \# [^\n\r]* )
    | (?P<iri>     < [^\x00-\x20<>"{}|^`]* > )
    | (?P<string>  \"{3} (?: \"{0,2} (?: [^"\\] | \\. ) )* \"{3}
                 | '{3}  (?: '{0,2}  (?: [^'\\] | \\. ) )* '{3}
                 | " (?: [^"\\\n\r] | \\. )* "
                 | ' (?: [^'\\\n\r] | \\. )* ' )
    | (?P<tag>     @ [A-Za-z]+ (?: - [A-Za-z0-9]+ )* )
    | (?P<word>    (?: \\. | [^\s<>"'\[\](){};,.\#^@\\] | \.(?=\d) )
                   (?: \\. | [^\s<>"'\[\](){};,.\#^@\\] | \.+ (?=[^\s<>"'\[\](){};,.\#^@]) )* )
    | (?P<mark>    \^\^ | [;,.\[\](){}] )
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_ESCAPED = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}


@dataclass(frozen=True, slots=True)
class Token:
    """One token and its characters in the text, *end* exclusive."""

    kind: Kind
    text: str
    start: int
    end: int


class NotTurtle(ValueError):
    """The text cannot be cut into tokens; :attr:`position` is the first character in doubt."""

    def __init__(self, position: int) -> None:
        """Keep the *position*."""
        super().__init__(f"no Turtle token begins at character {position}")
        self.position = position


def tokens(text: str) -> Iterator[Token]:
    """Return the tokens of *text* in order, comments among them, white space not.

    :raises NotTurtle: a character begins no token
    """
    position = 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            raise NotTurtle(position)
        if match.lastgroup != "space":
            yield Token(cast(Kind, match.lastgroup), match.group(), position, match.end())
        position = match.end()


def string_value(literal: str) -> str:
    r"""Return what a string *literal* says, without its quotation marks and escapes.

    >>> string_value(r'"a \"b\" \u2026"')
    'a "b" …'
    >>> string_value("'''it's'''")
    "it's"
    """
    width = 3 if literal[:3] in ('"""', "'''") and len(literal) >= 6 else 1
    return unescape(literal[width:-width])


def unescape(text: str) -> str:
    """Return *text* with Turtle's backslash escapes resolved."""

    def character(match: re.Match[str]) -> str:
        code = match[1] or match[2]
        return chr(int(code, 16)) if code else _ESCAPED.get(match[3], match[3])

    return _ESCAPE.sub(character, text)


def place(text: str, position: int) -> tuple[int, int]:
    r"""Return the line and the column of a *position* in *text*, both counted from 1.

    >>> place("ab\ncd", 4)
    (2, 2)
    """
    before = text[:position]
    return before.count("\n") + 1, position - (before.rfind("\n") + 1) + 1
