"""The front door takes what the run of an eval asks, and its answers and stored answers are read as they are meant."""

import asyncio
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from openai import OpenAI

from services.evaluation.evals.rows.row import Row
from services.evaluation.evals.rows.stored_answers import AnswerReader
from services.evaluation.evals.sampling.ask import Asked, make_asker
from services.evaluation.evals.sampling.describe_sample import describe_sample
from services.evaluation.evals.sampling.shapes import read_shape
from services.generation.app import create_app
from services.generation.settings import GenerationSettings
from shared.contracts.evals.data_sources import Responses, StoredCompletions
from shared.records.database import Database
from shared.settings import JobSettings
from shared.workers.api_client import open_api_client
from tests.fake_engine import FakeEngine
from tests.fake_retrieval import FakeRetrieval, make_hit
from tests.serving import serving
from tests.unit.evaluation.evals.cases import ask_about, make_spec

SEARCH = {"type": "file_search", "vector_store_ids": ["vs_a"]}
FUNCTION = {"name": "look", "description": "Looks.", "parameters": {"type": "object", "properties": {}}}
SCHEMA = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
TRAJECTORY: list[dict[str, Any]] = [
    {"role": "system", "content": "Be kind."},
    {"role": "user", "content": "Look."},
    {
        "role": "assistant",
        "content": None,
        "tool_calls": [{"id": "call_1", "type": "function", "function": {"name": "look", "arguments": "{}"}}],
    },
    {"role": "tool", "tool_call_id": "call_1", "content": "A parrot."},
    {"role": "user", "content": "What was it?"},
]


@dataclass
class FrontDoor:
    """The front door between an engine and retrieval."""

    url: str
    sdk: OpenAI
    engine: FakeEngine
    retrieval: FakeRetrieval
    data: Path

    def ask(self, item: dict[str, Any], content: Any = "{{item.q}}", **changes: Any) -> Asked:
        """Ask as the run of an eval does."""

        async def ask() -> Asked:
            async with open_api_client(self.url, None, "default", 60.0) as api:
                asker = make_asker(make_spec(ask_about([item], content, **{"model": "tiny", **changes})), api, 0.0)
                assert asker
                return await asker.ask(item)

        return asyncio.run(ask())

    def read_rows(self, kind: str, **filters: Any) -> list[Row]:
        """Return the rows of stored answers."""
        source = {"type": "responses" if kind == "responses" else "stored_completions", **filters}
        spec = make_spec({"type": kind, "source": source})
        database = Database(JobSettings(data=self.data).jobs_url)
        parsed = spec.data_source.source
        assert isinstance(parsed, Responses | StoredCompletions)
        rows = list(AnswerReader(database, "default", int(time.time()) + 1).read(parsed, spec, None))
        database.close()
        return rows

    def sent(self) -> dict[str, Any]:
        """Return the last body that the engine got."""
        body: dict[str, Any] = json.loads(self.engine.bodies[-1])
        return body


@pytest.fixture
def front_door(tmp_path: Path) -> Iterator[FrontDoor]:
    engine, retrieval = FakeEngine(), FakeRetrieval()
    retrieval.add_store([make_hit("Paris is the capital of France.", 0.9)])
    common = JobSettings(data=tmp_path, base_name="tiny", broker_url="memory://")
    with serving(engine.app()) as engine_url, serving(retrieval.app()) as retrieval_url:
        app = create_app(GenerationSettings(common=common, engine_url=engine_url, retrieval_url=retrieval_url))
        with serving(app) as url, OpenAI(base_url=f"{url}/v1", api_key="none", max_retries=0) as sdk:
            yield FrontDoor(url, sdk, engine, retrieval, tmp_path)


def test_a_completion_is_asked_with_all_sampling_parameters(front_door: FrontDoor) -> None:
    schema = {"type": "json_schema", "json_schema": {"name": "city", "schema": SCHEMA}}
    sampling = {"temperature": 0.5, "top_p": 0.9, "seed": 3, "max_completions_tokens": 50, "response_format": schema}
    front_door.engine.answer = '{"city": "Paris"}'
    asked = front_door.ask({"q": "Where?"}, sampling_params={**sampling, "tools": [{"type": "function", "function": FUNCTION}]})
    assert (asked.failure, asked.shape and asked.shape["output_text"]) == (None, '{"city": "Paris"}')
    sent = front_door.sent()
    assert (sent["temperature"], sent["top_p"], sent["seed"], sent["max_completion_tokens"]) == (0.5, 0.9, 3, 50)
    assert sent["tools"][0]["function"]["name"] == "look"
    assert asked.sample.usage is not None
    assert asked.sample.usage.total_tokens > 0


def test_a_completion_from_documents_brings_the_passages(front_door: FrontDoor) -> None:
    asked = front_door.ask({"q": "What is the capital?"}, retrieval={"vector_store_ids": ["vs_a"]})
    assert asked.failure is None
    assert asked.sample.retrieved
    assert (asked.sample.retrieved[0]["file_id"], asked.sample.retrieved[0]["text"]) == ("file-a", "Paris is the capital of France.")


def test_a_response_with_a_file_search_brings_the_passages_and_is_not_stored(front_door: FrontDoor) -> None:
    sampling = {"tools": [SEARCH], "temperature": 0, "text": {"format": {"type": "text"}}, "max_completion_tokens": 60}
    asked = front_door.ask({"q": "What is the capital?"}, type="responses", sampling_params=sampling)
    assert (asked.failure, asked.sample.finish_reason) == (None, "stop")
    assert asked.sample.retrieved
    assert asked.sample.retrieved[0]["text"] == "Paris is the capital of France."
    assert front_door.read_rows("responses") == []


@pytest.mark.parametrize("kind", ["completions", "responses"])
def test_a_trajectory_with_calls_of_tools_reaches_the_engine_the_same_over_both_apis(kind: str, front_door: FrontDoor) -> None:
    messages = {"type": "item_reference", "item_reference": "item.trajectory"}
    asked = front_door.ask({"trajectory": TRAJECTORY}, type=kind, input_messages=messages)
    assert asked.failure is None
    sent = [{name: value for name, value in message.items() if value is not None} for message in front_door.sent()["messages"]]
    assert sent == [{name: value for name, value in message.items() if value is not None} for message in TRAJECTORY]


def test_a_call_of_a_tool_in_a_response_has_the_shape_of_a_chat(front_door: FrontDoor) -> None:
    front_door.engine.supports_tools, front_door.engine.tool_calls = True, [[("look", '{"at": "sky"}')]]
    asked = front_door.ask({"q": "Look."}, type="responses", sampling_params={"tools": [{"type": "function", **FUNCTION}]})
    assert asked.shape is not None
    assert asked.shape["output_tools"][0]["function"] == {"name": "look", "arguments": '{"at": "sky"}'}
    assert asked.sample.finish_reason == "tool_calls"


def test_a_developer_is_a_system_to_the_engine(front_door: FrontDoor) -> None:
    template = [{"role": "developer", "content": "Be kind."}, {"role": "user", "content": "{{item.q}}"}]
    for kind in ("completions", "responses"):
        asked = front_door.ask({"q": "Hi"}, type=kind, input_messages={"type": "template", "template": template})
        assert [message.role for message in asked.sample.input] == ["developer", "user"]
        assert [message["role"] for message in front_door.sent()["messages"]] == ["system", "user"]


def test_a_stored_response_is_a_row_with_the_conversation(front_door: FrontDoor) -> None:
    first = front_door.sdk.responses.create(model="tiny", input="one", metadata={"task": "a"})
    front_door.sdk.responses.create(
        model="tiny", input="two", previous_response_id=first.id, instructions="Be brief.", metadata={"task": "b"}, temperature=0.5
    )
    (row,) = front_door.read_rows("responses", metadata={"task": "b"}, temperature=0.5, instructions_search="BRIEF")
    assert row.item["input"] == [
        {"role": "system", "content": "Be brief."}, {"role": "user", "content": "one"}, {"role": "assistant", "content": "one "},
        {"role": "user", "content": "two"},
    ]  # fmt: skip
    assert (row.item["output_text"], row.item["metadata"], row.item["model"]) == ("two ", {"task": "b"}, "tiny")


def test_a_stored_chat_completion_is_a_row_with_its_messages_and_parameters(front_door: FrontDoor) -> None:
    chat = front_door.sdk.chat.completions
    for task in ("a", "b"):
        asked: Any = [{"role": "system", "content": "Be kind."}, {"role": "user", "content": f"task {task}"}]
        chat.create(model="tiny", messages=asked, store=True, metadata={"task": task}, temperature=0.5, seed=3, max_completion_tokens=9)
    chat.create(model="tiny", messages=[{"role": "user", "content": "not stored"}])
    assert len(front_door.read_rows("completions")) == 2
    (row,) = front_door.read_rows("completions", metadata={"task": "b"}, model="tiny")
    assert row.item["input"] == [{"role": "system", "content": "Be kind."}, {"role": "user", "content": "task b"}]
    assert (row.item["output_text"], row.item["instructions"], row.item["metadata"]) == ("task b", "Be kind.", {"task": "b"})
    assert row.sample is not None
    shown = describe_sample(read_shape(row.sample), {})
    assert (shown.temperature, shown.seed, shown.max_completion_tokens, shown.output[0].content) == (0.5, 3, 9, "task b")
    assert shown.usage is not None
    assert [message.content for message in shown.input] == ["Be kind.", "task b"]
