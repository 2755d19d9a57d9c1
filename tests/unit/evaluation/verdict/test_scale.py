import pytest

from services.evaluation.verdict.scale import find_scale, is_bounded
from tests.unit.evaluation.cases import make_answer, make_spec

JUDGE = {
    "type": "score_model",
    "name": "judge",
    "model": "m",
    "range": [1, 5],
    "input": [{"role": "user", "content": "{{sample.output_text}}"}],
}
RATIO = {
    "type": "multi",
    "name": "ratio",
    "graders": {"a": {"type": "f1", "name": "a"}, "b": {"type": "f1", "name": "b"}},
    "calculate_output": "a / b",
}


def test_the_margin_is_five_percent_of_the_range() -> None:
    scale = find_scale(make_spec(graders=[JUDGE], grader="judge"), [], "judge")
    assert (scale.low, scale.high) == (1, 5)
    assert scale.margin == pytest.approx(0.2)


def test_the_margin_of_the_request_is_for_the_grader_that_decides_alone() -> None:
    spec = make_spec(margin=0.1)
    assert find_scale(spec, [], "f1").margin == 0.1
    assert find_scale(spec, [], "exact_match").margin == pytest.approx(0.05)


def test_a_grader_without_bounds_has_the_range_of_its_scores() -> None:
    spec = make_spec(graders=[RATIO], grader="ratio", margin=0.5)
    answers = [make_answer(number, "base", scores={"ratio": value}) for number, value in enumerate((0.5, 4.0))]
    assert (find_scale(spec, answers, "ratio").low, find_scale(spec, answers, "ratio").high) == (0.5, 4.0)
    equal = find_scale(spec, answers[:1], "ratio")
    assert equal.high - equal.low > equal.margin  # a trial needs a range that is wider than the margin


def test_a_score_in_the_upper_half_of_the_range_is_correct() -> None:
    scale = find_scale(make_spec(graders=[JUDGE], grader="judge"), [], "judge")
    assert scale.is_correct(3)
    assert not scale.is_correct(2.9)


def test_the_pass_threshold_of_a_grader_says_what_is_correct() -> None:
    cosine = {
        "type": "text_similarity",
        "name": "near",
        "input": "a",
        "reference": "b",
        "evaluation_metric": "cosine",
        "pass_threshold": 0.8,
    }
    scale = find_scale(make_spec(graders=[cosine], grader="near"), [], "near")
    assert scale.is_correct(0.8)
    assert not scale.is_correct(0.7)


def test_only_a_formula_without_bounds_has_no_range_before_it_has_graded() -> None:
    assert is_bounded(make_spec())
    assert is_bounded(make_spec(graders=[JUDGE], grader="judge"))
    assert not is_bounded(make_spec(graders=[RATIO], grader="ratio", margin=0.5))
