"""A configuration of Promptfoo becomes an eval, rows, and runs that can be started with them."""

import json
from typing import Any

import pytest
from openai import OpenAI

from shared.contracts.evals.runs import RunSpec
from shared.records import jobs
from shared.records.evaluation.evals import StoredEval, read_spec
from tests.unit.generation.routes.evaluations.eval_setup import EvalSetup

PATH = "/v1/evals/import/promptfoo"
MODELS = {"gpt-4o": "tiny"}
CHAT = json.dumps([{"role": "system", "content": "Name the kind."}, {"role": "user", "content": "{{ ticket }}"}])
TESTS: list[dict[str, Any]] = [
    {"vars": {"ticket": "Der Drucker brennt.", "label": "Hardware"}, "description": "one"},
    {"vars": {"ticket": "Parolă uitată", "label": "Account"}},
]
SAME_LABEL = {"type": "icontains", "value": "{{label}}", "metric": "Same label"}
CONFIG: dict[str, Any] = {
    "description": "Tickets",
    "prompts": [CHAT],
    "providers": [{"id": "openai:chat:gpt-4o", "config": {"temperature": 0, "max_tokens": 8}}],
    "tests": TESTS,
    "defaultTest": {"assert": [SAME_LABEL]},
}


def with_tests(*assertions: Any) -> dict[str, Any]:
    """Return a configuration whose tests have these lists of assertions, and no others."""
    tests = [{**test, "assert": each} for test, each in zip(TESTS, assertions, strict=True)]
    return {**CONFIG, "tests": tests, "defaultTest": {}}


def post(evals: EvalSetup, config: Any = CONFIG, models: dict[str, str] = MODELS) -> dict[str, Any]:
    response = evals.http.post(PATH, json={"config": config, "models": models})
    assert response.status_code == 201, response.text
    imported: dict[str, Any] = response.json()
    return imported


def list_criteria(imported: dict[str, Any]) -> list[dict[str, Any]]:
    return [{name: value for name, value in each.items() if name != "id"} for each in imported["eval"]["testing_criteria"]]


def test_a_configuration_becomes_an_eval_whose_runs_can_be_started(evals: EvalSetup) -> None:
    imported = post(evals)
    assert imported["eval"]["name"] == "Tickets"
    assert imported["eval"]["data_source_config"]["schema"]["properties"]["item"] == {
        "type": "object", "properties": {"ticket": {"type": "string"}, "label": {"type": "string"}}, "required": ["ticket", "label"],
    }  # fmt: skip
    assert list_criteria(imported) == [
        {
            "type": "string_check", "name": "Same label", "input": "{{sample.output_text}}", "operation": "ilike",
            "reference": "{{item.label}}",
        }
    ]  # fmt: skip
    assert imported["rows"] == [{"item": test["vars"], "sample": None} for test in TESTS]
    (run,) = imported["runs"]
    assert (run["name"], run["data_source"]["model"]) == ("Prompt 1 tiny", "tiny")
    assert run["data_source"]["sampling_params"] == {"temperature": 0, "max_completion_tokens": 8}
    source = {"type": "file_content", "content": imported["rows"]}
    started = evals.start(imported["eval"]["id"], {**run["data_source"], "source": source}, name=run["name"])
    with evals.database.session() as session:
        spec = RunSpec.model_validate(read_spec(session, session.get_one(jobs.Job, started["id"])))
    assert spec.model_dump()["data_source"]["input_messages"]["template"][1]["content"] == "{{item.ticket}}"
    assert imported["skipped"] == []


def test_the_sdk_starts_the_runs_of_a_configuration(sdk: OpenAI, evals: EvalSetup) -> None:
    body = {"config": CONFIG, "models": MODELS}
    imported: Any = sdk.post("/evals/import/promptfoo", body=body, cast_to=object)
    source = {"type": "file_content", "content": imported["rows"]}
    for run in imported["runs"]:
        data_source: Any = {**run["data_source"], "source": source}
        sdk.evals.runs.create(imported["eval"]["id"], name=run["name"], data_source=data_source)
    assert sdk.evals.retrieve(imported["eval"]["id"]).to_dict() == imported["eval"]
    assert [run.status for run in sdk.evals.runs.list(imported["eval"]["id"])] == ["queued"]


def test_each_prompt_with_each_model_is_a_run(evals: EvalSetup) -> None:
    prompts = ["Kind of {{ticket}}?", {"raw": "[1] {{ticket}}", "label": "Short"}]
    imported = post(evals, {**CONFIG, "prompts": prompts, "providers": ["openai:gpt-4o", "openai:responses:gpt-5", "vendor:a:b"]})
    assert [run["name"] for run in imported["runs"]] == [
        "Prompt 1 tiny", "Prompt 1 gpt-5", "Prompt 1 vendor:a:b", "Short tiny", "Short gpt-5", "Short vendor:a:b",
    ]  # fmt: skip
    assert imported["runs"][3]["data_source"]["input_messages"]["template"] == [{"role": "user", "content": "[1] {{item.ticket}}"}]


def test_what_differs_between_tests_becomes_a_field_of_the_item(evals: EvalSetup) -> None:
    imported = post(evals, with_tests([{"type": "equals", "value": "a {{label}}"}], [{"type": "equals", "value": "Konto ü"}]))
    assert [row["item"]["expected_1"] for row in imported["rows"]] == ["a Hardware", "Konto ü"]
    assert list_criteria(imported)[0]["reference"] == "{{item.expected_1}}"
    assert imported["eval"]["data_source_config"]["schema"]["properties"]["item"]["required"] == ["ticket", "label", "expected_1"]
    same = post(evals, with_tests([{"type": "equals", "value": "{{label}}"}], [{"type": "equals", "value": "{{label}}"}]))
    assert (list_criteria(same)[0]["reference"], len(same["rows"][0]["item"])) == ("{{item.label}}", 2)


def test_a_field_of_the_same_name_is_kept(evals: EvalSetup) -> None:
    config = with_tests([{"type": "contains", "value": "a"}], [{"type": "contains", "value": "b"}])
    config["tests"][0]["vars"] = {**TESTS[0]["vars"], "expected_1": "own"}
    imported = post(evals, config)
    assert imported["rows"][0]["item"] == {**TESTS[0]["vars"], "expected_1": "own", "expected_2": "a"}
    assert imported["rows"][1]["item"]["expected_2"] == "b"


CONVERTED: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "not-equals": ({"value": "x"}, {"type": "string_check", "operation": "ne", "reference": "x"}),
    "contains": ({"value": 42}, {"type": "string_check", "operation": "like", "reference": "42"}),
    "similar": ({"value": "x"}, {"type": "text_similarity", "evaluation_metric": "cosine", "pass_threshold": 0.75}),
    "rouge-n": ({"value": "x", "threshold": 0.4}, {"type": "text_similarity", "evaluation_metric": "rouge_1", "pass_threshold": 0.4}),
    "bleu": ({"value": "x"}, {"type": "text_similarity", "evaluation_metric": "bleu", "pass_threshold": 0.5}),
    "is-json": ({"value": {"type": "object"}}, {"type": "json_schema", "schema": {"type": "object"}}),
    "llm-rubric": ({"value": "Fits {{label}}.", "provider": "openai:gpt-4o"}, {"type": "score_model", "model": "tiny", "range": [0, 1]}),
}


@pytest.mark.parametrize("type", CONVERTED)
def test_an_assertion_becomes_a_criterion(evals: EvalSetup, type: str) -> None:
    fields, expected = CONVERTED[type]
    (criterion,) = list_criteria(post(evals, {**CONFIG, "defaultTest": {"assert": [{"type": type, **fields}]}}))
    assert {name: criterion[name] for name in expected} == expected
    assert criterion["name"] == type


def test_a_rubric_is_graded_by_the_model_of_the_options(evals: EvalSetup) -> None:
    default = {
        "assert": [{"type": "llm-rubric", "value": "Fits {{label}}, not {{output}}.", "threshold": 0.8}],
        "options": {"provider": "tiny"},
    }
    (criterion,) = list_criteria(post(evals, {**CONFIG, "defaultTest": default}))
    assert (criterion["model"], criterion["pass_threshold"]) == ("tiny", 0.8)
    assert criterion["input"][1]["content"].endswith("Rubric:\nFits {{item.label}}, not {{sample.output_text}}.")


LEFT_OUT: dict[str, dict[str, Any]] = {
    "no code": {"type": "javascript", "value": "output.length > 3"},
    "like 'regex'": {"type": "regex", "value": ".*"},
    "weight is 0": {"type": "equals", "value": "a", "weight": 0},
    "field 'transform'": {"type": "equals", "value": "a", "transform": "output.trim()"},
    "not a string": {"type": "equals", "value": {"a": 1}},
    "not a JSON Schema": {"type": "is-json", "value": "a"},
}


@pytest.mark.parametrize("reason", LEFT_OUT)
def test_an_assertion_that_cannot_work_here_is_left_out_and_named(evals: EvalSetup, reason: str) -> None:
    imported = post(evals, {**CONFIG, "defaultTest": {"assert": [LEFT_OUT[reason], SAME_LABEL]}})
    assert len(imported["eval"]["testing_criteria"]) == 1
    (skipped,) = imported["skipped"]
    assert (skipped["param"], reason in skipped["reason"]) == ("config.defaultTest.assert[0]", True)


def test_fields_without_a_counterpart_are_named_once(evals: EvalSetup) -> None:
    tests = [{**test, "threshold": 0.5, "options": {"transform": "output"}} for test in TESTS]
    providers = [{"id": "openai:gpt-4o", "delay": 5, "config": {"apiBaseUrl": "a"}}]
    imported = post(evals, {**CONFIG, "tests": tests, "providers": providers, "evaluateOptions": {"repeat": 3}, "tags": {}})
    assert [each["param"] for each in imported["skipped"]] == [
        "config.evaluateOptions", "config.providers[0].delay", "config.providers[0].config.apiBaseUrl", "config.tests[0].threshold",
        "config.tests[0].options.transform",
    ]  # fmt: skip


def test_a_variable_can_be_a_list_if_it_is_not_expanded(evals: EvalSetup) -> None:
    tests = [{"vars": {"ticket": ["a", "b"], "label": None}}, {"vars": {"ticket": "c", "label": "d", "more": 1.5}}]
    default = {**CONFIG["defaultTest"], "options": {"disableVarExpansion": True}}
    item = post(evals, {**CONFIG, "tests": tests, "defaultTest": default})["eval"]["data_source_config"]["schema"]["properties"]["item"]
    assert item["properties"] == {
        "ticket": {"type": ["array", "string"]},
        "label": {"type": ["null", "string"]},
        "more": {"type": "number"},
    }
    assert item["required"] == ["ticket", "label"]


JUDGE = {"type": "llm-rubric", "value": "a"}
REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "a prompt in a file": ({**CONFIG, "prompts": ["file://a.txt"]}, "config.prompts[0]"),
    "a filter": ({**CONFIG, "prompts": [{"raw": "{{ ticket | dump }}"}]}, "config.prompts[0].raw"),
    "a block": ({**CONFIG, "prompts": ["{% if ticket %}a{% endif %}"]}, "config.prompts[0]"),
    "an unknown variable": ({**CONFIG, "prompts": ["{{tiket}}"]}, "config.prompts[0]"),
    "messages without a text": ({**CONFIG, "prompts": ['[{"role": "user"}]']}, "config.prompts[0]"),
    "no messages": ({**CONFIG, "prompts": ["[]"]}, "config.prompts[0]"),
    "too many runs": ({**CONFIG, "prompts": ["a"] * 13, "providers": ["b"] * 5}, "config.prompts"),
    "tests in a file": ({**CONFIG, "tests": "file://tests.csv"}, "config.tests"),
    "a variable in a file": ({**CONFIG, "tests": [{"vars": {"ticket": "file://a"}}]}, "config.tests[0].vars.ticket"),
    "a list of values": ({**CONFIG, "defaultTest": {"vars": {"ticket": ["a"]}}, "tests": [{}]}, "config.defaultTest.vars.ticket"),
    "other assertions": (with_tests([SAME_LABEL], []), "config.tests[1].assert"),
    "an unknown variable in a value": (
        with_tests([{"type": "equals", "value": "{{x}}"}], [{"type": "equals", "value": "b"}]), "config.tests[0].assert[0].value",
    ),
    "a variable that one test lacks": (
        {**CONFIG, "defaultTest": {}, "tests": [
            {"vars": {"ticket": "a"}, "assert": [{"type": "equals", "value": "b"}]},
            {"vars": {"ticket": "a", "x": 1}, "assert": [{"type": "equals", "value": "{{x.y}}"}]},
        ]},
        "config.tests[1].assert[0].value",
    ),
    "no assertion": ({**CONFIG, "defaultTest": {}}, "config.tests"),
    "only code": ({**CONFIG, "defaultTest": {"assert": [{"type": "python", "value": "1"}]}}, "config.tests"),
    "nobody to grade": ({**CONFIG, "defaultTest": {"assert": [JUDGE]}}, "config.defaultTest.assert[0].provider"),
    "a judge that does not exist": (
        {**CONFIG, "defaultTest": {"assert": [{**JUDGE, "provider": "gpt-5"}]}}, "config.defaultTest.assert[0].provider",
    ),
    "several judges": (
        {**CONFIG, "tests": [TESTS[0], {**TESTS[1], "options": {"provider": "tiny"}}]}, "config.tests[1].options.provider",
    ),
    "a schema that is none": (
        {**CONFIG, "defaultTest": {"assert": [{"type": "is-json", "value": {"type": "text"}}]}}, "config.defaultTest.assert[0].value",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_a_configuration_that_is_wrong_stores_nothing(evals: EvalSetup, case: str) -> None:
    config, param = REFUSED[case]
    error = evals.refuse(PATH, {"config": config, "models": MODELS})
    assert error["param"] == param, error
    with evals.database.session() as session:
        assert session.query(StoredEval).count() == 0


def test_a_model_that_does_not_exist_cannot_replace_another(evals: EvalSetup) -> None:
    assert evals.refuse(PATH, {"config": CONFIG, "models": {"gpt-4o": "gpt-5"}})["param"] == "models.gpt-4o"


def test_a_hostile_prompt_is_refused_at_once(evals: EvalSetup) -> None:
    error = evals.refuse(PATH, {"config": {**CONFIG, "prompts": ["{{" * 49_000]}, "models": MODELS})
    assert error["param"] == "config.prompts[0]"


def test_a_small_configuration_cannot_become_a_huge_eval(evals: EvalSetup) -> None:
    shared = {
        **CONFIG,
        "tests": [{}] * 1000,
        "defaultTest": {"vars": {"ticket": "a" * 20_000}, "assert": [{"type": "equals", "value": "b"}]},
    }
    assert evals.refuse(PATH, {"config": shared, "models": MODELS})["param"] == "config.defaultTest.vars"
    values = ["{{ticket}}" * 3000, "{{ticket}}" * 3001]
    grown = with_tests(*([{"type": "equals", "value": value}] for value in values))
    grown["tests"] = [{**test, "vars": {"ticket": "a" * 500}} for test in grown["tests"]]
    assert evals.refuse(PATH, {"config": grown, "models": MODELS})["param"] == "config.tests[1].assert[0].value"


def test_too_many_variables_are_refused(evals: EvalSetup) -> None:
    config = {**CONFIG, "tests": [{"vars": {f"a{number}": 1 for number in range(1001)}}]}
    assert evals.refuse(PATH, {"config": {**config, "prompts": ["a"]}, "models": MODELS})["param"] == "config.tests"


def test_a_text_that_is_too_long_as_a_template_is_refused(evals: EvalSetup) -> None:
    error = evals.refuse(PATH, {"config": {**CONFIG, "prompts": ["{{ticket}}" * 6001]}, "models": MODELS})
    assert (error["param"], "90,000" in error["message"]) == ("config.prompts[0]", True)
