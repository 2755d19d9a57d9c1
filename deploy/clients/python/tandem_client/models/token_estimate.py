from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="TokenEstimate")


@_attrs_define
class TokenEstimate:
    """The tokens of the training file, each example cut at `max_length`: in one epoch, and in all. `is_sample`: estimated
    from a sample.

    A preference pair counts as two chats with the longer answer.

        Attributes:
            examples (int):
            longest (int):
            per_epoch (int):
            total (int):
            is_sample (bool):
    """

    examples: int
    longest: int
    per_epoch: int
    total: int
    is_sample: bool
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        examples = self.examples

        longest = self.longest

        per_epoch = self.per_epoch

        total = self.total

        is_sample = self.is_sample

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "examples": examples,
                "longest": longest,
                "per_epoch": per_epoch,
                "total": total,
                "is_sample": is_sample,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        examples = d.pop("examples")

        longest = d.pop("longest")

        per_epoch = d.pop("per_epoch")

        total = d.pop("total")

        is_sample = d.pop("is_sample")

        token_estimate = cls(
            examples=examples,
            longest=longest,
            per_epoch=per_epoch,
            total=total,
            is_sample=is_sample,
        )

        token_estimate.additional_properties = d
        return token_estimate

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
