"""The devices of the training workers, and how fast they trained."""

from dataclasses import replace

import pytest
from sqlalchemy import select, update

from shared.records.database import Database
from shared.records.training_devices import (
    FORGET_SECONDS,
    GONE_SECONDS,
    RETRY_SECONDS,
    Device,
    Measurement,
    TrainingDevice,
    announce,
    find_calibration_request,
    find_speed,
    list_devices,
    record_failed_calibration,
    record_speed,
    request_calibration,
)

CPU = Device(host="alpha", name="EPYC, 2 cores", base="tiny", is_gpu=False, bf16=True, free_bytes=12_000_000_000)


def age(database: Database, seconds: float) -> None:
    with database.session() as session:
        session.execute(update(TrainingDevice).values(seen_at=TrainingDevice.seen_at - seconds))


def announced(database: Database, *devices: Device) -> list[Device]:
    with database.session() as session:
        for device in devices:
            announce(session, device)
    with database.session() as session:
        return list_devices(session, "tiny")


def test_a_device_that_is_announced_again_is_listed_once_with_what_is_free_now(database: Database) -> None:
    fuller = replace(CPU, free_bytes=3_000_000_000)
    assert announced(database, CPU) == [CPU]
    assert announced(database, fuller) == [fuller]


def test_devices_for_other_bases_are_not_listed(database: Database) -> None:
    assert announced(database, replace(CPU, base="other"), CPU) == [CPU]


def test_a_device_that_is_no_longer_announced_is_gone_but_its_speed_is_kept(database: Database) -> None:
    announced(database, CPU)
    with database.session() as session:
        record_speed(session, CPU, 250.0)
    age(database, GONE_SECONDS + 1)
    assert announced(database) == []
    beta = replace(CPU, host="beta")
    assert announced(database, beta) == [beta]
    with database.session() as session:
        speed = find_speed(session, beta)
    assert speed
    assert speed.tokens_per_second == 250.0


def test_a_device_is_forgotten_after_months(database: Database) -> None:
    announced(database, CPU)
    age(database, FORGET_SECONDS + 1)
    announced(database, replace(CPU, host="beta"))
    with database.session() as session:
        assert list(session.scalars(select(TrainingDevice.host))) == ["beta"]


@pytest.mark.parametrize("other", [{"name": "EPYC, 64 cores"}, {"base": "other"}])
def test_the_speed_of_another_device_or_base_says_nothing(database: Database, other: dict[str, str]) -> None:
    announced(database, CPU)
    with database.session() as session:
        record_speed(session, CPU, 250.0)
        assert find_speed(session, replace(CPU, **other)) is None  # type: ignore[arg-type]  # only texts are replaced


def test_the_last_speed_counts(database: Database) -> None:
    beta = replace(CPU, host="beta")
    announced(database, CPU, beta)
    with database.session() as session:
        record_speed(session, CPU, 100.0)
        session.execute(update(TrainingDevice).values(measured_at=TrainingDevice.measured_at - 60))
        record_speed(session, beta, 200.0)
        speed = find_speed(session, CPU)
    assert speed
    assert speed.tokens_per_second == 200.0


def find_request(database: Database, host: str = "alpha", name: str = CPU.name, base: str = "tiny") -> str | None:
    with database.session() as session:
        return find_calibration_request(session, host, name, [base])


def request(database: Database) -> str | None:
    with database.session() as session:
        return request_calibration(session, CPU)


def test_a_calibration_is_requested_once_for_one_device_and_base(database: Database) -> None:
    announced(database, CPU, replace(CPU, host="beta"), replace(CPU, base="other"))
    assert find_request(database) is None
    assert request(database) is None
    with database.session() as session:
        first = session.scalar(select(TrainingDevice.calibration_requested_at).where(TrainingDevice.calibration_requested_at.is_not(None)))
        session.execute(update(TrainingDevice).values(calibration_requested_at=TrainingDevice.calibration_requested_at - 10))
    assert request(database) is None
    with database.session() as session:
        (again,) = session.scalars(
            select(TrainingDevice.calibration_requested_at).where(TrainingDevice.calibration_requested_at.is_not(None))
        )
    assert first
    assert again == pytest.approx(first - 10)
    assert find_request(database) == "tiny"
    others = [find_request(database, host="beta"), find_request(database, name="H200"), find_request(database, base="other")]
    assert others == [None, None, None]


@pytest.mark.parametrize("measured_by", ["training", "calibration"])
def test_a_speed_ends_the_request_and_says_what_it_was_measured_by(database: Database, measured_by: Measurement) -> None:
    announced(database, CPU)
    request(database)
    with database.session() as session:
        record_speed(session, CPU, 250.0, measured_by)
        speed = find_speed(session, CPU)
    assert find_request(database) is None
    assert speed
    assert (speed.tokens_per_second, speed.measured_by) == (250.0, measured_by)


def test_a_training_replaces_a_calibration(database: Database) -> None:
    announced(database, CPU)
    with database.session() as session:
        record_speed(session, CPU, 250.0, "calibration")
        record_speed(session, CPU, 300.0)
        speed = find_speed(session, CPU)
    assert speed
    assert (speed.tokens_per_second, speed.measured_by) == (300.0, "training")


def test_a_calibration_that_failed_is_requested_again_only_after_an_hour(database: Database) -> None:
    announced(database, CPU)
    request(database)
    with database.session() as session:
        record_failed_calibration(session, CPU, "The disk is full.")
    assert find_request(database) is None
    assert request(database) == "The disk is full."
    assert find_request(database) is None
    with database.session() as session:
        failed_at = TrainingDevice.calibration_failed_at
        session.execute(update(TrainingDevice).values(calibration_failed_at=failed_at - RETRY_SECONDS - 1))
    assert request(database) is None
    assert find_request(database) == "tiny"
