"""Validate the files of a project, and say for each finding where its thing is described."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import pyoxigraph as ox

from peelgraph.reading import SourceError
from peelgraph.resources import Project
from peelgraph.validation import core, rules
from peelgraph.validation.corpus import Source, UnreadableFileError, read_sources
from peelgraph.validation.finding import Finding
from peelgraph.validation.merged import Merged
from peelgraph.validation.shapes import Shapes, load_shapes

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Examination:
    """What a validation found: the findings worst first, and the files that it could not read."""

    findings: tuple[Finding, ...]
    unreadable: tuple[SourceError, ...]
    files: int
    triples: int


def validate(project: Project, files: Iterable[Path] | None = None) -> list[Finding]:
    """Return what the shapes of *project* find wrong in it, worst first.

    :param files: the files to report on, with the project as their context; all, if not given
    :raises UnreadableFileError: a file cannot be opened or is not Turtle
    """
    examination = examine(project, files)
    if examination.unreadable:
        raise UnreadableFileError(examination.unreadable)
    return list(examination.findings)


def examine(
    project: Project, files: Iterable[Path] | None = None, progress: Progress | None = None
) -> Examination:
    """Validate all files that can be read, and name the others.

    :param files: the files to report on, with the project as their context; all, if not given
    :param progress: is told what is being done
    :raises UnreadableFileError: a file of the shapes cannot be opened or is not Turtle
    """
    tell = progress or (lambda _: None)
    tell("reading the files")
    sources, unreadable = read_sources(project, files)
    reported = [source for source in sources if source.reported]
    tell("reading the shapes")
    shapes = load_shapes(project.shapes)
    tell("checking")
    described = {iri for source in reported for iri in source.subjects()}
    touched = {iri for source in reported for iri in source.mentioned()}
    everything = [triple for source in sources for triple in source.triples]
    found = find(everything, shapes, None if files is None else (described, touched))
    return Examination(
        findings=tuple(sorted(_placed(found, reported), key=lambda finding: finding.order)),
        unreadable=tuple(unreadable),
        files=len(reported),
        triples=sum(len(source.triples) for source in reported),
    )


def find(
    triples: Iterable[ox.Triple],
    shapes: Shapes,
    about: tuple[set[str], set[str]] | None = None,
) -> set[Finding]:
    """Return what *shapes* find wrong in the merge of *triples*.

    :param about: what the files to report on describe, and what they describe or point at: a rule
        may find fault with a thing of the context because of what a file says
    """
    merged = Merged(triples)
    if about is None:
        return {*core.find(merged, shapes), *rules.check(merged.store, shapes)}
    described, touched = about
    found = {*core.find(merged, shapes, described)}
    for finding in rules.check(merged.store, shapes):
        if finding.focus in touched or finding.value in described:
            found.add(finding)
    return found


def _placed(found: Iterable[Finding], reported: list[Source]) -> Iterable[Finding]:
    """Give each finding the file and the line where its focus, or else its value, is described."""
    described = [(source, source.subjects()) for source in reported]
    lines: dict[Path, dict[str, int]] = {}
    for finding in found:
        for thing in (finding.focus, finding.value):
            source = next((each for each, names in described if thing in names), None)
            if source is not None and thing is not None:
                if source.path not in lines:
                    lines[source.path] = subject_lines(source.path.read_text(encoding="utf-8"))
                line = lines[source.path].get(thing)
                yield replace(finding, file=source.path, line=line)
                break
        else:
            yield finding
