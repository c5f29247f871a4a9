"""The examples of the shapes, each in a world of its own, all of them side by side in one graph.

An example adds to the small world of ``context.ttl``. To ask the shapes about a thousand examples
one after the other takes minutes, about one graph with a thousand worlds seconds. So each example
gets a copy of that world whose addresses and digests are its own: nothing joins one to another,
save the vocabulary that all of them share.

>>> place = _placed(7)
>>> str(place(ox.NamedNode(ID + "force/midshire")))
'<https://w3id.org/peelgraph/id/force/w7-midshire>'
>>> str(place(ox.NamedNode("https://w3id.org/peelgraph/ontology#date")))
'<https://w3id.org/peelgraph/ontology#date>'
"""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from peelgraph.namespaces import ID
from peelgraph.resources import SHIPPED
from peelgraph.validation import Finding, core, rules
from peelgraph.validation.corpus import parse
from peelgraph.validation.merged import Merged, Term
from peelgraph.validation.shapes import Shapes, load_shapes

EXAMPLES = SHIPPED.shapes / "examples"
SHAPES = load_shapes(SHIPPED.shapes)
#: the local names of all that can speak
SPEAKING = sorted(iri.rpartition("#")[2] for iri in SHAPES.speaking)

_OWN = re.compile(rf"^({re.escape(ID)}[^/]*/|https://(?:www\.)?example\.org/)")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_WORLD = re.compile(r"\bw([0-9]+)[-x]")


def examples(shape: str) -> list[Path]:
    """Return the examples of a shape, by its local name."""
    return sorted((EXAMPLES / shape).glob("*.ttl"))


CASES = [case for shape in SPEAKING for case in examples(shape)]


@cache
def vocabulary() -> tuple[ox.Triple, ...]:
    """Return the ontology and the schemes."""
    files = sorted(SHIPPED.ontology.rglob("*.ttl"))
    return tuple(triple for file in files for triple in parse(file))


@cache
def context() -> tuple[ox.Triple, ...]:
    """Return the small world to which each example adds."""
    return tuple(parse(EXAMPLES / "context.ttl"))


class Worlds:
    """A world for each of some examples."""

    def __init__(self, cases: Iterable[Path]) -> None:
        self.cases = tuple(cases)
        self.merged = Merged([*vocabulary(), *self._placed()])

    def _placed(self) -> Iterator[ox.Triple]:
        for number, case in enumerate(self.cases):
            place = _placed(number)
            for triple in dict.fromkeys([*context(), *parse(case)]):
                subject, value = place(triple.subject), place(triple.object)
                assert subject != triple.subject, f"{case} speaks of what all worlds share"
                yield ox.Triple(subject, triple.predicate, value)

    def findings(self, shapes: Shapes) -> list[Finding]:
        """Return what *shapes* say of all examples."""
        return [*core.find(self.merged, shapes), *rules.check(self.merged.store, shapes)]

    def spoke(self, shapes: Shapes) -> dict[Path, set[str]]:
        """Return for each example which of the *shapes* speak of it."""
        spoke: dict[Path, set[str]] = {case: set() for case in self.cases}
        for finding in self.findings(shapes):
            world = _WORLD.search(finding.focus)
            assert world is not None, f"{finding.shape} speaks of the vocabulary: {finding.focus}"
            spoke[self.cases[int(world[1])]].add(finding.name)
        return spoke


def _placed(number: int) -> Callable[[Term], Any]:
    """Return what moves a term to the world of that number."""
    moved: dict[Term, Term] = {}

    def place(term: Term) -> Term:
        if term not in moved:
            moved[term] = _moved(term, number)
        return moved[term]

    return place


def _moved(term: Term, number: int) -> Term:
    if isinstance(term, ox.NamedNode):
        return ox.NamedNode(_OWN.sub(rf"\1w{number}-", term.value))
    if isinstance(term, ox.BlankNode):
        return ox.BlankNode(f"w{number}x{term.value}")
    if isinstance(term, ox.Literal) and _DIGEST.fullmatch(term.value):
        return ox.Literal(f"{number:08x}{term.value[8:]}", datatype=term.datatype)
    return term
