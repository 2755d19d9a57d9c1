from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="Failures")


@_attrs_define
class Failures:
    """How many answers failed: by the arm's own fault, so they get the lowest score, or by a fault of the infrastructure
    or a judge.

        Attributes:
            own (int):  Default: 0.
            infrastructure (int):  Default: 0.
    """

    own: int = 0
    infrastructure: int = 0
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        own = self.own

        infrastructure = self.infrastructure

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "own": own,
                "infrastructure": infrastructure,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        own = d.pop("own")

        infrastructure = d.pop("infrastructure")

        failures = cls(
            own=own,
            infrastructure=infrastructure,
        )

        failures.additional_properties = d
        return failures

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
