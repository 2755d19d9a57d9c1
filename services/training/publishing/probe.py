"""Probes a served adapter: asks it and the model that its training started from the same training prompts.

If all answers are equal, the adapter may still change how probable other answers are. So the training process has measured that too, beside
the noise: what rounding alone changes.
"""

import json
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any, Protocol

from services.training.data.sample import sample_examples
from shared.contracts.fine_tuning import LogProbabilityChange, Probe
from shared.errors import TandemError
from shared.records.models.adapters import read_base
from shared.workers.api_client import ChatCompletion

MAX_TOKENS = 32
MAX_CHARACTERS = 80  # of a prompt or an answer in the probe's detail
# Rounding may move each of the two log-probabilities by about the noise, so they may be twice the noise apart without any change of the
# weights. The third is for chance: only a few examples are measured.
NOISES = 3


class ChatModels(Protocol):
    """The served models."""

    async def complete_chat(self, request: dict[str, Any]) -> ChatCompletion:
        """Return the answer to the body of a chat completion request."""


CallModels = Callable[[Callable[[ChatModels], Awaitable[ChatCompletion]]], ChatCompletion]


def choose_probes(training_file: Path, count: int) -> list[dict[str, Any]]:
    """Return up to `count` prompts spread over the training file: `{"messages", "tools", "expected"}`, the last what was taught."""
    return [
        {
            "messages": [message.model_dump() for message in example.messages[:-1]],
            "tools": example.tools,
            "expected": example.list_texts()[-1][1],
        }
        for example in sample_examples(training_file, count)
    ]


def probe(
    call_models: CallModels, start: str, adapter: str, probes: Sequence[dict[str, Any]], change: LogProbabilityChange | None = None
) -> Probe:
    """Return whether the adapter answers one of the prompts differently from the model `start`, from which it was trained: the base model
    or another adapter; stop at the first that differs.

    `call_models` calls the served models and repeats a call that fails only for the moment. If a call fails for good, the status is
    `not_run`. `change` is what the training process measured; if it is more than the noise, an adapter with equal answers differs too.

    Raises:
        JobInterrupted: if the job must end.
    """
    other = "the base model" if read_base(start) == start else f"'{start}', which the training continued,"
    try:
        for prompt in probes:
            first_answer, adapter_answer = (_answer(call_models, model, prompt) for model in (start, adapter))
            if first_answer != adapter_answer:
                detail = f"{_describe(prompt, other, first_answer, adapter_answer)}{_describe_change(change)}"
                return Probe(status="differs", detail=detail, log_probabilities=change)
    except TandemError as error:
        return Probe(status="not_run", detail=f"The adapter could not be probed: {error.message}", log_probabilities=change)
    return _judge_equal_answers(f"The adapter answers {_count(len(probes))} exactly as {other} does", change)


def _judge_equal_answers(equal: str, change: LogProbabilityChange | None) -> Probe:
    if change is None:
        return Probe(status="same", detail=f"{equal}.")
    if change.difference > NOISES * change.noise:
        remedy = "To change the answers too, train for more epochs or with a higher learning rate."
        return Probe(
            status="differs",
            detail=f"{equal}, but its weights have an effect.{_describe_change(change)} {remedy}",
            log_probabilities=change,
        )
    return Probe(status="same", detail=f"{equal}.{_describe_change(change)}", log_probabilities=change)


def _describe_change(change: LogProbabilityChange | None) -> str:
    """Return a sentence with a space before it, or nothing."""
    if change is None:
        return ""
    changed = f"Compared with that model, the adapter changes the log-probability of a trained token by {change.difference:.2g} on average"
    return f" {changed}; rounding alone changes it by {change.noise:.2g}."


def _answer(call_models: CallModels, model: str, prompt: dict[str, Any]) -> str:
    tools = {"tools": prompt["tools"]} if prompt.get("tools") else {}  # a manifest of an older version has none
    request = {"model": model, "messages": prompt["messages"], **tools, "max_tokens": MAX_TOKENS, "temperature": 0}
    answer = call_models(lambda models: models.complete_chat(request))
    calls = [json.dumps(call["function"]) for call in answer.tool_calls]  # not their ids, which are random
    return " ".join([answer.text.strip(), *calls]).strip()


def _describe(prompt: dict[str, Any], other: str, first_answer: str, adapter_answer: str) -> str:
    question, first, adapter = map(_shorten, (prompt["messages"][-1]["content"], first_answer, adapter_answer))
    return f"To '{question}', {other} answers '{first}' and the adapter '{adapter}'."


def _shorten(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= MAX_CHARACTERS else line[: MAX_CHARACTERS - 1] + "…"


def _count(prompts: int) -> str:
    return "1 training prompt" if prompts == 1 else f"{prompts} training prompts"
