"""Findings as the validation report of W3C's SHACL, in a format of RDF."""

import pyoxigraph as ox
from rdflib import BNode, Graph, Literal, URIRef
from rdflib.namespace import RDF, SH, XSD
from rdflib.term import Node

from peelgraph.namespaces import PEELSH, PREFIXES
from peelgraph.validation import paths
from peelgraph.validation.finding import Examination, Finding
from peelgraph.validation.terms import to_rdflib

_FORMATS = {"turtle": "turtle", "jsonld": "json-ld", "ntriples": "nt", "rdfxml": "xml"}
_SEVERITIES = {"violation": SH.Violation, "warning": SH.Warning, "info": SH.Info}
_READING = URIRef(PEELSH + "ReadingConstraintComponent")


def written(examination: Examination, form: str) -> str:
    """Return a ``sh:ValidationReport``; it conforms if there is no finding at all.

    :param form: turtle, jsonld, ntriples or rdfxml
    """
    graph = Graph()
    for prefix, namespace in PREFIXES.items():
        graph.bind(prefix, namespace)
    report = BNode()
    graph.add((report, RDF.type, SH.ValidationReport))
    conforms = Literal(not examination.findings, datatype=XSD.boolean)
    graph.add((report, SH.conforms, conforms))
    for finding in examination.findings:
        _add(graph, report, finding, examination.owners)
    return graph.serialize(format=_FORMATS[form])


def _add(graph: Graph, report: Node, finding: Finding, owners: dict[str, str]) -> None:
    result = BNode()
    graph.add((report, SH.result, result))
    graph.add((result, RDF.type, SH.ValidationResult))
    graph.add((result, SH.focusNode, _node(finding.focus)))
    graph.add((result, SH.resultSeverity, _SEVERITIES[finding.severity]))
    graph.add((result, SH.resultMessage, Literal(finding.message, lang="en")))
    shape = URIRef(finding.shape)
    if finding.shape in owners:
        graph.add((result, SH.sourceConstraint, shape))
        shape = URIRef(owners[finding.shape])
    graph.add((result, SH.sourceShape, shape))
    component = URIRef(finding.component) if finding.component else _READING
    graph.add((result, SH.sourceConstraintComponent, component))
    if finding.path is not None:
        graph.add((result, SH.resultPath, URIRef(finding.path)))
    elif finding.route is not None:
        graph.add((result, SH.resultPath, paths.add(finding.route, graph)))
    if finding.term is not None:
        graph.add((result, SH.value, _term(finding.term)))


def _node(focus: str) -> Node:
    return URIRef(focus) if ":" in focus else BNode(focus)


def _term(text: str) -> Node:
    """Return the term that Turtle writes so."""
    (quad,) = ox.parse(f"<urn:x> <urn:x> {text} .", format=ox.RdfFormat.TURTLE)
    return to_rdflib(quad.object)
