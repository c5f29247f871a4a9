"""Where a core shape may find fault: queries over the whole graph, instead of a walk to each node.

pySHACL looks at every focus node of every shape, and nearly all of them conform. Here each
constraint becomes a query in SPARQL whose rows are the focus nodes that may break it; pySHACL then
looks at these and says what is wrong. A query may name a node too many, never one too few: a shape
that says something for which there is no query here is left to pySHACL as a whole.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from rdflib import Graph, Literal, URIRef
from rdflib.namespace import RDF, RDFS, SH, SKOS, XSD
from rdflib.term import Node

from peelgraph.validation.paths import Path, UnknownPath
from peelgraph.validation.targets import Classes, targets

#: what a shape may say without constraining anything
_SILENT = frozenset(
    (
        *(RDF.type, SH.targetClass, SH.targetSubjectsOf, SH.path, SH.property, SH.flags),
        *(RDFS.isDefinedBy, SKOS.editorialNote, SH.sparql),
        *(SH.severity, SH.message, SH.name, SH.description, SH.group, SH.order, SH.defaultValue),
    )
)
#: datatypes of which a cast tells a well-formed literal from an ill-formed one
_CAST = frozenset((XSD.integer, XSD.decimal, XSD.double, XSD.boolean, XSD.date, XSD.duration))
#: datatypes of which every literal is well-formed
_FREE = frozenset((XSD.string, RDF.langString))
_KINDS: dict[Node, str] = {
    SH.IRI: "isIRI(?v)",
    SH.BlankNode: "isBlank(?v)",
    SH.Literal: "isLiteral(?v)",
    SH.BlankNodeOrIRI: "(isIRI(?v) || isBlank(?v))",
    SH.IRIOrLiteral: "(isIRI(?v) || isLiteral(?v))",
    SH.BlankNodeOrLiteral: "(isBlank(?v) || isLiteral(?v))",
}
_BOUNDS: dict[Node, str] = {
    SH.minInclusive: ">=",
    SH.maxInclusive: "<=",
    SH.minExclusive: ">",
    SH.maxExclusive: "<",
}
_LENGTHS: dict[Node, str] = {SH.minLength: ">=", SH.maxLength: "<="}


@dataclass(frozen=True, slots=True)
class Suspicion:
    """The constraints of one shape, each as a query for the ``?this`` that may break it.

    ``targets`` is the query for all focus nodes; ``paths`` are the paths that the shape follows.
    """

    targets: str
    queries: tuple[str, ...]
    paths: tuple[Path, ...]


class _Unknown(Exception):
    """A constraint for which there is no query."""


def suspicion(
    graph: Graph, shape: Node, known: Classes, within: str | None = None
) -> Suspicion | None:
    """Return the queries for what may break *shape*, one of *graph*; none where some are unknown.

    :param known: the classes of the data
    :param within: the named graph that says which things to look at; all, if not given
    """
    if any((shape, other, None) in graph for other in (SH.targetObjectsOf, SH.targetNode)):
        return None
    classes = sorted(map(str, graph.objects(shape, SH.targetClass)))
    subjects_of = sorted(map(str, graph.objects(shape, SH.targetSubjectsOf)))
    target = targets(classes, subjects_of, known, within)
    reader = _Reader(graph, target, known)
    try:
        queries = tuple(dict.fromkeys(reader.read(shape)))
    except (_Unknown, UnknownPath):
        return None
    whole = f"SELECT DISTINCT ?this WHERE {{ {target} }}"
    return Suspicion(whole, queries, tuple(reader.paths))


class _Reader:
    """Turns the constraints of a shape into queries."""

    def __init__(self, graph: Graph, target: str, known: Classes) -> None:
        self.graph = graph
        self.target = target
        self.known = known
        self.paths: list[Path] = []

    def read(self, shape: Node) -> Iterator[str]:
        """Yield the queries for a node shape, or for a property shape with a path."""
        if (start := self.graph.value(shape, SH.path)) is None:
            value = "BIND (?this AS ?v)"
            path = None
        else:
            path = Path.read(self.graph, start)
            self.paths.append(path)
            value = f"?this {path.text} ?v ."
        for constraint, argument in self.graph.predicate_objects(shape):
            if constraint in _SILENT:
                continue
            if path is not None and (query := self._of_all(value, constraint, argument)):
                yield query
            elif constraint in (SH.minCount, SH.maxCount, SH.uniqueLang, SH.hasValue):
                continue
            else:
                says = self._says(shape, constraint, argument)
                yield self._select(f"{value} FILTER (!{says})")
        for part in self.graph.objects(shape, SH.property):
            if path is not None:
                raise _Unknown
            yield from self.read(part)

    def _select(self, pattern: str, rest: str = "") -> str:
        return f"SELECT DISTINCT ?this WHERE {{ {{ {self.target} }} {pattern} }} {rest}".strip()

    def _of_all(self, value: str, constraint: Node, argument: Node) -> str | None:
        """Return the query for a constraint on all values together."""
        if constraint == SH.minCount and int(str(argument)) == 1:
            return self._select(f"OPTIONAL {{ {value} }} FILTER (!BOUND(?v))")
        if constraint == SH.minCount and int(str(argument)) > 1:
            few = f"GROUP BY ?this HAVING (COUNT(DISTINCT ?v) < {int(str(argument))})"
            return self._select(f"OPTIONAL {{ {value} }}", few)
        if constraint == SH.maxCount:
            many = f"GROUP BY ?this HAVING (COUNT(DISTINCT ?v) > {int(str(argument))})"
            return self._select(value, many)
        if constraint == SH.hasValue:
            return self._select(f"FILTER NOT EXISTS {{ {value.replace('?v', _term(argument))} }}")
        if constraint == SH.uniqueLang:
            twice = f"{value} {value.replace('?v', '?w')}"
            alike = "LANG(?v) != '' && LCASE(LANG(?v)) = LCASE(LANG(?w)) && !sameTerm(?v, ?w)"
            return self._select(f"{twice} FILTER ({alike})")
        return None

    def _says(self, shape: Node, constraint: Node, argument: Node) -> str:
        """Return an expression that is true only of a ``?v`` that keeps the constraint."""
        if constraint == SH["class"]:
            # never an error, and Oxigraph is quick with an EXISTS that stands alone
            classes = ", ".join(f"<{each}>" for each in self.known.under([str(argument)]))
            return f"EXISTS {{ ?v a ?class FILTER (?class IN ({classes})) }}"
        return f"COALESCE({self._expression(shape, constraint, argument)}, false)"

    def _expression(self, shape: Node, constraint: Node, argument: Node) -> str:
        if constraint == SH.nodeKind and argument in _KINDS:
            return _KINDS[argument]
        if constraint == SH.datatype:
            return _datatype(argument)
        if constraint == SH.pattern:
            flags = "".join(map(str, self.graph.objects(shape, SH.flags)))
            return f"!isBlank(?v) && REGEX(STR(?v), {_term(argument)}, {_term(Literal(flags))})"
        if constraint in _LENGTHS:
            return f"!isBlank(?v) && STRLEN(STR(?v)) {_LENGTHS[constraint]} {int(str(argument))}"
        if constraint in _BOUNDS:
            return f"?v {_BOUNDS[constraint]} {_term(argument)}"
        if constraint == SH["in"]:
            same = (f"sameTerm(?v, {_term(each)})" for each in self.graph.items(argument))
            return " || ".join(same) or "false"
        if constraint == SH.languageIn:
            within = (f"langMatches(LANG(?v), {_term(e)})" for e in self.graph.items(argument))
            return " || ".join(within) or "false"
        if constraint in (SH["or"], SH["and"]):
            joined = " || " if constraint == SH["or"] else " && "
            return joined.join(self._shape(each) for each in self.graph.items(argument))
        raise _Unknown

    def _shape(self, shape: Node) -> str:
        """Return an expression that is true only of a ``?v`` that conforms to a whole shape."""
        if (shape, SH.path, None) in self.graph or (shape, SH.property, None) in self.graph:
            raise _Unknown
        said = [
            self._says(shape, constraint, argument)
            for constraint, argument in self.graph.predicate_objects(shape)
            if constraint not in _SILENT
        ]
        return f"({' && '.join(said) or 'true'})"


def _datatype(argument: Node) -> str:
    plain = f"datatype(?v) = {_term(argument)}"
    if argument == XSD.date:
        # Python knows no year 0, and pySHACL goes by Python; a zone is left for it to judge
        plain += " && STR(?v) > '0001' && REGEX(STR(?v), '^[0-9]{4}-[0-9]{2}-[0-9]{2}$')"
    if argument in _CAST:
        return f"{plain} && {_term(argument)}(STR(?v)) = ?v"
    if argument in _FREE or not str(argument).startswith(str(XSD)):
        return plain
    raise _Unknown


def _term(term: Node) -> str:
    if isinstance(term, URIRef | Literal):
        return term.n3()
    raise _Unknown
