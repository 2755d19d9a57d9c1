"""The verdict: the cheapest arm that is not shown to be worse than the best, in words and numbers.

An arm is *shown* to be worse where the whole 95 % interval of its paired difference to the best arm lies above 0.
"""

from services.evaluation.statistics.summarize import FEWEST_QUESTIONS, Summary
from services.evaluation.verdict.wording import HEADLINES, NO_DIFFERENCE, PHRASES, count, join, number, score_name, sentence, times
from shared.contracts.comparisons import ArmName, ArmSummary, Difference, Verdict


def judge(summary: Summary) -> Verdict:
    """Return the verdict on a summary."""
    best = find_best(summary)
    worse = shown_worse(summary, best.arm)
    if not worse:
        return Verdict(outcome="no_difference_shown", recommended=None, best=best.arm, text=_say_no_difference(summary))
    recommended = _cheapest([arm for arm in summary.arms if arm.arm not in worse], summary)
    text = _recommend_best(summary, best, worse) if recommended is best else _recommend_cheaper(summary, recommended, best, worse)
    return Verdict(outcome="recommendation", recommended=recommended.arm, best=best.arm, text=text)


def find_best(summary: Summary) -> ArmSummary:
    """Return the arm with the highest mean; of equal ones, the cheapest."""
    return max(summary.arms, key=lambda arm: (arm.scores[summary.grader], -arm.cost))


def shown_worse(summary: Summary, best: ArmName) -> list[ArmName]:
    """Return the arms that are shown to be worse than `best`, the best of them first."""
    shown = {difference.worse for difference in summary.differences if difference.shown and difference.better == best}
    return [arm.arm for arm in sorted(summary.arms, key=lambda arm: -arm.scores[summary.grader]) if arm.arm in shown]


def _cheapest(arms: list[ArmSummary], summary: Summary) -> ArmSummary:
    return min(arms, key=lambda arm: (arm.cost, -arm.scores[summary.grader]))


def _say_no_difference(summary: Summary) -> str:
    means = sorted(arm.scores[summary.grader] for arm in summary.arms)
    return (
        f"{NO_DIFFERENCE}: on {count(summary.questions, 'question')} the mean {score_name(summary.grader)} of the {len(means)} ways lies "
        f"between {number(means[0])} and {number(means[-1])}, and none is shown to be worse than the best. {_say_hidden(summary)} "
        f"Until then, the cheapest way is {PHRASES[_cheapest(summary.arms, summary).arm]}."
    )


def _say_hidden(summary: Summary) -> str:
    if summary.questions < FEWEST_QUESTIONS:
        return f"So few questions could hide any difference; ask at least {FEWEST_QUESTIONS}, better a hundred."
    widest = max(summary.differences, key=_could_be)
    return (
        f"The data could still hide a difference of up to {number(_could_be(widest))} (between {PHRASES[widest.better]} and "
        f"{PHRASES[widest.worse]}); more questions would narrow that."
    )


def _could_be(difference: Difference) -> float:
    """Return the largest difference, whichever arm it favours, that the interval leaves possible."""
    return max(abs(difference.low), abs(difference.high))


def _recommend_best(summary: Summary, best: ArmSummary, worse: list[ArmName]) -> str:
    runner_up = find_difference(summary, best.arm, worse[0])
    against = f"against {_mean(summary, worse[0])} with {PHRASES[worse[0]]} {_spread(runner_up)}"
    rivals = [arm.arm for arm in summary.arms if arm.arm not in (best.arm, *worse)]
    if rivals:
        close = join([f"{PHRASES[arm]} ({_mean(summary, arm)})" for arm in rivals])
        standing = f"It is also the cheapest of those not shown to be worse than the best; the other{'s' * (len(rivals) > 1)}: {close}."
    else:
        standing = "Every other way is shown to be worse, so no cheaper one is as good."
    return f"{_open(summary, best)}, {against}. {standing}"


def _recommend_cheaper(summary: Summary, recommended: ArmSummary, best: ArmSummary, worse: list[ArmName]) -> str:
    gap = _spread(find_difference(summary, best.arm, recommended.arm))
    dearer = times(best.cost, recommended.cost)
    price = f", and a question costs {dearer} as much" if dearer else ""
    shown = join([f"{PHRASES[arm]} ({_mean(summary, arm)})" for arm in worse])
    return (
        f"{_open(summary, recommended)}. {sentence(PHRASES[best.arm])} has the highest mean, {_mean(summary, best.arm)}, but the "
        f"difference {gap} is not shown to be more than chance{price}. So this is the cheapest way not shown to be worse than the best. "
        f"Shown to be worse: {shown}."
    )


def _open(summary: Summary, arm: ArmSummary) -> str:
    return f"{HEADLINES[arm.arm]}: {score_name(summary.grader)} {_mean(summary, arm.arm)}"


def _mean(summary: Summary, name: ArmName) -> str:
    return next(number(arm.scores[summary.grader]) for arm in summary.arms if arm.arm == name)


def _spread(difference: Difference) -> str:
    return f"(difference {number(difference.mean)}, 95 % interval {number(difference.low)} to {number(difference.high)})"


def find_difference(summary: Summary, one: ArmName, other: ArmName) -> Difference:
    """Return the difference between two arms, whichever is the better."""
    return next(difference for difference in summary.differences if {difference.better, difference.worse} == {one, other})
