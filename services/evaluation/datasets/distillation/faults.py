"""Why a stored answer is no example, and the error about too few examples."""

from collections.abc import Mapping
from typing import Literal

from shared.contracts.datasets import AnswersSpec
from shared.errors import InvalidRequest

Fault = Literal[
    "failed", "cancelled", "incomplete", "unfinished", "abstained", "no_answer", "history_deleted", "own_template", "images", "tools",
    "not_trainable", "duplicate",
]  # fmt: skip
FAULTS: dict[Fault, str] = {
    "failed": "they failed",
    "cancelled": "they were canceled",
    "incomplete": "their answer was cut off",
    "unfinished": "they had not ended",
    "abstained": "no model was called, because the search found nothing",
    "no_answer": "they have neither text nor a function call",
    "history_deleted": "an earlier response in their conversation was deleted",
    "own_template": "their request had its own 'prompt_template' for the passages (send '{source}.passages': 'drop' to use them)",
    "images": "they have images or other files",
    "tools": "they have functions, and '{source}.tools' is 'skip' or their calls cannot be trained",
    "not_trainable": "they cannot be a line of a training file, for example because a message is blank or a text is too long",
    "duplicate": "the same example was already there",
}
BY_STATUS: Mapping[str, Fault] = {
    "failed": "failed",
    "cancelled": "cancelled",
    "incomplete": "incomplete",
    "queued": "unfinished",
    "in_progress": "unfinished",
}
MIN_EXAMPLES = 10  # what fine-tuning needs
BY_FINISH_REASON: Mapping[str | None, Fault] = {"length": "incomplete", "content_filter": "incomplete"}


class LeftOut(Exception):
    """An answer is no example, because of `fault`."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault)
        self.fault = fault


def check_enough(examples: int, requested: int, left_out: Mapping[Fault, int], spec: AnswersSpec) -> None:
    """Return if there are enough examples to train on.

    Raises:
        InvalidRequest: otherwise; the message counts why answers were left out.
    """
    if examples >= MIN_EXAMPLES:
        return
    matched = f"1 {spec.noun}" if requested == 1 else f"{requested} {spec.noun}s"
    found = f"The training file must have at least {MIN_EXAMPLES} examples; it has {examples}. {matched} matched{_filtered(spec)}."
    reasons = "; ".join(f"{count} because {FAULTS[fault].format(source=spec.source)}" for fault, count in left_out.items())
    left = f" Left out: {reasons}." if reasons else ""
    made = requested - sum(left_out.values())
    raise InvalidRequest(f"{found}{left} {_advise(made, spec)}", param=spec.source, code="too_few_examples")


def _advise(made: int, spec: AnswersSpec) -> str:
    """Return what to do. Another split helps only if enough examples were made for all parts together."""
    more = f"Store more {spec.noun.removeprefix('stored ')}s"
    if made >= MIN_EXAMPLES and spec.split.train < 1:
        return f"{more}, or send 'split' with a larger share for 'train'."
    return f"{more}, or change the filter in '{spec.source}'." if _filtered(spec) else f"{more}, then create the dataset again."


def _filtered(spec: AnswersSpec) -> str:
    """Return the parts of the filter, except for the time up to which it goes in any case."""
    chosen = spec.chosen
    names = [name for name in ("metadata", "model", "created_after") if getattr(chosen, name)]
    return f" (filter: {', '.join(names)})" if names else ""
