from typing import Any

import pytest

from services.generation.answers.stored.stream import StreamedCompletion

IDENTITY = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 5, "model": "tiny"}


def read(*chunks: Any) -> StreamedCompletion:
    completion = StreamedCompletion()
    for chunk in chunks:
        completion.add(chunk)
    return completion


def chunk(index: int, delta: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {**IDENTITY, "choices": [{"index": index, "delta": delta, "logprobs": None, "finish_reason": None, **fields}]}


def test_the_texts_of_each_choice_are_joined_in_their_order() -> None:
    completion = read(
        chunk(1, {"role": "assistant", "content": ""}),
        chunk(0, {"role": "assistant", "content": "Zw"}),
        chunk(1, {"content": "Drei"}),
        chunk(0, {"content": "ei"}),
        chunk(0, {}, finish_reason="stop", stop_reason=2),
        chunk(1, {"content": "."}, finish_reason="length"),
        {**IDENTITY, "choices": [], "usage": {"prompt_tokens": 1, "completion_tokens": 4, "total_tokens": 5}},
    )
    fields = completion.fields()
    assert completion.is_complete
    assert {name: value for name, value in fields.items() if name != "choices"} == {
        "object": "chat.completion",
        "model": "tiny",
        "usage": {"prompt_tokens": 1, "completion_tokens": 4, "total_tokens": 5},
    }
    said = [(each["index"], each["message"]["content"], each["finish_reason"], each.get("stop_reason")) for each in fields["choices"]]
    assert said == [(0, "Zwei", "stop", 2), (1, "Drei.", "length", None)]
    assert fields["choices"][0]["message"] == {"role": "assistant", "content": "Zwei", "refusal": None}


def test_function_calls_are_put_together_by_their_index() -> None:
    completion = read(
        chunk(0, {"role": "assistant", "content": ""}),
        chunk(0, {"tool_calls": [{"index": 0, "id": "call_a", "type": "function", "function": {"name": "look", "arguments": ""}}]}),
        chunk(0, {"tool_calls": [{"index": 0, "function": {"arguments": '{"at": '}}]}),
        chunk(0, {"tool_calls": [{"index": 1, "id": "call_b", "function": {"name": "stop", "arguments": "{}"}}]}),
        chunk(0, {"tool_calls": [{"index": 0, "function": {"arguments": '"ü"}'}}]}, finish_reason="tool_calls"),
    )
    assert completion.fields()["choices"][0]["message"] == {
        "role": "assistant",
        "content": None,
        "refusal": None,
        "tool_calls": [
            {"id": "call_a", "type": "function", "function": {"name": "look", "arguments": '{"at": "ü"}'}},
            {"id": "call_b", "type": "function", "function": {"name": "stop", "arguments": "{}"}},
        ],
    }


def test_log_probabilities_reasoning_and_fields_of_the_last_chunk_are_kept() -> None:
    completion = read(
        chunk(0, {"reasoning": "Hm"}, logprobs={"content": [{"token": "a", "logprob": -1.0}]}),
        chunk(0, {"reasoning": "."}, logprobs={"content": None}),
        chunk(0, {"content": "b"}, logprobs={"content": [{"token": "b", "logprob": -2.0}]}, finish_reason="stop"),
        {**IDENTITY, "choices": [], "citations": [{"index": 1}], "abstained": False, "trace": None},
    )
    fields = completion.fields()
    choice = fields["choices"][0]
    assert [token["token"] for token in choice["logprobs"]["content"]] == ["a", "b"]
    assert (choice["message"]["reasoning"], choice["message"]["content"]) == ("Hm.", "b")
    assert (fields["citations"], fields["abstained"]) == ([{"index": 1}], False)
    assert "trace" not in fields


def test_a_message_without_text_or_calls_has_no_content() -> None:
    assert read(chunk(0, {"role": "assistant"}, finish_reason="stop")).fields()["choices"][0]["message"]["content"] is None
    assert read(chunk(0, {"content": ""}, finish_reason="stop")).fields()["choices"][0]["message"]["content"] == ""


@pytest.mark.parametrize("broken", [None, "text", [], {"error": {"message": "EngineCore died"}}])
def test_a_stream_with_an_error_or_something_else_than_a_chunk_is_not_complete(broken: Any) -> None:
    assert not read(chunk(0, {"content": "a"}), broken).is_complete
    assert not read(chunk(0, {"content": "a"}), broken, chunk(0, {"content": "b"})).is_complete


def test_a_stream_without_an_answer_is_not_complete() -> None:
    assert not read().is_complete
    assert not read({**IDENTITY, "choices": [], "usage": {}}).is_complete
