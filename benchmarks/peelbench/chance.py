"""How often what happens: shares counted in the real records, and assumptions where they are mute.

The real records tell of one force, which was in the enhanced phase of monitoring: how often a
force has a cause of concern at all cannot be taken from them. What is assumed stands below what was
counted.
"""

import random
from collections.abc import Mapping
from typing import TypeVar

_T = TypeVar("_T")

#: counted in the shipped graph: findings by polarity
POLARITY = {"strength": 80, "weakness": 52, "neutral": 6}
#: counted: how many themes a thing bears
THEMES = {1: 83, 2: 64, 3: 16, 4: 2}
#: counted: statements by stance
STANCE = {
    **{"commends": 22, "reports": 18, "criticises": 14, "seeks-change": 12},
    **{"accepts": 10, "announces": 10, "claims-progress": 6, "disputes": 1},
}
#: counted: grades of four steps and of five, the names not seen with a weight of 1
GRADE4 = {"good": 10, "requires-improvement": 3, "outstanding": 1, "inadequate": 1}
GRADE5 = {
    **{"good": 4, "requires-improvement": 2, "adequate": 2, "outstanding": 1, "inadequate": 1},
}
#: counted: recommendations of a cause of concern; of three of seven no document names one
RECOMMENDATIONS = {0: 3, 1: 1, 2: 1, 3: 1, 5: 1}
#: counted: what a response undertakes
UNDERTAKINGS = {0: 1, 3: 1, 5: 1}
#: counted: of six closings three have a day, three only the visit that informed them
CLOSING_HAS_A_DAY = 0.5
#: counted, roughly: findings of an inspection whose report is read as a whole, or told by others
FINDINGS = {14: 2, 50: 1, 69: 1}

#: assumed: causes of concern of an inspection
CONCERNS = {0: 55, 1: 25, 2: 12, 3: 5, 4: 3}
#: assumed: areas for improvement of an inspection
IMPROVEMENTS = {0: 2, 2: 3, 4: 3, 6: 2}
#: assumed: how often items are visited, and visited again; a report is answered; a paper tells
VISITED, VISITED_AGAIN, RESPONDED, REPORTED = 0.8, 0.5, 0.7, 0.4
#: assumed: what a visit decides of an item that is open
CLOSED = 0.6
#: assumed: a force with two causes of concern or more is moved to the enhanced phase
ENGAGED = 0.4
#: assumed: how precisely the days of an inspection are told
DATED = {"month": 5, "months": 2, "": 3}
#: assumed: how many recurrences the editors see for an inspection
RECURRENCES = {2: 1, 4: 1, 8: 1}


def drawn(chance: random.Random, weights: Mapping[_T, float]) -> _T:
    """Return one of the keys, as often as its weight says."""
    return chance.choices(list(weights), list(weights.values()))[0]


def happens(chance: random.Random, probability: float) -> bool:
    """Return True with a probability from 0 to 1."""
    return chance.random() < probability
