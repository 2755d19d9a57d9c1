"""Summaries: means, latency, cost, and which differences are shown."""

import numpy as np
import pytest

from services.evaluation.arms.build import build_arms
from services.evaluation.statistics.summarize import summarize
from services.evaluation.verdict.explain import find_difference
from tests.unit.evaluation.cases import make_answers, make_spec, simulate_scores, summarize_scores


def test_every_arm_has_its_means_its_interval_and_its_percentiles() -> None:
    answers = make_answers({"base": [0.0, 0.5] * 10, "rag": [1.0, 0.5] * 10})
    spec = make_spec(arms=["base", "rag"])
    base, rag = summarize(answers, build_arms(spec), spec).arms
    assert (base.scores["f1"], rag.scores["f1"]) == (0.25, 0.75)
    assert rag.scores["exact_match"] == 0.5
    low, high = rag.intervals["f1"]
    assert 0.6 < low < 0.75 < high < 0.9
    seconds = [answer.seconds for answer in answers if answer.arm == "base"]
    assert (base.latency_p50, base.latency_p95) == pytest.approx((np.percentile(seconds, 50), np.percentile(seconds, 95)))
    assert (base.prompt_tokens, base.completion_tokens) == (20, 60)


def test_cost_is_tokens_without_prices_and_money_with_them() -> None:
    scores = {"base": [0.5] * 12, "rag": [0.5] * 12}
    assert [arm.cost for arm in summarize_scores(scores).arms] == [80, 570]
    priced = summarize_scores(scores, prices={"prompt": 1, "completion": 10})
    assert [arm.cost for arm in priced.arms] == pytest.approx([620 / 1e6, 1020 / 1e6])


def test_every_pair_is_compared_once_the_better_first() -> None:
    summary = summarize_scores(simulate_scores({"base": 0.1, "rag": 0.4, "fine_tuned": 0.2, "both": 0.7}, 60))
    assert len(summary.differences) == 6
    assert all(difference.mean >= 0 for difference in summary.differences)
    assert all(difference.low <= difference.mean <= difference.high for difference in summary.differences)
    assert find_difference(summary, "base", "both").better == "both"


def test_a_paired_difference_is_shown_although_the_intervals_of_the_means_overlap() -> None:
    hardness = np.tile([0.1, 0.9], 20)
    noise = np.random.default_rng(0).normal(0, 0.02, 40)
    summary = summarize_scores({"base": list(hardness - 0.05 + noise), "rag": list(hardness + 0.05 - noise)})
    base, rag = summary.arms
    assert base.intervals["f1"][1] > rag.intervals["f1"][0]
    assert summary.differences[0].shown


def test_a_single_question_shows_nothing_although_its_interval_is_a_point() -> None:
    difference = summarize_scores({"base": [0.0], "rag": [1.0]}).differences[0]
    assert (difference.low, difference.high) == (1, 1)
    assert not difference.shown


def test_arms_that_are_equal_are_hardly_ever_shown_to_differ() -> None:
    shown = [summarize_scores(simulate_scores({"base": 0.5, "rag": 0.5}, 50, seed)).differences[0].shown for seed in range(40)]
    assert sum(shown) <= 6
