"""A record as its Turtle file states it: the document, its passages, and who points at them."""

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pyoxigraph as ox

from peelgraph.evidence.problem import Problem, Unreadable
from peelgraph.evidence.statements import Outline, outline
from peelgraph.evidence.turtle import NotTurtle, place
from peelgraph.namespaces import PEEL, PREFIXES, RDF

_TYPE = RDF + "type"
#: the properties whose objects are passages, or words of the source
EVIDENCE = PEEL + "evidence"
POINTERS = (EVIDENCE, PEEL + "between")
#: part of the IRI of every version of the licence under which words may be copied into links
_OPEN_LICENCE = "open-government-licence"
_PLACE = re.compile(r"^Parser error at line [^:]*: ")


@dataclass(frozen=True)
class Record:
    """One record file. Facts are strings, by subject and predicate, in the order of the file."""

    file: Path
    text: str
    outline: Outline
    facts: dict[str, dict[str, list[str]]]

    @property
    def document(self) -> str:
        """The IRI of the document: the record's base."""
        return self.outline.names.base

    def values(self, subject: str, predicate: str) -> list[str]:
        """Return the objects of *subject*'s *predicate*, literals without language and datatype."""
        return self.facts.get(subject, {}).get(predicate, [])

    def value(self, subject: str, predicate: str) -> str | None:
        """Return the first object, if there is any."""
        return next(iter(self.values(subject, predicate)), None)

    @property
    def identifier(self) -> str | None:
        """The name of the source file."""
        return self.value(self.document, PREFIXES["dcterms"] + "identifier")

    @property
    def digest(self) -> str | None:
        """The SHA-256 of the source that the record was made from."""
        return self.value(self.document, PEEL + "digest")

    @property
    def linkable(self) -> bool:
        """Whether words may be copied for links, and there is a page to link into."""
        licences = self.values(self.document, PREFIXES["dcterms"] + "license")
        pages = self.values(self.document, PREFIXES["foaf"] + "page")
        return bool(pages) and any(_OPEN_LICENCE in licence for licence in licences)

    @property
    def is_record(self) -> bool:
        """Whether the file states a source document under its own base."""
        return PEEL + "SourceDocument" in self.values(self.document, _TYPE)

    @cached_property
    def _lines(self) -> dict[str, int]:
        lines: dict[str, int] = {}
        for statement in self.outline.statements:
            lines.setdefault(statement.subject, place(self.text, statement.start)[0])
        return lines

    def line(self, subject: str) -> int | None:
        """Return the line where the first statement about *subject* begins."""
        return self._lines.get(subject)


def read_record(file: Path) -> Record:
    """Read a record.

    :raises Unreadable: it is missing, not UTF-8, or not Turtle
    """
    try:
        text = file.read_bytes().decode("utf-8")
    except OSError as error:
        raise Unreadable(Problem(file, None, f"Cannot be read: {error.strerror}.")) from error
    except UnicodeDecodeError as error:
        raise Unreadable(Problem(file, None, "Is not UTF-8 text.")) from error
    return parse_record(file, text)


def parse_record(file: Path, text: str) -> Record:
    """Read a record from its *text*.

    :raises Unreadable: it is not Turtle
    """
    facts: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    try:
        for quad in ox.parse(text, format=ox.RdfFormat.TURTLE):
            values = facts[_string(quad.subject)][quad.predicate.value]
            values.append(_string(quad.object))
        return Record(file, text, outline(text), {s: dict(po) for s, po in facts.items()})
    except SyntaxError as error:
        message = f"Is not Turtle: {_PLACE.sub('', error.msg)}."
        raise Unreadable(Problem(file, error.lineno, message, error.offset)) from error
    except NotTurtle as error:
        line, column = place(text, error.position)
        raise Unreadable(Problem(file, line, "No Turtle begins here.", column)) from error


def _string(term: object) -> str:
    if isinstance(term, ox.BlankNode):
        return f"_:{term.value}"
    if isinstance(term, ox.NamedNode | ox.Literal):
        return term.value
    return str(term)
