"""The devices of the training workers: their memory, and how fast they trained. The workers write it, the front door reads it.

A worker announces its device again and again; one that has not been announced for a while is gone. It knows nothing of how devices are
measured.
"""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from sqlalchemy import BigInteger, ColumnElement, delete, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from shared.records.database import Record
from shared.records.leases import database_now

ANNOUNCE_SECONDS = 60.0
GONE_SECONDS = 200.0  # three announcements were missed
FORGET_SECONDS = 90 * 86_400.0
RETRY_SECONDS = 3600.0  # a calibration that failed is not repeated before

Measurement = Literal["training", "calibration"]


@dataclass(frozen=True)
class Device:
    """A processor or a GPU on a host, on which the model `base` can be trained.

    `name` is the model of the GPU, or of the processor with the number of its cores: devices with the same name are equally fast.
    `free_bytes` is the memory that a training can get there when no other runs, `total_bytes` the most that it could ever get, if it is
    known: also what engines and other programs use now.
    """

    host: str
    name: str
    base: str
    is_gpu: bool
    bf16: bool
    free_bytes: int
    total_bytes: int | None = None


@dataclass(frozen=True)
class Speed:
    """Real tokens per second of a training, when it was measured, in seconds since 1970, and in what: a whole training or a calibration."""

    tokens_per_second: float
    measured_at: float
    measured_by: Measurement = "training"


class TrainingDevice(Record):
    """A device as it was announced last, and the speed of the last training on it, if there was one.

    If there was none, an estimate requests a calibration. `calibration_problem` says why the last one failed.
    """

    __tablename__ = "training_devices"
    host: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    base: Mapped[str] = mapped_column(primary_key=True)
    is_gpu: Mapped[bool]
    bf16: Mapped[bool]
    free_bytes: Mapped[int] = mapped_column(BigInteger)
    total_bytes: Mapped[int | None] = mapped_column(BigInteger, default=None)
    seen_at: Mapped[float]
    tokens_per_second: Mapped[float | None] = mapped_column(default=None)
    measured_at: Mapped[float | None] = mapped_column(default=None)
    measured_by: Mapped[str | None] = mapped_column(default=None)
    calibration_requested_at: Mapped[float | None] = mapped_column(default=None)
    calibration_failed_at: Mapped[float | None] = mapped_column(default=None)
    calibration_problem: Mapped[str | None] = mapped_column(default=None)


def announce(session: Session, device: Device) -> None:
    """Store that the device can be used now, and forget those that could not for months."""
    session.execute(delete(TrainingDevice).where(TrainingDevice.seen_at < database_now() - FORGET_SECONDS))
    if _set(session, device, **asdict(device), seen_at=database_now()):
        return
    try:
        with session.begin_nested():
            session.add(TrainingDevice(**asdict(device), seen_at=database_now()))
    except IntegrityError:
        return  # another worker on this host has just announced it


def record_speed(session: Session, device: Device, tokens_per_second: float, measured_by: Measurement = "training") -> None:
    """Store how fast an announced device has trained. A calibration is then no longer needed."""
    speed = {"tokens_per_second": tokens_per_second, "measured_at": database_now(), "measured_by": measured_by}
    _set(session, device, **speed, calibration_requested_at=None, calibration_failed_at=None, calibration_problem=None)


def request_calibration(session: Session, device: Device) -> str | None:
    """Ask the worker of an announced device to measure its speed when it has no job; asking again changes nothing.

    If that failed within the last hour, nothing is requested, and the answer is why it failed.
    """
    failed_at = TrainingDevice.calibration_failed_at
    may_retry = or_(failed_at.is_(None), failed_at < database_now() - RETRY_SECONDS)
    is_new = TrainingDevice.calibration_requested_at.is_(None)
    _set(session, device, may_retry, is_new, calibration_requested_at=database_now(), calibration_failed_at=None, calibration_problem=None)
    return session.scalar(select(TrainingDevice.calibration_problem).where(*_is_row_of(device)))


def find_calibration_request(session: Session, host: str, name: str, bases: Collection[str]) -> str | None:
    """Return the base model whose calibration was requested first on a host's device `name`, of these `bases`; None if there is none."""
    requested_at = TrainingDevice.calibration_requested_at
    own = (TrainingDevice.host == host, TrainingDevice.name == name, TrainingDevice.base.in_(bases), requested_at.is_not(None))
    return session.scalar(select(TrainingDevice.base).where(*own).order_by(requested_at, TrainingDevice.base).limit(1))


def record_failed_calibration(session: Session, device: Device, problem: str) -> None:
    """Store why the speed of an announced device could not be measured."""
    _set(session, device, calibration_requested_at=None, calibration_failed_at=database_now(), calibration_problem=problem)


def list_devices(session: Session, base: str) -> list[Device]:
    """Return the devices that can be used now to train a base model."""
    rows = session.scalars(select(TrainingDevice).where(TrainingDevice.base == base, _is_current()).order_by(*_KEY))
    return [Device(row.host, row.name, row.base, row.is_gpu, row.bf16, row.free_bytes, row.total_bytes) for row in rows]


def any_announced(session: Session) -> bool:
    """Return whether there is a device that can be used now, for whatever base model."""
    return session.scalar(select(TrainingDevice.host).where(_is_current()).limit(1)) is not None


def _is_current() -> ColumnElement[bool]:
    return TrainingDevice.seen_at > database_now() - GONE_SECONDS


def find_speed(session: Session, device: Device) -> Speed | None:
    """Return how fast a device with this name last trained the device's base model, on any host; None if that was not measured."""
    measured = select(TrainingDevice.tokens_per_second, TrainingDevice.measured_at, TrainingDevice.measured_by).where(
        TrainingDevice.name == device.name, TrainingDevice.base == device.base, TrainingDevice.measured_at.is_not(None)
    )
    row = session.execute(measured.order_by(TrainingDevice.measured_at.desc())).first()
    return Speed(*row) if row else None  # type: ignore[arg-type]  # all are set together


_KEY: Sequence[Any] = (TrainingDevice.host, TrainingDevice.name, TrainingDevice.base)


def _is_row_of(device: Device) -> list[ColumnElement[bool]]:
    return [column == value for column, value in zip(_KEY, (device.host, device.name, device.base), strict=True)]


def _set(session: Session, device: Device, *conditions: ColumnElement[bool], **values: Any) -> bool:
    change = update(TrainingDevice).where(*_is_row_of(device), *conditions).values(**values)
    result: Any = session.execute(change.execution_options(synchronize_session=False))
    return bool(result.rowcount)
