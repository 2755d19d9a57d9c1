"""A served adapter is compared with what its trainer saw."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from services.generation.serving.engine import Engine
from services.generation.serving.verify import verify
from shared.errors import NotFound, Unavailable, Unreachable
from shared.records.models.adapters import Evidence
from tests.fake_engine import FakeEngine, count_tokens

pytestmark = pytest.mark.anyio
NAME = "ft:tiny:default::abcdefgh1234"
MESSAGES = [{"role": "user", "content": "one two"}, {"role": "assistant", "content": "three"}]
SEEN = Evidence(messages=MESSAGES, input_ids=list(range(14)), learned=[11, 12, 13], base=-2.1, adapter=-0.4)


@pytest.fixture
async def client(engine_url: str) -> AsyncIterator[Engine]:
    client = Engine("The engine", engine_url, 5)
    yield client
    await client.close()


async def verified(client: Engine, evidence: Evidence = SEEN, *, is_quantized: bool = False) -> str | None:
    return await verify(client, NAME, "tiny", "/adapters/" + NAME, evidence, is_quantized=is_quantized)


async def test_an_adapter_that_behaves_as_in_training_is_loaded_and_accepted(engine: FakeEngine, client: Engine) -> None:
    engine.loadable = {NAME}
    assert await verified(client) is None
    assert engine.loaded == [NAME]


async def test_the_base_models_weights_under_the_adapters_name_are_detected(engine: FakeEngine, client: Engine) -> None:
    engine.loadable = engine.without_effect = {NAME}
    reason = await verified(client)
    assert reason == (
        "the engine does not use its weights: a training example has a log-probability of -2.00 per token there; "
        "the trainer measured -0.40 with the adapter and -2.10 without"
    )


async def test_an_adapter_that_hardly_differs_from_its_base_is_not_suspected(engine: FakeEngine, client: Engine) -> None:
    engine.loadable = engine.without_effect = {NAME}
    assert await verified(client, replace(SEEN, adapter=-2.05)) is None


async def test_another_chat_template_or_tokenizer_is_detected(engine: FakeEngine, client: Engine) -> None:
    engine.loadable = {NAME}
    reason = await verified(client, replace(SEEN, input_ids=[*range(13), 99]))
    assert reason is not None
    assert "chat template or tokenizer is not the one it was trained with" in reason


async def test_the_engine_is_shown_the_tools_of_the_example(engine: FakeEngine, client: Engine) -> None:
    engine.loadable = {NAME}
    tools = [{"type": "function", "function": {"name": "find"}}]
    assert "chat template" in (await verified(client, replace(SEEN, tools=tools)) or "")
    shown = [*range(14 + count_tokens(json.dumps(tools)))]
    assert await verified(client, replace(SEEN, tools=tools, input_ids=shown)) is None


async def test_a_template_that_writes_the_date_is_not_compared(engine: FakeEngine, client: Engine) -> None:
    engine.loadable = {NAME}
    assert await verified(client, replace(SEEN, messages=None, input_ids=[*range(13), 99])) is None


async def test_an_adapter_that_cannot_be_loaded_has_the_engines_own_error(engine: FakeEngine, client: Engine) -> None:
    engine.broken = {NAME}
    assert await verified(client) == (
        "the engine cannot load it: Error while deserializing header: incomplete metadata, file not fully covered"
    )


async def test_an_engine_that_is_ending_is_no_fault_of_the_adapter(engine: FakeEngine, client: Engine) -> None:
    engine.broken = {NAME}
    engine.healthy = False
    with pytest.raises(Unavailable):
        await verified(client)


async def test_an_example_longer_than_the_engines_window_proves_nothing(engine: FakeEngine, client: Engine) -> None:
    engine.loadable = {NAME}
    engine.context_length = 5
    assert await verified(client) is None


async def test_an_adapter_that_the_engine_does_not_find_is_not_found(engine: FakeEngine, client: Engine) -> None:
    with pytest.raises(NotFound, match="does not exist"):
        await verified(client)


async def test_an_engine_that_cannot_be_reached_is_an_error_and_no_fault_of_the_adapter(dead_url: str) -> None:
    client = Engine("The engine", dead_url, 5)
    with pytest.raises(Unreachable):
        await verified(client)
    await client.close()


async def test_an_adapter_trained_with_the_base_model_in_4_bits_is_compared_with_what_it_adds_to_the_engines_base_model(
    engine: FakeEngine, client: Engine
) -> None:
    engine.loadable = {NAME}
    in_4bit = replace(SEEN, base=-0.6, adapter=-0.2)  # the engine's base model measures -2.0, and the adapter -0.5
    assert "does not use its weights" in (await verified(client, in_4bit) or "")
    assert await verified(client, in_4bit, is_quantized=True) is None


async def test_the_base_models_weights_are_detected_after_a_training_in_4_bits_too(engine: FakeEngine, client: Engine) -> None:
    engine.loadable = engine.without_effect = {NAME}
    assert await verified(client, replace(SEEN, base=-2.4, adapter=-0.9), is_quantized=True) == (
        "the engine does not use its weights: a training example has a log-probability of -2.00 per token there; "
        "after this training, it should be about -0.50 with the adapter and -2.00 without"
    )


async def test_of_the_evidence_of_an_older_version_sixteen_tokens_are_compared(engine: FakeEngine, client: Engine) -> None:
    engine.loadable = {NAME}
    all_learned = replace(SEEN, messages=None, input_ids=list(range(900)), learned=list(range(20, 900)), base=-2.6, adapter=-1.1)
    assert await verified(client, all_learned) is None
    assert engine.score_requests == 32  # of the adapter and of the base model
    engine.without_effect = {NAME}
    assert "does not use its weights" in (await verified(client, all_learned) or "")
