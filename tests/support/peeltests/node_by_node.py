"""A rule as SHACL describes it: its query anew for each focus node, asked by pySHACL."""

from collections.abc import Iterable
from functools import cache
from typing import Any

from pyshacl.pytypes import SHACLExecutor
from pyshacl.shapes_graph import ShapesGraph
from rdflib import Graph, URIRef
from rdflib.namespace import SH
from rdflib.plugins.sparql import prepareQuery
from rdflib.query import Result
from rdflib.term import Node

from peelgraph.validation.shapes import Rule
from peelgraph.validation.terms import as_text
from peeltests.examples import SHAPES

EXECUTOR = SHACLExecutor(validator=None)
#: the address of each rule, and the shapes that have it
PLAIN = {
    rule.iri: [
        shape
        for shape in ShapesGraph(SHAPES.graph).shapes
        if (shape.node, SH.sparql, URIRef(rule.iri)) in SHAPES.graph
    ]
    for rule in SHAPES.rules
}
prepared = cache(prepareQuery)


class ParsedOnce(Graph):
    """A graph that parses each query once: pySHACL asks the same one for every focus node."""

    def query(self, text: str, **keywords: Any) -> Result:  # type: ignore[override]
        return super().query(prepared(text), **keywords)


def node_by_node(
    graph: Graph, rule: Rule, nodes: Iterable[Node]
) -> set[tuple[str, str | None, str | None]]:
    """Return what *rule* says of *nodes*: focus node, path and value."""
    looked_at, said = set(nodes), set()
    for shape in PLAIN[rule.iri]:
        focus = sorted((each for each in shape.focus_nodes(graph) if each in looked_at), key=str)
        _, reports = shape.validate(EXECUTOR, graph, focus=focus) if focus else (True, [])
        for _, _, triples in reports:
            of = {p: o[1] if isinstance(o, tuple) else o for _, p, o in triples}
            if str(of.get(SH.sourceConstraint)) == rule.iri:
                path, value = as_text(of.get(SH.resultPath)), as_text(of.get(SH.value))
                said.add((str(of[SH.focusNode]), path, value))
    return said
