from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="MemoryParts")


@_attrs_define
class MemoryParts:
    """Bytes of memory. `peak` is the most that is needed at a time: all parts, or, if a batch is computed at once, all but
    the smaller of
    `gradients` and `activations`. The libraries' memory counts only without a GPU.

        Attributes:
            weights (int):
            gradients (int):
            optimizer (int):
            activations (int):
            libraries (int):
            peak (int):
    """

    weights: int
    gradients: int
    optimizer: int
    activations: int
    libraries: int
    peak: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        weights = self.weights

        gradients = self.gradients

        optimizer = self.optimizer

        activations = self.activations

        libraries = self.libraries

        peak = self.peak

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "weights": weights,
                "gradients": gradients,
                "optimizer": optimizer,
                "activations": activations,
                "libraries": libraries,
                "peak": peak,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        weights = d.pop("weights")

        gradients = d.pop("gradients")

        optimizer = d.pop("optimizer")

        activations = d.pop("activations")

        libraries = d.pop("libraries")

        peak = d.pop("peak")

        memory_parts = cls(
            weights=weights,
            gradients=gradients,
            optimizer=optimizer,
            activations=activations,
            libraries=libraries,
            peak=peak,
        )

        memory_parts.additional_properties = d
        return memory_parts

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
