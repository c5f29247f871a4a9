"""Passages written by their words: the notation, and where its words stand in a source.

Runs of white space are equal. `` … `` stands for everything up to the nearest following words. Only
what stands in ``[[`` and ``]]`` is the passage; the rest is context that makes it unique. The first
and the last word of a passage are whole words.

>>> from pathlib import Path
>>> source = Source(Path("a.txt"), "One is good. Two is good. Three is not good.", "")
>>> find(source, "Two is good.")
Span(start=13, end=25)
>>> find(source, "Two … [[good.]] Three")
Span(start=20, end=25)
>>> find(source, "is good.")
Traceback (most recent call last):
peelgraph.evidence.words.WordsError: The words stand in 2 places; add context to choose one.
  line 1: One [[is good.]] Two is good. Three is not good.
  line 1: One is good. Two [[is good.]] Three is not good.
"""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

from peelgraph.evidence.source import Source, excerpt, plain

ELLIPSIS = re.compile(r"(?:^|\s+)…(?:\s+|$)")
_BRACKETS = re.compile(r"^(.*?)\[\[(.*?)\]\](.*)$", re.DOTALL)
_SHOWN = 8
_FARTHEST = 60


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of a text, in characters, *end* exclusive."""

    start: int
    end: int


class WordsError(ValueError):
    """The words are not a passage of the source, or not of one place only."""


def find(source: Source, words: str) -> Span:
    """Return the one place of the source where *words* stand.

    :raises WordsError: they stand nowhere or in several places; the message shows which
    """
    before, inner, after = _parts(words)
    expression = re.compile(
        f"{_expression(before)}(?P<passage>{_expression(inner, whole=True)}){_expression(after)}",
        re.DOTALL,
    )
    found: list[Span] = []
    position = 0
    while (match := expression.search(source.text, position)) is not None:
        span = Span(*match.span("passage"))
        if span not in found:
            found.append(span)
        position = match.start() + 1
    if len(found) == 1:
        return found[0]
    if not found:
        raise WordsError(_absent(source, words))
    lines = [
        f"  line {source.line(s.start)}: {excerpt(source, s.start, s.end)}" for s in found[:_SHOWN]
    ]
    if len(found) > _SHOWN:
        lines.append(f"  and {len(found) - _SHOWN} more")
    heading = f"The words stand in {len(found)} places; add context to choose one."
    raise WordsError("\n".join([heading, *lines]))


def _parts(words: str) -> tuple[str, str, str]:
    """Return what stands before, in and after the brackets; outer space goes to the context."""
    if words.count("[[") != words.count("]]") or words.count("[[") > 1:
        raise WordsError("Write one pair of brackets, as in: context [[the passage]] context.")
    match = _BRACKETS.match(words)
    before, inner, after = match.groups() if match else ("", words, "")
    if not inner.strip():
        raise WordsError("There are no words to look for.")
    if re.match(r"\s*…(?:\s|$)", inner) or re.search(r"(?:^|\s)…\s*$", inner):
        raise WordsError("A passage begins and ends with words, not with '…'.")
    lead = before + inner[: len(inner) - len(inner.lstrip())] if before.strip() else ""
    trail = inner[len(inner.rstrip()) :] + after if after.strip() else ""
    return lead.lstrip(), inner.strip(), trail.rstrip()


def _expression(words: str, *, whole: bool = False) -> str:
    pieces = ELLIPSIS.split(words)
    last = len(pieces) - 1
    return ".*?".join(
        _piece(piece, head=whole or index > 0, tail=whole or index < last)
        for index, piece in enumerate(pieces)
    )


def _piece(words: str, *, head: bool, tail: bool) -> str:
    """Return an expression for *words*; *head* and *tail* say which ends must be whole words."""
    parts = re.split(r"(\s+)", words)
    start = r"(?<!\w)" if head and re.match(r"\w", words) else ""
    end = r"(?!\w)" if tail and re.search(r"\w$", words) else ""
    middle = "".join(r"\s+" if part.isspace() else re.escape(part) for part in parts)
    return f"{start}{middle}{end}"


def _absent(source: Source, words: str) -> str:
    """Say why *words* were not found, with the nearest place of the source."""
    pieces = [p for p in ELLIPSIS.split(re.sub(r"\[\[|\]\]", "", words)) if p.strip()]
    for piece in pieces:
        if not re.search(_piece(piece.strip(), head=False, tail=False), source.text):
            return f"The words are not in {source.file.name}. {_nearest(source, piece)}"
    what = "in this order" if len(pieces) > 1 else "as whole words"
    return f"The words are in {source.file.name}, but not {what}."


def _nearest(source: Source, piece: str) -> str:
    there = [*re.finditer(r"\S+", source.text)]
    wanted = piece.split()
    matcher = SequenceMatcher(
        None, [_bare(m.group()) for m in there], [_bare(word) for word in wanted], autojunk=False
    )
    match = matcher.find_longest_match()
    if not match.size:
        return f"None of these words is: {plain(piece)}"
    first, last = there[match.a], there[match.a + match.size - 1]
    lines = [f"Nearest, line {source.line(first.start())}:"]
    lines.append(f"  {excerpt(source, first.start(), last.end(), 70)}")
    for a, b in zip(there[match.a :], wanted[match.b :], strict=False):
        if a.group() != b:
            lines.append(f"  the source has {a.group()!r}, the record {b!r}")
            break
    else:
        if match.b:
            a, b = there[match.a - 1] if match.a else there[0], wanted[match.b - 1]
            lines.append(f"  before that the source has {a.group()!r}, the record {b!r}")
    return "\n".join(lines)


def _bare(word: str) -> str:
    return re.sub(r"[^\w]", "", word).casefold() or word


def words_for(source: Source, span: Span, edge: int = 4) -> str:
    """Return a short notation that finds *span* and nothing else.

    >>> from pathlib import Path
    >>> source = Source(Path("a.txt"), "Yes. No. No. A b c d e f g h i j k.", "")
    >>> words_for(source, Span(9, 12))
    'No. [[No.]] A'
    >>> words_for(source, Span(13, 35))
    'A b c d … h i j k.'
    """
    inner = source.text[span.start : span.end].split()
    ends = " ".join(inner[-edge:])
    tries = [
        f"{' '.join(inner[:head])} … {ends}" for head in range(edge, len(inner) - edge - 1, 2)
    ] or [" ".join(inner)]
    before = source.text[: span.start].split()
    after = source.text[span.end :].split()
    glued_before = " " if source.text[: span.start][-1:].isspace() else ""
    glued_after = " " if source.text[span.end :][:1].isspace() else ""
    for size in range(_FARTHEST + 1):
        lead = " ".join(before[len(before) - min(size, len(before)) :])
        trail = " ".join(after[:size])
        for attempt in tries:
            words = attempt
            if size:
                left, right = lead and lead + glued_before, trail and glued_after + trail
                words = f"{left}[[{attempt}]]{right}"
            try:
                if find(source, words) == span:
                    return words
            except WordsError:
                continue
    raise WordsError("No words find this passage and nothing else.")
