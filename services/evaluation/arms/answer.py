"""What an arm answered to a question."""

from dataclasses import dataclass, field
from typing import Any

from shared.contracts.comparisons import ArmName, Grader


@dataclass(frozen=True)
class ArmAnswer:
    """An arm's answer to one question. `question` counts from 0; `seconds` is the duration of the whole call.

    `scores` are the grades between 0 and 1; there are none before the answer is graded.
    """

    question: int
    arm: ArmName
    text: str
    seconds: float
    prompt_tokens: int
    completion_tokens: int
    citations: list[dict[str, Any]]
    scores: dict[Grader, float] = field(default_factory=dict)
