"""A job that two processes train together survives the kill of its worker, as one that a single process trains does."""

import signal
from itertools import groupby
from pathlib import Path

import pytest

from services.training.planning.job_folder import JobFolder
from services.training.planning.parallelism import Parallelism, read_parallelism
from shared.records import jobs
from shared.records.jobs import FINE_TUNING
from tests.integration.test_training_chaos import model, site
from tests.integration.training_site import DEADLINE, EPOCHS, Site, hash_adapters, make_host, move
from tests.unit.training.cases import make_spec, method_of

__all__ = ["model", "site"]  # fixtures

pytestmark = pytest.mark.timeout(900)


def submit(site: Site) -> str:
    spec = make_spec(model="tiny", training_file="file-1", method=method_of(lora={"rank": 4}, batch_size=2, n_epochs=EPOCHS))
    with site.database.session() as session:
        return jobs.submit(session, FINE_TUNING, "default", spec.model_dump(), base="tiny").id


def test_a_job_of_two_processes_goes_on_on_another_host_after_its_worker_was_killed(
    site: Site, model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRAINING_PROCESSES", "2")
    undisturbed, killed = submit(site), submit(site)
    host = make_host(site, model, tmp_path / "first")
    with site.run_worker(host, killed="checkpoint") as worker:
        site.notify(killed)
        assert worker.process.wait(DEADLINE) == -signal.SIGKILL
    (begun,) = [job_id for job_id in (undisturbed, killed) if site.read_job(job_id).status == "running"]
    assert read_parallelism(JobFolder(host.folder / "work" / begun)) == Parallelism(2)
    site.expire_lease(begun)
    host = move(host, tmp_path / "second")
    with site.run_worker(host):
        for job_id in (undisturbed, killed):
            site.notify(job_id)
            assert site.wait_for_end(job_id).status == "succeeded", site.events(job_id)
    assert len([pid for pid, _ in groupby(pid for pid, _ in site.read_steps(begun))]) == 2
    assert hash_adapters(site, host, undisturbed) == hash_adapters(site, host, killed)
