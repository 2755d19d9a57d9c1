"""Evals checked against the installed `openai` package: every method, parameter, field and status of its types.

What is refused is listed here by name. These tests fail with a version of the package that has more.
"""

import typing
from typing import Any, get_args

import pytest
from openai import BadRequestError, OpenAI
from openai.resources.evals import Evals
from openai.resources.evals.runs import OutputItems, Runs
from openai.types import (
    EvalCreateParams,
    EvalCreateResponse,
    EvalCustomDataSourceConfig,
    EvalDeleteResponse,
    EvalListParams,
    EvalListResponse,
    EvalRetrieveResponse,
    EvalUpdateParams,
    EvalUpdateResponse,
)
from openai.types.evals import (
    EvalAPIError,
    RunCancelResponse,
    RunCreateParams,
    RunCreateResponse,
    RunListParams,
    RunListResponse,
    RunRetrieveResponse,
    run_create_response,
)
from openai.types.evals import RunDeleteResponse as SdkRunDeleteResponse
from openai.types.evals.runs import OutputItemListParams, OutputItemListResponse, OutputItemRetrieveResponse, output_item_list_response

from shared.contracts.evals import evals as contract
from shared.contracts.evals import output_items, runs
from tests.sdk_types import check, field_paths, sent_paths
from tests.unit.generation.routes.evaluations.eval_setup import CHECK, CONFIG, ITEM_SCHEMA, ROWS, EvalSetup

NOT_ENDPOINTS = {"with_raw_response", "with_streaming_response"}
SAME_FIELDS: dict[Any, Any] = {
    **dict.fromkeys((EvalCreateResponse, EvalRetrieveResponse, EvalUpdateResponse, EvalListResponse), contract.Eval),
    EvalDeleteResponse: contract.EvalDeleteResponse,
    **dict.fromkeys((RunCreateResponse, RunRetrieveResponse, RunListResponse, RunCancelResponse), runs.Run),
    SdkRunDeleteResponse: runs.RunDeleteResponse,
    EvalAPIError: runs.RunError,
    run_create_response.PerModelUsage: runs.ModelUsage,
    run_create_response.PerTestingCriteriaResult: runs.CriterionResult,
    run_create_response.ResultCounts: runs.ResultCounts,
    **dict.fromkeys((OutputItemListResponse, OutputItemRetrieveResponse), output_items.OutputItem),
    output_item_list_response.Result: output_items.ItemResult,
    output_item_list_response.Sample: output_items.ItemSample,
    output_item_list_response.SampleInput: output_items.SampleMessage,
    output_item_list_response.SampleOutput: output_items.SampleMessage,
    output_item_list_response.SampleUsage: output_items.SampleUsage,
}
# A grader that runs code is refused.
PYTHON = {"type": "python", "name": "p", "source": "def grade(sample, item): return 1.0", "image_tag": "2025-05-08", "pass_threshold": 0.5}
# Of the tools of responses, file search and functions are served; `tools` of all kinds are one field of the SDK's type.
OTHER_TOOLS = ("web_search", "mcp", "code_interpreter", "computer_use_preview", "image_generation", "custom", "local_shell")
PICTURE = {"type": "input_image", "image_url": "data:image/png;base64,AAAA", "detail": "low"}
SOUND = {"type": "input_audio", "input_audio": {"data": "UklGRg==", "format": "wav"}}
TEXT = {"type": "input_text", "text": "{{item.ticket}}", "prompt_cache_breakpoint": {"mode": "explicit", "ttl": "30m"}}
CONTENTS: list[Any] = [
    "{{item.ticket}}",
    TEXT,
    {"type": "output_text", "text": "{{item.label}}"},
    PICTURE,
    SOUND,
    ["a", TEXT, PICTURE, SOUND],
]
PARAMS = {"seed": 1, "temperature": 0.5, "top_p": 0.5, "reasoning_effort": "low"}
MESSAGES = [{"role": "user", "content": content, "type": "message"} for content in CONTENTS]
LABEL = {"type": "label_model", "name": "Kind", "model": "tiny", "input": MESSAGES, "labels": ["a", "b"], "passing_labels": ["a"]}
SCORE = {
    "type": "score_model", "name": "Score", "model": "tiny", "input": MESSAGES, "pass_threshold": 0.5, "range": [0, 2],
    "sampling_params": {**PARAMS, "max_completions_tokens": 9},
}  # fmt: skip
SIMILAR = {
    "type": "text_similarity", "name": "Close", "input": "{{sample.output_text}}", "reference": "{{item.label}}",
    "evaluation_metric": "bleu", "pass_threshold": 0.5,
}  # fmt: skip
CREATED: list[dict[str, Any]] = [
    {"name": "a", "metadata": {"a": "b"}, "data_source_config": CONFIG, "testing_criteria": [CHECK, LABEL, SCORE, SIMILAR]},
    {"data_source_config": {"type": "logs", "metadata": {"a": "b"}}, "testing_criteria": [LABEL]},
    {"data_source_config": {"type": "stored_completions", "metadata": {"a": "b"}}, "testing_criteria": [LABEL]},
]
CONTENT: dict[str, Any] = {"type": "file_content", "content": [{**ROWS[0], "sample": {"output_text": "a"}}, ROWS[1]]}
TEMPLATE: dict[str, Any] = {"type": "template", "template": [*MESSAGES, {"role": "assistant", "content": "a", "phase": "commentary"}]}
# A file in a message is refused, as in a response.
DOCUMENT = {"type": "input_file", "file_id": "file-1", "file_data": "a", "file_url": "https://a.org", "filename": "a", "detail": "low"}
WITH_FILE: dict[str, Any] = {"type": "template", "template": [{"role": "user", "content": [DOCUMENT]}]}
FUNCTION: dict[str, Any] = {"name": "weigh", "description": "Weighs.", "parameters": {"type": "object"}, "strict": True}
SCHEMA: dict[str, Any] = {"name": "kind", "description": "A kind.", "schema": {"type": "object"}, "strict": True}
FILTER = {"metadata": {"a": "b"}, "model": "tiny", "created_after": 1, "created_before": 2}


def methods(resource: Any, prefix: str) -> set[str]:
    """Return the methods of a resource that call an endpoint, and not the resources below it."""
    own = {name for name, value in vars(resource).items() if not name.startswith("_") and callable(value)}
    return {f"{prefix}{name}" for name in own - NOT_ENDPOINTS}


def test_every_method_of_the_sdk_works(sdk: OpenAI, evals: EvalSetup) -> None:
    of_evals, of_runs, of_items = (
        sdk.evals.with_raw_response,
        sdk.evals.runs.with_raw_response,
        sdk.evals.runs.output_items.with_raw_response,
    )
    created = check(of_evals.create(**CREATED[0]))
    run = check_nulls(of_runs.create(created.id, data_source=sampled("completions")))
    item_id = evals.add_items({"id": run.id}, ["pass"])[0]
    place: Any = {"eval_id": created.id, "run_id": run.id}
    called = {
        "create": created,
        "retrieve": check(of_evals.retrieve(created.id)),
        "update": check(of_evals.update(created.id, name="b")),
        "list": check(of_evals.list()),
        "runs.create": run,
        "runs.retrieve": check_nulls(of_runs.retrieve(run.id, eval_id=created.id)),
        "runs.list": sdk.evals.runs.list(created.id).data[0],
        "runs.output_items.list": sdk.evals.runs.output_items.list(**place).data[0],
        "runs.output_items.retrieve": check_nulls(of_items.retrieve(item_id, **place)),
        "runs.cancel": check_nulls(of_runs.cancel(run.id, eval_id=created.id)),
        "runs.delete": check(of_runs.delete(run.id, eval_id=created.id)),
        "delete": check(of_evals.delete(created.id)),
    }
    assert called.keys() == methods(Evals, "") | methods(Runs, "runs.") | methods(OutputItems, "runs.output_items.")
    assert len(called) == 12
    assert (called["runs.cancel"].status, called["runs.delete"].object, called["delete"].object) == (
        "canceled", "eval.run.deleted", "eval.deleted",
    )  # fmt: skip


def check_nulls(raw: Any) -> Any:
    """Return a run or an output item with all fields of the SDK's type. Some are null, as with OpenAI."""
    parsed, wire = raw.parse(), raw.http_response.json()
    assert {field.alias or name for name, field in type(parsed).model_fields.items()} <= set(wire)
    return parsed


def sampled(type: str, **fields: Any) -> Any:
    return {"type": type, "source": CONTENT, "model": "tiny", "input_messages": TEMPLATE, **fields}


def test_every_parameter_of_an_eval_is_accepted_and_comes_back(sdk: OpenAI, evals: EvalSetup) -> None:
    for request in CREATED:
        created = sdk.evals.create(**request)
        shown = [{name: value for name, value in each.to_dict().items() if name != "id"} for each in created.testing_criteria]
        assert shown == request["testing_criteria"]
        assert (created.metadata or {}) == request.get("metadata", {})
        assert created.data_source_config.type == request["data_source_config"]["type"]
    with pytest.raises(BadRequestError, match="graders run no code here"):
        sdk.evals.create(data_source_config={"type": "logs"}, testing_criteria=[PYTHON])  # type: ignore[list-item]
    sent = [*CREATED, {"testing_criteria": [PYTHON]}]
    assert all_paths(sent) == field_paths(EvalCreateParams) | deeper(sent, EvalCreateParams)
    update: dict[str, Any] = {"name": "c", "metadata": {"c": "d"}}
    assert sdk.evals.update(created.id, **update).to_dict().items() >= update.items()
    page: dict[str, Any] = {"after": created.id, "limit": 1, "order": "asc", "order_by": "updated_at"}
    assert len(sdk.evals.list(**{**page, "order": "desc"}).data) <= 1
    assert all_paths([update]) == field_paths(EvalUpdateParams)
    assert all_paths([page]) == field_paths(EvalListParams)


def all_paths(examples: list[Any]) -> set[str]:
    return {path for each in examples for path in sent_paths(each)} - {""}


def deeper(examples: list[Any], params: Any) -> set[str]:
    """Return the paths inside of free objects, such as a JSON Schema, which the SDK does not describe."""
    known = field_paths(params)
    return {path for path in all_paths(examples) if path not in known and any(path.startswith(f"{free}.") for free in FREE)}


FREE = (
    "data_source_config.item_schema", "data_source.source.content.item", "data_source.source.content.sample",
    "data_source.sampling_params.tools", "data_source.sampling_params.response_format.json_schema.schema",
    "data_source.sampling_params.text.format.schema", "data_source.source.metadata",
    "testing_criteria.input.content", "data_source.input_messages.template.content",
)  # fmt: skip


def run_requests(store_id: str, file_id: str) -> list[dict[str, Any]]:
    """Return runs of a custom eval with every parameter."""
    chat = {**PARAMS, "max_completion_tokens": 9, "tools": [{"type": "function", "function": FUNCTION}]}
    response = {**PARAMS, "max_completion_tokens": 9, "tools": [{"type": "file_search", "vector_store_ids": [store_id]}]}
    reference = {"type": "item_reference", "item_reference": "item.ticket"}
    form = {"type": "json_schema", "json_schema": SCHEMA}
    return [
        {"name": "a", "metadata": {"a": "b"}, "data_source": {"type": "jsonl", "source": {**CONTENT, "content": CONTENT["content"][:1]}}},
        {"data_source": {"type": "jsonl", "source": {"type": "file_id", "id": file_id}}},
        {"data_source": sampled("completions", sampling_params={**chat, "response_format": form})},
        {"data_source": sampled("completions", input_messages=reference, sampling_params={"response_format": {"type": "json_object"}})},
        {"data_source": sampled("responses", sampling_params={**response, "text": {"format": {"type": "json_schema", **SCHEMA}}})},
        {"data_source": sampled("responses", source={"type": "file_id", "id": file_id}, input_messages=reference)},
    ]


def of_no_tool(paths: set[str]) -> set[str]:
    return {path for path in paths if not path.startswith("data_source.sampling_params.tools.")}


STORED_RUNS: list[dict[str, Any]] = [
    {"data_source": {"type": "completions", "source": {"type": "stored_completions", **FILTER, "limit": 5}}},
    {
        "data_source": {
            "type": "responses",
            "source": {
                "type": "responses", **FILTER, "instructions_search": "polite", "reasoning_effort": "low", "temperature": 0.5, "top_p": 0.5,
                "tools": ["file_search"], "users": ["u1"],
            },
        },
    },
]  # fmt: skip


def test_every_parameter_of_a_run_is_accepted_and_comes_back(sdk: OpenAI, evals: EvalSetup) -> None:
    custom, logs = (sdk.evals.create(**request).id for request in CREATED[:2])
    requests = run_requests(evals.retrieval.add_store([]), evals.retrieval.add_file(b"{}\n", purpose="evals", name="rows.jsonl"))
    for eval_id, request in (*((custom, each) for each in requests), *((logs, each) for each in STORED_RUNS)):
        run = sdk.evals.runs.create(eval_id, **request)
        assert run.data_source.to_dict() == request["data_source"]
        assert (run.metadata or {}) == request.get("metadata", {})
    with pytest.raises(BadRequestError, match="'input_file'"):
        sdk.evals.runs.create(custom, data_source=sampled("responses", input_messages=WITH_FILE))
    sent = [*requests, *STORED_RUNS, {"data_source": {"input_messages": WITH_FILE}}]
    assert of_no_tool(all_paths(sent)) == of_no_tool(field_paths(RunCreateParams) | deeper(sent, RunCreateParams))
    page: dict[str, Any] = {"after": run.id, "limit": 1, "order": "asc", "status": "queued"}
    assert len(sdk.evals.runs.list(logs, **page).data) <= 1  # runs of the same second are in any order
    assert all_paths([page]) == field_paths(RunListParams)


@pytest.mark.parametrize("type", OTHER_TOOLS)
def test_a_tool_that_is_not_served_is_refused(sdk: OpenAI, evals: EvalSetup, type: str) -> None:
    eval_id = sdk.evals.create(**CREATED[0]).id
    with pytest.raises(BadRequestError, match=type) as raised:
        sdk.evals.runs.create(eval_id, data_source=sampled("responses", sampling_params={"tools": [{"type": type}]}))
    assert raised.value.param == "data_source.sampling_params.tools[0].type"


def test_every_parameter_of_the_list_of_output_items_is_accepted(sdk: OpenAI, evals: EvalSetup) -> None:
    eval_id = sdk.evals.create(**CREATED[0]).id
    run_id = sdk.evals.runs.create(eval_id, data_source=sampled("completions")).id
    ids = evals.add_items({"id": run_id}, ["fail", "pass", "pass"])
    page: dict[str, Any] = {"eval_id": eval_id, "after": ids[2], "limit": 1, "order": "desc", "status": "pass"}
    listed = sdk.evals.runs.output_items.list(run_id, **page)
    assert [item.id for item in listed] == [ids[1]]
    assert all_paths([page]) == field_paths(OutputItemListParams)
    (item,) = listed.data
    assert (item.sample.output[0].content, item.sample.usage.total_tokens, item.results[0].passed) == ("<b>Hardware</b> & more", 12, True)


def test_every_field_of_the_sdks_types_is_in_ours() -> None:
    for theirs, ours in SAME_FIELDS.items():
        assert {field.alias or name for name, field in theirs.model_fields.items()} <= set(ours.model_fields), theirs


def test_a_completed_run_has_the_sdks_types(sdk: OpenAI, evals: EvalSetup) -> None:
    eval_id = sdk.evals.create(**CREATED[0]).id
    run = sdk.evals.runs.create(eval_id, data_source=sampled("completions"))
    waiting: Any = (run.error, run.per_model_usage, run.per_testing_criteria_results)
    assert waiting == (None, None, None)
    evals.finish({"id": run.id})
    done = sdk.evals.runs.retrieve(run.id, eval_id=eval_id)
    assert (done.status, done.result_counts.errored, done.per_model_usage[0].run_model_name) == ("completed", 1, "tiny")
    statuses = set(get_args(typing.get_type_hints(RunListParams)["status"]))
    assert statuses == set(get_args(runs.RunStatus)) >= {run.status, done.status}


def test_the_schema_of_the_data_has_the_name_of_the_sdk(sdk: OpenAI, evals: EvalSetup) -> None:
    config = sdk.evals.create(**CREATED[0]).data_source_config
    assert isinstance(config, EvalCustomDataSourceConfig)
    properties: Any = config.schema_["properties"]
    assert properties["item"] == ITEM_SCHEMA
