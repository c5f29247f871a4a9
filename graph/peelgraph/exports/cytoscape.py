"""Cytoscape JSON: for Cytoscape's desktop program, which shows ``name``, and for cytoscape.js."""

import json

from peelgraph.exports.model import LICENCE, Attribute, Export, Written


def write(export: Export) -> Written:
    """Return the export as Cytoscape JSON."""
    found = {
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
            "nodes": [
                {"data": _data(dict(node.attributes()) | {"name": node.label})}
                for node in export.nodes
            ],
            "edges": [
                {
                    "data": _data(
                        dict(edge.attributes()) | {"name": edge.label, "interaction": edge.relation}
                    )
                }
                for edge in export.edges
            ],
        },
    }
    return Written((json.dumps(found, ensure_ascii=False, indent=1) + "\n").encode())


def _data(attributes: dict[str, Attribute]) -> dict[str, object]:
    return {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in attributes.items()
    }
