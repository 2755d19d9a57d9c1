import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, select, update

from services.generation.contracts.fine_tuning import FineTuningJobCreate
from services.generation.jobs.finetune import estimate_finish, finetune
from services.generation.jobs.store import JobStore
from services.generation.jobs.training_limits import TrainingLimits
from services.generation.serving.models import Models
from shared import records
from shared.contracts.files import FileObject
from shared.errors import NotFound
from shared.records import jobs
from shared.records.models.adapters import Adapter
from shared.settings import TrainableBase
from tests.migrated import open_migrated

MODEL = "ft:tiny:default::abcdefgh1234"


class SlowFile:
    """A file of ten examples. Something happens while it is read."""

    def __init__(self, meanwhile: Callable[[], None]) -> None:
        self._meanwhile = meanwhile

    def find_file(self, file_id: str, param: str) -> FileObject:
        return FileObject(id=file_id, bytes=1000, created_at=1, filename="a.jsonl", purpose="fine-tune", sha256="0" * 64)

    @contextmanager
    def lines(self, file_id: str, param: str) -> Iterator[Iterator[bytes]]:
        self._meanwhile()
        yield (json.dumps({"prompt": f"Where is {number}?", "completion": "There."}).encode() for number in range(10))


class Nobody:
    """No worker listens."""

    def notify(self, kind: str, job_id: str) -> None:
        pass


@pytest.mark.parametrize(
    "deletion", [update(Adapter).values(deleted_at=8), delete(Adapter)], ids=["its files are still there", "nothing is left"]
)
def test_no_job_is_stored_if_its_model_is_deleted_while_its_files_are_read(tmp_path: Path, deletion: Any) -> None:
    database = open_migrated(tmp_path / "jobs.db", records.MIGRATIONS)

    def delete_model() -> None:
        with database.session() as session:
            session.execute(deletion)

    with database.session() as session:
        manifest = {"lora": {"rank": 4, "alpha": 6.0}}
        session.add(Adapter(name=MODEL, project_id="default", base="tiny", job_id="ftjob-1", manifest=manifest, created_at=7))
    request = FineTuningJobCreate(model=MODEL, training_file="file-a")
    models, limits = Models(database, {"tiny": ["http://engine"]}), TrainingLimits(16, 1000, {"tiny": TrainableBase(str(tmp_path))})
    job = finetune(request, "default", models, limits, SlowFile(lambda: None), JobStore(database, Nobody()))
    with pytest.raises(NotFound, match=f"The model '{MODEL}' does not exist") as raised:
        finetune(request, "default", models, limits, SlowFile(delete_model), JobStore(database, Nobody()))
    assert (raised.value.param, raised.value.code) == ("model", "model_not_found")
    with database.session() as session:
        assert [row.id for row in session.scalars(select(jobs.Job))] == [job.id]
    database.close()


@pytest.mark.parametrize("waited", [0, 86400], ids=["since its start", "after a pause of a day"])
def test_the_finish_is_estimated_from_the_time_that_the_newest_step_left(tmp_path: Path, waited: int) -> None:
    database = open_migrated(tmp_path / "jobs.db", records.MIGRATIONS)
    store, now = JobStore(database, Nobody()), int(time.time())
    running, queued, new = (store.submit(jobs.FINE_TUNING, "default", {}, "Created.") for _ in range(3))
    with database.session() as session:
        started = {"started_at": now - waited - 100, "percent": 50.0}
        session.execute(update(jobs.Job).where(jobs.Job.id.in_([running.id, new.id])).values(status="running", **started))
        for job in (running, queued):
            for seconds in (600, 30):
                jobs.add_event(session, job.id, "Step", type="metrics", data={"seconds_left": seconds})
            jobs.add_event(session, job.id, "Answers", data={"seconds_left": 7})
    rows = [store.find(jobs.FINE_TUNING, "default", job.id) for job in (running, queued, new)]
    left = store.find_seconds_left(rows)
    finish, *others = (estimate_finish(row, left.get(row.id)) for row in rows)
    assert now + 30 <= (finish or 0) <= time.time() + 30
    assert others == [None, None]
    database.close()
