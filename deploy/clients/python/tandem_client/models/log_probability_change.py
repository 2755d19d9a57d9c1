from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="LogProbabilityChange")


@_attrs_define
class LogProbabilityChange:
    """How much an adapter changes the log-probabilities of tokens that it was trained on, and how much rounding does.

    `difference` is the mean distance between the adapter and the model that the training started from (the job's
    `model`), in nats per
    token. `noise` is the one between the base model and an adapter that changes nothing (its matrix B is zero), which
    computes the prompt
    first and then the answer.

        Attributes:
            difference (float):
            noise (float):
    """

    difference: float
    noise: float
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        difference = self.difference

        noise = self.noise

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "difference": difference,
                "noise": noise,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        difference = d.pop("difference")

        noise = d.pop("noise")

        log_probability_change = cls(
            difference=difference,
            noise=noise,
        )

        log_probability_change.additional_properties = d
        return log_probability_change

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
