"""Runs a job: claim it, keep the lease alive, run the flow, store how it ended.

Every worker uses it. It knows nothing of what a flow does. Whatever happens, the job ends with a reason or returns to the queue.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import structlog

from shared.errors import DatabaseUnavailable, TandemError
from shared.log import get_logger
from shared.records import jobs
from shared.records.database import Database
from shared.records.job_queue import Claimant, claim_next
from shared.workers.job_context import LEASE_SECONDS, JobContext, JobInterrupted

HEARTBEAT_SECONDS = 5.0
RETRY = (
    "Retry the job (POST /v1/fine_tuning/jobs/{job_id}/retry). The training continues from the newest checkpoint, "
    "if the worker that has it takes the new job."
)
CREATE_AGAIN = "Create the job again."

log = get_logger(__name__)

Flow = Callable[[jobs.Job, JobContext], dict[str, Any]]


def run_job(database: Database, job_id: str, owner: str, flow: Flow, stopping: threading.Event) -> None:
    """Run `flow` on the job if it can be claimed. Return once its end, or its return to the queue, is stored."""

    def claim() -> jobs.Job | None:
        with database.session() as session:
            return jobs.claim(session, job_id, owner, LEASE_SECONDS)

    run_claimed(database, claim, owner, flow, stopping)


def run_next(database: Database, claimant: Claimant, flow: Flow, stopping: threading.Event) -> bool:
    """Run `flow` on the job whose turn it is, if one waits. Return once its end, or its return to the queue, is stored: whether one ran."""
    return run_claimed(database, lambda: claim_next(database, claimant), claimant.owner, flow, stopping)


def run_claimed(database: Database, claim: Callable[[], jobs.Job | None], owner: str, flow: Flow, stopping: threading.Event) -> bool:
    """Run `flow` on the job that `claim` claims for `owner`; return whether there is one."""
    claimed_at = time.monotonic()
    job = claim()
    if job is None:
        return False
    with structlog.contextvars.bound_contextvars(job_id=job.id, request_id=job.request_id):
        context = JobContext(database, job, owner, stopping, claimed_at)
        with _heartbeats(context):
            _run(flow, job, context)
    return True


def _run(flow: Flow, job: jobs.Job, context: JobContext) -> None:
    try:
        store_end = _run_flow(flow, job, context)
        store_end()
    except (JobInterrupted, DatabaseUnavailable) as error:
        log.warning("stopped working on the job; the next worker continues it when the lease ends", problem=str(error))


def _run_flow(flow: Flow, job: jobs.Job, context: JobContext) -> Callable[[], None]:
    """Run the flow; return the call that stores how it ended."""
    try:
        _check_takeovers(job)
        context.raise_if_interrupted()
        result = flow(job, context)
        return partial(context.finish, "succeeded", "The job has successfully completed", result=result, percent=100.0)
    except JobInterrupted:
        return partial(_store_interruption, context)
    except DatabaseUnavailable:
        raise
    except TandemError as error:
        return partial(_store_failure, context, error.code or error.type, error.message, error.param)
    except MemoryError:
        return partial(_store_failure, context, "out_of_memory", "The worker ran out of memory. Use a smaller batch or shorter examples.")
    except Exception as error:
        log.exception("job failed")
        return partial(_store_failure, context, "server_error", f"{type(error).__name__}: {error}")


def _check_takeovers(job: jobs.Job) -> None:
    if job.takeovers > jobs.MAX_TAKEOVERS:
        raise TandemError(
            f"The job was stopped because it was interrupted {job.takeovers} times in a row without making progress. "
            f"The workers' logs say why. {RETRY.format(job_id=job.id) if job.kind == jobs.FINE_TUNING else CREATE_AGAIN}",
            code="worker_died",
        )


def _store_interruption(context: JobContext) -> None:
    if context.interrupt_reason == "cancelled":
        context.finish("cancelled", "The job was canceled.")
    elif context.interrupt_reason == "paused":
        context.put_away()
    elif context.interrupt_reason == "stopping":
        context.requeue()
    elif context.interrupt_reason == "deferred":
        context.put_back()


def _store_failure(context: JobContext, code: str, message: str, param: str | None = None) -> None:
    context.fail({"code": code, "message": message, "param": param})


@contextmanager
def _heartbeats(context: JobContext) -> Iterator[None]:
    """Renew the lease from a thread while the block runs."""
    done = threading.Event()

    def keep_renewing() -> None:
        last = time.monotonic()
        while not done.wait(HEARTBEAT_SECONDS) and context.interrupt_reason != "lost":
            last = renew(context, last)

    thread = threading.Thread(target=keep_renewing, name="heartbeat", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def renew(context: JobContext, last: float) -> float:
    """Renew the lease; return the time of the last success, at first `last`. Abandon the job if that is longer ago than the lease."""
    try:
        context.renew_lease()
        return time.monotonic()
    except Exception as error:
        since = time.monotonic() - last
        log.warning("heartbeat failed", seconds_since_last=round(since, 1), problem=str(error))
        if since > LEASE_SECONDS:
            context.abandon()
        return last
