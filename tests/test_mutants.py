"""Mutants of the shipped graph: whatever is broken, the shape that is meant to see it speaks.

Each mutant is one change. What our way to look for faults says of it is also what pySHACL says.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from random import Random
from typing import Any

import pytest
from peeltests.constraint_mutants import constraints
from peeltests.examples import SHAPES
from peeltests.node_by_node import node_by_node
from peeltests.rule_mutants import BY_HAND, by_hand, first_caught, says
from peeltests.shipped import Mutant, Shipped, name
from rdflib.namespace import SH

from peelgraph.validation import core, rules
from peelgraph.validation.terms import to_rdflib


@pytest.fixture(scope="module")
def world() -> Shipped:
    return Shipped()


def found(world: Shipped, shape: str) -> set[tuple[str, str, str | None]]:
    """Return what the node shapes around *shape* say, as (focus, shape, value)."""
    said = core.find(world.merged, replace(SHAPES, core=AROUND[shape]))
    return {(each.focus, each.name, each.value) for each in said}


def plainly(world: Shipped, shapes: tuple[Any, ...]) -> set[tuple[str, str, str | None]]:
    """Return what pySHACL alone says of the same graph."""
    said = core.check(world.graph, replace(SHAPES, core=shapes))
    return {(each.focus, each.name, each.value) for each in said}


def _around() -> dict[str, tuple[Any, ...]]:
    around: dict[str, tuple[Any, ...]] = {}
    for aimed in SHAPES.core:
        for part in {aimed.node, *SHAPES.graph.objects(aimed.node, SH.property)}:
            around[name(part)] = (*around.get(name(part), ()), aimed)
    return around


AROUND = _around()
CORE = {name(iri) for iri in SHAPES.speaking} - {name(rule.iri) for rule in SHAPES.rules}


def survivors(world: Shipped, mutants: Iterable[Mutant]) -> Iterator[str]:
    for mutant in mutants:
        with world.mutated(mutant):
            if not any(shape == mutant.shape for _, shape, _ in found(world, mutant.shape)):
                yield f"{mutant.shape}: {mutant.how}"


def test_a_sample_of_the_mutants_is_caught(world: Shipped) -> None:
    mutants = list(dict.fromkeys(constraints(world)))
    assert {mutant.shape for mutant in mutants} == CORE
    assert len(mutants) > 4 * len(CORE)
    assert list(survivors(world, mutants[::25])) == []


@pytest.mark.parametrize("rule", sorted(BY_HAND))
def test_a_mutant_made_by_hand_is_caught(world: Shipped, rule: str) -> None:
    (meant,) = (each for each in SHAPES.rules if name(each.iri) == rule)
    assert not says(world, meant)
    with world.mutated(by_hand(world, rule)):
        assert says(world, meant)


@pytest.mark.slow
def test_every_mutant_of_a_constraint_is_caught(
    world: Shipped, capsys: pytest.CaptureFixture[str]
) -> None:
    mutants = list(dict.fromkeys(constraints(world)))
    lived = list(survivors(world, mutants))
    with capsys.disabled():
        caught = len(mutants) - len(lived)
        print(f"\n{caught} of {len(mutants)} mutants of {len(CORE)} shapes caught")
    assert lived == []


@pytest.mark.slow
def test_every_rule_catches_a_mutant(world: Shipped, capsys: pytest.CaptureFixture[str]) -> None:
    lived, tried = [], 0
    for rule in SHAPES.rules:
        if name(rule.iri) not in BY_HAND:
            number, mutant = first_caught(world, rule)
            tried += number
            lived += [] if mutant else [name(rule.iri)]
    with capsys.disabled():
        caught = len(SHAPES.rules) - len(lived)
        print(f"\n{caught} of {len(SHAPES.rules)} rules caught a mutant; {tried} were tried")
    assert lived == []


@pytest.mark.slow
def test_pyshacl_says_the_same_of_every_mutant(world: Shipped) -> None:
    for mutant in dict.fromkeys(constraints(world)):
        with world.mutated(mutant):
            assert found(world, mutant.shape) == plainly(world, AROUND[mutant.shape]), mutant


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_pyshacl_says_the_same_of_graphs_with_many_faults(world: Shipped, seed: int) -> None:
    """What core shapes say of many mutants at once, and rules of each of their focus nodes."""
    mutants = Random(seed).sample(list(dict.fromkeys(constraints(world))), 12)
    gone = frozenset().union(*(mutant.gone for mutant in mutants))
    come = frozenset().union(*(mutant.come for mutant in mutants))
    with world.mutated(Mutant("", "many", gone, come)):
        whole = {(e.focus, e.name, e.value) for e in core.find(world.merged, SHAPES)}
        assert len(whole) >= 12
        assert whole == plainly(world, SHAPES.core)
        mentioned = {to_rdflib(end) for each in gone | come for end in (each.subject, each.object)}
        named = {str(each) for each in mentioned}  # a blank node's name is as good as an IRI
        for rule in SHAPES.rules:
            ours = {
                (each.focus, each.path, each.value)
                for each in rules.check(world.store, replace(SHAPES, rules=(rule,)))
                if each.focus in named
            }
            plain = node_by_node(world.graph, rule, mentioned)
            assert ours == {(focus, path, value or focus) for focus, path, value in plain}
