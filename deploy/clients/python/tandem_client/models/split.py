from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="Split")


@_attrs_define
class Split:
    """The share of the examples in each part. The shares add up to 1. A document is in one part only.

    Attributes:
        train (float | Unset):  Default: 0.6.
        validation (float | Unset):  Default: 0.1.
        questions (float | Unset):  Default: 0.3.
    """

    train: float | Unset = 0.6
    validation: float | Unset = 0.1
    questions: float | Unset = 0.3

    def to_dict(self) -> dict[str, Any]:
        train = self.train

        validation = self.validation

        questions = self.questions

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if train is not UNSET:
            field_dict["train"] = train
        if validation is not UNSET:
            field_dict["validation"] = validation
        if questions is not UNSET:
            field_dict["questions"] = questions

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        train = d.pop("train", UNSET)

        validation = d.pop("validation", UNSET)

        questions = d.pop("questions", UNSET)

        split = cls(
            train=train,
            validation=validation,
            questions=questions,
        )

        return split
