from typing import Any

import pytest

from shared.contracts.comparisons import ComparisonSpec
from shared.records import jobs
from shared.records.jobs import DATASET, FINE_TUNING, Job
from tests.unit.generation.evaluations.setup import PATH, Setup


@pytest.fixture
def made(setup: Setup) -> dict[str, str]:
    """A comparison that made a dataset and two fine-tuning jobs, one of which has ended."""
    job_id = setup.create()["id"]
    with setup.database.session() as session:
        ids = {
            name: jobs.submit(session, kind, "default", {}).id
            for name, kind in (("dataset", DATASET), ("ended", FINE_TUNING), ("next", FINE_TUNING))
        }
        job = session.get_one(Job, job_id)
        spec = ComparisonSpec.model_validate(job.spec)
        job.spec = spec.model_copy(
            update={"dataset_id": ids["dataset"], "fine_tuning_jobs": [ids["ended"], ids["next"], "ftjob-gone"]}
        ).model_dump()
    with setup.database.session() as session:
        jobs.claim(session, ids["ended"], "worker", 60)
        jobs.finish(session, ids["ended"], "worker", "succeeded", result={})
    return {"comparison": job_id, **ids}


def read_states(setup: Setup, made: dict[str, str]) -> dict[str, Any]:
    with setup.database.session() as session:
        return {name: job.status if (job := session.get(Job, job_id)) else None for name, job_id in made.items()}


def test_canceling_a_comparison_cancels_what_was_made_for_it_and_has_not_ended(setup: Setup, made: dict[str, str]) -> None:
    shown = setup.http.post(f"{PATH}/{made['comparison']}/cancel").json()
    assert (shown["status"], shown["dataset_id"]) == ("cancelled", made["dataset"])
    assert read_states(setup, made) == {"comparison": "cancelled", "dataset": "cancelled", "ended": "succeeded", "next": "cancelled"}


def test_deleting_a_comparison_cancels_them_too_and_they_remain(setup: Setup, made: dict[str, str]) -> None:
    assert setup.http.delete(f"{PATH}/{made['comparison']}").status_code == 200
    assert read_states(setup, made) == {"comparison": None, "dataset": "cancelled", "ended": "succeeded", "next": "cancelled"}
