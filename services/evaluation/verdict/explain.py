"""Explains a verdict in a few sentences with its numbers."""

from collections.abc import Sequence

from services.evaluation.statistics.decide import Decision
from services.evaluation.statistics.trial import MIN_CLUSTERS, MIN_QUESTIONS, Trial
from services.evaluation.verdict.conclude import Conclusion
from services.evaluation.verdict.format import capitalize, format_score, join_list, pluralize
from services.evaluation.verdict.labels import make_headline, name_arm, name_grader
from services.evaluation.verdict.scale import Scale
from shared.contracts.comparison_results import MoreQuestions

NOT_SETTLED = "Not settled"
TOO_FEW = "Too few questions"
FAILED = "No verdict: too many answers failed"


def make_title(conclusion: Conclusion) -> str:
    """Return the verdict in a few words."""
    titles = {"not_settled": NOT_SETTLED, "too_few": TOO_FEW, "failed": FAILED}
    but = ", but no arm answers well" if conclusion.decision.none_answers_well else ""
    return titles.get(conclusion.outcome) or f"{make_headline(conclusion.recommended or '')}{but}"


def explain(conclusion: Conclusion, scale: Scale) -> str:
    """Return the verdict in a few sentences, the headline first."""
    if conclusion.outcome == "failed":
        body = " ".join(conclusion.reasons)
    elif conclusion.outcome == "too_few":
        body = _explain_too_few(conclusion.trial)
    elif conclusion.recommended is None:
        body = _explain_not_settled(conclusion, scale)
    else:
        body = _explain_recommendation(conclusion, conclusion.recommended, scale)
    warning = f" {_warn_low(scale)}" if conclusion.decision.none_answers_well else ""
    return f"{make_title(conclusion)}. {body}{warning}"


def _warn_low(scale: Scale) -> str:
    limit = f"{format_score(scale.low + 2 * scale.margin)}, the lowest score plus twice the margin"
    return f"No arm answers well: with 95% confidence, even the best one is below {limit}."


def _explain_recommendation(conclusion: Conclusion, recommended: str, scale: Scale) -> str:
    trial, decision = conclusion.trial, conclusion.decision
    rank = list(trial.by_cost).index(trial.arms.index(recommended))
    means = f"On {pluralize(trial.questions, 'question')}, the mean {name_grader(scale.grader)} of {name_arm(recommended)} is "
    means += _format_mean(trial, recommended)
    no_worse = f"No other arm is better by {format_score(scale.margin)} or more"
    return f"{means}. {no_worse}, and {_compare_cheaper(trial, rank)}.{_mention_leader(trial, decision, recommended)}"


def _compare_cheaper(trial: Trial, rank: int) -> str:
    """Say that the arms before this rank are worse. One that costs the same and comes first in the request counts as cheaper."""
    before = [trial.arms[index] for index in trial.by_cost[:rank]]
    if not before:
        return "none is cheaper"
    kind = "cheaper arm" if trial.costs[trial.by_cost[rank - 1]] < trial.costs[trial.by_cost[rank]] else "arm that costs no more"
    return f"{'the only' if rank == 1 else 'every'} {kind} is worse: {_list_means(trial, before)}"


def _mention_leader(trial: Trial, decision: Decision, recommended: str) -> str:
    """Name the arm with the highest mean if it is another one, because a reader looks for it in the table."""
    leader = trial.arms[decision.leader]
    if leader == recommended:
        return ""
    is_costlier = trial.costs[decision.leader] > trial.costs[trial.arms.index(recommended)]
    cost = "but costs more" if is_costlier else "and the same cost, but comes later in the comparison"
    return f" {capitalize(name_arm(leader))} has a higher mean, {_format_mean(trial, leader)}, {cost}."


def _explain_not_settled(conclusion: Conclusion, scale: Scale) -> str:
    trial, decision = conclusion.trial, conclusion.decision
    if conclusion.with_failures != conclusion.without_failures:
        return _explain_failures(conclusion)
    means = _list_means(trial, [trial.arms[index] for index in sorted(range(len(trial.arms)), key=lambda i: -trial.means[i])])
    start = f"{pluralize(trial.questions, 'question')} do not show which arm to choose"
    means = f"The mean {name_grader(scale.grader)} of each arm: {means}"
    return f"{start}. {means}. {_explain_candidates(trial, decision, scale)} {_explain_more(conclusion.more)}"


def _explain_candidates(trial: Trial, decision: Decision, scale: Scale) -> str:
    """Say which arms are good enough, and which may still be the best."""
    if decision.candidates:
        names = capitalize(join_list([name_arm(trial.arms[index]) for index in decision.candidates]))
        verb = "is" if len(decision.candidates) == 1 else "are"
        margin = format_score(scale.margin)
        return f"{names} {verb} shown to be less than {margin} worse than any other arm, but not to be better than every cheaper arm."
    names = join_list([name_arm(trial.arms[index]) for index in decision.not_excluded])
    return f"Any of these may be the best: {names}."


def _explain_more(more: MoreQuestions | None) -> str:
    """Say how many more questions would probably settle the comparison."""
    if more is None or more.for_half is None:
        return "Even 5,000 more questions would probably not settle it: choose a larger margin, or leave out an arm."
    if more.for_half == more.for_four_fifths:
        return f"About {more.for_half:,} more questions would settle it with a probability of 80%."
    half = f"About {more.for_half:,} more questions would settle it with a probability of 50%"
    if more.for_four_fifths is None:
        return f"{half}; a probability of 80% takes more than 5,000."
    return f"{half}, and about {more.for_four_fifths:,} with 80%."


def _explain_failures(conclusion: Conclusion) -> str:
    def describe(arm: str | None) -> str:
        return f"{name_arm(arm)} is recommended" if arm else "nothing is recommended"

    return (
        f"The verdict depends on the failed answers. If they get the lowest score, {describe(conclusion.with_failures)}; "
        f"if their questions are left out, {describe(conclusion.without_failures)}. Find out why they failed, and compare again."
    )


def _explain_too_few(trial: Trial) -> str:
    groups = len(trial.cluster_sizes)
    has = pluralize(trial.questions, "question") + (f" in {pluralize(groups, 'cluster')}" if trial.clustered else "")
    needs = f"{MIN_QUESTIONS} questions" + (f" in {MIN_CLUSTERS} clusters" if trial.clustered else "")
    return f"A verdict needs at least {needs}; this comparison has {has} that can be used. Use 100 questions or more."


def _list_means(trial: Trial, arms: Sequence[str]) -> str:
    return join_list([f"{name_arm(arm)} ({_format_mean(trial, arm)})" for arm in arms])


def _format_mean(trial: Trial, arm: str) -> str:
    return format_score(float(trial.means[trial.arms.index(arm)]))
