"""Waiting for a neighbour: patient with it, attentive to the job."""

import threading
import time

import pytest

from services.training.attend import attended, patiently
from shared.errors import NotFound, Unavailable
from shared.http import REQUEST_ID_HEADER
from shared.log import bind_request_id, request_id
from shared.workers.job_runner import Control, Interrupted


def test_a_calls_result_and_its_errors_come_through(control: Control) -> None:
    assert attended(control, lambda: 3) == 3
    with pytest.raises(NotFound, match="gone"):
        attended(control, lambda: (_ for _ in ()).throw(NotFound("gone")))


def test_a_call_carries_the_request_id(control: Control) -> None:
    bound = bind_request_id(f"req-of-{REQUEST_ID_HEADER}")
    assert attended(control, request_id) == bound


def test_a_stop_ends_the_wait_for_a_neighbour_that_hangs(control: Control, stopping: threading.Event) -> None:
    hanging = threading.Event()
    threading.Timer(0.1, stopping.set).start()
    began = time.monotonic()
    with pytest.raises(Interrupted):
        attended(control, hanging.wait)
    assert time.monotonic() - began < 2
    hanging.set()


def test_a_refusal_for_now_is_tried_again(control: Control) -> None:
    refusals = [Unavailable("starting")]

    def call() -> int:
        if refusals:
            raise refusals.pop()
        return 5

    assert patiently(control, 5, call) == 5


def test_patience_has_an_end_and_a_real_error_needs_none(control: Control) -> None:
    calls = []

    def call(error: Exception) -> None:
        calls.append(error)
        raise error

    with pytest.raises(Unavailable):
        patiently(control, 0.1, lambda: call(Unavailable("gone")))
    with pytest.raises(NotFound):
        patiently(control, 60, lambda: call(NotFound("no such file")))
    assert len(calls) == 2
