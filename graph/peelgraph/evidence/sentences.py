r"""The sentences and bullets of a document: what every record has to account for.

1. A line break ends a sentence. A line without a letter or a digit holds none.
2. A mark at the start of a line (``•``, ``-``, ``–``, ``*`` and a space) makes its sentences
   bullets; the mark is no part of them.
3. A line that begins with ``|`` is the row of a table: one sentence, from its first cell to its
   last; the bars need not be covered.
4. Within a line, a sentence ends at ``.``, ``!``, ``?`` or ``…`` with any closing quotation marks
   or brackets, before white space, where a capital letter, a digit or an opening quotation mark or
   bracket follows.
5. No sentence ends at a known abbreviation ("Mr.", "e.g.") or at a single initial ("J. Smith").

>>> [s.text for s in sentences("Mr. Hall said: “We came. We saw.” By 2 p.m. it rained 5.5 mm. No.")]
['Mr. Hall said: “We came.', 'We saw.”', 'By 2 p.m. it rained 5.5 mm.', 'No.']
>>> [(s.line, s.kind, s.text) for s in sentences("Two:\n\n - one; and\n • two. More.\n---\n")]
[(1, 'sentence', 'Two:'), (3, 'bullet', 'one; and'), (4, 'bullet', 'two.'), (4, 'bullet', 'More.')]
>>> [s.text for s in sentences("| Effectiveness | Good |\n|----|----|\n| 1")]
['Effectiveness | Good', '1']
>>> [s.text for s in sentences("See S. 5, e.g. Part 2, Dr. No, or (No. 7). “Yes?” (Yes!) “So")]
['See S. 5, e.g. Part 2, Dr. No, or (No. 7).', '“Yes?”', '(Yes!)', '“So']
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Kind = Literal["sentence", "bullet", "row"]

_ROW = re.compile(r"[\s|]*(.*?)[\s|]*$")
_PLAIN = re.compile(r"\s*(.*?)\s*$")
_LINE = re.compile(r"[^\r\n]+")
_BULLET = re.compile(r"\s*[•\-–*]\s+(?=\S)")
_END = re.compile(r"[.!?…]+[”’\"')\]]*(?=\s+[“‘\"'(\[]*[A-Z0-9])")
_ABBREVIATION = re.compile(
    "mr|mrs|ms|dr|prof|rev|hon|st|supt|insp|sgt|det|col|gen|nos?|pp?|ss?|paras?|art|sch|fig|vol|eds?"
    r"|vs|v|cf|viz|approx|e\.g|i\.e|[A-Z]"
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, its characters in the document (*end* exclusive) and its line, from 1."""

    kind: Kind
    text: str
    start: int
    end: int
    line: int

    def offsets(self) -> Iterator[int]:
        """Return the offsets of the characters that must lie in passages."""
        furniture = "|" if self.kind == "row" else ""
        for offset, character in enumerate(self.text, self.start):
            if not character.isspace() and character not in furniture:
                yield offset


def sentences(text: str) -> list[Sentence]:
    """Return the sentences of a document in order."""
    found = []
    line, counted = 1, 0
    for match in _LINE.finditer(text):
        line += text.count("\n", counted, match.start())
        counted = match.start()
        found += list(_of_line(match.group(), match.start(), line))
    return found


def _of_line(line: str, offset: int, number: int) -> Iterator[Sentence]:
    bullet = _BULLET.match(line)
    kind: Kind = "bullet" if bullet else "sentence"
    pieces = _cut(line, bullet.end() if bullet else 0)
    if line.lstrip().startswith("|"):
        kind, pieces = "row", iter([(0, len(line))])
    edge = _ROW if kind == "row" else _PLAIN
    for start, end in pieces:
        words = edge.match(line[start:end])
        if words and any(character.isalnum() for character in words[1]):
            first = offset + start + words.start(1)
            yield Sentence(kind, words[1], first, first + len(words[1]), number)


def _cut(line: str, begin: int) -> Iterator[tuple[int, int]]:
    start = begin
    for match in _END.finditer(line, begin):
        if not _abbreviated(line[start : match.start()], match.group()):
            yield start, match.end()
            start = match.end()
    yield start, len(line)


def _abbreviated(before: str, stop: str) -> bool:
    """Say whether a full stop after *before* belongs to an abbreviation or an initial."""
    words = re.split(r"[\s“‘\"'(\[]", before)
    word = words[-1]
    known = _ABBREVIATION.fullmatch(word) or _ABBREVIATION.fullmatch(word.lower())
    return stop == "." and known is not None
