from typing import Any

import pytest

from services.generation import context
from services.generation.asked import CHAT, Asked
from services.generation.engine import Count
from shared.errors import ContextTooLong, InvalidRequest
from tests.fakes import count_tokens, make_hit

pytestmark = pytest.mark.anyio
WORDS = "word " * 50
HITS = [make_hit(WORDS, 1 - number / 10, position=number) for number in range(8)]  # 53 tokens each, with their numbers


class Counter:
    """Counts words, as the fake engine does."""

    def __init__(self, window: int = 10_000) -> None:
        self.window = window
        self.asked: list[dict[str, Any]] = []

    async def count(self, fields: dict[str, Any]) -> Count:
        self.asked.append(fields)
        text = fields["prompt"] if "prompt" in fields else " ".join(message["content"] for message in fields["messages"])
        return Count(count_tokens(text), self.window)


def chat(**fields: Any) -> Asked:
    return Asked(CHAT, b"", {"model": "tiny", "messages": [{"role": "user", "content": "Why?"}], **fields}, "tiny", None)


async def test_all_passages_stay_where_they_fit_after_one_look() -> None:
    counter = Counter()
    assert await context.fit(chat(), HITS, 1000, counter) == HITS
    assert len(counter.asked) == 2


@pytest.mark.parametrize(("budget", "kept"), [(53, 1), (105, 1), (106, 2), (7 * 53, 7), (8 * 53 - 1, 7), (8 * 53, 8)])
async def test_the_least_relevant_passages_are_dropped_whole_at_the_budget(budget: int, kept: int) -> None:
    assert await context.fit(chat(), HITS, budget, Counter()) == HITS[:kept]


@pytest.mark.parametrize("field", ["max_tokens", "max_completion_tokens"])
async def test_passages_prompt_and_answer_never_exceed_the_window(field: str) -> None:
    instruction = count_tokens("Answer the question from the numbered passages. Question: Why?")
    window = instruction + 3 * 53 + 100
    assert await context.fit(chat(**{field: 100}), HITS, 5000, Counter(window)) == HITS[:3]
    assert await context.fit(chat(**{field: 101}), HITS, 5000, Counter(window)) == HITS[:2]


async def test_room_for_an_answer_is_kept_where_the_call_names_no_limit() -> None:
    kept = await context.fit(chat(), HITS, 5000, Counter(512))
    assert len(kept) * 53 <= 512 - 128


async def test_a_passage_too_long_for_the_budget_is_passed_over_and_the_next_ones_stay() -> None:
    long = make_hit("word " * 200, 1.0, position=9)
    counter = Counter()
    assert await context.fit(chat(), [long, *HITS], 106, counter) == HITS[:2]
    assert len(counter.asked) == 2 + len(HITS) + 1 + 2


async def test_where_no_passage_fits_the_error_says_what_would() -> None:
    with pytest.raises(InvalidRequest, match=r"53 tokens; 'max_context_tokens' is 52\. Set it to 53 or more") as raised:
        await context.fit(chat(), HITS, 52, Counter())
    assert raised.value.param == "retrieval.max_context_tokens"


async def test_where_the_answer_takes_the_window_the_error_says_so() -> None:
    with pytest.raises(ContextTooLong, match="leave 0 of the model's window"):
        await context.fit(chat(max_tokens=9000), HITS, 5000, Counter(512))


async def test_what_shapes_the_template_is_counted_too_and_nothing_else_is_sent() -> None:
    counter = Counter()
    await context.fit(chat(tools=[{"type": "function"}], temperature=1, stream=True), HITS, 1000, counter)
    assert set(counter.asked[1]) == {"model", "messages", "tools"}


async def test_without_hits_nothing_is_counted() -> None:
    counter = Counter()
    assert await context.fit(chat(), [], 1000, counter) == []
    assert counter.asked == []
