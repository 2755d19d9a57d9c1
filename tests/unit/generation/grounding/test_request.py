import ast
import json
from collections.abc import AsyncIterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import anyio
import pytest

from services.generation.contracts.chat.engine_fields import ChatFields, EngineFields
from services.generation.grounding.request import CHAT, COMPLETIONS, NEVER_NULL, GenerationRequest, question, read_request
from shared.errors import InvalidRequest, TooLarge

HELLO = b'"messages": [{"role": "user", "content": "Hi"}],'


def read_body(*chunks: bytes, max_bytes: int = 1000, path: str = CHAT) -> GenerationRequest:
    async def stream() -> AsyncIterator[bytes]:
        for chunk in chunks:
            yield chunk

    async def run() -> GenerationRequest:
        return await read_request(stream(), path, max_bytes)

    return anyio.run(run)


def make_request(path: str = CHAT, **fields: Any) -> GenerationRequest:
    return GenerationRequest(path, b"", {"model": "tiny", **fields}, "tiny", None)


def chat(*messages: tuple[str, Any]) -> GenerationRequest:
    return make_request(messages=[{"role": role, "content": content} for role, content in messages])


def test_the_body_is_not_changed() -> None:
    request = read_body(b'{"model" : "tiny",' + HELLO, b' "x": 1.50}')
    assert request.body == b'{"model" : "tiny",' + HELLO + b' "x": 1.50}'
    assert (request.model, request.retrieval, request.path) == ("tiny", None, CHAT)


@pytest.mark.parametrize("path", [CHAT, COMPLETIONS])
def test_nulls_that_the_engine_refuses_are_left_out(path: str) -> None:
    prompt = HELLO if path == CHAT else b'"prompt": "\xc3\xa9",'
    refused = b"".join(b'"%s": null,' % name for name in (b"n", b"min_tokens", b"priority", b"bad_words", b"echo", b"use_beam_search"))
    request = read_body(b"{" + prompt + refused + b'"stop": null, "seed": 5, "model": "tiny"}', path=path)
    assert json.loads(request.body) == request.fields == json.loads(b"{" + prompt + b'"stop": null, "seed": 5, "model": "tiny"}')


@pytest.mark.skipif(find_spec("vllm") is None, reason="vLLM is not installed")
@pytest.mark.parametrize(("file", "name"), [("chat_completion", "ChatCompletionRequest"), ("completion", "CompletionRequest")])
def test_every_field_that_vllm_refuses_as_null_is_left_out(file: str, name: str) -> None:
    """Fields with a default that is not null, and a type without null. Those that are not checked here are the engine's alone."""
    vllm = Path(str((found := find_spec("vllm")) and found.origin)).parent
    source = (vllm / "entrypoints" / "openai" / file / "protocol.py").read_text(encoding="utf-8")
    [body] = [node.body for node in ast.parse(source).body if isinstance(node, ast.ClassDef) and node.name == name]
    fields = {
        node.target.id: ast.unparse(node.annotation)
        for node in body
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)
    }
    never_null = {field for field, annotation in fields.items() if annotation in ("bool", "int", "float", "list[str]")}
    known = set(EngineFields.model_fields) | set(ChatFields.model_fields)
    assert never_null & known <= NEVER_NULL


def test_the_retrieval_options_are_read() -> None:
    request = read_body(b"{" + HELLO + b'"model": "tiny", "retrieval": {"vector_store_ids": ["vs_1"], "max_num_results": 3}}')
    assert request.retrieval is not None
    assert (request.retrieval.vector_store_ids, request.retrieval.max_num_results) == (["vs_1"], 3)


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"nonsense", b'{"model": "tiny"', b"\xff\xfe", b'{"a": "\xff"}', b"[" * 900],
)
def test_a_body_that_is_not_json_is_refused(body: bytes) -> None:
    with pytest.raises(InvalidRequest) as raised:
        read_body(body)
    assert raised.value.code == "invalid_json"


@pytest.mark.parametrize("body", [b"[]", b'"text"', b"1", b"null"])
def test_a_body_that_is_not_an_object_is_refused(body: bytes) -> None:
    with pytest.raises(InvalidRequest, match="The request body must be an object") as raised:
        read_body(body)
    assert raised.value.code == "invalid_type"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"{}", "missing_required_parameter"),
        (b'{"model": null}', "invalid_type"),
        (b'{"model": 5}', "invalid_type"),
        (b'{"model": ["tiny"]}', "invalid_type"),
        (b'{"model": ""}', "string_below_min_length"),
        (b'{"model": "a\\u0000"}', "invalid_value"),
        (b'{"model": "\\ud800"}', "invalid_value"),
    ],
)
def test_a_body_without_a_usable_model_is_refused_for_what_is_wrong_with_it(body: bytes, code: str) -> None:
    with pytest.raises(InvalidRequest) as raised:
        read_body(body)
    assert (raised.value.param, raised.value.code) == ("model", code)


@pytest.mark.parametrize(
    ("options", "param"),
    [
        (b"true", "retrieval"),
        (b"{}", "retrieval.vector_store_ids"),
        (b'{"vector_store_ids": []}', "retrieval.vector_store_ids"),
        (b'{"vector_store_ids": ["a"], "max_num_result": 3}', "retrieval.max_num_result"),
        (b'{"vector_store_ids": ["a"], "search_mode": "best"}', "retrieval.search_mode"),
    ],
)
def test_invalid_options_are_refused_with_their_path(options: bytes, param: str) -> None:
    with pytest.raises(InvalidRequest) as raised:
        read_body(b'{"model": "tiny", "retrieval": ' + options + b"}")
    assert raised.value.param == param


@pytest.mark.parametrize("path", [CHAT, COMPLETIONS])
@pytest.mark.parametrize(
    ("name", "value", "predicate"),
    [
        ("stream", b'"yes"', 'must be a boolean; got the string "yes"'),
        ("stream", b"1", "must be a boolean; got the number 1"),
        ("max_tokens", b"true", "must be an integer; got true"),
        ("max_tokens", b'"5"', 'must be an integer; got the string "5"'),
        ("n", b"true", "must be an integer; got true"),
        ("seed", b"true", "must be an integer; got true"),
        ("temperature", b"true", "must be a number; got true"),
        ("temperature", b'"0.7"', 'must be a number; got the string "0.7"'),
        ("top_p", b"true", "must be a number; got true"),
        ("presence_penalty", b"true", "must be a number; got true"),
        ("frequency_penalty", b"true", "must be a number; got true"),
    ],
)
def test_a_type_that_the_engine_would_convert_is_refused(path: str, name: str, value: bytes, predicate: str) -> None:
    with pytest.raises(InvalidRequest) as raised:
        read_body(b'{"model": "tiny", "' + name.encode() + b'": ' + value + b"}", path=path)
    assert (raised.value.message, raised.value.param, raised.value.code) == (f"'{name}' {predicate}.", name, "invalid_type")


def test_a_chat_with_another_type_for_the_number_of_tokens_is_refused() -> None:
    with pytest.raises(InvalidRequest) as raised:
        read_body(b'{"model": "tiny", "max_completion_tokens": true}')
    assert (raised.value.param, raised.value.code) == ("max_completion_tokens", "invalid_type")


def test_a_chat_without_messages_is_refused() -> None:
    with pytest.raises(InvalidRequest) as raised:
        read_body(b'{"model": "tiny"}')
    assert (raised.value.message, raised.value.param) == ("'messages' is required.", "messages")
    assert raised.value.code == "missing_required_parameter"


@pytest.mark.parametrize(("value", "got"), [(b"null", "null"), (b"5", "the number 5"), (b'"Hi"', 'the string "Hi"'), (b"{}", "an object")])
def test_messages_that_are_no_list_are_refused(value: bytes, got: str) -> None:
    with pytest.raises(InvalidRequest) as raised:
        read_body(b'{"model": "tiny", "messages": ' + value + b"}")
    assert (raised.value.message, raised.value.param) == (f"'messages' must be a list; got {got}.", "messages")
    assert raised.value.code == "invalid_type"


@pytest.mark.parametrize("value", [b"null", b"5.0", b"5", b"1" + b"0" * 30])
@pytest.mark.parametrize("name", [b"max_tokens", b"max_completion_tokens", b"seed"])
def test_a_limit_that_depends_on_the_engine_is_left_to_it(name: bytes, value: bytes) -> None:
    body = b"{" + HELLO + b'"model": "tiny", "stream": null, "' + name + b'": ' + value + b"}"
    assert read_body(body).body == body


def test_a_whole_number_is_a_token() -> None:
    body = b"{" + HELLO + b'"model": "tiny", "allowed_token_ids": [2, 3.0]}'
    assert read_body(body).body == body


@pytest.mark.parametrize("prompt", [b"null", b'""', b"[]"])
def test_embeddings_of_a_prompt_need_no_prompt(prompt: bytes) -> None:
    body = b'{"model": "tiny", "prompt": ' + prompt + b', "prompt_embeds": ["AA=="]}'
    assert read_body(body, path=COMPLETIONS).body == body


def test_a_body_over_the_limit_is_refused_before_its_end() -> None:
    with pytest.raises(TooLarge):
        read_body(b"x" * 600, b"x" * 600, b"never read", max_bytes=1000)


def test_if_a_field_appears_twice_the_engine_and_tandem_read_the_same_value() -> None:
    body = b"{" + HELLO + b'"model": "tiny", "mod\\u0065l": "../../other"}'
    assert read_body(body).model == json.loads(body)["model"] == "../../other"


@pytest.mark.parametrize("content", ["Why?", [{"type": "text", "text": "Why?"}, {"type": "image_url", "image_url": {"url": "data:,"}}]])
def test_the_question_is_the_text_of_the_last_user_message(content: Any) -> None:
    assert question(chat(("user", "Hi"), ("assistant", "Hello"), ("user", content), ("tool", "2"))) == "Why?"


@pytest.mark.parametrize(
    ("request_", "param", "subject"),
    [
        (chat(("user", "x" * 2_000_001), ("assistant", "Hello")), "messages", "the last user message"),
        (GenerationRequest(COMPLETIONS, b"", {"prompt": "x" * 2_000_001}, "tiny", None), "prompt", "'prompt'"),
    ],
)
def test_a_question_has_at_most_as_many_characters_as_a_prompt(request_: GenerationRequest, param: str, subject: str) -> None:
    with pytest.raises(InvalidRequest) as raised:
        question(request_)
    assert raised.value.message == f"With 'retrieval', {subject} must have at most 2,000,000 characters; got 2,000,001."
    assert (raised.value.param, raised.value.code) == (param, "string_above_max_length")


@pytest.mark.parametrize(
    "request_without_question",
    [
        chat(("system", "x")),
        chat(("user", "  ")),
        chat(("user", None)),
        make_request(),
        make_request(messages="Hi"),
        make_request(messages=["Hi"]),
    ],
)
def test_a_chat_without_a_question_is_refused(request_without_question: GenerationRequest) -> None:
    with pytest.raises(InvalidRequest) as raised:
        question(request_without_question)
    assert raised.value.param == "messages"


@pytest.mark.parametrize("value", [None, ["a", "b"], [1, 2], ""])
def test_a_completion_with_documents_needs_one_prompt_string(value: Any) -> None:
    with pytest.raises(InvalidRequest) as raised:
        question(make_request(COMPLETIONS, prompt=value))
    assert raised.value.param == "prompt"
