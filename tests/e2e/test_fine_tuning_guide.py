"""OpenAI's guide to fine-tuning as one flow with the stock SDK: the calls that the guide shows, and nothing but `base_url` is ours."""

import io
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from openai import NotFoundError, OpenAI
from openai.types.fine_tuning import FineTuningJob
from sqlalchemy import delete

from shared.records.database import Database
from shared.records.projects import ApiKey, Project
from tests.e2e.conftest import SAMPLE
from tests.e2e.stack import Stack, until
from tests.unit.training.cases import make_pairs, pairs_of

pytestmark = pytest.mark.timeout(900)
OVER = ("succeeded", "failed", "cancelled")
COLUMNS = "step,train_loss,train_accuracy,valid_loss,valid_mean_token_accuracy"
QUESTION: Any = [{"role": "user", "content": "What is the Tarnwick 6?"}]
LN_2 = 0.69


def wait(client: OpenAI, job_id: str) -> FineTuningJob:
    until(lambda: client.fine_tuning.jobs.retrieve(job_id).status in OVER, seconds=600)
    return client.fine_tuning.jobs.retrieve(job_id)


def messages_of(client: OpenAI, job_id: str) -> list[str]:
    """Return the messages of a job's events, oldest first."""
    return [event.message for event in client.fine_tuning.jobs.list_events(job_id, limit=100)][::-1]


def upload(client: OpenAI, path: Path, content: bytes) -> str:
    path.write_bytes(content)
    with path.open("rb") as file:
        return client.files.create(file=file, purpose="fine-tune").id


@pytest.fixture(scope="module")
def training_file(client: OpenAI, tmp_path_factory: pytest.TempPathFactory) -> str:
    rows = (SAMPLE / "train.jsonl").read_bytes().splitlines(keepends=True)[:12]
    return upload(client, tmp_path_factory.mktemp("guide") / "mydata.jsonl", b"".join(rows))


@pytest.fixture(scope="module")
def supervised(client: OpenAI, base: str, training_file: str) -> FineTuningJob:
    """The guide's first job, after its end."""
    lora: Any = {"rank": 8, "use_rslora": True}
    method: Any = {"type": "supervised", "supervised": {"hyperparameters": {"n_epochs": 2, "batch_size": 6}, "lora": lora}}
    job = client.fine_tuning.jobs.create(model=base, training_file=training_file, method=method, seed=5, metadata={"page": "guide"})
    assert job.status == "queued"
    assert [each.id for each in client.fine_tuning.jobs.list(limit=10, metadata={"page": "guide"})] == [job.id]
    job = wait(client, job.id)
    assert job.status == "succeeded", job.error
    return job


@pytest.fixture
def other_project(stack: Stack) -> Iterator[str]:
    """Another project, which this stack without keys has not."""
    database = Database(f"sqlite:///{stack.data / 'jobs.db'}")
    with database.session() as session:
        session.merge(Project(id="research", created_at=1))
        session.flush()
        session.add(ApiKey(sha256="none", project_id="research", created_at=1))
    yield "research"
    with database.session() as session:
        session.execute(delete(ApiKey).where(ApiKey.project_id == "research"))
        session.execute(delete(Project).where(Project.id == "research"))
    database.close()


def test_a_supervised_job_is_followed_and_its_model_and_checkpoints_are_used(client: OpenAI, supervised: FineTuningJob) -> None:
    said = messages_of(client, supervised.id)
    of_openai = [
        f"Created fine-tuning job: {supervised.id}",
        f"Validating training file: {supervised.training_file}",
        "Files validated, moving job to queued state",
        "Fine-tuning job started",
        f"New fine-tuned model created: {supervised.fine_tuned_model}",
        "The job has successfully completed",
    ]
    assert [message for message in said if message in of_openai] == of_openai
    assert [message.partition(":")[0] for message in said if "training loss=" in message] == [f"Step {step}/4" for step in range(1, 5)]
    first, second = client.fine_tuning.jobs.list_events(supervised.id, limit=2).data
    assert client.fine_tuning.jobs.list_events(supervised.id, limit=1, after=first.id).data == [second]
    last, earlier = client.fine_tuning.jobs.checkpoints.list(supervised.id)
    assert last.fine_tuned_model_checkpoint == supervised.fine_tuned_model
    assert earlier.fine_tuned_model_checkpoint == f"{supervised.fine_tuned_model}:ckpt-step-{earlier.step_number}"
    assert (earlier.step_number, last.step_number) == (2, 4)
    for model in (last.fine_tuned_model_checkpoint, earlier.fine_tuned_model_checkpoint):
        assert client.chat.completions.create(model=model, messages=QUESTION, max_tokens=8).choices[0].message.content
        assert client.responses.create(model=model, input="Say this is a test.", max_output_tokens=16).output_text
        assert (client.models.retrieve(model).model_extra or {})["job"] == supervised.id
    heading, *rows = client.files.content(supervised.result_files[0]).read().decode("utf-8").splitlines()
    assert (heading, [row.split(",")[0] for row in rows]) == (COLUMNS, ["1", "2", "3", "4"])


def test_a_job_with_preferences_starts_from_the_result_and_is_paused_and_resumed(
    client: OpenAI, supervised: FineTuningJob, tmp_path: Path
) -> None:
    pairs = upload(client, tmp_path / "preferences.jsonl", pairs_of(make_pairs(12)).encode())
    method: Any = {"type": "dpo", "dpo": {"hyperparameters": {"beta": 0.1, "batch_size": 2, "n_epochs": 3}}}
    assert supervised.fine_tuned_model
    job = client.fine_tuning.jobs.create(model=supervised.fine_tuned_model, training_file=pairs, method=method)
    until(lambda: any("training loss" in message for message in messages_of(client, job.id)), seconds=300)
    assert str(client.fine_tuning.jobs.pause(job.id).status) == "paused"  # which is not among those of the SDK's type
    assert client.fine_tuning.jobs.resume(job.id).status == "queued"
    job = wait(client, job.id)
    assert job.status == "succeeded", job.error
    assert any(message.startswith("Training resumes from the checkpoint at step") for message in messages_of(client, job.id))
    rows = [row.split(",") for row in client.files.content(job.result_files[0]).read().decode().splitlines()[1:]]
    assert [int(step) for step, *_ in rows] == list(range(1, 19))
    losses = [float(loss) for _, loss, *_ in rows]
    assert losses[0] == pytest.approx(LN_2, abs=0.02)  # the model is still the one that it is compared with
    assert losses[-1] < losses[0]
    assert job.fine_tuned_model
    assert client.chat.completions.create(model=job.fine_tuned_model, messages=QUESTION, max_tokens=8).choices[0].message.content


def test_another_job_starts_from_a_checkpoint_and_a_second_is_canceled(
    client: OpenAI, http: httpx.Client, supervised: FineTuningJob, training_file: str
) -> None:
    _, checkpoint = client.fine_tuning.jobs.checkpoints.list(supervised.id)
    name = checkpoint.fine_tuned_model_checkpoint
    method: Any = {"type": "supervised", "supervised": {"hyperparameters": {"n_epochs": 1}}}
    first, second = [client.fine_tuning.jobs.create(model=name, training_file=training_file, method=method, seed=seed) for seed in (6, 7)]
    assert client.fine_tuning.jobs.cancel(second.id).status == "cancelled"
    job = wait(client, first.id)
    assert job.status == "succeeded", job.error
    assert client.fine_tuning.jobs.retrieve(second.id).status == "cancelled"
    assert http.get(f"/fine_tuning/jobs/{job.id}/curve").text.startswith("<svg")
    with tarfile.open(fileobj=io.BytesIO(http.get(f"/models/{name}/adapter").content)) as archive:
        assert "adapter_model.safetensors" in archive.getnames()


def test_a_checkpoint_is_shared_with_another_project(client: OpenAI, supervised: FineTuningJob, other_project: str) -> None:
    permissions = client.fine_tuning.checkpoints.permissions
    _, checkpoint = client.fine_tuning.jobs.checkpoints.list(supervised.id)
    name = checkpoint.fine_tuned_model_checkpoint
    (created,) = permissions.create(name, project_ids=[other_project])
    (listed,) = permissions.list(name, project_id=other_project)
    assert (created.id, created.project_id, created.object) == (listed.id, other_project, "checkpoint.permission")
    assert permissions.delete(created.id, fine_tuned_model_checkpoint=name).deleted
    assert list(permissions.list(name)) == []
    with pytest.raises(NotFoundError):
        permissions.delete(created.id, fine_tuned_model_checkpoint=name)
