import asyncio
import json
import math
from collections.abc import Callable
from typing import Any

import pytest

from shared.contracts.graders import LabelModelGrader, ScoreModelGrader
from shared.graders.check import parse_grader
from shared.graders.judge import (
    CalibrationCase,
    JudgeFigures,
    cohens_kappa,
    compare,
    find_weaknesses,
    list_judges,
    measure_judge,
    plant_cases,
    spearman,
)
from shared.graders.outcome import GraderModels, Usage
from shared.graders.reorder import reverse_order
from shared.graders.sample import Sample
from tests.unit.shared.graders.fake_models import BrokenChat, FakeChat, result

PROMPT = "Question: {{item.question}}\n\nReference:\n{{item.answers}}\n\nAnswer:\n{{sample.output_text}}"
SCORE: dict[str, Any] = {"type": "score_model", "name": "judge", "model": "big", "input": [{"role": "user", "content": PROMPT}]}
LABEL = {**SCORE, "type": "label_model", "labels": ["right", "wrong"], "passing_labels": ["right"]}
ITEMS = [{"question": f"What is {number}?", "answers": [f"number {number}"]} for number in range(6)]


def judge(body: dict[str, Any]) -> ScoreModelGrader | LabelModelGrader:
    grader = parse_grader(body)
    assert isinstance(grader, ScoreModelGrader | LabelModelGrader)
    return grader


def measure(body: dict[str, Any], cases: list[CalibrationCase], answer: Callable[[dict[str, Any]], str], limit: int = 50) -> JudgeFigures:
    return asyncio.run(measure_judge(judge(body), cases, GraderModels(FakeChat(answer)), limit))


def shown(request: dict[str, Any]) -> tuple[str, str]:
    """Return the reference and the answer that a request shows, wherever they are."""
    blocks = dict(block.split("\n", 1) for block in request["messages"][-1]["content"].split("\n\n") if "\n" in block)
    return json.loads(blocks["Reference:"])[0], blocks["Answer:"]


def honest(request: dict[str, Any]) -> str:
    reference, answer = shown(request)
    labels = request["response_format"]["json_schema"]["schema"]["properties"]["result"].get("enum")
    return result(("right" if reference == answer else "wrong") if labels else float(reference == answer))


def test_an_honest_judge_agrees_with_what_is_known_in_both_orders() -> None:
    for body in (SCORE, LABEL):
        figures = measure(body, plant_cases(ITEMS), honest)
        assert (figures.cases, figures.calls, figures.unparseable, figures.order_agreement, figures.order_shift) == (12, 24, 0, 1.0, 0.0)
        assert (figures.agreement.cases, figures.agreement.accuracy, figures.agreement.kappa) == (12, 1.0, 1.0)
        assert figures.usage == {"big": Usage(240, 120)}
        assert find_weaknesses(figures) == []


def test_a_judge_that_always_takes_the_first_label_is_found_out() -> None:
    figures = measure(
        LABEL,
        plant_cases(ITEMS),
        lambda request: result(request["response_format"]["json_schema"]["schema"]["properties"]["result"]["enum"][0]),
    )
    assert (figures.order_agreement, figures.agreement.accuracy, figures.agreement.kappa) == (0.0, 0.5, 0.0)
    assert find_weaknesses(figures) == [
        "The judge gives the same grade in both orders in only 0% of cases.",
        "The judge agrees with the known grades little more than by chance (Cohen's kappa 0.00).",
    ]


def test_a_judge_that_prefers_what_comes_first_is_found_out() -> None:
    def biased(request: dict[str, Any]) -> str:
        text = request["messages"][-1]["content"]
        return result(1.0 if text.index("Answer:") < text.index("Reference:") else 0.2)

    figures = measure(SCORE, plant_cases(ITEMS), biased)
    assert figures.order_agreement == 0.0
    assert figures.order_shift == pytest.approx(0.8)


def test_outputs_that_cannot_be_used_are_counted_and_not_averaged() -> None:
    figures = measure(SCORE, plant_cases(ITEMS), lambda request: "I think" if shown(request)[1].endswith("0") else honest(request))
    assert (figures.unparseable, figures.uncallable, figures.unparseable_rate) == (4, 0, 4 / 24)
    assert (figures.order_cases, figures.agreement.cases, figures.agreement.accuracy) == (10, 10, 1.0)
    assert find_weaknesses(figures) == ["4 of 24 outputs of the judge could not be used."]


def test_a_judge_that_cannot_be_called_has_no_figures() -> None:
    figures = asyncio.run(measure_judge(judge(SCORE), plant_cases(ITEMS), GraderModels(BrokenChat())))
    assert (figures.uncallable, figures.order_agreement, figures.agreement.accuracy) == (24, None, None)
    empty = measure(SCORE, [], honest)
    assert (empty.cases, empty.unparseable_rate, empty.order_agreement) == (0, 0.0, None)


def test_known_scores_and_labels_are_compared_in_their_own_kind() -> None:
    scores = [CalibrationCase(item, Sample(item["answers"][0]), known=position / 5) for position, item in enumerate(ITEMS)]
    figures = measure(SCORE, scores, lambda request: result(int(shown(request)[1][-1]) / 10))
    assert figures.agreement.spearman == pytest.approx(1.0)
    assert figures.agreement.mean_absolute_error == pytest.approx(0.25)
    labels = [CalibrationCase(item, Sample(item["answers"][0]), known="wrong") for item in ITEMS]
    assert measure(LABEL, labels, honest).agreement.accuracy == 0.0


@pytest.mark.parametrize("limit", [0, 1, 5, 12, 100])
def test_a_slice_is_bounded_and_spread(limit: int) -> None:
    chat = FakeChat(honest)
    figures = asyncio.run(measure_judge(judge(SCORE), plant_cases(ITEMS), GraderModels(chat), limit))
    assert figures.cases == min(limit, 12)
    assert len(chat.requests) == 2 * figures.cases


def test_planted_cases_leave_out_items_without_answers_and_answers_that_are_right_for_both() -> None:
    same: list[dict[str, Any]] = [{"answers": ["a"]}, {"answers": ["a", "b"]}, {"answers": []}, {}, {"answers": None}]
    assert [(case.sample.output_text, case.known) for case in plant_cases(same)] == [("a", True), ("a", True)]
    assert plant_cases([]) == []


@pytest.mark.parametrize(
    ("content", "turned"),
    [("A: {{item.a}}\nB: {{sample.output_text}}", "B: {{sample.output_text}}\nA: {{item.a}}"),
     ("Answer:\n{{sample.output_text}}\nReference:\n{{item.a}}", "Reference:\n{{item.a}}\nAnswer:\n{{sample.output_text}}"),
     ("Q {{item.q}}\n\nR {{item.a}}\n\nHm\n\nS {{sample}}", "Q {{item.q}}\n\nS {{sample}}\n\nHm\n\nR {{item.a}}"),
     (["R {{item.a}}", {"type": "input_text", "text": "S {{sample.output_text}}"}], "S {{sample.output_text}}\nR {{item.a}}")],
)  # fmt: skip
def test_the_answer_and_its_reference_change_places(content: Any, turned: str) -> None:
    reversed_judge = reverse_order(judge({**SCORE, "input": [{"role": "user", "content": content}]}))
    assert reversed_judge is not None and reversed_judge.input[0].content == turned


@pytest.mark.parametrize(
    "content", ["{{sample.output_text}}", "Is {{sample.output_text}} like {{item.a}}?", "nothing", "{{item.a}}\n{{item.b}}"]
)
def test_a_prompt_without_two_blocks_cannot_be_turned_round(content: str) -> None:
    assert reverse_order(judge({**SCORE, "input": [{"role": "user", "content": content}]})) is None
    figures = measure({**SCORE, "input": [{"role": "user", "content": "{{sample.output_text}}"}]}, plant_cases(ITEMS), lambda _: result(1))
    assert (figures.calls, figures.order_agreement) == (12, None)


def test_the_judges_of_a_multi_are_listed() -> None:
    multi = {"type": "multi", "name": "m", "graders": {"a": SCORE, "b": {"type": "f1", "name": "f"}, "c": LABEL}, "calculate_output": "a"}
    assert list(list_judges(parse_grader(multi))) == ["a", "c"]
    assert list(list_judges(parse_grader(SCORE))) == ["judge"]
    assert list_judges(parse_grader({"type": "f1", "name": "f"})) == {}


def test_cohens_kappa_is_that_of_a_published_example() -> None:
    # 20 yes-yes, 5 yes-no, 10 no-yes, 15 no-no: observed .7, expected .5, kappa .4.
    pairs = [("y", "y")] * 20 + [("y", "n")] * 5 + [("n", "y")] * 10 + [("n", "n")] * 15
    assert cohens_kappa(pairs) == pytest.approx(0.4)
    assert cohens_kappa([("y", "y")] * 3) is None


def test_spearman_takes_the_mean_rank_of_ties() -> None:
    assert spearman([(1, 1), (2, 2), (2, 3), (3, 4)]) == pytest.approx(0.9486832980505138)
    assert spearman([(1, 5), (1, 6)]) is None
    assert math.isclose(spearman([(1, 3), (2, 2), (3, 1)]) or 0, -1)


def test_nothing_known_is_no_agreement() -> None:
    assert compare([]).cases == 0 and compare([]).accuracy is None
