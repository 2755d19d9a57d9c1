import threading

from services.generation.jobs.sweeper import Sweeper
from shared.errors import Unavailable
from tests.serving import DEADLINE


class FakeJobs:
    """Counts the rounds; the first two fail."""

    def __init__(self) -> None:
        self.rounds = 0
        self.third_round = threading.Event()

    def notify_waiting(self) -> None:
        self.rounds += 1
        if self.rounds == 1:
            raise Unavailable("The database is gone.")
        if self.rounds == 2:
            raise RuntimeError("a bug")
        self.third_round.set()


def test_the_sweeper_continues_after_an_error_and_stops_when_asked_to() -> None:
    others = set(threading.enumerate())  # of front doors that run for other tests
    jobs = FakeJobs()
    sweeper = Sweeper(jobs, 0.001)
    sweeper.start()
    assert jobs.third_round.wait(DEADLINE)
    sweeper.stop()
    rounds = jobs.rounds
    assert rounds >= 3
    assert "sweeper" not in [thread.name for thread in threading.enumerate() if thread not in others]
