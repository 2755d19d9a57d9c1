"""What an arm answered to a question."""

from dataclasses import dataclass, field
from typing import Any, Literal


@dataclass(frozen=True)
class Failure:
    """Why there is no answer. `own`: the arm's fault, such as a prompt that is too long, an empty answer, or a timeout after all retries.

    `infrastructure`: a neighbor that stayed away, or a judge whose output could not be read.
    """

    kind: Literal["own", "infrastructure"]
    code: str
    message: str


@dataclass(frozen=True)
class ArmAnswer:
    """An arm's answer to one question. `question` counts from 0.

    `seconds` is the time from the first attempt to the end of the answer, with every wait; `engine_seconds` is the engine's part of
    it, if known. `retrieved` are the passages that the search found, best first: `file_id`, `filename`, `text`, `score`. `scores` has
    a grade for each grader, in the grader's range; it is empty before the answer is graded.
    """

    question: int
    arm: str
    text: str
    seconds: float
    prompt_tokens: int
    completion_tokens: int
    citations: list[dict[str, Any]]
    scores: dict[str, float] = field(default_factory=dict)
    failure: Failure | None = None
    finish_reason: str | None = None
    engine_seconds: float | None = None
    retrieved: list[dict[str, Any]] = field(default_factory=list)
