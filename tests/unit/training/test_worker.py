"""The worker is wired from its settings."""

import json
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from services.training import worker
from services.training.calibration import calibrate
from services.training.finetune import WorkerConfig
from services.training.planning.hardware import Trainable
from services.training.planning.parallelism import Parallelism
from services.training.settings import TrainingSettings
from services.training.supervision.announce import DeviceAnnouncer
from services.training.worker import create_worker, find_device, find_parallelism, find_sharing, read_worker_config
from shared.records.database import Database
from shared.records.jobs import FINE_TUNING, Job, find, submit
from shared.records.training_devices import Device, announce, find_speed, list_devices, request_calibration
from shared.web.auth import open_authenticator
from shared.workers.job_context import JobContext
from tests.unit.training.cases import BASE, make_spec


def test_files_are_in_the_data_folder_unless_a_setting_moves_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database: Database
) -> None:
    monkeypatch.setenv("TANDEM_DATA", str(tmp_path))
    config = read_worker_config(TrainingSettings(), database)
    assert (config.work, config.adapters) == (tmp_path / "training", tmp_path / "adapters")
    assert config.keep_failed_days == 3
    monkeypatch.setenv("TRAINING_WORK", str(tmp_path / "scratch"))
    assert read_worker_config(TrainingSettings(), database).work == tmp_path / "scratch"


def test_a_worker_reports_to_the_trackers_that_are_enabled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database: Database) -> None:
    monkeypatch.setenv("TANDEM_DATA", str(tmp_path))
    monkeypatch.setenv("TANDEM_INTEGRATIONS", "mlflow, wandb")
    tracking = read_worker_config(TrainingSettings(), database).tracking
    assert (set(tracking.enabled), tracking.kept) == ({"wandb", "mlflow"}, tmp_path / "training")


def test_a_worker_whose_tracker_is_not_set_up_ends_with_the_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TANDEM_INTEGRATIONS", "mlflow")
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    with pytest.raises(SystemExit, match="Set MLFLOW_TRACKING_URI, or leave 'mlflow' out of TANDEM_INTEGRATIONS"):
        worker.main()


def test_a_worker_connects_to_nothing_when_it_is_created(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TANDEM_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("TANDEM_BROKER_URL", "redis://127.0.0.1:1/0")
    assert create_worker(TrainingSettings()).queue == "training"


@pytest.mark.parametrize(
    ("sharing", "has_gpu", "expected"),
    [("off", True, None), ("wait", False, None), ("wait", True, (None,)), ("sleep", True, ("http://gpu-1:8002/",))],
)
def test_a_gpu_is_shared_as_the_setting_says(
    monkeypatch: pytest.MonkeyPatch, sharing: str, has_gpu: bool, expected: tuple[str | None] | None
) -> None:
    monkeypatch.setenv("TRAINING_GPU_SHARING", sharing)
    monkeypatch.setenv("TRAINING_ENGINE_URL", "http://gpu-1:8002/")
    monkeypatch.setattr(worker, "has_gpu", lambda: has_gpu)
    found = find_sharing(TrainingSettings())
    assert (found and (found.engine_url,)) == expected


@pytest.mark.parametrize(
    ("has_gpu", "processes", "parallelism", "expected"),
    [
        (True, None, "ddp", Parallelism(3)),
        (True, 2, "fsdp", Parallelism(2, sharded=True)),
        (True, 4, "ddp", Parallelism(3)),
        (False, None, "ddp", Parallelism(1)),
        (False, 2, "ddp", Parallelism(2)),
    ],
)
def test_a_worker_trains_with_a_process_for_each_gpu_unless_the_setting_limits_them(
    monkeypatch: pytest.MonkeyPatch, has_gpu: bool, processes: int | None, parallelism: str, expected: Parallelism
) -> None:
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "0,2,3")
    monkeypatch.setattr(worker, "has_gpu", lambda: has_gpu)
    settings = TrainingSettings.model_validate({"processes": processes, "parallelism": parallelism})
    assert find_parallelism(settings) == expected


def test_a_worker_looks_at_the_memory_of_as_many_gpus_as_a_job_uses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRAINING_GPU_SHARING", "wait")
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "0,2,3")
    monkeypatch.setattr(worker, "has_gpu", lambda: True)
    monkeypatch.setattr(worker, "find_trainable", lambda processes: Trainable("H200", is_gpu=True, bf16=True, free_bytes=100 * processes))
    monkeypatch.setattr(worker, "find_total_gpu_memory", lambda processes: 1000 * processes)
    sharing = find_sharing(TrainingSettings())
    assert sharing
    assert [(sharing.find_free(gpus), sharing.find_total(gpus)) for gpus in (1, 2)] == [(100, 1000), (200, 2000)]


def test_a_worker_with_fewer_gpus_than_processes_does_not_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRAINING_PROCESSES", "4")
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "0,2")
    monkeypatch.setattr(worker, "has_gpu", lambda: True)
    with pytest.raises(SystemExit, match="TRAINING_PROCESSES is 4, but the worker has 2 GPUs"):
        worker.main()


def test_workers_of_one_host_share_its_device_unless_they_have_names_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "has_gpu", lambda: False)
    monkeypatch.setattr(worker, "identify_device", lambda: "cpu")
    device = find_device(TrainingSettings(max_jobs_per_device=2))
    assert (device.type, device.name, device.max_jobs) == ("cpu", f"{socket.gethostname()}/cpu", 2)
    assert find_device(TrainingSettings(device="left half")).name == "left half"


def test_a_job_is_trained_with_its_own_base_model_and_chat_template(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database: Database
) -> None:
    monkeypatch.setenv("TANDEM_DATA", str(tmp_path))
    monkeypatch.setenv("TANDEM_BASE_MODELS", '{"huge": "Org/Huge"}')
    monkeypatch.setenv("TANDEM_CHAT_TEMPLATES", '{"huge": "/models/huge.jinja"}')
    trained = []

    def train(job: Job, _: JobContext, config: WorkerConfig, __: object) -> dict[str, Any]:
        trained.append((config.base_name, config.base, config.chat_template))
        return {"metrics": {}}

    monkeypatch.setattr(worker, "finetune", train)
    huge, first = ("huge", "Org/Huge", Path("/models/huge.jinja")), read_worker_config(TrainingSettings(), database)
    own = create_worker(TrainingSettings())
    for model in ("huge", "ft:huge:default::abcdefgh1234", BASE, "not here"):
        with database.session() as session:
            job_id = submit(session, FINE_TUNING, "default", make_spec(model=model).model_dump()).id
        own.work(job_id)
    default = (first.base_name, first.base, None)
    assert trained == [huge, huge, default, default]


def test_a_worker_takes_only_jobs_whose_base_model_it_has(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database: Database) -> None:
    monkeypatch.setenv("TANDEM_DATA", str(tmp_path))
    bases = {"huge": str(tmp_path), "elsewhere": "/models/Elsewhere"}
    monkeypatch.setenv("TANDEM_BASE_MODELS", json.dumps(bases))
    monkeypatch.setattr(worker, "finetune", lambda *_: {"metrics": {}})
    open_authenticator(database, {}, None)
    with database.session() as session:
        jobs = {
            base: submit(session, FINE_TUNING, "default", make_spec().model_dump(), base=base).id for base in (BASE, *bases, "other", None)
        }
    own = create_worker(TrainingSettings())
    while own.work_on_next():
        pass
    with database.session() as session:
        statuses = {base: session.get_one(Job, job_id).status for base, job_id in jobs.items()}
    assert statuses == {BASE: "succeeded", "huge": "succeeded", "elsewhere": "queued", "other": "queued", None: "succeeded"}


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


@pytest.mark.parametrize("method", [{"type": "dpo"}, {"supervised": {"lora": {"load_in_4bit": True}}}], ids=str)
def test_the_speed_of_another_kind_of_training_is_not_that_of_an_estimate(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database: Database, method: dict[str, Any]
) -> None:
    monkeypatch.setenv("TANDEM_DATA", str(tmp_path))
    monkeypatch.setattr(worker, "finetune", lambda *_: {"metrics": {"tokens_per_second": 7.5}})
    with database.session() as session:
        job_id = submit(session, FINE_TUNING, "default", make_spec(method=method).model_dump()).id
    create_worker(TrainingSettings()).work(job_id)
    with database.session() as session:
        (device,) = list_devices(session, BASE)
        assert find_speed(session, device) is None


def test_a_worker_measures_its_speed_for_an_estimate_beside_no_job(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database: Database
) -> None:
    monkeypatch.setenv("TANDEM_DATA", str(tmp_path))
    monkeypatch.setattr(worker, "find_trainable", find_trainable := lambda *_, **__: Trainable("EPYC", False, True, 2**40))
    monkeypatch.setattr(calibrate, "find_trainable", find_trainable)
    device = Device(socket.gethostname(), "EPYC", BASE, is_gpu=False, bf16=True, free_bytes=2**40)
    with database.session() as session:
        announce(session, device)
        request_calibration(session, device)
        job_id = submit(session, FINE_TUNING, "default", make_spec().model_dump()).id
    calibrators: list[calibrate.Calibrator] = []

    class Known(calibrate.Calibrator):
        def __init__(self, *args: Any) -> None:
            super().__init__(*args)
            calibrators.append(self)

    def train(*_: object) -> dict[str, Any]:
        (calibrator,) = calibrators
        calibrator.calibrate_if_requested(threading.Event())
        return {"metrics": {}}

    measured: list[str] = []

    def measure_speed(base: str, *_: object) -> float:
        measured.append(base)
        return 5.0

    monkeypatch.setattr(calibrate, "measure_speed", measure_speed)
    monkeypatch.setattr(worker, "Calibrator", Known)
    monkeypatch.setattr(worker, "finetune", train)
    settings = TrainingSettings()
    create_worker(settings).work(job_id)
    assert measured == []
    with database.session() as session:
        assert session.get_one(Job, job_id).status == "succeeded"
    calibrators[0].calibrate_if_requested(threading.Event())
    assert measured == [settings.common.base_path]


def test_requests_for_its_speed_are_looked_for_while_the_worker_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TANDEM_DATA", str(tmp_path))
    backgrounds: list[Callable[[threading.Event], object]] = []
    cleaned: list[bool] = []
    looked, stopping = threading.Event(), threading.Event()
    monkeypatch.setattr(worker, "Worker", lambda *args: backgrounds.append(args[4]))
    monkeypatch.setattr(calibrate.Calibrator, "run", lambda _, event: looked.set() if event is stopping else None)
    monkeypatch.setattr(DeviceAnnouncer, "run", lambda _, __: None)
    monkeypatch.setattr(worker, "delete_abandoned_scratch", lambda: cleaned.append(True))
    create_worker(TrainingSettings())
    backgrounds[0](stopping)
    assert looked.wait(60)
    assert cleaned == [True]
    stopping.set()
