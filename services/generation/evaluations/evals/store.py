"""The transactions of evals: an eval is stored, changed, and deleted with its runs; a run belongs to an eval that exists."""

import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from services.generation.jobs.store import JobStore
from shared.contracts.evals.output_items import ItemStatus
from shared.contracts.evals.runs import RunSpec, RunStatus
from shared.contracts.paging import PageRequest, Slice
from shared.errors import Conflict, NotFound
from shared.log import request_id
from shared.records import jobs
from shared.records.database import Database
from shared.records.evaluation import evals
from shared.records.evaluation.evals import ITEM_BYTES, EvalOutputItem, EvalRun, StoredEval
from shared.records.jobs import EVAL_RUN, Job
from shared.records.large_rows import count_bytes
from shared.records.pages import Listing, fetch_page

STATUSES: dict[RunStatus, tuple[str, ...]] = {
    "queued": ("queued", jobs.PAUSED),
    "in_progress": ("running",),
    "completed": ("succeeded",),
    "canceled": ("cancelled",),
    "failed": ("failed",),
}
CHANGED = "Nothing was imported, because another request changed the eval or its runs at the same time. Retrieve the eval, then try again."
Counts = dict[str, int]


@dataclass(frozen=True)
class RunDetails:
    """What the API shows of a run beside its job: its complete output items by status, and the rows that its request brought, if any."""

    counts: Counts
    rows: list[Any] | None = None


@dataclass(frozen=True)
class EvalStore:
    """The evals of every project; their runs are jobs."""

    database: Database
    jobs: JobStore

    def add(self, row: StoredEval) -> StoredEval:
        """Store a new eval."""
        with self.database.session() as session:
            row.number = evals.count_next_eval(session, row.project_id)
            session.add(row)
        return row

    def add_imported(self, new: StoredEval | None, eval_id: str, runs: Sequence[Job], items: Sequence[EvalOutputItem]) -> None:
        """Store an eval if it is new, and with it runs that have ended, and output items. No worker is notified, and no webhook sent.

        Raises:
            Conflict: if the eval or a run was deleted meanwhile, or a run has got one of the items meanwhile.
        """
        try:
            with self.database.session() as session:
                if new:
                    new.number = evals.count_next_eval(session, new.project_id)
                    session.add(new)
                first = evals.count_next_run(session, eval_id)
                links = [_take_rows(run, eval_id, number) for number, run in enumerate(runs, start=first)]
                session.add_all(runs)
                session.flush()
                session.add_all([*links, *items])
                for run in runs:
                    jobs.add_event(session, run.id, "The run was imported.")
        except IntegrityError as error:
            raise Conflict(CHANGED) from error

    def find(self, project_id: str, eval_id: str) -> StoredEval:
        """Return an eval. Raises NotFound if the project has no such eval."""
        with self.database.session() as session:
            return _found(evals.find_eval(session, project_id, eval_id), eval_id)

    def list_evals(self, project_id: str, page: PageRequest, column: str) -> Slice[StoredEval]:
        """Return the requested evals, in the order of `column`. Raises InvalidRequest if `after` or `before` names none of them."""
        listing = Listing(evals.select_evals(project_id), StoredEval.id, (getattr(StoredEval, column), StoredEval.number, StoredEval.id))
        with self.database.session() as session:
            return fetch_page(session, listing, page)

    def update(self, project_id: str, eval_id: str, changes: dict[str, Any]) -> StoredEval:
        """Change the name or the metadata of an eval. Raises NotFound like `find`."""
        with self.database.session() as session:
            row = _found(evals.find_eval_for_update(session, project_id, eval_id), eval_id)
            for name, value in {**changes, "updated_at": int(time.time())}.items():
                setattr(row, name, value)
            return row

    def delete(self, project_id: str, eval_id: str) -> None:
        """Delete an eval with its runs and their output items. Running ones stop. Raises NotFound like `find`."""
        with self.database.session() as session:
            evals.delete_eval(session, _found(evals.find_eval_for_update(session, project_id, eval_id), eval_id))

    def submit_run(self, project_id: str, spec: RunSpec) -> Job:
        """Store a run, and notify the workers. Raises NotFound if its eval was deleted meanwhile."""
        data_source, rows = evals.take_rows(spec.data_source.model_dump(mode="json", exclude_none=True))
        stored = {**spec.model_dump(mode="json", exclude={"data_source"}), "data_source": data_source}

        def make(session: Session) -> Job:
            _found(evals.find_eval_for_update(session, project_id, spec.eval_id), spec.eval_id)
            number = evals.count_next_run(session, spec.eval_id)
            job = jobs.submit(session, EVAL_RUN, project_id, stored, request_id())
            session.add(EvalRun(job_id=job.id, eval_id=spec.eval_id, number=number, content=rows))
            jobs.add_event(session, job.id, "The run was created.")
            return job

        return self.jobs.submit_from(make)

    def find_run(self, project_id: str, eval_id: str, run_id: str) -> Job:
        """Return a run. Raises NotFound if the project has no such eval, or the eval no such run."""
        self.find(project_id, eval_id)
        return self.open_run(eval_id, run_id)

    def find_report_secret(self, eval_id: str, run_id: str) -> str:
        """Return what signs the links to the report of a run, without loading the run; nothing if the eval has no such run."""
        secret = select(Job.spec["report_secret"].as_string()).join(EvalRun, EvalRun.job_id == Job.id)
        with self.database.session() as session:
            return session.scalar(secret.where(EvalRun.job_id == run_id, EvalRun.eval_id == eval_id)) or ""

    def open_run(self, eval_id: str, run_id: str) -> Job:
        """Return a run of any project, for a link that carries its own proof. Raises NotFound if the eval has no such run."""
        with self.database.session() as session:
            own, job = session.get(EvalRun, run_id), session.get(Job, run_id)
        if job is None or own is None or own.eval_id != eval_id:
            raise NotFound(f"There is no run '{run_id}'.", param="run_id")
        return job

    def list_runs(self, project_id: str, eval_id: str, page: PageRequest, status: RunStatus | None) -> Slice[Job]:
        """Return the requested runs of an eval, if `status` is given only those that have it.

        Raises:
            NotFound: if the project has no such eval.
            InvalidRequest: if `after` or `before` names none of the runs.
        """
        self.find(project_id, eval_id)
        runs = evals.select_runs(eval_id, STATUSES[status] if status else ())
        listing = Listing(runs, Job.id, (Job.created_at, EvalRun.number, Job.id), count_bytes(Job.spec, EvalRun.content))
        with self.database.session() as session:
            return fetch_page(session, listing, page)

    def cancel_run(self, project_id: str, eval_id: str, run_id: str) -> Job:
        """Cancel a run: a queued one immediately, a running one within seconds. Raises Conflict if it has completed or failed."""
        self.find_run(project_id, eval_id, run_id)
        return self.jobs.cancel(EVAL_RUN, project_id, run_id)

    def delete_run(self, project_id: str, eval_id: str, run_id: str) -> None:
        """Delete a run with its output items. A running one stops. Raises NotFound like `find_run`."""
        self.find_run(project_id, eval_id, run_id)
        self.jobs.delete(EVAL_RUN, project_id, run_id)

    def count_items(self, run_ids: Collection[str]) -> dict[str, Counts]:
        """Return the complete output items of each run, by status."""
        with self.database.session() as session:
            return evals.count_output_items(session, run_ids)

    def read_details(self, runs: Collection[Job]) -> dict[str, RunDetails]:
        """Return what the API shows of runs beside their jobs. The items of those with a result are not counted."""
        counts = self.count_items([run.id for run in runs if not run.result])
        with self.database.session() as session:
            rows = evals.read_rows(session, [run.id for run in runs])
        return {run.id: RunDetails(counts.get(run.id, {}), rows.get(run.id)) for run in runs}

    def list_items(self, run_id: str, page: PageRequest, status: ItemStatus | None = None) -> Slice[EvalOutputItem]:
        """Return the requested output items of a run. Raises InvalidRequest if `after` or `before` names none of them."""
        listing = Listing(evals.select_output_items(run_id, status), EvalOutputItem.id, (EvalOutputItem.number,), ITEM_BYTES)
        with self.database.session() as session:
            return fetch_page(session, listing, page)

    def list_numbers(self, run_ids: Collection[str]) -> set[tuple[str, int]]:
        """Return the runs and numbers of the output items that these runs have."""
        numbers = select(EvalOutputItem.job_id, EvalOutputItem.number).where(EvalOutputItem.job_id.in_(run_ids))
        with self.database.session() as session:
            return {(run_id, number) for run_id, number in session.execute(numbers)}

    def find_item(self, run_id: str, item_id: str) -> EvalOutputItem:
        """Return an output item. Raises NotFound if the run has no such item."""
        with self.database.session() as session:
            row = session.scalar(evals.select_output_items(run_id).where(EvalOutputItem.id == item_id))
        if row is None:
            raise NotFound(f"There is no output item '{item_id}'.", param="output_item_id")
        return row


def _take_rows(run: Job, eval_id: str, number: int) -> EvalRun:
    """Return the record of a run that is imported, and move the rows of its data source there."""
    data_source, rows = evals.take_rows(run.spec["data_source"])
    run.spec = {**run.spec, "data_source": data_source}
    return EvalRun(job_id=run.id, eval_id=eval_id, number=number, content=rows)


def _found(row: StoredEval | None, eval_id: str) -> StoredEval:
    if row is None:
        raise NotFound(f"There is no eval '{eval_id}'.", param="eval_id")
    return row
