from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="RunDifference")


@_attrs_define
class RunDifference:
    """The pass rate of the run `first` minus that of the run `second`, and its interval. `shown` is true if the interval
    excludes 0.

    The intervals hold for all pairs of runs together, at 95%. `only_first` counts the items that passed only in the
    first run,
    `only_second` those that passed only in the second.

        Attributes:
            first (str):
            second (str):
            only_first (int):
            only_second (int):
            difference (float):
            low (float):
            high (float):
            shown (bool):
    """

    first: str
    second: str
    only_first: int
    only_second: int
    difference: float
    low: float
    high: float
    shown: bool
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        first = self.first

        second = self.second

        only_first = self.only_first

        only_second = self.only_second

        difference = self.difference

        low = self.low

        high = self.high

        shown = self.shown

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "first": first,
                "second": second,
                "only_first": only_first,
                "only_second": only_second,
                "difference": difference,
                "low": low,
                "high": high,
                "shown": shown,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        first = d.pop("first")

        second = d.pop("second")

        only_first = d.pop("only_first")

        only_second = d.pop("only_second")

        difference = d.pop("difference")

        low = d.pop("low")

        high = d.pop("high")

        shown = d.pop("shown")

        run_difference = cls(
            first=first,
            second=second,
            only_first=only_first,
            only_second=only_second,
            difference=difference,
            low=low,
            high=high,
            shown=shown,
        )

        run_difference.additional_properties = d
        return run_difference

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
