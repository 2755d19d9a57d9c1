"""What grading returns: a grade with its error and its usage, and the models that it calls. Values only."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

# OpenAI's names of errors, as `metadata.errors` of `fine_tuning.alpha.graders.run` has them.
ErrorKind = Literal[
    "invalid_variable_error",  # a template names a field that the item does not have
    "sample_parse_error",  # the answer is not JSON, or lacks a field or a tool call that a template names: the answer's own fault
    "formula_parse_error",  # `calculate_output` cannot be computed for these scores
    "model_grader_parse_error",  # the output of the grading model is not what was asked for, or is out of range
    "model_grader_server_error",  # the grading model or the embedder could not be called
    "other_error",
]


@dataclass(frozen=True)
class Usage:
    """The tokens of calls to one model."""

    prompt_tokens: int = 0
    completion_tokens: int = 0

    @property
    def total_tokens(self) -> int:
        """All tokens."""
        return self.prompt_tokens + self.completion_tokens

    def __add__(self, other: "Usage") -> "Usage":
        """Return the sum."""
        return Usage(self.prompt_tokens + other.prompt_tokens, self.completion_tokens + other.completion_tokens)


@dataclass(frozen=True)
class ModelCall:
    """A call of a grading model: the messages as it got them, and its whole output."""

    model: str
    messages: Sequence[Mapping[str, Any]]
    output: str
    usage: Usage


@dataclass(frozen=True)
class Grade:
    """The score of one answer.

    `score` is not a number (nan) if there is an `error`: such a grade must be counted apart, never averaged. `passed` is None if there is
    an error, or if the grader has no rule for passing. `label` is what a `label_model` chose. `sub_scores` are those of a `multi` that have
    no error, and `sub_grades` all of them. `usage` has the tokens by grading model, also of calls whose output was no use. `error_code`
    is the code of the error with which a model refused its call.
    """

    score: float
    passed: bool | None = None
    sub_scores: dict[str, float] = field(default_factory=dict)
    error: str | None = None
    error_kind: ErrorKind | None = None
    usage: dict[str, Usage] = field(default_factory=dict)
    label: str | None = None
    calls: tuple[ModelCall, ...] = ()
    sub_grades: dict[str, "Grade"] = field(default_factory=dict)
    error_code: str | None = None

    @property
    def is_sample_fault(self) -> bool:
        """Whether the error is the answer's own, so that it may count as the lowest score. Other errors leave the item out."""
        return self.error_kind == "sample_parse_error"


class GradingFailed(Exception):
    """An answer could not be graded. `calls` are the calls of models that were made for it, `code` is that of a model's error."""

    def __init__(self, kind: ErrorKind, message: str, calls: tuple[ModelCall, ...] = (), code: str | None = None) -> None:
        super().__init__(message)
        self.kind: ErrorKind = kind
        self.message = message
        self.calls = calls
        self.code = code


class Completion(Protocol):
    """The answer of a model."""

    @property
    def text(self) -> str:
        """The text."""
        ...

    @property
    def prompt_tokens(self) -> int:
        """The tokens of the prompt."""
        ...

    @property
    def completion_tokens(self) -> int:
        """The tokens of the answer."""
        ...


class ChatModels(Protocol):
    """The served models. A failed call raises TandemError; whoever implements this retries."""

    async def complete_chat(self, request: dict[str, Any]) -> Completion:
        """Return the answer to the body of a chat completion request."""
        ...


class Embedder(Protocol):
    """A model that turns texts into vectors, such as `/v1/embeddings`."""

    async def embed(self, texts: Sequence[str], model: str) -> Sequence[Sequence[float]]:
        """Return a vector for each text. No text is empty. Raises TandemError."""
        ...


@dataclass(frozen=True)
class GraderModels:
    """The models that graders may call. `embedding_model` is the embedder's model for `cosine`."""

    chat: ChatModels | None = None
    embedder: Embedder | None = None
    embedding_model: str | None = None


def sum_usage(calls: Sequence[ModelCall]) -> dict[str, Usage]:
    """Return the tokens by model."""
    total: dict[str, Usage] = {}
    for call in calls:
        total[call.model] = total.get(call.model, Usage()) + call.usage
    return total


def failed(error: GradingFailed, sub_scores: dict[str, float] | None = None) -> Grade:
    """Return the grade of an answer that could not be graded."""
    return Grade(
        math.nan, None, sub_scores or {}, error.message, error.kind, sum_usage(error.calls), None, error.calls, error_code=error.code
    )
