"""Checking a woven record against the very text of its source."""

from collections.abc import Iterator
from dataclasses import dataclass

from peelgraph.evidence.links import agrees
from peelgraph.evidence.passages import is_skip, span_of, unwoven, words_item
from peelgraph.evidence.problem import Problem
from peelgraph.evidence.record import EVIDENCE, POINTERS, Record
from peelgraph.evidence.source import Source, digest_of, plain
from peelgraph.evidence.turtle import place
from peelgraph.evidence.words import Span
from peelgraph.namespaces import OA, PEEL, RDF, shorten

#: what is quoted from the source, and must stand in a passage of the thing it is said of
QUOTED = (PEEL + "wording", PEEL + "timeLimit", PEEL + "titleGiven")
_PASSAGE = PEEL + "Passage"


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found, and how many passages were looked at."""

    problems: tuple[Problem, ...]
    passages: int


def check(record: Record, source: Source | None) -> Checked:
    """Check *record* against its *source*; without one, only what needs none."""
    if not record.is_record:
        message = "Is no record: its base must be a peel:SourceDocument, written as <>."
        return Checked((Problem(record.file, None, message),), 0)
    problems = [*_unwoven(record), *_pointers(record)]
    if source is None:
        return Checked(tuple(problems), 0)
    if record.digest != source.digest:
        message = (
            f"The document has the digest {record.digest or '(none)'}, but {source.file.name} has "
            f"{source.digest}: the source is another one, or it has changed."
        )
        problems.append(Problem(record.file, record.line(record.document), message))
        return Checked(tuple(problems), 0)
    passages = [s for s in record.facts if _PASSAGE in record.values(s, RDF + "type")]
    woven = [iri for iri in passages if not is_skip(record, iri)]
    for iri in woven:
        problems += [
            Problem(record.file, record.line(iri), f"{_short(record, iri)}: {message}")
            for message in _passage(record, source, iri)
        ]
    problems += _quotations(record, source)
    problems.sort(key=lambda problem: (problem.line or 0, problem.column or 0, problem.message))
    return Checked(tuple(problems), len(woven))


def _short(record: Record, iri: str) -> str:
    return f"<{iri.removeprefix(record.document)}>"


def _unwoven(record: Record) -> Iterator[Problem]:
    for token in unwoven(record):
        line, column = place(record.text, token.start)
        message = "A passage is still written by its words; run peelgraph evidence weave."
        yield Problem(record.file, line, message, column)


def _pointers(record: Record) -> Iterator[Problem]:
    """Report pointers to what is no passage of this document, or has no line of its own."""
    for subject, facts in record.facts.items():
        for target in facts.get(EVIDENCE, []):
            line = record.line(subject)
            if not target.startswith(record.document + "#"):
                if ":" in target and " " not in target:
                    message = f"<{target}> is no passage of this record's document."
                    yield Problem(record.file, line, message)
            elif _PASSAGE not in record.values(target, RDF + "type"):
                message = f"{_short(record, target)} has no line that describes it; run weave."
                yield Problem(record.file, line, message)


def _passage(record: Record, source: Source, iri: str) -> Iterator[str]:
    """Return what is wrong with one passage."""
    span = span_of(record, iri)
    if span is None:
        yield "A passage's IRI must be <#char=START,END>."
        return
    if record.values(iri, OA + "hasSource") != [record.document]:
        yield "oa:hasSource must be the document, <>."
    selectors = record.values(iri, OA + "hasSelector")
    offsets = [(record.values(s, OA + "start"), record.values(s, OA + "end")) for s in selectors]
    if offsets != [([str(span.start)], [str(span.end)])]:
        yield "The selector's oa:start and oa:end must be those of the IRI."
    if not span.start < span.end <= len(source.text):
        yield f"Lies outside the document, which has {len(source.text)} characters."
        return
    text = source.text[span.start : span.end]
    if record.values(iri, PEEL + "digest") != [digest_of(text)]:
        yield f"peel:digest is not that of the text on line {source.line(span.start)}."
    for item in record.values(iri, PEEL + "wordingOf"):
        if iri not in record.values(item, EVIDENCE) or not words_item(record, source, item, span):
            yield f"The wording of {shorten(item)} does not stand in it; run weave."
    yield from _links(record, iri, text)
    yield from _standing(record, iri)


def _links(record: Record, iri: str, text: str) -> Iterator[str]:
    start = record.value(iri, PEEL + "linkStart")
    end = record.value(iri, PEEL + "linkEnd")
    if not record.linkable:
        if start or end:
            yield "Words for links are only for open documents with a page; run weave."
    elif start is None:
        yield "peel:linkStart is missing; run weave."
    elif not agrees(text, start, end):
        yield "peel:linkStart and peel:linkEnd must be the first and the last words of the text."


def _standing(record: Record, iri: str) -> Iterator[str]:
    """Return what is wrong with a passage's being evidence, or not."""
    used = any(iri in facts.get(p, []) for facts in record.facts.values() for p in POINTERS)
    idle = "true" in record.values(iri, PEEL + "notEvidence")
    if idle and used:
        yield "Is evidence of something and declared as no evidence."
    if idle and not record.values(iri, PEEL + "reason"):
        yield "Is declared as no evidence without a peel:reason."
    if not idle and not used:
        yield "Nothing refers to it; run weave, or declare it as no evidence."


def _quotations(record: Record, source: Source) -> Iterator[Problem]:
    for subject, facts in record.facts.items():
        spans = (span_of(record, iri) for iri in facts.get(EVIDENCE, []))
        texts = [_text(source, span) for span in spans if span]
        for predicate in QUOTED:
            for quotation in facts.get(predicate, []):
                if not any(plain(quotation) in text for text in texts):
                    message = (
                        f"{shorten(predicate)} of {shorten(subject)} is in none of its passages, "
                        f"word for word: {plain(quotation)}"
                    )
                    yield Problem(record.file, record.line(subject), message)


def _text(source: Source, span: Span) -> str:
    return plain(source.text[span.start : span.end])
