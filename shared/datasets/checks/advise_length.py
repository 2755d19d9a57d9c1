"""What the tokens of the examples mean for the longest example that is trained (`max_length`), in words."""

import math
from dataclasses import dataclass

from shared.datasets.checks.file_check import MAX_LINES
from shared.datasets.checks.token_counts import TokenCounts
from shared.datasets.checks.warn import DatasetWarning

STEP = 64  # advised lengths are multiples of it
TRUNCATED = "Training truncates them, so the model does not learn how they end"


@dataclass(frozen=True)
class TokenLimits:
    """The engine's window, and the highest `max_length` that a job may have, which is also what `auto` means.

    `requested` is the lower `max_length` of the job; None if it has none.
    """

    window: int
    max_length: int
    requested: int | None = None

    @property
    def trained(self) -> int:
        """The most tokens of an example that are trained."""
        return self.max_length if self.requested is None else min(self.requested, self.max_length)

    @property
    def limit(self) -> int:
        """The longest example that can be trained as a whole, and served."""
        return min(self.window, self.max_length)


@dataclass(frozen=True)
class LengthAdvice:
    """A `max_length`, and why."""

    max_length: int
    message: str


def advise_length(counts: TokenCounts, limits: TokenLimits) -> LengthAdvice:
    """Return the `max_length` that truncates none of the counted examples, or the highest one if there is none."""
    longest = counts.counted[0]
    if longest.tokens > limits.limit:
        return LengthAdvice(limits.limit, f"{_describe_long(counts, limits)}{_describe_sample(counts)}")
    enough = min(math.ceil(longest.tokens / STEP) * STEP, limits.limit)
    which = "The longest example" if counts.is_exact else "The longest example that was counted"
    fits = f"{which} has {longest.tokens:,} tokens (line {longest.line})."
    return LengthAdvice(enough, f"{fits} A 'max_length' of {enough}, or 'auto', does not truncate it.{_describe_sample(counts)}")


def warn_about_tokens(counts: TokenCounts, limits: TokenLimits) -> list[DatasetWarning]:
    """Return a warning if examples are longer than can be trained or served."""
    longer = counts.longer_than(min(limits.limit, limits.trained))
    lines = tuple(sorted(each.line for each in longer[:MAX_LINES]))
    if longer and limits.trained < limits.limit:
        message = (
            f"{_count_long(counts, limits.trained)} {TRUNCATED}: split or shorten them, or raise 'max_length'.{_describe_sample(counts)}"
        )
        return [DatasetWarning("long_examples", message, lines)]
    return [DatasetWarning("long_examples", advise_length(counts, limits).message, lines)] if longer else []


def _count_long(counts: TokenCounts, limit: int) -> str:
    longest, count = counts.counted[0], counts.count_longer(limit)
    many = f"{count:,} of {counts.examples:,} examples {'has' if count == 1 else 'have'} more than {limit:,} tokens"
    return f"{'' if counts.is_exact else 'About '}{many}, such as line {longest.line} with {longest.tokens:,}."


def _describe_long(counts: TokenCounts, limits: TokenLimits) -> str:
    found = _count_long(counts, limits.limit)
    if limits.limit == limits.window:
        return f"{found} That is the engine's window, so it cannot serve such chats: split or shorten them."
    more = " An operator can raise the limit (GENERATION_MAX_TRAINING_LENGTH and TRAINING_MAX_LENGTH)."
    return f"{found} {TRUNCATED}: split or shorten them.{more}"


def _describe_sample(counts: TokenCounts) -> str:
    if counts.is_exact:
        return ""
    return f" This is from a sample: {len(counts.counted):,} of {counts.examples:,} examples were counted."
