"""Stored chat completions checked against the installed `openai` package: every method, every parameter of its types, every field of its
responses. These tests fail with a version of the package that has more.
"""

import ast
import typing
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from openai import OpenAI
from openai.resources.chat.completions import Completions, Messages
from openai.types.chat import ChatCompletionStoreMessage, CompletionListParams, CompletionUpdateParams
from openai.types.chat import completion_create_params as create_params
from openai.types.chat.completions import MessageListParams
from openai.types.completion_create_params import CompletionCreateParamsBase, CompletionCreateParamsStreaming

from services.generation.app import create_app
from services.generation.contracts.chat.engine_fields import ChatFields, CompletionFields
from services.generation.contracts.chat.messages import ContentPart
from services.generation.grounding.request import IGNORED
from services.generation.settings import GenerationSettings
from shared.settings import JobSettings
from tests.fake_engine import FakeEngine
from tests.fake_retrieval import FakeRetrieval
from tests.sdk_types import check, field_paths, sent_paths
from tests.serving import serving

NOT_ENDPOINTS = {"with_raw_response", "with_streaming_response", "messages"}
METADATA = {"task": "arms"}
NO_EFFECT = {"moderation", "prediction", "prompt_cache_options"}  # objects that ask for nothing that an answer could lack
VLLM = find_spec("vllm")
# vLLM's table has these for responses; its schema of a chat refuses the first two. The last is a Python object.
NOT_IN_CHATS = {"input_text", "output_text", "image_pil"}
REQUEST: Any = {"model": "tiny", "messages": [{"role": "user", "content": "How many arms?"}], "store": True, "metadata": METADATA}


@pytest.fixture
def sdk(tmp_path: Path) -> Iterator[OpenAI]:
    common = JobSettings(data=tmp_path, base_name="tiny", broker_url="memory://")
    with serving(FakeEngine().app()) as engine, serving(FakeRetrieval().app()) as retrieval:
        settings = GenerationSettings(common=common, engine_url=engine, retrieval_url=retrieval)
        with serving(create_app(settings)) as url, OpenAI(base_url=f"{url}/v1", api_key="none", max_retries=0, timeout=60) as client:
            yield client


def methods(resource: type) -> set[str]:
    return {name for name in vars(resource) if not name.startswith("_")} - NOT_ENDPOINTS


def check_messages(raw: Any) -> Any:
    """Check a list of messages. The SDK's type has only messages of an assistant, but OpenAI's API has those of the request."""
    parsed, wire = raw.parse(), raw.http_response.json()
    assert [set(ChatCompletionStoreMessage.model_fields) - set(item) for item in wire["data"]] == [set()]
    for item in wire["data"]:
        ChatCompletionStoreMessage.model_validate({**item, "role": "assistant"}, strict=True)
    return parsed


def test_every_method_of_the_sdk_works_and_has_every_field_of_its_types(sdk: OpenAI) -> None:
    chat, of_messages = sdk.chat.completions.with_raw_response, sdk.chat.completions.messages.with_raw_response
    id = chat.create(**REQUEST).parse().id
    sdk.chat.completions.parse(**REQUEST)
    with sdk.chat.completions.stream(**REQUEST) as stream:
        streamed = stream.get_final_completion()
    assert sdk.chat.completions.retrieve(streamed.id).choices[0].message.content == streamed.choices[0].message.content
    sdk.chat.completions.delete(streamed.id)  # the fake engine gives its choice no reason for the end
    results = {
        "retrieve": check(chat.retrieve(id)),
        "list": check(chat.list()),
        "update": check(chat.update(id, metadata=METADATA)),
        "messages.list": check_messages(of_messages.list(id)),
        "delete": check(chat.delete(id)),
    }
    assert len(results["list"].data) == 2
    named = {name.removeprefix("messages.") for name in results if name.startswith("messages.")}
    assert methods(Completions) - {"create", "parse", "stream"} == {name for name in results if "." not in name}
    assert methods(Messages) == named


def test_every_parameter_of_the_sdks_types_is_accepted(sdk: OpenAI) -> None:
    first, second = (sdk.chat.completions.create(**REQUEST).id for _ in range(2))
    chat = sdk.chat.completions.with_raw_response
    page: Any = {"limit": 2, "order": "desc"}
    lists: list[Any] = [{**page, "after": max(first, second), "model": "tiny", "metadata": METADATA}, {"metadata": None}]
    updates: list[Any] = [{"metadata": METADATA}, {"metadata": None}]
    of_messages: list[Any] = [{**page, "after": f"{first}-0"}]
    for params, call, examples in (
        (CompletionListParams, chat.list, lists),
        (CompletionUpdateParams, lambda **options: chat.update(first, **options), updates),
        (MessageListParams, lambda **options: sdk.chat.completions.messages.with_raw_response.list(first, **options), of_messages),
    ):
        assert {path for example in examples for path in sent_paths(example)} == field_paths(params), params
        for example in examples:
            assert call(**example).status_code == 200
    assert {"store", "metadata"} <= set(create_params.CompletionCreateParamsBase.__annotations__)


def test_a_null_as_filter_lists_those_without_metadata(sdk: OpenAI) -> None:
    marked = sdk.chat.completions.create(**REQUEST).id
    unmarked = sdk.chat.completions.create(**{**REQUEST, "metadata": None}).id
    assert [each.id for each in sdk.chat.completions.list(metadata=METADATA)] == [marked]
    assert [each.id for each in sdk.chat.completions.list(extra_query={"metadata": "null"})] == [unmarked]


def test_every_parameter_of_an_answer_has_its_type_checked_is_refused_or_has_no_effect() -> None:
    own = {"model", "messages", "modalities", "store", "metadata", *IGNORED}
    assert set(create_params.CompletionCreateParamsBase.__annotations__) - own - set(ChatFields.model_fields) == NO_EFFECT
    of_completions = set(CompletionCreateParamsBase.__annotations__) | set(CompletionCreateParamsStreaming.__annotations__)
    assert of_completions - {"model"} <= set(CompletionFields.model_fields)


@pytest.mark.skipif(VLLM is None, reason="vLLM is not installed")
def test_every_type_of_message_part_that_vllm_reads_is_accepted() -> None:
    source = Path(str(VLLM and VLLM.origin)).parent / "renderers" / "chat_utils.py"
    assignments = [node for node in ast.parse(source.read_text(encoding="utf-8")).body if isinstance(node, ast.AnnAssign)]
    [table] = [node.value for node in assignments if isinstance(node.target, ast.Name) and node.target.id == "MM_PARSER_MAP"]
    assert isinstance(table, ast.Dict)
    types = {key.value for key in table.keys if isinstance(key, ast.Constant)}
    [union, *_] = typing.get_args(ContentPart)
    accepted = {each for part in typing.get_args(union) for each in typing.get_args(part.model_fields["type"].annotation)}
    assert types - accepted == NOT_IN_CHATS
