"""The tokens of a sample as an engine counts them, also if the engine is slow, down, or refuses."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from deploy.errors.wording import faults
from services.generation.jobs.feasibility.count_tokens import PARALLEL, UNREADABLE, CountingModel, TokenReport, count_tokens
from services.generation.serving.tokens import TokenCount
from shared.datasets.checks.example_sample import ExampleSample
from shared.datasets.examples.example import Example
from shared.errors import InvalidRequest, Unreachable

pytestmark = pytest.mark.anyio


class Words:
    """Counts words. `answer` is called before each count, with the number of earlier ones."""

    def __init__(self, answer: Callable[[int], object] = lambda _: None) -> None:
        self.asked: list[dict[str, Any]] = []
        self.running = self.most_running = 0
        self._answer = answer

    async def count(self, fields: dict[str, Any]) -> TokenCount:
        self.running += 1
        self.most_running = max(self.running, self.most_running)
        try:
            self.asked.append(fields)
            await asyncio.sleep(0)
            self._answer(len(self.asked) - 1)
            return TokenCount(sum(len(message["content"].split()) for message in fields["messages"]), 100)
        finally:
            self.running -= 1

    async def read(self, tokens: Sequence[int]) -> str:
        raise AssertionError("an engine that does not say its tokens is not asked for their text")


class Silent(Words):
    """Answers the first `answers` counts, and no other."""

    def __init__(self, answers: int) -> None:
        super().__init__()
        self._answers = answers

    async def count(self, fields: dict[str, Any]) -> TokenCount:
        if len(self.asked) >= self._answers:
            await asyncio.Event().wait()
        return await super().count(fields)


def sample_of(count: int, max_spread: int = 2000) -> ExampleSample:
    """Return the sample of chats that have two words, three words, and so on."""
    sample = ExampleSample(max_spread)
    for number in range(count):
        question = {"role": "user", "content": "wört " * (number + 1)}
        sample.add(Example.model_validate({"messages": [question, {"role": "assistant", "content": "Ja."}]}), number + 1)
    return sample


async def count(sample: ExampleSample, counter: Words, seconds: float = 20, max_length: int = 40) -> TokenReport:
    report = await count_tokens(sample, CountingModel("tiny", counter, max_length, seconds), lambda _: None)
    assert [warning.message for warning in report.warnings if faults(warning.message)] == []
    return report


async def test_every_example_of_a_small_file_is_counted_as_the_template_renders_it() -> None:
    counter = Words()
    report = await count(sample_of(30), counter)
    assert report.warnings == []
    assert report.tokens is not None
    assert report.tokens.model_dump(exclude={"advice", "histogram", "percentiles", "longest_examples"}) == {
        "unit": "tokens",
        "model": "tiny",
        "is_sample": False,
        "examples": 30,
        "counted": 30,
        "sampled": 30,
        "total": sum(range(2, 32)),
        "trained": sum(range(2, 32)),
        "shortest": 2,
        "mean": 16.5,
        "longest": 31,
        "window": 100,
        "longer_than_window": 0,
        "max_length": 40,
        "longer_than_max_length": 0,
    }
    assert report.tokens.percentiles.model_dump() == {"p50": 16, "p90": 28, "p95": 30, "p99": 31}
    assert [(each.line, each.tokens) for each in report.tokens.longest_examples] == [(line, line + 1) for line in range(30, 20, -1)]
    assert report.tokens.advice.max_length == 40
    assert all(fields["add_generation_prompt"] is False for fields in counter.asked)
    assert counter.asked[0]["messages"][1] == {"role": "assistant", "content": "Ja."}
    assert counter.most_running == PARALLEL


async def test_tools_and_calls_are_sent_to_be_counted() -> None:
    counter, sample = Words(), sample_of(1)
    tools = [{"type": "function", "function": {"name": "look"}}]
    call = {"id": "call_1", "type": "function", "function": {"name": "look", "arguments": "{}"}}
    messages = [{"role": "user", "content": "Look!"}, {"role": "assistant", "content": "", "tool_calls": [call]}]
    sample.add(Example.model_validate({"messages": messages, "tools": tools}), 2)
    await count(sample, counter)
    asked = {len(fields["messages"][1].get("tool_calls", [])): fields for fields in counter.asked}
    assert (asked[1]["messages"], asked[1]["tools"]) == (messages, tools)
    assert "tools" not in asked[0]


async def test_a_sample_says_that_it_is_one_and_finds_the_longest() -> None:
    report = await count(sample_of(3000, max_spread=50), Words(), max_length=200)
    tokens = report.tokens
    assert tokens is not None
    assert (tokens.is_sample, tokens.examples, tokens.sampled, tokens.longest) == (True, 3000, 50, 3001)
    assert 50 <= tokens.counted <= 60
    assert sum(bucket.examples for bucket in tokens.histogram) == 50
    exact = sum(range(2, 3002))
    assert abs(tokens.total - exact) < exact / 50
    assert abs(tokens.longer_than_max_length - 2801) < 150
    assert abs(tokens.longer_than_window - 2901) < 150
    [warning] = report.warnings
    assert (warning.code, warning.message) == ("long_examples", tokens.advice.message)
    assert f"This is from a sample: {tokens.counted} of 3,000 examples were counted." in warning.message


async def test_an_engine_that_is_down_is_asked_by_no_more_than_run_at_once_and_the_report_says_so() -> None:
    def refuse(_: int) -> None:
        raise Unreachable("The engine (GENERATION_ENGINE_URL) cannot be reached (Connection refused).")

    counter = Words(refuse)
    report = await count(sample_of(300), counter)
    assert (report.tokens, len(counter.asked)) == (None, PARALLEL)
    [warning] = report.warnings
    assert warning.code == "tokens_not_counted"
    assert warning.message == "No tokens were counted. The engine (GENERATION_ENGINE_URL) cannot be reached (Connection refused)."


async def test_an_engine_that_never_answers_is_given_up() -> None:
    counter = Silent(0)
    report = await count(sample_of(300), counter, seconds=0.05)
    [warning] = report.warnings
    assert (report.tokens, warning.code) == (None, "tokens_not_counted")
    assert warning.message == "No tokens were counted. The engine needed more than 0.05 s."
    assert counter.running == 0


async def test_what_a_slow_engine_has_counted_in_time_is_a_smaller_sample() -> None:
    report = await count(sample_of(300), Silent(100), seconds=1, max_length=1000)
    assert report.tokens is not None
    assert (report.tokens.is_sample, report.tokens.counted, report.tokens.longest) == (True, 100, 301)
    exact = sum(range(2, 302))
    assert abs(report.tokens.total - exact) < exact / 20
    assert [warning.message for warning in report.warnings if warning.code == "tokens_not_counted"] == [
        "The tokens of only 100 of 300 examples were counted. The engine needed more than 1 s."
    ]


@pytest.mark.parametrize("error", [KeyError("count"), ValueError("not JSON"), TypeError("a list")])
async def test_an_answer_that_cannot_be_read_is_no_error(error: Exception) -> None:
    def fail(_: int) -> None:
        raise error

    report = await count(sample_of(12), Words(fail))
    assert report.tokens is None
    assert [warning.message for warning in report.warnings] == [f"No tokens were counted. {UNREADABLE}"]


async def test_chats_that_the_template_refuses_are_told_and_the_others_are_counted() -> None:
    def refuse_some(earlier: int) -> None:
        if earlier in (3, 7):
            raise InvalidRequest("Conversation roles must alternate user/assistant/user/assistant.")

    report = await count(sample_of(12), Words(refuse_some))
    assert report.tokens is not None
    assert (report.tokens.counted, report.tokens.is_sample) == (10, True)
    assert (report.warnings, len(report.refused)) == ([], 2)
    assert [each.line for each in report.refused] == sorted(each.line for each in report.refused)
    assert report.refused[0].message == (
        "the chat template of 'tiny' refuses this example: Conversation roles must alternate user/assistant/user/assistant. "
        "Change the example, or train another base model."
    )


async def test_if_the_template_refuses_every_chat_there_are_no_tokens() -> None:
    def refuse(_: int) -> None:
        raise InvalidRequest("System role not supported. " * 40)

    report = await count_tokens(sample_of(12), CountingModel("tiny", Words(refuse), 40), lambda _: None)
    assert (report.tokens, report.warnings, len(report.refused)) == (None, [], 12)
    assert len(report.refused[0].message) < 500


async def test_the_number_of_counted_examples_is_told_as_it_grows() -> None:
    told: list[int] = []
    await count_tokens(sample_of(20), CountingModel("tiny", Words(), 40), told.append)
    assert sorted(told) == told
    assert (len(told), told[-1]) == (20, 20)
