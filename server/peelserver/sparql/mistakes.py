"""What is wrong with a query that does not parse, so that whoever wrote it can put it right.

The worker says where the parser got stuck, and what it wanted there (``syntax``). Many mistakes
show in the words of the query, earlier and with a remedy at hand: these are looked for here.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import pairwise

from peelgraph.namespaces import PREFIXES
from peelserver.answering.jobs import QuerySyntax
from peelserver.sparql.guard import split
from peelserver.sparql.tokens import (
    BRACKETS,
    KEYWORDS,
    QUERY_FORMS,
    Token,
    decoded,
    tokens,
    unglued,
)

#: namespaces that are not ours but that people use, by their usual prefix
USUAL: dict[str, str] = {
    "bibo": "http://purl.org/ontology/bibo/",
    "dbo": "http://dbpedia.org/ontology/",
    "dbr": "http://dbpedia.org/resource/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dct": "http://purl.org/dc/terms/",
    "geo": "http://www.w3.org/2003/01/geo/wgs84_pos#",
    "geosparql": "http://www.opengis.net/ont/geosparql#",
    "fn": "http://www.w3.org/2005/xpath-functions#",
    "sd": "http://www.w3.org/ns/sparql-service-description#",
    "sosa": "http://www.w3.org/ns/sosa/",
    "time": "http://www.w3.org/2006/time#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "wd": "http://www.wikidata.org/entity/",
    "wdt": "http://www.wikidata.org/prop/direct/",
}
_BY_NAMESPACE = {namespace: prefix for prefix, namespace in PREFIXES.items()}

#: what looks like an IRI, up to a sign that none can have
_IRI = re.compile(r"<(?:https?:|urn:|file:|#|/)[^>\r\n]{0,200}?[\s\"{}|^`\\]")

#: characters of the offending line that are shown
_WIDEST = 160

_REMEDIES = {
    "The SELECT contains a variable that is unbound.": "Beside COUNT and the like, a selected "
    "variable has to stand in GROUP BY, or in an aggregate such as (SAMPLE(?x) AS ?one).",
}
_PROLOGUE = {
    "PREFIX": "Write PREFIX name: <namespace>.",
    "BASE": "Write BASE <iri>.",
    "VERSION": 'Write VERSION "1.1".',
}
_OPENERS = {opener: closer for closer, opener in BRACKETS.items()}


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong and where: line and column count from 1.

    :param detail: a sentence
    :param excerpt: the offending line, or the part of it around the column
    :param hint: what to do, where that is obvious
    """

    detail: str
    line: int
    column: int
    excerpt: str
    hint: str | None = None


@dataclass(frozen=True, slots=True)
class _Found:
    at: int
    says: str
    hint: str | None = None


def mistake(query: str, error: QuerySyntax) -> Mistake:
    """Return what is wrong with a query that the engine did not take.

    :param error: what the worker says, with its place in the query as the worker had it
    """
    text = decoded(query)
    stuck = _offset(text, error.line, error.column)
    found = tokens(text)
    prologue, rest = split(found)
    declared = {*PREFIXES, *(each.text[:-1] for each in prologue if each.kind == "name")}
    first = next(_mistakes(text, found, list(unglued(rest, declared)), declared), None)
    if first is None or (stuck is not None and first.at > stuck):
        said = "" if error.message.startswith("The query does not parse") else error.message
        first = _Found(stuck or 0, said, _REMEDIES.get(said))
    line, column, excerpt = _place(text, first.at)
    detail = f"The query does not parse at line {line}, column {column}. {first.says}".rstrip()
    return Mistake(detail, line, column, excerpt, first.hint)


def _mistakes(
    text: str, found: list[Token], rest: list[Token], declared: set[str]
) -> Iterator[_Found]:
    """Yield what is wrong with the words themselves, what is surest first."""
    if not found:
        yield _Found(0, "It is empty.", "Write a SELECT, ASK, CONSTRUCT or DESCRIBE.")
        return
    yield from _strays(text, found)
    if rest and rest[0].upper in _PROLOGUE:
        yield _Found(rest[0].at, f"This {rest[0].upper} is not complete.", _PROLOGUE[rest[0].upper])
    yield from _prefixes(rest, declared)
    yield from _words(rest)
    yield from _brackets(text, rest)
    yield from _phrases(rest)


def _strays(text: str, found: list[Token]) -> Iterator[_Found]:
    for token in found:
        if token.kind == "stray":
            if token.text in "'\"":
                yield _Found(
                    token.at,
                    "A string is not closed.",
                    "A string over several lines takes three quotes at each end.",
                )
            elif token.text == "\\":
                yield _Found(token.at, "A backslash stands outside of strings and IRIs.")
            else:
                yield _Found(token.at, f"{_shown(token.text)} stands where no such sign can.")
        elif token.text == "<" and (wrong := _iri(text, token.at)) is not None:
            yield wrong


def _iri(text: str, at: int) -> _Found | None:
    """Return what is wrong with what looks like an IRI and is none."""
    if _IRI.match(text, at) is None:
        return None
    return _Found(at, "An IRI is not closed, or has a sign in it that IRIs cannot have.")


def _prefixes(rest: list[Token], declared: set[str]) -> Iterator[_Found]:
    for token in rest:
        prefix = token.text.partition(":")[0]
        if token.kind == "name" and prefix not in declared:
            says = f"The prefix '{prefix[:40]}:' is not declared."
            if not prefix:
                says = "The empty prefix ':' is not declared."
            yield _Found(token.at, says, _about(prefix, declared))


def _about(prefix: str, declared: set[str]) -> str | None:
    """Return what to do about a prefix that is not declared."""
    if not prefix:
        return f"The names of this graph's ontology begin with 'peel:' (<{PREFIXES['peel']}>)."
    if (namespace := USUAL.get(prefix)) is not None:
        if (ours := _BY_NAMESPACE.get(namespace)) is not None:
            return f"Here the prefix of <{namespace}> is '{ours}:', which need not be declared."
        return f"If you mean <{namespace}>, begin with PREFIX {prefix}: <{namespace}>."
    same = [each for each in declared if each.lower() == prefix.lower()]
    near = same or get_close_matches(prefix, sorted(declared), n=1, cutoff=0.6)
    if near and near[0] in PREFIXES:
        return f"Do you mean '{near[0]}:' (<{PREFIXES[near[0]]}>)? That need not be declared."
    if near:
        return f"Do you mean '{near[0]}:'?"
    return f"Begin with PREFIX {prefix[:40]}: and the namespace in < >."


def _words(rest: list[Token]) -> Iterator[_Found]:
    if rest and rest[0].upper not in QUERY_FORMS:
        near = get_close_matches(rest[0].upper, sorted(QUERY_FORMS), n=1, cutoff=0.6)
        yield _Found(
            rest[0].at,
            f"It begins with {_shown(rest[0].text)}.",
            f"Do you mean {near[0]}?"
            if near
            else "A query begins with SELECT, ASK, CONSTRUCT or DESCRIBE, after its prefixes.",
        )
    for token, after in zip(rest, [*rest, *_END][1:], strict=False):
        if token.kind == "word" and token.upper not in KEYWORDS:
            like_one = token.text.isupper() or after.text in ("(", "{")
            near = get_close_matches(token.upper[:40], sorted(KEYWORDS), n=1, cutoff=0.7)
            yield _Found(
                token.at,
                f"{_shown(token.text)} is no word of SPARQL.",
                f"Do you mean {near[0]}?"
                if near and like_one
                else "A variable begins with '?', a name has a prefix, a string has quotes.",
            )


def _brackets(text: str, rest: list[Token]) -> Iterator[_Found]:
    opened: list[Token] = []
    for token in rest:
        if token.text in _OPENERS:
            opened.append(token)
        elif token.text in BRACKETS:
            if not opened:
                yield _Found(token.at, f"'{token.text}' closes what was not opened.")
                return
            opener = opened.pop()
            if BRACKETS[token.text] != opener.text:
                line, column, _ = _place(text, opener.at)
                yield _Found(
                    token.at,
                    f"'{token.text}' stands where '{_OPENERS[opener.text]}' would close the "
                    f"'{opener.text}' of line {line}, column {column}.",
                )
                return
    if opened:
        yield _Found(opened[-1].at, f"This '{opened[-1].text}' is never closed.")


def _phrases(rest: list[Token]) -> Iterator[_Found]:
    depth = 0
    for this, after in pairwise(rest):
        depth += (this.text in _OPENERS) - (this.text in BRACKETS)
        if this.upper in ("ORDER", "GROUP") and after.upper != "BY":
            yield _Found(this.at, f"{this.upper} is not followed by BY.")
        elif this.upper == "FILTER" and after.kind not in ("word", "name", "iri", "mark"):
            yield _Found(after.at, "What FILTER tests has no brackets.", "Write FILTER (…).")
        elif this.upper == "SELECT" and after.upper and after.upper not in _AFTER_SELECT:
            yield _Found(
                after.at,
                f"SELECT has {after.upper} without brackets and a name.",
                f"Write SELECT ({after.upper}(…) AS ?name).",
            )
        elif this.text == "," and not depth:
            yield _Found(this.at, "A comma stands between variables.", "Leave a space instead.")
    for before, *two, after in zip(rest, rest[1:], rest[2:], rest[3:], strict=False):
        simple = all(each.kind in _TERMS or each.upper == "A" for each in two)
        if before.text in ("{", ".") and simple and after.text in (".", "}"):
            yield _Found(
                two[0].at,
                "A triple has no object.",
                "It takes three terms: subject, predicate, object.",
            )


_END = (Token("", "", 0),)
_AFTER_SELECT = frozenset({"DISTINCT", "REDUCED"})
_TERMS = frozenset({"variable", "iri", "name", "string", "number", "blank"})


def _offset(text: str, line: int | None, column: int | None) -> int | None:
    if line is None or column is None:
        return None
    starts = [0, *(found.end() for found in re.finditer("\n", text))]
    return min(starts[min(line, len(starts)) - 1] + column - 1, len(text))


def _place(text: str, at: int) -> tuple[int, int, str]:
    """Return line, column and the line itself, or what is around the column if it is long."""
    start = max(text.rfind("\n", 0, at), text.rfind("\r", 0, at)) + 1
    line = len(re.findall("\r\n|\r|\n", text[:start])) + 1
    end = re.compile("[\r\n]|$").search(text, at)
    excerpt = text[start : end.start() if end else len(text)]
    if len(excerpt) > _WIDEST:
        begin = max(0, at - start - _WIDEST // 2)
        excerpt = ("…" if begin else "") + excerpt[begin : begin + _WIDEST] + "…"
    return line, at - start + 1, excerpt


def _shown(text: str) -> str:
    shown = text if len(text) <= 40 else text[:40] + "…"
    return f"'{shown}'" if shown.isprintable() else f"The character U+{ord(text[0]):04X}"
