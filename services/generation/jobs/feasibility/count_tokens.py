"""Counts the tokens of a sample of a file's examples with the engine's own tokenizer and chat template, in limited time.

An engine that is slow or does not respond is no error: the report then has what was counted, or nothing, and says why. An example that
the chat template refuses cannot be trained. What the tokens mean for training is told by `shared.datasets.checks`.
"""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from itertools import takewhile
from typing import Any, Literal, Protocol

from services.generation.contracts.validation import CountedLine, ExampleTokens, LengthBucket, TokenAdvice, TokenPercentiles
from services.generation.serving.tokens import TokenCount
from shared.datasets.checks.advise_length import TokenLimits, advise_length, warn_about_tokens
from shared.datasets.checks.example_sample import ExampleSample, SampledExample
from shared.datasets.checks.token_counts import CountedExample, TokenCounts
from shared.datasets.checks.warn import DatasetWarning
from shared.errors import TandemError

SECONDS = 30.0
PARALLEL = 4
SHOWN = 10
MAX_REASON = 300
REFUSAL = 400
UNREADABLE = "The engine's answer could not be read."
Calls = Literal["any", "single", "none"]  # that a message of the assistant may have: several, one, or none


class TokenCounter(Protocol):
    """Counts the tokens of a prompt."""

    async def count(self, fields: dict[str, Any]) -> TokenCount:
        """Count the tokens of the prompt that the engine would make of `fields`."""


@dataclass(frozen=True)
class CountingModel:
    """The model whose engine counts, the highest `max_length` of a job, and the seconds that one file may take.

    `calls` are those that it can learn.
    """

    name: str
    counter: TokenCounter
    max_length: int
    seconds: float = SECONDS
    calls: Calls = "any"


@dataclass(frozen=True)
class RefusedExample:
    """An example that the model's chat template refuses, and why, in a sentence."""

    line: int
    message: str


@dataclass(frozen=True)
class TokenReport:
    """The tokens of a file, if any could be counted, what else was noticed, and the examples that the chat template refuses, by line."""

    tokens: ExampleTokens | None
    warnings: list[DatasetWarning]
    refused: Sequence[RefusedExample] = ()


@dataclass
class _Counting:
    """What is counted so far of a model's examples, and what its template refused, by the number of the example. `problem` ends it."""

    model: str
    counted: dict[int, CountedExample] = field(default_factory=dict)
    refused: dict[int, RefusedExample] = field(default_factory=dict)
    window: int = 0
    problem: str | None = None


async def count_tokens(sample: ExampleSample, model: CountingModel, tell: Callable[[int], None]) -> TokenReport:
    """Return the tokens of the file that the sample is of. `tell` is called with the number of examples that are counted so far."""
    counting, waiting = _Counting(model.name), iter(sample)
    try:
        async with asyncio.timeout(model.seconds), asyncio.TaskGroup() as tasks:
            for _ in range(PARALLEL):
                tasks.create_task(_count_waiting(waiting, model.counter, counting, tell))
    except TimeoutError:
        counting.problem = f"The engine needed more than {model.seconds:g} s."
    counts = _summarize(sample, counting)
    warnings = list(_warn_about_engine(sample, counting))
    refused = sorted(counting.refused.values(), key=lambda each: each.line)
    if counts is None:
        return TokenReport(None, warnings, refused)
    limits = TokenLimits(counting.window, model.max_length)
    return TokenReport(_describe(counts, limits, model.name), [*warn_about_tokens(counts, limits), *warnings], refused)


async def _count_waiting(
    waiting: Iterator[SampledExample], counter: TokenCounter, counting: _Counting, tell: Callable[[int], None]
) -> None:
    """Count one example after the other, next to others that do the same, until none waits or there is a problem."""
    for example in waiting:
        await _count(example, counter, counting)
        if counting.problem is not None:
            return
        tell(len(counting.counted))


async def _count(example: SampledExample, counter: TokenCounter, counting: _Counting) -> None:
    tools = {"tools": example.tools} if example.tools else {}
    try:
        count = await counter.count({"messages": example.messages, **tools, "add_generation_prompt": False})
    except TandemError as error:
        if error.status == REFUSAL:
            counting.refused[example.number] = RefusedExample(example.line, _explain_refusal(error, counting.model))
        else:
            counting.problem = error.message
    except (LookupError, TypeError, ValueError):
        counting.problem = UNREADABLE
    else:
        counting.window = count.window
        counting.counted[example.number] = CountedExample(example.number, example.line, example.characters, count.tokens)


def _summarize(sample: ExampleSample, counting: _Counting) -> TokenCounts | None:
    """Return what the counted examples say about the file; None if too few are counted for that.

    If the counting has ended early, only the first of the spread examples count: they are spread evenly too.
    """
    counted = counting.counted
    done = takewhile(lambda each: each.number in counted or each.number in counting.refused, sample.spread())
    spread = [counted[each.number] for each in done if each.number in counted]
    longest = [counted[each.number] for each in sample.longest() if each.number in counted]
    return TokenCounts(spread, longest, sample.examples, sample.characters) if spread else None


def _explain_refusal(error: TandemError, model: str) -> str:
    said = _clip(error.message).rstrip(".")
    return f"the chat template of '{model}' refuses this example: {said}. Change the example, or train another base model."


def _warn_about_engine(sample: ExampleSample, counting: _Counting) -> Iterator[DatasetWarning]:
    if counting.problem is not None:
        planned, counted = sum(1 for _ in sample), len(counting.counted)
        some = f"The tokens of only {counted:,} of {planned:,} examples were counted." if counted else "No tokens were counted."
        yield DatasetWarning("tokens_not_counted", f"{some} {_clip(counting.problem)}")


def _describe(counts: TokenCounts, limits: TokenLimits, model: str) -> ExampleTokens:
    total = counts.total()
    return ExampleTokens(
        model=model,
        is_sample=not counts.is_exact,
        examples=counts.examples,
        counted=len(counts.counted),
        sampled=len(counts.spread),
        total=total,
        trained=counts.total_within(limits.max_length),
        shortest=counts.counted[-1].tokens,
        mean=round(total / counts.examples, 1),
        longest=counts.counted[0].tokens,
        longest_examples=[CountedLine(line=each.line, tokens=each.tokens) for each in counts.counted[:SHOWN]],
        percentiles=TokenPercentiles(**{f"p{percent}": counts.percentile(percent) for percent in (50, 90, 95, 99)}),
        histogram=[LengthBucket(**asdict(bucket)) for bucket in counts.buckets()],
        window=limits.window,
        longer_than_window=counts.count_longer(limits.window),
        max_length=limits.max_length,
        longer_than_max_length=counts.count_longer(limits.max_length),
        advice=TokenAdvice(**asdict(advise_length(counts, limits))),
    )


def _clip(text: str) -> str:
    return text if len(text) <= MAX_REASON else f"{text[:MAX_REASON]}…"
