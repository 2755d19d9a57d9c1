"""Jobs whose files are too large to be checked before the response, and clients that leave while files are checked."""

import json
import threading
from collections.abc import Coroutine, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from openai import ConflictError, OpenAI
from openai.types.fine_tuning import FineTuningJob
from sqlalchemy import select
from starlette.requests import ClientDisconnect
from starlette.types import Receive

from services.generation.http.relay import run_until_disconnect
from shared.records import jobs
from shared.records.database import Database
from shared.records.jobs import Job
from shared.records.webhooks import WebhookDelivery, WebhookEndpoint
from shared.settings import JobSettings
from tests.fake_retrieval import FakeRetrieval
from tests.serving import DEADLINE, wait_until
from tests.unit.generation.conftest import FrontDoor

LIMIT = 4000


def make_lines(count: int = 60) -> bytes:
    def line(number: int) -> bytes:
        messages = [
            {"role": "user", "content": f"How many arms has robot {number}?"},
            {"role": "assistant", "content": f"It has {number}."},
        ]
        return json.dumps({"messages": messages}).encode() + b"\n"

    return b"".join(line(number) for number in range(count))


LARGE = make_lines()


@pytest.fixture(autouse=True)
def _small_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.generation.jobs.finetune.MAX_IMMEDIATE_BYTES", LIMIT)
    monkeypatch.setattr("services.generation.jobs.files.background_checks.REPORT_SECONDS", 0.0)


@pytest.fixture
def stalled(retrieval: FakeRetrieval) -> Iterator[FakeRetrieval]:
    """Retrieval, which sends only the beginning of a file until `stalls` is false."""
    retrieval.stalls = True
    yield retrieval
    retrieval.stalls = False


def create(sdk: OpenAI, training_file: str, **fields: Any) -> FineTuningJob:
    return sdk.fine_tuning.jobs.create(model="tiny", training_file=training_file, **fields)


def wait_for(sdk: OpenAI, job_id: str, status: str) -> FineTuningJob:
    wait_until(lambda: sdk.fine_tuning.jobs.retrieve(job_id).status == status)
    return sdk.fine_tuning.jobs.retrieve(job_id)


def messages(sdk: OpenAI, job_id: str) -> list[str]:
    return [event.message for event in reversed(sdk.fine_tuning.jobs.list_events(job_id, limit=100).data)]


def test_a_large_file_is_checked_after_the_response_and_the_events_are_openais(
    sdk: OpenAI, retrieval: FakeRetrieval, database: Database
) -> None:
    small, large = retrieval.add_file(make_lines(12)), retrieval.add_file(LARGE + LARGE.splitlines(True)[0])
    job = create(sdk, large, validation_file=small)
    assert job.status == "validating_files"
    done = wait_for(sdk, job.id, "queued").to_dict()
    assert (done["stage"], done["percent"], done["error"]) == ("queued", 0.0, None)
    said = messages(sdk, job.id)
    assert said[:2] == [f"Created fine-tuning job: {job.id}", f"Validating training file: {large} and validation file: {small}"]
    assert said[2].startswith("In the training file: ")
    assert said[-1] == "Files validated, moving job to queued state"
    assert create(sdk, small).status == "queued"


def test_files_that_are_large_together_are_checked_after_the_response(sdk: OpenAI, retrieval: FakeRetrieval, database: Database) -> None:
    half = retrieval.add_file(make_lines(20))
    assert retrieval.files["default", half]["bytes"] < LIMIT
    job = create(sdk, half, validation_file=half)
    assert job.status == "validating_files"
    wait_for(sdk, job.id, "queued")


@pytest.mark.parametrize("field", ["training_file", "validation_file"])
def test_a_large_file_with_a_wrong_line_fails_its_job_with_openais_code(
    sdk: OpenAI, retrieval: FakeRetrieval, database: Database, field: str
) -> None:
    with database.session() as session:
        endpoint = {"url": "https://example.com", "secret": "s", "created_at": 1, "updated_at": 1}
        session.add(WebhookEndpoint(id="whe_1", project_id="default", name="a", event_types=["fine_tuning.job.failed"], **endpoint))
    files = {"training_file": retrieval.add_file(make_lines(12)), field: retrieval.add_file(LARGE + b'{"messages": []}\n')}
    failed = wait_for(sdk, create(sdk, **files).id, "failed")
    assert failed.error is not None
    assert (failed.error.code, failed.error.param) == (f"invalid_{field}", field)
    assert failed.error.message.startswith("Line 61: ")
    assert failed.finished_at is not None
    assert messages(sdk, failed.id)[-1] == f"The job failed: {failed.error.message}"
    with database.session() as session:
        [sent] = session.scalars(select(WebhookDelivery)).all()
        assert (sent.payload["type"], sent.payload["data"]["id"]) == ("fine_tuning.job.failed", failed.id)
        session.delete(session.get_one(WebhookEndpoint, "whe_1"))


def test_a_job_whose_files_are_being_checked_can_be_listed_and_canceled_but_not_paused(
    sdk: OpenAI, stalled: FakeRetrieval, database: Database
) -> None:
    file_id = stalled.add_file(LARGE)
    job = create(sdk, file_id)
    wait_until(lambda: (sdk.fine_tuning.jobs.retrieve(job.id).to_dict()["percent"]) != 0.0)
    assert [(each.id, each.status, each.to_dict()["stage"]) for each in sdk.fine_tuning.jobs.list()] == [
        (job.id, "validating_files", "validating_files")
    ]
    for call, problem in (
        (
            sdk.fine_tuning.jobs.pause,
            "cannot be paused; its files are still being checked. Wait until its status is 'queued', or cancel it.",
        ),
        (sdk.fine_tuning.jobs.resume, "cannot be resumed, because it is not paused; its status is 'validating_files'."),
        (lambda _: sdk.post(f"/fine_tuning/jobs/{job.id}/retry", cast_to=object), "cannot be retried, because it has not ended"),
        (lambda _: sdk.files.delete(file_id), f"is used by '{job.id}', whose status is 'validating_files'"),
    ):
        with pytest.raises(ConflictError, match=problem):
            call(job.id)
    assert sdk.fine_tuning.jobs.cancel(job.id).status == "cancelled"
    assert messages(sdk, job.id)[-1] == "The job was canceled."
    stalled.stalls = False
    other = create(sdk, file_id)  # the check of the first one has ended, and nothing of it is stored
    wait_for(sdk, other.id, "queued")
    assert sdk.fine_tuning.jobs.retrieve(job.id).status == "cancelled"
    assert sdk.files.delete(stalled.add_file(b"a")).deleted


def test_a_retry_of_a_job_with_large_files_checks_them_again(sdk: OpenAI, retrieval: FakeRetrieval, database: Database) -> None:
    job = create(sdk, retrieval.add_file(LARGE))
    wait_for(sdk, job.id, "queued")
    sdk.fine_tuning.jobs.cancel(job.id)
    again = httpx.post(f"{sdk.base_url}fine_tuning/jobs/{job.id}/retry", timeout=DEADLINE).json()
    assert again["status"] == "validating_files"
    wait_for(sdk, again["id"], "queued")


def test_a_check_that_a_dead_front_door_left_is_done_by_another(
    open_front_door: FrontDoor, retrieval: FakeRetrieval, tmp_path: Path
) -> None:
    """The rest of what a killed front door leaves: a job with the lease of nobody."""
    database = Database(JobSettings(data=tmp_path).jobs_url)
    file_id = retrieval.add_file(LARGE)
    with open_front_door(data=tmp_path) as url, OpenAI(base_url=f"{url}/v1", api_key="none") as sdk:
        job_id = create(sdk, file_id).id
        wait_for(sdk, job_id, "queued")
    with database.session() as session:
        left: Any = {
            "status": jobs.VALIDATING,
            "stage": jobs.VALIDATING,
            "lease_owner": "door_dead",
            "lease_expires_at": 1.0,
            "percent": 40,
        }
        for name, value in left.items():
            setattr(session.get_one(Job, job_id), name, value)
    with open_front_door(data=tmp_path) as url, OpenAI(base_url=f"{url}/v1", api_key="none") as sdk:
        wait_for(sdk, job_id, "queued")
        assert messages(sdk, job_id).count("Files validated, moving job to queued state") == 2
    with database.session() as session:
        assert session.get_one(Job, job_id).takeovers == 0
    database.close()


def test_a_front_door_that_stops_gives_the_check_back(open_front_door: FrontDoor, stalled: FakeRetrieval, tmp_path: Path) -> None:
    database = Database(JobSettings(data=tmp_path).jobs_url)
    with open_front_door(data=tmp_path) as url, OpenAI(base_url=f"{url}/v1", api_key="none") as sdk:
        job_id = create(sdk, stalled.add_file(LARGE)).id
        assert stalled.started.wait(DEADLINE)
        stalled.stalls = False
    with database.session() as session:
        job = session.get_one(Job, job_id)
        assert (job.status, job.lease_owner) in (("validating_files", None), ("queued", None))
    database.close()


@pytest.fixture
def has_left(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Set once the front door has noticed that a client has left."""
    noticed = threading.Event()

    async def observe(receive: Receive, work: Coroutine[Any, Any, Any]) -> Any:
        try:
            return await run_until_disconnect(receive, work)
        except ClientDisconnect:
            noticed.set()
            raise

    monkeypatch.setattr("services.generation.jobs.files.while_connected.run_until_disconnect", observe)
    return noticed


def test_no_job_is_stored_for_a_client_that_leaves_while_the_files_are_read(
    front_door: str, sdk: OpenAI, stalled: FakeRetrieval, database: Database, has_left: threading.Event
) -> None:
    file_id = stalled.add_file(make_lines(20))
    body = {"model": "tiny", "training_file": file_id}
    with pytest.raises(httpx.ReadTimeout), httpx.Client(base_url=front_door, timeout=httpx.Timeout(DEADLINE, read=0.5)) as client:
        client.post("/v1/fine_tuning/jobs", json=body)
    assert stalled.started.wait(DEADLINE)
    assert has_left.wait(DEADLINE)
    stalled.stalls = False
    job = create(sdk, file_id)  # of two clients, the one that stayed
    assert [each.id for each in sdk.fine_tuning.jobs.list()] == [job.id]
