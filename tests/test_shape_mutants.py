"""Mutants of the shapes: whoever drops or weakens a constraint turns an example red.

What then speaks of the examples, all of them, must differ from what spoke before. The mutants that
differ in no graph stand in ``shape_survivors.toml``, each with the reason. One file of shapes at a
time: ``pytest -m slow tests/test_shape_mutants.py -k items``.
"""

import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from peeltests.examples import CASES, SHAPES, SPEAKING, Worlds, examples
from peeltests.shape_mutants import Mutant, all_mutants, name_of_file
from peeltests.shipped import name
from rdflib import URIRef

from peelgraph.validation import Finding

FILES = sorted({name_of_file(URIRef(shape)) for shape in SHAPES.speaking})


@cache
def equivalent() -> dict[str, str]:
    """Return the mutants that no graph could tell from the shape, each with the reason."""
    listed = tomllib.loads(Path(__file__).with_name("shape_survivors.toml").read_text("utf-8"))
    return {how: each["reason"] for each in listed["survivors"] for how in each["mutants"]}


class Court:
    """Says of mutants whether an example notices them, and keeps the score."""

    def __init__(self, worlds: Worlds) -> None:
        self.worlds = worlds
        self.killed = self.equivalent = self.all = 0
        self._before: dict[str, frozenset[tuple[str, str, str | None]]] = {}

    def lives(self, mutant: Mutant) -> bool:
        """Whether no example notices."""
        if mutant.aim not in self._before:
            self._before[mutant.aim] = _said(self.worlds.findings(mutant.before))
        try:
            lives = _said(self.worlds.findings(mutant.after)) == self._before[mutant.aim]
        except SyntaxError:
            lives = False
        self.all += 1
        self.killed += not lives
        self.equivalent += lives and mutant.how in equivalent()
        return lives


def _said(findings: list[Finding]) -> frozenset[tuple[str, str, str | None]]:
    return frozenset((each.shape, each.focus, each.value) for each in findings)


@pytest.fixture(scope="module")
def court(request: pytest.FixtureRequest) -> Iterator[Court]:
    court = Court(Worlds(CASES))
    yield court
    capture = request.config.pluginmanager.getplugin("capturemanager")
    with capture.global_and_fixture_disabled():
        print(f"\n{court.killed} of {court.all - court.equivalent} mutants of the shapes killed")
        print(f"({court.equivalent} others are the same as the shape, each with a reason)")


def test_a_sample_of_the_mutants_turns_an_example_red() -> None:
    mutants = list(all_mutants())[::50]
    assert len(mutants) > 15
    near = {name(each.aim).partition("-")[0] for each in mutants}
    speak = [shape for shape in SPEAKING if shape.partition("-")[0] in near]
    court = Court(Worlds(case for shape in speak for case in examples(shape)))
    assert {each.how for each in mutants if court.lives(each)} <= equivalent().keys()


def test_every_survivor_is_a_mutant_with_a_reason() -> None:
    mutants = [each.how for each in all_mutants()]
    assert equivalent().keys() <= set(mutants)
    assert all(len(reason) > 20 for reason in equivalent().values())


@pytest.mark.slow
@pytest.mark.parametrize("file", FILES)
def test_every_mutant_turns_an_example_red(court: Court, file: str) -> None:
    mutants = [each for each in all_mutants() if each.file == file]
    assert mutants
    lived = {each.how for each in mutants if court.lives(each)}
    listed = {each.how for each in mutants if each.how in equivalent()}
    assert lived == listed
