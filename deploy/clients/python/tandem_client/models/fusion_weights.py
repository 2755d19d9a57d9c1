from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="FusionWeights")


@_attrs_define
class FusionWeights:
    """The weight of each list relative to the other. At least one must be greater than 0.

    Attributes:
        vector (float | Unset):  Default: 1.0.
        keyword (float | Unset):  Default: 1.0.
    """

    vector: float | Unset = 1.0
    keyword: float | Unset = 1.0

    def to_dict(self) -> dict[str, Any]:
        vector = self.vector

        keyword = self.keyword

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if vector is not UNSET:
            field_dict["vector"] = vector
        if keyword is not UNSET:
            field_dict["keyword"] = keyword

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        vector = d.pop("vector", UNSET)

        keyword = d.pop("keyword", UNSET)

        fusion_weights = cls(
            vector=vector,
            keyword=keyword,
        )

        return fusion_weights
