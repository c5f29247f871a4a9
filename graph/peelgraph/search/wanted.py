"""What a person typed into a search, as words and phrases; nothing of it is syntax for an engine.

>>> [each.exactly for each in wanted('the "vetting guidance" NEAR(OR* ')]
['"vetting guidance"', '"near"']
>>> wanted("the"), wanted("* ) (")
((Wanted(given='the', words=('the',)),), ())
"""

import re
from dataclasses import dataclass

from peelgraph.search.index import words

#: signs of a text that are read, words of it, and letters of a word
LONGEST, WORDS, LETTERS = 300, 12, 40

#: words that stand nearly everywhere; wanted only if there are no others
_EVERYWHERE = frozenset(
    {
        *("a", "about", "an", "and", "any", "are", "as", "at", "be", "by", "did", "do", "does"),
        *("for", "from", "has", "have", "how", "in", "is", "it", "its", "not", "of", "on", "or"),
        *("that", "the", "their", "there", "this", "to", "was", "were", "what", "when", "where"),
        *("which", "who", "why", "with"),
    }
)

_PIECE = re.compile(r'"([^"]*)"|([^\s"]+)')


@dataclass(frozen=True, slots=True)
class Wanted:
    """A word or phrase.

    :param given: as it was typed
    :param words: its words
    """

    given: str
    words: tuple[str, ...]

    @property
    def exactly(self) -> str:
        """What matches it, stemmed, in an FTS5 table: a string, in which nothing is special."""
        return '"' + " ".join(self.words) + '"'


def wanted(text: str) -> tuple[Wanted, ...]:
    """Return what is wanted, bounded in number and length."""
    found: list[Wanted] = []
    for phrase, piece in _PIECE.findall(text[:LONGEST]):
        if phrase:
            read = tuple(each[:LETTERS] for each in words(phrase))
            if read:
                found.append(Wanted(phrase, read))
            continue
        for word in words(piece):
            word = word[:LETTERS]
            found.append(Wanted(word, (word,)))
    telling = [each for each in found if each.words[0] not in _EVERYWHERE or len(each.words) > 1]
    return tuple(dict.fromkeys(telling or found))[:WORDS]
