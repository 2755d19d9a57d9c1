"""`param` is the field as the caller wrote it, and `code` is the same for the same mistake on every route."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.contract.json_routes import JsonOperation, json_clients, json_operations

OPERATIONS = json_operations()
OURS = [each for each in OPERATIONS if not each.passes_to_engine]
CHAT, RESPONSES = "/v1/chat/completions", "/v1/responses"
HELLO = {"model": "tiny", "messages": [{"role": "user", "content": "Hi"}]}
ASK = {"model": "tiny", "input": "Hi"}
GRADER = {"type": "string_check", "name": "same", "operation": "eq", "input": "{{sample.output_text}}", "reference": "a"}
# What a required field may be; "a" for all others.
VALUES = {
    "documents": ["a"], "vector_store_ids": ["a"], "grader": GRADER, "event_types": ["fine_tuning.job.failed"],
    "data_source_config": {"type": "logs"},
}  # fmt: skip


@pytest.fixture(scope="module")
def clients(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, TestClient]]:
    with json_clients(tmp_path_factory.mktemp("data")) as opened:
        yield opened


def refuse(clients: dict[str, TestClient], service: str, path: str, body: Any, method: str = "POST") -> tuple[int, str | None, str | None]:
    """Return the status, param and code of a refusal."""
    content = None if body is None else json.dumps(body)
    response = clients[service].request(method, path, content=content, headers={"Content-Type": "application/json"})
    error = response.json()["error"]
    return response.status_code, error["param"], error["code"]


@pytest.mark.parametrize("operation", OURS, ids=str)
def test_an_unknown_field_has_one_code_on_every_route(operation: JsonOperation, clients: dict[str, TestClient]) -> None:
    # A client that sends a response's parts again writes null for the fields that it does not have.
    null = () if operation.address.startswith(RESPONSES) else (None,)
    for value in (1, {"a": [1]}, *null, "x" * 100_000):
        sent = refuse(clients, operation.service, operation.address, {"no_such_field": value})
        assert sent == (400, "no_such_field", "unknown_parameter")


@pytest.mark.parametrize("operation", OPERATIONS, ids=str)
def test_a_missing_field_and_one_of_another_type_have_two_codes_on_every_route(
    operation: JsonOperation, clients: dict[str, TestClient]
) -> None:
    [form] = operation.schema.forms_at(())
    required = [name for name in form.get("required", ()) if name != "messages" and name != "prompt"]
    sent: dict[str, Any] = {}
    for name in required:
        assert refuse(clients, operation.service, operation.address, sent) == (400, name, "missing_required_parameter")
        assert refuse(clients, operation.service, operation.address, {**sent, name: 5}) == (400, name, "invalid_type")
        assert refuse(clients, operation.service, operation.address, {**sent, name: True}) == (400, name, "invalid_type")
        sent[name] = VALUES.get(name, "a")


@pytest.mark.parametrize("operation", OPERATIONS, ids=str)
@pytest.mark.parametrize("body", ["a", [1], 5, True])
def test_a_body_that_is_no_object_has_one_code_on_every_route(operation: JsonOperation, body: Any, clients: dict[str, TestClient]) -> None:
    assert refuse(clients, operation.service, operation.address, body) == (400, None, "invalid_type")


@pytest.mark.parametrize(
    ("service", "path", "body", "expected"),
    [
        ("retrieval", "/v1/vector_stores", {"expires_after": {"days": True}}, (400, "expires_after.days", "invalid_type")),
        ("retrieval", "/v1/vector_stores", {"expires_after": {"days": "5"}}, (400, "expires_after.days", "invalid_type")),
        ("retrieval", "/v1/vector_stores", {"file_ids": ["file-1"]}, (404, "file_ids[0]", "not_found")),
        ("retrieval", "/v1/vector_stores/vs_1/file_batches", {"file_ids": ["file-1", "file-2"]}, (404, "file_ids[0]", "not_found")),
        ("retrieval", "/v1/vector_stores/vs_1/file_batches", {"files": [{"file_id": "file-1"}]}, (404, "files[0].file_id", "not_found")),
        ("retrieval", "/v1/vector_stores/vs_1/files", {"file_id": "file-1"}, (404, "file_id", "not_found")),
        ("retrieval", "/v1/vector_stores/vs_2/files", {"file_id": "file-1"}, (404, "file_id", "not_found")),
        ("retrieval", "/v1/vector_stores/vs_2/search", {"query": "a"}, (404, "vector_store_id", "not_found")),
        ("retrieval", "/v1/vector_stores/vs_1/search", {"query": "a", "explain": "yes"}, (400, "explain", "invalid_type")),
        (
            "retrieval",
            "/v1/vector_stores/vs_1/search",
            {"query": "a", "vector_store_ids": ["vs_1", "vs_2"]},
            (404, "vector_store_ids[1]", "not_found"),
        ),
        (
            "retrieval",
            "/v1/vector_stores/vs_1/search",
            {"query": "a", "search_mode": "vector", "fusion": {"type": "rrf"}},
            (400, "fusion", "invalid_value"),
        ),
        ("retrieval", "/v1/vector_stores/vs_1/search", {"query": "a" * 10_001}, (400, "query", "string_above_max_length")),
        ("retrieval", "/v1/vector_stores/vs_1/search", {"query": ["a", "a" * 10_001]}, (400, "query[1]", "string_above_max_length")),
        ("retrieval", "/v1/vector_stores/vs_1/search", {"query": ["a"] * 33}, (400, "query", "array_above_max_length")),
        ("retrieval", "/v1/rerank", {"query": "a" * 10_001, "documents": ["a"]}, (400, "query", "string_above_max_length")),
        ("retrieval", "/v1/rerank", {"query": "a", "documents": ["a", "a" * 200_001]}, (400, "documents[1]", "string_above_max_length")),
        (
            "retrieval",
            "/v1/rerank",
            {"query": "a", "documents": [{"text": "a" * 200_001}]},
            (400, "documents[0].text", "string_above_max_length"),
        ),
        ("retrieval", "/v1/embeddings", {"model": "m", "input": "a" * 200_001}, (400, "input", "string_above_max_length")),
        ("retrieval", "/v1/embeddings", {"model": "m", "input": ["a", "a" * 200_001]}, (400, "input[1]", "string_above_max_length")),
        ("retrieval", "/v1/embeddings", {"model": "m", "input": ["a"] * 2049}, (400, "input", "array_above_max_length")),
        ("retrieval", "/v1/embeddings", {"model": "m", "input": [1] * 300_001}, (400, "input", "array_above_max_length")),
        ("retrieval", "/v1/embeddings", {"model": "m", "input": [5, "a"]}, (400, "input[1]", "invalid_type")),
        ("retrieval", "/v1/embeddings", {"model": "m", "input": [5, 6, -1, "a"]}, (400, "input[2]", "integer_below_min_value")),
        ("retrieval", "/v1/embeddings", {"model": "m", "input": [[1], 5]}, (400, "input[1]", "invalid_type")),
        ("generation", "/v1/completions", {"model": "tiny", "prompt": [5, "a"]}, (400, "prompt[1]", "invalid_type")),
        ("generation", "/v1/completions", {"model": "tiny", "prompt": ["a", 5]}, (400, "prompt[1]", "invalid_type")),
        ("generation", "/v1/completions", {"model": "tiny", "prompt": [[1], "a"]}, (400, "prompt[1]", "invalid_type")),
        ("retrieval", "/v1/embeddings", {"model": "m", "input": [1] * 400_000}, (400, None, "invalid_json")),
        ("generation", CHAT, {"model": "tiny", "messages": [1] * 400_000}, (400, None, "invalid_json")),
        ("generation", CHAT, {"messages": []}, (400, "model", "missing_required_parameter")),
        ("generation", CHAT, {"model": 5}, (400, "model", "invalid_type")),
        ("generation", CHAT, {**HELLO, "retrieval": {"vector_store_ids": "vs_a"}}, (400, "retrieval.vector_store_ids", "invalid_type")),
        (
            "generation",
            CHAT,
            {**HELLO, "retrieval": {"vector_store_ids": ["vs_a"], "filters": {"type": "eq", "key": "a"}}},
            (400, "retrieval.filters.value", "missing_required_parameter"),
        ),
        (
            "generation",
            CHAT,
            {**HELLO, "retrieval": {"vector_store_ids": ["vs_a"], "filters": {"type": "eq", "key": "a", "value": {}}}},
            (400, "retrieval.filters.value", "invalid_type"),
        ),
        ("generation", CHAT, {**HELLO, "retrieval": {"vector_store_ids": ["a", "b"]}}, (404, "retrieval.vector_store_ids[0]", "not_found")),
        ("generation", CHAT, {**HELLO, "max_tokens": 9999}, (400, "max_tokens", "invalid_value")),
        (
            "generation",
            CHAT,
            {**HELLO, "messages": [{"role": "user", "content": "word " * 3000}]},
            (400, "messages", "context_length_exceeded"),
        ),
        ("generation", "/v1/completions", {"model": "tiny", "prompt": "word " * 3000}, (400, "prompt", "context_length_exceeded")),
        ("generation", RESPONSES, {**ASK, "max_output_tokens": 9999}, (400, "max_output_tokens", "invalid_value")),
        ("generation", RESPONSES, {**ASK, "input": "word " * 3000}, (400, "input", "context_length_exceeded")),
        ("generation", RESPONSES, {"model": 5, "input": "a"}, (400, "model", "invalid_type")),
        ("generation", RESPONSES, {**ASK, "tools": [{"type": "x"}]}, (400, "tools[0].type", "invalid_value")),
        ("generation", RESPONSES, {**ASK, "tools": [{"type": "function"}]}, (400, "tools[0].name", "missing_required_parameter")),
        ("generation", RESPONSES, {**ASK, "input": [{"a": 1}, 5]}, (400, "input[1]", "invalid_type")),
        ("generation", "/v1/fine_tuning/jobs", {"model": "tiny", "training_file": "file-1"}, (400, "training_file", "not_found")),
        ("generation", "/v1/datasets", {"vector_store_ids": ["vs_1"]}, (404, "vector_store_ids[0]", "not_found")),
    ],
)
def test_a_mistake_is_at_the_field_that_the_caller_wrote(
    service: str, path: str, body: Any, expected: tuple[Any, ...], clients: dict[str, TestClient]
) -> None:
    assert refuse(clients, service, path, body) == expected


@pytest.mark.parametrize(
    ("service", "path", "param"),
    [
        ("generation", "/v1/fine_tuning/jobs/ftjob-1", "job_id"),
        ("generation", "/v1/fine_tuning/jobs/ftjob-1/events", "job_id"),
        ("generation", "/v1/comparisons/cmp_1", "comparison_id"),
        ("generation", "/v1/comparisons/cmp_1/events", "comparison_id"),
        ("generation", "/v1/datasets/ds_1", "dataset_id"),
        ("generation", "/v1/responses/resp_1", "response_id"),
        ("retrieval", "/v1/files/file-1", "file_id"),
        ("retrieval", "/v1/vector_stores/vs_2", "vector_store_id"),
        ("retrieval", "/v1/vector_stores/vs_1/files/file-1", "file_id"),
        ("retrieval", "/v1/vector_stores/vs_1/file_batches/vsfb_1", "batch_id"),
    ],
)
def test_what_does_not_exist_is_named_by_its_place_in_the_path(service: str, path: str, param: str, clients: dict[str, TestClient]) -> None:
    assert refuse(clients, service, path, None, "GET") == (404, param, "not_found")
