"""The few words that a link into a public page needs to show a passage.

A browser highlights what stands between the first place of the *start* words and the next place of
the *end* words (``#:~:text=start,end``). Each part must lie within one line, so that it does not
cross from one paragraph into another; it grows until it leads to the passage and nowhere else.
"""

import re
from dataclasses import dataclass

from peelgraph.evidence.source import Source, plain
from peelgraph.evidence.words import Span

_FEW = 4
_MARKS = ("•", "-", "–", "*")
_WHOLE = Span(0, 0)


@dataclass(frozen=True, slots=True)
class Link:
    """The words at the start of a passage and, unless these are all, those at its end."""

    start: str
    end: str | None


def link(source: Source, span: Span) -> Link:
    """Return the words for a link to *span*.

    >>> from pathlib import Path
    >>> text = "We will close it. We will close it. We will close it if all goes well, by and by."
    >>> link(Source(Path("a.txt"), text, ""), Span(36, 81))
    Link(start='We will close it if', end='well, by and by.')
    >>> link(Source(Path("a.txt"), text, ""), Span(0, 17))
    Link(start='We will close it.', end=None)
    """
    lines = _lines(source.text[span.start : span.end])
    if not lines:
        return Link(plain(source.text[span.start : span.end]), None)
    first, last = lines[0], lines[-1]
    everything = " ".join(first)
    if len(lines) == 1 and len(first) <= 2 * _FEW:
        return Link(everything, None)
    start = next(
        (words for words in _growing(first) if _find(source, words) == _find(source, words, span)),
        everything,
    )
    if len(lines) == 1 and start == everything:
        return Link(start, None)
    begun = _find(source, start, span)
    for words in _growing(last, -1):
        if _find(source, words, begun, after=True).end == span.end:
            return Link(start, words)
    return Link(start, " ".join(last[-_FEW:]))


def _lines(text: str) -> list[list[str]]:
    """Return the words of each line, without the marks of lists, which a page draws by itself."""
    lines = (line.split() for line in text.splitlines())
    bare = (words[1:] if words and words[0] in _MARKS else words for words in lines)
    return [words for words in bare if words]


def _growing(words: list[str], direction: int = 1) -> list[str]:
    """Return ever more of *words*, from the front or (*direction* -1) from the back."""
    sizes = range(min(_FEW, len(words)), len(words) + 1)
    return [" ".join(words[:size] if direction > 0 else words[-size:]) for size in sizes]


def _find(source: Source, words: str, where: Span = _WHOLE, *, after: bool = False) -> Span:
    """Return the first place of *words*, in any case of letters, from the start of *where*.

    With *after*, from its end. The words are known to be there.
    """
    middle = r"\s+".join(re.escape(word) for word in words.split())
    expression = rf"(?<!\w){middle}(?!\w)"
    begin = where.end if after else where.start
    match = re.compile(expression, re.IGNORECASE).search(source.text, begin)
    return Span(*match.span()) if match else Span(-1, -1)


def agrees(text: str, start: str | None, end: str | None) -> bool:
    """Say whether *text* begins with the words *start* and ends with *end*, where given."""
    whole = plain(text).lstrip("".join(_MARKS) + " ")
    return whole.startswith(plain(start or "")) and whole.endswith(plain(end or ""))
