"""A comparison is made from an eval: its rows are the questions, its criteria the graders."""

import json
from typing import Any

import pytest

from shared.datasets import Question
from shared.records.evaluation.comparisons import list_questions
from tests.unit.generation.evaluations.setup import Setup

CRITERIA: list[dict[str, Any]] = [
    {"type": "string_check", "name": "right", "input": "{{sample.output_text}}", "operation": "eq", "reference": "{{item.label}}"},
    {"type": "text_similarity", "name": "near", "input": "{{sample.output_text}}", "reference": "{{ item.label }}",
     "evaluation_metric": "fuzzy_match", "pass_threshold": 0.8},
]  # fmt: skip
SCHEMA = {"type": "object", "properties": {"ticket": {"type": "string"}, "label": {"type": "string"}}, "required": ["ticket", "label"]}
CONFIG = {"type": "custom", "item_schema": SCHEMA, "include_sample_schema": True}
TEMPLATES = {"question": "Welche Art ist das? {{item.ticket}}", "answers": "{{item.label}}"}


def create_eval(setup: Setup, config: dict[str, Any] = CONFIG) -> str:
    response = setup.http.post("/v1/evals", json={"data_source_config": config, "testing_criteria": CRITERIA})
    assert response.status_code == 201, response.text
    eval_id: str = response.json()["id"]
    return eval_id


def write_rows(*numbers: int) -> bytes:
    rows = ({"item": {"ticket": f"Störung {number}", "label": f"Art {number}"}} for number in numbers)
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()


def test_rows_become_questions_and_criteria_graders(setup: Setup) -> None:
    eval_id = create_eval(setup)
    created = setup.create(questions_file=setup.add_questions(write_rows(1, 2)), eval={"id": eval_id, **TEMPLATES})
    assert setup.read_questions(created["id"]) == ["Welche Art ist das? Störung 1", "Welche Art ist das? Störung 2"]
    spec = setup.read_spec(created["id"])
    assert [grader["name"] for grader in spec["graders"]] == ["right", "near"]
    assert (created["grader"], created["margin"]) == ("right", pytest.approx(0.05))
    assert created["eval"] == {"id": eval_id, **TEMPLATES}


def test_the_caller_chooses_the_grader_that_decides(setup: Setup) -> None:
    eval_id, rows = create_eval(setup), setup.add_questions(write_rows(1))
    assert setup.create(questions_file=rows, eval={"id": eval_id, **TEMPLATES}, grader="near")["grader"] == "near"
    own = {"type": "contains", "name": "has"}
    assert setup.create(questions_file=rows, eval={"id": eval_id, **TEMPLATES}, graders=[own], grader="has")["grader"] == "has"


def test_an_extension_has_rows_of_the_same_eval(setup: Setup) -> None:
    eval_id = create_eval(setup)
    parent = setup.create(questions_file=setup.add_questions(write_rows(1)), eval={"id": eval_id, **TEMPLATES})["id"]
    setup.finish(parent)
    extended = setup.extend(parent, write_rows(1, 2))
    assert setup.read_questions(extended["id"]) == ["Welche Art ist das? Störung 1", "Welche Art ist das? Störung 2"]


@pytest.mark.parametrize(
    ("answers", "expected"),
    [("{{item.labels}}", ["x", "ÿ"]), ("{{item.none}}", []), ("{{item.number}}", ["7"]), ("= {{item.number}}", ["= 7"])],
)
def test_accepted_answers_are_a_list_or_a_single_one(setup: Setup, answers: str, expected: list[str]) -> None:
    anything = {"type": "object"}
    eval_id = create_eval(setup, {**CONFIG, "item_schema": anything})
    row = {"item": {"question": "Was?", "label": "x", "labels": ["x", "ÿ"], "none": None, "number": 7}}
    created = setup.create(questions_file=setup.add_questions(json.dumps(row).encode()), eval={"id": eval_id, "answers": answers})
    with setup.database.session() as session:
        assert list_questions(session, created["id"])[0]["answers"] == expected


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (
            b'{"item": {"ticket": "a", "label": "b"}}\n{"question": "a", "answers": []}',
            "Line 2: each line must be an object with an 'item'",
        ),
        (b'\n{"item": {"label": "b"}}', "Line 2: '{{item.ticket}}': the item has no 'ticket'."),
        (b'{"item": {"ticket": ', "Line 1: "),
        (b'{"item": {"ticket": "\xff"}}', "Line 1: the line is not valid UTF-8."),
        (b"", "at least 1 question"),
    ],
)
def test_a_wrong_row_is_named_by_its_line(setup: Setup, content: bytes, problem: str) -> None:
    body = {**setup.body, "questions_file": setup.add_questions(content), "eval": {"id": create_eval(setup), **TEMPLATES}}
    error = setup.refuse(body)
    assert error["param"] == "questions_file"
    assert problem in error["message"]


def test_only_an_eval_that_exists_and_has_questions_to_ask_can_be_used(setup: Setup) -> None:
    body = {**setup.body, "questions_file": setup.add_questions(write_rows(1))}
    assert setup.refuse({**body, "eval": {"id": "eval_none"}}, 404)["param"] == "eval.id"
    of_logs = {"data_source_config": {"type": "logs"}, "testing_criteria": [{**CRITERIA[0], "reference": "x"}]}
    logs = setup.http.post("/v1/evals", json=of_logs).json()["id"]
    error = setup.refuse({**body, "eval": {"id": logs}})
    assert (error["param"], "needs an eval whose data source is 'custom'" in error["message"]) == ("eval.id", True)


def test_templates_name_fields_that_the_items_of_the_eval_have(setup: Setup) -> None:
    body = {**setup.body, "questions_file": setup.add_questions(write_rows(1))}
    for name, template in (("question", "{{item.text}}"), ("answers", "{{item.labels}}")):
        error = setup.refuse({**body, "eval": {"id": create_eval(setup), **TEMPLATES, name: template}})
        assert error["param"] == f"eval.{name}"
        assert error["message"] == f"'eval.{name}' uses '{template}', which the items do not have; their fields are label, ticket."


def test_an_eval_needs_a_file_with_rows(setup: Setup) -> None:
    body = {name: value for name, value in setup.body.items() if name != "questions_file"}
    error = setup.refuse({**body, "eval": {"id": create_eval(setup), **TEMPLATES}})
    assert (error["param"], "rows of the eval's data" in error["message"]) == ("questions_file", True)


def test_an_eval_with_more_criteria_than_a_comparison_takes_is_refused(setup: Setup) -> None:
    own = [{"type": "contains", "name": f"own {number}"} for number in range(7)]
    body = {**setup.body, "questions_file": setup.add_questions(write_rows(1)), "graders": own}
    error = setup.refuse({**body, "eval": {"id": create_eval(setup), **TEMPLATES}})
    assert (error["param"], "at most 8 graders" in error["message"]) == ("eval.id", True)


JUDGE: dict[str, Any] = {
    "type": "label_model", "name": "polite", "model": "tiny", "labels": ["yes", "no"], "passing_labels": ["yes"],
    "input": [{"role": "user", "content": "Is it polite? {{sample.output_text}}"}],
}  # fmt: skip


def create_judged(setup: Setup, *criteria: dict[str, Any], schema: dict[str, Any] = SCHEMA) -> str:
    body = {"data_source_config": {**CONFIG, "item_schema": schema}, "testing_criteria": list(criteria)}
    return str(setup.http.post("/v1/evals", json=body).json()["id"])


def test_rows_need_no_accepted_answers_if_a_judge_decides(setup: Setup) -> None:
    chosen = {"id": create_judged(setup, JUDGE), "question": "{{item.ticket}}"}
    created = setup.create(questions_file=setup.add_questions(write_rows(1, 2)), eval=chosen)
    assert (created["grader"], created["eval"]["answers"]) == ("polite", None)
    with setup.database.session() as session:
        questions = [Question.model_validate(content) for content in list_questions(session, created["id"])]
    assert [(question.answers, question.must_abstain, "answers" in question.item()) for question in questions] == [(None, False, False)] * 2
    setup.finish(created["id"])
    assert len(setup.read_questions(setup.extend(created["id"], write_rows(2, 3))["id"])) == 3


def test_without_accepted_answers_no_grader_that_needs_them_can_decide(setup: Setup) -> None:
    chosen = {"id": create_judged(setup, JUDGE), "question": "{{item.ticket}}"}
    body = {**setup.body, "questions_file": setup.add_questions(write_rows(1)), "eval": chosen}
    error = setup.refuse({**body, "grader": "f1"})
    assert (error["param"], "needs no accepted answers" in error["message"]) == ("grader", True)
    error = setup.refuse({**body, "graders": [{"type": "contains", "name": "has"}]})
    assert (error["param"], "which the items do not have" in error["message"]) == ("graders[0].reference", True)


def test_by_default_the_accepted_answers_are_in_the_field_of_that_name(setup: Setup) -> None:
    eval_id = create_judged(setup, JUDGE, schema={"type": "object"})
    rows = b'{"item": {"question": "a", "answers": ["x"]}}\n{"item": {"question": "b", "answers": null}}\n{"item": {"question": "c"}}'
    created = setup.create(questions_file=setup.add_questions(rows), eval={"id": eval_id})
    with setup.database.session() as session:
        assert [content["answers"] for content in list_questions(session, created["id"])] == [["x"], [], None]
