"""Passages: their names, and the line of a record that describes one."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from peelgraph.evidence.links import link
from peelgraph.evidence.record import POINTERS, Record
from peelgraph.evidence.source import Source, digest_of, plain
from peelgraph.evidence.turtle import Token
from peelgraph.evidence.words import Span
from peelgraph.namespaces import PEEL, shorten

_FRAGMENT = re.compile(r"#char=(0|[1-9]\d*),(0|[1-9]\d*)$")


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage of the woven record; *idle* where it is declared as no evidence."""

    span: Span
    idle: bool


def span_of(record: Record, iri: str) -> Span | None:
    """Return the offsets that the IRI of a passage of this record's document states."""
    match = _FRAGMENT.search(iri)
    if match is None or iri[: match.start()] != record.document:
        return None
    return Span(int(match[1]), int(match[2]))


def is_skip(record: Record, iri: str) -> bool:
    """Say whether *iri* stands for a passage without evidence that is still to be woven."""
    return iri.startswith(f"{record.document}#skip-")


def unwoven(record: Record) -> Iterator[Token]:
    """Return the string tokens that stand for passages."""
    for statement in record.outline.statements:
        for use in statement.uses:
            if use.predicate in POINTERS and use.token.kind == "string":
                yield use.token


def reference(span: Span) -> str:
    """Return the passage as a record refers to it."""
    return f"<#char={span.start},{span.end}>"


def words_item(record: Record, source: Source, item: str, span: Span) -> bool:
    """Say whether the wording of *item* stands in the passage."""
    wording = record.value(item, PEEL + "wording")
    return wording is not None and plain(wording) in plain(source.text[span.start : span.end])


def passage_line(
    record: Record, source: Source, span: Span, extra: list[str], items: list[str]
) -> str:
    """Return the line that describes a passage.

    :param extra: what people wrote about it
    :param items: the items whose wording stands in it
    """
    parts = [
        f"{reference(span)} a peel:Passage",
        *extra,
        *(f"peel:wordingOf {_name(record, item)}" for item in items),
        "oa:hasSource <>",
        f"oa:hasSelector [ a oa:TextPositionSelector ; oa:start {span.start} ; oa:end {span.end} ]",
        f'peel:digest "{digest_of(source.text[span.start : span.end])}"',
    ]
    if record.linkable:
        words = link(source, span)
        parts.append(f"peel:linkStart {_quoted(words.start)}")
        if words.end is not None:
            parts.append(f"peel:linkEnd {_quoted(words.end)}")
    return " ; ".join(parts) + " ."


def _name(record: Record, iri: str) -> str:
    """Return *iri* as a prefixed name, if the record declares the prefix."""
    name = shorten(iri)
    return name if name.partition(":")[0] in record.outline.names.prefixes else f"<{iri}>"


def _quoted(words: str) -> str:
    escaped = words.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
