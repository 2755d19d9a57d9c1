"""The sample of a file's examples: all of a small file, evenly spread over a large one, and bounded."""

import pytest

from shared.datasets.checks.example_sample import ExampleSample, SampledExample
from shared.datasets.examples.example import Example, ExampleMessage, Preference


def chat(question: str, answer: str = "Yes.") -> Example:
    return Example(messages=[ExampleMessage(role="user", content=question), ExampleMessage(role="assistant", content=answer)])


def sample_of(*lengths: int, max_spread: int = 100, max_longest: int = 3, max_characters: int = 10**6) -> ExampleSample:
    """Return the sample of examples with these lengths, in the lines from 1 on."""
    sample = ExampleSample(max_spread, max_longest, max_characters)
    for line, length in enumerate(lengths, start=1):
        sample.add(chat("x" * (length - 1), "y"), line)
    return sample


def lines(examples: list[SampledExample]) -> list[int]:
    return [example.line for example in examples]


def test_a_small_file_is_its_own_sample_and_nothing_in_it_comes_twice() -> None:
    sample = sample_of(5, 9, 7, 2, 9)
    assert sorted(lines(sample.spread())) == [1, 2, 3, 4, 5]
    assert lines(sample.longest()) == [2, 5, 3]
    assert lines(list(sample))[:3] == [2, 5, 3]
    assert sorted(lines(list(sample))) == [1, 2, 3, 4, 5]
    assert (sample.examples, sample.characters) == (5, 32)


def test_a_large_file_has_a_sample_from_each_of_its_parts_and_always_the_same() -> None:
    sample, again = sample_of(*[4] * 10_000), sample_of(*[4] * 10_000)
    chosen = sorted(lines(sample.spread()))
    assert len(chosen) == 100
    gaps = [after - before for before, after in zip([0, *chosen], [*chosen, 10_001], strict=True)]
    assert max(gaps) < 300
    assert sample.spread() == again.spread()


@pytest.mark.parametrize("period", [2, 3, 4, 8, 10, 16])
def test_a_file_that_alternates_kinds_of_examples_has_each_kind_in_its_sample(period: int) -> None:
    chosen = lines(sample_of(*[4] * 20_000, max_spread=400).spread())
    of_first = sum(line % period == 0 for line in chosen)
    assert abs(of_first - 400 / period) < 400 / period / 4


def test_the_first_examples_of_a_sample_are_spread_as_well() -> None:
    first = sorted(lines(sample_of(*[4] * 10_000).spread())[:10])
    assert all(any(start < line <= start + 2500 for line in first) for start in range(0, 10_000, 2500))


def test_long_examples_make_the_sample_smaller_and_no_short_one_takes_their_place() -> None:
    sample = sample_of(*[400, 10] * 500, max_characters=4000)
    assert sum(example.characters for example in sample.spread()) <= 4000
    long = sum(example.characters == 400 for example in sample.spread())
    assert abs(long - len(sample.spread()) / 2) <= 2
    assert [example.characters for example in sample.longest()] == [400] * 3


def test_one_example_is_kept_however_long_it_is() -> None:
    sample = sample_of(50, 900, 60, max_characters=100)
    assert lines(sample.longest()) == [2]
    assert len(sample.spread()) >= 1


def test_elements_of_a_list_in_one_line_are_different_examples() -> None:
    sample = ExampleSample(100, 2, 1000)
    for number in range(5):
        sample.add(chat("x" * (number + 1)), 1)
    assert lines(list(sample)) == [1] * 5
    assert len({example.number for example in sample}) == 5


def test_a_preference_pair_is_the_chat_with_its_longer_answer() -> None:
    sample = ExampleSample()
    pair = Preference(messages=[ExampleMessage(role="user", content="Hi ☕")], preferred="Hello!", rejected="What do you want?")
    sample.add(pair, 4)
    assert sample.spread() == [
        SampledExample(0, 4, 21, [{"role": "user", "content": "Hi ☕"}, {"role": "assistant", "content": "What do you want?"}], [], 1, 1)
    ]


def test_a_call_and_tools_count_and_are_kept() -> None:
    sample, calls = ExampleSample(), [{"id": "a", "type": "function", "function": {"name": "find", "arguments": "{}"}}]
    tools = [{"type": "function", "function": {"name": "find"}}]
    messages = [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "", "tool_calls": calls}]
    sample.add(Example.model_validate({"messages": messages, "tools": tools}), 1)
    [sampled] = sample.spread()
    assert (sampled.messages, sampled.tools) == (messages, tools)
    assert sampled.characters == len("Hi" + "find {}" + '[{"type": "function", "function": {"name": "find"}}]')


def test_an_empty_file_has_an_empty_sample() -> None:
    assert (list(ExampleSample()), ExampleSample().examples) == ([], 0)
