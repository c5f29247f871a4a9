"""A knowledge graph of police inspections in England and Wales.

``peelgraph.open()`` builds the snapshot where it is missing and returns the graph:

>>> import peelgraph
>>> graph = peelgraph.open()
>>> answer = graph.ask("phase", force="west-midlands", on="2024-01-01")
>>> answer.rows[0]["since"]
'2023-11-24'
"""

from peelgraph.graph import Graph, open_graph

__version__ = "0.1.0"
__all__ = ["Graph", "__version__", "open"]

open = open_graph
