"""Formats the numbers of a report: shares, costs, seconds. Scores are formatted as in the verdict."""

import math
from datetime import UTC, datetime

from services.evaluation.verdict.format import MINUS
from services.evaluation.verdict.format import format_score as format_finite_score

MISSING = "\N{EN DASH}"
DIGITS = 3


def format_score(value: float | None) -> str:
    """Return a score with two decimals, or a dash if there is none."""
    return MISSING if value is None or not math.isfinite(value) else format_finite_score(value)


def format_range(low: float | None, high: float | None) -> str:
    """Return an interval, such as `0.12 to 0.30`."""
    return f"{format_score(low)} to {format_score(high)}"


def format_signed(value: float) -> str:
    """Return a difference with its sign."""
    text = format_score(value)
    return f"+{text}" if value > 0 and text not in (MISSING, "0.00") else text


def format_share(value: float | None) -> str:
    """Return a share in percent."""
    return MISSING if value is None or not math.isfinite(value) else f"{100 * value:.0f}%"


def format_number(value: float | None) -> str:
    """Return a number with at least three significant digits, never in scientific notation."""
    if value is None or not math.isfinite(value):
        return MISSING
    if value == 0:
        return "0"
    decimals = max(0, DIGITS - 1 - math.floor(math.log10(abs(value))))
    text = f"{value:,.{min(decimals, 12)}f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace("-", MINUS)


def format_cost(value: float | None, *, has_prices: bool) -> str:
    """Return the cost of a thousand questions in money, or the tokens of one."""
    return format_number(None if value is None else 1000 * value if has_prices else value)


def format_seconds(value: float | None) -> str:
    """Return a duration such as `0.32 s`."""
    return MISSING if value is None or not math.isfinite(value) else f"{value:.2f} s"


def format_day(timestamp: int) -> str:
    """Return the day of a Unix time in UTC, such as `2026-11-29`."""
    return datetime.fromtimestamp(timestamp, UTC).strftime("%Y-%m-%d")


def shorten(text: str, length: int) -> str:
    """Return `text`, or its start and how many characters follow."""
    return text if len(text) <= length else f"{text[:length]}… ({len(text) - length:,} more characters)"
