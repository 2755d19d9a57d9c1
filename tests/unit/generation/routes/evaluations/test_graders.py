"""Graders are tried out with the stock `openai` client, in the shapes of its types."""

import json
from typing import Any

import httpx
import pytest
from openai import BadRequestError, OpenAI
from openai.types.fine_tuning.alpha import GraderRunResponse, GraderValidateResponse

from shared.records.database import Database
from shared.records.models.adapters import Adapter
from tests.fake_engine import FakeEngine
from tests.fake_retrieval import FakeRetrieval

# The four kinds of grader in OpenAI's guide and reference, with a model that is served here.
STRING_CHECK: dict[str, Any] = {
    "type": "string_check", "name": "Example string check grader", "operation": "eq",
    "input": "{{sample.output_text}}", "reference": "{{item.label}}",
}  # fmt: skip
SIMILARITY: dict[str, Any] = {
    "type": "text_similarity", "name": "Example text similarity grader", "evaluation_metric": "fuzzy_match",
    "input": "{{sample.output_text}}", "reference": "{{item.reference_answer}}",
}  # fmt: skip
SCORE_MODEL: dict[str, Any] = {
    "type": "score_model",
    "name": "Example score model grader",
    "model": "tiny",
    "input": [
        {
            "role": "user",
            "content": [
                {
                    "type": "input_text",
                    "text": "Score how close the answer is, from 0 to 1.\n\nReference: {{item.reference_answer}}\n\n"
                    "Answer: {{sample.output_text}}",
                }
            ],
        }
    ],
    "sampling_params": {"temperature": 1, "top_p": 1, "seed": 42},
}
LABEL_MODEL: dict[str, Any] = {
    "type": "label_model", "name": "tone", "model": "tiny", "labels": ["friendly", "rude"], "passing_labels": ["friendly"],
    "input": [{"role": "user", "content": "How does this sound? {{sample.output_text}}"}],
}  # fmt: skip
CONTACT: dict[str, Any] = {
    "type": "multi",
    "name": "contact",
    "graders": {
        "name": {**SIMILARITY, "name": "name", "input": "{{sample.output_json.name}}", "reference": "{{item.name}}"},
        "phone": {**STRING_CHECK, "name": "phone", "input": "{{sample.output_json.phone}}", "reference": "{{item.phone.mobile[0]}}"},
    },
    "calculate_output": "(name + phone) / 2",
}
BEAR = "fuzzy wuzzy was a bear"


def multi(formula: str, **graders: dict[str, Any]) -> dict[str, Any]:
    return {"type": "multi", "name": "both", "graders": graders, "calculate_output": formula}


def verdict(result: Any) -> str:
    return json.dumps({"steps": [{"description": "Compare.", "conclusion": "Close."}], "result": result})


def with_model(name: str) -> Any:
    return {**SCORE_MODEL, "model": name}


def run(sdk: OpenAI, grader: Any, sample: str, item: Any = None) -> GraderRunResponse:
    """Run a grader; check that the response has the fields of OpenAI's type and their types."""
    raw = sdk.fine_tuning.alpha.graders.with_raw_response.run(grader=grader, model_sample=sample, item=item or {})
    GraderRunResponse.model_validate(raw.http_response.json(), strict=True)
    return raw.parse()


def errors(result: GraderRunResponse) -> list[str]:
    """Return the names of the flags that are set."""
    return [name for name, value in result.metadata.errors.to_dict().items() if value is True]


def messages(result: GraderRunResponse) -> list[str]:
    found: list[str] = result.metadata.errors.to_dict()["messages"]  # type: ignore[assignment]
    return found


def includes(whole: Any, part: Any) -> bool:
    """Return whether everything in `part` is in `whole`, which may have more fields."""
    if isinstance(part, dict):
        return all(includes(whole[name], value) for name, value in part.items())
    return all(map(includes, whole, part)) if isinstance(part, list) else bool(whole == part)


def refuse(sdk: OpenAI, grader: Any) -> BadRequestError:
    """Return the error of a grader that can neither run nor be validated, which is the same."""
    with pytest.raises(BadRequestError) as validated:
        sdk.fine_tuning.alpha.graders.validate(grader=grader)
    with pytest.raises(BadRequestError) as ran:
        sdk.fine_tuning.alpha.graders.run(grader=grader, model_sample="x", item={"label": "x"})
    assert (ran.value.body, ran.value.param) == (validated.value.body, validated.value.param)
    return ran.value


@pytest.mark.parametrize(("sample", "reward"), [("cat", 1.0), ("Cat", 0.0), ("", 0.0)])
def test_a_string_check_rewards_the_equal_text(sdk: OpenAI, sample: str, reward: float) -> None:
    result = run(sdk, STRING_CHECK, sample, {"label": "cat"})
    assert (result.reward, result.sub_rewards, errors(result)) == (reward, {}, [])
    metadata = result.metadata
    assert (metadata.name, metadata.type, metadata.scores) == ("Example string check grader", "string_check", {})
    assert (metadata.token_usage, metadata.sampled_model_name) == (None, None)
    assert 0 <= metadata.execution_time < 20


def test_unicode_is_compared_as_it_is(sdk: OpenAI) -> None:
    item = {"label": "Zürich → 東京 🚂"}
    assert run(sdk, STRING_CHECK, "Zürich → 東京 🚂", item).reward == 1.0
    similar = {**SIMILARITY, "reference": "{{item.label}}"}
    assert 0.8 < run(sdk, similar, "Zürich > 東京 🚂", item).reward < 1


def test_text_similarity_is_a_share(sdk: OpenAI) -> None:
    assert run(sdk, SIMILARITY, BEAR, {"reference_answer": BEAR}).reward == 1.0
    assert 0.5 < run(sdk, SIMILARITY, "fuzzy wuzzy had no hair", {"reference_answer": BEAR}).reward < 1


def test_cosine_uses_the_embeddings_of_the_callers_retrieval(sdk: OpenAI, retrieval: FakeRetrieval) -> None:
    cosine = {**SIMILARITY, "evaluation_metric": "cosine"}
    retrieval.returns_embeddings = True
    assert run(sdk, cosine, "a bear was fuzzy wuzzy", {"reference_answer": BEAR}).reward == pytest.approx(1.0)
    retrieval.returns_embeddings = False
    result = run(sdk, cosine, "a bear", {"reference_answer": BEAR})
    assert (result.reward, errors(result)) == (0.0, ["model_grader_server_error"])


def test_a_model_gives_a_score_and_its_tokens_are_counted(sdk: OpenAI, engine: FakeEngine) -> None:
    engine.answer = verdict(0.75)
    result = run(sdk, SCORE_MODEL, BEAR, {"reference_answer": "a bear"})
    sent = json.loads(engine.bodies[-1])
    assert "Reference: a bear\n\nAnswer: fuzzy wuzzy was a bear" in sent["messages"][-1]["content"]
    assert (sent["temperature"], sent["seed"], sent["response_format"]["type"]) == (1, 42, "json_schema")
    tokens = result.metadata.token_usage
    assert tokens is not None
    assert tokens > 20
    assert (result.reward, result.metadata.sampled_model_name, errors(result)) == (0.75, "tiny", [])
    assert result.api_model_grader_token_usage_per_model == {"tiny": tokens}


def test_a_fine_tuned_model_can_grade(sdk: OpenAI, engine: FakeEngine, database: Database) -> None:
    name = "ft:tiny:default::abcdefgh1234"
    assert refuse(sdk, with_model(name)).param == "grader.model"
    with database.session() as session:
        session.add(Adapter(name=name, project_id="default", base="tiny", job_id="ftjob-1", manifest={}, created_at=7))
    assert sdk.fine_tuning.alpha.graders.with_raw_response.validate(grader=with_model(name)).status_code == 200


@pytest.mark.parametrize("answer", ["Sure! I would say 0.9.", verdict("high"), verdict(7), '{"steps": []}', ""])
def test_an_output_of_the_model_that_is_no_score_is_an_error_of_its_own(sdk: OpenAI, engine: FakeEngine, answer: str) -> None:
    engine.answer = answer
    result = run(sdk, SCORE_MODEL, BEAR, {"reference_answer": BEAR})
    assert (result.reward, errors(result)) == (0.0, ["model_grader_parse_error"])
    assert "The output of the model 'tiny'" in messages(result)[0]
    assert result.api_model_grader_token_usage_per_model["tiny"] == result.metadata.token_usage


def test_a_model_that_cannot_be_called_is_a_server_error_with_details(sdk: OpenAI, engine: FakeEngine) -> None:
    result = run(sdk, SCORE_MODEL, "word " * engine.context_length, {"reference_answer": BEAR})
    assert (result.reward, errors(result), result.api_model_grader_token_usage_per_model) == (0.0, ["model_grader_server_error"], {})
    details = result.metadata.errors.api_model_grader_server_error_details
    assert details is not None
    assert "context" in details


def test_a_client_that_leaves_stops_the_engine(http: httpx.Client, engine: FakeEngine) -> None:
    engine.hangs = True
    body = {"grader": SCORE_MODEL, "model_sample": BEAR, "item": {"reference_answer": BEAR}}
    with pytest.raises(httpx.ReadTimeout):
        http.post("/v1/fine_tuning/alpha/graders/run", json=body, timeout=0.5)
    assert engine.aborted.wait(10)


def test_a_multi_reads_nested_json_on_both_sides(sdk: OpenAI) -> None:
    item = {"name": "Jürgen Müller", "phone": {"mobile": ["+41 79 123 45 67"]}}
    right = run(sdk, CONTACT, json.dumps({"name": "Jürgen Müller", "phone": "+41 79 123 45 67"}), item)
    assert (right.reward, right.sub_rewards, right.metadata.scores) == (1.0, {"name": 1.0, "phone": 1.0}, {"name": 1.0, "phone": 1.0})
    half = run(sdk, CONTACT, json.dumps({"name": "Jürgen Müller", "phone": "112"}), item)
    assert (half.reward, half.sub_rewards) == (0.5, {"name": 1.0, "phone": 0.0})


@pytest.mark.parametrize("sample", ["no JSON at all", '{"name": "x"}', '["x"]', '{"name": NaN}', "[" * 5000])
def test_an_answer_without_the_json_is_a_sample_error(sdk: OpenAI, sample: str) -> None:
    result = run(sdk, CONTACT, sample, {"name": "x", "phone": {"mobile": ["1"]}})
    assert (result.reward, errors(result), result.sub_rewards["phone"]) == (0.0, ["sample_parse_error"], 0.0)


def test_every_error_below_a_multi_is_flagged_even_if_the_formula_does_not_use_it(sdk: OpenAI, engine: FakeEngine) -> None:
    engine.answer = "no verdict"
    graders = {"judge": SCORE_MODEL, "label": {**STRING_CHECK, "reference": "{{item.gone}}"}, "sure": {**STRING_CHECK, "reference": "x"}}
    result = run(sdk, multi("sure + judge", **graders), "x", {"reference_answer": "x"})
    assert (result.reward, errors(result)) == (0.0, ["invalid_variable_error", "model_grader_parse_error"])
    assert (result.sub_rewards, result.metadata.scores) == ({"judge": 0.0, "label": 0.0, "sure": 1.0}, {"sure": 1.0})
    assert [message.split(":")[0] for message in messages(result)] == ["'judge'", "'label'"]
    unused = run(sdk, multi("sure", **graders), "x", {"reference_answer": "x"})
    assert (unused.reward, errors(unused)) == (1.0, ["invalid_variable_error", "model_grader_parse_error"])


def test_a_label_model_grades_inside_a_multi(sdk: OpenAI, engine: FakeEngine) -> None:
    engine.answer = verdict("friendly")
    result = run(sdk, multi("0.5 * tone + 0.5 * said", tone=LABEL_MODEL, said={**STRING_CHECK, "reference": "Hello"}), "Welcome!")
    assert (result.reward, result.sub_rewards, errors(result)) == (0.5, {"tone": 1.0, "said": 0.0}, [])
    assert list(result.api_model_grader_token_usage_per_model) == ["tiny"]


def test_the_single_grader_of_openais_type_is_accepted_inside_a_multi(sdk: OpenAI) -> None:
    grader = {**multi("check"), "graders": {**STRING_CHECK, "name": "check"}}
    assert run(sdk, grader, "x", {"label": "x"}).sub_rewards == {"check": 1.0}


@pytest.mark.parametrize(
    ("formula", "reward"),
    [
        ("2 ^ 3 ^ 2 * one - 511", 1.0), ("max(one, zero) - min(one, zero)", 1.0), ("abs(-one)", 1.0), ("floor(1.9 * one)", 1.0),
        ("ceil(0.1 * one)", 1.0), ("exp(zero)", 1.0), ("sqrt(one)", 1.0), ("log(one) + 1", 1.0), ("one / 4", 0.25),
    ],
)  # fmt: skip
def test_formulas_compute(sdk: OpenAI, formula: str, reward: float) -> None:
    one, zero = {**STRING_CHECK, "name": "one", "reference": "x"}, {**STRING_CHECK, "name": "zero", "reference": "y"}
    assert run(sdk, multi(formula, one=one, zero=zero), "x").reward == reward


@pytest.mark.parametrize(
    ("formula", "problem"),
    [
        ("1 / zero", "divides by zero"),
        ("log(zero)", "is not defined"),
        ("sqrt(zero - 1)", "is not defined"),
        ("exp(exp(9 + zero))", "large"),
    ],
)
def test_a_formula_that_has_no_value_is_a_flag(sdk: OpenAI, formula: str, problem: str) -> None:
    result = run(sdk, multi(formula, zero={**STRING_CHECK, "reference": "y"}), "x")
    assert (result.reward, errors(result), result.sub_rewards) == (0.0, ["formula_parse_error"], {"zero": 0.0})
    assert problem in messages(result)[0]


def test_a_missing_field_of_the_item_is_a_flag(sdk: OpenAI) -> None:
    for result in (run(sdk, STRING_CHECK, "x", {"name": "x"}), run(sdk, STRING_CHECK, "x")):
        assert (result.reward, errors(result)) == (0.0, ["invalid_variable_error"])
        assert messages(result) == ["'{{item.label}}': the item has no 'label'."]


def test_an_item_may_be_left_out_or_null(sdk: OpenAI, http: httpx.Client) -> None:
    grader = {**STRING_CHECK, "reference": "x"}
    assert sdk.fine_tuning.alpha.graders.run(grader=grader, model_sample="x").reward == 1.0  # type: ignore[arg-type]
    body = {"grader": grader, "model_sample": "x", "item": None}
    assert http.post("/v1/fine_tuning/alpha/graders/run", json=body).json()["reward"] == 1.0


def test_the_answer_is_also_the_first_choice(sdk: OpenAI) -> None:
    grader = {**STRING_CHECK, "input": "{{sample.choices[0].message.content}}"}
    assert run(sdk, grader, "yes", {"label": "yes"}).reward == 1.0


def test_a_text_over_the_limit_is_another_error(sdk: OpenAI) -> None:
    result = run(sdk, SIMILARITY, "x" * 200_001, {"reference_answer": "y"})
    assert (result.reward, errors(result)) == (0.0, ["other_error"])
    many = {**SIMILARITY, "reference": "{{item.answers}}"}
    result = run(sdk, many, "x", {"answers": ["y" * 150_000, "z" * 150_000]})
    assert (result.reward, errors(result), "200,000" in messages(result)[0]) == (0.0, ["other_error"], True)


@pytest.mark.parametrize("grader", [STRING_CHECK, SIMILARITY, SCORE_MODEL, CONTACT, multi("tone", tone=LABEL_MODEL)])
def test_a_valid_grader_comes_back_with_what_was_sent(sdk: OpenAI, grader: Any) -> None:
    validated: GraderValidateResponse = sdk.fine_tuning.alpha.graders.validate(grader=grader)
    assert validated.grader is not None
    returned: Any = json.loads(validated.to_json(warnings=False))["grader"]  # the client's types know no named graders of a `multi`
    assert (returned["name"], returned["type"]) == (grader["name"], grader["type"])
    assert includes(returned, grader)
    assert validated == sdk.fine_tuning.alpha.graders.validate(grader=returned)


@pytest.mark.parametrize("grader", [STRING_CHECK, SIMILARITY, SCORE_MODEL])
def test_a_validated_grader_has_the_type_of_the_client(sdk: OpenAI, grader: Any) -> None:
    raw = sdk.fine_tuning.alpha.graders.with_raw_response.validate(grader=grader)
    GraderValidateResponse.model_validate(raw.http_response.json(), strict=True)
    assert type(raw.parse().grader).__name__.lower() == f"{grader['type'].replace('_', '')}grader"


def test_the_graders_that_openai_does_not_have_run_too(sdk: OpenAI) -> None:
    numeric: dict[str, Any] = {"type": "numeric", "name": "torque", "absolute_tolerance": 0.05, "reference": "{{item.torque}}"}
    assert run(sdk, numeric, "About 6.52 Nm.", {"torque": "6.5 Nm"}).reward == 1.0
    schema: dict[str, Any] = {"type": "json_schema", "name": "form", "schema": {"type": "object", "required": ["a"]}}
    assert run(sdk, schema, '{"a": 1}').reward == 1.0
    returned = sdk.fine_tuning.alpha.graders.with_raw_response.validate(grader=schema)  # type: ignore[arg-type]
    assert returned.http_response.json()["grader"]["schema"] == schema["schema"]


@pytest.mark.parametrize(
    ("grader", "param", "problem"),
    [
        ({"type": "python", "name": "code", "source": "def grade(sample, item):\n    return 1.0"}, "grader.type", "must not be 'python'"),
        (multi("a", a={"type": "python", "name": "a", "source": "x"}), "grader.graders.a.type", "must not be 'python'"),
        ({"type": "endpoint", "name": "mine", "url": "https://example.com"}, "grader.type", "'endpoint'"),
        (LABEL_MODEL, "grader", "'grader' must not be a 'label_model' by itself"),
        (multi("a", a=multi("b", b=STRING_CHECK)), "grader.graders.a.type", "'multi'"),
        ({**STRING_CHECK, "operation": "equals"}, "grader.operation", "'eq'"),
        ({**STRING_CHECK, "name": None}, "grader.name", "'grader.name'"),
        (multi("a", a={key: value for key, value in STRING_CHECK.items() if key != "name"}), "grader.graders.a.name", "is required"),
        ({**SIMILARITY, "evaluation_metric": "levenshtein"}, "grader.evaluation_metric", "'fuzzy_match'"),
        ({**SCORE_MODEL, "model": "gpt-5-mini"}, "grader.model", "The model 'gpt-5-mini' does not exist."),
        (multi("a", a={**LABEL_MODEL, "model": "gone"}), "grader.graders.a.model", "The model 'gone' does not exist."),
        ({**SCORE_MODEL, "range": [1, 0]}, "grader.range", "the lower one first"),
        ({**STRING_CHECK, "reference": "{{label}}"}, "grader.reference", "must begin with 'item.' or 'sample.'"),
        (multi("a +", a=STRING_CHECK), "grader.calculate_output", "ends too early"),
        (multi("a + b", a=STRING_CHECK), "grader.calculate_output", "uses 'b'"),
        (multi("__import__('os')", a=STRING_CHECK), "grader.calculate_output", "not allowed"),
        (multi("(" * 150 + "a" + ")" * 150, a=STRING_CHECK), "grader.calculate_output", "at most 200"),
        ("string_check", "grader", "'grader'"),
    ],
)
def test_a_grader_that_can_never_work_is_refused_with_its_field(sdk: OpenAI, grader: Any, param: str, problem: str) -> None:
    error = refuse(sdk, grader)
    assert error.param == param
    assert problem in str(error.body["message"] if isinstance(error.body, dict) else error.body)


def test_the_other_fields_are_checked(http: httpx.Client) -> None:
    body: dict[str, Any] = {"grader": STRING_CHECK, "model_sample": "x", "item": {}}
    changes: list[tuple[dict[str, Any], str]] = [
        ({"model_sample": None}, "model_sample"), ({"model_sample": {"a": 1}}, "model_sample"),
        ({"model_sample": "x" * 2_000_001}, "model_sample"), ({"item": ["x"]}, "item"),
        ({"sample": "x"}, "sample"),
    ]  # fmt: skip
    for change, param in changes:
        response = http.post("/v1/fine_tuning/alpha/graders/run", json={**body, **change})
        assert (response.status_code, response.json()["error"]["param"]) == (400, param)
    assert http.post("/v1/fine_tuning/alpha/graders/validate", json={}).json()["error"]["param"] == "grader"
