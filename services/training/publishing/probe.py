"""Asks the served adapter and its base the same training prompts: an adapter that answers like its base changes nothing."""

from collections.abc import Sequence
from typing import Any, Protocol

from services.training.supervision.interruptible import patiently
from shared.contracts.fine_tuning import Probe
from shared.errors import TandemError
from shared.workers.job_runner import JobContext

ANSWER_TOKENS = 32
SHOWN = 80  # characters of an answer in the detail


class Models(Protocol):
    """Who answers."""

    def ask(self, model: str, messages: Sequence[dict[str, Any]], max_tokens: int) -> str:
        """Return the model's most likely answer."""


def probe(models: Models, base: str, adapter: str, prompts: Sequence[dict[str, Any]], context: JobContext, patience: float) -> Probe:
    """Return whether the adapter answers one of the prompts differently; the first that differs settles it.

    A front door or engine that does not answer within `patience` seconds, or refuses, makes it `not_run`.

    Raises:
        JobInterrupted: the job must end.
    """
    try:
        for prompt in prompts:
            answers = [patiently(context, patience, lambda: _ask(models, name, prompt)) for name in (base, adapter)]  # noqa: B023
            if answers[0] != answers[1]:
                return Probe(status="differs", detail=_show(prompt, answers))
    except TandemError as error:
        return Probe(status="not_run", detail=f"The adapter could not be probed: {error.message}")
    return Probe(status="same", detail=f"To {len(prompts)} training prompts the adapter answers exactly as the base model does.")


def _ask(models: Models, name: str, prompt: dict[str, Any]) -> str:
    return models.ask(name, prompt["messages"], ANSWER_TOKENS).strip()


def _show(prompt: dict[str, Any], answers: list[str]) -> str:
    question, base, adapter = (_shorten(text) for text in (prompt["messages"][-1]["content"], *answers))
    return f"To '{question}' the base model answers '{base}', the adapter '{adapter}'."


def _shorten(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= SHOWN else line[: SHOWN - 1] + "…"
