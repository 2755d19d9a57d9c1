"""The same deletion eight times at the same moment: one finds what it deletes, the others find nothing. Nor does a cancellation then."""

from collections import Counter
from collections.abc import Callable

import httpx
import pytest

from shared.records.database import Database
from shared.records.models.adapters import Adapter
from tests.at_once import CALLERS, send_at_once
from tests.fake_engine import FakeEngine
from tests.fake_retrieval import FakeRetrieval
from tests.unit.generation.evaluations.setup import Setup, open_setup
from tests.unit.generation.routes.evaluations.eval_setup import EvalSetup

MODEL = "ft:tiny:default:style:abcdefgh5678"


@pytest.fixture
def setup(http: httpx.Client, retrieval: FakeRetrieval, database: Database) -> Setup:
    return open_setup(http, retrieval, database)


def add_response(setup: Setup) -> str:
    return f"/v1/responses/{setup.http.post('/v1/responses', json={'model': 'tiny', 'input': 'Hi'}).json()['id']}"


def add_model(setup: Setup) -> str:
    with setup.database.session() as session:
        session.add(Adapter(name=MODEL, project_id="default", base="tiny", job_id="ftjob-1", manifest={}, created_at=7))
    return f"/v1/models/{MODEL}"


def add_comparison(setup: Setup) -> str:
    return f"/v1/comparisons/{setup.create()['id']}"


def add_dataset(setup: Setup) -> str:
    store = setup.retrieval.add_store([], id="vs_documents")
    return f"/v1/datasets/{setup.http.post('/v1/datasets', json={'vector_store_ids': [store]}).json()['id']}"


def add_eval(setup: Setup) -> str:
    return f"/v1/evals/{EvalSetup(setup.http, setup.retrieval, setup.database).create()['id']}"


def add_eval_run(setup: Setup) -> str:
    evals = EvalSetup(setup.http, setup.retrieval, setup.database)
    eval_id = evals.create()["id"]
    return f"/v1/evals/{eval_id}/runs/{evals.start(eval_id)['id']}"


@pytest.mark.parametrize("add", [add_response, add_model, add_comparison, add_dataset, add_eval, add_eval_run])
def test_of_eight_deletions_at_once_one_succeeds(setup: Setup, front_door: str, add: Callable[[Setup], str]) -> None:
    for _ in range(3):
        responses = send_at_once(front_door, [("DELETE", add(setup))] * CALLERS)
        assert Counter(response.status_code for response in responses) == {200: 1, 404: CALLERS - 1}


@pytest.mark.parametrize("add", [add_comparison, add_dataset, add_eval_run])
def test_a_job_that_is_canceled_while_it_is_deleted_is_canceled_or_not_found(
    setup: Setup, front_door: str, add: Callable[[Setup], str]
) -> None:
    for _ in range(3):
        assert_canceled_or_not_found(front_door, add(setup))


def test_a_response_that_is_canceled_while_it_is_deleted_is_canceled_or_not_found(
    setup: Setup, front_door: str, engine: FakeEngine
) -> None:
    engine.hangs = True
    for _ in range(3):
        created = setup.http.post("/v1/responses", json={"model": "tiny", "input": "Hi", "background": True}).json()
        assert_canceled_or_not_found(front_door, f"/v1/responses/{created['id']}")


def assert_canceled_or_not_found(front_door: str, path: str) -> None:
    responses = send_at_once(front_door, [*[("POST", f"{path}/cancel")] * 6, ("DELETE", path)])
    *canceled, deleted = [response.status_code for response in responses]
    assert deleted == 200
    assert set(canceled) <= {200, 404}
