import asyncio
from typing import Any

import pytest

from services.evaluation.grading.models import PatientModels
from shared.errors import NotFound, Unavailable
from shared.workers.api_client import ChatCompletion


class FakeApi:
    """Models that are there or gone. Counts the calls of each, and how many are in flight at most."""

    def __init__(self, gone: set[str]) -> None:
        self.gone = gone
        self.calls: dict[str, int] = {}
        self.in_flight = 0
        self.most = 0

    async def complete_chat(self, request: dict[str, Any]) -> ChatCompletion:
        model = request["model"]
        self.calls[model] = self.calls.get(model, 0) + 1
        self.in_flight += 1
        self.most = max(self.most, self.in_flight)
        await asyncio.sleep(0)
        self.in_flight -= 1
        if model in self.gone:
            raise Unavailable(f"'{model}' is gone.")
        return ChatCompletion(text="ok", prompt_tokens=1, completion_tokens=1, citations=[])

    async def call(self, method: str, path: str, *, body: Any = None) -> Any:
        raise NotFound("There are no embeddings.")


async def ask(models: PatientModels, model: str, times: int) -> None:
    calls = (models.complete_chat({"model": model}) for _ in range(times))
    results = await asyncio.gather(*calls, return_exceptions=True)
    assert all(isinstance(result, ChatCompletion | Unavailable) for result in results)


def test_no_more_calls_are_in_flight_than_allowed() -> None:
    api = FakeApi(set())
    asyncio.run(ask(PatientModels(api, 0, 3), "judge", 20))
    assert api.most == 3


def test_a_model_that_is_gone_is_tried_once_for_each_answer_and_others_are_waited_for() -> None:
    async def run() -> FakeApi:
        api = FakeApi({"gone"})
        models = PatientModels(api, 0.3, 32)
        await ask(models, "gone", 10)  # each is repeated after 0.25 s
        assert api.calls["gone"] == 20
        await ask(models, "gone", 5)
        assert api.calls["gone"] == 25
        api.gone.add("busy")
        await ask(models, "busy", 1)
        assert api.calls["busy"] == 2
        api.gone.remove("gone")
        await ask(models, "gone", 1)
        api.gone.add("gone")
        await ask(models, "gone", 1)  # it was back, so it is waited for again
        assert api.calls["gone"] == 28
        return api

    asyncio.run(run())


def test_errors_that_do_not_pass_are_not_repeated() -> None:
    with pytest.raises(NotFound):
        asyncio.run(PatientModels(FakeApi(set()), 5, 1).embed(["text"], "embedder"))
