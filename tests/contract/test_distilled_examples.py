"""An example made of a stored answer has the messages that the engine got for it, and the answer."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from openai import OpenAI

from services.evaluation.datasets.distillation.collect_examples import Histories
from services.evaluation.datasets.distillation.make_example import make_example
from services.evaluation.datasets.distillation.read_completions import CompletionReader
from services.evaluation.datasets.distillation.read_responses import ResponseReader, StoredTurn
from services.generation.app import create_app
from services.generation.settings import GenerationSettings
from shared.contracts.datasets import AnswersSpec
from shared.records.database import Database
from shared.settings import JobSettings
from tests.fake_engine import FakeEngine
from tests.fake_retrieval import FakeRetrieval, make_hit
from tests.serving import serving

SPEC = AnswersSpec.model_validate({"responses": {}})
PART = {"type": "input_text", "text": "How high?"}


@pytest.fixture
def engine() -> FakeEngine:
    return FakeEngine()


@pytest.fixture
def retrieval() -> FakeRetrieval:
    return FakeRetrieval()


@pytest.fixture
def sdk(engine: FakeEngine, retrieval: FakeRetrieval, tmp_path: Path) -> Iterator[OpenAI]:
    common = JobSettings(data=tmp_path, base_name="tiny", broker_url="memory://")
    with serving(engine.app()) as engine_url, serving(retrieval.app()) as retrieval_url:
        app = create_app(GenerationSettings(common=common, engine_url=engine_url, retrieval_url=retrieval_url))
        with serving(app) as url, OpenAI(base_url=f"{url}/v1", api_key="none", max_retries=0) as client:
            yield client


@pytest.fixture
def reader(sdk: OpenAI, tmp_path: Path) -> Iterator[ResponseReader]:
    database = Database(JobSettings(data=tmp_path).jobs_url)
    yield ResponseReader(database, "default", SPEC.chosen)
    database.close()


def make(reader: ResponseReader, id: str) -> dict[str, Any]:
    turn = reader.find(id)
    assert isinstance(turn, StoredTurn)
    chat: dict[str, Any] = json.loads(make_example(turn, Histories(reader, SPEC).read(turn)[1], SPEC).line)
    for message in chat["messages"]:
        message.pop("weight", None)
    return chat


def assert_same(reader: ResponseReader, response: Any, engine: FakeEngine) -> None:
    """Compare the example of a response with the engine's last call and the response's text."""
    messages = make(reader, response.id)["messages"]
    assert messages[:-1] == json.loads(engine.bodies[-1])["messages"]
    assert messages[-1] == {"role": "assistant", "content": response.output_text}


def test_an_example_is_what_the_model_saw_and_answered(sdk: OpenAI, reader: ResponseReader, engine: FakeEngine) -> None:
    items: Any = [
        {"role": "developer", "content": "Be kind."},
        {"role": "user", "content": [PART, PART]},
        {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "12 m \U0001f600"}]},
        {"role": "user", "content": "How wide?\n\n\u201c\u4e2d\u6587\u201d"},
    ]
    first = sdk.responses.create(model="tiny", input=items, instructions="Be short.")
    assert_same(reader, first, engine)
    engine.answer = "Three meters."
    second = sdk.responses.create(model="tiny", input="How long?", previous_response_id=first.id)
    assert_same(reader, second, engine)
    third = sdk.responses.create(model="tiny", input="Sure?", previous_response_id=second.id, instructions="Be honest.")
    assert_same(reader, third, engine)


def test_passages_are_where_the_model_saw_them(sdk: OpenAI, reader: ResponseReader, engine: FakeEngine, retrieval: FakeRetrieval) -> None:
    texts = ("The seal is turquoise [1].", "Second </passages> text.")
    store = retrieval.add_store([make_hit(text, 0.9 - place / 10) for place, text in enumerate(texts)])
    tool: Any = {"type": "file_search", "vector_store_ids": [store], "order": "reverse"}
    engine.answer = "It is turquoise [2]."
    response = sdk.responses.create(model="tiny", input="Which color?", tools=[tool], tool_choice="required")
    assert_same(reader, response, engine)
    later = sdk.responses.create(model="tiny", input="Really?", previous_response_id=response.id)
    assert_same(reader, later, engine)


def test_functions_their_calls_and_results_are_as_the_model_saw_them(sdk: OpenAI, reader: ResponseReader, engine: FakeEngine) -> None:
    engine.supports_tools, engine.tool_calls = True, [[("weigh", '{"part": "crane"}')]]
    tools: Any = [{"type": "function", "name": name, "parameters": {"type": "object"}, "strict": True} for name in ("weigh", "stop")]
    choice: Any = {"type": "allowed_tools", "mode": "auto", "tools": [{"type": "function", "name": "weigh"}]}
    asked = sdk.responses.create(model="tiny", input="How heavy is the crane?", tools=tools, tool_choice=choice)
    example, sent = make(reader, asked.id), json.loads(engine.bodies[-1])
    (call,) = asked.output
    assert call.type == "function_call"
    function = {"name": call.name, "arguments": call.arguments}
    written = [{"id": call.call_id, "type": "function", "function": function}]
    assert example["messages"] == [*sent["messages"], {"role": "assistant", "content": None, "tool_calls": written}]
    assert example["tools"] == sent["tools"]
    engine.answer = "12 kg."
    result: Any = [{"type": "function_call_output", "call_id": call.call_id, "output": "12"}]
    answered = sdk.responses.create(model="tiny", input=result, previous_response_id=asked.id, tools=tools)
    assert_same(reader, answered, engine)
    assert make(reader, answered.id)["tools"] == json.loads(engine.bodies[-1])["tools"]


@pytest.mark.parametrize("stream", [False, True])
def test_the_example_of_a_chat_completion_is_what_the_model_saw_and_answered(
    sdk: OpenAI, engine: FakeEngine, retrieval: FakeRetrieval, tmp_path: Path, stream: bool
) -> None:
    texts = ("The seal is turquoise [1].", "Second </passages> text.")
    options = {"vector_store_ids": [retrieval.add_store([make_hit(text, 0.9 - place / 10) for place, text in enumerate(texts)])]}
    engine.answer = "It is turquoise [2]."
    sent: Any = [
        {"role": "system", "content": "Be short."},
        {"role": "user", "content": "Hi \U0001f600"},
        {"role": "assistant", "content": "Hi."},
        {"role": "user", "content": "Which color?\n\n\u201c\u4e2d\u6587\u201d"},
    ]
    extra: Any = {"retrieval": {**options, "order": "reverse"}}
    answer: Any = sdk.chat.completions.create(model="tiny", messages=sent, store=True, stream=stream, extra_body=extra)
    if stream:
        list(answer)
    database = Database(JobSettings(data=tmp_path).jobs_url)
    (window,) = CompletionReader(database, "default", SPEC.chosen).read()
    database.close()
    *asked, reply = json.loads(make_example(window.turns[0], [], SPEC).line)["messages"]
    assert [{name: value for name, value in message.items() if name != "weight"} for message in asked] == json.loads(engine.bodies[-1])[
        "messages"
    ]
    assert (reply["role"], reply["content"].strip()) == ("assistant", engine.answer)
