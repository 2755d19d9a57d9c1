"""Summarizes graded answers: every arm's mean scores, latency and cost, and the difference of every two arms."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from services.evaluation.arms.answer import ArmAnswer
from services.evaluation.arms.build import Arm
from services.evaluation.statistics.bootstrap import RESAMPLES, Matrix, percentile_interval, resample_means
from shared.contracts.comparisons import ArmSummary, ComparisonSpec, Difference, Grader, Prices

GRADERS: tuple[Grader, ...] = ("exact_match", "f1")
MIN_QUESTIONS = 10  # with fewer, a bootstrap interval is far too narrow to show anything
ROUNDING_ERROR = 1e-9

Intervals = dict[Grader, tuple[float, float]]


@dataclass(frozen=True)
class Summary:
    """What the verdict is based on. `differences` has every pair of arms once, in the deciding grader."""

    questions: int
    grader: Grader
    arms: list[ArmSummary]
    differences: list[Difference]
    resamples: int = RESAMPLES


def summarize(answers: Sequence[ArmAnswer], arms: Sequence[Arm], spec: ComparisonSpec) -> Summary:
    """Return the summary of graded answers, which have every arm's answer to every question."""
    by_arm = [[answer for answer in answers if answer.arm == arm.name] for arm in arms]
    means = {grader: resample_means(_make_matrix(by_arm, grader), spec.seed) for grader in GRADERS}
    summaries = [
        _summarize_arm(arm, by_arm[column], {grader: percentile_interval(means[grader][:, column]) for grader in GRADERS}, spec.prices)
        for column, arm in enumerate(arms)
    ]
    questions = len(answers) // len(arms)
    return Summary(questions, spec.grader, summaries, _compare_pairs(summaries, spec.grader, means[spec.grader], questions))


def _make_matrix(by_arm: Sequence[Sequence[ArmAnswer]], grader: Grader) -> Matrix:
    """Return the scores: one row per question, one column per arm."""
    return np.array([[answer.scores[grader] for answer in answers] for answers in by_arm]).T


def _summarize_arm(arm: Arm, answers: Sequence[ArmAnswer], intervals: Intervals, prices: Prices | None) -> ArmSummary:
    median, p95 = np.percentile([answer.seconds for answer in answers], [50, 95])
    prompt_tokens = float(np.mean([answer.prompt_tokens for answer in answers]))
    completion_tokens = float(np.mean([answer.completion_tokens for answer in answers]))
    return ArmSummary(
        arm=arm.name,
        model=arm.model,
        scores={grader: float(np.mean([answer.scores[grader] for answer in answers])) for grader in GRADERS},
        intervals=intervals,
        latency_p50=float(median),
        latency_p95=float(p95),
        prompt_tokens=prompt_tokens,
        completion_tokens=completion_tokens,
        cost=_compute_cost(prompt_tokens, completion_tokens, prices),
    )


def _compute_cost(prompt_tokens: float, completion_tokens: float, prices: Prices | None) -> float:
    if prices is None:
        return prompt_tokens + completion_tokens
    return (prompt_tokens * prices.prompt + completion_tokens * prices.completion) / 1_000_000


def _compare_pairs(arms: list[ArmSummary], grader: Grader, means: Matrix, questions: int) -> list[Difference]:
    """Return the paired difference of every two arms; `means` has the resampled means, one column per arm."""
    return [_compare_pair(arms, pair, grader, means, questions) for pair in combinations(range(len(arms)), 2)]


def _compare_pair(arms: list[ArmSummary], pair: tuple[int, int], grader: Grader, means: Matrix, questions: int) -> Difference:
    first, second = pair
    better, worse = (first, second) if arms[first].scores[grader] >= arms[second].scores[grader] else (second, first)
    low, high = percentile_interval(means[:, better] - means[:, worse])
    return Difference(
        better=arms[better].arm,
        worse=arms[worse].arm,
        mean=arms[better].scores[grader] - arms[worse].scores[grader],
        low=low,
        high=high,
        shown=low > ROUNDING_ERROR and questions >= MIN_QUESTIONS,
    )
