"""The files that a validation reads: those to report on, and those that are only context.

A given file takes the place of the shipped one that is the same file, or that is the record of the
same name. What is wrong in one file does not hide what is wrong in another.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from peelgraph.namespaces import GRAPH, RECORD_GRAPH
from peelgraph.reading import SourceError, source_files
from peelgraph.resources import Project

_PLACE = re.compile(r"^Parser error (?:at|between|on)[^:]*: ")
_VOCABULARY = (GRAPH + "ontology", GRAPH + "schemes")


class UnreadableFileError(ValueError):
    """Files that cannot be read, each with its place and what is wrong."""

    def __init__(self, problems: Iterable[SourceError]) -> None:
        """Keep the problems, and say them all."""
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


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
) -> tuple[list[Source], list[SourceError]]:
    """Return every file of *project* with *files* in their places, and those that do not parse.

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
    sources: list[Source] = []
    problems: list[SourceError] = []
    for path, reported in wanted:
        try:
            sources.append(Source(path, tuple(parse(path)), reported))
        except UnreadableFileError as error:
            problems += error.problems
    return sources, problems


def parse(path: Path) -> list[ox.Triple]:
    """Return what a Turtle file states.

    :raises UnreadableFileError: the file cannot be opened, or is not Turtle
    """
    try:
        content = path.read_bytes()
        return [quad.triple for quad in ox.parse(content, format=ox.RdfFormat.TURTLE)]
    except OSError as error:
        reason = error.strerror or type(error).__name__
        problem = SourceError(path, None, f"The file cannot be read: {reason}.")
    except SyntaxError as error:
        message = _PLACE.sub("", str(error.msg)).rstrip(".")
        problem = SourceError(path, error.lineno, f"This is not Turtle: {message}.")
    raise UnreadableFileError([problem])
