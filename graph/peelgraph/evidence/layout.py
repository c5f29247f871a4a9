r"""The layout of a record: white space between what is said, so that diffs stay small.

What is said, its order and every comment stay as the author put them; prefixes are sorted where
all of them stand at the top. Each property begins a line, four spaces in. Several passages, and
several objects that do not fit on the line of their property, stand one to a line, eight spaces
in. A passage's own statement is one line.

>>> print(formatted("@prefix p: <http://p/> .\np:a  a p:B;p:c 'x' , 1 ."), end="")
@prefix p: <http://p/> .
<BLANKLINE>
p:a a p:B ;
    p:c 'x', 1 .
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from peelgraph.evidence.turtle import NotTurtle, Token, place, tokens

#: how long a line may be before its objects are set one to a line
WIDTH = 100
_OBJECT = "        "
_DECLARES = {"@prefix", "@base", "prefix", "base"}


class CannotFormat(ValueError):
    """A text that cannot be laid out without loss; the message says where and why."""


@dataclass(slots=True)
class _Piece:
    """A property with its objects, or an object, and the comments before and behind it."""

    tokens: list[Token] = field(default_factory=list)
    before: list[str] = field(default_factory=list)
    behind: str = ""
    objects: list["_Piece"] = field(default_factory=list)


@dataclass(slots=True)
class _Element:
    """A comment, a declaration or a statement, and whether an empty line stood before it."""

    apart: bool
    tokens: list[Token]
    behind: str = ""

    @property
    def is_comment(self) -> bool:
        return self.tokens[0].kind == "comment"

    @property
    def is_declaration(self) -> bool:
        return self.tokens[0].text.lower() in _DECLARES

    @property
    def is_line(self) -> bool:
        """Whether it is kept on one line: the statement of a passage, a declaration, a comment."""
        return self.is_comment or self.is_declaration or self.tokens[0].text.startswith("<#")


def formatted(text: str) -> str:
    """Return *text*, which is known to be Turtle, in the layout of records.

    :raises CannotFormat: a comment stands inside a property, or a token is not known
    """
    try:
        elements = _sorted(list(_elements(text)))
    except NotTurtle as error:
        raise CannotFormat(_at(text, error.position, "this cannot be cut into tokens")) from None
    lines: list[str] = []
    previous: _Element | None = None
    for element in elements:
        if previous is not None and _is_apart(previous, element):
            lines.append("")
        lines += _laid_out(element, text)
        previous = element
    end = "\r\n" if "\r\n" in text else "\n"
    result = end.join([*lines, ""]) if lines else ""
    if sorted(_said(text)) != sorted(_said(result)):  # never seen; better no layout than a loss
        raise CannotFormat("line 1, column 1: the layout would change what the file says")
    return result


def _elements(text: str) -> Iterator[_Element]:
    """Cut *text* at full stops and after declarations that have none."""
    current: _Element | None = None
    done = _Element(False, [])
    last: Token | None = None
    level = size = 0
    for token in tokens(text):
        between = text[last.end : token.start] if last else ""
        if current is None and token.kind == "comment" and last and "\n" not in between:
            done.behind = token.text
        elif current is None:
            done = current = _Element(between.count("\n") > 1, [token])
            size = token.kind != "comment"
        else:
            current.tokens.append(token)
            size += token.kind != "comment"
        if current is not None:
            level += (token.text in ("[", "(")) - (token.text in ("]", ")"))
            opening = current.tokens[0].text.lower()
            whole = token.kind == "mark" and token.text == "." and not level
            if whole or current.is_comment or size == {"prefix": 3, "base": 2}.get(opening):
                yield current
                current = None
        last = token
    if current is not None:
        raise CannotFormat(_at(text, current.tokens[0].start, "a full stop is missing"))


def _sorted(elements: list[_Element]) -> list[_Element]:
    """Bring the prefixes into the order of the alphabet, where they stand together at the top."""
    count = next((i for i, each in enumerate(elements) if not each.is_declaration), len(elements))
    head, rest = elements[:count], elements[count:]
    bases = [each for each in head if each.tokens[0].text.lower().endswith("base")]
    prefixes = [each for each in head if each not in bases]
    names = {each.tokens[1].text for each in prefixes}
    relative = any(not _is_absolute(each.tokens[2].text) for each in prefixes)
    if len(bases) > 1 or len(names) < len(prefixes) or relative:
        return elements
    if any(each.behind or _comments(each) for each in head):
        return elements
    if any(each.is_declaration for each in rest):
        return elements
    for each in head:
        each.apart = False
    return [*bases, *sorted(prefixes, key=_name), *rest]


def _is_apart(previous: _Element, element: _Element) -> bool:
    """Whether an empty line stands between two elements."""
    if previous.is_comment and not element.is_comment:
        return element.apart
    if previous.is_declaration != element.is_declaration:
        return True
    return element.apart or not (previous.is_line and element.is_line)


def _laid_out(element: _Element, text: str) -> list[str]:
    behind = f"  {element.behind}" if element.behind else ""
    if element.is_comment:
        return [element.tokens[0].text.rstrip()]
    if element.is_line:
        if comments := _comments(element):
            raise CannotFormat(_at(text, comments[0].start, "a comment stands inside one line"))
        return [_inline(element.tokens) + behind]
    subject, properties = _parts(element, text)
    lines: list[str] = []
    for number, piece in enumerate(properties):
        lines += [f"    {comment}" for comment in piece.before]
        start = f"{_inline(subject)} " if not number else "    "
        mark = " ;" if number < len(properties) - 1 else " ."
        lines += _property(start + _inline(piece.tokens), piece, mark)
    if not properties:  # [ … ] . alone
        lines = [f"{_inline(subject)} ."]
    lines[-1] += behind
    return lines


def _property(start: str, piece: _Piece, mark: str) -> list[str]:
    objects = [_inline(each.tokens) for each in piece.objects]
    line = f"{start} {', '.join(objects)}{mark}"
    noted = any(each.before or each.behind for each in piece.objects)
    passages = len(objects) > 1 and objects[0].startswith("<#")
    if not noted and not passages and (len(objects) == 1 or len(line) <= WIDTH):
        return [line + (f"  {piece.behind}" if piece.behind else "")]
    lines = [start]
    for number, (each, said) in enumerate(zip(piece.objects, objects, strict=True)):
        lines += [f"{_OBJECT}{comment}" for comment in each.before]
        end = "," if number < len(objects) - 1 else mark
        behind = each.behind or (piece.behind if number == len(objects) - 1 else "")
        lines.append(f"{_OBJECT}{said}{end}{f'  {behind}' if behind else ''}")
    return lines


def _parts(element: _Element, text: str) -> tuple[list[Token], list[_Piece]]:
    """Return the subject of a statement and its properties."""
    content = element.tokens[:-1]
    subject, position = _term(content, 0, text)
    properties: list[_Piece] = []
    waiting: list[str] = []
    expected = "predicate"
    while position < len(content):
        token, previous = content[position], content[position - 1]
        if token.kind == "comment":
            if previous.kind != "comment" and previous.text not in (";", ","):
                raise CannotFormat(_at(text, token.start, "a comment stands inside a property"))
            if "\n" in text[previous.end : token.start]:
                waiting.append(token.text.rstrip())
            else:
                piece = properties[-1]
                noted = piece.objects[-1] if previous.text == "," else piece
                noted.behind = token.text.rstrip()
            position += 1
        elif token.kind == "mark" and token.text in (";", ","):
            expected = "predicate" if token.text == ";" else "object"
            position += 1
        elif expected == "predicate":
            properties.append(_Piece([token], waiting))
            waiting, expected = [], "object"
            position += 1
        else:
            value, position = _term(content, position, text)
            properties[-1].objects.append(_Piece(value, waiting))
            waiting = []
    if waiting:
        where = next(each for each in reversed(content) if each.kind == "comment")
        raise CannotFormat(_at(text, where.start, "a comment stands before the full stop"))
    return subject, properties


def _term(content: list[Token], start: int, text: str) -> tuple[list[Token], int]:
    """Return the tokens of the term that begins at *start*, and where the next one does."""
    level, position = 0, start
    while position < len(content):
        token = content[position]
        if token.kind == "comment":
            raise CannotFormat(_at(text, token.start, "a comment stands inside a property"))
        level += (token.text in ("[", "(")) - (token.text in ("]", ")"))
        position += 1
        following = content[position].text if position < len(content) else ""
        tagged = following == "^^" or token.text == "^^" or following.startswith("@")
        if not level and not tagged:
            break
    return content[start:position], position


def _inline(content: list[Token]) -> str:
    """Return tokens on one line, spaced as records are."""
    said = [content[0].text]
    for previous, token in pairwise(content):
        close = token.kind == "tag" or "^^" in (token.text, previous.text) or token.text == ","
        empty = (previous.text, token.text) in (("[", "]"), ("(", ")"))
        said.append(token.text if close or empty else f" {token.text}")
    return "".join(said)


def _said(text: str) -> list[str]:
    """Return the statements of *text* as their tokens, without marks that say nothing."""
    found = []
    for element in _elements(text):
        kept = [each.text.rstrip() for each in element.tokens]
        says = [
            each
            for each, following in zip(kept, [*kept[1:], ""], strict=True)
            if not (each == ";" and following in (";", ".", "]"))
        ]
        found.append("\x00".join([*says, element.behind.rstrip()]))
    return found


def _comments(element: _Element) -> list[Token]:
    return [each for each in element.tokens if each.kind == "comment"]


def _name(prefix: _Element) -> str:
    return prefix.tokens[1].text.rstrip(":")


def _is_absolute(iri: str) -> bool:
    return "://" in iri or iri.startswith("<urn:")


def _at(text: str, position: int, message: str) -> str:
    line, column = place(text, position)
    return f"line {line}, column {column}: {message}"
