from typing import Any

import pytest

from shared.contracts.comparisons import ComparisonSpec
from tests.unit.generation.evaluations.setup import Setup, write_questions

JUDGE: dict[str, Any] = {
    "type": "score_model",
    "name": "polite",
    "model": "tiny",
    "range": [1, 5],
    "input": [{"role": "user", "content": "How polite is {{sample.output_text}}? Tone: {{item.tone}}"}],
}
HAS: dict[str, Any] = {"type": "contains", "name": "has"}
RATIO: dict[str, Any] = {
    "type": "multi",
    "name": "ratio",
    "calculate_output": "a / b",
    "graders": {"a": {"type": "f1", "name": "a"}, "b": {"type": "f1", "name": "b"}},
}


def test_own_graders_are_stored_as_they_were_sent_and_the_margin_is_a_share_of_the_range(setup: Setup) -> None:
    file_id = setup.add_questions(write_questions(1, 2, tone="freundlich"))
    created = setup.create(questions_file=file_id, graders=[HAS, JUDGE], grader="polite")
    assert (created["grader"], created["margin"]) == ("polite", pytest.approx(0.2))
    has, judge = setup.read_spec(created["id"])["graders"]
    assert (has["name"], judge["range"], judge["input"][0]["content"]) == ("has", [1, 5], JUDGE["input"][0]["content"])


def test_a_json_schema_can_be_read_again_from_the_stored_comparison(setup: Setup) -> None:
    grader = {"type": "json_schema", "name": "form", "schema": {"type": "object", "required": ["gleis"]}}
    created = setup.create(graders=[grader], grader="form")
    spec = ComparisonSpec.model_validate(setup.read_spec(created["id"]))
    assert ComparisonSpec.model_validate(spec.model_dump()).graders == spec.graders
    assert setup.http.get(f"/v1/comparisons/{created['id']}").json()["grader"] == "form"
    setup.finish(created["id"])
    assert setup.extend(created["id"], write_questions(4), graders=[grader])["look"] == 2


def test_the_margin_is_a_twentieth_of_a_scale_from_0_to_1_unless_it_is_sent(setup: Setup) -> None:
    assert setup.create()["margin"] == 0.05
    assert setup.create(margin=0.02)["margin"] == 0.02


def test_a_grader_without_bounds_needs_a_margin(setup: Setup) -> None:
    error = setup.refuse({**setup.body, "graders": [RATIO], "grader": "ratio"})
    assert (error["param"], error["message"]) == (
        "margin", "'margin' is required, because the scores of the grader 'ratio' have no bounds.",
    )  # fmt: skip
    assert setup.create(graders=[RATIO], grader="ratio", margin=3)["margin"] == 3


@pytest.mark.parametrize(
    ("change", "param", "problem"),
    [
        ({"grader": "has"}, "grader", "'grader' must be the name of a grader, one of 'exact_match', 'f1'; got 'has'."),
        ({"graders": [HAS], "grader": "hat"}, "grader", "one of 'exact_match', 'f1', 'has'; got 'hat'"),
        ({"graders": [HAS, HAS]}, "graders[1].name", "must not be the name of another grader; got 'has'"),
        ({"graders": [{**HAS, "name": "f1"}]}, "graders[0].name", "must not be the name of another grader"),
        ({"graders": [{"type": "contains"}]}, "graders[0].name", "is required"),
        ({"graders": [{"type": "python", "name": "p", "source": "x"}]}, "graders[0].type", "must not be 'python'"),
        ({"graders": [{**HAS, "reference": "{{item.anser}}"}]}, "graders[0].reference", "which the items do not have"),
        ({"graders": [JUDGE]}, "graders[0].input[0].content", "'{{item.tone}}', which the items do not have"),
        ({"margin": 1}, "margin", "'margin' must be smaller than 1, the range of the grader 'f1'; got 1."),
        ({"margin": 0}, "margin", "must be greater than 0"),
    ],
)
def test_a_wrong_grader_is_a_400_at_its_place(setup: Setup, change: dict[str, Any], param: str, problem: str) -> None:
    error = setup.refuse({**setup.body, **change})
    assert (error["param"], problem in error["message"]) == (param, True), error


def test_a_field_that_not_every_question_has_cannot_be_graded_by(setup: Setup) -> None:
    mixed = setup.add_questions(write_questions(1, tone="kühl") + write_questions(2))
    assert setup.refuse({**setup.body, "questions_file": mixed, "graders": [JUDGE]})["param"] == "graders[0].input[0].content"


def test_the_model_of_a_grader_must_exist(setup: Setup) -> None:
    judge = {**JUDGE, "model": "gone", "input": [{"role": "user", "content": "{{sample.output_text}}"}]}
    assert setup.refuse({**setup.body, "graders": [judge]}, 404)["param"] == "graders[0].model"
    nested = {"type": "multi", "name": "m", "calculate_output": "a", "graders": {"a": judge}}
    assert setup.refuse({**setup.body, "graders": [nested]}, 404)["param"] == "graders[0].graders.a.model"


NUMBER: dict[str, Any] = {"type": "numeric", "name": "number"}


def test_a_numeric_grader_needs_a_number_in_the_answers_of_every_question(setup: Setup) -> None:
    file_id = setup.add_questions(b'{"question": "Wie viele?", "answers": ["6,5 Nm"]}\n{"question": "Warum?", "answers": ["darum"]}\n')
    error = setup.refuse({**setup.body, "questions_file": file_id, "graders": [NUMBER], "grader": "number"})
    assert error["param"] == "graders[0]"
    assert error["message"] == "'graders[0]' cannot grade answers to question 2: The reference 'darum' has no number to compare with."
    either = setup.add_questions(b'{"question": "Wie viele?", "answers": ["sechs", "6"]}\n{"question": "Weshalb?", "answers": []}\n')
    assert setup.create(questions_file=either, graders=[NUMBER], grader="number")["status"] == "queued"


def test_questions_that_are_added_must_have_what_the_graders_need(setup: Setup) -> None:
    first = setup.create(questions_file=setup.add_questions(write_questions(1, 2, tone="freundlich")), graders=[JUDGE], grader="polite")
    setup.finish(first["id"])
    lacking = setup.add_questions(write_questions(7, 8))
    error = setup.refuse({"extends": first["id"], "questions_file": lacking})
    assert error["param"] == "questions_file"
    assert "item.tone" in error["message"]
    assert setup.extend(first["id"], write_questions(7, 8, tone="knapp"))["look"] == 2
