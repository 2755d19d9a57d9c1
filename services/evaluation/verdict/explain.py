"""Explains a verdict in a few sentences with its numbers."""

from services.evaluation.statistics.summarize import MIN_QUESTIONS, Summary
from services.evaluation.verdict.format import capitalize, format_ratio, format_score, join_list, pluralize
from services.evaluation.verdict.labels import ARM_PHRASES, GRADER_NAMES, HEADLINES, NO_DIFFERENCE
from shared.contracts.comparisons import ArmName, ArmSummary, Difference


def explain_no_difference(summary: Summary, cheapest: ArmSummary) -> str:
    """Explain that no arm is shown to be worse than the best, and how large a difference the data could still hide."""
    means = sorted(arm.scores[summary.grader] for arm in summary.arms)
    return (
        f"{NO_DIFFERENCE}: on {pluralize(summary.questions, 'question')}, the mean {GRADER_NAMES[summary.grader]} of the {len(means)} arms "
        f"ranges from {format_score(means[0])} to {format_score(means[-1])}, and none is shown to be worse than the best. "
        f"{_explain_hidden_difference(summary)} Until then, the cheapest arm is {ARM_PHRASES[cheapest.arm]}."
    )


def explain_best(summary: Summary, best: ArmSummary, worse: list[ArmName]) -> str:
    """Explain why the best arm is recommended; `worse` are the arms shown to be worse, those with the highest means first."""
    difference = find_difference(summary, best.arm, worse[0])
    spread = f"(difference {format_score(difference.mean)}, {_format_interval(difference)})"
    contrast = f"compared with {_format_mean(summary, worse[0])} for {ARM_PHRASES[worse[0]]} {spread}"
    rivals = [arm.arm for arm in summary.arms if arm.arm not in (best.arm, *worse)]
    return f"{_start(summary, best)}, {contrast}. {_explain_price(summary, rivals)}"


def explain_cheaper(summary: Summary, recommended: ArmSummary, best: ArmSummary, worse: list[ArmName]) -> str:
    """Explain why an arm is recommended that is cheaper than the best."""
    difference = find_difference(summary, best.arm, recommended.arm)
    ratio = format_ratio(best.cost, recommended.cost)
    price = f", and a question costs {ratio} as much" if ratio else ""
    shown = join_list([_format_arm(summary, arm) for arm in worse])
    return (
        f"{_start(summary, recommended)}. {capitalize(ARM_PHRASES[best.arm])} has the highest mean, {_format_mean(summary, best.arm)}, "
        f"but the difference of {format_score(difference.mean)} ({_format_interval(difference)}) may be due to chance{price}. "
        f"So this is the cheapest arm that is not shown to be worse than the best. Shown to be worse: {shown}."
    )


def find_difference(summary: Summary, first: ArmName, second: ArmName) -> Difference:
    """Return the difference between two arms, whichever is the better."""
    return next(difference for difference in summary.differences if {difference.better, difference.worse} == {first, second})


def _explain_hidden_difference(summary: Summary) -> str:
    if summary.questions < MIN_QUESTIONS:
        return f"With so few questions, even a large difference may not show; use at least {MIN_QUESTIONS}, or better a hundred."
    widest = max(summary.differences, key=_largest_possible)
    pair = f"between {ARM_PHRASES[widest.better]} and {ARM_PHRASES[widest.worse]}"
    size = format_score(_largest_possible(widest))
    return f"The data could still hide a difference of up to {size} ({pair}); more questions would narrow that down."


def _largest_possible(difference: Difference) -> float:
    """Return the largest difference, in favor of either arm, that the interval leaves possible."""
    return max(abs(difference.low), abs(difference.high))


def _explain_price(summary: Summary, rivals: list[ArmName]) -> str:
    """Say how the best arm's cost compares with that of its rivals, the arms that are not shown to be worse."""
    if not rivals:
        return "Every other arm is shown to be worse, so no cheaper one is as good."
    others = "the others are" if len(rivals) > 1 else "the other is"
    listed = join_list([_format_arm(summary, arm) for arm in rivals])
    return f"It is also the cheapest of the arms that are not shown to be worse than the best; {others} {listed}."


def _start(summary: Summary, arm: ArmSummary) -> str:
    return f"{HEADLINES[arm.arm]}: {GRADER_NAMES[summary.grader]} {_format_mean(summary, arm.arm)}"


def _format_arm(summary: Summary, name: ArmName) -> str:
    return f"{ARM_PHRASES[name]} ({_format_mean(summary, name)})"


def _format_mean(summary: Summary, name: ArmName) -> str:
    return next(format_score(arm.scores[summary.grader]) for arm in summary.arms if arm.arm == name)


def _format_interval(difference: Difference) -> str:
    return f"95% interval {format_score(difference.low)} to {format_score(difference.high)}"
