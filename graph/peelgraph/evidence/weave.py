"""Weaving: the words in a record become passages with offsets and digests.

A record may name a passage by its words, as a string where a passage is expected. Weaving puts the
passage's IRI in its place and writes one line for each passage at the end of the file, in the order
of the document. Only these characters change; comments and layout stay. A second time changes
nothing.
"""

import re
from collections import defaultdict
from dataclasses import dataclass

from peelgraph.evidence.passages import (
    Passage,
    is_skip,
    passage_line,
    reference,
    span_of,
    words_item,
)
from peelgraph.evidence.problem import Problem
from peelgraph.evidence.record import EVIDENCE, POINTERS, Record
from peelgraph.evidence.source import Source
from peelgraph.evidence.statements import Outline, Statement, Use
from peelgraph.evidence.turtle import place, string_value
from peelgraph.evidence.words import Span, WordsError, find
from peelgraph.namespaces import OA, PEEL, PREFIXES, RDF

_NOT_EVIDENCE = PEEL + "notEvidence"
_WRITTEN = {
    *(RDF + "type", OA + "hasSource", OA + "hasSelector"),
    *(PEEL + "digest", PEEL + "linkStart", PEEL + "linkEnd", PEEL + "evidence"),
    PEEL + "wordingOf",
}


@dataclass(frozen=True, slots=True)
class Woven:
    """A record after weaving, or unchanged where there are problems."""

    text: str
    passages: tuple[Passage, ...]
    problems: tuple[Problem, ...]
    woven: int
    dropped: int


@dataclass(frozen=True, slots=True)
class _Edit:
    start: int
    end: int
    text: str


class _Loom:
    """Everything found on the way through one record."""

    def __init__(self, record: Record, source: Source) -> None:
        self.record = record
        self.source = source
        self.problems: list[Problem] = []
        self.edits: list[_Edit] = []
        self.used: set[Span] = set()
        self.idle: set[Span] = set()
        self.extra: dict[Span, list[str]] = defaultdict(list)
        self.described: set[Span] = set()
        self.worded: dict[Span, set[str]] = defaultdict(set)
        self.woven = 0

    def problem(self, position: int, message: str) -> None:
        line, column = place(self.record.text, position)
        self.problems.append(Problem(self.record.file, line, message, column))

    def resolve(self, use: Use) -> Span | None:
        """Return the passage that an object of a pointer stands for."""
        token = use.token
        if token.kind != "string":
            return self.checked(self.record.outline.names.iri(token), token.start)
        if use.tagged:
            self.problem(token.start, "Words of the source bear no language and no datatype.")
            return None
        try:
            span = find(self.source, string_value(token.text))
        except WordsError as error:
            self.problem(token.start, str(error))
            return None
        self.woven += 1
        return span

    def checked(self, iri: str, position: int) -> Span | None:
        """Return the offsets in *iri*, if it is a passage and lies in the source."""
        span = span_of(self.record, iri)
        if span is None:
            if is_skip(self.record, iri):
                self.problem(position, "A skipped passage is evidence of nothing.")
            return None
        if not span.start < span.end <= len(self.source.text):
            length = len(self.source.text)
            self.problem(position, f"The passage is not within the document (0 to {length}).")
            return None
        return span

    def walk(self, statement: Statement) -> None:
        """Take the passages out of one statement."""
        subject = statement.subject
        if is_skip(self.record, subject) or span_of(self.record, subject):
            self.passage(statement)
            return
        for use in statement.uses:
            iri = self.record.outline.names.iri(use.token) if use.token.kind != "string" else ""
            if use.predicate not in POINTERS and span_of(self.record, iri) is None:
                continue
            span = self.resolve(use)
            if span is not None:
                self.used.add(span)
                cited = use.predicate == EVIDENCE
                if cited and words_item(self.record, self.source, subject, span):
                    self.worded[span].add(subject)
                if use.token.kind == "string":
                    self.edits.append(_Edit(use.token.start, use.token.end, reference(span)))

    def passage(self, statement: Statement) -> None:
        """Take a passage's own line out of the text; it is written anew at the end."""
        text = self.record.text
        span = self.passage_span(statement)
        if span is None:
            return
        idle = any(
            use.predicate == _NOT_EVIDENCE and use.token.text in ("true", '"true"', "1")
            for use in statement.uses
        )
        if is_skip(self.record, statement.subject) and not idle:
            self.problem(statement.start, "A skipped passage must say peel:notEvidence true.")
        if idle:
            self.idle.add(span)
        self.described.add(span)
        for pair in statement.pairs:
            words = text[pair.start : pair.end]
            if pair.predicate not in _WRITTEN and words not in self.extra[span]:
                self.extra[span].append(words)
        self.edits.append(_removal(text, statement))

    def passage_span(self, statement: Statement) -> Span | None:
        if not is_skip(self.record, statement.subject):
            return self.checked(statement.subject, statement.start)
        uses = [use for use in statement.uses if use.predicate == PEEL + "evidence"]
        if len(uses) != 1:
            message = 'A skipped passage needs its words, once: peel:evidence "…".'
            self.problem(statement.start, message)
            return None
        return self.resolve(uses[0])


def weave(record: Record, source: Source) -> Woven:
    """Return *record* woven with *source*; where there are problems, its text is as it was."""
    loom = _Loom(record, source)
    _preconditions(loom)
    for statement in record.outline.statements:
        loom.walk(statement)
    for span in sorted(loom.idle & loom.used):
        where = f"line {source.line(span.start)} of {source.file.name}"
        loom.problems.append(
            Problem(
                record.file,
                None,
                f"The passage {reference(span)} ({where}) is both evidence and declared as none.",
            )
        )
    spans = sorted(loom.used | loom.idle)
    passages = tuple(Passage(span, span in loom.idle) for span in spans)
    text = record.text
    if not loom.problems:
        if spans:
            loom.edits += _declarations(record.outline)
        body = _apply(record.text, loom.edits).rstrip()
        end = "\r\n" if "\r\n" in record.text else "\n"
        lines = [
            passage_line(record, source, span, loom.extra[span], sorted(loom.worded[span]))
            for span in spans
        ]
        text = end.join([body, "", *lines, ""] if lines else [body, ""])
    dropped = len(loom.described - set(spans))
    return Woven(text, passages, tuple(loom.problems), loom.woven, dropped)


def _preconditions(loom: _Loom) -> None:
    record, source = loom.record, loom.source
    if not record.is_record:
        message = "Is no record: its base must be a peel:SourceDocument, written as <>."
        loom.problems.append(Problem(record.file, None, message))
        return
    for prefix in ("oa", "peel"):
        declared = record.outline.names.prefixes.get(prefix)
        if declared and declared.namespace != PREFIXES[prefix]:
            loom.problem(declared.start, f"The prefix {prefix}: must mean {PREFIXES[prefix]}.")
    if record.digest != source.digest:
        line = record.line(record.document)
        message = (
            f"The record was made from another text than {source.file.name}: its peel:digest is "
            f"{record.digest or 'absent'}, that of the file {source.digest}."
        )
        loom.problems.append(Problem(record.file, line, message))


def _removal(text: str, statement: Statement) -> _Edit:
    """Remove a statement, and its line where nothing else stands on it; keep its comments."""
    start, end = statement.start, statement.end
    comments = "".join(f"{comment.text}\n" for comment in statement.comments)
    line_start = text.rfind("\n", 0, start) + 1
    rest = re.compile(r"[ \t]*\r?(?:\n|$)").match(text, end)
    if not text[line_start:start].strip() and rest:
        return _Edit(line_start, rest.end(), comments)
    return _Edit(start, end, comments and "\n" + comments)


def _declarations(outline: Outline) -> list[_Edit]:
    """Declare the prefixes that passage lines need, in the order of the alphabet."""
    declared = outline.names.prefixes
    edits = []
    for name in ("oa", "peel"):
        if name in declared:
            continue
        before = [prefix for prefix in declared.values() if prefix.name < name]
        line = f"@prefix {name}: <{PREFIXES[name]}> ."
        end = max((prefix.end for prefix in before), default=outline.names.base_end)
        edits.append(_Edit(end, end, f"\n{line}"))
    return edits


def _apply(text: str, edits: list[_Edit]) -> str:
    pieces = []
    position = 0
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end)):
        pieces += [text[position : edit.start], edit.text]
        position = edit.end
    return "".join([*pieces, text[position:]])
