"""How many more questions would settle a comparison."""

import numpy as np

from services.evaluation.statistics.more_questions import MoreQuestions, list_numbers, more_questions
from tests.unit.evaluation.statistics.simulate import draw_f1
from tests.unit.evaluation.statistics.trials import draw_binary, make_trial


def test_the_numbers_are_rounded_up_and_end_at_5000() -> None:
    numbers = list_numbers()
    assert numbers[[0, -1]].tolist() == [10, 5_000]
    assert (np.diff(numbers) > 0).all()
    assert (np.diff(numbers) / numbers[1:] <= 0.5).all()


def test_more_certainty_takes_more_questions() -> None:
    more = more_questions(make_trial(draw_binary(1, 60, [0.3, 0.35, 0.45])))
    assert more.at_50_percent is not None
    assert more.at_80_percent is not None
    assert more.at_50_percent < more.at_80_percent


def test_the_same_trial_gives_the_same_numbers() -> None:
    trial = make_trial(draw_binary(2, 60, [0.3, 0.35, 0.45]))
    assert more_questions(trial) == more_questions(trial)


def test_the_order_of_the_arms_does_not_matter() -> None:
    scores = draw_binary(3, 60, [0.3, 0.35, 0.45])
    assert more_questions(make_trial(scores, costs=[1, 2, 3])) == more_questions(make_trial(scores[:, ::-1], costs=[3, 2, 1]))


def test_a_large_difference_takes_fewer_questions_than_a_small_one() -> None:
    small, large = (more_questions(make_trial(draw_binary(4, 40, [0.3, better]))) for better in (0.4, 0.55))
    assert small.at_80_percent is not None
    assert large.at_80_percent is not None
    assert large.at_80_percent < small.at_80_percent


def test_arms_that_are_too_alike_for_their_margin_take_more_than_5000_questions() -> None:
    trial = make_trial(draw_binary(5, 200, [0.5, 0.5, 0.5, 0.5]), margin=0.002)
    assert more_questions(trial) == MoreQuestions(None, None)


def test_a_later_look_takes_more_questions() -> None:
    scores = draw_binary(6, 60, [0.3, 0.35, 0.45])
    first, later = more_questions(make_trial(scores)), more_questions(make_trial(scores, look=6))
    assert (later.at_80_percent or 9_999) > (first.at_80_percent or 0)


def test_clusters_are_drawn_whole() -> None:
    scores = np.repeat(draw_f1(7, 1, 30, [0.1, 0.0])[0], 5, axis=0)
    alone, together = more_questions(make_trial(scores)), more_questions(make_trial(scores, clusters=np.arange(150) // 5))
    assert alone.at_50_percent is not None
    assert (together.at_50_percent or 9_999) > 2 * alone.at_50_percent


def test_no_question_or_a_single_huge_cluster_is_no_reason_to_fail() -> None:
    assert more_questions(make_trial(np.zeros((0, 2)))) == MoreQuestions(None, None)
    assert more_questions(make_trial(draw_binary(8, 3_000, [0.2, 0.8]), clusters=np.zeros(3_000))) == MoreQuestions(None, None)
    assert more_questions(make_trial([[0.3, 0.3]])).at_50_percent is not None
