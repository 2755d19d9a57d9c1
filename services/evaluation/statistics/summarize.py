"""What the answers come to: every arm's means, latency and cost, and every difference between two arms."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from services.evaluation.arms.build import Arm
from services.evaluation.statistics.bootstrap import RESAMPLES, Matrix, interval, resample_means
from shared.contracts.comparisons import ArmSummary, ComparisonSpec, Difference, Grader, Prices
from shared.records.answers import Answer

GRADERS: tuple[Grader, ...] = ("exact_match", "f1")
FEWEST_QUESTIONS = 10  # below, a bootstrap interval is far too narrow to show anything
ROUNDING = 1e-9


@dataclass(frozen=True)
class Summary:
    """All that a verdict rests on. `differences` are in the deciding grader, every pair once."""

    questions: int
    grader: Grader
    arms: list[ArmSummary]
    differences: list[Difference]
    resamples: int = RESAMPLES


def summarize(answers: Sequence[Answer], arms: Sequence[Arm], spec: ComparisonSpec) -> Summary:
    """Return the summary of graded answers (every arm's to every question)."""
    by_arm = {arm.name: [answer for answer in answers if answer.arm == arm.name] for arm in arms}
    summaries = {arm.name: _summarize_arm(arm, by_arm[arm.name], spec.prices) for arm in arms}
    questions = len(answers) // len(arms)
    differences: list[Difference] = []
    for grader in GRADERS:
        scores = np.array([[answer.scores[grader] for answer in by_arm[arm.name]] for arm in arms]).T
        means = resample_means(scores, spec.seed)
        for column, arm in enumerate(arms):
            summaries[arm.name].intervals[grader] = interval(means[:, column])
        if grader == spec.grader:
            differences = _differences(list(summaries.values()), grader, means, questions)
    return Summary(questions, spec.grader, list(summaries.values()), differences)


def _summarize_arm(arm: Arm, answers: Sequence[Answer], prices: Prices | None) -> ArmSummary:
    median, high = np.percentile([answer.seconds for answer in answers], [50, 95])
    prompt, completion = (
        float(np.mean([getattr(answer, field) for answer in answers])) for field in ("prompt_tokens", "completion_tokens")
    )
    return ArmSummary(
        arm=arm.name,
        model=arm.model,
        scores={grader: float(np.mean([answer.scores[grader] for answer in answers])) for grader in GRADERS},
        intervals={},
        latency_p50=float(median),
        latency_p95=float(high),
        prompt_tokens=prompt,
        completion_tokens=completion,
        cost=_cost(prompt, completion, prices),
    )


def _cost(prompt: float, completion: float, prices: Prices | None) -> float:
    if prices is None:
        return prompt + completion
    return (prompt * prices.prompt + completion * prices.completion) / 1_000_000


def _differences(arms: list[ArmSummary], grader: Grader, means: Matrix, questions: int) -> list[Difference]:
    """Return every pair's paired difference; `means` are the resampled means, one column for each of `arms`."""
    differences = []
    for one, other in combinations(range(len(arms)), 2):
        better, worse = (one, other) if arms[one].scores[grader] >= arms[other].scores[grader] else (other, one)
        low, high = interval(means[:, better] - means[:, worse])
        differences.append(
            Difference(
                better=arms[better].arm,
                worse=arms[worse].arm,
                mean=arms[better].scores[grader] - arms[worse].scores[grader],
                low=low,
                high=high,
                shown=low > ROUNDING and questions >= FEWEST_QUESTIONS,
            )
        )
    return differences
