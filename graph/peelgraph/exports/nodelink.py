"""Node-link JSON, as networkx writes and reads it (and D3, by the names it is told)."""

import json

from peelgraph.exports.model import Export, Written


def write(export: Export) -> Written:
    """Return the export as node-link JSON."""
    import networkx

    found = networkx.node_link_data(export.to_networkx(), edges="edges")
    return Written((json.dumps(found, ensure_ascii=False, indent=1) + "\n").encode())
