"""Property paths of SHACL, as SPARQL writes them, and what they are made of.

>>> graph = Graph().parse(data="@prefix sh: <http://www.w3.org/ns/shacl#> . "
...     "<urn:x> sh:path ( <urn:a> [ sh:inversePath <urn:b> ] ) .", format="turtle")
>>> path = Path.read(graph, graph.value(URIRef("urn:x"), SH.path))
>>> path.text, path.length, sorted(path.backward)
('(<urn:a>/^<urn:b>)', 2, ['urn:b'])
"""

from dataclasses import dataclass

from rdflib import Graph, URIRef
from rdflib.namespace import RDF, SH
from rdflib.term import Node


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
