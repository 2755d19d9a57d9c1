"""The worker is wired from its settings."""

import socket
from pathlib import Path
from typing import Any

import pytest

from services.training import worker
from services.training.finetune import WorkerConfig
from services.training.settings import TrainingSettings
from services.training.worker import create_worker, find_device, read_worker_config
from shared.records.database import Database
from shared.records.jobs import FINE_TUNING, Job, find, submit
from shared.records.training_devices import find_speed, list_devices
from shared.web.auth import open_authenticator
from shared.workers.job_context import JobContext
from tests.unit.training.cases import BASE, make_spec


def test_files_are_in_the_data_folder_unless_a_setting_moves_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database: Database
) -> None:
    monkeypatch.setenv("TANDEM_DATA", str(tmp_path))
    config = read_worker_config(TrainingSettings(), database)
    assert (config.work, config.adapters) == (tmp_path / "training", tmp_path / "adapters")
    monkeypatch.setenv("TRAINING_WORK", str(tmp_path / "scratch"))
    assert read_worker_config(TrainingSettings(), database).work == tmp_path / "scratch"


def test_a_worker_connects_to_nothing_when_it_is_created(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TANDEM_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("TANDEM_BROKER_URL", "redis://127.0.0.1:1/0")
    assert create_worker(TrainingSettings()).queue == "training"


def test_after_a_job_its_speed_is_known_to_the_front_door(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database: Database) -> None:
    monkeypatch.setenv("TANDEM_DATA", str(tmp_path))
    monkeypatch.setattr(worker, "finetune", lambda *_: {"metrics": {"tokens_per_second": 7.5}})
    with database.session() as session:
        job_id = submit(session, FINE_TUNING, "default", make_spec().model_dump()).id
    create_worker(TrainingSettings()).work(job_id)
    with database.session() as session:
        job = find(session, FINE_TUNING, "default", job_id)
        assert job
        assert job.status == "succeeded", job.error
        (device,) = list_devices(session, BASE)
        speed = find_speed(session, device)
    assert speed
    assert speed.tokens_per_second == 7.5
