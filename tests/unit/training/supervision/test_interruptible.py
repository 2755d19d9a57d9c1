"""Waiting for a neighbour: patient with it, attentive to the job."""

import threading
import time

import pytest

from services.training.supervision.interruptible import attended, patiently
from shared.errors import NotFound, Unavailable
from shared.http.connect import REQUEST_ID_HEADER
from shared.log import bind_request_id, request_id
from shared.workers.job_runner import JobContext, JobInterrupted


def test_a_calls_result_and_its_errors_come_through(context: JobContext) -> None:
    assert attended(context, lambda: 3) == 3
    with pytest.raises(NotFound, match="gone"):
        attended(context, lambda: (_ for _ in ()).throw(NotFound("gone")))


def test_a_call_carries_the_request_id(context: JobContext) -> None:
    bound = bind_request_id(f"req-of-{REQUEST_ID_HEADER}")
    assert attended(context, request_id) == bound


def test_a_stop_ends_the_wait_for_a_neighbour_that_hangs(context: JobContext, stopping: threading.Event) -> None:
    hanging = threading.Event()
    threading.Timer(0.1, stopping.set).start()
    began = time.monotonic()
    with pytest.raises(JobInterrupted):
        attended(context, hanging.wait)
    assert time.monotonic() - began < 2
    hanging.set()


def test_a_refusal_for_now_is_tried_again(context: JobContext) -> None:
    refusals = [Unavailable("starting")]

    def call() -> int:
        if refusals:
            raise refusals.pop()
        return 5

    assert patiently(context, 5, call) == 5


def test_patience_has_an_end_and_a_real_error_needs_none(context: JobContext) -> None:
    calls = []

    def call(error: Exception) -> None:
        calls.append(error)
        raise error

    with pytest.raises(Unavailable):
        patiently(context, 0.1, lambda: call(Unavailable("gone")))
    with pytest.raises(NotFound):
        patiently(context, 60, lambda: call(NotFound("no such file")))
    assert len(calls) == 2
