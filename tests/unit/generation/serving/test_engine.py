import json
from collections.abc import AsyncIterator

import pytest

from services.generation.http.reply import read_body
from services.generation.serving.engine import Engine
from shared.errors import ContextTooLong, NotFound, TandemError, Unavailable
from tests.fake_engine import FakeEngine

pytestmark = pytest.mark.anyio
CHAT = "/v1/chat/completions"


@pytest.fixture
async def client(engine_url: str) -> AsyncIterator[Engine]:
    client = Engine("The engine (GENERATION_ENGINE_URL)", engine_url, 5)
    yield client
    await client.close()


def body(**fields: object) -> bytes:
    return json.dumps({"model": "tiny", "messages": [{"role": "user", "content": "one two three"}], **fields}).encode()


async def read(client: Engine, **fields: object) -> bytes:
    return await read_body(await client.generate(CHAT, body(**fields)))


async def test_a_plain_response_is_not_changed(engine: FakeEngine, client: Engine) -> None:
    assert await read(client) == engine.sent


async def test_a_stream_is_not_changed(engine: FakeEngine, client: Engine) -> None:
    assert await read(client, stream=True) == engine.sent


async def test_a_stream_that_breaks_off_ends_with_an_error_event(engine: FakeEngine, client: Engine) -> None:
    engine.disconnects = True
    *events, event, done = (await read(client, stream=True)).strip().split(b"\n\n")
    assert engine.sent.split(b"\n\n")[: len(events)] == events  # the last ones may be lost with the connection
    assert json.loads(event.removeprefix(b"data: "))["error"]["type"] == "service_unavailable_error"
    assert done == b"data: [DONE]"


async def test_what_an_engine_that_stops_has_of_an_answer_is_not_passed_on_as_one(engine: FakeEngine, client: Engine) -> None:
    engine.stops = True
    with pytest.raises(Unavailable, match="ended this request before the answer was complete"):
        await read(client)


@pytest.mark.parametrize("piece_bytes", [0, 300, 7, 1])
async def test_a_stream_of_an_engine_that_stops_ends_with_an_error_event(engine: FakeEngine, client: Engine, piece_bytes: int) -> None:
    engine.stops, engine.piece_bytes = True, piece_bytes
    *events, event, done = (await read(client, stream=True)).strip().split(b"\n\n")
    assert len(events) >= 3 and b'"abort"' not in b"".join(events)
    assert json.loads(event.removeprefix(b"data: "))["error"]["type"] == "service_unavailable_error"
    assert done == b"data: [DONE]"


async def test_an_answer_about_aborting_is_passed_on(engine: FakeEngine, client: Engine) -> None:
    engine.answer = '"finish_reason":"abort"'
    assert await read(client) == engine.sent


async def test_tokens_are_counted_for_prompts_and_for_chats(engine: FakeEngine, client: Engine) -> None:
    engine.context_length = 99
    text = await client.count({"model": "tiny", "prompt": "one two"})
    chat = await client.count({"model": "tiny", "messages": [{"role": "user", "content": "one two"}]})
    assert (text.tokens, chat.tokens, chat.window) == (2, 9, 99)


async def test_a_refusal_keeps_its_status_and_message(engine: FakeEngine, client: Engine) -> None:
    with pytest.raises(NotFound, match="does not exist") as raised:
        await client.generate(CHAT, body(model="other"))
    assert (raised.value.status, raised.value.code) == (404, "not_found")


async def test_a_prompt_over_the_window_has_its_own_error(engine: FakeEngine, client: Engine) -> None:
    engine.context_length = 5
    with pytest.raises(ContextTooLong, match="maximum context length is 5") as raised:
        await client.generate(CHAT, body())
    assert (raised.value.code, raised.value.param) == ("context_length_exceeded", "messages")


async def test_a_refusal_without_an_envelope_is_an_error_too(engine: FakeEngine, client: Engine) -> None:
    with pytest.raises(TandemError, match="returned status 404") as raised:
        await client.generate("/v1/nothing", b"{}")
    assert raised.value.status == 404


async def test_the_error_of_an_unhealthy_engine_names_it(engine: FakeEngine, client: Engine) -> None:
    await client.ping()
    engine.healthy = False
    with pytest.raises(Unavailable, match="GENERATION_ENGINE_URL"):
        await client.ping()
