"""A job that has ended can be repeated, as it was requested or with changes."""

from typing import Any

import httpx
import pytest
from openai import OpenAI

from services.generation.contracts.fine_tuning import FineTuningJobCreate, FineTuningJobRetry
from shared.contracts.fine_tuning import Hyperparameters, Method, SupervisedMethod, TrainingSpec
from shared.records import jobs
from shared.records.database import Database
from shared.records.models.adapters import Adapter
from tests.fake_retrieval import FakeRetrieval
from tests.unit.generation.conftest import FrontDoor

EXAMPLES = b'{"messages": [{"role": "user", "content": "How many arms?"}, {"role": "assistant", "content": "Two."}]}\n' * 12
CONTINUED = "ft:tiny:default::abcdefgh1234"
METHOD = {"type": "supervised", "supervised": {"hyperparameters": {"n_epochs": 2, "batch_size": "auto"}, "lora": {"rank": 8}}}


@pytest.fixture
def training_file(retrieval: FakeRetrieval, database: Database) -> str:
    return retrieval.add_file(EXAMPLES)


@pytest.fixture
def ended(sdk: OpenAI, training_file: str, database: Database) -> str:
    """A job that failed after its worker had replaced every `auto`; its id."""
    options: dict[str, Any] = {"suffix": "Käse & Brot", "seed": 7, "metadata": {"team": "red"}, "method": METHOD}
    job_id = sdk.fine_tuning.jobs.create(model="tiny", training_file=training_file, validation_file=training_file, **options).id
    chosen = Method(supervised=SupervisedMethod(hyperparameters=Hyperparameters(n_epochs=2, batch_size=4, learning_rate_multiplier=5.0)))
    with database.session() as session:
        job = jobs.claim(session, job_id, "worker", 60)
        assert job is not None
        spec = TrainingSpec.model_validate(job.spec).model_copy(update={"method": chosen})
        jobs.set_spec(session, job_id, "worker", spec.model_dump())
        jobs.finish(session, job_id, "worker", "failed", error={"code": "out_of_memory", "message": "No memory.", "param": None})
    return job_id


@pytest.fixture
def continued(http: httpx.Client, training_file: str, database: Database) -> str:
    """A job that trained a fine-tuned model of rank 8 further, and whose worker stored its choices before it failed; its id."""
    with database.session() as session:
        manifest = {"lora": {"rank": 8, "alpha": 4.0, "dropout": 0.0}}
        session.add(Adapter(name=CONTINUED, project_id="default", base="tiny", job_id="ftjob-1", manifest=manifest, created_at=7))
    job_id: str = http.post("/v1/fine_tuning/jobs", json={"model": CONTINUED, "training_file": training_file}).json()["id"]
    with database.session() as session:
        job = session.get_one(jobs.Job, job_id)
        job.spec = TrainingSpec.model_validate(job.spec).model_dump()
        job.status = "failed"
    return job_id


def retry(http: httpx.Client, job_id: str, **body: Any) -> httpx.Response:
    return http.post(f"/v1/fine_tuning/jobs/{job_id}/retry", json=body)


def test_a_retry_has_the_inputs_of_the_job_as_they_were_requested(http: httpx.Client, ended: str, training_file: str) -> None:
    before = http.get(f"/v1/fine_tuning/jobs/{ended}").json()
    again = retry(http, ended).json()
    assert again["id"] != ended
    assert (again["status"], again["retry_of"], before["retry_of"]) == ("queued", ended, None)
    same = ("model", "training_file", "validation_file", "seed", "metadata", "user_provided_suffix")
    assert {name: again[name] for name in same} == {name: before[name] for name in same}
    assert again["user_provided_suffix"] == "Käse & Brot"
    assert (before["hyperparameters"]["batch_size"], again["hyperparameters"]["batch_size"]) == (4, "auto")
    assert (again["hyperparameters"]["n_epochs"], again["method"]["supervised"]["lora"]["rank"]) == (2, 8)


@pytest.mark.parametrize("content", [b"", b"null", b"{}", b'{"seed": null}'])
def test_a_retry_needs_no_body(http: httpx.Client, ended: str, content: bytes) -> None:
    response = http.post(f"/v1/fine_tuning/jobs/{ended}/retry", content=content)
    assert (response.status_code, response.json()["seed"]) == (200, 7)


def test_what_the_body_has_replaces_what_the_job_had(http: httpx.Client, ended: str) -> None:
    method = {"type": "supervised", "supervised": {"hyperparameters": {"n_epochs": 5}}}
    again = retry(http, ended, seed=0, suffix="again", metadata={}, method=method).json()
    assert (again["seed"], again["user_provided_suffix"], again["metadata"]) == (0, "again", {})
    assert (again["hyperparameters"]["n_epochs"], again["method"]["supervised"]["lora"]["rank"]) == (5, 16)


def test_a_retry_keeps_its_place_in_the_queue_unless_the_body_has_another(http: httpx.Client, ended: str, database: Database) -> None:
    with database.session() as session:
        job = session.get_one(jobs.Job, ended)
        job.priority, job.device = -1, "cpu"
    kept, changed = retry(http, ended).json(), retry(http, ended, priority="high", device="auto").json()
    assert [(job["priority"], job["device"]) for job in (kept, changed)] == [("low", "cpu"), ("high", "auto")]


def test_every_override_of_a_retry_is_an_option_of_a_job() -> None:
    assert FineTuningJobRetry.model_fields.keys() <= FineTuningJobCreate.model_fields.keys()


def test_the_events_of_a_retry_name_the_old_job(http: httpx.Client, sdk: OpenAI, ended: str) -> None:
    again = retry(http, ended).json()["id"]
    messages = [event.message for event in sdk.fine_tuning.jobs.list_events(again)]
    assert messages[::-1][:2] == [f"Created fine-tuning job: {again}", f"Retry of fine-tuning job: {ended}"]


def test_a_retry_of_a_continued_training_keeps_the_shape_of_the_model(http: httpx.Client, continued: str) -> None:
    response = retry(http, continued)
    assert response.status_code == 200, response.text
    assert (response.json()["model"], response.json()["method"]["supervised"]["lora"]["rank"]) == (CONTINUED, 8)


def test_a_model_that_was_deleted_is_named_with_its_job(http: httpx.Client, continued: str, database: Database) -> None:
    with database.session() as session:
        session.get_one(Adapter, CONTINUED).deleted_at = 8
    response = retry(http, continued)
    error = response.json()["error"]
    assert (response.status_code, error["param"], error["code"]) == (404, "model", "model_not_found")
    assert error["message"] == (
        f"The fine-tuning job '{continued}' cannot be retried. The model '{CONTINUED}' does not exist. GET /v1/models lists the models."
    )


def test_a_retry_can_be_retried(http: httpx.Client, sdk: OpenAI, ended: str) -> None:
    again = retry(http, ended).json()["id"]
    sdk.fine_tuning.jobs.cancel(again)
    assert retry(http, again).json()["retry_of"] == again


def test_a_job_from_before_its_request_was_kept_is_repeated_as_it_was_trained(http: httpx.Client, ended: str, database: Database) -> None:
    with database.session() as session:
        job = session.get_one(jobs.Job, ended)
        job.spec = {name: value for name, value in job.spec.items() if name not in ("requested_method", "retry_of")}
    assert retry(http, ended).json()["hyperparameters"]["batch_size"] == 4


@pytest.mark.parametrize("status", ["queued", "running", "paused"])
def test_a_job_that_has_not_ended_is_a_409_that_says_what_to_do(http: httpx.Client, ended: str, database: Database, status: str) -> None:
    with database.session() as session:
        session.get_one(jobs.Job, ended).status = status
    response = retry(http, ended)
    assert response.status_code == 409
    problem = f"The fine-tuning job '{ended}' cannot be retried, because it has not ended; its status is '{status}'."
    remedy = "Resume or cancel it." if status == "paused" else "Wait until it ends, or cancel it."
    assert response.json()["error"]["message"] == f"{problem} {remedy}"


@pytest.mark.parametrize("param", ["training_file", "validation_file"])
def test_a_file_that_was_deleted_is_named_with_its_job(
    http: httpx.Client, ended: str, retrieval: FakeRetrieval, database: Database, param: str
) -> None:
    with database.session() as session:
        job = session.get_one(jobs.Job, ended)
        job.spec = {**job.spec, param: "file-gone"}
    response = retry(http, ended)
    error = response.json()["error"]
    assert (response.status_code, error["param"], error["code"]) == (400, param, "not_found")
    assert error["message"] == (
        f"The file 'file-gone' ('{param}' of '{ended}') no longer exists. Upload it again, and create a job with the new file."
    )


def test_the_options_of_a_retry_are_checked_like_those_of_a_job(http: httpx.Client, ended: str) -> None:
    for body, param in (
        ({"seed": -1}, "seed"),
        ({"suffix": ""}, "suffix"),
        ({"model": "tiny"}, "model"),
        ({"method": {"type": "supervised", "supervised": {"lora": {"rank": 64}}}}, "method.supervised.lora.rank"),
        ({"method": {"type": "reinforcement"}}, "method.type"),
    ):
        response = retry(http, ended, **body)
        assert (response.status_code, response.json()["error"]["param"]) == (400, param)


def test_another_projects_job_cannot_be_retried(open_front_door: FrontDoor, retrieval: FakeRetrieval) -> None:
    with open_front_door(common={"keys": "red:red-key-1,blue:blue-key-1", "worker_key": "worker-key-1"}) as url:
        red, blue = (httpx.Client(base_url=url, headers={"Authorization": f"Bearer {name}-key-1"}) for name in ("red", "blue"))
        with red, blue:
            created = red.post("/v1/fine_tuning/jobs", json={"model": "tiny", "training_file": retrieval.add_file(EXAMPLES)}).json()
            red.post(f"/v1/fine_tuning/jobs/{created['id']}/cancel")
            assert retry(blue, created["id"]).status_code == 404
            assert retry(red, created["id"]).status_code == 200
