"""What a number of questions can show: before the run, and after it."""

from dataclasses import replace

import numpy as np
import pytest

from services.evaluation.statistics.detectable import Design, observe_spread, plan, review
from tests.unit.evaluation.statistics.simulate import collect, draw_binary, draw_f1, recommend
from tests.unit.evaluation.statistics.trials import make_trial

DESIGN = Design(questions=200, clusters=200, arms=4, low=0.0, high=1.0, margin=0.05, binary=True)


def test_the_difference_is_one_that_the_rule_names_in_80_percent() -> None:
    """At a correlation of 0.4, three arms at 0.3 and one that is better by 0.2 differ in about 0.37 of the questions."""
    for questions in (100, 400):
        found = plan(replace(DESIGN, questions=questions, clusters=questions), spread=0.37).difference
        assert found is not None
        named = recommend(collect(draw_binary(1, 2_000, questions, [0.3, 0.3, 0.3, 0.3 + found]))) == 3
        assert 0.75 <= np.mean(named) <= 0.9


def test_the_questions_for_the_margin_settle_equal_arms_in_80_percent() -> None:
    rates = [0.5, 0.5, 0.5]
    spread = float(np.mean(draw_binary(2, 20, 1_000, rates)[..., 0] != draw_binary(2, 20, 1_000, rates)[..., 1]))
    questions = plan(replace(DESIGN, arms=3), spread).questions_for_margin
    assert questions is not None
    assert 0.78 <= np.mean(recommend(collect(draw_binary(3, 400, questions, rates))) == 0) <= 0.92


@pytest.mark.parametrize("binary", [True, False])
def test_more_questions_show_smaller_differences(binary: bool) -> None:
    plans = [plan(replace(DESIGN, questions=n, clusters=n, binary=binary)) for n in (20, 50, 200, 1_000, 5_000)]
    differences = [each.difference for each in plans]
    assert None not in differences
    assert differences == sorted(differences, reverse=True)  # type: ignore[type-var]
    assert [each.margin_reached for each in plans] == [False, False, False, False, True]


def test_more_arms_and_later_looks_show_less() -> None:
    base = plan(DESIGN).difference or 0
    assert (plan(replace(DESIGN, arms=2)).difference or 0) < base < (plan(replace(DESIGN, look=3)).difference or 0)


def test_a_cluster_is_assumed_to_tell_as_much_as_one_question() -> None:
    clustered = plan(replace(DESIGN, questions=1_000))
    assert (clustered.difference or 0) >= (plan(DESIGN).difference or 1)
    assert clustered.questions_for_margin == pytest.approx(5 * (plan(DESIGN).questions_for_margin or 0), rel=0.05)


def test_a_difference_is_in_scores() -> None:
    scaled = plan(replace(DESIGN, low=-10, high=10, margin=1.0))
    assert scaled.difference == pytest.approx(20 * (plan(DESIGN).difference or 0))


def test_too_few_questions_show_nothing() -> None:
    assert plan(replace(DESIGN, questions=1, clusters=1)).difference is None
    assert plan(replace(DESIGN, questions=0, clusters=0)).difference is None
    assert plan(replace(DESIGN, margin=1e-6)).questions_for_margin is None


def test_after_the_run_the_two_arms_that_differ_most_count() -> None:
    scores = np.zeros((50, 3))
    scores[:10, 1] = 1
    scores[:25, 2] = 1
    trial = make_trial(scores)
    assert observe_spread(trial)[0].tolist() == pytest.approx([0.0, 0.2, 0.5])
    assert review(trial).spread == pytest.approx(0.5)


def test_observed_clusters_count_for_what_they_tell() -> None:
    scores = draw_f1(4, 1, 100, [0.1, 0.0])[0]
    alone = review(make_trial(np.repeat(scores, 5, axis=0), clusters=np.arange(500) // 5))
    assert alone.difference == pytest.approx(review(make_trial(scores)).difference)
    assert review(make_trial(draw_f1(4, 1, 500, [0.1, 0.0])[0], clusters=np.arange(500) // 5)).spread < alone.spread


def test_arms_that_always_tie_still_need_questions_for_the_margin() -> None:
    assert not review(make_trial(np.ones((30, 2)))).margin_reached
    assert review(make_trial(np.ones((300, 2)))).margin_reached
