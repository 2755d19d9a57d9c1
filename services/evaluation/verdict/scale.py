"""Finds the range of a grader, the margin, which is the smallest difference that matters, and from which score on an answer is correct."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.evaluation.arms.answer import ArmAnswer
from shared.contracts.comparisons import BUILT_IN_GRADERS, ComparisonSpec
from shared.graders.bounds import bounds

MARGIN = 0.05  # of the range
CORRECT_FROM = 0.5  # of the range, if the grader does not say from which score on an answer passes
TINY = 1e-6


@dataclass(frozen=True)
class Scale:
    """A grader's name and range, and in the same units the margin and the score from which on an answer is correct."""

    grader: str
    low: float
    high: float
    margin: float
    correct_from: float

    def is_correct(self, score: float) -> bool:
        """Whether a score counts as correct: it reaches the grader's `pass_threshold`, or else the upper half of the range."""
        return score >= self.correct_from - TINY


def find_scale(spec: ComparisonSpec, answers: Sequence[ArmAnswer], grader: str) -> Scale:
    """Return the scale of a grader. The range of one without bounds is that of its scores, and at least twice the margin.

    A grader that always gives the same score has no range either, because a trial needs one.
    """
    own = next((each for each in spec.graders if each.name == grader), None)
    low, high = _find_bounds(spec, grader) or _observe_range(answers, grader, spec.margin or TINY)
    margin = spec.margin if spec.margin and grader == spec.grader else MARGIN * (high - low)
    threshold = getattr(own, "pass_threshold", None)
    return Scale(grader, low, high, margin, low + CORRECT_FROM * (high - low) if threshold is None else threshold)


def is_bounded(spec: ComparisonSpec) -> bool:
    """Return whether the range of the deciding grader is known before it has graded anything."""
    return _find_bounds(spec, spec.grader) is not None


def _find_bounds(spec: ComparisonSpec, grader: str) -> tuple[float, float] | None:
    if grader in BUILT_IN_GRADERS:
        return 0.0, 1.0
    found = next((bounds(each) for each in spec.graders if each.name == grader), None)
    return found if found and found[0] < found[1] else None


def _observe_range(answers: Sequence[ArmAnswer], grader: str, margin: float) -> tuple[float, float]:
    scores = [answer.scores[grader] for answer in answers if grader in answer.scores] or [0.0]
    low, high = min(scores), max(scores)
    return low, max(high, low + 2.1 * margin)
