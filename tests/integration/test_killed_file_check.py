"""A front door that is killed while it checks the files of a job, and the next one."""

import signal
from contextlib import ExitStack
from pathlib import Path

from openai import OpenAI

from tests.fake_engine import FakeEngine
from tests.fake_retrieval import FakeRetrieval
from tests.integration.generation_service import FrontDoor, running
from tests.serving import DEADLINE, serving, wait_until

LINES = b"".join(b'{"prompt": "How many arms has robot %d?", "completion": "It has %d."}\n' % (number, number) for number in range(100))
SMALL_LIMIT = "from services.generation.jobs import finetune; finetune.MAX_IMMEDIATE_BYTES = 100"


def open_sdk(door: FrontDoor) -> OpenAI:
    return OpenAI(base_url=f"{door.url}/v1", api_key="none", max_retries=0)


def test_the_next_front_door_checks_the_files_and_the_job_is_queued_once(tmp_path: Path) -> None:
    retrieval = FakeRetrieval(stalls=True)
    with ExitStack() as stack:
        engine_url, retrieval_url = (stack.enter_context(serving(app)) for app in (FakeEngine().app(), retrieval.app()))
        settings = {"GENERATION_RETRIEVAL_URL": retrieval_url, "GENERATION_BACKGROUND_LEASE_SECONDS": "2"}
        file_id = retrieval.add_file(LINES)
        with running(tmp_path, engine_url, before=SMALL_LIMIT, **settings) as door, open_sdk(door) as sdk:
            job = sdk.fine_tuning.jobs.create(model="tiny", training_file=file_id)
            assert job.status == "validating_files"
            assert retrieval.started.wait(DEADLINE)
            door.process.send_signal(signal.SIGKILL)
            assert door.process.wait(DEADLINE) == -signal.SIGKILL
        with running(tmp_path, engine_url, before=SMALL_LIMIT, **settings) as door, open_sdk(door) as sdk:
            jobs = sdk.fine_tuning.jobs
            assert jobs.retrieve(job.id).status == "validating_files"
            retrieval.stalls = False
            wait_until(lambda: jobs.retrieve(job.id).status == "queued")
            events = [event.message for event in reversed(jobs.list_events(job.id).data)]
            assert [each.id for each in jobs.list()] == [job.id]
    assert events[:2] == [f"Created fine-tuning job: {job.id}", f"Validating training file: {file_id}"]
    assert [events.count(each) for each in events] == [1] * len(events)
    assert events[-1] == "Files validated, moving job to queued state"
