"""What is checked when a run of an eval is created: rows, messages, tools and formats, each with the field that is wrong."""

from typing import Any

import httpx
import pytest

from tests.fake_engine import FakeEngine
from tests.fake_retrieval import FakeRetrieval
from tests.unit.generation.conftest import FrontDoor
from tests.unit.generation.routes.evaluations.eval_setup import CHECK, COMPLETIONS, CONFIG, JSONL, ROWS, STORED, EvalSetup

RESPONSES: dict[str, Any] = {**COMPLETIONS, "type": "responses"}
FUNCTION = {"type": "function", "function": {"name": "weigh", "parameters": {"type": "object", "properties": {"of": {"type": "string"}}}}}
FORM = {"type": "json_schema", "json_schema": {"name": "kind", "schema": {"type": "object"}, "strict": True}}


def test_a_file_must_have_the_purpose_of_evals(evals: EvalSetup) -> None:
    eval_id = evals.create()["id"]
    good, other = (evals.retrieval.add_file(b'{"item": {}}\n', purpose=purpose, name="rows.jsonl") for purpose in ("evals", "assistants"))
    run: dict[str, Any] = {**COMPLETIONS, "source": {"type": "file_id", "id": good}}
    assert evals.start(eval_id, run)["data_source"] == run
    error = evals.refuse_run(eval_id, {**run, "source": {"type": "file_id", "id": other}})
    assert (error["param"], error["code"]) == ("data_source.source.id", "invalid_purpose")
    error = evals.refuse_run(eval_id, {**run, "source": {"type": "file_id", "id": "file-none"}})
    assert (error["param"], error["code"]) == ("data_source.source.id", "not_found")


def change(run: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {name: value for name, value in {**run, **fields}.items() if value is not None}


def sample(**params: Any) -> dict[str, Any]:
    return {**COMPLETIONS, "sampling_params": params}


def respond(**params: Any) -> dict[str, Any]:
    return {**RESPONSES, "sampling_params": params}


def ask(text: Any) -> dict[str, Any]:
    return {**COMPLETIONS, "input_messages": {"type": "template", "template": [{"role": "user", "content": text}]}}


def refer(path: str) -> dict[str, Any]:
    return {**COMPLETIONS, "input_messages": {"type": "item_reference", "item_reference": path}}


def rows(*items: Any) -> dict[str, Any]:
    return {**COMPLETIONS, "source": {"type": "file_content", "content": [*ROWS, *({"item": item} for item in items)]}}


SEARCH = {"type": "file_search", "vector_store_ids": ["vs_none"]}
ITEM = "data_source.source.content[2].item"
REFUSED: dict[str, tuple[dict[str, Any], str, str]] = {
    "a row without a field": (rows({"ticket": "a"}), f"{ITEM}.label", "is missing"),
    "a row with a wrong type": (rows({"ticket": "a", "label": 5}), f"{ITEM}.label", "must have the type 'string'; got 5"),
    "a row without 'item'": (
        change(JSONL, source={"type": "file_content", "content": [{"ticket": "a", "label": "b"}]}),
        "data_source.source.content[0]",
        "must have its fields in 'item'",
    ),
    "a row that is none": (rows(5), ITEM, "must be an object"),
    "no rows": (change(COMPLETIONS, source={"type": "file_content", "content": []}), "data_source.source.content", "must not be empty"),
    "no answers": (change(JSONL, source=COMPLETIONS["source"]), "data_source.source.content[0].sample", "no model is asked"),
    "a source of another eval": (STORED, "data_source.source.type", "must be 'file_content' or 'file_id'"),
    "a source of another run": (
        change(RESPONSES, source=STORED["source"]), "data_source.source.type", "'stored_completions'",
    ),
    "a model without messages": (change(COMPLETIONS, input_messages=None), "data_source.input_messages", "'data_source.model' is set"),
    "messages without a model": (change(COMPLETIONS, model=None), "data_source.model", "'data_source.input_messages' is set"),
    "sampling without a model": ({**JSONL, "type": "completions", "sampling_params": {"seed": 1}}, "data_source.model", "is required"),
    "a jsonl run with a model": ({**JSONL, "model": "tiny"}, "data_source.model", "is not a known parameter"),
    "a model that does not exist": (change(COMPLETIONS, model="gpt-4o"), "data_source.model", "The model 'gpt-4o' does not exist"),
    "an unknown field": (ask("{{item.text}}"), "data_source.input_messages.template[0].content", "their fields are label, ticket"),
    "an unknown field in a part": (
        ask([{"type": "input_text", "text": "{{item.text}}"}]), "data_source.input_messages.template[0].content[0].text", "item.text",
    ),
    "the answer in the question": (ask("{{sample.output_text}}"), "data_source.input_messages.template[0].content", "before there is an"),
    "a reference to an unknown field": (refer("item.messages"), "data_source.input_messages.item_reference", "item.messages"),
    "a reference to the whole item": (refer("item"), "data_source.input_messages.item_reference", "must be 'item.' followed by a"),
    "a reference to the answer": (refer("sample.input"), "data_source.input_messages.item_reference", "must be 'item.' followed by a"),
    "a reference that is a text": (refer("item.label}} {{item.ticket"), "data_source.input_messages.item_reference", "must be 'item.'"),
    "two limits": (
        sample(max_completion_tokens=5, max_completions_tokens=6), "data_source.sampling_params.max_completions_tokens", "got 6 and 5",
    ),
    "more tokens than the model takes": (
        sample(max_completion_tokens=10**9),
        "data_source.sampling_params.max_completion_tokens",
        "must be at most 2048, the context window of 'tiny' in tokens; got 1000000000.",
    ),
    "more tokens than the model takes, in the other spelling": (
        respond(max_completions_tokens=2049), "data_source.sampling_params.max_completions_tokens", "must be at most 2048",
    ),
    "no tokens": (sample(max_completion_tokens=0), "data_source.sampling_params.max_completion_tokens", "must be at least 1; got 0"),
    "a temperature below zero": (sample(temperature=-0.5), "data_source.sampling_params.temperature", "must be between 0 and 2; got -0.5"),
    "a seed that no engine takes": (respond(seed=2**63), "data_source.sampling_params.seed", "got 9223372036854775808"),
    "a tool of responses": (sample(tools=[SEARCH]), "data_source.sampling_params.tools[0].type", "must be 'function'"),
    "a tool of OpenAI": (respond(tools=[{"type": "web_search"}]), "data_source.sampling_params.tools[0].type", "'web_search'"),
    "mcp": (
        respond(tools=[{"type": "mcp", "server_label": "a", "server_url": "https://example.com"}]),
        "data_source.sampling_params.tools[0].type",
        "'mcp'",
    ),
    "a store that does not exist": (
        respond(tools=[SEARCH]), "data_source.sampling_params.tools[0].vector_store_ids[0]", "There is no vector store 'vs_none'",
    ),
    "a format that does not exist": (
        sample(response_format={"type": "xml"}), "data_source.sampling_params.response_format.type", "'xml'",
    ),
    "a format without a schema": (
        sample(response_format={"type": "json_schema", "json_schema": {"name": "a"}}),
        "data_source.sampling_params.response_format.json_schema.schema",
        "is required",
    ),
    "a format with a wrong schema": (
        sample(response_format={"type": "json_schema", "json_schema": {"name": "a", "schema": {"type": "text"}}}),
        "data_source.sampling_params.response_format.json_schema.schema",
        "must be a JSON Schema",
    ),
    "a text without a schema": (
        respond(text={"format": {"type": "json_schema", "name": "a"}}), "data_source.sampling_params.text.format.schema", "is required",
    ),
    "a text with a wrong schema": (
        respond(text={"format": {"type": "json_schema", "name": "a", "schema": {"$ref": "http://a"}}}),
        "data_source.sampling_params.text.format.schema",
        "no other document is read",
    ),
    "documents that do not exist": (
        {**COMPLETIONS, "retrieval": {"vector_store_ids": ["vs_none"]}}, "data_source.retrieval.vector_store_ids[0]", "'vs_none'",
    ),
    "a field that does not exist": (sample(temprature=1), "data_source.sampling_params.temprature", "is not a known parameter"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_a_run_that_can_never_work_is_refused(evals: EvalSetup, case: str) -> None:
    data_source, param, problem = REFUSED[case]
    error = evals.refuse_run(evals.create()["id"], data_source)
    assert (error["param"], error["type"]) == (param, "invalid_request_error")
    assert problem in error["message"]


def test_a_run_may_ask_for_as_many_tokens_as_its_model_takes(evals: EvalSetup, engine: FakeEngine) -> None:
    run = sample(max_completion_tokens=engine.context_length)
    assert evals.start(evals.create()["id"], run)["data_source"] == run


def test_a_run_is_created_while_no_engine_says_how_much_its_model_takes(
    open_front_door: FrontDoor, dead_url: str, retrieval: FakeRetrieval
) -> None:
    with open_front_door(engine_url=dead_url) as url, httpx.Client(base_url=url) as http:
        eval_id = http.post("/v1/evals", json={"data_source_config": CONFIG, "testing_criteria": [CHECK]}).json()["id"]
        response = http.post(f"/v1/evals/{eval_id}/runs", json={"data_source": sample(max_completion_tokens=10**6)})
        assert response.status_code == 201, response.text


def test_an_eval_of_stored_answers_takes_no_files(evals: EvalSetup) -> None:
    eval_id = evals.create(data_source_config={"type": "logs"})["id"]
    error = evals.refuse_run(eval_id, COMPLETIONS)
    assert error["param"] == "data_source.source.type"
    assert "must be 'stored_completions' or 'responses'" in error["message"]
    source = {"type": "stored_completions", "created_after": 9, "created_before": 8}
    assert evals.refuse_run(eval_id, {"type": "completions", "source": source})["param"] == "data_source.source.created_after"


def test_a_run_has_all_options_of_a_chat_or_a_response(evals: EvalSetup) -> None:
    eval_id = evals.create()["id"]
    store = evals.retrieval.add_store([])
    chat = {
        **sample(tools=[FUNCTION], response_format=FORM, max_completions_tokens=9, temperature=0.5, top_p=0.5, seed=3),
        "retrieval": {"vector_store_ids": [store]},
    }
    assert evals.start(eval_id, chat)["data_source"] == chat
    search = {"type": "file_search", "vector_store_ids": [store], "max_num_results": 3}
    text = {"format": {"type": "json_schema", "name": "kind", "schema": {"type": "object"}}}
    response = respond(tools=[search, {"type": "function", "name": "weigh"}], text=text, max_completion_tokens=9)
    assert evals.start(eval_id, response)["data_source"] == response


def test_rows_whose_answers_no_criterion_uses_need_none(evals: EvalSetup) -> None:
    created = evals.create(testing_criteria=[{**CHECK, "input": "{{item.ticket}}"}])
    bare = change(JSONL, source=COMPLETIONS["source"])
    assert evals.start(created["id"], bare)["data_source"] == bare


def test_the_same_template_is_accepted_with_spaces_and_positions(evals: EvalSetup) -> None:
    schema = {"type": "object", "properties": {"turns": {"type": "array", "items": {"properties": {"text": {"type": "string"}}}}}}
    eval_id = evals.create(data_source_config={**CONFIG, "item_schema": schema}, testing_criteria=[{**CHECK, "reference": "a"}])["id"]
    run = {**ask("{{ item.turns[0].text }}"), "source": {"type": "file_content", "content": [{"item": {"turns": [{"text": "a"}]}}]}}
    assert evals.start(eval_id, run)["data_source"] == run
