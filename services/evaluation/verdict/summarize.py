"""Summarizes every arm: its means with intervals, overall and by tag, its latency, its cost and its search."""

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np

from services.evaluation.arms.answer import ArmAnswer
from services.evaluation.arms.build import Arm
from services.evaluation.questions.abstention_scores import score_abstention
from services.evaluation.questions.retrieval_scores import score_retrieval
from services.evaluation.statistics.intervals import MeanInterval, measure_arms
from services.evaluation.verdict.conclude import make_trial
from services.evaluation.verdict.costs.measure_latency import Latency, measure_latency
from services.evaluation.verdict.costs.price_arms import ArmCost
from services.evaluation.verdict.evidence import Evidence
from services.evaluation.verdict.failures import count_failures
from services.evaluation.verdict.scale import Scale, find_scale
from services.evaluation.verdict.scores import build_table
from shared.contracts.comparison_results import ArmSummary, RetrievalScores, TagScore
from shared.contracts.comparisons import BUILT_IN_GRADERS

MAX_TAGS = 100  # more are no table; some files tag each question with its own id


def summarize_arms(evidence: Evidence, scale: Scale, costs: Sequence[ArmCost]) -> list[ArmSummary]:
    """Return a summary of each arm, in the order of the comparison."""
    prices = {cost.arm: cost.cost for cost in costs}
    intervals = {grader: _measure(evidence, grader, prices) for grader in list_graders(evidence)}
    latencies = measure_latency(evidence.arms, evidence.answers, evidence.single)
    tags = _score_tags(evidence, scale, prices)
    return [
        _summarize(evidence, arm, scale, {grader: each[column] for grader, each in intervals.items()}, cost, latency, tags[column])
        for column, (arm, cost, latency) in enumerate(zip(evidence.arms, costs, latencies, strict=True))
    ]


def list_graders(evidence: Evidence) -> list[str]:
    """Return the names of all graders, the deciding one first."""
    names = dict.fromkeys((evidence.spec.grader, *BUILT_IN_GRADERS, *(str(grader.name) for grader in evidence.spec.graders)))
    return [name for name in names if any(name in answer.scores for answer in evidence.answers)] or [evidence.spec.grader]


def _measure(evidence: Evidence, grader: str, prices: Mapping[str, float]) -> list[MeanInterval]:
    """Return each arm's mean and 95% interval of a grader, over the questions that all arms answered."""
    return measure_arms(make_trial(evidence, find_scale(evidence.spec, evidence.answers, grader), prices, "lowest"))


def _summarize(
    evidence: Evidence,
    arm: Arm,
    scale: Scale,
    intervals: Mapping[str, MeanInterval],
    cost: ArmCost,
    latency: Latency,
    tags: list[TagScore],
) -> ArmSummary:
    answers = [answer for answer in evidence.answers if answer.arm == arm.name]
    correct = {answer.question: _is_correct(answer, scale) for answer in answers if _is_finding(answer, scale)}
    return ArmSummary(
        arm=arm.name,
        model=arm.model,
        scores={grader: each.mean for grader, each in intervals.items()},
        intervals={grader: (each.low, each.high) for grader, each in intervals.items()},
        latency_p50=latency.p50,
        latency_p95=latency.p95,
        single_latency_p50=latency.single_p50,
        single_latency_p95=latency.single_p95,
        prompt_tokens=cost.prompt_tokens,
        completion_tokens=cost.completion_tokens,
        engine_seconds=cost.engine_seconds,
        cost=cost.cost,
        fixed_cost=cost.fixed,
        cost_per_correct=cost.per_correct(float(np.mean(list(correct.values()))) if correct else 0.0),
        failures=count_failures(answers, arm.name),
        tags=tags,
        retrieval=_score_search(evidence, arm, answers, correct),
        abstention=score_abstention(evidence.questions, answers, _list_phrases(evidence)),
    )


def _score_search(evidence: Evidence, arm: Arm, answers: Sequence[ArmAnswer], correct: Mapping[int, bool]) -> RetrievalScores | None:
    return score_retrieval(evidence.questions, answers, correct) if arm.retrieval else None


def _list_phrases(evidence: Evidence) -> list[str]:
    """Return the phrases with which answers abstain according to the graders of the request."""
    return [phrase for grader in evidence.spec.graders for phrase in getattr(grader, "phrases", ())]


def _is_finding(answer: ArmAnswer, scale: Scale) -> bool:
    """Return whether an answer says something about its arm. One that nobody collected or graded is neither right nor wrong."""
    return scale.grader in answer.scores if answer.failure is None else answer.failure.kind == "own"


def _is_correct(answer: ArmAnswer, scale: Scale) -> bool:
    return answer.failure is None and scale.is_correct(answer.scores.get(scale.grader, scale.low))


def _score_tags(evidence: Evidence, scale: Scale, prices: Mapping[str, float]) -> list[list[TagScore]]:
    """Return for each arm the scores of the 100 most frequent tags, the most frequent one first."""
    arms = [arm.name for arm in evidence.arms]
    table = build_table(evidence.answers, arms, evidence.clusters, scale.grader, scale.low, "lowest")
    trial = make_trial(evidence, scale, prices, "lowest")
    has_tag = _find_tagged(evidence, table.questions)
    measured = {tag: (int(mask.sum()), measure_arms(trial.select(mask))) for tag, mask in has_tag.items()}
    return [[_score_tag(tag, count, intervals[column]) for tag, (count, intervals) in measured.items()] for column in range(len(arms))]


def _find_tagged(evidence: Evidence, numbers: Sequence[int]) -> dict[str, "np.ndarray[tuple[int], np.dtype[np.bool_]]"]:
    """Return which of the questions have each of the most frequent tags."""
    tags = [frozenset(evidence.questions[number].tags) for number in numbers]
    counts = Counter(tag for each in tags for tag in each)
    names = sorted(counts, key=lambda tag: (-counts[tag], tag))[:MAX_TAGS]
    return {name: np.array([name in each for each in tags], dtype=np.bool_) for name in names}


def _score_tag(tag: str, count: int, interval: MeanInterval) -> TagScore:
    return TagScore(tag=tag, questions=count, mean=interval.mean, interval=(interval.low, interval.high))
