from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..models.comparison_filter_type import (
    ComparisonFilterType,
    check_comparison_filter_type,
)

T = TypeVar("T", bound="ComparisonFilter")


@_attrs_define
class ComparisonFilter:
    """A comparison of the attribute `key` with `value`.

    `eq` and `ne` take a string, a number or a boolean; `gt`, `gte`, `lt` and `lte` take a number; `in` and `nin` take a
    list. 1 equals 1.0,
    but neither "1" nor true. A file without the attribute, or with a value of another type, matches only `ne` and
    `nin`.

        Attributes:
            type_ (ComparisonFilterType):
            key (str):
            value (bool | float | list[bool | float | str] | str):
    """

    type_: ComparisonFilterType
    key: str
    value: bool | float | list[bool | float | str] | str

    def to_dict(self) -> dict[str, Any]:
        type_: str = self.type_

        key = self.key

        value: bool | float | list[bool | float | str] | str
        if isinstance(self.value, list):
            value = []
            for value_type_3_item_data in self.value:
                value_type_3_item: bool | float | str
                value_type_3_item = value_type_3_item_data
                value.append(value_type_3_item)

        else:
            value = self.value

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "type": type_,
                "key": key,
                "value": value,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        type_ = check_comparison_filter_type(d.pop("type"))

        key = d.pop("key")

        def _parse_value(data: object) -> bool | float | list[bool | float | str] | str:
            try:
                if not isinstance(data, list):
                    raise TypeError()
                value_type_3 = []
                _value_type_3 = data
                for value_type_3_item_data in _value_type_3:

                    def _parse_value_type_3_item(data: object) -> bool | float | str:
                        return cast(bool | float | str, data)

                    value_type_3_item = _parse_value_type_3_item(value_type_3_item_data)

                    value_type_3.append(value_type_3_item)

                return value_type_3
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(bool | float | list[bool | float | str] | str, data)

        value = _parse_value(d.pop("value"))

        comparison_filter = cls(
            type_=type_,
            key=key,
            value=value,
        )

        return comparison_filter
