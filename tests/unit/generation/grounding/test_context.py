from typing import Any

import pytest

from services.generation.grounding.context import PassageSelection, merge_selections, select_passages
from services.generation.grounding.prompt import PromptStyle
from services.generation.grounding.request import CHAT, GenerationRequest
from services.generation.grounding.template import BUILT_IN, Template
from services.generation.serving.tokens import TokenCount
from shared.contracts.search import SearchHit
from shared.errors import ContextTooLong, InvalidRequest
from tests.fake_engine import count_tokens
from tests.fake_retrieval import make_hit

pytestmark = pytest.mark.anyio
WORDS = "word " * 50
HITS = [make_hit(WORDS, 1 - number / 10, position=number) for number in range(8)]  # 53 tokens each, with their numbers

STYLE = PromptStyle(Template(BUILT_IN))


async def select(request: GenerationRequest, hits: list[SearchHit], budget: int, counter: "Counter") -> PassageSelection:
    return await select_passages(request, hits, budget, counter, STYLE)


class Counter:
    """Counts words, as the fake engine does."""

    def __init__(self, window: int = 10_000) -> None:
        self.window = window
        self.counted: list[dict[str, Any]] = []

    async def count(self, fields: dict[str, Any]) -> TokenCount:
        self.counted.append(fields)
        text = fields["prompt"] if "prompt" in fields else " ".join(message["content"] for message in fields["messages"])
        return TokenCount(count_tokens(text), self.window)


def chat(**fields: Any) -> GenerationRequest:
    return GenerationRequest(CHAT, b"", {"model": "tiny", "messages": [{"role": "user", "content": "Why?"}], **fields}, "tiny", None)


async def test_all_passages_that_fit_are_kept_after_one_measurement() -> None:
    counter = Counter()
    selection = await select(chat(), HITS, 1000, counter)
    assert (selection.hits, selection.tokens, selection.dropped) == (HITS, 8 * 53, [])
    assert len(counter.counted) == 2


@pytest.mark.parametrize(("budget", "kept"), [(53, 1), (105, 1), (106, 2), (7 * 53, 7), (8 * 53 - 1, 7), (8 * 53, 8)])
async def test_the_least_relevant_passages_are_dropped_whole_at_the_budget(budget: int, kept: int) -> None:
    selection = await select(chat(), HITS, budget, Counter())
    assert (selection.hits, selection.dropped, selection.tokens) == (HITS[:kept], HITS[kept:], kept * 53)
    assert selection.limit == "max_context_tokens"


@pytest.mark.parametrize("field", ["max_tokens", "max_completion_tokens"])
async def test_passages_prompt_and_answer_never_exceed_the_window(field: str) -> None:
    frame = count_tokens(STYLE.template.render([], "Why?"))
    window = frame + 3 * 53 + 100
    selection = await select(chat(**{field: 100}), HITS, 5000, Counter(window))
    assert (selection.hits, selection.limit) == (HITS[:3], "window")
    assert (await select(chat(**{field: 101}), HITS, 5000, Counter(window))).hits == HITS[:2]


async def test_tokens_are_reserved_for_the_answer_if_the_request_sets_no_limit() -> None:
    kept = (await select(chat(), HITS, 5000, Counter(512))).hits
    assert len(kept) * 53 <= 512 - 128


async def test_a_passage_too_long_for_the_budget_is_skipped_and_the_next_ones_are_kept() -> None:
    long = make_hit("word " * 200, 1.0, position=9)
    counter = Counter()
    selection = await select(chat(), [long, *HITS], 106, counter)
    assert (selection.hits, selection.dropped) == (HITS[:2], [long, *HITS[2:]])
    assert len(counter.counted) == 2 + 1 + len(HITS) + 1 + 2


async def test_if_no_passage_fits_the_error_says_which_limit_would_do() -> None:
    with pytest.raises(InvalidRequest, match=r"53 tokens, but 'max_context_tokens' is 52\. Set it to 53 or more") as raised:
        await select(chat(), HITS, 52, Counter())
    assert raised.value.param == "max_context_tokens"


async def test_if_the_answer_takes_the_window_the_error_says_so() -> None:
    with pytest.raises(ContextTooLong, match="leave 0 tokens of the model's window"):
        await select(chat(max_tokens=9000), HITS, 5000, Counter(512))


async def test_only_fields_that_the_chat_template_takes_are_sent_to_be_counted() -> None:
    counter = Counter()
    await select(chat(tools=[{"type": "function"}], temperature=1, stream=True), HITS, 1000, counter)
    assert set(counter.counted[1]) == {"model", "messages", "tools"}


async def test_without_hits_nothing_is_counted() -> None:
    counter = Counter()
    assert (await select(chat(), [], 1000, counter)).hits == []
    assert counter.counted == []


async def test_passages_with_more_tokens_together_than_alone_are_measured_as_they_are_sent() -> None:
    class Greedy(Counter):
        async def count(self, fields: dict[str, Any]) -> TokenCount:
            count = await super().count(fields)
            more = 30 if "messages" in fields and str(fields["messages"]).count("[2]") else 0  # of two passages or more, in the whole
            return TokenCount(count.tokens + more, count.window)

    assert (await select(chat(), HITS, 120, Greedy())).hits == HITS[:1]


def test_merged_selections_have_the_passages_and_tokens_of_both_and_the_limit_that_was_exceeded() -> None:
    first = PassageSelection(HITS[:1], 53, [], "max_context_tokens")
    second = PassageSelection(HITS[1:2], 53, HITS[2:3], "window")
    assert merge_selections(first, second) == PassageSelection(HITS[:2], 106, HITS[2:3], "window")
