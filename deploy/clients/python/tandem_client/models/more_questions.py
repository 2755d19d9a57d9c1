from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="MoreQuestions")


@_attrs_define
class MoreQuestions:
    """How many more questions would settle the verdict with a probability of 50% and of 80%. Null: more than 5,000.

    Attributes:
        for_half (int | None):
        for_four_fifths (int | None):
    """

    for_half: int | None
    for_four_fifths: int | None
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        for_half: int | None
        for_half = self.for_half

        for_four_fifths: int | None
        for_four_fifths = self.for_four_fifths

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "for_half": for_half,
                "for_four_fifths": for_four_fifths,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)

        def _parse_for_half(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        for_half = _parse_for_half(d.pop("for_half"))

        def _parse_for_four_fifths(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        for_four_fifths = _parse_for_four_fifths(d.pop("for_four_fifths"))

        more_questions = cls(
            for_half=for_half,
            for_four_fifths=for_four_fifths,
        )

        more_questions.additional_properties = d
        return more_questions

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
