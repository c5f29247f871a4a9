r"""The words of a query, told apart as SPARQL's grammar does, with where each one stands.

Strings, IRIs and comments are one token each, whatever is in them. Codepoint escapes (``\u0053``)
outside of these are decoded first (:func:`decoded`), because the engine does not know them there.
Words may stick together (``ASKFROM<g>{}`` is a query): what is not one keyword is taken apart
into several, where that works out.

>>> [token.text for token in tokens("SELECT*{?s a peel:Force} # all")]
['SELECT', '*', '{', '?s', 'a', 'peel:Force', '}']
"""

import re
from collections.abc import Collection, Iterator
from itertools import islice
from typing import NamedTuple

#: what opens and closes
BRACKETS = {"}": "{", ")": "(", "]": "["}

QUERY_FORMS = frozenset({"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"})
UPDATES = frozenset(
    ("INSERT", "DELETE", "LOAD", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD", "WITH")
)
KEYWORDS = QUERY_FORMS.union(
    re.findall(
        r"\w+",
        """A ABS ADJUST AND AS ASC AVG BASE BIND BNODE BOUND BY CEIL COALESCE CONCAT CONTAINS COUNT
        DATATYPE DAY DESC DISTINCT ENCODE_FOR_URI EXISTS FALSE FILTER FLOOR FROM GRAPH GROUP
        GROUP_CONCAT HASLANG HASLANGDIR HAVING HOURS IF IN IRI ISBLANK ISIRI ISLITERAL ISNUMERIC
        ISTRIPLE ISURI LANG LANGDIR LANGMATCHES LATERAL LCASE LIMIT MAX MD5 MIN MINUS MINUTES
        MONTH NAMED NOT NOW OBJECT OFFSET OPTIONAL ORDER PREDICATE PREFIX RAND REDUCED REGEX
        REPLACE ROUND SAMETERM SAMPLE SECONDS SEPARATOR SERVICE SHA1 SHA256 SHA384 SHA512 SILENT
        STR STRAFTER STRBEFORE STRDT STRENDS STRLANG STRLANGDIR STRLEN STRSTARTS STRUUID SUBJECT
        SUBSTR SUM TIMEZONE TRIPLE TRUE TZ UCASE UNDEF UNION URI UUID VALUES VERSION WHERE YEAR""",
    )
)

_HEX = r"(?:\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8})"
_BASE = (
    "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d"
    "\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_MORE = "0-9\u00b7\u0300-\u036f\u203f\u2040"
_PLX = r"(?:%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?#@%])"
_PREFIX = rf"[{_BASE}](?:\.*[-_{_BASE}{_MORE}])*+"
_LOCAL = rf"(?:[_:0-9{_BASE}]|{_PLX})(?:\.*(?:[-_:{_BASE}{_MORE}]|{_PLX}))*+"
_COMMENT = r"\#[^\r\n]*+"
_IRI = rf'<(?:[^<>"{{}}|^`\\\x00-\x20]|{_HEX})*+>'
_STRING = (
    r'"""(?:[^"\\]|\\.|"{1,2}+(?!"))*+"""'
    r"|'''(?:[^'\\]|\\.|'{1,2}+(?!'))*+'''"
    r'|"(?:[^"\\\r\n]|\\.)*+"'
    r"|'(?:[^'\\\r\n]|\\.)*+'"
)
_TOKEN = re.compile(
    rf"""(?P<space>(?:[ \t\r\n]|{_COMMENT})++)
    |(?P<iri>{_IRI})
    |(?P<string>{_STRING})
    |(?P<variable>[?$][_0-9{_BASE}][_{_BASE}{_MORE}]*+)
    |(?P<name>(?:{_PREFIX})?:(?:{_LOCAL})?)
    |(?P<blank>_:[_0-9{_BASE}](?:\.*[-_{_BASE}{_MORE}])*+)
    |(?P<word>[A-Za-z][A-Za-z0-9_]*+)
    |(?P<number>(?:[0-9]++(?:\.[0-9]++)?|\.[0-9]++)(?:\.?[eE][+-]?[0-9]++)?)
    |(?P<language>@[A-Za-z]++(?:--?[A-Za-z0-9]++)*+)
    |(?P<mark>\^\^|&&|\|\||!=|<=|>=|<<|>>|\{{\||\|\}}|[{{}}()\[\].,;=<>!+\-*/|^?~])
    |(?P<stray>.)""",
    re.VERBOSE | re.DOTALL,
)
_OPAQUE = re.compile(rf"({_COMMENT}|{_IRI}|{_STRING}|\\[^uU])|{_HEX}", re.DOTALL)
_GLUED = re.compile(
    "|".join(sorted({*KEYWORDS, *UPDATES, "DATA", "INTO"}, key=len, reverse=True)), re.IGNORECASE
)

#: letters that words which stick together may have; more would be no query
_LONGEST = 64


class Token(NamedTuple):
    """One token: its kind, its text and where it starts (characters from 0).

    Kinds: iri, string, variable, name (with a colon), blank, word, number, language, mark, stray.
    """

    kind: str
    text: str
    at: int

    @property
    def upper(self) -> str:
        """A word in capitals; empty for any other kind."""
        return self.text.upper() if self.kind == "word" else ""


def decoded(query: str) -> str:
    r"""Return a query with the codepoint escapes decoded that stand for letters outside of strings.

    >>> decoded(r"\u0053ELECT * { ?caf\u00e9 ?p '\u0041' }")
    "SELECT * { ?café ?p '\\u0041' }"
    """
    if "\\u" not in query and "\\U" not in query:
        return query
    return _OPAQUE.sub(_letter, query)


def _letter(found: re.Match[str]) -> str:
    """Return the letter that an escape stands for; it may not stand for a bracket or a quote."""
    if found[1]:
        return found[0]
    code = int(found[0][2:], 16)
    letter = chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else ""
    return letter if letter.isalnum() or letter == "_" or letter > "\x7f" else found[0]


def tokens(query: str, most: int | None = None) -> list[Token]:
    """Return the tokens of a query; space and comments are none.

    :param most: go on no further than one more than that
    """
    return list(islice(scanned(query), None if most is None else most + 1))


def unglued(found: list[Token], declared: Collection[str]) -> Iterator[Token]:
    """Yield tokens with ``FROMx:y`` as two, where ``FROMx`` is no prefix but ``x`` is one."""
    for token in found:
        prefix = token.text.partition(":")[0]
        if token.kind == "name" and prefix not in declared and len(prefix) <= _LONGEST:
            yield from _name_apart(token, prefix, declared)
        else:
            yield token


def _name_apart(token: Token, prefix: str, declared: Collection[str]) -> Iterator[Token]:
    at, words = 0, []
    while (found := _GLUED.match(prefix, at)) is not None:
        words.append(Token("word", found[0], token.at + at))
        at = found.end()
        if prefix[at:] in declared:
            yield from words
            yield Token("name", token.text[at:], token.at + at)
            return
    yield token


def scanned(query: str) -> Iterator[Token]:
    """Yield the tokens of a query; space and comments are none."""
    for found in _TOKEN.finditer(query):
        kind = found.lastgroup or "stray"
        if kind == "space":
            continue
        token = Token(kind, found[0], found.start())
        if kind == "word" and token.upper not in KEYWORDS and len(token.text) <= _LONGEST:
            yield from _apart(token.text, token.at)
        else:
            yield token


def _apart(text: str, at: int) -> Iterator[Token]:
    """Take a word apart that is several keywords, the last of which may be a number: LIMIT10."""
    letters = text.rstrip("0123456789")
    parts = list(_GLUED.finditer(letters))
    if letters and "".join(part[0] for part in parts) == letters:
        for part in parts:
            yield Token("word", part[0], at + part.start())
        if len(letters) < len(text):
            yield Token("number", text[len(letters) :], at + len(letters))
    else:
        yield Token("word", text, at)
