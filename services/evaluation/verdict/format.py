"""Formats numbers and words for sentences."""

from collections.abc import Sequence

MINUS = "\N{MINUS SIGN}"


def format_score(value: float) -> str:
    """Return `value` with two decimals, or three if two would round it to 0.00; the minus is a real minus sign."""
    if abs(value) < 0.0005:
        return "0.00"
    digits = 2 if abs(value) >= 0.005 else 3
    return f"{value:.{digits}f}".replace("-", MINUS)


def pluralize(amount: int, noun: str) -> str:
    """Return an amount of things, such as `1 question` or `1,200 questions`."""
    return f"{amount:,} {noun}{'' if amount == 1 else 's'}"


def capitalize(words: str) -> str:
    """Return `words` with a capital first letter."""
    return words[:1].upper() + words[1:]


def join_list(words: Sequence[str]) -> str:
    """Return the words as a list in a sentence: `a`, `a and b`, `a, b, and c`."""
    if len(words) < 3:
        return " and ".join(words)
    return f"{', '.join(words[:-1])}, and {words[-1]}"
