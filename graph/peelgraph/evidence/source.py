"""A source document as text: what offsets count in, and what digests are taken of."""

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from peelgraph.evidence.problem import Problem, Unreadable


@dataclass(frozen=True, slots=True)
class Source:
    """The text of a document; :attr:`digest` is the SHA-256 of its bytes, in hexadecimal."""

    file: Path
    text: str
    digest: str

    def line(self, offset: int) -> int:
        """Return the line on which the character at *offset* stands, counted from 1."""
        return self.text.count("\n", 0, offset) + 1


def read_source(file: Path) -> Source:
    """Read a source document.

    :raises Unreadable: it is missing, not a file, or not UTF-8
    """
    try:
        content = file.read_bytes()
    except OSError as error:
        raise Unreadable(Problem(file, None, f"Cannot be read: {error.strerror}.")) from error
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise Unreadable(Problem(file, line, "Is not UTF-8 text.")) from error
    return Source(file, text, sha256(content).hexdigest())


def find_source(folder: Path, identifier: str | None, digest: str | None) -> Source | None:
    """Return the source with the name *identifier* in *folder*, else the one with this *digest*.

    :raises Unreadable: the file of this name cannot be read
    """
    if identifier and Path(identifier).name == identifier and (folder / identifier).is_file():
        return read_source(folder / identifier)
    for file in _files(folder) if digest else ():
        with suppress(OSError):
            if sha256(file.read_bytes()).hexdigest() == digest:
                return read_source(file)
    return None


def _files(folder: Path) -> Iterator[Path]:
    return (file for file in sorted(folder.iterdir()) if file.is_file())


def digest_of(text: str) -> str:
    """Return the SHA-256 of *text* in UTF-8, in hexadecimal."""
    return sha256(text.encode("utf-8")).hexdigest()


def plain(text: str) -> str:
    r"""Return *text* with every run of white space as one space.

    >>> plain(" a\u00a0 b\nc ")
    'a b c'
    """
    return " ".join(text.split())


def excerpt(source: Source, start: int, end: int, around: int = 40) -> str:
    """Return the words from *start* to *end* with a little of what surrounds them, on one line."""
    before, after = source.text[:start], source.text[end:]
    if len(before) > around:
        before = re.sub(r"^\S*\s", "… ", before[-around:])
    if len(after) > around:
        after = re.sub(r"\s\S*$", " …", after[:around])
    words = plain(source.text[start:end])
    if len(words) > 90:
        words = f"{words[:50]} … {words[-30:]}"
    left = " " if before[-1:].isspace() else ""
    right = " " if after[:1].isspace() else ""
    return f"{plain(before)}{left}[[{words}]]{right}{plain(after)}"
