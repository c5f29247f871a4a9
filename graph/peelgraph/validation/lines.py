r"""Where a Turtle or TriG text says what: each of its triples, with the characters it stands on.

Parsers give triples and forget where they stood. The text is one that parses; this walks its tokens
once more, and keeps their places. A blank node gets a name of its own, that of no parser.

>>> text = "@prefix p: <http://p/> .\np:s p:q 1 ,\n  [ p:r ( 'a' '''b\nc''' ) ] ."
>>> located = Located(text)
>>> long = next(each for each in located.written if "b\\nc" in str(each.triple))
>>> located.line_and_column(long.start), located.line_and_column(long.end)
((3, 15), (4, 5))
"""

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urljoin

import pyoxigraph as ox

from peelgraph.evidence.turtle import Token, string_value, tokens, unescape
from peelgraph.namespaces import RDF, XSD

_NUMBER = re.compile(r"[+-]?(?:(\d+)|(\d*\.\d+)|(?:\d+\.?\d*|\.\d+)[eE][+-]?\d+)\Z")
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_TYPE, _FIRST, _REST, _NIL = (ox.NamedNode(RDF + name) for name in ("type", "first", "rest", "nil"))

Subject = ox.NamedNode | ox.BlankNode
Term = ox.NamedNode | ox.BlankNode | ox.Literal


@dataclass(frozen=True, slots=True)
class Written:
    """A triple, and where its parts begin (characters from 0); *end* of the object is exclusive."""

    triple: ox.Triple
    subject_at: int
    predicate_at: int
    start: int
    end: int


@dataclass(slots=True)
class _Level:
    """What is open at a point of the text: a statement, a ``[`` or a ``(``."""

    opened: str = ""
    at: int = 0
    subject: Subject | None = None
    subject_at: int = 0
    predicate: ox.NamedNode | None = None
    predicate_at: int = 0
    #: the last node of a list, and how often its ``rdf:rest`` has been written
    node: ox.BlankNode | None = None
    head: ox.BlankNode | None = None


class Located:
    """A text, and each of its triples with its place.

    :raises NotTurtle: the text cannot be cut into tokens
    """

    def __init__(self, text: str) -> None:
        self._starts = [0, *(match.end() for match in re.finditer("\n", text))]
        self.text = text
        self.written: list[Written] = []
        #: where each blank node is opened
        self.opened: dict[ox.BlankNode, int] = {}
        self._base = ""
        self._prefixes: dict[str, str] = {}
        self._levels = [_Level()]
        self._walk([each for each in tokens(text) if each.kind != "comment"])

    def line_and_column(self, position: int) -> tuple[int, int]:
        """Return line and column of a character, both from 1."""
        line = bisect_right(self._starts, position)
        return line, position - self._starts[line - 1] + 1

    @cached_property
    def of_subject(self) -> dict[Subject, list[Written]]:
        """What is written of each thing, in order."""
        found: dict[Subject, list[Written]] = {}
        for each in self.written:
            assert not isinstance(each.triple.subject, ox.Triple)
            found.setdefault(each.triple.subject, []).append(each)
        return found

    def _walk(self, stream: list[Token]) -> None:
        at = 0
        while at < len(stream):
            token = stream[at]
            lower = token.text.lower().lstrip("@")
            if self._is_new and lower in ("prefix", "base") and at + 1 < len(stream):
                at += self._declare(lower, stream[at + 1 : at + 3])
            elif token.kind in ("string",):
                at += self._string(stream, at)
                continue
            elif token.kind == "mark":
                self._mark(token)
            elif not (self._is_new and lower == "graph"):
                self._take(self._named(token), token.start, token.end)
            at += 1

    @property
    def _is_new(self) -> bool:
        return len(self._levels) == 1 and self._levels[0].subject is None

    def _declare(self, what: str, said: list[Token]) -> int:
        if what == "base":
            self._base = self._resolved(unescape(said[0].text[1:-1]))
            return 1
        self._prefixes[said[0].text.rstrip(":")] = self._resolved(unescape(said[1].text[1:-1]))
        return 2

    def _resolved(self, iri: str) -> str:
        if _ABSOLUTE.match(iri):
            return iri
        base = self._base.partition("#")[0]
        return base + iri if iri[:1] in ("", "#") else urljoin(base, iri)

    def _iri(self, token: Token) -> ox.NamedNode:
        if token.kind == "iri":
            return ox.NamedNode(self._resolved(unescape(token.text[1:-1])))
        prefix, _, local = token.text.partition(":")
        return ox.NamedNode(self._prefixes.get(prefix, prefix + ":") + unescape(local))

    def _named(self, token: Token) -> Term:
        text = token.text
        if token.kind == "iri":
            return self._iri(token)
        level = self._levels[-1]
        if text == "a" and level.subject is not None and level.predicate is None:
            return _TYPE
        if text.startswith("_:"):
            self.opened.setdefault(node := ox.BlankNode(text[2:]), token.start)
            return node
        if text in ("true", "false"):
            return ox.Literal(text, datatype=ox.NamedNode(XSD + "boolean"))
        if (number := _NUMBER.match(text)) is not None:
            kind = "integer" if number[1] else "decimal" if number[2] else "double"
            return ox.Literal(text, datatype=ox.NamedNode(XSD + kind))
        return self._iri(token)

    def _string(self, stream: list[Token], at: int) -> int:
        """Take a literal with its language or its datatype; return how many tokens these are."""
        token, value = stream[at], string_value(stream[at].text)
        following = stream[at + 1] if at + 1 < len(stream) else token
        if following.kind == "tag" and following.start == token.end:
            self._take(ox.Literal(value, language=following.text[1:]), token.start, following.end)
            return 2
        if following.text == "^^" and at + 2 < len(stream):
            datatype = stream[at + 2]
            literal = ox.Literal(value, datatype=self._iri(datatype))
            self._take(literal, token.start, datatype.end)
            return 3
        self._take(ox.Literal(value), token.start, token.end)
        return 1

    def _mark(self, token: Token) -> None:
        level = self._levels[-1]
        if token.text in ("[", "("):
            below = _Level(token.text, token.start)
            if token.text == "[":
                below.subject, below.subject_at = self._new(token.start), token.start
            self._levels.append(below)
        elif token.text in ("]", ")") and len(self._levels) > 1:
            self._levels.pop()
            self._close(level, token.end)
        elif token.text in ("{", "}"):
            self._levels = [_Level()]
        elif token.text == "." and len(self._levels) == 1:
            self._levels[0] = _Level()
        elif token.text == ";":
            level.predicate = None

    def _close(self, level: _Level, end: int) -> None:
        if level.opened == "[":
            assert level.subject is not None
            self._take(level.subject, level.at, end)
        elif level.head is None or level.node is None:
            self._take(_NIL, level.at, end)
        else:
            self._write(level.node, level.at, _REST, level.at, _NIL, end - 1, end)
            self._take(level.head, level.at, end)

    def _take(self, term: Term, start: int, end: int) -> None:
        """Put a term where the text expects one."""
        level = self._levels[-1]
        if level.opened == "(":
            node, before = self._new(start), level.node
            if before is not None:
                self._write(before, level.at, _REST, start, node, start, end)
            level.head = level.head or node
            level.node = node
            self._write(node, level.at, _FIRST, start, term, start, end)
        elif level.subject is None:
            if not isinstance(term, ox.Literal):
                level.subject, level.subject_at = term, start
        elif level.predicate is None:
            if isinstance(term, ox.NamedNode):
                level.predicate, level.predicate_at = term, start
        else:
            self._write(
                *(level.subject, level.subject_at, level.predicate, level.predicate_at),
                *(term, start, end),
            )

    def _write(
        self,
        subject: Subject,
        subject_at: int,
        predicate: ox.NamedNode,
        predicate_at: int,
        term: Term,
        start: int,
        end: int,
    ) -> None:
        triple = ox.Triple(subject, predicate, term)
        self.written.append(Written(triple, subject_at, predicate_at, start, end))

    def _new(self, at: int) -> ox.BlankNode:
        node = ox.BlankNode(f"at{at}n{len(self.opened)}")
        self.opened[node] = at
        return node
