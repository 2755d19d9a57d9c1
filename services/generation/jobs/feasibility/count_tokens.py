"""Counts the tokens of a sample of a file's examples with the engine's own tokenizer and chat template, in limited time.

An engine that is slow or does not respond is no error: the report then has what was counted, or nothing, and says why. An example that
the chat template refuses, or whose answer does not continue its prompt, cannot be trained. `shared.datasets.checks` says what the tokens
mean for training.
"""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from itertools import takewhile
from typing import Literal

from services.generation.contracts.validation import CountedLine, ExampleTokens, LengthBucket, TokenAdvice, TokenPercentiles
from services.generation.jobs.feasibility.check_answers import ChatReader, continues_prompt, count_chat
from services.generation.jobs.feasibility.count_unlearned import count_unlearned
from services.generation.serving.tokens import TokenCount
from shared.datasets.checks.advise_length import TokenLimits, advise_length, warn_about_tokens
from shared.datasets.checks.example_sample import ExampleSample, SampledExample
from shared.datasets.checks.fit import describe_too_few_fit
from shared.datasets.checks.token_counts import CountedExample, TokenCounts
from shared.datasets.checks.warn import DatasetWarning
from shared.datasets.examples.answers import NOT_CONTINUED
from shared.errors import TandemError

SECONDS = 30.0
PARALLEL = 4
MAX_ANSWERS = 60  # as many as the sample of a job that is created has
SHOWN = 10
MAX_REASON = 300
REFUSAL = 400
UNREADABLE = "The engine's answer could not be read."
Template = Literal["any", "without_tools", "harmony"]  # what is known of how a model's chats are written


@dataclass(frozen=True)
class CountingModel:
    """The model whose engine counts, the highest `max_length` of a job, and the seconds that one file may take.

    `template` says how its chats are written, and so what it can learn. `requested` is the lower `max_length` of the job; None if it has
    none.
    """

    name: str
    counter: ChatReader
    max_length: int
    seconds: float = SECONDS
    template: Template = "any"
    requested: int | None = None

    @property
    def trained_length(self) -> int:
        """The most tokens of an example that are trained."""
        return TokenLimits(0, self.max_length, self.requested).trained

    @property
    def renders_as_served(self) -> bool:
        """Whether the engine renders a chat for counting as it does for serving; if not, it cannot tell which examples are wrong."""
        return self.template != "harmony"


@dataclass(frozen=True)
class RefusedExample:
    """An example that the model's chat template refuses or shows in a way that cannot be trained, and why, in a sentence."""

    line: int
    message: str


@dataclass(frozen=True)
class TokenReport:
    """The tokens of a file, if any could be counted, what else was noticed, and the examples that the chat template refuses, by line.

    `too_few_fit` says what is wrong if it is certain that too few examples fit into `max_length`; None otherwise.
    """

    tokens: ExampleTokens | None
    warnings: list[DatasetWarning]
    refused: Sequence[RefusedExample] = ()
    too_few_fit: str | None = None


@dataclass
class _Counting:
    """What is counted so far of a model's examples, and what its template refused, by the number of the example.

    `answers_left` is the number of answers that may still be checked. `problem` ends the counting.
    """

    model: CountingModel
    counted: dict[int, CountedExample] = field(default_factory=dict)
    refused: dict[int, RefusedExample] = field(default_factory=dict)
    window: int = 0
    answers_left: int = MAX_ANSWERS
    problem: str | None = None


async def count_tokens(sample: ExampleSample, model: CountingModel, tell: Callable[[int], None], minimum: int = 0) -> TokenReport:
    """Return the tokens of the file that the sample is of, of whose examples at least `minimum` must fit into `max_length`.

    `tell` is called with the number of examples that are counted so far.
    """
    counting, waiting = _Counting(model), iter(sample)
    try:
        async with asyncio.timeout(model.seconds), asyncio.TaskGroup() as tasks:
            for _ in range(PARALLEL):
                tasks.create_task(_count_waiting(waiting, counting, tell))
    except TimeoutError:
        counting.problem = f"The engine needed more than {model.seconds:g} s."
    counts = _summarize(sample, counting)
    warnings = list(_warn_about_engine(sample, counting))
    refused = sorted(counting.refused.values(), key=lambda each: each.line) if model.renders_as_served else []
    if counts is None:
        return TokenReport(None, warnings, refused)
    limits = TokenLimits(counting.window, model.max_length, model.requested)
    too_few_fit = await _find_too_few(sample, counting, minimum)
    return TokenReport(_describe(counts, limits, model.name), [*warn_about_tokens(counts, limits), *warnings], refused, too_few_fit)


async def _find_too_few(sample: ExampleSample, counting: _Counting, minimum: int) -> str | None:
    """Return what is wrong if fewer than `minimum` examples can fit; None if it is not certain."""
    model, limit = counting.model, counting.model.trained_length
    long = [each for each in sample if each.number in counting.counted and counting.counted[each.number].tokens > limit]
    if not model.renders_as_served or counting.problem or not sample.examples - len(long) < minimum <= sample.examples:
        return None
    fitting = sample.examples - await count_unlearned(long, model.counter, limit, model.seconds)
    return describe_too_few_fit(fitting, sample.examples, limit, minimum) if fitting < minimum else None


async def _count_waiting(waiting: Iterator[SampledExample], counting: _Counting, tell: Callable[[int], None]) -> None:
    """Count one example after the other, next to others that do the same, until none waits or there is a problem."""
    for example in waiting:
        await _count(example, counting)
        if counting.problem is not None:
            return
        tell(len(counting.counted))


async def _count(example: SampledExample, counting: _Counting) -> None:
    try:
        count = await count_chat(counting.model.counter, example, example.messages)
        counting.window = count.window
        counting.counted[example.number] = CountedExample(example.number, example.line, example.characters, count.tokens)
        await _check_answer(example, count, counting)
    except TandemError as error:
        if error.status == REFUSAL:
            counting.refused[example.number] = RefusedExample(example.line, _explain_refusal(error, counting.model.name))
        else:
            counting.problem = error.message
    except (LookupError, TypeError, ValueError):
        counting.problem = UNREADABLE


async def _check_answer(example: SampledExample, count: TokenCount, counting: _Counting) -> None:
    """Check the answer of the example, unless enough have been checked: to check every answer would take twice as long."""
    if counting.model.renders_as_served and counting.answers_left > 0:
        counting.answers_left -= 1
        if not await continues_prompt(counting.model.counter, example, count):
            counting.refused[example.number] = RefusedExample(example.line, NOT_CONTINUED)


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
        trained=counts.total_within(limits.trained),
        shortest=counts.counted[-1].tokens,
        mean=round(total / counts.examples, 1),
        longest=counts.counted[0].tokens,
        longest_examples=[CountedLine(line=each.line, tokens=each.tokens) for each in counts.counted[:SHOWN]],
        percentiles=TokenPercentiles(**{f"p{percent}": counts.percentile(percent) for percent in (50, 90, 95, 99)}),
        histogram=[LengthBucket(**asdict(bucket)) for bucket in counts.buckets()],
        window=limits.window,
        longer_than_window=counts.count_longer(limits.window),
        max_length=limits.trained,
        longer_than_max_length=counts.count_longer(limits.trained),
        advice=TokenAdvice(**asdict(advise_length(counts, limits))),
    )


def _clip(text: str) -> str:
    return text if len(text) <= MAX_REASON else f"{text[:MAX_REASON]}…"
