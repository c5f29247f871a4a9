"""The ``.ttl`` files of a project, read into named graphs, with every problem that they have.

What is wrong in one file does not hide what is wrong in another: all files are read before anybody
is told. A file that does not parse gives one problem, at its line; one that does gives all of its.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Protocol

import pyoxigraph as ox

from peelgraph import blanknodes, edtf
from peelgraph.namespaces import DOCUMENT, EDTF, GRAPH, PEEL, RECORD_GRAPH, XSD, shorten
from peelgraph.resources import Project


class Progress(Protocol):
    """Is told what is being done and, where that is known, how much of it is done."""

    def __call__(self, message: str, done: int = 0, total: int = 0) -> None:
        """Take note; without a *total* it is not known how long it will take."""


#: properties whose values are dates as their source gives them
DATES = frozenset(
    PEEL + name
    for name in (
        *("date", "publicOn", "dated", "sentOn", "retrievedOn", "effectiveOn"),
        *("attestedOn", "attestedOpenOn", "began", "ended", "dueBy", "appliesFrom", "period"),
    )
)
_WORDS = frozenset(PEEL + name for name in ("evidence", "between"))
_EDTF, _DAY = ox.NamedNode(EDTF), ox.NamedNode(XSD + "date")
_PLACE = re.compile(r"^Parser error (?:at|between|on)[^:]*: ")


@dataclass(frozen=True, slots=True)
class SourceError:
    """Something wrong in a file, with its place: lines count from 1."""

    file: Path
    line: int | None
    message: str

    def __str__(self) -> str:
        """Return the place and the message, as compilers print them."""
        place = str(self.file) if self.line is None else f"{self.file}:{self.line}"
        return f"{place}: {self.message}"


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A Turtle file, and the named graph that its statements stand in."""

    path: Path
    graph: str

    @property
    def is_record(self) -> bool:
        """Whether the file is the record of a document."""
        return self.graph.startswith(RECORD_GRAPH)


def source_files(project: Project) -> list[SourceFile]:
    """Return every Turtle file of a project that a build reads, in a fixed order.

    A record takes the place of one of the same name in the project that this one is added to.
    """
    found: list[SourceFile] = []
    for layer in project.layers:
        own = _own_files(layer)
        records = {each.graph for each in own if each.is_record}
        found = [*(each for each in found if each.graph not in records), *own]
    return found


def _own_files(project: Project) -> list[SourceFile]:
    ontology = sorted(project.ontology.rglob("*.ttl"))
    schemes = project.ontology / "schemes"
    found = [
        SourceFile(path, GRAPH + ("schemes" if path.is_relative_to(schemes) else "ontology"))
        for path in ontology
    ]
    for folder in (project.register, project.reference, project.editorial):
        found += [SourceFile(path, GRAPH + folder.name) for path in sorted(folder.rglob("*.ttl"))]
    found += [
        SourceFile(path, RECORD_GRAPH + path.stem) for path in sorted(project.records.glob("*.ttl"))
    ]
    return found


def read(project: Project, progress: Progress | None = None) -> tuple[ox.Store, list[SourceError]]:
    """Return what the files of *project* state, in named graphs, and all that is wrong with them.

    :param progress: is told how many files have been read
    """
    store = ox.Store()
    problems: list[SourceError] = []
    files = source_files(project)
    for number, file in enumerate(files):
        if progress is not None:
            progress("reading the files", number, len(files))
        quads, wrong = read_file(file)
        problems += wrong
        if not wrong:
            store.bulk_extend(quads)
    return store, problems


def read_file(file: SourceFile) -> tuple[list[ox.Quad], list[SourceError]]:
    """Return the quads of one file, and what is wrong with it."""
    try:
        content = file.path.read_bytes()
    except OSError as error:
        return [], [SourceError(file.path, None, f"The file cannot be read: {error.strerror}.")]
    parser = ox.parse(content, format=ox.RdfFormat.TURTLE, base_iri=None)
    try:
        triples = [quad.triple for quad in parser]
    except SyntaxError as error:
        message = _PLACE.sub("", str(error.msg)).rstrip(".")
        return [], [SourceError(file.path, error.lineno, f"This is not Turtle: {message}.")]
    text = content.decode("utf-8")
    problems = [
        SourceError(file.path, line, message)
        for message, needle in _wrong(file, parser.base_iri, triples)
        for line in _lines_of(text, needle)
    ]
    anonymous = [each for each in triples if _is_anonymous(each)]
    names: blanknodes.Names = {}
    if file.is_record:
        names = blanknodes.of_selectors(anonymous)
    elif file.graph in (GRAPH + "ontology", GRAPH + "schemes"):
        try:
            names = blanknodes.of_expressions(anonymous)
        except blanknodes.UnnamedNode as error:
            problems.append(SourceError(file.path, None, f"Some {error}."))
    if any(_missing(term, names) for each in anonymous for term in (each.subject, each.object)):
        lines = _lines_of(text, re.compile(r"^(?!\s*#)(?!.*oa:hasSelector \[).*(?:\[|_:)", re.M))
        message = "A blank node stands here; name it: only the selectors of passages have no names."
        problems.append(SourceError(file.path, next(iter(lines), None), message))
    if problems:
        return [], problems
    graph = ox.NamedNode(file.graph)
    return [_quad(each, names, graph) for each in triples], []


def _is_anonymous(triple: ox.Triple) -> bool:
    return isinstance(triple.subject, ox.BlankNode) or isinstance(triple.object, ox.BlankNode)


def _missing(term: object, names: blanknodes.Names) -> bool:
    return isinstance(term, ox.BlankNode) and term not in names


def _quad(triple: ox.Triple, names: blanknodes.Names, graph: ox.NamedNode) -> ox.Quad:
    subject, value = triple.subject, triple.object
    if isinstance(subject, ox.BlankNode):
        subject = names[subject]
    if isinstance(value, ox.BlankNode):
        value = names[value]
    return ox.Quad(subject, triple.predicate, value, graph)


def _wrong(
    file: SourceFile, base: str | None, triples: list[ox.Triple]
) -> Iterator[tuple[str, str | re.Pattern[str]]]:
    """Return each message with what to look for in the file."""
    if file.is_record:
        document = DOCUMENT + file.path.stem
        if base != document:
            yield f"The record begins with @base <{document}> .", re.compile(r"\A")
        elif not any(
            isinstance(each.subject, ox.NamedNode) and each.subject.value == document
            for each in triples
        ):
            yield "The record says nothing of its document, which is written <>.", re.compile(r"\A")
    words: list[ox.Literal] = []
    seen: set[ox.Literal] = set()
    for each in triples:
        value = each.object
        if not isinstance(value, ox.Literal) or value in seen:
            continue
        predicate = each.predicate.value
        if predicate in _WORDS:
            words.append(value)
            continue
        dated = value.datatype in (_EDTF, _DAY) or predicate in DATES
        if dated and (message := _wrong_date(predicate, value)):
            seen.add(value)
            yield message, _as_written(value)
    if words:
        unwoven = (
            f"{len(words)} passages are not woven yet"
            if words[1:]
            else "A passage is not woven yet"
        )
        yield f"{unwoven}: run peelgraph evidence weave.", re.compile(r"\A")


def _wrong_date(predicate: str, value: ox.Literal) -> str | None:
    if predicate in DATES and value.datatype != _EDTF:
        return f'{shorten(predicate)} takes a date written "{value.value}"^^edtf:EDTF.'
    try:
        if value.datatype == _DAY:
            date.fromisoformat(value.value)
        else:
            edtf.parse(value.value)
    except edtf.EdtfError as error:
        return f"This is no date: {error}."
    except ValueError:
        return f"This is no day: {value.value}."
    return None


def _as_written(value: ox.Literal) -> str:
    """Return the beginning of a literal, up to what may be escaped in the file."""
    return '"' + re.split(r'["\\\n\r\t]', value.value, maxsplit=1)[0]


def _lines_of(text: str, needle: str | re.Pattern[str]) -> Iterator[int | None]:
    """Return the line of each place where *needle* stands; ``None`` if it stands nowhere."""
    pattern = needle if isinstance(needle, re.Pattern) else re.compile(re.escape(needle))
    found = False
    for match in pattern.finditer(text):
        found = True
        yield text.count("\n", 0, match.start()) + 1
    if not found:
        yield None
