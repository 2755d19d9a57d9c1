"""Why a stored response is no example, and the error about too few examples."""

from collections.abc import Mapping
from typing import Literal

from shared.contracts.datasets import ResponsesSpec
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
    "no_answer": "their output has no text and no function call",
    "history_deleted": "an earlier response of the conversation was deleted",
    "own_template": "their passages were shown by a template of the request ('prompt_template'); 'passages': 'drop' uses them",
    "images": "they have images",
    "tools": "they have tools, which are skipped, or which cannot be trained in this form",
    "not_trainable": "a training file cannot have them as an example, such as a blank message or more than 8 MiB of text",
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
REMEDY = "Check the filter in 'responses', or send 'split' with a greater share for 'train'."


class LeftOut(Exception):
    """A response is no example, because of `fault`."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault)
        self.fault = fault


def check_enough(examples: int, requested: int, left_out: Mapping[Fault, int], spec: ResponsesSpec) -> None:
    """Return if there are enough examples to train on.

    Raises:
        InvalidRequest: otherwise; the message counts why responses were left out.
    """
    if examples >= MIN_EXAMPLES:
        return
    found = f"The training file has {examples} of at least {MIN_EXAMPLES} examples. {requested} stored responses matched{_filtered(spec)}."
    reasons = "; ".join(f"{count} because {FAULTS[fault]}" for fault, count in left_out.items())
    left = f" Left out: {reasons}." if reasons else ""
    raise InvalidRequest(f"{found}{left} {REMEDY}", param="responses", code="too_few_examples")


def _filtered(spec: ResponsesSpec) -> str:
    """Return the parts of the filter, except for the time up to which it goes in any case."""
    chosen = spec.responses
    names = [name for name in ("metadata", "model", "created_after") if getattr(chosen, name)]
    return f" (filter: {', '.join(names)})" if names else ""
