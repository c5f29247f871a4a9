"""Violations that are planted on purpose: a known list, to see that validation finds just these.

Each spoils one thing, the first of its class that a seed passes over, and says which shape speaks.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass

from peelbench.page import Pair, edtf


@dataclass(frozen=True, slots=True)
class Defect:
    """A way to spoil a thing of a class, and the shape that this violates."""

    name: str
    kind: str
    shape: str
    spoil: Callable[[list[Pair]], list[Pair]]


@dataclass(frozen=True, slots=True)
class Planted:
    """A defect in its place."""

    defect: str
    shape: str
    thing: str


def _without(predicate: str) -> Callable[[list[Pair]], list[Pair]]:
    return lambda pairs: [pair for pair in pairs if pair[0] != predicate]


def _instead(predicate: str, value: str) -> Callable[[list[Pair]], list[Pair]]:
    return lambda pairs: [*_without(predicate)(pairs), (predicate, value)]


def _also(predicate: str, value: str) -> Callable[[list[Pair]], list[Pair]]:
    return lambda pairs: [*pairs, (predicate, value)]


DEFECTS = (
    Defect("decision-by-nobody", "peel:Decision", "DecisionShape-decidedBy",
           _without("peel:decidedBy")),
    Defect("decision-without-outcome", "peel:Decision", "DecisionShape-outcome",
           _without("peel:outcome")),
    Defect("finding-both-ways", "peel:Finding", "FindingShape-polarity",
           lambda pairs: [*_without("peel:polarity")(pairs), ("peel:polarity", "polarity:weakness"),
                          ("peel:polarity", "polarity:strength")]),
    Defect("finding-without-theme-of-the-scheme", "peel:Finding", "TopicShape-theme",
           _also("peel:theme", "area:legitimacy")),
    Defect("finding-misspelt", "peel:Finding", "VocabularyShape-property",
           _also("peel:polarityy", "polarity:weakness")),
    Defect("recommendation-to-nobody", "peel:Recommendation", "RecommendationShape-directedTo",
           _without("peel:directedTo")),
    Defect("recommendation-with-vague-duration", "peel:Recommendation",
           "RecommendationShape-timeLimitDuration",
           _instead("peel:timeLimitDuration", '"six months"')),
    Defect("assessment-nowhere", "peel:Assessment", "AssessmentShape-seenAt",
           _without("peel:seenAt")),
    Defect("response-too-early", "peel:Response", "ResponseShape-afterQuestion",
           _instead("peel:date", edtf("2013-01-01"))),
    Defect("statement-without-stance", "peel:Statement", "StatementShape-stance",
           _without("peel:stance")),
    Defect("undertaking-by-nobody", "peel:Undertaking", "UndertakingShape-undertakenBy",
           _without("peel:undertakenBy")),
    Defect("inspection-of-no-kind", "peel:Inspection", "InspectionShape-kind",
           _without("peel:kind")),
)  # fmt: skip


class Planter:
    """Spoils one thing for each defect, and notes which."""

    def __init__(self, chance: random.Random, defects: tuple[Defect, ...] = DEFECTS) -> None:
        self.planted: list[Planted] = []
        # a thing is spoilt once; how many of its class are passed over is a matter of chance
        self._waiting = [(defect, chance.randint(0, 2)) for defect in defects]

    @property
    def unplanted(self) -> tuple[str, ...]:
        """The defects for which no thing has come yet."""
        return tuple(defect.name for defect, _ in self._waiting)

    def __call__(self, subject: str, kind: str, pairs: list[Pair]) -> list[Pair]:
        """Return what is said of a thing, spoilt where it is its turn."""
        for place, (defect, left) in enumerate(self._waiting):
            if defect.kind != kind or defect.spoil(pairs) == pairs:
                continue
            if left:
                self._waiting[place] = (defect, left - 1)
                continue
            del self._waiting[place]
            self.planted.append(Planted(defect.name, defect.shape, subject))
            return defect.spoil(pairs)
        return pairs
