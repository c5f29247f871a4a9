"""The statements of a Turtle text: what stands as subject, predicate and object, and where.

>>> text = '@base <http://a/d> . @prefix p: <http://p/> . <> p:evidence "x", <#char=1,2> ; p:q 1 .'
>>> for statement in outline(text).statements:
...     print(statement.subject, [(use.predicate, use.token.text) for use in statement.uses])
http://a/d [('http://p/evidence', '"x"'), ('http://p/evidence', '<#char=1,2>'), ('http://p/q', '1')]
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from peelgraph.evidence.turtle import Token, tokens, unescape
from peelgraph.namespaces import RDF


@dataclass(frozen=True, slots=True)
class Use:
    """A token in the place of an object; *tagged* if a language or a datatype follows it."""

    predicate: str
    token: Token
    tagged: bool


@dataclass(frozen=True, slots=True)
class Pair:
    """A predicate of the statement's subject with all its objects, *end* exclusive."""

    predicate: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Statement:
    """Everything from a subject to its full stop, *end* exclusive."""

    subject: str
    start: int
    end: int
    uses: tuple[Use, ...]
    pairs: tuple[Pair, ...]
    comments: tuple[Token, ...]


@dataclass(frozen=True, slots=True)
class Prefix:
    """A declared prefix and the characters of its declaration."""

    name: str
    namespace: str
    start: int
    end: int


@dataclass(slots=True)
class Names:
    """How names are to be read at a point in the text."""

    base: str = ""
    base_end: int = 0
    prefixes: dict[str, Prefix] = field(default_factory=dict)

    def iri(self, token: Token) -> str:
        """Return the IRI that *token* names; what is no name comes back as it is."""
        if token.kind == "iri":
            inner = unescape(token.text[1:-1])
            return self.base.partition("#")[0] + inner if inner[:1] in ("", "#") else inner
        if token.text == "a":
            return RDF + "type"
        prefix, colon, local = token.text.partition(":")
        if token.kind == "word" and colon and prefix in self.prefixes:
            return self.prefixes[prefix].namespace + unescape(local)
        return token.text


@dataclass(frozen=True, slots=True)
class Outline:
    """A whole text: its statements, and the names in force at its end."""

    statements: tuple[Statement, ...]
    names: Names


def outline(text: str) -> Outline:
    """Return the outline of a Turtle *text* that is known to parse.

    :raises NotTurtle: the text cannot be cut into tokens
    """
    names = Names()
    found = []
    for group in _groups(tokens(text)):
        content = [token for token in group if token.kind != "comment"]
        if content and content[0].text.lower().lstrip("@") in ("prefix", "base"):
            _declare(names, content)
        elif content:
            found.append(_statement(names, content, group))
    return Outline(tuple(found), names)


def _groups(stream: Iterator[Token]) -> Iterator[list[Token]]:
    """Cut the stream after each full stop, and after each declaration that needs none."""
    group: list[Token] = []
    size = 0
    for token in stream:
        if not size and token.kind == "comment":
            continue
        group.append(token)
        size += token.kind != "comment"
        opening = next(t.text.lower() for t in group if t.kind != "comment")
        bare = {"prefix": 3, "base": 2}.get(opening, 0)
        if (token.kind == "mark" and token.text == ".") or size == bare:
            yield group
            group, size = [], 0


def _declare(names: Names, content: list[Token]) -> None:
    last = content[-1]
    if content[0].text.lower().lstrip("@") == "base":
        names.base, names.base_end = names.iri(content[1]), last.end
    else:
        name = content[1].text.rstrip(":")
        namespace = names.iri(content[2])
        names.prefixes[name] = Prefix(name, namespace, content[0].start, last.end)


def _statement(names: Names, content: list[Token], group: list[Token]) -> Statement:
    """Walk one statement; a level is opened by each bracket."""
    uses: list[Use] = []
    pairs: list[Pair] = []
    levels: list[tuple[str, str]] = []  # the expectation and the predicate of each outer level
    expected, predicate = "subject", ""
    pair_start, datatype = 0, False
    for index, token in enumerate(content):
        mark = token.text if token.kind == "mark" else ""
        following = content[index + 1] if index + 1 < len(content) else token
        if datatype or token.kind == "tag":
            datatype = False
        elif mark == "^^":
            datatype = True
        elif mark in ("[", "("):
            levels.append(("predicate" if expected == "subject" else expected, predicate))
            expected, predicate = ("predicate" if mark == "[" else "object"), ""
        elif mark in ("]", ")"):
            expected, predicate = levels.pop()
        elif mark in (";", "."):
            if not levels and predicate:
                pairs.append(Pair(predicate, pair_start, content[index - 1].end))
                predicate = ""
            expected = "predicate"
        elif mark == ",":
            expected = "object"
        elif expected == "subject":
            expected = "predicate"
        elif expected == "predicate":
            predicate, expected = names.iri(token), "object"
            if not levels:
                pair_start = token.start
        else:
            tagged = following.kind == "tag" or following.text == "^^"
            uses.append(Use(predicate, token, tagged))
    subject = names.iri(content[0])
    comments = tuple(token for token in group if token.kind == "comment")
    start, end = content[0].start, content[-1].end
    return Statement(subject, start, end, tuple(uses), tuple(pairs), comments)
