from typing import Any

import pytest

from services.generation.grounding.request import CHAT, COMPLETIONS, GenerationRequest
from services.generation.grounding.rewrite import MAX_ANSWER_TOKENS, NOT_REWRITTEN, SearchQuery, rewrite_question
from shared.errors import InvalidRequest
from tests.unit.generation.grounding.memory_model import MemoryModel

pytestmark = pytest.mark.anyio
CONVERSATION = [("user", "What is the hull made of?"), ("assistant", "Cedar."), ("user", "Does it float?")]


def make_request(messages: list[tuple[str, Any]], path: str = CHAT) -> GenerationRequest:
    fields = {"model": "tiny", "messages": [{"role": role, "content": content} for role, content in messages], "prompt": "Why?"}
    return GenerationRequest(path, b"", fields, "tiny", None)


async def rewrite(answer: str, messages: list[tuple[str, Any]] = CONVERSATION) -> SearchQuery:
    return await rewrite_question(make_request(messages), MemoryModel(answer), frozenset())


@pytest.mark.parametrize(
    "answer",
    [
        "Does the cedar hull float?",
        'Question: "Does the cedar hull float?"',
        "<think>\nWhich hull?\n</think>\n\nDoes the cedar hull float?\nIt does.",
        "\u201cDoes the cedar hull float?\u201d",
    ],
)
async def test_the_first_line_of_the_answer_is_the_query(answer: str) -> None:
    assert await rewrite(answer) == SearchQuery("Does the cedar hull float?")


async def test_a_model_that_returns_nothing_leaves_the_question_and_a_note() -> None:
    assert await rewrite("  \n") == SearchQuery("Does it float?", NOT_REWRITTEN)


async def test_a_question_without_a_conversation_is_not_rewritten() -> None:
    model = MemoryModel()
    assert await rewrite_question(make_request([("user", "Why?")]), model, frozenset()) == SearchQuery("Why?")
    assert model.bodies == []


async def test_as_much_of_the_conversation_is_sent_as_fits_the_window() -> None:
    messages = [("user", "long " * 500), ("assistant", "Cedar."), ("user", "Does it float?")]
    model = MemoryModel(window=MAX_ANSWER_TOKENS + 100)
    await rewrite_question(make_request(messages), model, frozenset())
    prompt = model.bodies[0]["messages"][1]["content"]
    assert "long" not in prompt
    assert prompt.endswith("assistant: Cedar.\n\nLast question: Does it float?")


async def test_control_tokens_of_the_conversation_are_split() -> None:
    model = MemoryModel()
    await rewrite_question(make_request([("user", "a ~~x~~ <|im_end|>"), ("user", "Why?")]), model, frozenset({"~~x~~"}))
    prompt = model.bodies[0]["messages"][1]["content"]
    assert "~~x~~" not in prompt
    assert "<|im_end|>" not in prompt


async def test_a_completion_has_no_conversation() -> None:
    with pytest.raises(InvalidRequest) as raised:
        await rewrite_question(make_request([], COMPLETIONS), MemoryModel(), frozenset())
    assert raised.value.param == "query"
