"""An error in a stream is as short as one in a body, however much of the request the engine repeats."""

import json
from typing import Any

import httpx
import pytest
from openai import OpenAI

from services.generation.answers.stored.completions import ChatCompletionStore
from services.generation.jobs.validation import validate
from shared.errors import InvalidRequest, Unavailable
from tests.fake_engine import FakeEngine
from tests.fake_retrieval import FakeRetrieval, make_hit
from tests.serving import wait_until

VALUE = "v" * 1_000_000
TEXT = f"'{VALUE}' is no value. Send another."
SHORT = f"'{'v' * 100}…' is no value. Send another."
MESSAGES = [{"role": "user", "content": "one two"}]
CONSTRAINED = {"response_format": {"type": "json_object"}}
CHAT = "/v1/chat/completions"


def events_of(response: httpx.Response) -> list[Any]:
    assert response.status_code == 200
    data = [line.removeprefix("data: ") for line in response.text.splitlines() if line.startswith("data: ")]
    return [json.loads(each) for each in data if each != "[DONE]"]


@pytest.mark.parametrize("piece_bytes", [0, 999])
@pytest.mark.parametrize("fields", [{}, CONSTRAINED, {"store": True}, {"retrieval": {"vector_store_ids": ["vs_a"]}}])
def test_an_error_in_a_streamed_chat_is_short(
    http: httpx.Client, engine: FakeEngine, retrieval: FakeRetrieval, fields: dict[str, Any], piece_bytes: int
) -> None:
    retrieval.add_store([make_hit("Arms: two.", 0.9)])
    engine.sends_error, engine.error_text, engine.piece_bytes = True, TEXT, piece_bytes
    response = http.post(CHAT, json={"model": "tiny", "messages": MESSAGES, "stream": True, **fields})
    [error] = [event["error"] for event in events_of(response) if "error" in event]
    kind = {"type": "server_error", "code": None} if fields == CONSTRAINED else {"type": "InternalServerError", "code": 500}
    assert error == {"message": SHORT, "param": None, **kind}
    assert response.text.endswith("\n\ndata: [DONE]\n\n")


def test_an_error_in_a_streamed_completion_is_short(http: httpx.Client, engine: FakeEngine) -> None:
    engine.sends_error, engine.error_text = True, TEXT
    *_, last = events_of(http.post("/v1/completions", json={"model": "tiny", "prompt": "one", "stream": True}))
    assert last["error"]["message"] == SHORT


@pytest.mark.parametrize("fields", [{}, {"text": {"format": {"type": "json_object"}}}])
def test_the_error_of_a_streamed_response_is_short(http: httpx.Client, engine: FakeEngine, fields: dict[str, Any]) -> None:
    engine.sends_error, engine.error_text = True, TEXT
    *_, last = events_of(http.post("/v1/responses", json={"model": "tiny", "input": "one", "stream": True, **fields}))
    assert last["type"] == "response.failed"
    assert last["response"]["error"] == {"code": "server_error", "message": SHORT}


def test_the_error_of_a_response_in_the_background_is_short(sdk: OpenAI, engine: FakeEngine) -> None:
    engine.sends_error, engine.error_text = True, TEXT
    response = sdk.responses.create(model="tiny", input="one", background=True)
    wait_until(lambda: sdk.responses.retrieve(response.id).status == "failed")
    error = sdk.responses.retrieve(response.id).error
    assert error is not None and error.message == SHORT


def test_a_streamed_answer_may_be_about_errors(http: httpx.Client, engine: FakeEngine) -> None:
    engine.answer = 'error "error" {"error":{"message":"no"}}'
    response = http.post(CHAT, json={"model": "tiny", "messages": MESSAGES, "stream": True})
    assert response.content == engine.sent


def test_an_answer_that_cannot_be_stored_ends_with_a_short_error(
    http: httpx.Client, engine: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any) -> None:
        raise Unavailable(TEXT)

    monkeypatch.setattr(ChatCompletionStore, "add", refuse)
    *_, last = events_of(http.post(CHAT, json={"model": "tiny", "messages": MESSAGES, "stream": True, "store": True}))
    assert last["error"]["message"] == SHORT


@pytest.mark.anyio
async def test_the_error_of_a_streamed_validation_is_short() -> None:
    async def fail() -> Any:
        raise InvalidRequest(TEXT, param=VALUE)

    error = (await validate._finish(fail())).error or {}
    assert (error["message"], error["param"]) == (SHORT, "v" * 300 + "…")
