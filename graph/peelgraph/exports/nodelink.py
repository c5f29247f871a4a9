"""Node-link JSON, as networkx writes and reads it (and D3, by the names it is told).

It is written without networkx, which would hold a graph of everything, and then a tree of that.
"""

from collections.abc import Container, Iterator

from peelgraph.exports.jsontext import Each, written
from peelgraph.exports.model import Attribute, Edge, Export, Node, Written

#: what stands behind all other attributes, in the order and by the names of networkx
_LAST = {"source": "source", "target": "target", "id": "key"}


def write(export: Export) -> Written:
    """Return the export as node-link JSON."""
    document = {
        "directed": True,
        "multigraph": True,
        "graph": export.about,
        "nodes": Each(len(export.nodes), lambda: map(_node, export.nodes)),
        "edges": Each(len(export.edges), lambda: map(_edge, export.edges)),
    }
    return Written(lambda: written(document))


def _node(node: Node) -> dict[str, Attribute]:
    return dict(_others(node, ("id",))) | {"id": node.id}


def _edge(edge: Edge) -> dict[str, Attribute]:
    said = dict(edge.attributes())
    return dict(_others(edge, _LAST)) | {name: said[here] for here, name in _LAST.items()}


def _others(thing: Node | Edge, last: Container[str]) -> Iterator[tuple[str, Attribute]]:
    return ((name, value) for name, value in thing.attributes() if name not in last)
