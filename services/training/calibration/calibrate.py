"""Measures the speed of the worker's device when an estimate has asked for it, and the worker has nothing else to do."""

import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from services.training.calibration.context import CalibrationContext
from services.training.calibration.measure import STEPS, measure_speed
from services.training.planning.hardware import Trainable, find_trainable
from services.training.supervision.run_trainer import Launch
from shared.errors import TandemError
from shared.log import get_logger
from shared.records.database import Database
from shared.records.jobs import FINE_TUNING, Job
from shared.records.training_devices import Device, find_calibration_request, record_failed_calibration, record_speed
from shared.workers.job_context import JobInterrupted

POLL_SECONDS = 5.0
MAX_SECONDS = 120.0
TOO_SLOW = f"{STEPS} steps took longer than {MAX_SECONDS / 60:g} minutes."
UNKNOWN = "The worker's log says why."

log = get_logger(__name__)


class Calibrator:
    """Calibrates the worker's device for its base models, given by name as `base` of `measure_speed`. It never runs beside a job."""

    def __init__(self, database: Database, bases: Mapping[str, str], launch: Launch) -> None:
        self._database = database
        self._bases = bases
        self._launch = launch
        self._arrived = threading.Event()  # a job, which waits for its turn
        self._turn = threading.Lock()
        self._trainable: Trainable | None = None

    def run(self, stopping: threading.Event) -> None:
        """Look for requests again and again, until the worker stops. What fails is logged, and tried again later."""
        while not stopping.wait(POLL_SECONDS):
            try:
                self.calibrate_if_requested(stopping)
            except (TandemError, OSError, ValueError) as error:
                log.warning("could not look for calibrations", problem=str(error))

    @contextmanager
    def give_way(self) -> Iterator[None]:
        """Hold the device for a job. A calibration is ended at once, and its request is kept for later."""
        self._arrived.set()
        with self._turn:
            try:
                yield
            finally:
                self._arrived.clear()

    def calibrate_if_requested(self, stopping: threading.Event) -> None:
        """Measure and store one speed if an estimate has asked for it, and neither runs a job here nor does one wait.

        Raises:
            TandemError, OSError, ValueError: if the database or the device cannot be asked.
        """
        device = self._find_request()
        if device is None or not self._turn.acquire(blocking=False):
            return
        try:
            self._calibrate(device, stopping)
        finally:
            self._turn.release()

    def _find_request(self) -> Device | None:
        parallelism, host = self._launch.parallelism, socket.gethostname()
        own = self._trainable = self._trainable or find_trainable(parallelism.processes, sharded=parallelism.sharded)
        with self._database.session() as session:
            base = find_calibration_request(session, host, own.name, self._bases)
            if base is None or self._any_job_waits(session, own):
                return None
        return Device(host=host, base=base, **asdict(own))

    def _any_job_waits(self, session: Session, own: Trainable) -> bool:
        is_for_base = or_(Job.base.is_(None), Job.base.in_(self._bases))
        is_for_device = or_(Job.device.is_(None), Job.device == ("gpu" if own.is_gpu else "cpu"))
        waiting = select(Job.id).where(Job.kind == FINE_TUNING, Job.status == "queued", is_for_base, is_for_device)
        return session.scalar(waiting.limit(1)) is not None

    def _calibrate(self, device: Device, stopping: threading.Event) -> None:
        """Measure and store the speed, or why that failed. If a job arrives, or the worker stops, nothing is stored."""
        context = CalibrationContext(self._database, self._arrived, stopping, MAX_SECONDS)
        log.info("calibration started", model=device.base)
        try:
            speed = measure_speed(self._bases[device.base], self._launch, context)
        except JobInterrupted:
            if context.has_timed_out:
                self._store_problem(device, TOO_SLOW)
        except TandemError as error:
            self._store_problem(device, error.message)
        except Exception:
            log.exception("calibration failed")
            self._store_problem(device, UNKNOWN)
        else:
            log.info("calibration ended", model=device.base, tokens_per_second=speed)
            with self._database.session() as session:
                record_speed(session, device, speed, "calibration")

    def _store_problem(self, device: Device, problem: str) -> None:
        log.warning("the speed could not be measured", model=device.base, problem=problem)
        with self._database.session() as session:
            record_failed_calibration(session, device, problem)
