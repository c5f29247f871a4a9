"""Mutants of the shapes: whoever drops or weakens a constraint turns an example red.

A constraint is dropped, a number moved by one, a target or an alternative taken away; from the
query of a rule, a filter, an arm, an alternative or half of a condition. What then speaks of the
examples of the shape must differ from what spoke before.
"""

import re
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pytest
from pyshacl.shapes_graph import ShapesGraph
from rdflib import BNode, Graph, Literal
from rdflib.namespace import RDF, RDFS, SH, SKOS
from rdflib.term import Node

from peelgraph.resources import SHIPPED
from peelgraph.validation import core, rules
from peelgraph.validation.corpus import parse
from peelgraph.validation.merged import Merged
from peelgraph.validation.shapes import Rule, Shapes, load_shapes

EXAMPLES = SHIPPED.shapes / "examples"
SHAPES = load_shapes(SHIPPED.shapes)
#: what a shape says that constrains nothing
SILENT = {
    RDF.type,
    RDFS.isDefinedBy,
    SKOS.editorialNote,
    SH.message,
    SH.severity,
    SH.path,
    SH.flags,
}
TARGETS = {SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf, SH.targetNode}


def name(iri: object) -> str:
    return str(iri).rpartition("#")[2]


def _named(argument: Node) -> str:
    return "its list" if isinstance(argument, BNode) else name(argument)


class World:
    """The world of the examples, and one of them at a time."""

    def __init__(self) -> None:
        files = [*sorted(SHIPPED.ontology.rglob("*.ttl")), EXAMPLES / "context.ttl"]
        self.merged = Merged([triple for file in files for triple in parse(file)])

    @contextmanager
    def example(self, case: Path) -> Iterator[None]:
        quads = [ox.Quad(*triple) for triple in parse(case)]
        new = [quad for quad in dict.fromkeys(quads) if quad not in self.merged.store]
        self.merged.store.extend(new)
        try:
            yield
        finally:
            for quad in new:
                self.merged.store.remove(quad)

    def said(
        self, shapes: Shapes, folders: tuple[str, ...]
    ) -> list[frozenset[tuple[str, str, str | None]]]:
        """Return what *shapes* say of each example in the *folders*."""
        answers = []
        for folder in folders:
            for case in sorted((EXAMPLES / folder).glob("*.ttl")):
                with self.example(case):
                    found = [
                        *core.find(self.merged, shapes),
                        *rules.check(self.merged.store, shapes),
                    ]
                answers.append(frozenset((each.shape, each.focus, each.value) for each in found))
        return answers


@dataclass(frozen=True)
class Mutant:
    """Shapes of which one says less, and where its examples are."""

    how: str
    before: Shapes
    after: Shapes
    folders: tuple[str, ...]


def of_constraints() -> Iterator[Mutant]:
    """Yield the shapes with one constraint dropped or moved."""
    for aimed in SHAPES.core:
        parts = sorted(SHAPES.graph.objects(aimed.node, SH.property), key=str)
        own = [name(aimed.node)] if (aimed.node, SH.message, None) in SHAPES.graph else []
        everywhere = tuple(own + [name(part) for part in parts])
        for node in (aimed.node, *parts):
            folders = everywhere if node == aimed.node else (name(node),)
            for triple in sorted(SHAPES.graph.triples((node, None, None)), key=str):
                if triple[1] in SILENT or triple[1] == SH.sparql:
                    continue
                if triple[1] in TARGETS and not everywhere:
                    continue
                yield from _weaker(aimed.node, triple, folders)


def _weaker(
    aimed: Node, triple: tuple[Node, Node, Node], folders: tuple[str, ...]
) -> Iterator[Mutant]:
    _, constraint, argument = triple
    yield _without(aimed, triple, (), f"without {name(constraint)} {_named(argument)}", folders)
    if constraint in (SH.minCount, SH.minInclusive, SH.minLength, SH.maxCount):
        step = 1 if constraint == SH.maxCount else -1
        moved = (*triple[:2], Literal(int(str(argument)) + step))
        yield _without(aimed, triple, (moved,), f"{name(constraint)} moved by {step}", folders)


def _without(
    aimed: Node,
    gone: tuple[Node, Node, Node],
    come: tuple[tuple[Node, Node, Node], ...],
    how: str,
    folders: tuple[str, ...],
) -> Mutant:
    graph = Graph()
    for triple in (*_closure(aimed), *come):
        if triple != gone:
            graph.add(triple)
    whole = tuple(each for each in ShapesGraph(graph).shapes if each.node == aimed)
    if not any((aimed, target, None) in graph for target in TARGETS):
        whole = ()
    before = tuple(each for each in SHAPES.core if each.node == aimed)
    return Mutant(
        f"{name(gone[0])} {how}",
        replace(SHAPES, core=before, rules=()),
        replace(SHAPES, core=whole, rules=(), graph=graph),
        folders,
    )


@cache
def _closure(aimed: Node) -> tuple[tuple[Node, Node, Node], ...]:
    """Return what is said of a shape, of its parts, and of the nameless nodes that they use."""
    found: list[tuple[Node, Node, Node]] = []
    waiting = [aimed, *SHAPES.graph.objects(aimed, SH.property)]
    while waiting:
        for triple in SHAPES.graph.triples((waiting.pop(), None, None)):
            if triple[1] != SH.sparql:
                found.append(triple)
                waiting += [triple[2]] if isinstance(triple[2], BNode) else []
    return tuple(found)


def of_rules() -> Iterator[Mutant]:
    """Yield the rules with a part of the query, or a target, taken away."""
    for rule in SHAPES.rules:
        before = replace(SHAPES, core=(), rules=(rule,))
        for how, other in _other_rules(rule):
            after = replace(SHAPES, core=(), rules=(other,) if other else ())
            yield Mutant(f"{name(rule.iri)} {how}", before, after, (name(rule.iri),))


def _other_rules(rule: Rule) -> Iterator[tuple[str, Rule | None]]:
    yield "without its query", None
    for how, text in _cut(rule.select):
        yield how, replace(rule, select=text)


def _cut(select: str) -> Iterator[tuple[str, str]]:
    """Yield the query with a filter, an arm, an alternative or an operand less."""
    for match in re.finditer(r"FILTER (?:NOT EXISTS|EXISTS )?\s*[({]", select):
        end = _closing(select, match.end() - 1)
        yield (
            f"without {_short(select[match.start() : end])}",
            (select[: match.start()] + select[end:]),
        )
    for match in re.finditer(r"(?<=[\s(])(?:[a-z]+:\w+)(?:\|[a-z]+:\w+)+", select):
        options = match.group().split("|")
        for option in options:
            kept = "|".join(each for each in options if each != option)
            yield f"without |{option}", select[: match.start()] + kept + select[match.end() :]
    for match in re.finditer(r"\n\s*UNION\s*\{", select):
        end = _closing(select, match.end() - 1)
        yield (
            f"without {_short(select[match.start() : end])}",
            (select[: match.start()] + select[end:]),
        )
    for match in re.finditer(r"(?<= )<(?= )", select):
        yield (
            f"turned at {_short(select[match.start() :])[:40]}",
            (f"{select[: match.start()]}>{select[match.end() :]}"),
        )


def _closing(text: str, start: int) -> int:
    """Return the place behind the bracket that closes the one at *start*."""
    level, position, quote = 0, start, ""
    while True:
        each = text[position]
        if quote:
            quote = "" if each == quote else quote
        elif each in "'\"":
            quote = each
        else:
            level += (each in "({") - (each in ")}")
        position += 1
        if not level:
            return position


def _short(text: str) -> str:
    return " ".join(text.split())[:150]


def lives(world: World, mutant: Mutant) -> bool:
    """Whether no example notices."""
    try:
        after = world.said(mutant.after, mutant.folders)
    except SyntaxError:
        return False
    return after == world.said(mutant.before, mutant.folders)


def listed() -> dict[str, str]:
    """Return the mutants that are known to live, each with the reason."""
    reasons = tomllib.loads(Path(__file__).with_name("shape_survivors.toml").read_text("utf-8"))
    return {how: each["reason"] for each in reasons["survivors"] for how in each["mutants"]}


@pytest.fixture(scope="module")
def world() -> World:
    return World()


def test_a_sample_of_the_mutants_turns_an_example_red(world: World) -> None:
    mutants = [*of_constraints()][::30] + [*of_rules()][::20]
    assert len(mutants) > 30
    assert {each.how for each in mutants if lives(world, each)} <= listed().keys()


def test_every_survivor_is_a_mutant() -> None:
    assert listed().keys() <= {each.how for each in (*of_constraints(), *of_rules())}
    assert all(len(reason) > 20 for reason in listed().values())


@pytest.mark.slow
def test_every_mutant_turns_an_example_red(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    mutants = [*of_constraints(), *of_rules()]
    lived = sorted({each.how for each in mutants if lives(world, each)})
    with capsys.disabled():
        killed = sum(each.how not in lived for each in mutants)
        print(f"\n{killed} of {len(mutants)} mutants of the shapes killed, {len(lived)} live")
    assert lived == sorted(listed())
