"""The probe: does the served adapter answer differently from its base?"""

import threading
from collections.abc import Sequence
from typing import Any

import pytest

from services.training.publishing.probe import probe
from shared.errors import InvalidRequest, TandemError, Unavailable
from shared.workers.job_runner import JobContext, JobInterrupted

PROMPTS = [{"messages": [{"role": "user", "content": f"Question {number}?"}], "expected": "yes"} for number in range(3)]
BASE, ADAPTER = "base", "ft:base:default::abcdefgh"


class Models:
    """Answers by model and question; `error` is raised instead."""

    def __init__(self, answers: dict[tuple[str, str], str] | None = None, error: TandemError | None = None) -> None:
        self.asked: list[tuple[str, str]] = []
        self._answers = answers or {}
        self._error = error

    def ask(self, model: str, messages: Sequence[dict[str, Any]], max_tokens: int) -> str:
        self.asked.append((model, messages[-1]["content"]))
        if self._error:
            raise self._error
        return self._answers.get(self.asked[-1], "the same")


def test_the_first_answer_that_differs_settles_it(context: JobContext) -> None:
    models = Models({(ADAPTER, "Question 1?"): "yes"})
    outcome = probe(models, BASE, ADAPTER, PROMPTS, context, 1)
    assert outcome.status == "differs"
    assert outcome.detail == "To 'Question 1?' the base model answers 'the same', the adapter 'yes'."
    assert len(models.asked) == 4


def test_an_adapter_that_changes_nothing_is_said_to(context: JobContext) -> None:
    outcome = probe(Models(), BASE, ADAPTER, PROMPTS, context, 1)
    assert outcome.status == "same"
    assert "3 training prompts" in outcome.detail


@pytest.mark.parametrize("error", [Unavailable("The engine is gone."), InvalidRequest("The engine is gone.")])
def test_an_engine_that_cannot_be_asked_makes_no_failure(context: JobContext, error: TandemError) -> None:
    outcome = probe(Models(error=error), BASE, ADAPTER, PROMPTS, context, 0)
    assert (outcome.status, outcome.detail) == ("not_run", "The adapter could not be probed: The engine is gone.")


def test_a_stop_ends_the_probe(context: JobContext, stopping: threading.Event) -> None:
    stopping.set()
    with pytest.raises(JobInterrupted):
        probe(Models(), BASE, ADAPTER, PROMPTS, context, 1)
