"""Mutants of the shipped graph for the rules, whose queries do not say what they forbid.

Statements that the query reads are dropped, exchanged, moved to another day or given to another
thing, around the things that it looks at, until the rule speaks.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from typing import Any

import pyoxigraph as ox

from peelgraph.namespaces import EDTF, PREFIXES, expand
from peelgraph.validation import rules
from peelgraph.validation.shapes import Rule
from peelgraph.validation.targets import targets
from peeltests.examples import SHAPES
from peeltests.shipped import NOWHERE, TYPE, Mutant, Shipped, name

NAME = re.compile(r"(?<![\w?$<])([a-z0-9]+):([A-Za-z][\w-]*)")
DAYS = (
    "1990-01-01",
    "2035-01-01",
    "2024-02-30",
    "2024-09-01/2023-01-01",
    "[2014-01-01..2030-01-01]",
)


def of_rule(world: Shipped, rule: Rule) -> Iterator[Mutant]:
    """Yield mutants of what the query of a rule reads, around the things that it looks at."""
    prefixes = dict(rule.prefixes)
    named = {ox.NamedNode(prefixes[p] + n) for p, n in NAME.findall(rule.select) if p in prefixes}
    used = {triple.predicate for triple in world.triples() if triple.predicate in named}
    used |= {TYPE} | {each for each in named if re.match(r"[a-z]", name(each.value))}
    target = targets(rule.classes, rule.subjects_of, world.known)
    query = f"SELECT DISTINCT ?this WHERE {{ {target} }}"
    for focus in sorted(world.merged.select(query), key=str)[:: max(1, rule_step(world, query))]:
        near: set[ox.NamedNode | ox.BlankNode] = {focus}
        near |= {
            each.object
            for each in world.triples(focus)
            if each.predicate in used and isinstance(each.object, ox.NamedNode | ox.BlankNode)
        }
        near |= {
            each.subject
            for p in used
            for each in world.triples(None, p, focus)[:3]
            if isinstance(each.subject, ox.NamedNode | ox.BlankNode)
        }
        for node in sorted(near, key=lambda each: (each != focus, str(each)))[:12]:
            yield from _around_node(world, rule, node, used, named)


def rule_step(world: Shipped, query: str) -> int:
    return len(list(world.merged.select(query))) // 6


def _around_node(
    world: Shipped, rule: Rule, node: Any, used: set[Any], named: set[Any]
) -> Iterator[Mutant]:
    for predicate in sorted(used, key=str):
        old = world.triples(node, predicate)
        others = _others(world, predicate, named)
        for triple in old[:3]:
            gone = frozenset({triple})
            yield Mutant(name(rule.iri), f"dropped {predicate} of {node}", gone)
            for value in others:
                come = frozenset({ox.Triple(node, predicate, value)})
                yield Mutant(name(rule.iri), f"{predicate} of {node} is {value}", gone, come)
        if old:
            yield Mutant(name(rule.iri), f"no {predicate} of {node}", frozenset(old))
        for value in others:
            come = frozenset({ox.Triple(node, predicate, value)})
            yield Mutant(name(rule.iri), f"{predicate} of {node} also {value}", come=come)


OTHERS: dict[Any, list[Any]] = {}


def _others(world: Shipped, predicate: Any, named: set[Any]) -> list[Any]:
    """Return values to give a property: some of its own, days for dates, and wrong ones."""
    if predicate == TYPE:
        return sorted((each for each in named if re.match(r"[A-Z]", name(each.value))), key=str)
    if predicate not in OTHERS:
        values = sorted({each.object for each in world.triples(None, predicate)}, key=str)
        some = values[:: max(1, len(values) // 6)][:7]
        if any(getattr(each, "datatype", None) == ox.NamedNode(EDTF) for each in values):
            some = [ox.Literal(each, datatype=ox.NamedNode(EDTF)) for each in DAYS] + some
        elif any(isinstance(each, ox.Literal) for each in values):
            some += [ox.Literal("Other words.", language="en"), ox.Literal("long " * 80)]
        OTHERS[predicate] = [*some, NOWHERE, ox.Literal("nowhere")]
    return OTHERS[predicate]


def says(world: Shipped, rule: Rule) -> bool:
    alone = replace(SHAPES, rules=(rule,))
    return any(True for _ in rules.check(world.store, alone))


def first_caught(world: Shipped, rule: Rule, most: int = 4000) -> tuple[int, Mutant | None]:
    """Return how many mutants were tried, and the first that the rule sees."""
    for number, mutant in enumerate(islice(of_rule(world, rule), most), 1):
        with world.mutated(mutant):
            if says(world, rule):
                return number, mutant
    return most, None


#: for rules that no single statement breaks: what is dropped, and what is said in its place
BY_HAND: dict[str, tuple[list[str], str]] = {
    "DateShape-order": ([], 'hearing:wmp-2024-09-17-ppog peel:date "2024-09/2023-09"^^edtf:EDTF'),
    "DecisionShape-bounded": (
        [
            "decision:wmp-2024-09-17-investigations-1-closed peel:date",
            "decision:wmp-2024-09-17-investigations-1-closed peel:informedBy",
        ],
        "",
    ),
    "DisagreementShape-date": (
        [],
        'hearing:wmp-2024-09-17-ppog peel:date "2023-09-17"^^edtf:EDTF',
    ),
    "DisagreementShape-figure": ([], "statistic:wmp-2021-22-officer-reduction peel:value 2222"),
    "DisagreementShape-grade": (
        [],
        "judgement:wmp-2021-22-peel-investigating-crime peel:grade grade5:outstanding",
    ),
    "InspectionShape-cycleIsNoDate": (
        ["inspection:wmp-2023-peel peel:date"],
        'inspection:wmp-2023-peel peel:date "2023"^^edtf:EDTF',
    ),
    "JudgementShape-carriedGrade": (
        [],
        "judgement:wmp-2021-22-peel-investigating-crime peel:carriedForwardFrom "
        "judgement:wmp-2021-22-peel-recording-crime",
    ),
    "PhasePeriodShape-datesInOrder": (
        ["phaseperiod:midshire-scan peel:began", "phaseperiod:midshire-scan peel:ended"],
        'phaseperiod:midshire-scan peel:began "2030-07"^^edtf:EDTF ; '
        'peel:ended "2030-06"^^edtf:EDTF',
    ),
    "TenureShape-datesInOrder": (
        [],
        'tenure:lee-freeman-hmi peel:began "2024-10"^^edtf:EDTF',
    ),
    "VocabularyShape-oneKind": ([], "hearing:wmp-2024-09-17-ppog a peel:Inspection"),
    "VocabularyShape-property": ([], "hearing:wmp-2024-09-17-ppog peel:dayte 1"),
}


def by_hand(world: Shipped, rule: str) -> Mutant:
    drops, said = BY_HAND[rule]
    gone: list[ox.Triple] = []
    for drop in drops:
        subject, predicate = (ox.NamedNode(expand(each)) for each in drop.split())
        gone += world.triples(subject, predicate)
    head = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in PREFIXES.items())
    text = f"{head}{said} ." if said else ""
    come = [quad.triple for quad in ox.parse(text, format=ox.RdfFormat.TURTLE)]
    return Mutant(rule, "by hand", frozenset(gone), frozenset(come))
