"""The checkpoints of a fine-tuning job: listed with OpenAI's fields and pages, used like any model, deleted alone or with the result."""

from typing import Any

import pytest
from openai import BadRequestError, NotFoundError, OpenAI

from shared.records import jobs
from shared.records.database import Database
from shared.records.models.adapters import Adapter
from tests.fake_engine import FakeEngine
from tests.sdk_types import check

RESULT = "ft:tiny:default:style:abcdefgh1234"
FIRST, SECOND = (f"{RESULT}:ckpt-step-{step}" for step in (9, 12))
MEASURED = {"train_loss": 0.5, "train_mean_token_accuracy": 0.75, "valid_loss": 0.6, "valid_mean_token_accuracy": 0.7}

ANSWER = {"prompt": "How many?", "expected": "Three.", "answer": "There are", "finish_reason": "length"}


def add_job(database: Database, project: str, names: dict[str, int], **manifest: Any) -> str:
    """Store a job that has succeeded, with an adapter for each name and step; return its id."""
    with database.session() as session:
        job = jobs.submit(session, jobs.FINE_TUNING, project, {})
        job.status = "succeeded"
        for name, step in names.items():
            fields = {"project_id": project, "base": "tiny", "job_id": job.id, "manifest": manifest, "created_at": 7}
            session.add(Adapter(name=name, checkpoint_id=f"ftckpt_{step}", step=step, **fields))
        return job.id


@pytest.fixture
def job_id(sdk: OpenAI, database: Database) -> str:
    measured = {"step_metrics": MEASURED, "answers": [ANSWER]}
    return add_job(database, "default", {SECOND: 12, RESULT: 15, FIRST: 9}, metrics={"steps": 1}, **measured)


def test_the_checkpoints_of_a_job_are_listed_newest_first_with_what_was_measured(sdk: OpenAI, job_id: str) -> None:
    page = check(sdk.fine_tuning.jobs.checkpoints.with_raw_response.list(job_id))
    assert [each.fine_tuned_model_checkpoint for each in page.data] == [RESULT, SECOND, FIRST]
    full = {"full_valid_loss": 0.6, "full_valid_mean_token_accuracy": 0.7}
    assert page.data[2].to_dict() == {
        "id": "ftckpt_9",
        "object": "fine_tuning.job.checkpoint",
        "created_at": 7,
        "fine_tuned_model_checkpoint": FIRST,
        "fine_tuning_job_id": job_id,
        "step_number": 9,
        "metrics": {"step": 9, **MEASURED, **full},
        "answers": [ANSWER],
    }


def test_the_checkpoints_come_in_pages(sdk: OpenAI, job_id: str) -> None:
    pages = list(sdk.fine_tuning.jobs.checkpoints.list(job_id, limit=2).iter_pages())
    assert [[each.step_number for each in page.data] for page in pages] == [[15, 12], [9]]
    assert [each.step_number for each in sdk.fine_tuning.jobs.checkpoints.list(job_id, after="ftckpt_12")] == [9]
    with pytest.raises(BadRequestError, match="'after' names 'ftckpt_1'"):
        sdk.fine_tuning.jobs.checkpoints.list(job_id, after="ftckpt_1")


def test_a_job_without_adapters_has_no_checkpoints_and_another_projects_job_does_not_exist(sdk: OpenAI, database: Database) -> None:
    assert sdk.fine_tuning.jobs.checkpoints.list(add_job(database, "default", {})).data == []
    for unknown in ("ftjob-none", add_job(database, "blue", {RESULT: 15})):
        with pytest.raises(NotFoundError, match=f"There is no fine-tuning job '{unknown}'"):
            sdk.fine_tuning.jobs.checkpoints.list(unknown)


def test_an_adapter_without_metrics_of_its_step_is_listed_with_the_step_alone(sdk: OpenAI, database: Database) -> None:
    [checkpoint] = sdk.fine_tuning.jobs.checkpoints.list(add_job(database, "default", {RESULT: 15})).data
    assert {name: value for name, value in checkpoint.metrics.to_dict().items() if value is not None} == {"step": 15}


def test_a_checkpoint_is_a_model(sdk: OpenAI, job_id: str, engine: FakeEngine) -> None:
    engine.adapters = {FIRST}
    assert sdk.models.retrieve(FIRST).id == FIRST
    assert {RESULT, FIRST, SECOND} < {model.id for model in sdk.models.list()}
    answer = sdk.chat.completions.create(model=FIRST, messages=[{"role": "user", "content": "Hi"}])
    assert answer.model == FIRST


def test_a_checkpoint_can_be_deleted_alone(sdk: OpenAI, job_id: str) -> None:
    assert sdk.models.delete(FIRST).deleted
    assert [each.step_number for each in sdk.fine_tuning.jobs.checkpoints.list(job_id)] == [15, 12]
    assert sdk.models.retrieve(RESULT).id == RESULT


def test_the_checkpoints_are_deleted_with_the_result(sdk: OpenAI, job_id: str) -> None:
    assert sdk.models.delete(RESULT).deleted
    assert [model.id for model in sdk.models.list()] == ["tiny"]
    assert sdk.fine_tuning.jobs.checkpoints.list(job_id).data == []
