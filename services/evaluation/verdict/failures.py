"""Counts failed answers, and says when there are too many for a verdict."""

from collections import Counter
from collections.abc import Sequence

from services.evaluation.arms.answer import ArmAnswer
from services.evaluation.verdict.format import pluralize
from services.evaluation.verdict.labels import name_arm
from shared.contracts.comparison_results import Failures

MAX_INFRASTRUCTURE_SHARE = 0.02  # of all answers
MAX_SHARE_OF_AN_ARM = 0.05  # of an arm's answers, for each kind of failure


def count_failures(answers: Sequence[ArmAnswer], arm: str) -> Failures:
    """Return how many of an arm's answers failed."""
    kinds = Counter(answer.failure.kind for answer in answers if answer.arm == arm and answer.failure)
    return Failures(own=kinds["own"], infrastructure=kinds["infrastructure"])


def find_excess(answers: Sequence[ArmAnswer], arms: Sequence[str]) -> list[str]:
    """Return a sentence for each reason that there are too many failed answers; there is none if a verdict is possible."""
    counts = {arm: count_failures(answers, arm) for arm in arms}
    total = sum(failures.infrastructure for failures in counts.values())
    reasons = []
    if total > MAX_INFRASTRUCTURE_SHARE * len(answers):
        limit = f"the limit is {MAX_INFRASTRUCTURE_SHARE:.0%}"
        reasons.append(f"{total} of {pluralize(len(answers), 'answer')} could not be collected or graded; {limit}.")
    per_arm = len(answers) / len(arms) if arms else 0
    for arm, failures in counts.items():
        if max(failures.own, failures.infrastructure) > MAX_SHARE_OF_AN_ARM * per_arm:
            worst = max(failures.own, failures.infrastructure)
            reasons.append(f"{worst} of the {per_arm:.0f} answers of {name_arm(arm)} failed; the limit is {MAX_SHARE_OF_AN_ARM:.0%}.")
    return reasons


def list_examples(answers: Sequence[ArmAnswer], limit: int = 5) -> list[str]:
    """Return a sentence for each of the most frequent reasons why answers failed, with how many did."""
    messages = Counter(answer.failure.message for answer in answers if answer.failure)
    return [f"{pluralize(count, 'answer')} failed: {message}" for message, count in messages.most_common(limit)]
