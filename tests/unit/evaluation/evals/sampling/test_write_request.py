from typing import Any

from services.evaluation.evals.sampling.write_request import write_request
from shared.contracts.evals.data_sources import CompletionsRun, ResponsesRun
from tests.unit.evaluation.evals.cases import ask_about

CALL = {"id": "call_1", "type": "function", "function": {"name": "look", "arguments": "{}"}}
CHAT: list[dict[str, Any]] = [
    {"role": "developer", "content": "Be kind."},
    {"role": "user", "content": [{"type": "text", "text": "a"}, {"type": "image_url", "image_url": {"url": "data:x"}}]},
    {"role": "assistant", "content": None, "tool_calls": [CALL]},
    {"role": "tool", "tool_call_id": "call_1", "content": "seen"},
]


def test_a_chat_completion_has_the_sampling_parameters_and_a_role_that_open_models_know() -> None:
    schema = {"type": "json_schema", "json_schema": {"name": "x", "schema": {"type": "object"}}}
    tools = [{"type": "function", "function": {"name": "look", "parameters": {}}}]
    sampling = {"temperature": 0.2, "top_p": 0.9, "seed": 1, "max_completion_tokens": 5, "response_format": schema, "tools": tools}
    data = ask_about([{}], sampling_params={**sampling, "reasoning_effort": "low"}, retrieval={"vector_store_ids": ["vs_1"]})
    call = write_request(CompletionsRun.model_validate(data), CHAT)
    assert call.path == "/v1/chat/completions"
    assert call.body == {
        "model": "small", "messages": [{"role": "system", "content": "Be kind."}, *CHAT[1:]], **sampling, "reasoning_effort": "low",
        "retrieval": {"vector_store_ids": ["vs_1"]}, "include": ["trace"],
    }  # fmt: skip


def test_a_response_is_not_stored_and_brings_what_its_search_finds() -> None:
    tools = [{"type": "file_search", "vector_store_ids": ["vs_1"]}]
    sampling = {"temperature": 0.2, "max_completions_tokens": 5, "tools": tools, "text": {"format": {"type": "json_object"}}}
    sampling |= {"seed": 7, "reasoning_effort": "low"}
    call = write_request(ResponsesRun.model_validate(ask_about([{}], type="responses", sampling_params=sampling)), CHAT)
    assert call.path == "/v1/responses"
    assert call.body == {
        "model": "small", "store": False, "temperature": 0.2, "max_output_tokens": 5, "tools": tools, "seed": 7,
        "reasoning": {"effort": "low"},
        "text": {"format": {"type": "json_object"}}, "include": ["file_search_call.results"],
        "input": [
            {"role": "developer", "content": "Be kind."},
            {"role": "user", "content": [
                {"type": "input_text", "text": "a"}, {"type": "input_image", "image_url": "data:x", "detail": "auto"},
            ]},
            {"type": "function_call", "call_id": "call_1", "name": "look", "arguments": "{}"},
            {"type": "function_call_output", "call_id": "call_1", "output": "seen"},
        ],
    }  # fmt: skip


def test_without_parameters_the_model_and_the_messages_are_all() -> None:
    messages = [{"role": "user", "content": "a"}]
    assert write_request(CompletionsRun.model_validate(ask_about([{}])), messages).body == {"model": "small", "messages": messages}
    responses = ResponsesRun.model_validate(ask_about([{}], type="responses"))
    assert write_request(responses, messages).body == {"model": "small", "input": messages, "store": False}
