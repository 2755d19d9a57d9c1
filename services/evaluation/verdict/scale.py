"""Finds the range of a grader and the margin: the smallest difference that matters."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.evaluation.arms.answer import ArmAnswer
from shared.contracts.comparisons import BUILT_IN_GRADERS, ComparisonSpec
from shared.graders.bounds import bounds

MARGIN = 0.05  # of the range
CORRECT_FROM = 0.5  # of the range; a score from here on counts as correct
TINY = 1e-6


@dataclass(frozen=True)
class Scale:
    """A grader's name and range, and the margin in the same units."""

    grader: str
    low: float
    high: float
    margin: float

    def is_correct(self, score: float) -> bool:
        """Whether a score counts as correct: it is in the upper half of the range."""
        return score >= self.low + CORRECT_FROM * (self.high - self.low) - TINY


def find_scale(spec: ComparisonSpec, answers: Sequence[ArmAnswer], grader: str) -> Scale:
    """Return the scale of a grader. The range of one without bounds is that of its scores, and at least twice the margin."""
    declared = (0.0, 1.0) if grader in BUILT_IN_GRADERS else _find_bounds(spec, grader)
    low, high = declared or _observe_range(answers, grader, spec.margin or TINY)
    return Scale(grader, low, high, spec.margin if spec.margin and grader == spec.grader else MARGIN * (high - low))


def _find_bounds(spec: ComparisonSpec, grader: str) -> tuple[float, float] | None:
    return next((bounds(each) for each in spec.graders if each.name == grader), None)


def _observe_range(answers: Sequence[ArmAnswer], grader: str, margin: float) -> tuple[float, float]:
    scores = [answer.scores[grader] for answer in answers if grader in answer.scores] or [0.0]
    low, high = min(scores), max(scores)
    return low, max(high, low + 2.1 * margin)
