"""The files that a validation reads: those to report on, and those that are only context.

A given file takes the place of the shipped one that is the same file, or that is the record of the
same name. What is wrong in one file does not hide what is wrong in another.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from peelgraph.namespaces import GRAPH, RECORD_GRAPH
from peelgraph.reading import source_files
from peelgraph.resources import Project
from peelgraph.validation.broken import broken, format_of, unreadable
from peelgraph.validation.finding import Finding

_VOCABULARY = (GRAPH + "ontology", GRAPH + "schemes")


class UnreadableFileError(ValueError):
    """Files that cannot be read, each with its place and what is wrong."""

    def __init__(self, problems: Iterable[Finding]) -> None:
        """Keep the problems, and say them all."""
        self.problems = tuple(problems)
        super().__init__("\n".join(f"{_place(each)}: {each.message}" for each in self.problems))


def _place(finding: Finding) -> str:
    return str(finding.file) if finding.line is None else f"{finding.file}:{finding.line}"


@dataclass(frozen=True, slots=True)
class Source:
    """A Turtle file, what it states, and whether findings about it are wanted."""

    path: Path
    triples: tuple[ox.Triple, ...]
    reported: bool

    def subjects(self) -> set[str]:
        """Return the addresses of what the file describes."""
        return {
            each.subject.value for each in self.triples if isinstance(each.subject, ox.NamedNode)
        }

    def mentioned(self) -> set[str]:
        """Return the addresses of what the file describes or points at."""
        return self.subjects() | {
            each.object.value for each in self.triples if isinstance(each.object, ox.NamedNode)
        }


def read_sources(
    project: Project, files: Iterable[Path] | None
) -> tuple[list[Source], list[Finding]]:
    """Return every file of *project* with *files* in their places, and why others do not parse.

    :param files: the files to report on; ``None`` for all that the project states
    """
    shipped = source_files(project)
    wanted: list[tuple[Path, bool]]
    if files is None:
        wanted = [(each.path, each.graph not in _VOCABULARY) for each in shipped]
    else:
        given = list(dict.fromkeys(files))
        same = {path.resolve() for path in given}
        records = {RECORD_GRAPH + path.stem for path in given}
        wanted = [
            (each.path, False)
            for each in shipped
            if each.path.resolve() not in same and each.graph not in records
        ]
        wanted += [(path, True) for path in given]
    return read_all(wanted)


def read_all(wanted: Iterable[tuple[Path, bool]]) -> tuple[list[Source], list[Finding]]:
    """Return each file that parses, and why the others do not.

    :param wanted: files, each with whether findings about it are wanted
    """
    sources: list[Source] = []
    problems: list[Finding] = []
    for path, reported in wanted:
        try:
            sources.append(Source(path, tuple(parse(path)), reported))
        except UnreadableFileError as error:
            problems += error.problems
    return sources, problems


def parse(path: Path) -> list[ox.Triple]:
    """Return what a Turtle or TriG file states.

    :raises UnreadableFileError: the file cannot be opened, or is not Turtle
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UnreadableFileError([unreadable(path, error)]) from None
    try:
        return [quad.triple for quad in ox.parse(content, format=format_of(path))]
    except SyntaxError:
        raise UnreadableFileError(broken(path, content)) from None
