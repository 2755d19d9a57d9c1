"""Decides which arm to recommend: the cheapest arm that is shown to be no worse than any other and better than each cheaper one.

Let L(i, j) be the lower confidence limit of the mean of arm i minus the mean of arm j, and d the margin.

1. An arm is a candidate if L(i, j) > -d for all other arms j.
2. Recommended is the cheapest candidate with L(i, j) > 0 for every cheaper arm j.
3. If there is none, the comparison is not settled.

No step depends on which arm leads in the sample, so the luck of a leader does not count. Each limit has the level of the look
divided by k - 1. If an arm is worse than the truly best arm by the margin or more, it is a candidate only if its limit against that
arm is wrong; all such arms together need one of k - 1 limits to be wrong. In the same way, a dearer arm is recommended over the
cheapest of the arms that are as good only if a limit against that arm is wrong.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from services.evaluation.statistics.contrasts import Contrasts, measure
from services.evaluation.statistics.intervals import measure_arms
from services.evaluation.statistics.trial import Booleans, Integers, Matrix, Trial
from shared.statistics.looks import bound_level

Outcome = Literal["recommendation", "base_is_enough", "not_settled", "too_few"]
NONE = -1


@dataclass(frozen=True, eq=False)
class Decision:
    """What the scores of a trial settle. Arms are indexes, sorted from the cheapest to the dearest.

    `recommended` is None unless the outcome is `recommendation` or `base_is_enough`. `candidates` are shown to be no worse than
    any other arm by the margin or more. `leader` has the highest mean in the sample, the cheapest of those if several have it.
    `not_excluded` are the arms than which no other is shown to be better: the truly best arm is among them at the level of the
    look. `none_answers_well` is true if the leader's upper 95% limit is below the lowest score plus twice the margin. `alpha` is
    the one-sided level of each limit in `lower_bounds`, shape (k, k): of the arm of the row minus the arm of the column, in scores.
    """

    outcome: Outcome
    recommended: int | None
    candidates: tuple[int, ...]
    leader: int
    not_excluded: tuple[int, ...]
    none_answers_well: bool
    alpha: float
    lower_bounds: Matrix


@dataclass(frozen=True, eq=False)
class Choice:
    """What the rule gives, for one trial or for many: `candidates` and `not_excluded` (..., k), `recommended` (...), -1 for none."""

    candidates: Booleans
    not_excluded: Booleans
    recommended: Integers


def decide(trial: Trial) -> Decision:
    """Return the decision on a trial."""
    contrasts, alpha = measure(trial), bound_level(trial.look, len(trial.arms))
    choice = apply_rule(contrasts, trial.by_cost, trial.margin_in_units, alpha)
    recommended = None if trial.too_few or choice.recommended == NONE else int(choice.recommended)
    leader = find_leader(trial)
    return Decision(
        outcome=_name_outcome(trial, recommended),
        recommended=recommended,
        candidates=() if trial.too_few else _list_by_cost(trial, choice.candidates),
        leader=leader,
        not_excluded=_list_by_cost(trial, choice.not_excluded | trial.too_few),
        none_answers_well=measure_arms(trial)[leader].high < trial.low + 2 * trial.margin,
        alpha=alpha,
        lower_bounds=np.where(np.eye(len(trial.arms), dtype=bool), 0.0, trial.width * contrasts.lower_limits(alpha)),
    )


def apply_rule(contrasts: Contrasts, by_cost: Integers, margin: float, alpha: float) -> Choice:
    """Return the choice of the rule; `margin` is in units. `by_cost` lists the arms from the cheapest to the dearest."""
    no_worse = contrasts.exceeds(-margin, alpha)
    better = contrasts.exceeds(0.0, alpha)
    same = np.eye(len(by_cost), dtype=bool)
    rank = np.argsort(by_cost)
    not_cheaper = rank[None, :] >= rank[:, None]
    candidates = (no_worse | same).all(axis=-1)
    eligible = (candidates & (better | not_cheaper).all(axis=-1))[..., by_cost]
    recommended = np.where(eligible.any(axis=-1), by_cost[eligible.argmax(axis=-1)], NONE)
    return Choice(candidates, ~(better & ~same).any(axis=-2), recommended)


def find_leader(trial: Trial) -> int:
    """Return the arm with the highest mean; if several have it, the cheapest of them."""
    means = trial.means[trial.by_cost]
    return int(trial.by_cost[np.argmax(means >= means.max() - 1e-12 * trial.width)])


def _list_by_cost(trial: Trial, chosen: Booleans) -> tuple[int, ...]:
    return tuple(int(arm) for arm in trial.by_cost if chosen[arm])


def _name_outcome(trial: Trial, recommended: int | None) -> Outcome:
    if trial.too_few:
        return "too_few"
    if recommended is None:
        return "not_settled"
    return "base_is_enough" if recommended == trial.base else "recommendation"
