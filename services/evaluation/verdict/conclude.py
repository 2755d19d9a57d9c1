"""Concludes: applies the rule to the scores, with failed answers counted both ways, and says what follows.

An answer that failed by its arm's own fault is the lowest score, or leaves its question out. If the two give different
recommendations, the comparison is not settled, because failures decide it and not answers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from services.evaluation.statistics.decide import Decision, decide
from services.evaluation.statistics.more_questions import more_questions
from services.evaluation.statistics.trial import Trial
from services.evaluation.verdict.evidence import Evidence
from services.evaluation.verdict.failures import find_excess
from services.evaluation.verdict.scale import Scale, is_bounded
from services.evaluation.verdict.scores import FailureRule, ScoreTable, build_table
from shared.contracts.comparison_results import MoreQuestions, Outcome

BASE_ARM = "base"


@dataclass(frozen=True)
class Conclusion:
    """What the scores and the failures say together.

    `reasons` says why the comparison failed, or why a recommendation is withheld; `more` is None unless the comparison is not settled
    for want of questions. `without_failures` is the arm that would be recommended without the questions that an arm failed.
    """

    outcome: Outcome
    recommended: str | None
    decision: Decision
    trial: Trial
    reasons: tuple[str, ...] = ()
    with_failures: str | None = None
    without_failures: str | None = None
    more: MoreQuestions | None = None


def conclude(evidence: Evidence, scale: Scale, costs: Mapping[str, float]) -> Conclusion:
    """Return the conclusion; `costs` has the mean cost of a question for each arm."""
    trial = make_trial(evidence, scale, costs, "lowest")
    decision = _check_lowest(evidence, trial, decide(trial))
    excess = find_excess(evidence.answers, trial.arms)
    if excess:
        return Conclusion("failed", None, _withhold(trial, decision), trial, tuple(excess))
    if decision.outcome == "too_few":
        return Conclusion("too_few", None, _withhold(trial, decision), trial)
    recommended = name(trial, decision)
    return _weigh_failures(evidence, scale, costs, Conclusion(decision.outcome, recommended, decision, trial, with_failures=recommended))


def _check_lowest(evidence: Evidence, trial: Trial, decision: Decision) -> Decision:
    """Return the decision; that no arm answers well needs a lowest score to compare with, and a margin that leaves room above it."""
    is_meaningful = is_bounded(evidence.spec) and 2 * trial.margin < trial.width
    return decision if is_meaningful else replace(decision, none_answers_well=False)


def _withhold(trial: Trial, decision: Decision) -> Decision:
    """Return a decision that says nothing about any arm."""
    everyone = tuple(int(arm) for arm in trial.by_cost)
    return replace(decision, recommended=None, candidates=(), not_excluded=everyone, none_answers_well=False)


def _weigh_failures(evidence: Evidence, scale: Scale, costs: Mapping[str, float], conclusion: Conclusion) -> Conclusion:
    """Withhold the recommendation if it depends on how failed answers are counted; estimate how many more questions settle it."""
    without = make_trial(evidence, scale, costs, "left_out")
    other = name(without, decide(without))
    if other != conclusion.recommended:
        return replace(conclusion, outcome="not_settled", recommended=None, without_failures=other)
    if conclusion.outcome != "not_settled":
        return replace(conclusion, without_failures=other)
    needed = more_questions(conclusion.trial)
    return replace(conclusion, more=MoreQuestions(for_half=needed.at_50_percent, for_four_fifths=needed.at_80_percent))


def make_trial(evidence: Evidence, scale: Scale, costs: Mapping[str, float], own: FailureRule) -> Trial:
    """Return the trial of the usable questions; the order of the arms is that of the comparison."""
    arms = tuple(arm.name for arm in evidence.arms)
    table = build_table(evidence.answers, arms, evidence.clusters, scale.grader, scale.low, own)
    return _to_trial(table, scale, [costs[arm] for arm in arms], evidence.spec.look)


def _to_trial(table: ScoreTable, scale: Scale, costs: Sequence[float], look: int) -> Trial:
    base = table.arms.index(BASE_ARM) if BASE_ARM in table.arms else None
    prices = np.array(costs, dtype=np.float64)
    return Trial(table.arms, table.scores, table.clusters, prices, scale.low, scale.high, scale.margin, look, base)


def name(trial: Trial, decision: Decision) -> str | None:
    """Return the name of the recommended arm."""
    return None if decision.recommended is None else trial.arms[decision.recommended]
