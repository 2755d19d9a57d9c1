"""Evals over PostgreSQL: lists and counts as in SQLite, and an eval that is deleted while runs of it are created."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import func, select

from services.generation.evaluations.evals.store import EvalStore
from services.generation.jobs.store import JobStore
from shared import records
from shared.contracts.evals.runs import RunSpec
from shared.contracts.paging import PageRequest
from shared.errors import NotFound
from shared.records import jobs
from shared.records.database import Database, migrate
from shared.records.evaluation.evals import EvalOutputItem, EvalRun, StoredEval

PROJECT = "default"
CALLERS = 8


class SilentNotifier:
    """Notifies no one."""

    def notify(self, kind: str, job_id: str) -> None:
        """Do nothing."""


@pytest.fixture
def database(postgres_url: str) -> Iterator[Database]:
    database = Database(postgres_url)
    migrate(database, records.MIGRATIONS)
    yield database
    database.close()


@pytest.fixture
def store(database: Database) -> EvalStore:
    return EvalStore(database, JobStore(database, SilentNotifier()))


def make_eval(id: str, time: int = 1) -> StoredEval:
    config, criteria = {"type": "logs", "größe": "ß"}, [{"id": "a"}]
    columns = {"data_source_config": config, "testing_criteria": criteria, "created_at": time, "updated_at": 100 - time}
    return StoredEval(id=id, project_id=PROJECT, name=id, metadata_=None, **columns)


def make_spec(eval_id: str) -> RunSpec:
    content = {"type": "file_content", "content": [{"item": {"a": None}}]}
    fields: dict[str, Any] = {"eval_id": eval_id, "name": "a", "metadata": None, "item_schema": {}, "criteria": []}
    return RunSpec.model_validate({**fields, "report_secret": "secret", "data_source": {"type": "jsonl", "source": content}})


def make_item(run_id: str, number: int, status: str | None) -> EvalOutputItem:
    return EvalOutputItem(job_id=run_id, number=number, id=f"outputitem_{run_id}_{number}", created_at=1, status=status, item={})


def test_evals_runs_and_items_are_listed_and_counted(store: EvalStore, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in (1, 2, 3):
        store.add(make_eval(f"eval_{number}", number))
    page = PageRequest(2, "asc")
    assert [row.id for row in store.list_evals(PROJECT, page, "created_at").rows] == ["eval_1", "eval_2"]
    assert [row.id for row in store.list_evals(PROJECT, page, "updated_at").rows] == ["eval_3", "eval_2"]
    run, other = (store.submit_run(PROJECT, make_spec("eval_1")).id for _ in range(2))
    details = store.read_details([store.find_run(PROJECT, "eval_1", each) for each in (run, other)])
    assert [details[each].rows for each in (run, other)] == [[{"item": {"a": None}}]] * 2
    assert [row.id for row in store.list_runs(PROJECT, "eval_1", page, None).rows] == [run, other]
    assert store.find_report_secret("eval_1", run) == "secret" != store.find_report_secret("eval_2", run)
    statuses = ("pass", "fail", "pass", "error", None)
    store.add_imported(None, "eval_1", [], [make_item(run, number, status) for number, status in enumerate(statuses)])
    assert store.count_items([run, other]) == {run: {"pass": 2, "fail": 1, "error": 1}, other: {}}
    assert [row.number for row in store.list_items(run, PageRequest(5, "asc"), "pass").rows] == [0, 2]
    monkeypatch.setattr("shared.records.large_rows.MAX_BYTES", 1)
    first = store.list_items(run, PageRequest(5, "asc"), "pass")
    assert ([row.number for row in first.rows], first.has_more) == ([0], True)
    assert [row.id for row in store.list_runs(PROJECT, "eval_1", page, None).rows] == [run]
    assert store.list_numbers({run}) == {(run, number) for number in range(5)}
    store.cancel_run(PROJECT, "eval_1", other)
    assert [row.id for row in store.list_runs(PROJECT, "eval_1", page, "canceled").rows] == [other]


def test_an_eval_that_is_deleted_while_runs_are_created_leaves_nothing(store: EvalStore, database: Database) -> None:
    for attempt in range(5):
        eval_id = f"eval_{attempt}"
        store.add(make_eval(eval_id))
        store.submit_run(PROJECT, make_spec(eval_id))
        creations = [lambda eval_id=eval_id: store.submit_run(PROJECT, make_spec(eval_id))] * (CALLERS - 2)
        found = at_once([*creations, *[lambda eval_id=eval_id: store.delete(PROJECT, eval_id)] * 2])
        assert found.total() == CALLERS
    with database.session() as session:
        for record in (StoredEval, EvalRun, jobs.Job):
            assert session.scalar(select(func.count()).select_from(record)) == 0


def at_once(calls: list[Callable[[], object]]) -> Counter[str]:
    """Make all calls at the same moment; count those that find the eval."""
    ready = threading.Barrier(len(calls))

    def make(call: Callable[[], object]) -> str:
        ready.wait(60)
        try:
            call()
        except NotFound:
            return "not found"
        return "found"

    with ThreadPoolExecutor(len(calls)) as threads:
        return Counter(threads.map(make, calls))
