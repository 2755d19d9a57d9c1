"""The experiment trackers of a fine-tuning job: OpenAI's shape for Weights & Biases, one of ours for MLflow."""

from typing import Any

import httpx
import pytest
from openai import BadRequestError, OpenAI

from shared.contracts.fine_tuning import TrainingSpec
from shared.records import jobs
from shared.records.database import Database
from tests.fake_retrieval import FakeRetrieval
from tests.unit.generation.conftest import FrontDoor

EXAMPLES = b'{"messages": [{"role": "user", "content": "How many arms?"}, {"role": "assistant", "content": "Two."}]}\n' * 12
WANDB: dict[str, Any] = {"type": "wandb", "wandb": {"project": "Käse & Brot"}}
MLFLOW: dict[str, Any] = {"type": "mlflow", "mlflow": {"experiment": "support", "run_name": "a/b", "tags": {"team.name": "red / blue"}}}


def mlflow_with_tag(name: str) -> list[dict[str, Any]]:
    return [{"type": "mlflow", "mlflow": {"experiment": "e", "tags": {name: "1"}}}]


@pytest.fixture
def training_file(retrieval: FakeRetrieval, database: Database) -> str:
    return retrieval.add_file(EXAMPLES)


def create(http: httpx.Client, training_file: str, integrations: Any) -> httpx.Response:
    return http.post("/v1/fine_tuning/jobs", json={"model": "tiny", "training_file": training_file, "integrations": integrations})


def test_a_job_shows_its_integrations_with_every_field(http: httpx.Client, training_file: str, database: Database) -> None:
    created = create(http, training_file, [WANDB, MLFLOW]).json()
    assert created["integrations"] == [
        {"type": "wandb", "wandb": {"project": "Käse & Brot", "entity": None, "name": None, "tags": None}},
        MLFLOW,
    ]
    assert http.get(f"/v1/fine_tuning/jobs/{created['id']}").json()["integrations"] == created["integrations"]
    with database.session() as session:
        spec = TrainingSpec.model_validate(session.get_one(jobs.Job, created["id"]).spec)
    assert [integration.type for integration in spec.integrations] == ["wandb", "mlflow"]


def test_the_sdk_reads_what_it_sent(sdk: OpenAI, training_file: str) -> None:
    job = sdk.fine_tuning.jobs.create(
        model="tiny", training_file=training_file, integrations=[{"type": "wandb", "wandb": {"project": "p", "tags": ["a", "b"]}}]
    )
    assert job.integrations
    assert (job.integrations[0].wandb.project, job.integrations[0].wandb.tags) == ("p", ["a", "b"])


@pytest.mark.parametrize(
    ("sent", "param", "problem"),
    [
        ([{"type": "comet", "comet": {}}], "integrations[0].type", "'wandb', 'mlflow'"),
        ([{"wandb": {"project": "p"}}], "integrations[0].type", "is required"),
        ([WANDB, {"type": "wandb"}], "integrations[1].wandb", "is required"),
        ([{"type": "wandb", "wandb": {}}], "integrations[0].wandb.project", "is required"),
        ([{"type": "wandb", "wandb": {"project": ""}}], "integrations[0].wandb.project", "must not be empty"),
        ([{"type": "wandb", "wandb": {"project": "a/b"}}], "integrations[0].wandb.project", "must not contain / \\ # ? % or :"),
        ([{"type": "wandb", "wandb": {"project": "p" * 129}}], "integrations[0].wandb.project", "1 to 128 characters"),
        ([{"type": "wandb", "wandb": {"project": "p", "api_key": "secret"}}], "integrations[0].wandb.api_key", "not a known parameter"),
        ([{"type": "wandb", "wandb": {"project": "p", "tags": ["t" * 65]}}], "integrations[0].wandb.tags[0]", "1 to 64 characters"),
        ([{**WANDB, "mlflow": {"experiment": "e"}}], "integrations[0].mlflow", "not a known parameter"),
        ([{**WANDB, "note": 1}], "integrations[0].note", "not a known parameter"),
        ([{"type": ["wandb"]}], "integrations[0].type", "must be"),
        (["wandb"], "integrations[0]", "must be an object"),
        ([{"type": "mlflow", "mlflow": {}}], "integrations[0].mlflow.experiment", "is required"),
        (mlflow_with_tag("a/../b"), "integrations[0].mlflow.tags.a/../b", "must have only letters, digits"),
        (mlflow_with_tag(".."), "integrations[0].mlflow.tags...", "and not only '.'"),
        ([WANDB] * 6, "integrations", "at most 5 items; got 6"),
        ({}, "integrations", "must be a list"),
    ],
)
def test_an_integration_that_cannot_be_used_is_an_error(
    http: httpx.Client, training_file: str, sent: Any, param: str, problem: str
) -> None:
    response = create(http, training_file, sent)
    assert response.status_code == 400, response.json()
    error = response.json()["error"]
    assert (error["param"], problem in error["message"]) == (param, True), error


def test_five_integrations_are_accepted_also_of_the_same_project(http: httpx.Client, training_file: str) -> None:
    assert len(create(http, training_file, [WANDB, WANDB, MLFLOW, MLFLOW, WANDB]).json()["integrations"]) == 5


@pytest.mark.parametrize(("enabled", "refused"), [("", 0), ("wandb", 1)])
def test_a_tracker_that_the_operator_has_not_set_up_is_refused(
    open_front_door: FrontDoor, retrieval: FakeRetrieval, enabled: str, refused: int
) -> None:
    file_id = retrieval.add_file(EXAMPLES)
    with open_front_door(common={"integrations": enabled}) as url, OpenAI(base_url=f"{url}/v1", api_key="none", max_retries=0) as sdk:
        both: Any = [WANDB, MLFLOW]
        with pytest.raises(BadRequestError, match="TANDEM_INTEGRATIONS") as caught:
            sdk.fine_tuning.jobs.create(model="tiny", training_file=file_id, integrations=both)
        assert (caught.value.param, caught.value.code) == (f"integrations[{refused}].type", "integration_not_enabled")
        assert sdk.fine_tuning.jobs.list().data == []


def test_a_retry_is_reported_to_the_same_trackers_unless_others_are_sent(
    http: httpx.Client, training_file: str, database: Database
) -> None:
    job_id = create(http, training_file, [WANDB]).json()["id"]
    http.post(f"/v1/fine_tuning/jobs/{job_id}/cancel")
    bodies: list[dict[str, Any]] = [{}, {"integrations": []}, {"integrations": [MLFLOW]}]
    path = f"/v1/fine_tuning/jobs/{job_id}/retry"
    same, none, other = (http.post(path, json=body).json()["integrations"] for body in bodies)
    assert [[each["type"] for each in integrations] for integrations in (same, none, other)] == [["wandb"], [], ["mlflow"]]
