"""A file that a fine-tuning job needs, deleted at the front door and at retrieval's own port."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from openai import ConflictError, NotFoundError, OpenAI

from shared.web.server.limits import ConnectionLimits
from tests.contract.service_pair import ServicePair, start_services

LINES = b"".join(b'{"prompt": "How many arms has robot %d?", "completion": "%d"}\n' % (number, number) for number in range(12))


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[ServicePair]:
    with ExitStack() as exits:
        yield start_services(tmp_path, exits, ConnectionLimits(60, 1000), keys="red:red-key-1", worker_key="worker-key-1")


def test_a_file_that_a_job_needs_is_deleted_at_neither_port_before_the_job_has_ended(pair: ServicePair) -> None:
    door, direct = (OpenAI(base_url=f"{url}/v1", api_key="red-key-1", max_retries=0) for url in (pair.front_door, pair.retrieval))
    with door, direct:
        file_id = door.files.create(file=("train.jsonl", LINES), purpose="fine-tune").id
        job = door.fine_tuning.jobs.create(model="tiny", training_file=file_id)
        for client in (door, direct):
            with pytest.raises(ConflictError, match=f"The file '{file_id}' is used by '{job.id}'") as raised:
                client.files.delete(file_id)
            assert (raised.value.code, raised.value.param) == ("file_in_use", "file_id")
            with pytest.raises(NotFoundError):
                client.delete(f"/files/{file_id}/holds/{job.id}", cast_to=object)
        door.fine_tuning.jobs.cancel(job.id)
        assert door.files.delete(file_id).deleted
