import time
from typing import Any

import pytest

from services.generation.contracts.responses.response import ResponseCreate
from services.generation.responses import search_tool
from services.generation.responses.search_tool import SearchCall, SearchToolPolicy, assistant_message, parse_queries, tool_message
from shared.errors import InvalidRequest, TandemError

REJECTION = InvalidRequest('"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set')


def make_request(**tool: Any) -> ResponseCreate:
    return ResponseCreate.model_validate(
        {"model": "tiny", "input": "one", "tools": [{"type": "file_search", "vector_store_ids": ["vs_a"], **tool}]}
    )


def test_a_model_decides_about_the_search_unless_it_must_answer_from_documents() -> None:
    policy = SearchToolPolicy(enabled=True)
    assert policy.is_offered(make_request())
    assert not policy.is_offered(make_request(on_empty="abstain"))
    assert not policy.is_offered(ResponseCreate(model="tiny", input="one"))
    assert not SearchToolPolicy(enabled=False).is_offered(make_request())


def test_an_engine_without_a_parser_is_remembered_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    policy, request = SearchToolPolicy(enabled=True), make_request()
    assert policy.remember_rejection(request, REJECTION)
    assert not policy.is_offered(request)
    now += search_tool.RETRY_SECONDS + 1
    assert policy.is_offered(request)


@pytest.mark.parametrize("error", [InvalidRequest("Something else."), TandemError("--tool-call-parser")])
def test_other_errors_are_no_rejection_of_tools(error: TandemError) -> None:
    policy, request = SearchToolPolicy(enabled=True), make_request()
    assert not policy.remember_rejection(request, error)
    assert policy.is_offered(request)


@pytest.mark.parametrize(
    ("arguments", "queries"),
    [
        ('{"queries": ["a", " ", 3, "b"]}', ["a", "b"]),
        ('{"queries": "a"}', ["a"]),
        ('{"queries": ["1", "2", "3", "4", "5"]}', ["1", "2", "3", "4"]),
        ('{"queries": []}', ["the question"]),
        ("{", ["the question"]),
        ("[]", ["the question"]),
        ("", ["the question"]),
    ],
)
def test_the_queries_of_a_call_are_read_or_replaced_by_the_question(arguments: str, queries: list[str]) -> None:
    assert parse_queries(SearchCall("call_1", arguments), "the question") == queries


def test_a_search_and_its_passages_become_messages() -> None:
    call = SearchCall("call_1")
    message = assistant_message("", [call])
    assert (message["content"], message["tool_calls"][0]["function"]) == (None, {"name": "file_search", "arguments": "{}"})
    assert tool_message(call, "")["content"] == "Nothing was found."
    assert tool_message(call, "[1] Two.") == {"role": "tool", "tool_call_id": "call_1", "content": "[1] Two."}
