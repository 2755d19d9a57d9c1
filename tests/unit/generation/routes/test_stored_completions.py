"""Stored chat completions over HTTP: what is stored, when, and how it is found again."""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from openai import BadRequestError, NotFoundError, OpenAI
from sqlalchemy import delete as sql_delete
from sqlalchemy import func, select

from shared.records.chat_completions import ChatCompletionMessage, StoredChatCompletion
from shared.records.database import Database
from shared.settings import JobSettings
from tests.fake_engine import FakeEngine
from tests.fake_retrieval import FakeRetrieval, make_hit
from tests.serving import DEADLINE
from tests.unit.generation.conftest import FrontDoor
from tests.unit.generation.routes.test_chat import make_body, raw_call

CHAT = "/v1/chat/completions"
PARTS = [{"type": "text", "text": "How many arms?"}, {"type": "text", "text": "Short."}]
MESSAGES: Any = [{"role": "system", "content": "Be kürz."}, {"role": "user", "name": "Ann", "content": PARTS}]
KEYS = {"keys": "red:red-key-1,blue:blue-key-1", "worker_key": "worker-key"}
TOOLS: Any = [{"type": "function", "function": {"name": "look", "parameters": {"type": "object", "properties": {}}}}]


@pytest.fixture
def stored(database: Database) -> Database:
    """The database without stored completions."""
    with database.session() as session:
        session.execute(sql_delete(StoredChatCompletion))
    return database


def count(database: Database) -> tuple[int, int]:
    with database.session() as session:
        tables = (StoredChatCompletion, ChatCompletionMessage)
        completions, messages = (session.scalar(select(func.count()).select_from(table)) or 0 for table in tables)
        return completions, messages


def create(sdk: OpenAI, text: str = "How many arms?", **options: Any) -> Any:
    fields = {"model": "tiny", "messages": [{"role": "user", "content": text}], "store": True, **options}
    return sdk.chat.completions.create(**fields)


def read_events(response: httpx.Response) -> list[Any]:
    lines = [event.removeprefix("data: ") for event in response.text.strip().split("\n\n")]
    assert lines[-1] == "[DONE]"
    return [json.loads(line) for line in lines[:-1]]


@pytest.mark.parametrize("store", [None, False])
def test_nothing_is_stored_unless_the_request_says_so(sdk: OpenAI, stored: Database, store: bool | None) -> None:
    create(sdk, store=store)
    sdk.chat.completions.create(model="tiny", messages=[{"role": "user", "content": "Hi"}])
    assert count(stored) == (0, 0)


def test_an_answer_is_stored_with_its_request_before_the_client_has_it(sdk: OpenAI, stored: Database, engine: FakeEngine) -> None:
    options = {"temperature": 0.25, "seed": 7, "tools": TOOLS, "tool_choice": "none", "user": "ann"}
    sent = create(sdk, messages=MESSAGES, metadata={"task": "arms"}, **options)
    found = sdk.chat.completions.retrieve(sent.id)
    assert found.model_dump(exclude={"metadata", "moderation"}, exclude_unset=True).items() >= sent.model_dump(exclude_unset=True).items()
    assert (found.metadata, found.choices[0].message.content) == ({"task": "arms"}, "How many arms? Short.")
    extra = found.model_extra or {}
    assert extra.items() >= {"temperature": 0.25, "seed": 7, "tools": TOOLS, "tool_choice": "none", "input_user": "ann"}.items()
    assert extra["top_p"] is extra["response_format"] is None
    messages = sdk.chat.completions.messages.list(sent.id).data
    assert [message.id for message in messages] == [f"{sent.id}-0", f"{sent.id}-1"]
    assert [(message.role, message.content) for message in messages] == [("system", "Be kürz."), ("user", "How many arms?\nShort.")]
    assert messages[0].content_parts is None
    assert [part.to_dict() for part in messages[1].content_parts or []] == PARTS
    assert (messages[1].model_extra or {})["name"] == "Ann"


def test_a_large_image_in_a_message_is_stored_as_it_was_sent(sdk: OpenAI, stored: Database) -> None:
    image = {"type": "image_url", "image_url": {"url": "data:image/png;base64," + "iVBORw0KGgo" * 80_000}}
    sent = create(sdk, messages=[{"role": "user", "content": [{"type": "text", "text": "What is it?"}, image]}])
    (message,) = sdk.chat.completions.messages.list(sent.id).data
    assert message.content == "What is it?"
    assert [part.to_dict() for part in message.content_parts or []][1] == image


def test_the_engine_gets_neither_store_nor_metadata(sdk: OpenAI, engine: FakeEngine, stored: Database) -> None:
    create(sdk, metadata={"a": "b"}, extra_body={"unknown_to_us": 1.5})
    message = {"role": "user", "content": "How many arms?"}
    assert json.loads(engine.bodies[0]) == {"model": "tiny", "messages": [message], "unknown_to_us": 1.5}


def test_answers_to_the_same_request_id_have_ids_of_their_own(http: httpx.Client, stored: Database) -> None:
    body = {"model": "tiny", "messages": [{"role": "user", "content": "Hi"}], "store": True}
    ids = {http.post(CHAT, json=body, headers={"X-Request-ID": "same"}).json()["id"] for _ in range(2)}
    assert len(ids) == 2
    assert count(stored) == (2, 2)


@pytest.mark.parametrize("asks_for_usage", [False, True])
@pytest.mark.parametrize("piece_bytes", [0, 7])
def test_a_stream_is_stored_as_the_plain_answer_would_be(
    sdk: OpenAI, stored: Database, engine: FakeEngine, asks_for_usage: bool, piece_bytes: int
) -> None:
    engine.piece_bytes = piece_bytes
    options: dict[str, Any] = {"stream_options": {"include_usage": True}} if asks_for_usage else {}
    chunks = list(create(sdk, "fünf Arme", stream=True, metadata={"task": "arms"}, **options))
    assert [chunk.usage is not None for chunk in chunks if not chunk.choices] == ([True] if asks_for_usage else [])
    (id,) = {chunk.id for chunk in chunks}
    found = sdk.chat.completions.retrieve(id)
    assert found.choices[0].message.content == "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
    assert found.usage and found.usage.completion_tokens == 1
    assert (found.object, found.created, found.metadata) == ("chat.completion", chunks[0].created, {"task": "arms"})


def test_a_streamed_function_call_is_stored_whole(sdk: OpenAI, stored: Database, engine: FakeEngine) -> None:
    engine.supports_tools, engine.tool_calls = True, [[("look", '{"at": "arms"}'), ("look", "{}")]]
    chunks = list(create(sdk, tools=TOOLS, tool_choice="auto", stream=True))
    message = sdk.chat.completions.retrieve(chunks[0].id).choices[0].message
    calls: list[Any] = message.tool_calls or []
    made = [(call.id, call.function.name, call.function.arguments) for call in calls]
    assert made == [("call_0", "look", '{"at": "arms"}'), ("call_1", "look", "{}")]
    assert message.content is None


@pytest.mark.parametrize("stream", [False, True])
def test_an_answer_from_documents_is_stored_with_its_citations_and_the_question_as_it_was_asked(
    sdk: OpenAI, stored: Database, retrieval: FakeRetrieval, stream: bool
) -> None:
    retrieval.add_store([make_hit("Arms: two.", 0.9, title="Handbook")])
    answer = create(sdk, stream=stream, extra_body={"retrieval": {"vector_store_ids": ["vs_a"]}})
    sent = list(answer) if stream else [answer]
    found = sdk.chat.completions.retrieve(sent[0].id)
    assert (found.model_extra or {})["citations"] == (sent[-1].model_extra or {})["citations"] != []
    assert sdk.chat.completions.messages.list(found.id).data[0].content == "How many arms?"


@pytest.mark.parametrize("stream", [False, True])
def test_an_abstention_is_stored(sdk: OpenAI, stored: Database, retrieval: FakeRetrieval, engine: FakeEngine, stream: bool) -> None:
    retrieval.add_store([])
    answer = create(sdk, stream=stream, n=2, extra_body={"retrieval": {"vector_store_ids": ["vs_a"], "on_empty": "abstain"}})
    found = sdk.chat.completions.retrieve((list(answer) if stream else [answer])[0].id)
    assert [(choice.index, choice.finish_reason) for choice in found.choices] == [(0, "stop"), (1, "stop")]
    assert (found.model_extra or {})["abstained"] is True
    assert engine.bodies == []


@pytest.mark.parametrize("failure", ["sends_error", "sends_invalid_json", "disconnects", "stops"])
def test_a_stream_that_fails_is_not_stored(http: httpx.Client, stored: Database, engine: FakeEngine, failure: str) -> None:
    setattr(engine, failure, True)
    body = {"model": "tiny", "messages": [{"role": "user", "content": "Hi"}], "store": True, "stream": True}
    assert http.post(CHAT, json=body).status_code == 200
    assert count(stored) == (0, 0)


def test_an_answer_that_the_engine_refuses_is_not_stored(http: httpx.Client, stored: Database) -> None:
    body = {"model": "tiny", "messages": [{"role": "user", "content": "Hi " * 5000}], "store": True}
    assert http.post(CHAT, json=body).status_code == 400
    assert count(stored) == (0, 0)


@pytest.mark.parametrize("stream", [False, True])
def test_an_answer_whose_client_disconnects_is_not_stored(front_door: str, stored: Database, engine: FakeEngine, stream: bool) -> None:
    engine.hangs = True
    with raw_call(front_door, make_body("one", store=True, stream=stream)) as connection:
        assert engine.started.wait(DEADLINE)
        assert not stream or connection.recv(10)
    assert engine.aborted.wait(DEADLINE)
    assert count(stored) == (0, 0)


@pytest.mark.parametrize(
    ("fields", "param", "problem"),
    [
        ({"store": "yes"}, "store", "must be a boolean"),
        ({"store": 1}, "store", "must be a boolean"),
        ({"store": True, "metadata": {str(number): "" for number in range(17)}}, "metadata", "at most 16"),
        ({"store": True, "metadata": {"k" * 65: ""}}, f"metadata.{'k' * 65}", "64"),
        ({"store": True, "metadata": {"key": "v" * 513}}, "metadata.key", "512"),
        ({"store": True, "metadata": {"key": 5}}, "metadata.key", "must be a string"),
        ({"store": True, "metadata": []}, "metadata", "must be an object"),
        ({"metadata": {"a": "b"}}, "metadata", "requires 'store' to be true"),
        ({"store": False, "metadata": {"a": "b"}}, "metadata", "requires 'store' to be true"),
        ({"store": True, "messages": [{"role": "user", "content": "a\0b"}]}, "messages[0].content", "NUL"),
    ],
)
@pytest.mark.parametrize("stream", [False, True])
def test_what_cannot_be_stored_is_refused_before_the_engine_is_asked(
    http: httpx.Client, engine: FakeEngine, fields: dict[str, Any], param: str, problem: str, stream: bool
) -> None:
    body = {"model": "tiny", "messages": [{"role": "user", "content": "Hi"}], "stream": stream, **fields}
    response = http.post(CHAT, json=body)
    error = response.json()["error"]
    assert (response.status_code, error["param"]) == (400, param)
    assert problem in error["message"]
    assert engine.bodies == []


def test_null_means_the_default(http: httpx.Client, stored: Database) -> None:
    body = {"model": "tiny", "messages": [{"role": "user", "content": "Hi"}], "store": None, "metadata": None}
    assert http.post(CHAT, json=body).status_code == 200
    assert http.post(CHAT, json={**body, "store": True}).status_code == 200
    assert count(stored) == (1, 1)


def test_a_list_has_the_oldest_first_and_can_be_filtered(sdk: OpenAI, stored: Database) -> None:
    marks: list[Any] = [None, {"task": "a"}, {"task": "a", "odd[key] \"'ü": "1"}, {"task": "b"}]
    ids = [create(sdk, metadata=mark).id for mark in marks]
    with stored.session() as session:
        for place, id in enumerate(ids):
            session.get_one(StoredChatCompletion, id).created_at = place
        session.get_one(StoredChatCompletion, ids[3]).model = "other"

    def list_ids(**options: Any) -> list[str]:
        return [each.id for each in sdk.chat.completions.list(limit=2, **options)]

    assert list_ids() == ids
    assert list_ids(order="desc") == ids[::-1]
    assert list_ids(after=ids[1]) == ids[2:]
    assert list_ids(metadata={"task": "a"}) == ids[1:3]
    assert list_ids(metadata=marks[2]) == [ids[2]]
    assert list_ids(model="other") == [ids[3]]
    assert list_ids(model="tiny", metadata={"task": "b"}) == []
    assert list_ids(extra_query={"metadata": "null"}) == [ids[0]]


def test_only_the_metadata_can_be_updated(sdk: OpenAI, http: httpx.Client, stored: Database) -> None:
    sent = create(sdk, metadata={"task": "a", "old": "1"})
    assert sdk.chat.completions.update(sent.id, metadata={"task": "b"}).metadata == {"task": "b"}
    assert sdk.chat.completions.retrieve(sent.id).metadata == {"task": "b"}
    assert sdk.chat.completions.update(sent.id, metadata=None).metadata == {}
    assert [each.id for each in sdk.chat.completions.list(extra_query={"metadata": "null"})] == [sent.id]
    for body, param in (({}, "metadata"), ({"metadata": {}, "model": "x"}, "model"), ({"metadata": {"a": 1}}, "metadata.a")):
        response = http.post(f"{CHAT}/{sent.id}", json=body)
        assert (response.status_code, response.json()["error"]["param"]) == (400, param)


def test_a_deleted_completion_is_gone_with_its_messages(sdk: OpenAI, stored: Database) -> None:
    sent = create(sdk, messages=MESSAGES)
    deleted = sdk.chat.completions.delete(sent.id)
    assert deleted.to_dict() == {"id": sent.id, "object": "chat.completion.deleted", "deleted": True}
    assert count(stored) == (0, 0)
    for call in (
        sdk.chat.completions.retrieve,
        sdk.chat.completions.delete,
        sdk.chat.completions.messages.list,
        lambda name: sdk.chat.completions.update(name, metadata={}),
    ):
        with pytest.raises(NotFoundError) as raised:
            call(sent.id)
        assert raised.value.param == "completion_id"


def test_messages_are_listed_in_the_order_of_the_conversation(sdk: OpenAI, stored: Database) -> None:
    chat: Any = [{"role": "user", "content": str(number)} for number in range(12)]
    sent = create(sdk, messages=chat)
    messages = sdk.chat.completions.messages

    def read(**options: Any) -> list[str | None]:
        return [message.content for message in messages.list(sent.id, limit=5, **options)]

    assert read() == [str(number) for number in range(12)]
    assert read(order="desc") == [str(number) for number in reversed(range(12))]
    assert read(after=f"{sent.id}-9") == ["10", "11"]
    with pytest.raises(BadRequestError) as raised:
        messages.list(sent.id, after="other-1")
    assert raised.value.param == "after"


def test_a_project_has_none_of_another(open_front_door: FrontDoor) -> None:
    with open_front_door(common=KEYS) as url:
        red, blue = (OpenAI(base_url=f"{url}/v1", api_key=key, max_retries=0) for key in ("red-key-1", "blue-key-1"))
        id = create(red, metadata={"a": "b"}).id
        assert [each.id for each in red.chat.completions.list()] == [id]
        assert blue.chat.completions.list().data == []
        for call in (blue.chat.completions.retrieve, blue.chat.completions.delete, blue.chat.completions.messages.list):
            with pytest.raises(NotFoundError):
                call(id)
        with pytest.raises(NotFoundError):
            blue.chat.completions.update(id, metadata={})
        assert red.chat.completions.retrieve(id).metadata == {"a": "b"}
        red.close()
        blue.close()


@pytest.mark.parametrize("stream", [False, True])
def test_an_answer_that_cannot_be_stored_is_an_error_and_no_answer(
    open_front_door: FrontDoor, engine: FakeEngine, tmp_path: Path, stream: bool
) -> None:
    with open_front_door(data=tmp_path) as url, httpx.Client(base_url=url, timeout=60) as http:
        database = Database(JobSettings(data=tmp_path).jobs_url)
        with database.engine.begin() as connection:
            connection.exec_driver_sql("alter table chat_completions rename to away")
        database.close()
        body = {"model": "tiny", "messages": [{"role": "user", "content": "Hi"}], "stream": stream}
        response = http.post(CHAT, json={**body, "store": True})
        assert http.post(CHAT, json=body).status_code == 200
    assert response.status_code == (200 if stream else 503)
    error = (read_events(response)[-1] if stream else response.json())["error"]
    assert "The database does not respond" in error["message"]
