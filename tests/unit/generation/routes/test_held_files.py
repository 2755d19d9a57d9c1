"""The files of a fine-tuning job are held at retrieval until it has ended."""

import time
from functools import partial
from pathlib import Path

import pytest
from openai import ConflictError, OpenAI
from sqlalchemy import update

from services.generation.jobs.files.hold_files import HOLD_SECONDS
from shared.records import jobs
from shared.records.database import Database
from shared.records.jobs import Job
from shared.settings import JobSettings
from tests.fake_retrieval import FakeRetrieval
from tests.serving import wait_until
from tests.unit.generation.conftest import FrontDoor
from tests.unit.generation.routes.test_fine_tuning import EXAMPLES


def held(job_id: str) -> dict[str, int]:
    return {job_id: HOLD_SECONDS}


def test_both_files_of_a_job_are_held_from_its_creation_to_its_end(sdk: OpenAI, retrieval: FakeRetrieval, database: Database) -> None:
    training, validation, other = (retrieval.add_file(EXAMPLES) for _ in range(3))
    job = sdk.fine_tuning.jobs.create(model="tiny", training_file=training, validation_file=validation)
    assert retrieval.holds == {training: held(job.id), validation: held(job.id)}
    assert sdk.files.delete(other).deleted
    with pytest.raises(ConflictError, match=f"is used by '{job.id}'"):
        sdk.files.delete(training)
    sdk.fine_tuning.jobs.cancel(job.id)
    assert sdk.files.delete(training).deleted
    assert not any(retrieval.holds.values())


def test_a_file_of_an_ended_job_that_another_one_still_needs_stays_held(sdk: OpenAI, retrieval: FakeRetrieval, database: Database) -> None:
    training = retrieval.add_file(EXAMPLES)
    first, second = (sdk.fine_tuning.jobs.create(model="tiny", training_file=training) for _ in range(2))
    sdk.fine_tuning.jobs.cancel(first.id)
    with pytest.raises(ConflictError, match=f"is used by '{second.id}'"):
        sdk.files.delete(training)
    sdk.fine_tuning.jobs.cancel(second.id)
    assert sdk.files.delete(training).deleted


def test_the_front_door_holds_files_longer_and_releases_those_of_jobs_that_ended(
    open_front_door: FrontDoor, retrieval: FakeRetrieval, tmp_path: Path
) -> None:
    database = Database(JobSettings(data=tmp_path).jobs_url)
    training = retrieval.add_file(EXAMPLES)
    with open_front_door(data=tmp_path, sweep_seconds=0.05) as url, OpenAI(base_url=f"{url}/v1", api_key="none") as sdk:
        job_id = sdk.fine_tuning.jobs.create(model="tiny", training_file=training).id

        def is_held_again(until: float | None) -> bool:
            if not retrieval.holds.get(training):  # again, because the front door may just be storing its last hold
                with database.session() as session:
                    session.execute(update(Job).values(files_held_until=until))
            return retrieval.holds == {training: held(job_id)}

        for until in (None, time.time() + HOLD_SECONDS / 2 - 60):
            retrieval.holds.clear()
            wait_until(partial(is_held_again, until))
        with database.session() as session:
            assert jobs.claim(session, job_id, "worker", 60)
            assert jobs.finish(session, job_id, "worker", "failed")
        wait_until(lambda: not retrieval.holds[training])
    database.close()


def test_a_job_is_created_while_files_cannot_be_held_and_they_are_held_later(
    open_front_door: FrontDoor, retrieval: FakeRetrieval, tmp_path: Path
) -> None:
    training = retrieval.add_file(EXAMPLES)
    retrieval.broken = True
    with open_front_door(data=tmp_path, sweep_seconds=0.05) as url, OpenAI(base_url=f"{url}/v1", api_key="none") as sdk:
        job = sdk.fine_tuning.jobs.create(model="tiny", training_file=training)
        assert (job.status, retrieval.holds) == ("queued", {})
        retrieval.broken = False
        wait_until(lambda: retrieval.holds == {training: held(job.id)})
