from __future__ import annotations

from collections.abc import Mapping
from typing import (
    TYPE_CHECKING,
    Any,
    Literal,
    TypeVar,
    cast,
)

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.length_bucket import LengthBucket


T = TypeVar("T", bound="ExampleLengths")


@_attrs_define
class ExampleLengths:
    """The lengths of the examples in characters, of all messages together. The buckets double.

    Attributes:
        unit (Literal['characters']):  Default: 'characters'.
        shortest (int):
        mean (float):
        longest (int):
        longest_line (int):
        histogram (list[LengthBucket]):
    """

    shortest: int
    mean: float
    longest: int
    longest_line: int
    histogram: list[LengthBucket]
    unit: Literal["characters"] = "characters"
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        unit = self.unit

        shortest = self.shortest

        mean = self.mean

        longest = self.longest

        longest_line = self.longest_line

        histogram = []
        for histogram_item_data in self.histogram:
            histogram_item = histogram_item_data.to_dict()
            histogram.append(histogram_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "unit": unit,
                "shortest": shortest,
                "mean": mean,
                "longest": longest,
                "longest_line": longest_line,
                "histogram": histogram,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.length_bucket import LengthBucket  # noqa: PLC0415

        d = dict(src_dict)
        unit = cast(Literal["characters"], d.pop("unit"))
        if unit != "characters":
            raise ValueError(f"unit must match const 'characters', got '{unit}'")

        shortest = d.pop("shortest")

        mean = d.pop("mean")

        longest = d.pop("longest")

        longest_line = d.pop("longest_line")

        histogram = []
        _histogram = d.pop("histogram")
        for histogram_item_data in _histogram:
            histogram_item = LengthBucket.from_dict(histogram_item_data)

            histogram.append(histogram_item)

        example_lengths = cls(
            unit=unit,
            shortest=shortest,
            mean=mean,
            longest=longest,
            longest_line=longest_line,
            histogram=histogram,
        )

        example_lengths.additional_properties = d
        return example_lengths

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
