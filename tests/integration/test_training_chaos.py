"""Trainings whose processes and workers are killed, stopped, cut off, or on another host, with real processes: they end with the weights of
an undisturbed one, and at no moment do two processes train the same job.
"""

import base64
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from openai import OpenAI
from openai.types.fine_tuning import FineTuningJob

from services.generation.app import create_app
from services.generation.settings import GenerationSettings
from shared.settings import JobSettings
from tests.fake_engine import FakeEngine
from tests.fake_retrieval import FakeRetrieval
from tests.integration.cut_connection import Wire, open_wire
from tests.integration.training_site import (
    DEADLINE,
    EPOCHS,
    REQUEST,
    STEPS,
    Host,
    Site,
    check_attempts,
    handle_messages,
    hash_adapters,
    make_host,
    move,
    notify_and_look,
    open_site,
    write_model,
)
from tests.serving import serving, wait_until

STALL_SECONDS = 15.0

pytestmark = pytest.mark.timeout(900)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, postgres_server: str) -> Iterator[Site]:
    with open_site(tmp_path_factory.mktemp("site"), postgres_server) as site:
        yield site


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_model(tmp_path_factory.mktemp("models") / "tiny")


@pytest.fixture(scope="module")
def undisturbed(model: Path, tmp_path_factory: pytest.TempPathFactory, postgres_server: str) -> Iterator[Callable[[], dict[str, str]]]:
    """Waits for a job to which nothing happens, and returns the hash of the weights of each of its adapters, by the end of its name.

    The job runs beside the first test, with services of its own.
    """
    folder = tmp_path_factory.mktemp("quiet")
    with open_site(folder, postgres_server) as site:
        host = make_host(site, model, folder / "host")
        job_id = site.submit()

        @cache
        def wait_and_hash() -> dict[str, str]:
            assert site.wait_for_end(job_id).status == "succeeded", site.events(job_id)
            assert [step for _, step in site.read_steps(job_id)] == list(range(1, STEPS + 1))
            return hash_adapters(site, host, job_id)

        with site.run_worker(host):
            site.notify(job_id)
            yield wait_and_hash


def test_a_job_goes_on_on_other_hosts_after_kills_at_its_start_while_a_checkpoint_is_written_and_while_its_adapters_are_published(
    site: Site, model: Path, undisturbed: Callable[[], dict[str, str]], tmp_path: Path
) -> None:
    host = make_host(site, model, tmp_path / "first")
    job_id = site.submit()
    for moment in ("start", "checkpoint", "reveal", "record"):
        with site.run_worker(host, killed=moment) as worker:
            site.notify(job_id)
            assert worker.process.wait(DEADLINE) == -signal.SIGKILL
        assert site.read_job(job_id).status == "running"
        site.expire_lease(job_id)
        host = move(host, tmp_path / f"after-{moment}")
    with site.run_worker(host):
        site.notify(job_id)
        job = site.wait_for_end(job_id)
    assert (job.status, job.error) == ("succeeded", None)
    check_attempts(site, job_id, 2)
    assert hash_adapters(site, host, job_id) == undisturbed()
    assert list((host.folder / "work").iterdir()) == []
    created = [event for event in site.events(job_id) if event.startswith(("Checkpoint created", "New fine-tuned model"))]
    assert len(created) == EPOCHS


@pytest.fixture
def wire(site: Site) -> Iterator[Wire]:
    with open_wire(site.socket) as wire:
        yield wire


def test_a_worker_whose_packets_are_dropped_loses_its_job_to_one_whose_clock_is_ahead_and_no_earlier_and_a_lost_broker_stops_none(
    site: Site, model: Path, undisturbed: Callable[[], dict[str, str]], tmp_path: Path, wire: Wire
) -> None:
    host = make_host(site, model, tmp_path / "host")
    direct = urlsplit(site.database_url)
    behind_wire = Host(host.folder, direct._replace(netloc=f"{direct.username}@127.0.0.1:{wire.port}", query="").geturl())
    job_id, go_on = site.submit(), tmp_path / "go-on"
    with site.run_worker(behind_wire, last_step=20, go_on=str(go_on)) as cut:
        site.notify(job_id)
        wait_until(lambda: cut.holds(site.read_job(job_id)), DEADLINE)
        with site.run_worker(host, seconds_ahead=60.0) as ahead:  # starts while the training does
            wait_until(lambda: len(site.read_steps(job_id)) >= 20, DEADLINE)
            handle_messages(site, ahead, job_id)
            assert cut.holds(site.read_job(job_id))
            wire.lose()
            wait_until(lambda: notify_and_look(site, ahead, job_id), DEADLINE)
            taken_over = len(site.read_steps(job_id))
            with site.without_broker():
                go_on.touch()  # the first training would go on beside the next one, if it were not ended with the lease
                job = site.wait_for_end(job_id)
            events = site.events(job_id)
            wire.restore()
            handle_messages(site, cut, job_id)
    assert (job.status, job.error) == ("succeeded", None)
    check_attempts(site, job_id, 2, taken_over)
    assert hash_adapters(site, host, job_id) == undisturbed()
    assert site.events(job_id) == events  # what the worker that was cut off wanted to add was refused


def test_a_training_that_is_killed_and_then_hangs_is_restarted_and_a_worker_that_is_stopped_loses_its_job_to_another(
    site: Site, model: Path, undisturbed: Callable[[], dict[str, str]], tmp_path: Path
) -> None:
    host = make_host(site, model, tmp_path / "host")
    job_id, go_on = site.submit(), tmp_path / "go-on"
    with site.run_worker(host, last_step=20, go_on=str(go_on), stall_seconds=STALL_SECONDS) as stopped:
        site.notify(job_id)
        wait_until(lambda: stopped.holds(site.read_job(job_id)), DEADLINE)
        with site.run_worker(host) as other:  # starts while the training does
            os.kill(wait_for_step(site, job_id, 20, attempt=1), signal.SIGKILL)
            wait_for_step(site, job_id, 20, attempt=3)  # the second has hung
            stopped.process.send_signal(signal.SIGSTOP)
            wait_until(lambda: notify_and_look(site, other, job_id), DEADLINE)
            taken_over = len(site.read_steps(job_id))
            go_on.touch()  # the third training would go on beside the next one, if it were not ended with the lease
            job = site.wait_for_end(job_id)
            events = site.events(job_id)
            stopped.process.send_signal(signal.SIGCONT)
            handle_messages(site, stopped, job_id)
    assert (job.status, job.error) == ("succeeded", None)
    restarts = [event.split(",")[0] for event in events if event.endswith("It is restarted from its last checkpoint.")]
    assert [restart.partition(" for ")[0] for restart in restarts] == ["The training process was killed", "The training made no progress"]
    check_attempts(site, job_id, 4, taken_over)
    assert hash_adapters(site, host, job_id) == undisturbed()
    assert site.events(job_id) == events  # what the worker that was stopped wanted to add was refused


@contextmanager
def serve_real_front_door(site: Site, host: Host, retrieval: FakeRetrieval) -> Iterator[str]:
    """Serve the front door itself, with the site's database and broker; yield its URL. The engine and retrieval behind it are fakes."""
    folders: dict[str, Any] = {"data": host.folder, "adapters": host.folder / "adapters", "base_model": str(host.folder / "tiny")}
    common = JobSettings(**folders, base_name="tiny", database_url=site.database_url, broker_url=site.broker_url)
    with (
        serving(FakeEngine().app()) as engine_url,
        serving(retrieval.app()) as retrieval_url,
        serving(create_app(GenerationSettings(common=common, engine_url=engine_url, retrieval_url=retrieval_url))) as url,
    ):
        yield url


def test_a_retry_of_a_job_that_failed_goes_on_from_its_checkpoint(
    site: Site, model: Path, undisturbed: Callable[[], dict[str, str]], tmp_path: Path
) -> None:
    host, go_on, retrieval = make_host(site, model, tmp_path / "host"), tmp_path / "go-on", FakeRetrieval()
    file_id = retrieval.add_file(site.front_door.files["file-1"]["content"])
    with (
        serve_real_front_door(site, host, retrieval) as url,
        OpenAI(base_url=f"{url}/v1", api_key="none", max_retries=0) as client,
        site.run_worker(
            replace(host, settings={"TANDEM_API_URL": url, "TRAINING_RESULT_FORMAT": "base64"}),
            last_step=20,
            go_on=str(go_on),
            fails=True,
        ),
    ):
        failed = client.fine_tuning.jobs.create(training_file=file_id, **REQUEST).id
        error = site.wait_for_end(failed).error
        assert error
        assert error["code"] == "storage_full"
        go_on.touch()
        again = client.post(f"/fine_tuning/jobs/{failed}/retry", body={}, cast_to=FineTuningJob).id
        job = site.wait_for_end(again)
        assert (job.status, job.error) == ("succeeded", None)
        content = client.files.content(client.fine_tuning.jobs.retrieve(again).result_files[0]).read()
    rows = base64.b64decode(content).decode().splitlines()
    first, *_ = steps = [step for _, step in site.read_steps(again)]
    assert 1 < first <= 20
    assert steps == list(range(first, STEPS + 1))
    assert f"The training continues from the checkpoint at step {first - 1} of the failed job {failed}." in site.events(again)
    assert [int(row.split(",")[0]) for row in rows[1:]] == list(range(1, STEPS + 1))
    assert hash_adapters(site, host, again) == undisturbed()


def wait_for_step(site: Site, job_id: str, step: int, attempt: int) -> int:
    """Wait until the job's training process of this number, from 1, has made the step; return the process."""

    def has_made() -> bool:
        steps = site.read_steps(job_id)
        return len({pid for pid, _ in steps}) == attempt and steps[-1][1] == step

    wait_until(has_made, DEADLINE)
    return site.read_steps(job_id)[-1][0]
