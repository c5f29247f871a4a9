"""Cytoscape JSON: for Cytoscape's desktop program, which shows ``name``, and for cytoscape.js."""

from peelgraph.exports.jsontext import Each, written
from peelgraph.exports.model import LICENCE, Attribute, Edge, Export, Node, Written


def write(export: Export) -> Written:
    """Return the export as Cytoscape JSON."""
    document = {
        "format_version": "1.0",
        "generated_by": "peelgraph",
        "data": {
            "name": export.title,
            "snapshot": export.snapshot,
            "on": export.on,
            "known": export.known,
            "licence": LICENCE,
            "provenance": export.provenance,
        },
        "elements": {
            "nodes": Each(len(export.nodes), lambda: map(_node, export.nodes)),
            "edges": Each(len(export.edges), lambda: map(_edge, export.edges)),
        },
    }
    return Written(lambda: written(document))


def _node(node: Node) -> dict[str, dict[str, Attribute]]:
    return {"data": dict(node.attributes()) | {"name": node.label}}


def _edge(edge: Edge) -> dict[str, dict[str, Attribute]]:
    return {"data": dict(edge.attributes()) | {"name": edge.label, "interaction": edge.relation}}
