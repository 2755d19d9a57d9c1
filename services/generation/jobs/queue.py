"""What a fine-tuning job asks of the queue: a priority among the jobs of its project, and workers that can run it.

Knows nothing of training. The order itself is in `shared.records.job_queue`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from services.generation.contracts.fine_tuning import DeviceType, Priority
from shared.datasets.checks.warn import Note
from shared.records.training_devices import any_announced, list_devices

PRIORITIES: dict[Priority, int] = {"low": -1, "normal": 0, "high": 1}
NAMES: dict[int, Priority] = {number: name for name, number in PRIORITIES.items()}
DEVICES: dict[str, DeviceType] = {"cpu": "cpu", "gpu": "gpu"}
WITH = {"cpu": "without a GPU", "gpu": "with a GPU"}


@dataclass(frozen=True)
class QueuePlace:
    """The job's base model, its priority, and the devices that it may run on."""

    base: str
    priority: Priority
    device: DeviceType

    def columns(self) -> dict[str, Any]:
        """Return what the queue needs to know, by the columns of `Job`."""
        return {"base": self.base, "priority": PRIORITIES[self.priority], "device": DEVICES.get(self.device)}


def name_priority(number: int) -> Priority:
    """Return a stored priority as the API shows it."""
    return NAMES[number]


def name_device(stored: str | None) -> DeviceType:
    """Return a stored type of device as the API shows it."""
    return DEVICES[stored] if stored else "auto"


def warn_about_workers(session: Session, place: QueuePlace) -> Iterator[Note]:
    """Say so if workers have announced themselves lately, but none that could run the job. The job waits for one.

    Without any worker, nothing is said unless the job asks for a device: they may all be about to start.
    """
    devices = list_devices(session, place.base)
    if not devices and any_announced(session):
        yield Note("warn", f"No running training worker has the base model '{place.base}'. The job waits until there is one.")
    elif place.device != "auto" and not any(device.is_gpu == (place.device == "gpu") for device in devices):
        yield Note("warn", f"No training worker {WITH[place.device]} is running now. The job waits until there is one.")
