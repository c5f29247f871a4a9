"""Words near one that is mistyped: those that share most of its groups of three letters.

In short words one slip spoils every group, so that these are compared with all of about their
length. Of what comes near, the closest few are kept: a letter wrong, missing, too many or two
changed over count one each.

>>> distance("recomendation", "recommendation"), distance("sacn", "scan"), distance("a", "b" * 9)
(1, 1, 9)
"""

import sqlite3

#: letters up to which a word is short
_SHORT = 6

#: how many words are compared at most, how many are kept, and how many of those that only begin so
_COMPARED, _KEPT, _LONGER = 60, 3, 12


def near(index: sqlite3.Connection, word: str) -> list[str]:
    """Return words of the index that *word* may be meant for, the nearest first."""
    bound = 1 if len(word) <= 4 else 2
    if len(word) < 3:
        return []
    scored = []
    for other, times in {**_by_letters(index, word), **_by_length(index, word)}.items():
        if abs(len(other) - len(word)) <= bound:
            far = distance(word, other)
            if far <= bound:
                scored.append((far, other[0] != word[0], -times, other))
    scored.sort()
    return [other for far, _, _, other in scored if far == scored[0][0]][:_KEPT]


def beginning(index: sqlite3.Connection, word: str) -> list[str]:
    """Return the most frequent words of the index that begin with *word*."""
    if len(word) < 3:
        return []
    rows = index.execute(
        "SELECT word FROM word WHERE word > ? AND word < ? ORDER BY times DESC, word LIMIT ?",
        (word, word + "\U0010ffff", _LONGER),
    )
    return [row[0] for row in rows]


def distance(one: str, other: str) -> int:
    """Return how many slips make one word of the other (Damerau and Levenshtein, restricted)."""
    before: list[int] = []
    last = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        row = [i]
        for j, b in enumerate(other, 1):
            least = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                least = min(least, before[j - 2] + 1)
            row.append(least)
        before, last = last, row
    return last[-1]


def _by_letters(index: sqlite3.Connection, word: str) -> dict[str, int]:
    groups = dict.fromkeys(word[at : at + 3] for at in range(len(word) - 2))
    wanted = " OR ".join(f'"{each}"' for each in groups)
    return dict(
        index.execute(
            "SELECT word.word, times FROM letters JOIN word ON word.id = letters.rowid "
            "WHERE letters MATCH ? ORDER BY bm25(letters) LIMIT ?",
            (wanted, _COMPARED),
        ).fetchall()
    )


def _by_length(index: sqlite3.Connection, word: str) -> dict[str, int]:
    if len(word) > _SHORT:
        return {}
    return dict(
        index.execute(
            "SELECT word, times FROM word WHERE LENGTH(word) BETWEEN ? AND ? "
            "AND (SUBSTR(word, 1, 1) = ? OR SUBSTR(word, -1) = ?)",
            (len(word) - 1, len(word) + 1, word[0], word[-1]),
        ).fetchall()
    )
