import json
from typing import Any

import pytest

from services.generation.grounding.abstain import abstain
from services.generation.grounding.request import CHAT, COMPLETIONS, GenerationRequest
from services.generation.http import sse
from services.generation.http.reply import read_body

pytestmark = pytest.mark.anyio
TEXT = "The documents do not answer this question."


def make_request(path: str = CHAT, **fields: Any) -> GenerationRequest:
    return GenerationRequest(path, b"", {"model": "tiny", **fields}, "tiny", None)


async def events(request: GenerationRequest) -> list[dict[str, Any]]:
    return [data async for data in sse.read_events(abstain(request, TEXT).chunks)]


async def test_every_requested_choice_is_the_text() -> None:
    body = json.loads(await read_body(abstain(make_request(n=2), TEXT)))
    assert [choice["message"]["content"] for choice in body["choices"]] == [TEXT, TEXT]
    assert (body["object"], body["model"], body["usage"]["total_tokens"]) == ("chat.completion", "tiny", 0)


async def test_a_completion_has_its_own_format() -> None:
    body = json.loads(await read_body(abstain(make_request(COMPLETIONS), TEXT)))
    assert (body["object"], body["choices"][0]["text"]) == ("text_completion", TEXT)


async def test_a_stream_says_the_text_then_stops() -> None:
    first, last = await events(make_request(stream=True))
    assert first["choices"][0]["delta"] == {"role": "assistant", "content": TEXT}
    assert (last["choices"][0]["delta"], last["choices"][0]["finish_reason"]) == ({}, "stop")


async def test_a_stream_has_its_usage_if_the_request_wants_it() -> None:
    *_, usage = await events(make_request(stream=True, stream_options={"include_usage": True}))
    assert (usage["choices"], usage["usage"]["total_tokens"]) == ([], 0)


@pytest.mark.parametrize("n", [0, -1, "2", 1000, None])
async def test_an_invalid_number_of_choices_counts_as_one(n: Any) -> None:
    assert len(json.loads(await read_body(abstain(make_request(n=n), TEXT)))["choices"]) == 1
