r"""What is wrong with a file that cannot be read as Turtle: findings like any other, with a place.

>>> for each in broken(Path("a.ttl"), b"a:b a:c 'caf\xe9' ."):
...     print(each.name, each.line, each.column)
...     print(each.message)
FileShape-encoding 1 13
A file must be UTF-8. The byte E9 here is not; in Windows-1252 it is é. Save the file as UTF-8.
"""

import codecs
import difflib
import re
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox

from peelgraph.evidence.turtle import NotTurtle, Token, place, tokens
from peelgraph.namespaces import PEELSH, PREFIXES
from peelgraph.validation.finding import Finding, Place

#: what is demanded of a file before any shape can look at it, and why
CHECKS = {
    "FileShape-readable": "A file that is named must be there and open to the reader.",
    "FileShape-encoding": "Turtle is UTF-8 and nothing else (RDF 1.1 Turtle, section 6): what is "
    "saved otherwise says something else on the next machine, or nothing.",
    "FileShape-turtle": "A file must be Turtle (or TriG, if it is called .trig) to its last "
    "character; of a file that is not, nothing is known, so nothing of it is checked.",
    "FileShape-prefix": "A prefix must be declared in the file that uses it. One prefix means one "
    "namespace in all files, so the usual declaration is suggested.",
}

_FORMATS = {".trig": ox.RdfFormat.TRIG, ".nt": ox.RdfFormat.N_TRIPLES}
_WHERE = re.compile(r"^Parser error (?:at|between|on)[^:]*: ")
_UNDECLARED = re.compile(r"The prefix (.*): has not been declared")
_MARKS = {
    codecs.BOM_UTF8: "a byte-order mark",
    codecs.BOM_UTF16_LE: "UTF-16",
    codecs.BOM_UTF16_BE: "UTF-16",
}


def format_of(path: Path) -> ox.RdfFormat:
    """Return the format that a file's name promises; Turtle, if none."""
    return _FORMATS.get(path.suffix.lower(), ox.RdfFormat.TURTLE)


def unreadable(path: Path, error: OSError) -> Finding:
    """Return the finding that a file cannot be opened."""
    reason = error.strerror or type(error).__name__
    return _finding(path, "readable", f"The file cannot be read: {reason}.", Place(path))


def broken(path: Path, content: bytes) -> list[Finding]:
    """Return why the *content* of a file does not parse; nothing, if it does."""
    for mark, name in _MARKS.items():
        if content.startswith(mark):
            message = f"A file must be UTF-8 without a mark before it; this begins with {name}."
            return [_finding(path, "encoding", f"{message} Save it as UTF-8.", Place(path, 1, 1))]
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        return [_misencoded(path, content, error)]
    try:
        for _ in ox.parse(content, format=format_of(path)):
            pass
    except SyntaxError as error:
        if _UNDECLARED.search(str(error.msg)):
            found = list(_undeclared(path, text))
            if found:
                return found
        return [_not_turtle(path, error)]
    return []


def _misencoded(path: Path, content: bytes, error: UnicodeDecodeError) -> Finding:
    before = content[: error.start]
    line = before.count(b"\n") + 1
    column = len(before.rpartition(b"\n")[2].decode("utf-8")) + 1
    byte = content[error.start : error.start + 1]
    other = byte.decode("cp1252", errors="replace")
    guess = f"; in Windows-1252 it is {other}" if other.isprintable() and other != "�" else ""
    message = f"A file must be UTF-8. The byte {byte.hex().upper()} here is not{guess}."
    where = Place(path, line, column, line, column + 1)
    return _finding(path, "encoding", f"{message} Save the file as UTF-8.", where)


def _not_turtle(path: Path, error: SyntaxError) -> Finding:
    message = _WHERE.sub("", str(error.msg)).rstrip(".")
    where = Place(path, error.lineno, error.offset, error.end_lineno, error.end_offset)
    advice = _ADVICE.get(message, "")
    return _finding(path, "turtle", f"This is not Turtle: {message}.{advice}", where)


_ADVICE = {
    "A dot is expected at the end of statements": " End the statement before this place with a "
    "full stop, or join it with ; or ,.",
    "No scheme found in an absolute IRI": " Write the address in full, or begin the file with "
    "@base.",
    "Unexpected end of file": " Something that begins here is not closed.",
}


def _undeclared(path: Path, text: str) -> Iterator[Finding]:
    """Yield each prefix that is used without being declared, where it is first used."""
    declared: set[str] = set()
    told: set[str] = set()
    before: Token | None = None
    try:
        for token in tokens(text):
            prefix, colon, _ = token.text.partition(":")
            if token.kind == "word" and colon and prefix != "_":
                if before is not None and before.text.lower().lstrip("@") == "prefix":
                    declared.add(prefix)
                elif prefix not in declared | told:
                    told.add(prefix)
                    yield _prefix(path, text, token, prefix, declared)
            if token.kind != "comment":
                before = token
    except NotTurtle:
        return


def _prefix(path: Path, text: str, token: Token, prefix: str, declared: set[str]) -> Finding:
    if prefix in PREFIXES:
        advice = f"Add @prefix {prefix}: <{PREFIXES[prefix]}> ."
    else:
        near = difflib.get_close_matches(prefix, [*declared, *PREFIXES], n=1, cutoff=0.5)
        advice = f"Did you mean {near[0]}:?" if near else "Declare it with @prefix."
    line, column = place(text, token.start)
    where = Place(path, line, column, line, column + len(prefix) + 1)
    return _finding(path, "prefix", f"The prefix {prefix}: is not declared. {advice}", where)


def _finding(path: Path, check: str, message: str, where: Place) -> Finding:
    return Finding(
        severity="violation",
        shape=f"{PEELSH}FileShape-{check}",
        focus=path.resolve().as_uri(),
        message=message,
        label=path.name,
        places=(where,),
    )
