from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.methods_fit_full import MethodsFitFull, check_methods_fit_full
from ..models.methods_fit_lora import MethodsFitLora, check_methods_fit_lora
from ..models.methods_fit_qlora import MethodsFitQlora, check_methods_fit_qlora

T = TypeVar("T", bound="MethodsFit")


@_attrs_define
class MethodsFit:
    """Whether a training fits into free memory: `yes`, `no`, or `slower` (in smaller parts or with activations computed
    twice).

    `qlora` needs a GPU, so it is `no` on a processor.

        Attributes:
            full (MethodsFitFull):
            lora (MethodsFitLora):
            qlora (MethodsFitQlora):
    """

    full: MethodsFitFull
    lora: MethodsFitLora
    qlora: MethodsFitQlora
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        full: str = self.full

        lora: str = self.lora

        qlora: str = self.qlora

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
        full = check_methods_fit_full(d.pop("full"))

        lora = check_methods_fit_lora(d.pop("lora"))

        qlora = check_methods_fit_qlora(d.pop("qlora"))

        methods_fit = cls(
            full=full,
            lora=lora,
            qlora=qlora,
        )

        methods_fit.additional_properties = d
        return methods_fit

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
