"""Decides the verdict: the cheapest arm that is not shown to be worse than the best.

An arm is *shown* to be worse if the whole 95% interval of its paired difference to the best arm lies above 0.
"""

from services.evaluation.statistics.summarize import Summary
from services.evaluation.verdict.explain import explain_best, explain_cheaper, explain_no_difference
from shared.contracts.comparisons import ArmName, ArmSummary, Verdict


def decide(summary: Summary) -> Verdict:
    """Return the verdict on a summary."""
    best = find_best(summary)
    worse = list_shown_worse(summary, best.arm)
    if not worse:
        text = explain_no_difference(summary, _find_cheapest(summary.arms, summary))
        return Verdict(outcome="no_difference_shown", recommended=None, best=best.arm, text=text)
    recommended = _find_cheapest([arm for arm in summary.arms if arm.arm not in worse], summary)
    text = explain_best(summary, best, worse) if recommended is best else explain_cheaper(summary, recommended, best, worse)
    return Verdict(outcome="recommendation", recommended=recommended.arm, best=best.arm, text=text)


def find_best(summary: Summary) -> ArmSummary:
    """Return the arm with the highest mean; if several have it, the cheapest of them."""
    return max(summary.arms, key=lambda arm: (arm.scores[summary.grader], -arm.cost))


def list_shown_worse(summary: Summary, best: ArmName) -> list[ArmName]:
    """Return the arms that are shown to be worse than `best`, those with the highest means first."""
    shown = {difference.worse for difference in summary.differences if difference.shown and difference.better == best}
    return [arm.arm for arm in sorted(summary.arms, key=lambda arm: -arm.scores[summary.grader]) if arm.arm in shown]


def _find_cheapest(arms: list[ArmSummary], summary: Summary) -> ArmSummary:
    return min(arms, key=lambda arm: (arm.cost, -arm.scores[summary.grader]))
