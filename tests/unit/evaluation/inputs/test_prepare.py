"""A comparison finds out how long indexing took, unless the price sheet says it."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from services.evaluation.inputs.prepare import Inputs, prepare
from shared.errors import NotFound, Unavailable
from tests.unit.evaluation.cases import BASE, make_question, make_spec

SECONDS = {"vs_1": 12.5, "vs_2": 40, "vs_3": None}


@dataclass
class Stores:
    """An API with vector stores; the first `outages` calls fail. A store of an older server lacks the field."""

    seconds: Mapping[str, Any]
    outages: int = 0
    asked: list[str] = field(default_factory=list)

    async def call(self, method: str, path: str, *, body: Any = None, params: Mapping[str, Any] | None = None) -> Any:
        """Answer the request for a vector store."""
        assert (method, body, params) == ("GET", None, None)
        self.asked.append(path)
        if len(self.asked) <= self.outages:
            raise Unavailable("The service restarts.")
        store_id = path.removeprefix("/v1/vector_stores/")
        if store_id == "vs_old":
            return {"id": store_id}
        if store_id not in self.seconds:
            raise NotFound(f"There is no vector store '{store_id}'.")
        return {"id": store_id, "indexing_seconds": self.seconds[store_id]}

    async def read_file(self, file_id: str) -> bytes:
        """Fail: the questions are stored already, and there is no training file."""
        raise AssertionError(file_id)


class StoredQuestions:
    """Two questions that were stored when the comparison was created."""

    def read_questions(self) -> list[dict[str, Any]]:
        """Return them."""
        return [make_question(number).model_dump(mode="json") for number in range(2)]

    def save_questions(self, contents: Sequence[dict[str, Any]]) -> None:
        """Fail: they are stored already."""
        raise AssertionError(contents)


def prepare_inputs(api: Stores, **changes: Any) -> Inputs:
    spec = make_spec(**{"model": BASE, "arms": ["base", "rag"], **changes})
    return asyncio.run(prepare(spec, api, StoredQuestions(), retry_seconds=10))


def test_each_store_of_the_comparison_and_of_its_own_arms_is_asked_for_once() -> None:
    own = [{"name": "other", "retrieval": {"vector_store_ids": ["vs_2", "vs_1"]}}, {"name": "same", "retrieval": {}}, {"name": "none"}]
    api = Stores(SECONDS)
    inputs = prepare_inputs(api, arms=["base", "rag", *own])
    assert inputs.indexing_by_store == {"vs_1": 12.5, "vs_2": 40.0}
    assert api.asked == ["/v1/vector_stores/vs_1", "/v1/vector_stores/vs_2"]
    assert inputs.indexing_seconds is None


@pytest.mark.parametrize("store_id", ["vs_3", "vs_gone", "vs_old"])
def test_the_seconds_of_a_store_may_be_unknown(store_id: str) -> None:
    inputs = prepare_inputs(Stores(SECONDS), vector_store_ids=["vs_1", store_id])
    assert inputs.indexing_by_store == {"vs_1": 12.5, store_id: None}


@pytest.mark.parametrize("sent", [0, 99])
def test_the_seconds_of_the_price_sheet_win(sent: float) -> None:
    api = Stores(SECONDS)
    inputs = prepare_inputs(api, prices={"indexing_seconds": sent})
    assert (inputs.indexing_seconds, inputs.indexing_by_store, api.asked) == (sent, {}, [])


def test_a_price_sheet_without_the_seconds_gets_those_that_were_measured() -> None:
    assert prepare_inputs(Stores(SECONDS), prices={"indexing_hour": 2}).indexing_by_store == {"vs_1": 12.5}


def test_without_documents_there_is_nothing_to_ask() -> None:
    api = Stores(SECONDS)
    inputs = prepare_inputs(api, vector_store_ids=[], arms=["base", {"name": "warm", "sampling": {"temperature": 1}}])
    assert (inputs.indexing_by_store, api.asked) == ({}, [])


def test_a_service_that_restarts_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shared.workers.retry.FIRST_DELAY_SECONDS", 0.0)
    assert prepare_inputs(Stores(SECONDS, outages=2)).indexing_by_store == {"vs_1": 12.5}
