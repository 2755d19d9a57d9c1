from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.ready_status import ReadyStatus, check_ready_status
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.ready_engines_type_0 import ReadyEnginesType0
    from ..models.ready_missing import ReadyMissing


T = TypeVar("T", bound="Ready")


@_attrs_define
class Ready:
    """Whether the service can do its work. `missing` maps what the service needs and cannot reach to the reason.

    Only the front door has `engines`: for each base model, the URLs of its engines with `up`, or why the engine is
    skipped.

        Attributes:
            status (ReadyStatus):
            missing (ReadyMissing | Unset):
            engines (None | ReadyEnginesType0 | Unset):
    """

    status: ReadyStatus
    missing: ReadyMissing | Unset = UNSET
    engines: None | ReadyEnginesType0 | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.ready_engines_type_0 import ReadyEnginesType0  # noqa: PLC0415

        status: str = self.status

        missing: dict[str, Any] | Unset = UNSET
        if not isinstance(self.missing, Unset):
            missing = self.missing.to_dict()

        engines: dict[str, Any] | None | Unset
        if isinstance(self.engines, Unset):
            engines = UNSET
        elif isinstance(self.engines, ReadyEnginesType0):
            engines = self.engines.to_dict()
        else:
            engines = self.engines

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "status": status,
            }
        )
        if missing is not UNSET:
            field_dict["missing"] = missing
        if engines is not UNSET:
            field_dict["engines"] = engines

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.ready_engines_type_0 import ReadyEnginesType0  # noqa: PLC0415
        from ..models.ready_missing import ReadyMissing  # noqa: PLC0415

        d = dict(src_dict)
        status = check_ready_status(d.pop("status"))

        _missing = d.pop("missing", UNSET)
        missing: ReadyMissing | Unset
        if isinstance(_missing, Unset):
            missing = UNSET
        else:
            missing = ReadyMissing.from_dict(_missing)

        def _parse_engines(data: object) -> None | ReadyEnginesType0 | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                engines_type_0 = ReadyEnginesType0.from_dict(data)

                return engines_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | ReadyEnginesType0 | Unset, data)

        engines = _parse_engines(d.pop("engines", UNSET))

        ready = cls(
            status=status,
            missing=missing,
            engines=engines,
        )

        ready.additional_properties = d
        return ready

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
