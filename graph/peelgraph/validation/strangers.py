"""What is wrong with the shapes themselves: what of a stranger's shapes is not run, and why."""

from collections.abc import Iterator
from difflib import get_close_matches

from rdflib import Graph
from rdflib.namespace import SH
from rdflib.term import Node, URIRef

from peelgraph.evidence.turtle import place
from peelgraph.namespaces import PEELSH, shorten
from peelgraph.resources import Project
from peelgraph.sparqlwords import reaches_out
from peelgraph.validation.finding import Finding, Place

#: what would have pySHACL itself run code or queries; none of it reaches pySHACL
CODE = frozenset(
    (
        *(SH.sparql, SH.select, SH.ask, SH.construct, SH.update, SH.target, SH.rule, SH.js),
        *(SH.validator, SH.nodeValidator, SH.propertyValidator, SH.expression),
        *(SH.jsLibrary, SH.jsFunctionName, SH.shapesGraph, SH.entailment),
    )
)
_CLOSED = PEELSH + "RuleShape-closed"
_PLAIN = PEELSH + "RuleShape-plain"


def wrong(graph: Graph) -> Iterator[Finding]:
    """Yield what of the shapes in *graph* is not run."""
    constraints = set(graph.objects(None, SH.sparql))
    for constraint, select in graph.subject_objects(SH.select):
        if constraint in constraints and (word := reaches_out(str(select))) is not None:
            message = (
                f"A rule must keep to the graph that it is given; this one reaches out with {word} "
                "and is not run. Put what it needs into the graph."
            )
            yield _finding(_CLOSED, constraint, SH.select, message)
        if constraint in constraints and not isinstance(constraint, URIRef):
            message = "A constraint in SPARQL must have an address of its own. Name it."
            yield _finding(_PLAIN, constraint, SH.select, message)
    yield from _absent(graph)
    for predicate in sorted(CODE - {SH.sparql, SH.select, SH.entailment, SH.shapesGraph}):
        for shape in graph.subjects(predicate):
            if predicate != SH.expression or (shape, SH.property, None) in graph:
                message = (
                    f"Shapes here are SHACL Core with constraints in sh:sparql; "
                    f"sh:{predicate.rpartition('#')[2]} is not run. Say it with sh:sparql."
                )
                yield _finding(_PLAIN, shape, predicate, message)


#: properties whose values are shapes, and those whose values are lists of shapes
_NAMING = (SH.node, SH.property, SH["not"], SH.qualifiedValueShape)
_LISTING = (SH["or"], SH["and"], SH.xone)


def _absent(graph: Graph) -> Iterator[Finding]:
    """Yield where a shape names another that nothing is said of: it would demand nothing."""
    said = {each for each in graph.subjects() if isinstance(each, URIRef)}
    named = [(shape, link, part) for link in _NAMING for shape, part in graph.subject_objects(link)]
    named += [
        (shape, link, part)
        for link in _LISTING
        for shape, parts in graph.subject_objects(link)
        for part in graph.items(parts)
    ]
    for shape, link, part in named:
        if isinstance(part, URIRef) and part not in said:
            among = {shorten(str(each)): each for each in said}
            near = get_close_matches(shorten(str(part)), among, n=1, cutoff=0.6)
            advice = f"Did you mean {near[0]}?" if near else "Write it, or leave this out."
            message = (
                f"A shape that is named must be there, and nothing is said of "
                f"{shorten(str(part))}, so that sh:{link.rpartition('#')[2]} demands nothing. "
                f"{advice}"
            )
            yield Finding(
                *("violation", _PLAIN, str(shape), str(link)),
                message=message,
                value=str(part),
                term=part.n3(),
            )


def wrong_rules(project: Project) -> Iterator[Finding]:
    """Yield the rules of a build (``graph/rules/``) that reach out of the graph."""
    for layer in project.layers:
        for path in sorted(layer.rules.glob("*.rq")):
            text = path.read_text(encoding="utf-8", errors="replace")
            if (word := reaches_out(text)) is not None:
                at = text.upper().find(word)
                line, column = place(text, max(0, at))
                where = Place(path, line, column, line, column + len(word))
                message = f"A rule must keep to the graph that it is given, without {word}."
                yield Finding(
                    *("violation", _CLOSED, path.resolve().as_uri()),
                    message=message,
                    label=path.name,
                    places=(where,),
                )


def may_run(select: str) -> bool:
    """Whether a rule with this query is run at all."""
    return reaches_out(select) is None


def _finding(shape: str, focus: Node, path: URIRef, message: str) -> Finding:
    return Finding("violation", shape, str(focus), str(path), message=message)
