"""Coverage: which sentences of a source are accounted for by the passages of its record.

A sentence is covered if all its non-space characters lie in passages. It counts as evidence if any
of them lies in a passage that is not declared as no evidence.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from peelgraph.evidence.passages import Passage
from peelgraph.evidence.sentences import Sentence, sentences


@dataclass(frozen=True, slots=True)
class Coverage:
    """The figures of one document, and the sentences that are not wholly covered."""

    total: int
    evidence: int
    idle: int
    uncovered: tuple[Sentence, ...]

    @property
    def share(self) -> float:
        """The covered part of all sentences, in percent; of an empty document 100."""
        return 100.0 * (self.evidence + self.idle) / self.total if self.total else 100.0


def coverage(text: str, passages: Iterable[Passage]) -> Coverage:
    """Return the coverage of a document's *text* by *passages*.

    >>> from peelgraph.evidence.words import Span
    >>> found = coverage("It is so. Contents", [Passage(Span(0, 9), False)])
    >>> found.total, found.evidence, found.idle, [s.text for s in found.uncovered]
    (2, 1, 0, ['Contents'])
    """
    told, idle = bytearray(len(text)), bytearray(len(text))
    for passage in passages:
        span = passage.span
        (idle if passage.idle else told)[span.start : span.end] = b"\1" * (span.end - span.start)
    counts = {"evidence": 0, "idle": 0}
    uncovered = []
    every = sentences(text)
    for sentence in every:
        offsets = list(sentence.offsets())
        if not all(told[offset] or idle[offset] for offset in offsets):
            uncovered.append(sentence)
        else:
            counts["evidence" if any(told[offset] for offset in offsets) else "idle"] += 1
    return Coverage(len(every), counts["evidence"], counts["idle"], tuple(uncovered))
