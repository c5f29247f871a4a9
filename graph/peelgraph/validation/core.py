"""The core of SHACL, run by pySHACL shape by shape over one merged graph."""

from collections.abc import Iterator
from typing import Any

from pyshacl.pytypes import SHACLExecutor
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import SH
from rdflib.term import Node

from peelgraph.validation.finding import Finding
from peelgraph.validation.shapes import Shapes, severity_name
from peelgraph.validation.terms import as_text


def check(graph: Graph, shapes: Shapes, only: set[str] | None = None) -> Iterator[Finding]:
    """Yield what the core shapes find wrong in *graph*.

    :param only: the addresses of the things to look at; all, if not given
    """
    executor = SHACLExecutor(validator=None)
    for shape in shapes.core:
        focus = [
            node
            for node in shape.focus_nodes(graph)
            if only is None or (isinstance(node, URIRef) and str(node) in only)
        ]
        if focus:
            _, reports = shape.validate(executor, graph, focus=sorted(focus))
            for _, _, triples in reports:
                yield _finding(triples)


def _finding(triples: list[tuple[Node, URIRef, Any]]) -> Finding:
    """Turn one result, as pySHACL's list of triples, into a finding."""
    said: dict[URIRef, Any] = {}
    for _, predicate, value in triples:
        said[predicate] = value[1] if isinstance(value, tuple) else value
    message = said[SH.resultMessage]
    path = said.get(SH.resultPath)
    return Finding(
        severity=severity_name(said[SH.resultSeverity]),
        shape=str(said[SH.sourceShape]),
        focus=str(said[SH.focusNode]),
        path=str(path) if isinstance(path, URIRef) else None,
        value=as_text(said.get(SH.value)),
        message=str(message.value if isinstance(message, Literal) else message),
    )
