"""The rule: which arm is recommended, and when none is."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pytest

from services.evaluation.statistics.decide import apply_rule, decide
from services.evaluation.statistics.pairs import compare_pairs
from tests.unit.evaluation.statistics.trials import draw_binary, make_trial


@dataclass(frozen=True, eq=False)
class Limits:
    """Contrasts with these lower limits at any level."""

    values: npt.NDArray[np.float64]

    def exceeds(self, difference: npt.ArrayLike, level: float) -> npt.NDArray[np.bool_]:
        return np.asarray(self.values > np.asarray(difference))

    def lower_limits(self, level: float) -> npt.NDArray[np.float64]:
        return self.values


def test_a_dear_arm_that_is_much_better_than_all_cheaper_ones_is_recommended() -> None:
    decision = decide(make_trial(draw_binary(1, 200, [0.3, 0.3, 0.3, 0.7]), base=0))
    assert (decision.outcome, decision.recommended, decision.leader) == ("recommendation", 3, 3)
    assert decision.not_excluded == (3,)
    assert (decision.lower_bounds[3, :3] > 0).all()


def test_the_base_model_is_enough_if_no_other_arm_is_better_by_the_margin() -> None:
    scores = np.ones((400, 3))
    decision = decide(make_trial(scores, base=0))
    assert (decision.outcome, decision.recommended, decision.candidates) == ("base_is_enough", 0, (0, 1, 2))


def test_the_cheapest_of_equal_arms_is_a_recommendation_if_it_is_not_the_base_model() -> None:
    decision = decide(make_trial(np.ones((400, 3)), costs=[3.0, 2.0, 1.0], base=0))
    assert (decision.outcome, decision.recommended, decision.candidates) == ("recommendation", 2, (2, 1, 0))


def test_without_evidence_nothing_is_settled() -> None:
    decision = decide(make_trial(draw_binary(3, 60, [0.5, 0.55, 0.6])))
    assert (decision.outcome, decision.recommended) == ("not_settled", None)
    assert decision.not_excluded == (0, 1, 2)


def test_a_dearer_arm_that_is_only_no_worse_is_not_recommended() -> None:
    scores = draw_binary(4, 3000, [0.2, 0.6])
    equal = np.column_stack([scores, scores[:, 1]])
    assert decide(make_trial(equal, costs=[1.0, 3.0, 2.0])).recommended == 2


@pytest.mark.parametrize("seed", range(200))
def test_the_rule_does_what_its_sentences_say(seed: int) -> None:
    random = np.random.default_rng(seed)
    arms, costs = int(random.integers(2, 6)), random.integers(0, 3, 5)
    limits = random.normal(0.02, 0.1, (arms, arms))
    by_cost = np.argsort(costs[:arms], kind="stable")
    choice = apply_rule(Limits(limits), by_cost, 0.05, 0.01)
    others = {arm: [other for other in range(arms) if other != arm] for arm in range(arms)}
    candidates = [arm for arm in range(arms) if all(limits[arm, other] > -0.05 for other in others[arm])]
    better = [arm for arm in by_cost if all(limits[arm, other] > 0 for other in by_cost[: list(by_cost).index(arm)])]
    assert np.flatnonzero(choice.candidates).tolist() == candidates
    assert int(choice.recommended) == next((int(arm) for arm in better if arm in candidates), -1)
    assert choice.not_excluded.tolist() == [all(limits[other, arm] <= 0 for other in others[arm]) for arm in range(arms)]


def test_the_order_of_the_arms_does_not_matter() -> None:
    scores, costs = draw_binary(5, 150, [0.2, 0.5, 0.55, 0.8]), np.array([1.0, 2.0, 4.0, 3.0])
    trial = make_trial(scores, costs=costs)
    for order in ([3, 2, 1, 0], [1, 3, 0, 2]):
        shuffled = decide(make_trial(scores[:, order], costs=costs[order]))
        assert [order[arm] for arm in shuffled.not_excluded] == list(decide(trial).not_excluded)
        assert order[shuffled.recommended or 0] == decide(trial).recommended
        assert shuffled.lower_bounds == pytest.approx(decide(trial).lower_bounds[np.ix_(order, order)])


def test_the_scale_of_the_scores_does_not_matter() -> None:
    scores = np.random.default_rng(6).random((80, 3)) * [0.4, 0.7, 1.0]
    decision, scaled = decide(make_trial(scores)), decide(make_trial(scores * 50 - 7, low=-7, high=43))
    assert (scaled.outcome, scaled.candidates, scaled.not_excluded) == (decision.outcome, decision.candidates, decision.not_excluded)
    assert scaled.lower_bounds == pytest.approx(50 * decision.lower_bounds)


def test_each_look_needs_more_evidence() -> None:
    scores = draw_binary(7, 120, [0.3, 0.6])
    bounds = [decide(make_trial(scores, look=look)).lower_bounds[1, 0] for look in (1, 2, 3, 10)]
    assert bounds == sorted(bounds, reverse=True)
    assert decide(make_trial(scores, look=3)).alpha == pytest.approx(0.05 / 8)


@pytest.mark.parametrize("look", [60, 5_000])
def test_after_very_many_looks_the_limits_are_still_numbers(look: int) -> None:
    scores = draw_binary(9, 50, [0.2, 0.9])
    for trial in (
        make_trial(scores, look=look),
        make_trial(scores, look=look, clusters=np.arange(50) // 2),
        make_trial(np.ones((20, 2)), look=look),
    ):
        decision = decide(trial)
        assert decision.outcome == "not_settled"
        assert np.isfinite(decision.lower_bounds).all()


@pytest.mark.parametrize(("questions", "clusters"), [(9, None), (90, np.arange(90) // 10)])
def test_fewer_than_ten_questions_or_clusters_are_too_few(questions: int, clusters: npt.NDArray[np.int64] | None) -> None:
    scores = np.column_stack([np.zeros(questions), np.ones(questions)])
    trial = make_trial(scores, clusters=clusters)
    decision = decide(trial)
    assert (decision.outcome, decision.recommended, decision.candidates) == ("too_few", None, ())
    assert not any(pair.shown for pair in compare_pairs(trial))


def test_the_verdict_says_if_no_arm_answers_well() -> None:
    poor, fair = draw_binary(8, 200, [0.02, 0.03]), draw_binary(8, 200, [0.02, 0.2])
    assert decide(make_trial(poor)).none_answers_well
    assert not decide(make_trial(fair)).none_answers_well


@pytest.mark.parametrize("questions", [0, 1, 2, 10, 20])
@pytest.mark.parametrize("kind", ["right", "wrong", "noise", "clustered"])
def test_arms_with_the_same_scores_are_not_settled_and_give_numbers(questions: int, kind: str) -> None:
    same = {"right": np.ones(questions), "wrong": np.zeros(questions)}.get(kind, np.linspace(0.1, 0.9, questions))
    scores = np.column_stack([same, same + (1e-17 if kind == "noise" else 0), same])
    trial = make_trial(scores, clusters=np.arange(questions) // 2 if kind == "clustered" else None)
    decision = decide(trial)
    assert decision.outcome == ("too_few" if trial.too_few else "not_settled")
    assert np.isfinite(decision.lower_bounds).all()
    assert decision.not_excluded == (0, 1, 2)
    assert all(np.isfinite([pair.mean, pair.low, pair.high]).all() and not pair.shown for pair in compare_pairs(trial))
