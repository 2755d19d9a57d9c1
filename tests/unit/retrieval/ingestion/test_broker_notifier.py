import threading

import pytest

from services.retrieval.ingestion.broker_notifier import MAX_MESSAGES, BrokerNotifier
from shared.errors import Unavailable
from tests.retrieval_harness import RetrievalHarness
from tests.serving import wait_until


class RecordingNotifier:
    """Records its messages; the first `failures` raise an error as a broker that is down does."""

    def __init__(self, failures: int = 0) -> None:
        self.messages = 0
        self.has_failed = threading.Event()
        self._failures = failures

    def notify(self, kind: str, job_id: str) -> None:
        if self._failures:
            self._failures -= 1
            self.has_failed.set()
            raise Unavailable("The broker cannot be reached.")
        self.messages += 1


def test_each_file_that_waits_is_one_message_up_to_a_limit(harness: RetrievalHarness) -> None:
    for number in range(MAX_MESSAGES + 1):
        harness.attach(f"text {number}")
    recording = RecordingNotifier()
    notifier = BrokerNotifier(harness.database, recording, interval_seconds=60)
    notifier.start()
    try:
        wait_until(lambda: recording.messages == MAX_MESSAGES)
        notifier.wake()
        wait_until(lambda: recording.messages == 2 * MAX_MESSAGES)
    finally:
        notifier.stop()


def test_workers_are_notified_again_after_the_broker_was_down(harness: RetrievalHarness) -> None:
    harness.attach("text")
    recording = RecordingNotifier(failures=1)
    notifier = BrokerNotifier(harness.database, recording, interval_seconds=60)
    notifier.start()
    try:
        assert recording.has_failed.wait(10)
        notifier.check()
        notifier.wake()
        wait_until(lambda: recording.messages == 1)
    finally:
        notifier.stop()


def test_a_notifier_that_does_not_run_is_unavailable(harness: RetrievalHarness) -> None:
    with pytest.raises(Unavailable, match="not running"):
        BrokerNotifier(harness.database, RecordingNotifier()).check()
