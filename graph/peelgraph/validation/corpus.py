"""The files that a validation reads: those to report on, and those that are only context.

A given file takes the place of the shipped one that is the same file, or that is the record of the
same name. What is wrong in one file does not hide what is wrong in another.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

import pyoxigraph as ox

from peelgraph.namespaces import GRAPH, RECORD_GRAPH
from peelgraph.reading import Progress, source_files
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
    #: how the project calls it, and the SHA-256 of what was read
    name: str = ""
    digest: str = ""

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


@dataclass(frozen=True, slots=True)
class Wanted:
    """A file to read: how the project calls it, whether findings about it are wanted.

    ``defines`` says that it belongs to the vocabulary.
    """

    path: Path
    name: str
    reported: bool
    defines: bool = False


def wanted_files(project: Project, files: Iterable[Path] | None) -> list[Wanted]:
    """Return every file of *project*, with *files* in their places.

    :param files: the files to report on; ``None`` for all that the project states
    """
    found = [
        Wanted(each.path, project.named(each.path), files is None, each.graph in _VOCABULARY)
        for each in source_files(project)
    ]
    if files is None:
        return [replace(each, reported=not each.defines) for each in found]
    given = list(dict.fromkeys(files))
    same = {path.resolve() for path in given}
    records = {RECORD_GRAPH + path.stem for path in given}
    graphs = {each.path: each.graph for each in source_files(project)}
    found = [
        each
        for each in found
        if each.path.resolve() not in same and graphs[each.path] not in records
    ]
    return [*found, *(Wanted(path, project.named(path.resolve()), True) for path in given)]


def read_sources(
    project: Project, files: Iterable[Path] | None
) -> tuple[list[Source], list[Finding]]:
    """Return every file of *project* with *files* in their places, and why others do not parse.

    :param files: the files to report on; ``None`` for all that the project states
    """
    return read_all(wanted_files(project, files))


def read_all(
    wanted: Sequence[Wanted], progress: Progress | None = None
) -> tuple[list[Source], list[Finding]]:
    """Return each file that parses, and why the others do not.

    :param progress: is told how many have been read
    """
    sources: list[Source] = []
    problems: list[Finding] = []
    for number, each in enumerate(wanted):
        if progress is not None:
            progress("reading the files", number, len(wanted))
        try:
            sources.append(read(each))
        except UnreadableFileError as error:
            problems += error.problems
    return sources, problems


def read(wanted: Wanted) -> Source:
    """Return what a file states.

    :raises UnreadableFileError: the file cannot be opened, or is not Turtle
    """
    path = wanted.path
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UnreadableFileError([unreadable(path, error)]) from None
    try:
        parsed = ox.parse(content, format=format_of(path))
        triples = tuple(_steadily(wanted.name, (quad.triple for quad in parsed)))
    except SyntaxError:
        raise UnreadableFileError(broken(path, content)) from None
    return Source(path, triples, wanted.reported, wanted.name, sha256(content).hexdigest())


def parse(path: Path) -> list[ox.Triple]:
    """Return what a Turtle or TriG file states.

    :raises UnreadableFileError: the file cannot be opened, or is not Turtle
    """
    return list(read(Wanted(path, path.resolve().as_posix(), True)).triples)


def _steadily(name: str, triples: Iterable[ox.Triple]) -> Iterator[ox.Triple]:
    """Name the blank nodes of a file by their order in it: a parser names them anew each time."""
    start = f"f{sha256(name.encode()).hexdigest()[:20]}n"
    nodes: dict[ox.BlankNode, ox.BlankNode] = {}
    for triple in triples:
        subject, value = triple.subject, triple.object
        if isinstance(subject, ox.BlankNode) or isinstance(value, ox.BlankNode):
            if isinstance(subject, ox.BlankNode):
                subject = nodes.setdefault(subject, ox.BlankNode(f"{start}{len(nodes)}"))
            if isinstance(value, ox.BlankNode):
                value = nodes.setdefault(value, ox.BlankNode(f"{start}{len(nodes)}"))
            triple = ox.Triple(subject, triple.predicate, value)
        yield triple
