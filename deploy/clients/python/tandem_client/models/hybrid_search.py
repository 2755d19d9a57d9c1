from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

T = TypeVar("T", bound="HybridSearch")


@_attrs_define
class HybridSearch:
    """The weights of reciprocal rank fusion, as in OpenAI's `file_search`. At least one must be greater than 0.

    Attributes:
        embedding_weight (float):
        text_weight (float):
    """

    embedding_weight: float
    text_weight: float

    def to_dict(self) -> dict[str, Any]:
        embedding_weight = self.embedding_weight

        text_weight = self.text_weight

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "embedding_weight": embedding_weight,
                "text_weight": text_weight,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        embedding_weight = d.pop("embedding_weight")

        text_weight = d.pop("text_weight")

        hybrid_search = cls(
            embedding_weight=embedding_weight,
            text_weight=text_weight,
        )

        return hybrid_search
