import time

from services.generation.jobs.finetune import estimate_finish
from shared.records import jobs


def test_the_finish_is_estimated_only_for_running_jobs_with_progress() -> None:
    job = jobs.Job(status="running", started_at=int(time.time()) - 10, percent=50.0)
    assert abs((estimate_finish(job) or 0) - (time.time() + 10)) < 3
    assert estimate_finish(jobs.Job(status="running", started_at=5, percent=0.0)) is None
    assert estimate_finish(jobs.Job(status="queued", started_at=None, percent=10.0)) is None
