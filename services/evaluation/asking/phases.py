"""Plans the phases of asking: every question under load, some of them again, some one at a time, and the adapters of other seeds.

The arms are interleaved question by question and take turns at going first, so that all of them meet the same load.
"""

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from services.evaluation.arms.build import Arm, replace_model
from shared.contracts.comparisons import ComparisonSpec
from shared.records.evaluation.answers import MAIN

REPEAT = "repeat"  # a second answer, for the flip rate of single answers
SINGLE = "single"  # one call at a time, for the latency without load

Call = tuple[int, Arm]


@dataclass(frozen=True)
class CallLimits:
    """How many calls are in flight at the same time, and for how many seconds a call that fails for the moment is repeated.

    `single_questions` are asked one at a time, and `repeated_questions` once more under load.
    """

    concurrency: int
    retry_seconds: float
    single_questions: int = 10
    repeated_questions: int = 10


@dataclass(frozen=True)
class Phase:
    """Calls that are made under the same conditions: `name` is stored with their answers, `stage` is shown while they are made."""

    name: str
    stage: str
    calls: Sequence[Call]
    concurrency: int


def plan_phases(
    numbers: Sequence[int],
    arms: Sequence[Arm],
    spec: ComparisonSpec,
    limits: CallLimits,
    stored: Mapping[str, Collection[int]],
    other_models: Sequence[str] = (),
) -> list[Phase]:
    """Return the phases of asking the questions `numbers`. `other_models` are adapters of other seeds, each with a phase of its name.

    `stored` has the questions that a phase has answers to. They are preferred, so a comparison that continues asks for few new ones.
    """
    repeated = _choose(numbers, limits.repeated_questions, f"{spec.seed} {REPEAT}", stored.get(REPEAT, ()))
    single = _choose(numbers, limits.single_questions, f"{spec.seed} {SINGLE}", stored.get(SINGLE, ()))
    return [
        Phase(MAIN, "asking", list(_interleave(numbers, arms)), limits.concurrency),
        Phase(REPEAT, "asking again", list(_interleave(repeated, arms)), limits.concurrency),
        Phase(SINGLE, "asking one at a time", list(_interleave(single, arms)), 1),
        *(_plan_seed(numbers, arms, spec, limits, model) for model in other_models),
    ]


def _plan_seed(numbers: Sequence[int], arms: Sequence[Arm], spec: ComparisonSpec, limits: CallLimits, model: str) -> Phase:
    affected = replace_model(arms, spec.model or "", model)
    return Phase(model, "asking with another seed", list(_interleave(numbers, affected)), limits.concurrency)


def _choose(numbers: Sequence[int], count: int, seed: str, preferred: Collection[int]) -> list[int]:
    """Return `count` of the numbers in their order: those that are preferred, and random ones."""

    def rank(number: int) -> tuple[bool, bytes]:
        return number not in preferred, hashlib.sha256(f"{seed} {number}".encode()).digest()

    return sorted(sorted(numbers, key=rank)[:count])


def _interleave(numbers: Sequence[int], arms: Sequence[Arm]) -> Iterator[Call]:
    for position, number in enumerate(numbers):
        first = position % max(len(arms), 1)
        yield from ((number, arm) for arm in (*arms[first:], *arms[:first]))
