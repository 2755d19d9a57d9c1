from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="PassRate")


@_attrs_define
class PassRate:
    """Extension: the share of graded items that passed, with its 95% interval (Wilson's). Items that errored are left out.

    Attributes:
        rate (float):
        low (float):
        high (float):
        items (int):
    """

    rate: float
    low: float
    high: float
    items: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        rate = self.rate

        low = self.low

        high = self.high

        items = self.items

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "rate": rate,
                "low": low,
                "high": high,
                "items": items,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        rate = d.pop("rate")

        low = d.pop("low")

        high = d.pop("high")

        items = d.pop("items")

        pass_rate = cls(
            rate=rate,
            low=low,
            high=high,
            items=items,
        )

        pass_rate.additional_properties = d
        return pass_rate

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
