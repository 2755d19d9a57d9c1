from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.methods_memory_device import (
    MethodsMemoryDevice,
    check_methods_memory_device,
)
from ..models.methods_memory_dtype import MethodsMemoryDtype, check_methods_memory_dtype

if TYPE_CHECKING:
    from ..models.memory_parts import MemoryParts


T = TypeVar("T", bound="MethodsMemory")


@_attrs_define
class MethodsMemory:
    """The memory of a training on a type of device, by method, if `examples_at_a_time` go through the model at a time.

    A batch is split into as many parts as that takes. More examples at a time would need more memory, and save no time.

        Attributes:
            device (MethodsMemoryDevice):
            dtype (MethodsMemoryDtype):
            examples_at_a_time (int):
            full (MemoryParts): Bytes of memory. `peak` is the most that is needed at a time: all parts, or, if a batch is
                computed at once, all but the smaller of
                `gradients` and `activations`. The libraries' memory counts only without a GPU.
            lora (MemoryParts): Bytes of memory. `peak` is the most that is needed at a time: all parts, or, if a batch is
                computed at once, all but the smaller of
                `gradients` and `activations`. The libraries' memory counts only without a GPU.
            qlora (MemoryParts): Bytes of memory. `peak` is the most that is needed at a time: all parts, or, if a batch is
                computed at once, all but the smaller of
                `gradients` and `activations`. The libraries' memory counts only without a GPU.
    """

    device: MethodsMemoryDevice
    dtype: MethodsMemoryDtype
    examples_at_a_time: int
    full: MemoryParts
    lora: MemoryParts
    qlora: MemoryParts
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        device: str = self.device

        dtype: str = self.dtype

        examples_at_a_time = self.examples_at_a_time

        full = self.full.to_dict()

        lora = self.lora.to_dict()

        qlora = self.qlora.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "device": device,
                "dtype": dtype,
                "examples_at_a_time": examples_at_a_time,
                "full": full,
                "lora": lora,
                "qlora": qlora,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.memory_parts import MemoryParts  # noqa: PLC0415

        d = dict(src_dict)
        device = check_methods_memory_device(d.pop("device"))

        dtype = check_methods_memory_dtype(d.pop("dtype"))

        examples_at_a_time = d.pop("examples_at_a_time")

        full = MemoryParts.from_dict(d.pop("full"))

        lora = MemoryParts.from_dict(d.pop("lora"))

        qlora = MemoryParts.from_dict(d.pop("qlora"))

        methods_memory = cls(
            device=device,
            dtype=dtype,
            examples_at_a_time=examples_at_a_time,
            full=full,
            lora=lora,
            qlora=qlora,
        )

        methods_memory.additional_properties = d
        return methods_memory

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
