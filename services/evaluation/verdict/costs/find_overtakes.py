"""Finds the number of questions from which one arm costs less than another in all."""

import math
from collections.abc import Sequence
from itertools import permutations

from services.evaluation.verdict.costs.price_arms import ArmCost
from shared.contracts.comparison_results import Overtake

MAX_QUESTIONS = 10**12  # a volume beyond it never comes


def find_overtakes(costs: Sequence[ArmCost]) -> list[Overtake]:
    """Return every pair in which the arm that costs more at first costs less from some number of questions on, smallest number first."""
    found = [Overtake(arm=arm.arm, than=than.arm, questions=n) for arm, than in permutations(costs, 2) if (n := _find_volume(arm, than))]
    return sorted(found, key=lambda overtake: overtake.questions)


def _find_volume(arm: ArmCost, than: ArmCost) -> int | None:
    """Return the smallest n for which `fixed + n * marginal` is less for `arm` than for `than`; None if that is 0, or there is none."""
    paid_more, saved = arm.fixed - than.fixed, than.marginal - arm.marginal
    if paid_more <= 0 or saved <= 0 or paid_more / saved > MAX_QUESTIONS:
        return None
    return math.floor(paid_more / saved) + 1
