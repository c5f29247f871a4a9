"""A document that is made up sentence by sentence, and the record of it."""

from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path

from peelgraph.namespaces import DOCUMENT, PREFIXES

Pair = tuple[str, str]
#: changes what is said of a thing before it is written: subject, class, pairs
Change = Callable[[str, str, list[Pair]], list[Pair]]

_PREFIXES = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in sorted(PREFIXES.items()))
#: the triples of a passage: type, source, selector with type, start and end, digest
_PASSAGE = 7


class Page:
    """One document: each sentence is a passage, and each thing names the passages that prove it."""

    def __init__(self, record: str, change: Change) -> None:
        self.record = record
        self.iri = f"document:{record}"
        self.triples = 0
        self._change = change
        self._text: list[str] = []
        self._length = 0
        self._passages: list[tuple[int, int, str]] = []
        self._blocks: list[str] = []
        self.counts: dict[str, int] = {}
        self._document: list[Pair] = []
        self._proof: tuple[str, ...] = ()

    def say(self, sentence: str) -> str:
        """Put a sentence at the end of the text, and return the name of its passage."""
        start, end = self._length, self._length + len(sentence)
        self._text.append(sentence)
        self._length = end + 1  # the end of the line
        self._passages.append((start, end, sha256(sentence.encode()).hexdigest()))
        return f"<#char={start},{end}>"

    def describe(self, *pairs: Pair, evidence: Sequence[str]) -> None:
        """Say what the document itself is."""
        self._document = list(pairs)
        self._proof = tuple(evidence)

    def add(self, subject: str, kind: str, *pairs: Pair, evidence: Sequence[str] = ()) -> None:
        """Say something of a thing; *kind* is its class, or empty where another record gives it."""
        told = self._change(subject, kind, list(pairs))
        typed = [("a", kind)] if kind else []
        self._write(subject, [*typed, *told, *(("peel:evidence", each) for each in evidence)])
        if kind:
            name = kind.removeprefix("peel:")
            self.counts[name] = self.counts.get(name, 0) + 1

    def save(self, records: Path, sources: Path) -> None:
        """Write the text, the record, and the counts that the record must meet."""
        text = "\n".join(self._text) + "\n"
        (sources / f"{self.record}.txt").write_text(text, encoding="utf-8")
        body, self._blocks = self._blocks, []
        self._write(
            "<>",
            [
                ("a", "peel:SourceDocument"),
                *self._document,
                ("dcterms:identifier", f'"{self.record}.txt"'),
                ("peel:retrievedOn", edtf("2026-11-21")),
                ("peel:digest", f'"{sha256(text.encode()).hexdigest()}"'),
                *(("peel:evidence", each) for each in self._proof),
            ],
        )
        parts = [f"@base <{DOCUMENT}{self.record}> .\n", _PREFIXES, *self._blocks, *body, "\n"]
        parts += [_passage(*each) for each in self._passages]
        self.triples += _PASSAGE * len(self._passages)
        (records / f"{self.record}.ttl").write_text("".join(parts), encoding="utf-8")
        counts = {"SourceDocument": 1, **self.counts, "Passage": len(self._passages)}
        manifest = "".join(f"{name} = {count}\n" for name, count in sorted(counts.items()))
        (records / f"{self.record}.toml").write_text(f"[exactly]\n{manifest}", encoding="utf-8")

    def _write(self, subject: str, pairs: list[Pair]) -> None:
        self._blocks.append(block(subject, pairs))
        self.triples += len(pairs)


def block(subject: str, pairs: Sequence[Pair]) -> str:
    """Return what is said of a subject as Turtle, one property a line."""
    lines = " ;\n    ".join(f"{predicate} {value}" for predicate, value in pairs)
    return f"\n{subject} {lines} .\n"


def english(text: str) -> str:
    """Return a text as a literal in English; it has no quotation marks and no backslashes."""
    return f'"{text}"@en'


def edtf(expression: str) -> str:
    """Return a date as a literal."""
    return f'"{expression}"^^edtf:EDTF'


def _passage(start: int, end: int, digest: str) -> str:
    return (
        f"<#char={start},{end}> a peel:Passage ; oa:hasSource <> ; oa:hasSelector "
        f"[ a oa:TextPositionSelector ; oa:start {start} ; oa:end {end} ] ; "
        f'peel:digest "{digest}" .\n'
    )
