import asyncio
import math
from typing import Any

import pytest

from shared.errors import InvalidRequest
from shared.graders.check import parse_grader
from shared.graders.grade import grade
from shared.graders.outcome import Grade, GraderModels, Usage
from shared.graders.sample import Sample
from tests.unit.shared.graders.fake_models import NO_MODELS, BrokenChat, FakeChat, FakeEmbedder, models_that_say, result

QUESTION = {"question": "How tight?", "answers": ["6.5 Nm", "6.5 newton meters"]}
SCORE = {
    "type": "score_model",
    "name": "judge",
    "model": "big",
    "range": [1, 5],
    "input": [
        {"role": "system", "content": "Be strict."},
        {"role": "user", "content": [{"type": "input_text", "text": "Answer: {{sample.output_text}}"}, "Accepted: {{item.answers}}"]},
    ],
}
LABEL = {**SCORE, "type": "label_model", "labels": ["good", "bad"], "passing_labels": ["good"]}
del LABEL["range"]
COSINE = {"type": "text_similarity", "input": "{{sample.output_text}}", "reference": "{{item.answers}}", "evaluation_metric": "cosine"}


def run(body: dict[str, Any], answer: str | Sample, item: Any = QUESTION, models: GraderModels = NO_MODELS) -> Grade:
    sample = answer if isinstance(answer, Sample) else Sample(answer)
    return asyncio.run(grade(parse_grader({"name": "g", **body}), item, sample, models))


@pytest.mark.parametrize(
    ("operation", "answer", "score"),
    [("eq", "Paris", 1), ("eq", "paris", 0), ("ne", "paris", 1), ("ne", "Paris", 0), ("like", "It is Paris.", 1), ("like", "paris", 0),
     ("ilike", "It is PARIS.", 1), ("ilike", "Rome", 0), ("eq", "", 0)],
)  # fmt: skip
def test_a_string_check_compares_as_its_operation_says(operation: str, answer: str, score: float) -> None:
    body = {"type": "string_check", "operation": operation, "input": "{{sample.output_text}}", "reference": "{{item.city}}"}
    graded = run(body, answer, {"city": "Paris"})
    assert (graded.score, graded.passed, graded.error) == (score, bool(score), None)


def test_a_string_check_takes_a_list_as_its_elements_and_as_its_json() -> None:
    body = {"type": "string_check", "operation": "eq", "input": "{{sample.output_text}}", "reference": "{{item.answers}}"}
    assert [run(body, each, {"answers": ["a", "b"]}).score for each in ("a", "b", '["a", "b"]', "c")] == [1, 1, 1, 0]
    differs = {**body, "operation": "ne"}
    assert [run(differs, each, {"answers": ["a", "b"]}).score for each in ("a", "b", "c")] == [0, 0, 1]


def test_the_best_accepted_answer_counts() -> None:
    assert run({"type": "exact_match"}, "6.5 Newton metres").score == 1
    assert run({"type": "f1"}, "6.5").score == pytest.approx(2 / 3)
    assert run({"type": "contains"}, "Tighten it to 6.5 Nm, twice.").score == 1
    similar = {
        "type": "text_similarity",
        "input": "{{sample.output_text}}",
        "reference": "{{item.answers}}",
        "evaluation_metric": "fuzzy_match",
    }
    assert run(similar, "6.5 newton meters").score == 1


@pytest.mark.parametrize("kind", ["exact_match", "f1", "contains", "numeric", "abstention"])
@pytest.mark.parametrize("answers", [[], None])
def test_a_question_without_answers_must_be_refused_by_an_answer(kind: str, answers: Any) -> None:
    item = {"question": "How heavy?", "answers": answers}
    assert run({"type": kind}, "The documents do not answer this question.", item).score == 1
    assert run({"type": kind}, "It weighs 5 kg.", item).score == 0
    assert run({"type": kind}, "", item).score == 0


def test_phrases_add_to_those_that_are_known() -> None:
    item: dict[str, Any] = {"answers": []}
    assert run({"type": "exact_match"}, "Steht nicht im Handbuch.", item).score == 0
    assert run({"type": "exact_match", "phrases": ["steht nicht im"]}, "Das steht nicht im Handbuch.", item).score == 1
    assert run({"type": "exact_match", "phrases": ["steht nicht im"]}, "The documents do not say.", item).score == 1


def test_an_answer_that_abstains_without_having_to_is_wrong() -> None:
    for kind in ("exact_match", "contains", "numeric", "abstention"):
        assert run({"type": kind}, "The documents do not answer this question.").score == 0
    assert run({"type": "abstention"}, "6.5 Nm").score == 1


@pytest.mark.parametrize(
    ("answer", "reference", "options", "score"),
    [("6.5 Nm", "6.5 Nm", {}, 1), ("65 Nm", "6.5 Nm", {}, 0), ("18", "-18", {}, 0), ("It is \u221218 °C.", "-18 °C", {}, 1),
     ("1000", "1,000", {}, 1), ("6.50 Nm", "6.5 Nm", {}, 1), ("6.6 Nm", "6.5 Nm", {"absolute_tolerance": 0.1}, 1),
     ("6.61 Nm", "6.5 Nm", {"absolute_tolerance": 0.1}, 0),
     ("101", "100", {"relative_tolerance": 0.01}, 1), ("102", "100", {"relative_tolerance": 0.01}, 0), ("6.5", "6.5 Nm", {}, 0),
     ("6.5 kg", "6.5 Nm", {}, 0), ("Use 4 bolts and 6.5 Nm, then wait 3 days.", "6.5 Nm", {}, 1), ("0.5", "1/2", {}, 1),
     ("2.5", "2 1/2", {}, 1),
     ("50%", "50 percent", {}, 1), ("0.5", "50%", {}, 0), ("$5", "5 dollars", {}, 1), ("€5", "$5", {}, 0), ("10-18", "18", {}, 0),
     ("10-18 mm", "10 to 18 mm", {}, 1), ("10-19 mm", "10 to 18 mm", {}, 0), ("none", "5", {}, 0), ("", "5", {}, 0),
     ("3 + 4 = 7", "7", {}, 1), ("3 of 7", "3", {"select": "first"}, 1), ("She pays 3 dollars.\n#### 18", "9 * 2 = 18\n#### 18", {}, 1),
     ("1e3", "1000", {}, 1), ("5 million", "5,000,000", {}, 1), ("18", 18, {}, 1), ("18.0", 18, {}, 1), ("1" * 5000, "1", {}, 0)],
)  # fmt: skip
def test_a_number_is_compared_by_value_and_unit(answer: str, reference: Any, options: dict[str, Any], score: float) -> None:
    graded = run({"type": "numeric", **options}, answer, {"answers": [reference]})
    assert (graded.score, graded.error) == (score, None)


def test_a_numeric_grader_skips_accepted_answers_in_words_if_another_has_the_number() -> None:
    assert run({"type": "numeric"}, "It is 5.", {"answers": ["five", "5"]}).score == 1.0


def test_a_numeric_grader_needs_a_number_to_compare_with() -> None:
    graded = run({"type": "numeric"}, "5", {"answers": ["five"]})
    assert math.isnan(graded.score) and graded.passed is None
    assert graded.error == "The reference 'five' has no number to compare with."


def test_a_score_of_a_model_is_within_the_range_and_its_tokens_are_counted() -> None:
    chat = FakeChat(lambda _: result(4.5))
    graded = run({**SCORE, "pass_threshold": 4}, "6.5 Nm", models=GraderModels(chat))
    assert (graded.score, graded.passed, graded.usage) == (4.5, True, {"big": Usage(10, 5)})
    request = chat.requests[0]
    assert [message["role"] for message in request["messages"]] == ["system", "user"]
    assert request["messages"][0]["content"].startswith("Be strict.\n\nAnswer as JSON")
    assert request["messages"][1]["content"] == 'Answer: 6.5 Nm\nAccepted: ["6.5 Nm", "6.5 newton meters"]'
    schema = request["response_format"]["json_schema"]["schema"]
    assert schema["properties"]["result"] == {"type": "number", "minimum": 1, "maximum": 5}
    assert (request["temperature"], request["max_completion_tokens"]) == (0, 1024)


@pytest.mark.parametrize(
    "output", ["", "4", "{", '{"steps": []}', result("4"), result(True), result(None), result(6), result(0.5), "[" * 100_000]
)
def test_an_output_that_is_no_score_is_an_error_and_never_zero(output: str) -> None:
    graded = run(SCORE, "6.5 Nm", models=models_that_say(output))
    assert math.isnan(graded.score)
    assert graded.error_kind == "model_grader_parse_error" and not graded.is_sample_fault
    assert graded.usage == {"big": Usage(10, 5)}
    assert graded.calls[0].output == output


def test_a_developer_speaks_as_the_system_and_pictures_stay_parts() -> None:
    chat = FakeChat(lambda _: result(2))
    picture = {"type": "input_image", "image_url": "{{item.url}}", "detail": "low"}
    sound = {"type": "input_audio", "input_audio": {"data": "{{item.sound}}", "format": "wav"}}
    content = ["Look: {{item.n}}", picture, sound]
    body = {**SCORE, "input": [{"role": "developer", "content": "Be kind."}, {"role": "user", "content": content}]}
    run(body, "x", {"url": "https://example.com/a.png", "sound": "AAAA", "n": 1}, GraderModels(chat))
    first, second = chat.requests[0]["messages"]
    assert first["role"] == "system" and first["content"].startswith("Be kind.\n\nAnswer as JSON")
    assert second["content"] == [
        {"type": "text", "text": "Look: 1"},
        {"type": "image_url", "image_url": {"url": "https://example.com/a.png", "detail": "low"}},
        {"type": "input_audio", "input_audio": {"data": "AAAA", "format": "wav"}},
    ]


def test_a_prompt_without_a_system_message_gets_one() -> None:
    chat = FakeChat(lambda _: result(2))
    run({**SCORE, "input": [{"role": "user", "content": "Grade."}]}, "x", models=GraderModels(chat))
    assert [message["role"] for message in chat.requests[0]["messages"]] == ["system", "user"]


def test_sampling_parameters_are_sent_under_the_names_of_a_chat() -> None:
    chat = FakeChat(lambda _: result(2))
    run(
        {**SCORE, "sampling_params": {"max_completions_tokens": 7, "seed": 3, "top_p": 0.5, "temperature": None}},
        "x",
        models=GraderModels(chat),
    )
    sent = {
        name: chat.requests[0].get(name) for name in ("max_completion_tokens", "max_completions_tokens", "seed", "top_p", "temperature")
    }
    assert sent == {"max_completion_tokens": 7, "max_completions_tokens": None, "seed": 3, "top_p": 0.5, "temperature": 0}


def test_a_model_that_cannot_be_called_is_an_error_of_the_server() -> None:
    graded = run(SCORE, "x", models=GraderModels(BrokenChat()))
    assert graded.error == "The model 'big' could not be called: The engine does not respond."
    assert graded.error_kind == "model_grader_server_error"
    assert run(SCORE, "x").error_kind == "model_grader_server_error"


@pytest.mark.parametrize(("label", "passed"), [("good", True), ("bad", False)])
def test_a_label_passes_if_it_is_a_passing_one(label: str, passed: bool) -> None:
    chat = FakeChat(lambda _: result(label))
    graded = run(LABEL, "x", models=GraderModels(chat))
    assert (graded.score, graded.passed, graded.label) == (float(passed), passed, label)
    assert chat.requests[0]["response_format"]["json_schema"]["schema"]["properties"]["result"]["enum"] == ["good", "bad"]
    assert run(LABEL, "x", models=models_that_say(result("fair"))).error_kind == "model_grader_parse_error"


def test_a_multi_grader_computes_its_formula_over_the_scores() -> None:
    graders = {"exact": {"type": "exact_match", "name": "a"}, "judge": {**SCORE, "name": "b"}}
    graded = run(
        {"type": "multi", "graders": graders, "calculate_output": "0.5 * exact + judge / 10"}, "6.5 Nm", models=models_that_say(result(5))
    )
    assert (graded.score, graded.sub_scores, graded.passed) == (1.0, {"exact": 1.0, "judge": 5.0}, None)
    assert graded.usage == {"big": Usage(10, 5)}


def test_an_error_of_a_grader_that_the_formula_uses_is_the_error_of_the_multi() -> None:
    graders = {"exact": {"type": "exact_match", "name": "a"}, "judge": {**SCORE, "name": "b"}}
    used = run({"type": "multi", "graders": graders, "calculate_output": "exact + judge"}, "6.5 Nm", models=models_that_say("?"))
    assert math.isnan(used.score) and used.error_kind == "model_grader_parse_error" and used.sub_scores == {"exact": 1.0}
    assert (used.error or "").startswith("'judge': The output of the model 'big' is not valid JSON")
    assert used.usage == {"big": Usage(10, 5)}
    assert run({"type": "multi", "graders": graders, "calculate_output": "exact"}, "6.5 Nm", models=models_that_say("?")).score == 1


@pytest.mark.parametrize("formula", ["1 / (exact - 1)", "log(exact - 1)", "exact + nobody", "exact +"])
def test_a_formula_that_cannot_be_computed_is_an_error(formula: str) -> None:
    graded = run({"type": "multi", "graders": {"exact": {"type": "exact_match", "name": "a"}}, "calculate_output": formula}, "6.5 Nm")
    assert math.isnan(graded.score) and graded.error_kind == "formula_parse_error"


def test_a_cosine_is_that_of_the_embedder() -> None:
    embedder = FakeEmbedder()
    models = GraderModels(embedder=embedder, embedding_model="letters")
    assert run(COSINE, "ab", {"answers": ["ba", "zz"]}, models).score == pytest.approx(1)
    assert embedder.texts == ["ab", "ba", "zz"]
    assert run({**COSINE, "pass_threshold": 0.9}, "a", {"answers": ["b"]}, models).passed is False
    assert run(COSINE, "", {"answers": ["b"]}, models).score == 0
    assert run(COSINE, "", {"answers": ["", "b"]}, models).score == 1
    assert run(COSINE, "The documents do not say.", {"answers": []}, models).score == 1


def test_a_cosine_without_an_embedder_or_a_direction_is_an_error() -> None:
    assert run(COSINE, "a", {"answers": ["b"]}).error_kind == "model_grader_server_error"
    assert run(COSINE, "1", {"answers": ["2"]}, models_that_say("")).error_kind == "model_grader_server_error"


@pytest.mark.parametrize(
    ("answer", "score"), [('{"a": 1}', 1), ('{"a": "1"}', 0), ("{", 0), ('{"a": NaN}', 0), ("", 0), ("[" * 100_000, 0)]
)
def test_a_json_answer_is_valid_under_its_schema_or_scores_0(answer: str, score: float) -> None:
    body = {"type": "json_schema", "schema": {"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"]}}
    assert run(body, answer, {}).score == score


def test_an_answer_without_the_json_that_a_template_names_is_the_answers_own_fault() -> None:
    body = {"type": "string_check", "operation": "eq", "input": "{{sample.output_json.city}}", "reference": "Paris"}
    assert run(body, '{"city": "Paris"}').score == 1
    for answer in ("Paris", '{"town": "Paris"}', "[]"):
        graded = run(body, answer)
        assert graded.error_kind == "sample_parse_error" and graded.is_sample_fault
    unknown = run({**body, "reference": "{{item.capital}}"}, '{"city": "Paris"}')
    assert (unknown.error_kind, unknown.error) == ("invalid_variable_error", "'{{item.capital}}': the item has no 'capital'.")


@pytest.mark.parametrize("kind", ["exact_match", "f1", "contains", "numeric"])
def test_a_text_that_is_too_long_to_compare_is_an_error(kind: str) -> None:
    for answer, accepted in (("x" * 2_000_001, "5"), ("5", "5" * 2_000_001)):
        graded = run({"type": kind}, answer, {"answers": [accepted]})
        assert graded.error == "A text has more than 2,000,000 characters, the limit of this grader."


@pytest.mark.parametrize("reference", ["", " ", "{{item.blank}}"])
def test_a_blank_accepted_answer_is_matched_by_a_blank_answer_only(reference: str) -> None:
    body = {"type": "exact_match", "reference": reference}
    assert [run(body, answer, {"blank": ""}).score for answer in ("", " \n", "x")] == [1, 1, 0]


def test_several_references_are_several_accepted_answers() -> None:
    item = {"short": "6.5 Nm", "more": ["6.5 newton meters", "six and a half"], "none": []}
    body = {"type": "exact_match", "reference": ["{{item.short}}", "{{item.more}}", "about {{item.short}}", "{{item.none}}"]}
    assert [run(body, answer, item).score for answer in ("6.5 Nm", "Six and a half!", "about 6.5 Nm", "7 Nm")] == [1, 1, 1, 0]
    assert run({**body, "reference": []}, "The documents do not say.", item).score == 1


def test_python_is_refused() -> None:
    with pytest.raises(InvalidRequest, match="must not be 'python', because graders run no code here") as refused:
        parse_grader({"type": "python", "name": "p", "source": "print()"}, "testing_criteria[0]")
    assert refused.value.param == "testing_criteria[0].type"
