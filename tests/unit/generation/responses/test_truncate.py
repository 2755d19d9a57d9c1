import asyncio
from collections.abc import Sequence
from typing import Any

from services.generation.contracts.responses.response import ResponseCreate
from services.generation.responses.items import Item, parse_items
from services.generation.responses.truncate import truncate
from services.generation.serving.tokens import TokenCount


class FakeCounter:
    """Counts ten tokens for each message."""

    def __init__(self, window: int) -> None:
        self.window = window
        self.calls = 0

    async def count(self, fields: dict[str, Any]) -> TokenCount:
        self.calls += 1
        return TokenCount(10 * len(fields["messages"]), self.window)


ITEMS = parse_items(
    [
        {"role": "developer", "content": "Be short."},
        {"role": "user", "content": "1"},
        {"type": "function_call", "call_id": "c", "name": "look", "arguments": "{}"},
        {"type": "function_call_output", "call_id": "c", "output": "a cat"},
        {"role": "user", "content": "2"},
        {"role": "assistant", "content": "Yes."},
        {"role": "user", "content": "3"},
    ]
)


def run(counter: FakeCounter, passage_tokens: int = 0) -> list[str]:
    """Return what stays, with 10 tokens for the answer."""
    request = ResponseCreate(model="tiny", input="x", truncation="auto", max_output_tokens=10)

    def build_call(items: Sequence[Item]) -> dict[str, Any]:
        return {"messages": list(items)}

    kept = asyncio.run(truncate(request, ITEMS, build_call, counter, passage_tokens))
    return [item["content"][0]["text"] if "content" in item else item["type"] for item in kept]


def test_a_conversation_that_fits_is_counted_once_and_kept() -> None:
    counter = FakeCounter(80)
    assert run(counter) == ["Be short.", "1", "function_call", "function_call_output", "2", "Yes.", "3"]
    assert counter.calls == 1


def test_the_oldest_turns_are_dropped_whole_and_instructions_stay() -> None:
    assert run(FakeCounter(79)) == ["Be short.", "2", "Yes.", "3"]
    assert run(FakeCounter(30)) == ["Be short.", "3"]


def test_the_last_user_message_stays_even_if_it_does_not_fit() -> None:
    assert run(FakeCounter(10)) == ["Be short.", "3"]


def test_room_is_left_for_passages_but_at_most_a_quarter_of_the_window() -> None:
    assert run(FakeCounter(80), passage_tokens=20) == ["Be short.", "2", "Yes.", "3"]
    assert run(FakeCounter(107), passage_tokens=1000) == ["Be short.", "1", "function_call", "function_call_output", "2", "Yes.", "3"]
