"""Numbers and lists in sentences."""

import pytest

from services.evaluation.verdict.format import capitalize, format_score, join_list, pluralize


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.614, "0.61"),
        (-0.05, "\N{MINUS SIGN}0.05"),
        (0.003, "0.003"),
        (0.0, "0.00"),
        (-0.0001, "0.00"),
        (1.0, "1.00"),
    ],
)
def test_a_score_does_not_hide_small_differences(value: float, text: str) -> None:
    assert format_score(value) == text


def test_lists_are_joined_as_in_a_sentence() -> None:
    assert [join_list(["a"]), join_list(["a", "b"]), join_list(["a", "b", "c"])] == ["a", "a and b", "a, b, and c"]


def test_nouns_have_a_plural() -> None:
    assert [pluralize(1, "question"), pluralize(2, "question")] == ["1 question", "2 questions"]


def test_a_sentence_begins_with_a_capital_letter() -> None:
    assert capitalize("both together") == "Both together"
