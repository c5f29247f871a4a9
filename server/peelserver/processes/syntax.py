"""What is wrong with a query that does not parse, in words, and where.

The parser's own message names the furthest character that any of its attempts looked at, and
attempts at keywords look ahead. So the query is parsed once more with its tokens far apart: then
that character lies within the token that is wrong, or in the gap behind it. What could stand there
instead is found by trying.

>>> error = explained("SELECT * WHERE { ?s ?p }")
>>> error.message, error.line, error.column
("Found '}' where a variable, an IRI, a string or a number should stand.", 1, 24)
"""

import re
from bisect import bisect_right
from itertools import accumulate

import pyoxigraph as ox

from peelgraph.namespaces import PREFIXES
from peelserver.answering.jobs import QuerySyntax

#: what sets tokens apart: longer than any keyword
_GAP = " " * 20

#: characters beyond which only the parser's own place is told
_LONG = 10_000

_TOKEN = re.compile(
    r"""
      (?P<space> \s+ | \#[^\n\r]* )
    | (?P<iri> <[^<>"{}|^`\\\x00-\x20]*> )
    | (?P<string> \"{3}(?:[^"\\]|\\.|\"{1,2}(?!\"))*\"{3} | '{3}(?:[^'\\]|\\.|'{1,2}(?!'))*'{3}
                | "(?:[^"\\\n\r]|\\.)*" | '(?:[^'\\\n\r]|\\.)*' )
    | (?P<variable> [?$]\w+ )
    | (?P<name> (?:[^\W\d_](?:[\w.-]{0,60}[\w-])?)?:
                (?:(?:[\w:%-]|\\.)(?:(?:[\w:.%-]|\\.)*(?:[\w:%-]|\\.))?)? )
    | (?P<number> \d+(?:\.\d+)?(?:[eE][+-]?\d+)? )
    | (?P<language> @[A-Za-z]+(?:-[A-Za-z0-9]+)* )
    | (?P<word> \w+ )
    | (?P<sign> \^\^ | && | \|\| | [!<>]= | . )
    """,
    re.VERBOSE | re.DOTALL,
)

#: what is tried in place of a wrong token, and what it is called
_FORMS = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
_TRIED = {
    "?v": "a variable",
    "<x:x>": "an IRI",
    '"x"': "a string",
    "1": "a number",
    "}": "'}'",
    ")": "')'",
    "{": "'{'",
    "(": "'('",
    ",": "','",
    "AS": "AS",
    "BY": "BY",
    "EXISTS": "EXISTS",
}

_AGGREGATES = frozenset(("COUNT", "SUM", "AVG", "MIN", "MAX", "SAMPLE", "GROUP_CONCAT"))

#: words before a bracket that are no functions
_KEYWORDS = frozenset(("AS", "BIND", "BY", "FILTER", "HAVING", "IN", "SELECT", "VALUES", "WHERE"))

_PREFIX = re.compile(r"\bPREFIX\s+([^\s:]*):", re.IGNORECASE)


def explained(query: str) -> QuerySyntax:
    """Return what is wrong with a query that does not parse, and where."""
    place = _furthest(query)
    if place is None or len(query) > _LONG:
        return QuerySyntax("The query does not parse.", *_line_and_column(query, place))
    tokens = [each for each in _TOKEN.finditer(query) if each.lastgroup != "space"]
    starts, apart = _apart(tokens)
    found = _furthest(apart)
    if found is None:  # it depends on what stands together
        return QuerySyntax("The query does not parse.", *_line_and_column(query, place))
    for each in tokens:
        if each[0] in "\"'":
            return QuerySyntax("This string does not end.", *_line_and_column(query, each.start()))
    wrong = len(tokens) if found >= len(apart) else bisect_right(starts, found) - 1
    if wrong == len(tokens):
        message = _rule(apart) or _expected(apart, "The query ends")
        return QuerySyntax(message, *_line_and_column(query, len(query.rstrip())))
    before = apart[: starts[wrong]]
    message = (
        _word(query, tokens[wrong])
        or _rule(apart)
        or _expected(before, f"Found {_quoted(tokens[wrong][0])}")
    )
    return QuerySyntax(message, *_line_and_column(query, tokens[wrong].start()))


def _apart(tokens: list[re.Match[str]]) -> tuple[list[int], str]:
    """Return the tokens far apart from each other, and where each begins."""
    texts = [each[0] + _GAP for each in tokens]
    return list(accumulate(map(len, texts[:-1]), initial=0)), "".join(texts)


def _furthest(query: str) -> int | None:
    """Return how far the parser got, in characters; None if the query parses."""
    message = _message(query)
    found = message and re.match(r"error at (\d+):(\d+)", message)
    if not found:
        return None if message is None else 0
    lines = query.split("\n")
    line, column = int(found[1]) - 1, int(found[2]) - 1
    return sum(len(each) + 1 for each in lines[:line]) + column


def _message(query: str) -> str | None:
    try:
        ox.Store().query(query, prefixes=PREFIXES)
    except SyntaxError as error:
        return str(error)
    except (OSError, ValueError):
        return None
    return None


def _expected(before: str, found: str) -> str:
    """Say what was found, and what should stand there."""
    if not before.strip():
        could = list(_FORMS)
    elif _furthest(before) is None:
        return f"{found} where the query should end."
    else:
        could = [name for tried, name in _TRIED.items() if _could_stand(before, tried)][:4]
    if not could:
        return f"{found} where it cannot stand."
    said = ", ".join(could[:-1]) + f" or {could[-1]}" if could[1:] else could[0]
    return f"{found} where {said} should stand."


def _could_stand(before: str, tried: str) -> bool:
    furthest = _furthest(before + tried + _GAP)
    return furthest is None or furthest >= len(before) + len(tried) + len(_GAP)


def _rule(query: str) -> str | None:
    """Return the rule that the query breaks, where the parser says it as a sentence."""
    found = re.search(r"\b(The [A-Za-z ]{15,}|[A-Z][a-z]+ [a-z ]{15,})", _message(query) or "")
    return found and found[1].strip() + "."


def _word(query: str, token: re.Match[str]) -> str | None:
    """Return what is wrong with a token by itself, if anything is."""
    text = token[0]
    if token.lastgroup == "name":
        prefix = text.partition(":")[0]
        if prefix not in PREFIXES and prefix not in _PREFIX.findall(query):
            return f"The prefix '{prefix}:' is not declared."
    if token.lastgroup == "iri" and not re.match(r"<[A-Za-z][A-Za-z0-9+.-]*:", text):
        return f"The IRI {text} is relative, and there is no BASE that it is relative to."
    if token.lastgroup == "string" and "\\" in text:
        return f"An escape in the string {text} is wrong, or the string cannot stand here."
    if text.upper() in _AGGREGATES:
        return f"An aggregate stands in brackets, with a name: ({text}(…) AS ?name)."
    called = re.match(r"\s*\(", query[token.end() :])
    if token.lastgroup == "word" and called and text.upper() not in _KEYWORDS:
        return f"There is no function '{text}', or it cannot stand here."
    return None


def _quoted(text: str) -> str:
    short = text if len(text) <= 40 else text[:37] + "…"
    return f"'{short}'" if "'" not in short else f'"{short}"'


def _line_and_column(query: str, place: int | None) -> tuple[int | None, int | None]:
    if place is None:
        return None, None
    before = query[:place]
    return before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1
