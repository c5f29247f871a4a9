"""What a shape demands and why, with its example that conforms and one that does not."""

import difflib
from collections.abc import Iterable, Iterator
from pathlib import Path

from rdflib import Graph, URIRef
from rdflib.namespace import DCTERMS, RDFS, SH, SKOS
from rdflib.term import Node

from peelgraph.namespaces import PREFIXES, shorten
from peelgraph.resources import Project
from peelgraph.validation import broken, vocabulary
from peelgraph.validation.shapes import Shapes, load_shapes, severity_name

#: what is demanded of the shapes themselves
_OF_RULES = {
    "RuleShape-closed": "A rule in SPARQL must keep to the graph that it is given. SERVICE and "
    "FROM reach out of it: the same records would be right today and wrong tomorrow, and shapes "
    "may come from a stranger.",
    "RuleShape-plain": "Shapes are SHACL Core with constraints in sh:sparql that have addresses: "
    "what else SHACL has runs code, and the shapes may come from a stranger.",
    "RuleShape-runs": "A rule must be SPARQL 1.1, and come to its end within the time and the "
    "memory that a validation has.",
}
#: what is checked beside the shapes, by name
CHECKS = {**broken.CHECKS, **vocabulary.CHECKS, **_OF_RULES}


class UnknownShape(LookupError):
    """A name of no shape, with the nearest."""


def names(shapes: Shapes) -> list[str]:
    """Return the names of all that can speak."""
    return sorted({*CHECKS, *(each.rpartition("#")[2] for each in shapes.speaking)})


def known(name: str, among: Iterable[str]) -> str:
    """Return the name of a shape, given as its name, as ``peelsh:NAME`` or as its address.

    :raises UnknownShape: there is none
    """
    local = name.rpartition("#")[2].removeprefix("peelsh:")
    among = list(among)
    if local in among:
        return local
    near = difflib.get_close_matches(local, among, n=3, cutoff=0.5)
    hint = f"Did you mean {' or '.join(near)}?" if near else "docs/reference/shapes.md lists all."
    raise UnknownShape(f"There is no shape {name!r}. {hint}")


def explanation(project: Project, name: str) -> str:
    """Return what the shape called *name* demands, and why.

    :raises UnknownShape: there is none
    :raises UnreadableFileError: a file of the shapes is not Turtle
    """
    shapes = load_shapes(*(layer.shapes for layer in project.layers))
    local = known(name, names(shapes))
    if local in CHECKS:
        return f"{local} (violation)\n\n{CHECKS[local]}\n"
    (address,) = (each for each in sorted(shapes.speaking) if each.rpartition("#")[2] == local)
    return "\n".join([*_demands(shapes.graph, URIRef(address), local), *_examples(project, local)])


def _demands(graph: Graph, shape: URIRef, name: str) -> Iterator[str]:
    owners = [*graph.subjects(SH.property, shape), *graph.subjects(SH.sparql, shape)]
    severity = next(
        (found for each in (shape, *owners) if (found := graph.value(each, SH.severity))),
        SH.Violation,
    )
    yield f"{name} ({severity_name(severity)})"
    yield ""
    yield str(graph.value(shape, SH.message) or "")
    yield ""
    targets = sorted(
        f"{_TARGETS[kind]} {shorten(str(target))}"
        for each in (shape, *owners)
        for kind in _TARGETS
        for target in graph.objects(each, kind)
    )
    if targets:
        yield f"Looks at: {'; '.join(targets)}."
    for each in (shape, *owners):
        for predicate in (SH.description, RDFS.comment, SKOS.scopeNote, SKOS.editorialNote):
            yield from (f"Why: {text}" for text in graph.objects(each, predicate))
    part = graph.value(shape, RDFS.isDefinedBy)
    if part is not None and (said := graph.value(part, DCTERMS.description)):
        yield f"Part of: {said}"
    yield ""
    yield "As SHACL:"
    yield ""
    yield from (f"    {line}" for line in _turtle(graph, shape).splitlines())


_TARGETS = {
    SH.targetClass: "every",
    SH.targetSubjectsOf: "whatever has",
    SH.targetObjectsOf: "whatever is a value of",
    SH.targetNode: "",
}


def _turtle(graph: Graph, shape: URIRef) -> str:
    own = Graph()
    for prefix, namespace in PREFIXES.items():
        own.bind(prefix, namespace)
    waiting: list[Node] = [shape]
    while waiting:
        node = waiting.pop()
        for triple in graph.triples((node, None, None)):
            if triple not in own:
                own.add(triple)
                if not isinstance(triple[2], URIRef):
                    waiting.append(triple[2])
    text = own.serialize(format="turtle")
    return "\n".join(line for line in text.splitlines() if not line.startswith("@prefix")).strip()


def _examples(project: Project, name: str) -> Iterator[str]:
    for layer in reversed(project.layers):
        folder = layer.shapes / "examples" / name
        for kind, words in (("conforms", "Conforms"), ("violates", "Does not")):
            for path in sorted(folder.glob(f"{kind}*.ttl"))[:1]:
                yield ""
                yield f"{words} ({path.stem}):"
                yield ""
                yield from (f"    {line}".rstrip() for line in _body(path))
    yield ""


def _body(path: Path) -> list[str]:
    """Return the lines of an example without its prefixes."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if not line.startswith("@prefix")]
