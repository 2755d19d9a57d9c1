from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.device_estimate_device import (
    DeviceEstimateDevice,
    check_device_estimate_device,
)
from ..models.device_estimate_dtype import (
    DeviceEstimateDtype,
    check_device_estimate_dtype,
)
from ..models.device_estimate_measured_by_type_0 import (
    DeviceEstimateMeasuredByType0,
    check_device_estimate_measured_by_type_0,
)

if TYPE_CHECKING:
    from ..models.methods_fit import MethodsFit


T = TypeVar("T", bound="DeviceEstimate")


@_attrs_define
class DeviceEstimate:
    """A device that a training worker has now. `free_bytes` is the memory that was free when no training ran.

    `tokens_per_second` is the speed of the last training of this base model on a device with this name, which ended at
    `measured_at`;
    before the first training, it is the speed of a few steps that the worker has computed for an estimate, and
    `measured_by` is
    `calibration`. `seconds` and `cost` follow from it, for a LoRA training. `detail` says where they come from, or why
    they are null.

        Attributes:
            name (str):
            device (DeviceEstimateDevice):
            dtype (DeviceEstimateDtype):
            free_bytes (int):
            fits (MethodsFit): Whether a training fits into free memory: `yes`, `no`, or `slower` (in smaller parts or with
                activations computed twice).

                `qlora` needs a GPU, so it is `no` on a processor.
            tokens_per_second (float | None):
            measured_at (int | None):
            measured_by (DeviceEstimateMeasuredByType0 | None):
            seconds (float | None):
            cost (float | None):
            detail (str):
    """

    name: str
    device: DeviceEstimateDevice
    dtype: DeviceEstimateDtype
    free_bytes: int
    fits: MethodsFit
    tokens_per_second: float | None
    measured_at: int | None
    measured_by: DeviceEstimateMeasuredByType0 | None
    seconds: float | None
    cost: float | None
    detail: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        name = self.name

        device: str = self.device

        dtype: str = self.dtype

        free_bytes = self.free_bytes

        fits = self.fits.to_dict()

        tokens_per_second: float | None
        tokens_per_second = self.tokens_per_second

        measured_at: int | None
        measured_at = self.measured_at

        measured_by: None | str
        if isinstance(self.measured_by, str):
            measured_by = self.measured_by
        else:
            measured_by = self.measured_by

        seconds: float | None
        seconds = self.seconds

        cost: float | None
        cost = self.cost

        detail = self.detail

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "name": name,
                "device": device,
                "dtype": dtype,
                "free_bytes": free_bytes,
                "fits": fits,
                "tokens_per_second": tokens_per_second,
                "measured_at": measured_at,
                "measured_by": measured_by,
                "seconds": seconds,
                "cost": cost,
                "detail": detail,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.methods_fit import MethodsFit  # noqa: PLC0415

        d = dict(src_dict)
        name = d.pop("name")

        device = check_device_estimate_device(d.pop("device"))

        dtype = check_device_estimate_dtype(d.pop("dtype"))

        free_bytes = d.pop("free_bytes")

        fits = MethodsFit.from_dict(d.pop("fits"))

        def _parse_tokens_per_second(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        tokens_per_second = _parse_tokens_per_second(d.pop("tokens_per_second"))

        def _parse_measured_at(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        measured_at = _parse_measured_at(d.pop("measured_at"))

        def _parse_measured_by(data: object) -> DeviceEstimateMeasuredByType0 | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                measured_by_type_0 = check_device_estimate_measured_by_type_0(data)

                return measured_by_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(DeviceEstimateMeasuredByType0 | None, data)

        measured_by = _parse_measured_by(d.pop("measured_by"))

        def _parse_seconds(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        seconds = _parse_seconds(d.pop("seconds"))

        def _parse_cost(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        cost = _parse_cost(d.pop("cost"))

        detail = d.pop("detail")

        device_estimate = cls(
            name=name,
            device=device,
            dtype=dtype,
            free_bytes=free_bytes,
            fits=fits,
            tokens_per_second=tokens_per_second,
            measured_at=measured_at,
            measured_by=measured_by,
            seconds=seconds,
            cost=cost,
            detail=detail,
        )

        device_estimate.additional_properties = d
        return device_estimate

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
