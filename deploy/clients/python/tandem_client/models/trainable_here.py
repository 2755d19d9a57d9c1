from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="TrainableHere")


@_attrs_define
class TrainableHere:
    """Which methods a job can use here. `qlora` is true if a running training worker has a GPU and the base model can be
    in 4 bits.

        Attributes:
            full (bool):  Default: False.
            lora (bool):  Default: True.
            qlora (bool):  Default: False.
    """

    full: bool = False
    lora: bool = True
    qlora: bool = False
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

        trainable_here = cls(
            full=full,
            lora=lora,
            qlora=qlora,
        )

        trainable_here.additional_properties = d
        return trainable_here

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
