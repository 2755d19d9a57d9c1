"""The tokens of a file from those of a sample, and what they mean for `max_length`."""

import pytest

from deploy.errors.wording import faults
from shared.datasets.checks.advise_length import LengthAdvice, TokenLimits, advise_length, warn_about_tokens
from shared.datasets.checks.token_counts import CountedExample, TokenCounts


def counted(*tokens: int, first: int = 0) -> list[CountedExample]:
    """Return examples with four characters a token, in the lines from `first` + 1 on."""
    return [CountedExample(number, number + 1, 4 * count, count) for number, count in enumerate(tokens, start=first)]


def whole(*tokens: int) -> TokenCounts:
    spread = counted(*tokens)
    return TokenCounts(spread, sorted(spread, key=lambda each: -each.characters)[:10], len(tokens), 4 * sum(tokens))


def sampled(*tokens: int, longest: int, examples: int, characters: int) -> TokenCounts:
    return TokenCounts(counted(*tokens), counted(longest, first=900), examples, characters)


def test_a_file_that_is_counted_as_a_whole_has_exact_numbers() -> None:
    counts = whole(*range(1, 101))
    assert (counts.is_exact, counts.total(), counts.count_longer(90)) == (True, 5050, 10)
    assert [counts.percentile(percent) for percent in (50, 90, 99, 100)] == [50, 90, 99, 100]
    assert [(each.line, each.tokens) for each in counts.counted[:2]] == [(100, 100), (99, 99)]
    assert [(each.minimum, each.maximum, each.examples) for each in counts.buckets()] == [(0, 63, 63), (64, 127, 37)]


def test_one_example_is_every_percentile() -> None:
    counts = whole(7)
    assert {counts.percentile(percent) for percent in (1, 50, 99)} == {7}
    assert (counts.total(), counts.count_longer(7), counts.count_longer(6)) == (7, 0, 1)


def test_the_total_of_a_sampled_file_follows_its_characters() -> None:
    counts = sampled(10, 20, 30, longest=500, examples=1000, characters=40_000)
    assert (counts.is_exact, counts.total()) == (False, 10_000)


def test_examples_that_are_cut_have_no_more_tokens_than_the_limit() -> None:
    assert [whole(10, 20, 300).total_within(limit) for limit in (300, 100, 15)] == [330, 130, 40]
    counts = sampled(10, 20, 300, longest=500, examples=1000, characters=40_000)
    assert counts.total_within(30) == 60 + 30 + round(60 / 1320 * (40_000 - 1320 - 2000))


def test_a_share_of_the_spread_examples_stands_for_the_file_and_what_was_found_is_the_least() -> None:
    counts = sampled(10, 20, 30, 3000, longest=5000, examples=1000, characters=40_000)
    assert counts.count_longer(2048) == 250
    assert sampled(10, 20, 30, longest=5000, examples=1000, characters=40_000).count_longer(2048) == 1


@pytest.mark.parametrize(
    ("counts", "limits", "length", "message"),
    [
        (
            whole(30, 130),
            TokenLimits(2048, 1024),
            192,
            "The longest example has 130 tokens (line 2). A 'max_length' of 192, or 'auto', does not truncate it.",
        ),
        (
            sampled(30, longest=130, examples=50, characters=9000),
            TokenLimits(2048, 1024),
            192,
            "The longest example that was counted has 130 tokens (line 901). A 'max_length' of 192, or 'auto', does not truncate it. This "
            "is from a sample: 2 of 50 examples were counted.",
        ),
        (
            whole(30, 1024),
            TokenLimits(2048, 1030),
            1024,
            "The longest example has 1,024 tokens (line 2). A 'max_length' of 1024, or 'auto', does not truncate it.",
        ),
        (
            whole(30, 2000, 1025),
            TokenLimits(8192, 1024),
            1024,
            "2 of 3 examples have more than 1,024 tokens, such as line 2 with 2,000. Training truncates them, so the model does not learn "
            "how they end: split or shorten them. An operator can raise the limit (GENERATION_MAX_TRAINING_LENGTH and "
            "TRAINING_MAX_LENGTH).",
        ),
        (
            sampled(30, longest=9000, examples=500, characters=90_000),
            TokenLimits(512, 1024),
            512,
            "About 1 of 500 examples has more than 512 tokens, such as line 901 with 9,000. That is the engine's window, so it cannot "
            "serve such chats: split or shorten them. This is from a sample: 2 of 500 examples were counted.",
        ),
    ],
    ids=["all fit", "a sample fits", "just fits", "truncated", "beyond the window"],
)
def test_the_advised_length_truncates_nothing_or_says_what_it_truncates(
    counts: TokenCounts, limits: TokenLimits, length: int, message: str
) -> None:
    assert advise_length(counts, limits) == LengthAdvice(length, message)
    assert faults(message) == []


def test_the_warning_about_long_examples_has_the_first_of_their_lines() -> None:
    [warning] = warn_about_tokens(whole(*[9] * 5, *[50] * 12), TokenLimits(100, 40))
    assert (warning.code, warning.lines) == ("long_examples", tuple(range(6, 16)))
    assert warning.message.startswith("12 of 17 examples have more than 40 tokens")
    assert warn_about_tokens(whole(*[9] * 5), TokenLimits(100, 40)) == []
