r"""What a query in a stranger's shapes may not do: reach for what lies outside the graph.

The fork in which rules run could not reach it anyhow (:mod:`peelgraph.sandbox`); said here, it is a
finding with a place.

>>> reaches_out("SELECT $this WHERE { \\u0053ervice <http://a/> { } } # FROM")
'SERVICE'
>>> reaches_out("SELECT ?from WHERE { ?s <http://a/FROM> 'SERVICE' ; ex:service ?from }")
>>> is_volatile("SELECT ?s WHERE { ?s ?p ?o FILTER (?o < now ()) }")
True
"""

import re

_SKIPPED = re.compile(
    r'"""(?:[^"\\]|\\.|"{1,2}(?!"))*"""' + r"|'''(?:[^'\\]|\\.|'{1,2}(?!'))*'''"
    r'|"(?:[^"\\\r\n]|\\.)*"' + r"|'(?:[^'\\\r\n]|\\.)*'"
    r'|<[^<>"{}|^`\\\x00-\x20]*>|\#[^\r\n]*',
    re.DOTALL,
)
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_WORD = re.compile(r"(?<![\w?$:@.-])(SERVICE|FROM)(?![\w-])", re.IGNORECASE)


#: what answers anew each time, and what has patterns that no file states
_PASSING = re.compile(
    r"(?<![\w?$:@.-])((?:RAND|NOW|UUID|STRUUID|BNODE)(?=\s*\()|GRAPH(?![\w-]))", re.IGNORECASE
)


def reaches_out(query: str) -> str | None:
    """Return the word, ``SERVICE`` or ``FROM``, by which a query reaches out; None if by none."""
    found = _WORD.search(_plain(query))
    return found[1].upper() if found else None


def is_volatile(query: str) -> bool:
    """Whether a query may answer otherwise of the same statements, as with ``NOW()``."""
    return _PASSING.search(_plain(query)) is not None


def _plain(query: str) -> str:
    """Return a query without its strings, IRIs and comments."""
    return _SKIPPED.sub(" '' ", _ESCAPE.sub(_letter, query))


def _letter(match: re.Match[str]) -> str:
    code = int(match[1] or match[2], 16)
    letter = chr(code) if code < 0x110000 else ""
    return letter if letter.isalnum() else match[0]
