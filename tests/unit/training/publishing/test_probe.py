"""The probe tells whether the served adapter answers differently from the model that its training started from."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from services.training.publishing.probe import ChatModels, choose_probes, probe
from shared.contracts.fine_tuning import LogProbabilityChange
from shared.errors import InvalidRequest, TandemError, Unavailable
from shared.workers.api_client import ChatCompletion
from tests.unit.training.cases import dataset_of, make_facts

PROBES = [{"messages": [{"role": "user", "content": f"Question {number}?"}], "expected": "yes"} for number in range(3)]
BASE, ADAPTER = "base", "ft:base:default::abcdefgh"


class FakeModels:
    """Answers by model and question; raises `error` instead if there is one."""

    def __init__(self, answers: dict[tuple[str, str], str] | None = None, error: TandemError | None = None) -> None:
        self.requests: list[dict[str, Any]] = []
        self._answers = answers or {}
        self._error = error

    async def complete_chat(self, request: dict[str, Any]) -> ChatCompletion:
        self.requests.append(request)
        if self._error:
            raise self._error
        answer = self._answers.get((request["model"], request["messages"][-1]["content"]), "the same")
        if "tools" not in request:
            return ChatCompletion(answer, 1, 1, [])
        call = {"id": f"call_{len(self.requests)}", "type": "function", "function": {"name": "find", "arguments": json.dumps(answer)}}
        return ChatCompletion("", 1, 1, [], tool_calls=[call])

    def call(self, call: Callable[[ChatModels], Awaitable[ChatCompletion]]) -> ChatCompletion:
        async def run() -> ChatCompletion:
            return await call(self)

        return asyncio.run(run())


def test_the_first_answer_that_differs_ends_the_probe() -> None:
    models = FakeModels({(ADAPTER, "Question 1?"): "yes"})
    outcome = probe(models.call, BASE, ADAPTER, PROBES)
    assert outcome.status == "differs"
    assert outcome.detail == "To 'Question 1?', the base model answers 'the same' and the adapter 'yes'."
    assert [request["model"] for request in models.requests] == [BASE, ADAPTER, BASE, ADAPTER]


def test_models_are_asked_for_their_most_likely_answer() -> None:
    models = FakeModels()
    probe(models.call, BASE, ADAPTER, PROBES)
    assert {(request["temperature"], request["max_tokens"]) for request in models.requests} == {(0, 32)}


def test_an_adapter_that_changes_nothing_is_reported() -> None:
    outcome = probe(FakeModels().call, BASE, ADAPTER, PROBES)
    assert outcome.status == "same"
    assert outcome.detail == "The adapter answers 3 training prompts exactly as the base model does."


def test_equal_answers_are_an_effect_if_log_probabilities_changed_by_more_than_rounding() -> None:
    change = LogProbabilityChange(difference=0.0213, noise=0.0004)
    outcome = probe(FakeModels().call, BASE, ADAPTER, PROBES, change)
    assert (outcome.status, outcome.log_probabilities) == ("differs", change)
    assert outcome.detail == (
        "The adapter answers 3 training prompts exactly as the base model does, but its weights have an effect. "
        "Compared with that model, the adapter changes the log-probability of a trained token by 0.021 on average; "
        "rounding alone changes it by 0.0004. "
        "To change the answers too, train for more epochs or with a higher learning rate."
    )


def test_an_adapter_whose_training_continued_another_is_compared_with_that() -> None:
    start = "ft:base:default:first:abcdefgh"
    models = FakeModels({(BASE, "Question 0?"): "no"})
    change = LogProbabilityChange(difference=0, noise=0.001)
    outcome = probe(models.call, start, ADAPTER, PROBES, change)
    assert outcome.status == "same"
    assert outcome.detail.startswith(
        f"The adapter answers 3 training prompts exactly as '{start}', which the training continued, does. "
        "Compared with that model, the adapter changes the log-probability of a trained token by 0 on average;"
    )
    assert {request["model"] for request in models.requests} == {start, ADAPTER}


@pytest.mark.parametrize("change", [LogProbabilityChange(difference=0.012, noise=0.004), LogProbabilityChange(difference=0, noise=0)])
def test_a_change_of_at_most_3_times_the_noise_is_none(change: LogProbabilityChange) -> None:
    outcome = probe(FakeModels().call, BASE, ADAPTER, PROBES, change)
    assert (outcome.status, outcome.log_probabilities) == ("same", change)
    assert (
        "exactly as the base model does. Compared with that model, the adapter changes the log-probability of a trained token by 0"
        in outcome.detail
    )


def test_the_measured_change_is_kept_beside_a_different_answer_and_beside_an_engine_that_is_gone() -> None:
    change = LogProbabilityChange(difference=0.5, noise=0.0004)
    outcome = probe(FakeModels({(ADAPTER, "Question 1?"): "yes"}).call, BASE, ADAPTER, PROBES, change)
    assert outcome.detail.endswith(
        " and the adapter 'yes'. Compared with that model, the adapter changes the log-probability of a trained token by 0.5 on average; "
        "rounding alone changes it by 0.0004."
    )
    gone = probe(FakeModels(error=Unavailable("The engine is gone.")).call, BASE, ADAPTER, PROBES, change)
    assert (outcome.log_probabilities, gone.log_probabilities, gone.status) == (change, change, "not_run")


@pytest.mark.parametrize("error", [Unavailable("The engine is gone."), InvalidRequest("The engine is gone.")])
def test_an_engine_that_cannot_be_called_makes_no_failure(error: TandemError) -> None:
    outcome = probe(FakeModels(error=error).call, BASE, ADAPTER, PROBES)
    assert (outcome.status, outcome.detail) == ("not_run", "The adapter could not be probed: The engine is gone.")


def test_calls_of_tools_are_compared_without_their_ids() -> None:
    probes = [{**each, "tools": [{"type": "function", "function": {"name": "find"}}]} for each in PROBES]
    assert probe(FakeModels().call, BASE, ADAPTER, probes).status == "same"
    outcome = probe(FakeModels({(ADAPTER, "Question 1?"): "x"}).call, BASE, ADAPTER, probes)
    assert outcome.status == "differs"
    assert """the adapter '{"name": "find",""" in outcome.detail


def test_a_probe_has_the_tools_of_its_example_and_the_call_that_was_taught(tmp_path: Path) -> None:
    call = {"id": "call_1", "type": "function", "function": {"name": "find", "arguments": "{}"}}
    tools = [{"type": "function", "function": {"name": "find"}}]
    row = {"messages": [{"role": "user", "content": "Where?"}, {"role": "assistant", "tool_calls": [call]}], "tools": tools}
    (tmp_path / "file.jsonl").write_text(json.dumps(row) + "\n")
    [found] = choose_probes(tmp_path / "file.jsonl", 4)
    assert found == {"messages": [{"role": "user", "content": "Where?"}], "tools": tools, "expected": "find {}"}


def test_a_long_answer_is_shortened_in_the_detail() -> None:
    models = FakeModels({(ADAPTER, "Question 0?"): "long " * 100})
    assert len(probe(models.call, BASE, ADAPTER, PROBES).detail) < 200


def test_probes_are_spread_over_the_training_file_and_have_the_taught_answers(tmp_path: Path) -> None:
    path = tmp_path / "file.jsonl"
    path.write_text(dataset_of(make_facts(20)))
    probes = choose_probes(path, 4)
    assert [prompt["expected"] for prompt in probes] == ["No. 2", "No. 7", "No. 12", "No. 17"]
    assert probes[0]["messages"] == [{"role": "user", "content": "What is the number of thing 2?"}]
