from typing import Any

import pytest

from services.generation.grounding import context
from services.generation.grounding.context import Fitted
from services.generation.grounding.prompt import Style
from services.generation.grounding.request import CHAT, GenerationRequest
from services.generation.grounding.template import BUILT_IN, Template
from services.generation.serving.engine import Count
from shared.contracts.search import SearchHit
from shared.errors import ContextTooLong, InvalidRequest
from tests.fakes import count_tokens, make_hit

pytestmark = pytest.mark.anyio
WORDS = "word " * 50
HITS = [make_hit(WORDS, 1 - number / 10, position=number) for number in range(8)]  # 53 tokens each, with their numbers


STYLE = Style(Template(BUILT_IN))


async def fit(asked: GenerationRequest, hits: list[SearchHit], budget: int, counter: "Counter") -> Fitted:
    return await context.fit(asked, hits, budget, counter, STYLE)


class Counter:
    """TokenCounter words, as the fake engine does."""

    def __init__(self, window: int = 10_000) -> None:
        self.window = window
        self.asked: list[dict[str, Any]] = []

    async def count(self, fields: dict[str, Any]) -> Count:
        self.asked.append(fields)
        text = fields["prompt"] if "prompt" in fields else " ".join(message["content"] for message in fields["messages"])
        return Count(count_tokens(text), self.window)


def chat(**fields: Any) -> GenerationRequest:
    return GenerationRequest(CHAT, b"", {"model": "tiny", "messages": [{"role": "user", "content": "Why?"}], **fields}, "tiny", None)


async def test_all_passages_stay_where_they_fit_after_one_look() -> None:
    counter = Counter()
    fitted = await fit(chat(), HITS, 1000, counter)
    assert (fitted.hits, fitted.tokens, fitted.dropped) == (HITS, 8 * 53, [])
    assert len(counter.asked) == 2


@pytest.mark.parametrize(("budget", "kept"), [(53, 1), (105, 1), (106, 2), (7 * 53, 7), (8 * 53 - 1, 7), (8 * 53, 8)])
async def test_the_least_relevant_passages_are_dropped_whole_at_the_budget(budget: int, kept: int) -> None:
    fitted = await fit(chat(), HITS, budget, Counter())
    assert (fitted.hits, fitted.dropped, fitted.tokens) == (HITS[:kept], HITS[kept:], kept * 53)
    assert fitted.limit == "max_context_tokens"


@pytest.mark.parametrize("field", ["max_tokens", "max_completion_tokens"])
async def test_passages_prompt_and_answer_never_exceed_the_window(field: str) -> None:
    frame = count_tokens(STYLE.template.render([], "Why?"))
    window = frame + 3 * 53 + 100
    fitted = await fit(chat(**{field: 100}), HITS, 5000, Counter(window))
    assert (fitted.hits, fitted.limit) == (HITS[:3], "window")
    assert (await fit(chat(**{field: 101}), HITS, 5000, Counter(window))).hits == HITS[:2]


async def test_room_for_an_answer_is_kept_where_the_call_names_no_limit() -> None:
    kept = (await fit(chat(), HITS, 5000, Counter(512))).hits
    assert len(kept) * 53 <= 512 - 128


async def test_a_passage_too_long_for_the_budget_is_passed_over_and_the_next_ones_stay() -> None:
    long = make_hit("word " * 200, 1.0, position=9)
    counter = Counter()
    fitted = await fit(chat(), [long, *HITS], 106, counter)
    assert (fitted.hits, fitted.dropped) == (HITS[:2], [long, *HITS[2:]])
    assert len(counter.asked) == 2 + 1 + len(HITS) + 1 + 2


async def test_where_no_passage_fits_the_error_says_what_would() -> None:
    with pytest.raises(InvalidRequest, match=r"53 tokens; 'max_context_tokens' is 52\. Set it to 53 or more") as raised:
        await fit(chat(), HITS, 52, Counter())
    assert raised.value.param == "retrieval.max_context_tokens"


async def test_where_the_answer_takes_the_window_the_error_says_so() -> None:
    with pytest.raises(ContextTooLong, match="leave 0 of the model's window"):
        await fit(chat(max_tokens=9000), HITS, 5000, Counter(512))


async def test_what_shapes_the_template_is_counted_too_and_nothing_else_is_sent() -> None:
    counter = Counter()
    await fit(chat(tools=[{"type": "function"}], temperature=1, stream=True), HITS, 1000, counter)
    assert set(counter.asked[1]) == {"model", "messages", "tools"}


async def test_without_hits_nothing_is_counted() -> None:
    counter = Counter()
    assert (await fit(chat(), [], 1000, counter)).hits == []
    assert counter.asked == []


async def test_passages_that_take_more_together_than_alone_are_measured_as_they_are_sent() -> None:
    class Greedy(Counter):
        async def count(self, fields: dict[str, Any]) -> Count:
            counted = await super().count(fields)
            more = 30 if "messages" in fields and str(fields["messages"]).count("[2]") else 0  # of two passages or more, in the whole
            return Count(counted.tokens + more, counted.window)

    assert (await fit(chat(), HITS, 120, Greedy())).hits == HITS[:1]
