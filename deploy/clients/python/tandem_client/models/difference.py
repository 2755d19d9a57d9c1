from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="Difference")


@_attrs_define
class Difference:
    """The mean paired difference `better - worse` in the deciding grader, with the interval that decides whether it is
    shown.

    The interval is simultaneous over all pairs of arms. `shown` is true if it lies above 0. `mid_p` and `exact_p` are
    the p-values of
    McNemar's tests of this pair alone, for information; null if the scores are not right or wrong, or in clusters.

        Attributes:
            better (str):
            worse (str):
            mean (float):
            low (float):
            high (float):
            shown (bool):
            mid_p (float | None):
            exact_p (float | None):
    """

    better: str
    worse: str
    mean: float
    low: float
    high: float
    shown: bool
    mid_p: float | None
    exact_p: float | None
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        better = self.better

        worse = self.worse

        mean = self.mean

        low = self.low

        high = self.high

        shown = self.shown

        mid_p: float | None
        mid_p = self.mid_p

        exact_p: float | None
        exact_p = self.exact_p

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "better": better,
                "worse": worse,
                "mean": mean,
                "low": low,
                "high": high,
                "shown": shown,
                "mid_p": mid_p,
                "exact_p": exact_p,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        better = d.pop("better")

        worse = d.pop("worse")

        mean = d.pop("mean")

        low = d.pop("low")

        high = d.pop("high")

        shown = d.pop("shown")

        def _parse_mid_p(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        mid_p = _parse_mid_p(d.pop("mid_p"))

        def _parse_exact_p(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        exact_p = _parse_exact_p(d.pop("exact_p"))

        difference = cls(
            better=better,
            worse=worse,
            mean=mean,
            low=low,
            high=high,
            shown=shown,
            mid_p=mid_p,
            exact_p=exact_p,
        )

        difference.additional_properties = d
        return difference

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
