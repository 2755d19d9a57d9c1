"""Jobs and their events. Generation submits jobs; training and evaluation run them.

    validating_files ──▶ queued ──▶ running ──▶ succeeded | failed | cancelled
                           ▲          │
                           ├──────────┘  the worker stopped or died, or the job waits for something; another continues
                           └── paused ◀── queued | running

A front door checks the large files of jobs that begin as `validating_files`. The row is the truth;
the broker only says that one may wait.
"""

import time
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, Index, Row, Text, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from shared.ids import new_id
from shared.records import leases, webhooks
from shared.records.database import Record
from shared.records.models.adapters import select_published_jobs
from shared.records.pages import count_next

FINE_TUNING = "fine_tuning"
COMPARISON = "comparison"
DATASET = "dataset"
EVAL_RUN = "eval_run"
PREFIXES = {FINE_TUNING: "ftjob-", COMPARISON: "cmp_", DATASET: "dset_", EVAL_RUN: "evalrun_"}
# The kinds of jobs whose end is an event for webhooks: `<value>.<status>`.
WEBHOOK_EVENTS = {FINE_TUNING: "fine_tuning.job", EVAL_RUN: "eval.run"}
WEBHOOK_STATUSES = {(EVAL_RUN, "cancelled"): "canceled"}  # as OpenAI spells it there
VALIDATING, PAUSED = "validating_files", "paused"
CLAIMABLE = ("queued", "running")
UNFINISHED = (VALIDATING, *CLAIMABLE, PAUSED)
MAX_TAKEOVERS = 3
CANCELED = "The job was canceled."
PUBLISHED = "The job will be finished instead of canceled, because its fine-tuned model is already published."
STOPPED = "The worker stopped. Another worker will continue the job."


class Job(leases.LeaseColumns, Record):
    """What a user started. `spec` is the request, `result` the outcome, `error` is `{code, message, param}`.

    Of a project's waiting jobs, those with the highest `priority` are first. `base` is the base model that the worker must have, `device`
    the type of its device, `cpu` or `gpu`; None if it does not matter. `runs_on` is the name of the device that it runs on, or ran on last.

    `number` grows with each job of the project and kind, and orders those of the same second. Jobs from before it was counted have 0.
    Retrieval keeps the job's files until `files_held_until` (seconds since 1970); None if nobody asked for it, or no longer.
    """

    __tablename__ = "jobs"
    __table_args__ = (Index("ix_jobs_number", "project_id", "kind", "number"),)
    id: Mapped[str] = mapped_column(primary_key=True)
    project_id: Mapped[str] = mapped_column(index=True)
    kind: Mapped[str] = mapped_column(index=True)
    status: Mapped[str] = mapped_column(index=True, default="queued")
    stage: Mapped[str] = mapped_column(default="queued")
    percent: Mapped[float] = mapped_column(default=0.0)
    spec: Mapped[dict[str, Any]]
    result: Mapped[dict[str, Any] | None] = mapped_column(default=None)
    error: Mapped[dict[str, Any] | None] = mapped_column(default=None)
    cancel_requested: Mapped[bool] = mapped_column(default=False)
    takeovers: Mapped[int] = mapped_column(default=0)
    priority: Mapped[int] = mapped_column(default=0)
    base: Mapped[str | None] = mapped_column(default=None)
    device: Mapped[str | None] = mapped_column(default=None)
    runs_on: Mapped[str | None] = mapped_column(default=None)
    request_id: Mapped[str | None] = mapped_column(default=None)
    created_at: Mapped[int]
    started_at: Mapped[int | None] = mapped_column(default=None)
    finished_at: Mapped[int | None] = mapped_column(default=None)
    number: Mapped[int] = mapped_column(default=0)
    files_held_until: Mapped[float | None] = mapped_column(default=None)


OF_AN_END = (Job.id, Job.kind, Job.project_id, Job.status)  # what the webhook event about the end of a job is made of


class JobEvent(Record):
    """Something that happened to a job. `number` orders the events of all jobs."""

    __tablename__ = "job_events"
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    id: Mapped[str] = mapped_column(unique=True)
    job_id: Mapped[str] = mapped_column(ForeignKey("jobs.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[int]
    level: Mapped[str] = mapped_column(default="info")
    type: Mapped[str] = mapped_column(default="message")
    message: Mapped[str] = mapped_column(Text)
    data: Mapped[dict[str, Any] | None] = mapped_column(default=None)


def submit(session: Session, kind: str, project_id: str, spec: dict[str, Any], request_id: str | None = None, **queue: Any) -> Job:
    """Store a new job, by default a queued one, and return it. `queue` is what the queue must know of it, such as `priority`; see `Job`."""
    number = count_next(session, Job.number, Job.project_id == project_id, Job.kind == kind)
    about = {"project_id": project_id, "kind": kind, "spec": spec, "request_id": request_id, "created_at": _now(), "number": number}
    job = Job(**{"id": new_id(PREFIXES[kind]), **about, **queue})
    session.add(job)
    session.flush()
    return job


def add_event(
    session: Session, job_id: str, message: str, *, level: str = "info", type: str = "message", data: dict[str, Any] | None = None
) -> None:
    """Append an event; `level` is info, warn or error, `type` message or metrics."""
    session.add(JobEvent(id=new_id("ftevent-"), job_id=job_id, created_at=_now(), level=level, type=type, message=message, data=data))


def add_own_event(session: Session, job_id: str, owner: str, message: str, **fields: Any) -> bool:
    """Append an event of the worker that holds the job; return False if the lease was lost."""
    is_held = holds(session, job_id, owner)
    if is_held:
        add_event(session, job_id, message, **fields)
    return is_held


def find(session: Session, kind: str, project_id: str, job_id: str) -> Job | None:
    """Return the project's job, or None."""
    job = session.get(Job, job_id)
    return job if job and job.project_id == project_id and job.kind == kind else None


def find_for_update(session: Session, kind: str, project_id: str, job_id: str) -> Job | None:
    """Lock the project's job until the transaction ends, and return it in its current state; None if there is none.

    The lock is an update that changes nothing: PostgreSQL locks the row, SQLite the database.
    """
    _set(session, Job.id == job_id, Job.project_id == project_id, Job.kind == kind, cancel_requested=Job.cancel_requested)
    return find(session, kind, project_id, job_id)


def lock_jobs(session: Session, *conditions: ColumnElement[bool], skip_locked: bool = False) -> Sequence[str]:
    """Lock the jobs that meet the conditions until the transaction ends, and return their ids; with `skip_locked`, those that are free.

    PostgreSQL locks them in the order of their ids, so that two transactions never wait for each other. SQLite has one writer.
    """
    return session.scalars(select(Job.id).where(*conditions).order_by(Job.id).with_for_update(skip_locked=skip_locked)).all()


def list_claimable(session: Session) -> list[Row[tuple[str, str, bool]]]:
    """Return `id` and `kind` of the jobs that no worker holds, queued ones and running ones whose lease has expired.

    `is_choosy` tells whether not every worker can run the job.
    """
    is_choosy = or_(Job.base.is_not(None), Job.device.is_not(None)).label("is_choosy")
    claimable = select(Job.id, Job.kind, is_choosy).where(Job.status.in_(CLAIMABLE), leases.is_free(Job))
    return list(session.execute(claimable.order_by(Job.created_at, Job.number)))


def claim(session: Session, job_id: str, owner: str, seconds: float, device: str | None = None) -> Job | None:
    """Claim the job for `owner`, who runs it on `device`; return None if the job has ended or is paused, or another owner holds it.

    `takeovers` counts interruptions since the job last got further: claims after its lease had expired, and what `set_takeovers` added.
    """
    job = session.get(Job, job_id, populate_existing=True)
    if job and job.cancel_requested:
        request_cancel(session, job)
    if job is None or job.status not in CLAIMABLE:
        return None
    is_taken_over = job.status == "running"
    stage = job.stage if is_taken_over else "queued"  # it may have said what it waited for
    values = {"status": "running", "stage": stage, "runs_on": device, "started_at": job.started_at or _now()}
    values["takeovers"] = job.takeovers + is_taken_over
    if not leases.claim(session, Job, Job.id == job_id, Job.status.in_(CLAIMABLE), owner=owner, seconds=seconds, **values):
        return None
    session.refresh(job)
    return job


def renew(session: Session, job_id: str, owner: str, seconds: float) -> bool:
    """Extend the lease; return False if it was lost. A worker whose job is paused keeps it until it has put its work away."""
    return leases.renew(session, Job, *_unfinished(job_id), owner=owner, seconds=seconds)


def holds(session: Session, job_id: str, owner: str) -> bool:
    """Return whether `owner` has not lost the lease of the job, which may be paused."""
    return session.scalar(select(Job.id).where(*_unfinished(job_id), Job.lease_owner == owner)) is not None


def set_progress(session: Session, job_id: str, owner: str, stage: str, percent: float) -> bool:
    """Store stage and `percent` (0-100); return False if the lease was lost or the job is paused."""
    return _set(session, *_running(job_id), Job.lease_owner == owner, stage=stage, percent=round(percent, 1))


def set_takeovers(session: Session, job_id: str, owner: str, takeovers: int) -> bool:
    """Store how often the job's work was interrupted since it last got further, paused or not; return False if the lease was lost."""
    return _set(session, *_unfinished(job_id), Job.lease_owner == owner, takeovers=takeovers)


def set_spec(session: Session, job_id: str, owner: str, spec: dict[str, Any]) -> bool:
    """Store a spec in which the worker has resolved more; return False if the lease was lost or the job is paused."""
    return _set(session, *_running(job_id), Job.lease_owner == owner, spec=spec)


def finish(session: Session, job_id: str, owner: str, status: str, **values: Any) -> bool:
    """End the job as succeeded, failed or canceled, with `result` or `error`; return False if the lease was lost."""
    now = _now()
    values |= {"status": status, "stage": status, "finished_at": now}
    has_ended = leases.release(session, Job, *_unfinished(job_id), owner=owner, **values)
    if has_ended:
        _add_webhook_event(session, now, *session.execute(select(*OF_AN_END).where(Job.id == job_id)).one())
    return has_ended


def requeue(session: Session, job_id: str, owner: str) -> bool:
    """Return the job to the queue, where the next worker continues it; return False if the lease was lost."""
    return leases.release(session, Job, *_running(job_id), owner=owner, status="queued", stage="queued")


def defer(session: Session, job_id: str, owner: str, seconds: float, stage: str) -> bool:
    """Return the job to the queue, where no worker claims it for `seconds`; return False if the lease was lost or the job is paused.

    `stage` says what it waits for.
    """
    waits = {"status": "queued", "stage": stage, "runs_on": None}
    return leases.defer(session, Job, *_running(job_id), owner=owner, seconds=seconds, **waits)


def put_away(session: Session, job_id: str, owner: str) -> bool:
    """Release a job that was paused; return False if the lease was lost. It may have been resumed in the meantime, and stays queued."""
    return leases.release(session, Job, *_unfinished(job_id), Job.status != "running", owner=owner)


def pause(session: Session, job_id: str) -> bool:
    """Pause a job that is queued or running; return whether it was. A worker that holds it sees this at its next heartbeat."""
    return _set_status(session, job_id, CLAIMABLE, PAUSED)


def resume(session: Session, job_id: str) -> bool:
    """Return a paused job to the queue; return whether it was paused. If it was deferred before, it waits no longer."""
    _set(session, Job.id == job_id, Job.status == PAUSED, Job.lease_owner.is_(None), lease_expires_at=None)
    return _set_status(session, job_id, (PAUSED,), "queued")


def _set_status(session: Session, job_id: str, before: Collection[str], status: str) -> bool:
    return _set(session, Job.id == job_id, Job.status.in_(before), Job.cancel_requested.is_(False), status=status, stage=status)


def _set(session: Session, *conditions: ColumnElement[bool], **values: Any) -> bool:
    change = update(Job).where(*conditions).values(**values)
    result: Any = session.execute(change.execution_options(synchronize_session=False))
    return bool(result.rowcount)


def requeue_all(session: Session, owner: str) -> None:
    """Give back every job that `owner` holds."""
    for job_id in session.scalars(select(Job.id).where(Job.lease_owner == owner).order_by(Job.id)).all():
        give_back(session, job_id, owner)


def give_back(session: Session, job_id: str, owner: str) -> None:
    """Return the job to the queue, and say so in its events; if it is paused, only release it."""
    if requeue(session, job_id, owner):
        add_event(session, job_id, STOPPED, level="warn")
    else:
        put_away(session, job_id, owner)


def request_cancel(session: Session, job: Job) -> None:
    """Cancel the job: immediately if no worker holds it or its files are being checked, otherwise at the worker's next heartbeat."""
    _set(session, *_unfinished(job.id), cancel_requested=True)
    finish_cancelled(session)
    session.refresh(job)


def finish_cancelled(session: Session) -> None:
    """End every job that was canceled and that no worker holds, or whose files are being checked. Who held it can no longer write to it.

    One whose adapter is published returns to the queue instead, to succeed. Jobs that are locked are left for the next time.
    """
    conditions = Job.status.in_(UNFINISHED), Job.cancel_requested.is_(True), or_(Job.status == VALIDATING, ~leases.is_held(Job))
    locked = lock_jobs(session, *conditions, skip_locked=True)
    released = update(Job).where(Job.id.in_(locked), *conditions).values(lease_owner=None, lease_expires_at=None).returning(*OF_AN_END)
    released, now = released.execution_options(synchronize_session=False), _now()
    published = released.where(Job.id.in_(select_published_jobs())).values(status="queued", stage="queued", cancel_requested=False)
    for kept in session.execute(published).all():
        add_event(session, kept.id, PUBLISHED)
    for ended in session.execute(released.values(status="cancelled", stage="cancelled", finished_at=now)).all():
        add_event(session, ended.id, CANCELED)
        _add_webhook_event(session, now, *ended)


def _add_webhook_event(session: Session, finished_at: int, job_id: str, kind: str, project_id: str, status: str) -> None:
    if kind in WEBHOOK_EVENTS:
        type = f"{WEBHOOK_EVENTS[kind]}.{WEBHOOK_STATUSES.get((kind, status), status)}"
        webhooks.add_event(session, project_id, type, job_id, finished_at)


def _unfinished(job_id: str) -> tuple[ColumnElement[bool], ...]:
    return Job.id == job_id, Job.status.in_(UNFINISHED)


def _running(job_id: str) -> tuple[ColumnElement[bool], ...]:
    return Job.id == job_id, Job.status == "running"


def _now() -> int:
    return int(time.time())
