"""A worker measures its speed if an estimate asks for it, only while it has no job, and tells why it could not."""

import os
import socket
import tempfile
import threading
from pathlib import Path

import pytest

from services.training.calibration import calibrate, measure
from services.training.calibration.calibrate import Calibrator
from services.training.planning.hardware import Trainable
from services.training.supervision.run_trainer import Launch
from shared.errors import TandemError
from shared.records import jobs
from shared.records.database import Database
from shared.records.training_devices import Device, Speed, announce, find_calibration_request, find_speed, request_calibration
from shared.workers.job_context import JobContext, JobInterrupted
from tests.serving import wait_until
from tests.unit.training.cases import BASE, fake_trainer, make_model_folder, make_spec

CPU = Trainable("EPYC, 2 cores", is_gpu=False, bf16=True, free_bytes=64_000_000_000)
DEVICE = Device(socket.gethostname(), CPU.name, BASE, is_gpu=False, bf16=True, free_bytes=CPU.free_bytes)
SECONDS = 60.0


@pytest.fixture(autouse=True)
def trainable(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (calibrate, measure):
        monkeypatch.setattr(module, "find_trainable", lambda *_, **__: CPU)


@pytest.fixture
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the folders of calibrations are while they run."""
    path = tmp_path / "temporary"
    path.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(path))
    return path


@pytest.fixture
def requested(database: Database) -> Database:
    """The database, in which the device is announced and its speed asked for."""
    with database.session() as session:
        announce(session, DEVICE)
        request_calibration(session, DEVICE)
    return database


def make_calibrator(database: Database, tmp_path: Path, behavior: str = "succeeds") -> Calibrator:
    return Calibrator(database, {BASE: str(make_model_folder(tmp_path / "base"))}, fake_trainer(behavior))


def is_requested(database: Database) -> bool:
    with database.session() as session:
        return find_calibration_request(session, DEVICE.host, DEVICE.name, [BASE]) is not None


def read_speed(database: Database) -> Speed | None:
    with database.session() as session:
        return find_speed(session, DEVICE)


def ask_again(database: Database) -> str | None:
    with database.session() as session:
        return request_calibration(session, DEVICE)


def never_measure(base: str, launch: Launch, context: JobContext) -> float:
    raise AssertionError("Nothing may be measured now.")


def test_a_requested_speed_is_measured_and_stored(requested: Database, tmp_path: Path, folders: Path) -> None:
    make_calibrator(requested, tmp_path).calibrate_if_requested(threading.Event())
    speed = read_speed(requested)
    assert speed
    assert speed.tokens_per_second > 0
    assert speed.measured_by == "calibration"
    assert not is_requested(requested)
    assert list(folders.iterdir()) == []


def test_without_a_request_nothing_is_measured(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calibrate, "measure_speed", never_measure)
    with database.session() as session:
        announce(session, DEVICE)
    make_calibrator(database, tmp_path).calibrate_if_requested(threading.Event())


@pytest.mark.parametrize(
    ("base", "device", "is_left"), [(None, None, True), (BASE, "cpu", True), ("other", None, False), (BASE, "gpu", False)]
)
def test_a_job_that_waits_for_this_worker_comes_first(
    requested: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, base: str | None, device: str | None, is_left: bool
) -> None:
    monkeypatch.setattr(calibrate, "measure_speed", lambda *_: 5.0)
    with requested.session() as session:
        jobs.submit(session, jobs.FINE_TUNING, "default", make_spec().model_dump(), base=base, device=device)
    make_calibrator(requested, tmp_path).calibrate_if_requested(threading.Event())
    assert is_requested(requested) == is_left


def test_while_a_job_runs_nothing_is_measured_and_the_request_is_kept(
    requested: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calibrate, "measure_speed", never_measure)
    calibrator = make_calibrator(requested, tmp_path)
    with calibrator.give_way():
        calibrator.calibrate_if_requested(threading.Event())
    assert is_requested(requested)
    monkeypatch.setattr(calibrate, "measure_speed", lambda *_: 5.0)
    calibrator.calibrate_if_requested(threading.Event())
    assert not is_requested(requested)


@pytest.mark.parametrize("reason", ["job", "stop"])
def test_a_calibration_is_killed_when_a_job_arrives_or_the_worker_stops(
    requested: Database, tmp_path: Path, folders: Path, reason: str
) -> None:
    calibrator, stopping = make_calibrator(requested, tmp_path, "hangs"), threading.Event()
    thread = threading.Thread(target=calibrator.calibrate_if_requested, args=(stopping,))
    thread.start()
    wait_until(lambda: any(path.read_text() for path in folders.glob("*/pid")), SECONDS)
    (pid,) = (int(path.read_text()) for path in folders.glob("*/pid"))
    if reason == "stop":
        stopping.set()
        thread.join(SECONDS)
    with calibrator.give_way():
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)
        assert list(folders.iterdir()) == []
    thread.join(SECONDS)
    assert not thread.is_alive()
    assert is_requested(requested)
    assert ask_again(requested) is None
    assert read_speed(requested) is None


def test_a_calibration_that_takes_too_long_is_given_up(
    requested: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folders: Path
) -> None:
    monkeypatch.setattr(calibrate, "MAX_SECONDS", 0.0)
    make_calibrator(requested, tmp_path, "hangs").calibrate_if_requested(threading.Event())
    assert ask_again(requested) == "3 steps took longer than 2 minutes."
    assert list(folders.iterdir()) == []


def test_why_a_calibration_failed_is_told(requested: Database, tmp_path: Path, folders: Path) -> None:
    make_calibrator(requested, tmp_path, "silent").calibrate_if_requested(threading.Event())
    assert ask_again(requested) == "The training process ended with exit code 3. Its last lines are in the worker's log."
    assert not is_requested(requested)
    assert list(folders.iterdir()) == []


def test_without_enough_memory_nothing_is_started(requested: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small = Trainable(CPU.name, is_gpu=False, bf16=True, free_bytes=100_000_000)
    monkeypatch.setattr(measure, "find_trainable", lambda *_, **__: small)
    make_calibrator(requested, tmp_path, "hangs").calibrate_if_requested(threading.Event())
    problem = ask_again(requested)
    assert problem
    assert problem.startswith("3 steps need ")
    assert problem.endswith(" GB of memory, and 0.1 GB is free.")


def test_a_base_model_that_is_missing_is_told(requested: Database) -> None:
    Calibrator(requested, {BASE: "/no/such/model"}, fake_trainer("succeeds")).calibrate_if_requested(threading.Event())
    problem = ask_again(requested)
    assert problem
    assert "the directory does not exist" in problem


def test_an_unexpected_error_is_logged_and_told(requested: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> float:
        raise LookupError("step")

    monkeypatch.setattr(calibrate, "measure_speed", fail)
    make_calibrator(requested, tmp_path).calibrate_if_requested(threading.Event())
    assert ask_again(requested) == "The worker's log says why."


def test_a_restart_of_the_training_process_repeats_steps_and_only_the_last_count(
    requested: Database, tmp_path: Path, folders: Path
) -> None:
    make_calibrator(requested, tmp_path, "large").calibrate_if_requested(threading.Event())
    assert read_speed(requested) is not None
    assert list(folders.iterdir()) == []


class OneRound(threading.Event):
    """A worker that stops after one look."""

    def __init__(self) -> None:
        super().__init__()
        self.waits = 0

    def wait(self, timeout: float | None = None) -> bool:
        self.waits += 1
        return self.waits > 1


def test_an_error_of_the_database_does_not_end_the_search_for_requests(tmp_path: Path) -> None:
    empty, stopping = Database(f"sqlite:///{tmp_path / 'empty.db'}"), OneRound()
    Calibrator(empty, {BASE: "base"}, Launch()).run(stopping)
    empty.close()
    assert stopping.waits == 2


def test_a_running_worker_measures_what_is_requested(requested: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calibrate, "measure_speed", lambda *_: 5.0)
    make_calibrator(requested, tmp_path).run(OneRound())
    assert read_speed(requested)


def test_errors_and_interruptions_are_no_speeds(requested: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for error in (JobInterrupted("stopping"), TandemError("No.")):

        def fail(*_: object, error: Exception = error) -> float:
            raise error

        monkeypatch.setattr(calibrate, "measure_speed", fail)
        make_calibrator(requested, tmp_path).calibrate_if_requested(threading.Event())
        assert read_speed(requested) is None
    assert ask_again(requested) == "No."
