"""A worker's device is announced while the worker runs, with the speed of its last training."""

import threading
from pathlib import Path

import pytest

from services.training.planning.hardware import Trainable
from services.training.planning.parallelism import Parallelism
from services.training.supervision import announce
from services.training.supervision.announce import DeviceAnnouncer
from shared.records.database import Database
from shared.records.training_devices import Device, find_speed, list_devices


class OneRound(threading.Event):
    """A worker that stops as soon as something waits."""

    def wait(self, timeout: float | None = None) -> bool:
        self.set()
        return True


@pytest.fixture
def free(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """What is free on the device, in bytes; a test may change it. Without an entry, it cannot be measured."""
    values = [8_000]

    def find_trainable(processes: int, *, sharded: bool) -> Trainable:
        if not values:
            raise OSError("nvidia-smi failed")
        name = "EPYC, 2 cores" if processes == 1 else f"{processes} GPUs, {sharded}"
        return Trainable(name, is_gpu=False, bf16=True, free_bytes=values[0])

    monkeypatch.setattr(announce, "find_trainable", find_trainable)
    monkeypatch.setattr(announce, "find_total_memory", lambda processes, sharded: 9_000 * processes)
    return values


def list_announced(database: Database) -> list[Device]:
    with database.session() as session:
        return list_devices(session, "tiny")


def test_a_worker_announces_its_device_until_it_stops(database: Database, free: list[int]) -> None:
    DeviceAnnouncer(database, ["tiny"]).run(OneRound())
    (device,) = list_announced(database)
    assert (device.name, device.free_bytes, device.bf16, device.is_gpu) == ("EPYC, 2 cores", free[0], True, False)


def test_gpus_that_train_a_job_together_are_one_device(database: Database, free: list[int]) -> None:
    DeviceAnnouncer(database, ["tiny"], Parallelism(2, sharded=True)).run(OneRound())
    (device,) = list_announced(database)
    assert (device.name, device.free_bytes, device.total_bytes) == ("2 GPUs, True", free[0], 18_000)


def test_after_a_training_its_speed_is_known_and_memory_is_measured_again(database: Database, free: list[int]) -> None:
    announcer = DeviceAnnouncer(database, ["tiny"])
    announcer.run(OneRound())
    free[0] = 5_000
    announcer.finish_training("tiny", {"tokens_per_second": 321.5})
    (device,) = list_announced(database)
    assert device.free_bytes == 5_000
    with database.session() as session:
        speed = find_speed(session, device)
    assert speed
    assert speed.tokens_per_second == 321.5


def test_a_short_training_counts_only_if_nothing_else_was_measured(database: Database, free: list[int]) -> None:
    announcer = DeviceAnnouncer(database, ["tiny"])
    announcer.run(OneRound())
    for seconds, speed, expected in ((5, 10.0, 10.0), (600, 300.0, 300.0), (5, 20.0, 300.0), (60, 310.0, 310.0)):
        announcer.finish_training("tiny", {"tokens_per_second": speed, "seconds": seconds})
        with database.session() as session:
            found = find_speed(session, list_devices(session, "tiny")[0])
        assert found
        assert found.tokens_per_second == expected


def test_the_speed_of_a_job_that_another_kind_of_device_has_trained_is_not_recorded(database: Database, free: list[int]) -> None:
    announcer = DeviceAnnouncer(database, ["tiny"])
    announcer.finish_training("tiny", {"tokens_per_second": 9000.5, "device": "NVIDIA H200"})
    (device,) = list_announced(database)
    assert device.free_bytes == free[0]
    with database.session() as session:
        assert find_speed(session, device) is None
    announcer.finish_training("tiny", {"tokens_per_second": 321.5, "device": "cpu"})
    with database.session() as session:
        speed = find_speed(session, device)
    assert speed
    assert speed.tokens_per_second == 321.5


def test_a_device_that_cannot_be_measured_is_not_announced_and_stops_nothing(database: Database, free: list[int]) -> None:
    free.clear()
    announcer = DeviceAnnouncer(database, ["tiny"])
    announcer.run(OneRound())
    announcer.finish_training("tiny", {"tokens_per_second": 321.5})
    assert list_announced(database) == []


def test_without_a_database_nothing_is_announced_and_nothing_fails(tmp_path: Path, free: list[int]) -> None:
    empty = Database(f"sqlite:///{tmp_path / 'empty.db'}")
    announcer = DeviceAnnouncer(empty, ["tiny"])
    announcer.run(OneRound())
    announcer.finish_training("tiny", {"tokens_per_second": 1.0})
    empty.close()
    assert free


def test_the_speed_is_that_of_the_base_model_that_was_trained(database: Database, free: list[int]) -> None:
    DeviceAnnouncer(database, ["tiny", "huge"]).finish_training("huge", {"tokens_per_second": 4.5})
    with database.session() as session:
        devices = {base: list_devices(session, base) for base in ("tiny", "huge", "other")}
        assert {base: len(found) for base, found in devices.items()} == {"tiny": 1, "huge": 1, "other": 0}
        speeds = {base: find_speed(session, device) for base in ("tiny", "huge") for device in devices[base]}
    assert speeds["tiny"] is None
    assert speeds["huge"]
    assert (speeds["huge"].tokens_per_second, free) == (4.5, [8_000])
