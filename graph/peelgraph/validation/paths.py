"""Property paths of SHACL, as SPARQL writes them, and what they are made of.

>>> graph = Graph().parse(data="@prefix sh: <http://www.w3.org/ns/shacl#> . "
...     "<urn:x> sh:path ( <urn:a> [ sh:inversePath <urn:b> ] ) .", format="turtle")
>>> path = Path.read(graph, graph.value(URIRef("urn:x"), SH.path))
>>> path.text, path.length, sorted(path.backward)
('(<urn:a>/^<urn:b>)', 2, ['urn:b'])
"""

from dataclasses import dataclass
from typing import Any

from rdflib import BNode, Graph, URIRef
from rdflib.collection import Collection
from rdflib.namespace import RDF, SH
from rdflib.paths import AlternativePath, InvPath, SequencePath
from rdflib.plugins.sparql.algebra import translatePath, traverse
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.term import Node

#: the forms of a path that repeat a step, and how SPARQL writes them
REPEATED = {SH.zeroOrMorePath: "*", SH.oneOrMorePath: "+", SH.zeroOrOnePath: "?"}


class UnknownPath(ValueError):
    """A path of a form that no shape here has, such as one that repeats a step."""


@dataclass(frozen=True, slots=True)
class Path:
    """A path: its text, how many steps it takes at most, and its properties by direction."""

    text: str
    length: int
    forward: frozenset[str]
    backward: frozenset[str]

    @classmethod
    def read(cls, graph: Graph, node: Node | None) -> "Path":
        """Return the path that *node* of *graph* stands for.

        :raises UnknownPath: it is of no known form
        """
        if isinstance(node, URIRef):
            return cls(node.n3(), 1, frozenset({str(node)}), frozenset())
        if node is not None and (node, RDF.first, None) in graph:
            parts = [cls.read(graph, each) for each in graph.items(node)]
            return cls._joined("/", sum(part.length for part in parts), parts)
        if (options := graph.value(node, SH.alternativePath)) is not None:
            parts = [cls.read(graph, each) for each in graph.items(options)]
            return cls._joined("|", max(part.length for part in parts), parts)
        if isinstance(inverse := graph.value(node, SH.inversePath), URIRef):
            return cls(f"^{inverse.n3()}", 1, frozenset(), frozenset({str(inverse)}))
        raise UnknownPath

    @classmethod
    def _joined(cls, sign: str, length: int, parts: list["Path"]) -> "Path":
        text = f"({sign.join(part.text for part in parts)})"
        forward = frozenset().union(*(part.forward for part in parts))
        backward = frozenset().union(*(part.backward for part in parts))
        return cls(text, length, forward, backward)


def written(graph: Graph, node: Node) -> str:
    """Return any path of SHACL as SPARQL writes it.

    Source: SHACL, section 2.3.1.

    >>> graph = Graph().parse(data="@prefix sh: <http://www.w3.org/ns/shacl#> . "
    ...     "<urn:x> sh:path ( <urn:a> [ sh:zeroOrMorePath [ sh:inversePath <urn:b> ] ] ) .",
    ...     format="turtle")
    >>> written(graph, graph.value(URIRef("urn:x"), SH.path))
    '(<urn:a>/(^<urn:b>)*)'
    """
    if isinstance(node, URIRef):
        return node.n3()
    if (node, RDF.first, None) in graph:
        return f"({'/'.join(written(graph, each) for each in graph.items(node))})"
    if (options := graph.value(node, SH.alternativePath)) is not None:
        return f"({'|'.join(written(graph, each) for each in graph.items(options))})"
    if (inverse := graph.value(node, SH.inversePath)) is not None:
        return f"^{_one(written(graph, inverse))}"
    for form, sign in REPEATED.items():
        if (repeated := graph.value(node, form)) is not None:
            return f"{_one(written(graph, repeated))}{sign}"
    raise UnknownPath


def _one(text: str) -> str:
    """Return a path that a sign can stand at."""
    whole = (text[0], text[-1]) in (("<", ">"), ("(", ")"))
    return text if whole else f"({text})"


def add(text: str, graph: Graph) -> Node:
    """Add to *graph* the path that SPARQL writes so, as SHACL has it, and return its node."""
    parsed = parseQuery(f"SELECT * {{ ?s {text} ?o }}")
    query = traverse(parsed[1], visitPost=translatePath)
    return _added(query.where.part[0].triples[0][1], graph)


def _added(path: Any, graph: Graph) -> Node:
    if isinstance(path, URIRef):
        return path
    if isinstance(path, SequencePath):
        return Collection(graph, BNode(), [_added(each, graph) for each in path.args]).uri
    node = BNode()
    if isinstance(path, AlternativePath):
        options = Collection(graph, BNode(), [_added(each, graph) for each in path.args])
        graph.add((node, SH.alternativePath, options.uri))
    elif isinstance(path, InvPath):
        graph.add((node, SH.inversePath, _added(path.arg, graph)))
    else:
        (form,) = (form for form, sign in REPEATED.items() if sign == str(path.mod))
        graph.add((node, form, _added(path.path, graph)))
    return node
