"""Numbers are short, and never in scientific notation."""

import math

import pytest

from services.evaluation.report.format import MISSING, format_cost, format_number, format_score, format_share, format_signed, shorten


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (529, "529"),
        (1234.5, "1,234"),
        (0.0001234, "0.000123"),
        (12.345, "12.3"),
        (2_594_000.0, "2,594,000"),
        (1.5, "1.5"),
        (-3.25, "\N{MINUS SIGN}3.25"),
        (None, MISSING),
        (math.nan, MISSING),
        (math.inf, MISSING),
    ],
)
def test_a_number_has_three_significant_digits(value: float | None, text: str) -> None:
    assert format_number(value) == text


def test_missing_scores_and_shares_are_dashes() -> None:
    assert (format_score(None), format_score(math.nan), format_share(None), format_share(0.125)) == (MISSING, MISSING, MISSING, "12%")


def test_a_difference_has_a_sign_unless_it_is_zero() -> None:
    assert [format_signed(value) for value in (0.3, -0.3, 0.0, 0.0001)] == ["+0.30", "\N{MINUS SIGN}0.30", "0.00", "0.00"]


def test_costs_are_tokens_of_one_question_or_money_for_a_thousand() -> None:
    assert format_cost(529, has_prices=False) == "529"
    assert format_cost(0.000529, has_prices=True) == "0.529"


def test_a_long_text_says_how_much_is_missing() -> None:
    assert shorten("abc", 3) == "abc"
    assert shorten("x" * 10_000, 100) == "x" * 100 + "… (9,900 more characters)"
