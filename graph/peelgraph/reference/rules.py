"""Each shape that speaks, in words: what it looks at, what it demands, how grave a breach is.

The words are made from the Turtle. A constraint written in SPARQL says what it demands in its
message; what it looks at comes from the shape that has it.

>>> from peelgraph.reference import said
>>> rule = {each.name: each for each in rules(said.shapes(), said.ontology())}
>>> print(rule["ConcernShape-basedOn"].words)
Every cause of concern: each value of “based on” (peel:basedOn) is a finding.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pyoxigraph as ox

from peelgraph.namespaces import BASE, PEEL, PEELSH, PREFIXES
from peelgraph.reference.naming import Naming, short
from peelgraph.reference.said import Said, Term
from peelgraph.reference.sentences import Sentences

#: how grave a breach is, and the word that its message has
GRAVITY = {"violation": "must", "warning": "should", "info": "may"}

_TARGETS = ("sh:targetClass", "sh:targetSubjectsOf", "sh:targetObjectsOf")
_NAME = re.compile(r"\b([a-z0-9]+):([A-Za-z][A-Za-z0-9-]*)")
_HEADER = BASE + "shapes/"


@dataclass(frozen=True, slots=True)
class Rule:
    """A shape that speaks.

    :param name: what stands behind ``peelsh:``
    :param file: the file of shapes that it stands in, without its ending
    :param severity: ``violation``, ``warning`` or ``info``
    :param words: what it demands
    :param message: what to do where it is broken; ``{?value}`` stands for what was found
    :param governs: the terms of the ontology that it is about, as IRIs
    :param sparql: its query, where it is written as one
    """

    name: str
    file: str
    severity: str
    words: str
    message: str
    governs: tuple[str, ...]
    sparql: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """One file of shapes."""

    name: str
    title: str
    description: str
    rules: tuple[Rule, ...]


def rules(shapes: Said, ontology: Said) -> tuple[Rule, ...]:
    """Return every shape with a message, by name."""
    made = _Maker(shapes, ontology)
    speaking = [
        each
        for kind in ("sh:PropertyShape", "sh:NodeShape", "sh:SPARQLConstraint")
        for each in shapes.with_value("rdf:type", kind)
        if shapes.texts(each, "sh:message")
    ]
    return tuple(sorted((made.rule(each) for each in speaking), key=lambda rule: rule.name))


def parts(shapes: Said, ontology: Said) -> tuple[Part, ...]:
    """Return the files of shapes with their rules; those without any left out."""
    every = rules(shapes, ontology)
    found = []
    for header in shapes.with_value("rdf:type", "owl:Ontology"):
        name = header.value.removeprefix(_HEADER)
        own = tuple(each for each in every if each.file == name)
        if own:
            title, description = (
                shapes.text(header, each) for each in ("dcterms:title", "dcterms:description")
            )
            found.append(Part(name, title, description, own))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Maker:
    shapes: Said
    ontology: Said

    def rule(self, shape: ox.NamedNode) -> Rule:
        said = self.shapes
        owners = self._owners(shape)
        sentences = Sentences(said, Naming(self.ontology))
        query = said.text(shape, "sh:select")
        severity = next(
            (short(iri) for each in (shape, *owners) for iri in said.iris(each, "sh:severity")),
            "sh:Violation",
        )
        looked_at = sentences.looked_at(owners or [shape], said.value(shape, "sh:path"))
        demanded = "a query looks for what breaks this" if query else sentences.demanded(shape)
        return Rule(
            shape.value.removeprefix(PEELSH),
            self._file(shape, owners),
            severity.removeprefix("sh:").lower(),
            f"{looked_at}: {demanded}.",
            said.text(shape, "sh:message"),
            self._governs(shape, owners, query),
            query,
        )

    def _owners(self, shape: ox.NamedNode) -> list[ox.NamedNode]:
        """Return the shapes with targets that have a shape."""
        own = [shape] if any(self.shapes.values(shape, each) for each in _TARGETS) else []
        return own + [
            each
            for name in ("sh:property", "sh:sparql", "sh:node")
            for each in self.shapes.with_value(name, shape)
        ]

    def _file(self, shape: ox.NamedNode, owners: list[ox.NamedNode]) -> str:
        for each in (shape, *owners):
            for iri in self.shapes.iris(each, "rdfs:isDefinedBy"):
                return iri.removeprefix(_HEADER)
        return ""

    def _governs(
        self, shape: ox.NamedNode, owners: list[ox.NamedNode], query: str
    ) -> tuple[str, ...]:
        found = list(self._named(shape))
        targets = _TARGETS[:1] if found else _TARGETS
        found += [iri for each in owners for iri in self.shapes.iris(each, *targets)]
        found += [
            PREFIXES[prefix] + name for prefix, name in _NAME.findall(query) if prefix in PREFIXES
        ]
        return tuple(dict.fromkeys(each for each in found if each.startswith(PEEL)))

    def _named(self, shape: ox.NamedNode) -> Iterator[str]:
        """Yield the properties of the path of a shape."""
        waiting: list[Term] = self.shapes.values(shape, "sh:path")
        while waiting:
            each = waiting.pop(0)
            if isinstance(each, ox.NamedNode):
                yield each.value
            else:
                waiting += self.shapes.items(each)
                waiting += self.shapes.values(each, "sh:inversePath")
                for head in self.shapes.values(each, "sh:alternativePath"):
                    waiting += self.shapes.items(head)
