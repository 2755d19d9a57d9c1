from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="TokenPercentiles")


@_attrs_define
class TokenPercentiles:
    """The tokens that 50, 90, 95 and 99% of the examples do not exceed.

    Attributes:
        p50 (int):
        p90 (int):
        p95 (int):
        p99 (int):
    """

    p50: int
    p90: int
    p95: int
    p99: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        p50 = self.p50

        p90 = self.p90

        p95 = self.p95

        p99 = self.p99

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "p50": p50,
                "p90": p90,
                "p95": p95,
                "p99": p99,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        p50 = d.pop("p50")

        p90 = d.pop("p90")

        p95 = d.pop("p95")

        p99 = d.pop("p99")

        token_percentiles = cls(
            p50=p50,
            p90=p90,
            p95=p95,
            p99=p99,
        )

        token_percentiles.additional_properties = d
        return token_percentiles

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
