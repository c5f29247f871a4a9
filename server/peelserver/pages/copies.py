"""A passage in its surroundings, from the reader's own copy of the document.

The graph holds no text of documents, only offsets and digests. Whoever has a copy can have it shown
(``peelgraph serve --sources DIR``); a copy that differs from the one that was read is refused.
"""

from dataclasses import dataclass
from pathlib import Path

from peelgraph.evidence.problem import Unreadable
from peelgraph.evidence.source import digest_of, find_source

#: how many characters around a passage are shown
AROUND = 600


@dataclass(frozen=True, slots=True)
class Copy:
    """A passage between what stands before it and after it.

    :param whole: all of the copy, not only the passage, is what the record was made from
    """

    before: str
    words: str
    after: str
    file: str
    line: int
    whole: bool


@dataclass(frozen=True, slots=True)
class Absent:
    """Why a passage cannot be shown."""

    why: str


def find(
    folder: Path | None,
    *,
    identifier: str,
    of_document: str,
    of_passage: str,
    start: int,
    end: int,
) -> Copy | Absent:
    """Return a passage from a copy in *folder*.

    :param identifier: the name under which the document is kept
    :param of_document: the SHA-256 of the document's bytes, in hexadecimal
    :param of_passage: the SHA-256 of the passage in UTF-8, in hexadecimal
    """
    if folder is None:
        return Absent(
            "With a copy of the document you can see the words in their surroundings: put it in a "
            "folder, and start peelgraph serve --sources FOLDER."
        )
    try:
        source = find_source(folder, identifier or None, of_document or None)
    except (Unreadable, OSError) as error:
        return Absent(f"The copy of this document cannot be read. {error}")
    if source is None:
        return Absent("There is no copy of this document in the folder of sources.")
    text = source.text[start:end]
    if not of_passage or digest_of(text) != of_passage:
        return Absent(
            f"The copy of this document ({source.file.name}) is not the one that the record was "
            "made from: at this place it has other words."
        )
    before, after = source.text[max(0, start - AROUND) : start], source.text[end : end + AROUND]
    return Copy(
        before=_from_a_word(before) if start > AROUND else before,
        words=text,
        after=_to_a_word(after) if end + AROUND < len(source.text) else after,
        file=source.file.name,
        line=source.line(start),
        whole=source.digest == of_document,
    )


def _from_a_word(text: str) -> str:
    """Return *text* from its first whole word on.

    >>> _from_a_word("ginning of it")
    '… of it'
    """
    return "… " + text.partition(" ")[2] if " " in text else text


def _to_a_word(text: str) -> str:
    return text.rpartition(" ")[0] + " …" if " " in text else text
