from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="TrainedParameters")


@_attrs_define
class TrainedParameters:
    """How many parameters a method trains. Jobs train `lora`, or `qlora` with `load_in_4bit`; `full` is for comparison.

    Attributes:
        full (int):
        lora (int):
        qlora (int):
    """

    full: int
    lora: int
    qlora: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        full = self.full

        lora = self.lora

        qlora = self.qlora

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "full": full,
                "lora": lora,
                "qlora": qlora,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        full = d.pop("full")

        lora = d.pop("lora")

        qlora = d.pop("qlora")

        trained_parameters = cls(
            full=full,
            lora=lora,
            qlora=qlora,
        )

        trained_parameters.additional_properties = d
        return trained_parameters

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
