"""The devices of the training workers: their memory, and how fast they trained. The workers write it, the front door reads it.

A worker announces its device again and again; one that has not been announced for a while is gone. It knows nothing of how devices are
measured.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from shared.records.database import Record
from shared.records.leases import database_now

ANNOUNCE_SECONDS = 60.0
GONE_SECONDS = 200.0  # three announcements were missed
FORGET_SECONDS = 90 * 86_400.0


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
    """Real tokens per second of a training, and when it was measured, in seconds since 1970."""

    tokens_per_second: float
    measured_at: float


class TrainingDevice(Record):
    """A device as it was announced last, and the speed of the last training on it, if there was one."""

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


def record_speed(session: Session, device: Device, tokens_per_second: float) -> None:
    """Store how fast an announced device has trained."""
    _set(session, device, tokens_per_second=tokens_per_second, measured_at=database_now())


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
    measured = select(TrainingDevice.tokens_per_second, TrainingDevice.measured_at).where(
        TrainingDevice.name == device.name, TrainingDevice.base == device.base, TrainingDevice.measured_at.is_not(None)
    )
    row = session.execute(measured.order_by(TrainingDevice.measured_at.desc())).first()
    return Speed(*row) if row else None  # type: ignore[arg-type]  # both are set together


_KEY: Sequence[Any] = (TrainingDevice.host, TrainingDevice.name, TrainingDevice.base)


def _set(session: Session, device: Device, **values: Any) -> bool:
    own: list[ColumnElement[bool]] = [column == value for column, value in zip(_KEY, (device.host, device.name, device.base), strict=True)]
    result: Any = session.execute(update(TrainingDevice).where(*own).values(**values).execution_options(synchronize_session=False))
    return bool(result.rowcount)
