"""Announces this worker's device to the front door, which estimates what trainings will take there."""

import socket
import threading
from collections.abc import Collection, Mapping
from dataclasses import asdict, replace
from typing import Any

from services.training.planning.hardware import Trainable, find_total_memory, find_trainable
from services.training.planning.parallelism import ALONE, Parallelism
from shared.errors import TandemError
from shared.log import get_logger
from shared.records.database import Database
from shared.records.training_devices import ANNOUNCE_SECONDS, Device, announce, find_speed, record_speed

NO_SPEEDS: Mapping[str, float] = {}
SHORT_SECONDS = 30.0

log = get_logger(__name__)


class DeviceAnnouncer:
    """The device of a worker that trains the models `bases`. Its memory is measured at the start and after each training.

    If several GPUs train a job together, they are one device. Nothing here keeps a worker from its work: what fails is logged, and tried
    again later.
    """

    def __init__(self, database: Database, bases: Collection[str], parallelism: Parallelism = ALONE) -> None:
        self._database = database
        self._parallelism = parallelism
        self._bases = bases
        self._device: Trainable | None = None

    def run(self, stopping: threading.Event) -> None:
        """Announce the device again and again, until the worker stops."""
        self._device = self._measure()
        while not stopping.is_set():
            self._announce()
            stopping.wait(ANNOUNCE_SECONDS)

    def finish_training(self, base: str, metrics: Mapping[str, Any]) -> None:
        """Record how fast the device was, from the metrics of a training of `base` that has just ended, unless it ran on another kind.

        A worker that takes over a job whose adapter is published gets the metrics of the worker that trained it. A short training says
        little about long ones, so it counts only if nothing else was measured.
        """
        self._device = self._measure() or self._device
        speed = None if self._is_elsewhere(metrics.get("device")) else metrics.get("tokens_per_second")
        self._announce({base: speed} if speed else {}, is_short=metrics.get("seconds", SHORT_SECONDS) < SHORT_SECONDS)

    def _is_elsewhere(self, name: str | None) -> bool:
        """Return whether a training on the device `name`, which is `cpu` for any processor, ran on another kind of device."""
        return name is not None and self._device is not None and self._device.is_gpu != (name != "cpu")

    def _measure(self) -> Trainable | None:
        processes, sharded = self._parallelism.processes, self._parallelism.sharded
        try:
            return replace(find_trainable(processes, sharded=sharded), total_bytes=find_total_memory(processes, sharded=sharded))
        except (OSError, ValueError) as error:
            log.warning("the device could not be measured", problem=str(error))
            return None

    def _announce(self, speeds: Mapping[str, float] = NO_SPEEDS, *, is_short: bool = False) -> None:
        """Announce the device for each base model; `speeds` has the tokens per second of those that were just trained."""
        if self._device is None:
            return
        try:
            with self._database.session() as session:
                for base in self._bases:
                    device = Device(host=socket.gethostname(), base=base, **asdict(self._device))
                    announce(session, device)
                    if base in speeds and not (is_short and find_speed(session, device)):
                        record_speed(session, device, speeds[base])
        except TandemError as error:
            log.warning("the device could not be announced", problem=error.message)
