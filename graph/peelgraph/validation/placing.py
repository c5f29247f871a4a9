"""The places of a finding: of the statement at fault, or of the thing that lacks one.

Only files that have something to do with a finding are read for their places.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

import pyoxigraph as ox

from peelgraph.evidence.turtle import NotTurtle
from peelgraph.namespaces import PREFIXES, RDFS
from peelgraph.validation.corpus import Source
from peelgraph.validation.finding import Finding, Place
from peelgraph.validation.lines import Located, Written
from peelgraph.validation.terms import as_text

_LABELS = tuple(
    ox.NamedNode(each)
    for each in (
        *(RDFS + "label", PREFIXES["skos"] + "prefLabel", PREFIXES["dcterms"] + "title"),
        *(PREFIXES["foaf"] + "name", PREFIXES["peel"] + "wording"),
    )
)
_LONGEST_LABEL = 80


def placed(findings: Iterable[Finding], sources: Sequence[Source]) -> Iterator[Finding]:
    """Give each finding its places and the name of its thing.

    Files to report on come before those of the context.
    """
    if not (findings := list(findings)):
        return
    finder = _Finder(sources, findings)
    for finding in findings:
        label = finder.label(finding.focus)
        places = finding.places or tuple(dict.fromkeys(finder.places(finding)))
        yield replace(finding, label=finding.label or label, places=places)


class _Finder:
    """Looks for statements in the files that speak of the things that are at fault."""

    def __init__(self, sources: Sequence[Source], findings: list[Finding]) -> None:
        wanted = {iri for each in findings for iri in things(each)}
        self._speaking: dict[str, list[Source]] = {}
        self._labels: dict[str, str] = {}
        for source in sorted(sources, key=lambda each: not each.reported):
            for triple in source.triples:
                if (name := _name(triple.subject)) not in wanted:
                    continue
                speaking = self._speaking.setdefault(name, [])
                if source not in speaking[-1:]:
                    speaking.append(source)
                if triple.predicate in _LABELS and isinstance(triple.object, ox.Literal):
                    self._labels.setdefault(name, triple.object.value)
        self._located = cache(_located)

    def label(self, thing: str) -> str | None:
        """Return what people call a thing."""
        label = self._labels.get(thing)
        if label is None or len(label) <= _LONGEST_LABEL:
            return label
        return label[: _LONGEST_LABEL - 1] + "…"

    def places(self, finding: Finding) -> Iterator[Place]:
        """Yield the places of a finding, the one to look at first before all others."""
        stated = list(self._stated(finding))
        if stated:
            first = min(range(len(stated)), key=lambda at: (not stated[at][0], at))
            stated.insert(0, stated.pop(first))
            yield from (place for _, place in stated)
            return
        for thing in (finding.focus, finding.value):
            for source in self._speaking.get(thing or "", ()):
                if (place := self._subject(source, thing or "")) is not None:
                    yield place
                    return

    def _stated(self, finding: Finding) -> Iterator[tuple[bool, Place]]:
        """Yield the place of each statement at fault, and whether its file is reported on."""
        for source in self._speaking.get(finding.focus, ()):
            for written in self._of(source, finding.focus):
                if _means_the_property(finding):
                    if written.triple.predicate.value == finding.path:
                        yield source.reported, self._word(source, written.predicate_at)
                elif _is_at_fault(written, finding):
                    yield source.reported, self._place(source, written)
        for text in finding.statements:
            subject = text.partition(" ")[0].removeprefix("_:").strip("<>")
            for source in self._speaking.get(subject, ()):
                for written in self._of(source, subject):
                    if str(written.triple) == text:
                        yield source.reported, self._place(source, written)

    def _of(self, source: Source, thing: str) -> list[Written]:
        located = self._located(source.path)
        if located is None:
            return []
        if ":" in thing:  # an address; what a parser calls a blank node has no colon
            return located.of_subject.get(ox.NamedNode(thing), [])
        own = _signature(each for each in source.triples if _name(each.subject) == thing)
        for written in located.of_subject.values():
            if _signature(each.triple for each in written) == own:
                return written
        return []

    def _subject(self, source: Source, thing: str) -> Place | None:
        located, written = self._located(source.path), self._of(source, thing)
        if located is None or not written:
            return Place(source.path)
        return self._word(source, written[0].subject_at)

    def _word(self, source: Source, at: int) -> Place:
        located = self._located(source.path)
        assert located is not None
        start, end = located.line_and_column(at), at + _width(located.text, at)
        return Place(source.path, *start, *located.line_and_column(end))

    def _place(self, source: Source, written: Written) -> Place:
        located = self._located(source.path)
        assert located is not None
        start = located.line_and_column(written.start)
        return Place(source.path, *start, *located.line_and_column(written.end))


def _means_the_property(finding: Finding) -> bool:
    """Whether the finding is about the name of a property, not about what is said with it."""
    return finding.path is not None and (
        finding.value == finding.path or finding.name == "VocabularyShape-property"
    )


def _is_at_fault(written: Written, finding: Finding) -> bool:
    """Whether this statement about the focus is the one that the finding means."""
    triple = written.triple
    if finding.path is not None and triple.predicate.value != finding.path:
        return False
    if finding.value is None:
        return finding.path is not None
    if finding.path is None and finding.value == finding.focus:
        return False
    value = triple.object
    if isinstance(value, ox.BlankNode):
        return finding.path is not None
    datatype = value.datatype.value if isinstance(value, ox.Literal) else None
    return finding.value in (as_text(value), datatype)


def things(finding: Finding) -> Iterator[str]:
    """Yield the names of what a finding is about: its statements are looked for there."""
    yield finding.focus
    if finding.value is not None:
        yield finding.value
    for text in finding.statements:
        yield text.partition(" ")[0].removeprefix("_:").strip("<>")


def _name(term: object) -> str:
    return term.value if isinstance(term, ox.NamedNode | ox.BlankNode) else ""


def _signature(triples: Iterable[ox.Triple]) -> frozenset[tuple[str, object]]:
    """Return what is said of a blank node, other blank nodes being all alike."""
    return frozenset(
        (each.predicate.value, None if isinstance(each.object, ox.BlankNode) else each.object)
        for each in triples
    )


def _located(path: Path) -> Located | None:
    try:
        return Located(path.read_text(encoding="utf-8"))
    except (NotTurtle, OSError, ValueError):
        return None


def _width(text: str, at: int) -> int:
    """Return how many characters the name that begins at a place has."""
    end = at
    while end < len(text) and not text[end].isspace():
        end += 1
    return max(1, end - at)
