"""What is imported is stored as a whole, or not at all, if the eval or a run changes meanwhile."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from services.generation.evaluations.evals.store import EvalStore
from services.generation.jobs.store import JobStore
from shared.errors import Conflict
from shared.ids import new_id
from shared.records import MIGRATIONS, jobs
from shared.records.database import Database
from shared.records.evaluation.evals import EvalOutputItem, StoredEval
from shared.records.jobs import Job
from tests.migrated import open_migrated


class SilentNotifier:
    """Notifies no one."""

    def notify(self, kind: str, job_id: str) -> None:
        """Do nothing."""


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = open_migrated(tmp_path / "jobs.db", MIGRATIONS)
    yield database
    database.close()


def make_run(id: str) -> Job:
    spec = {"data_source": {"type": "jsonl"}}
    return Job(id=id, project_id="default", kind=jobs.EVAL_RUN, status="succeeded", stage="succeeded", spec=spec, created_at=1)


def make_item(run_id: str) -> EvalOutputItem:
    return EvalOutputItem(job_id=run_id, number=0, id=new_id("outputitem_"), created_at=1, status="pass", item={})


def test_an_import_into_what_was_changed_at_the_same_time_is_a_conflict(database: Database) -> None:
    store = EvalStore(database, JobStore(database, SilentNotifier()))
    row = StoredEval(id="eval_1", project_id="default", name="a", data_source_config={}, testing_criteria=[], created_at=1, updated_at=1)
    store.add_imported(row, "eval_1", [make_run("evalrun_1")], [make_item("evalrun_1")])
    for eval_id, items in (("eval_deleted", []), ("eval_1", [make_item("evalrun_1")]), ("eval_1", [make_item("evalrun_deleted")])):
        with pytest.raises(Conflict, match="Nothing was imported"):
            store.add_imported(None, eval_id, [make_run("evalrun_2")], items)
    with database.session() as session:
        assert session.scalar(select(func.count()).select_from(Job)) == 1
        assert session.scalar(select(func.count()).select_from(EvalOutputItem)) == 1
